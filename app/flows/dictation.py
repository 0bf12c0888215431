"""Times as they are dictated ("six thirty p m on march fifth"), with figures for the time grammar."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_UNITS = {word: n for n, word in enumerate(f"{_ONES} seventeen eighteen nineteen".split(), 1)}
_TENS = {word: n * 10 for n, word in enumerate("twenty thirty forty fifty".split(), 2)}
_FIRSTS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
_ORDINALS = {
    word: n
    for n, word in enumerate(
        f"{_FIRSTS} fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(), 1
    )
} | {"thirtieth": 30}


def _either(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


_MONTHS = "january february march april may june july august september october november december feb mar apr"
_MONTH = _either(_MONTHS.split())

_NUMBER = rf"(?:{_either(_TENS)}[ -]{_either(list(_UNITS)[:9])}|{_either(_TENS)}|{_either(_UNITS)})"
_ORDINAL = rf"(?:{_either(_TENS)}[ -]{_either(list(_ORDINALS)[:9])}|{_either(_ORDINALS)})"
_HOUR = _either(list(_UNITS)[:12])
_MINUTES = rf"(?:(?:oh|o) {_either(list(_UNITS)[:9])}|{_NUMBER})"
_HALF = r"(?P<half>[ap] ?\.?m\b\.?)"
_CLOCK = re.compile(
    rf"\b(?P<h>{_HOUR}|1?\d)(?: (?P<m>{_MINUTES})| (?P<o>hundred)| (?P<c>o ?'?clock))? {_HALF}",
    re.IGNORECASE,
)
_BARE_CLOCK = re.compile(
    rf"\b(?P<lead>at|by|for|around|until|from|to) (?P<h>{_HOUR})(?: (?P<m>{_MINUTES})| (?P<c>o ?'?clock))?"
    rf"(?=[,.!?]|$| (?:on|in|at|to|today|tonight|tomorrow|this|next|every|please|and|with|for|\w+day)\b)",
    re.IGNORECASE,
)
_O_CLOCK = re.compile(rf"\b(?P<h>{_HOUR}|\d{{1,2}}) o ?'?clock\b", re.IGNORECASE)
_SPAN = re.compile(rf"\b(?P<n>{_NUMBER}) (?P<unit>(?:minute|hour|day|week|month)s?)\b", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"\b(?P<month>{_MONTH}) (?:the )?(?P<n>{_ORDINAL}|{_NUMBER})\b", re.IGNORECASE)
_DAY_MONTH = re.compile(
    rf"\b(?:the )?(?P<n>{_ORDINAL}|{_NUMBER})(?: of)? (?P<month>{_MONTH})\b", re.IGNORECASE
)
_THE_DAY = re.compile(rf"\bon the (?P<n>{_ORDINAL})(?=[,.!?]|$| (?:at|of|in)\b)", re.IGNORECASE)


def figured(text: str) -> str:
    """``text`` with the numbers of its times in figures; everything else stays."""
    text = _MONTH_DAY.sub(lambda m: f"{_value(m['n'])} {m['month']}", text)
    text = _DAY_MONTH.sub(lambda m: f"{_value(m['n'])} {m['month']}", text)
    text = _THE_DAY.sub(lambda m: f"on the {_nth(_value(m['n']))}", text)
    text = _SPAN.sub(lambda m: f"{_value(m['n'])} {m['unit']}", text)
    text = _CLOCK.sub(_clock, text)
    text = _O_CLOCK.sub(lambda m: f"{_value(m['h'])} o'clock", text)
    return _BARE_CLOCK.sub(lambda m: f"{m['lead']} {_clock(m)}", text)


def _clock(match: re.Match[str]) -> str:
    named = match.groupdict()
    half = " " + re.sub(r"[ .]", "", named["half"]).lower() if named.get("half") else ""
    minutes = f":{_value(named['m']):02d}" if named.get("m") else ":00" if named.get("o") else ""
    clock = " o'clock" if named.get("c") and not half else ""
    return f"{_value(named['h'])}{minutes}{clock}{half}"


def _value(words: str) -> int:
    if words.isdigit():
        return int(words)
    values = _TENS | _UNITS | _ORDINALS
    return sum(values.get(word, 0) for word in re.split(r"[ -]", words.lower()))


def _nth(day: int) -> str:
    ending = "th" if 10 < day % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"
