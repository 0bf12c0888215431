"""WhatsApp's text export: its dates, times and signs for media differ by the phone's region and language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from indexers import _pulse
from indexers._chat import Message

_SPACE = "[ \u00a0\u202f]"
_NOON = rf"[AaPp]\.?{_SPACE}?[Mm]\.?|오전|오후|上午|下午|午前|午後|凌晨|早上|中午|晚上"
_DATE = (
    rf"(\d{{1,4}})(?:[./-]{_SPACE}?|[년年]{_SPACE}?)(\d{{1,2}})"
    rf"(?:[./-]{_SPACE}?|[월月]{_SPACE}?)(\d{{1,4}})[.일日]?"
)
_CLOCK = rf"(?:({_NOON}){_SPACE}?)?(\d{{1,2}})[:.](\d{{2}})(?:[:.](\d{{2}}))?(?:{_SPACE}?({_NOON}|Uhr))?"
_BEGINS = re.compile(
    rf"[\u200e\u200f\u202a-\u202e\ufeff]*\[?{_DATE},?{_SPACE}+"
    rf"(?:(?:um|klo|à|at|alle|a las|às|kl\.){_SPACE})?{_CLOCK}"
    rf"(?:\]{_SPACE}?|{_SPACE}[-–]{_SPACE}|:{_SPACE}|,{_SPACE})"
)
_NAMED = re.compile(r"[\u200e\u200f\u202a-\u202e]*([^:\n]{1,100}?)[\u202a-\u202e]*\s?:(?:\s|$)")
_MARKS = str.maketrans(dict.fromkeys("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufeff"))
_SEALED = re.compile(
    r"end-to-end|Ende-zu-Ende|extremo a extremo|bout en bout|crittografat|ponta a ponta|eind-tot-eind|"
    r"сквозн|端对端|端到端|엔드투엔드|エンドツーエンド|totalsäkra|päästä päähän",
    re.I,
)
_LEFT_OUT = re.compile(r"<[^<>\n]{3,60}>")
_FILE = re.compile(r"([^\s<>:]{3,120}\.\w{2,5}) \([^()]{3,40}\)$|<[^<>:]{3,30}: ([^<>\n]{3,120}\.\w{2,5})>$")
_PATH_NAME = re.compile(
    r"WhatsApp[ -]?Chat(?: with| mit|[ -]+)? ?(.+)|Chat WhatsApp (?:avec|con|com) (.+)", re.I
)
_OFTEN = 10_000  # messages between two signs of life
_AFTERNOON = ("p", "오후", "下午", "午後", "晚上", "中午")


@dataclass
class _Raw:
    """A message before it is known in which order its date is written."""

    date: tuple[str, str, str]
    hour: int
    minute: int
    second: int
    lines: list[str]
    upper: bool


def is_export(text: str) -> bool:
    """Whether a file that begins with ``text`` is such an export."""
    lines = [line for line in text.split("\n")[:12] if line.strip()]
    return sum(_BEGINS.match(line) is not None for line in lines) * 3 >= max(1, len(lines) - 1) and bool(
        lines and _BEGINS.match(lines[0])
    )


def name_of(stem: str) -> str:
    """The conversation's name from that of the file."""
    match = _PATH_NAME.fullmatch(stem.strip())
    return (match[1] or match[2]).strip() if match else stem.strip(" _")


def messages(text: str) -> Iterator[Message]:
    """All messages; what the program itself says has no writer. A line without a date goes on."""
    raws = list(_raw(text))
    order = _order(raws)
    for number, raw in enumerate(raws):
        if number % _OFTEN == 0:
            _pulse.beat()
        when = _when(raw, order)
        if when is None:
            continue
        said = "\n".join(raw.lines)
        named = _NAMED.match(said)
        who = _plain(named[1]) if named else ""
        words = _words(said[named.end() :]) if named else _plain(said)
        own = not who or "\u200e" in said  # what the program says itself
        if words and not (own and _SEALED.search(words)):
            yield Message(when, who, words)


def _raw(text: str) -> Iterator[_Raw]:
    current: _Raw | None = None
    for number, line in enumerate(text.split("\n")):
        if number % _OFTEN == 0:
            _pulse.beat()
        match = _BEGINS.match(line)
        if match is None:
            if current is not None and len(current.lines) < 1_000:
                current.lines.append(line)
            continue
        if current is not None:
            yield current
        first, second, third, before, hour, minute, seconds, after = match.groups()
        noon = before or after or ""
        clock = _hour(int(hour), "" if noon == "Uhr" else noon)
        upper = noon.upper() == noon and noon.isascii()
        current = _Raw(
            (first, second, third),
            clock,
            int(minute),
            int(seconds or 0),
            [line[match.end() :]],
            bool(noon) and upper,
        )
    if current is not None:
        yield current


def _hour(hour: int, noon: str) -> int:
    if not noon:
        return hour
    late = noon.lower().startswith(_AFTERNOON)
    return hour + 12 if late and hour < 12 else 0 if not late and hour == 12 else hour


def _order(raws: list[_Raw]) -> str:
    """``ymd``, ``dmy`` or ``mdy``: by numbers that can be no month, else by which lets time go forward."""
    if any(len(raw.date[0]) == 4 for raw in raws[:5]):
        return "ymd"
    if any(int(raw.date[0]) > 12 for raw in raws):
        return "dmy" if all(int(raw.date[1]) <= 12 for raw in raws) else "ymd"
    if any(int(raw.date[1]) > 12 for raw in raws):
        return "mdy"
    back = {order: _backwards(raws, order) for order in ("dmy", "mdy")}
    if back["dmy"] != back["mdy"]:
        return min(back, key=lambda order: back[order])
    return "mdy" if raws and raws[0].upper else "dmy"


def _backwards(raws: list[_Raw], order: str) -> int:
    days = [_day(raw, order) for raw in raws]
    return sum(two < one for one, two in pairwise(days))


def _day(raw: _Raw, order: str) -> tuple[int, int, int]:
    year, month, day = (int(raw.date[order.index(part)]) for part in "ymd")
    return (year + 2000 if year < 100 else year), month, day


def _when(raw: _Raw, order: str) -> datetime | None:
    try:
        return datetime(*_day(raw, order), raw.hour % 24, raw.minute % 60, raw.second % 60).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def _words(said: str) -> str:
    """Files and media that were left out in parentheses, whatever language says so."""
    mark = said.lstrip().startswith("\u200e")
    text = _plain(said)
    if match := _FILE.match(text.split("\n")[0]):
        rest = text.partition("\n")[2].strip()
        return f"(file {match[1] or match[2]})" + (f" {rest}" if rest else "")
    if _LEFT_OUT.fullmatch(text):
        return f"({text[1:-1]})"
    return f"({text})" if mark and len(text) < 60 and text else text


def _plain(text: str) -> str:
    return (text if text.isascii() else text.translate(_MARKS)).strip()
