"""Times in what people write: the range a question means, the moment a request names.

Our own grammar goes first (English, German, French, basic Spanish), since libraries take "Q3 2025"
for a day in August and "last week" for a single day; ``dateparser`` is asked only for a full date
in words or in a language that the grammar does not know. A day begins at midnight in the zone of
``now``; a range is [after, before).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from app.core import when_clock, when_dates
from app.core import when_words as w
from app.core.when_atoms import Atom, Context, atoms, flatten
from app.core.when_words import either

_LONGEST_POINT = timedelta(days=31)


@dataclass(frozen=True)
class When:
    """A range that text names; None is open. ``start`` and ``end`` are where in the text."""

    after: datetime | None
    before: datetime | None
    start: int
    end: int
    is_point: bool = False  # one moment with a clock time, not a range of days

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


@dataclass(frozen=True)
class Point:
    """A moment; without a clock time it is that day's midnight. ``length`` of "from 3 to 5pm"."""

    at: datetime
    has_clock: bool
    start: int
    end: int
    length: timedelta | None = None

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


def parse(text: str, now: datetime, tz: tzinfo | None = None, *, direction: int | None = None) -> When | None:
    """The time a question is about. ``now`` carries a zone, or is taken to be in ``tz``.

    "March" and "Friday" alone are those before ``now`` when the question is in the past tense or
    says nothing about it, and those ahead when it speaks of the future; ``direction`` (-1, 1) decides
    it where the caller knows.
    """
    now = _in_zone(now, tz)
    flat = flatten(text)
    context = Context(now=now, direction=_direction(flat) if direction is None else direction, flat=flat)
    found = _operated(_merged(context), context)
    if found is None or _more_is_said(found, text):
        other = _by_library(text, now)
        # a foreign "12 de outubro de 2025" of which the grammar knew the year only
        if other and (found is None or (other.start < found.end and found.start < other.end)):
            return other
    return found


def span(text: str, now: datetime) -> When | None:
    return parse(text, now)


def point(text: str, now: datetime) -> Point | None:
    """The moment a request names, always ahead of ``now`` where the words leave it open.

    A week or a month stands for its first day; a longer time is no point.
    """
    flat = flatten(text)
    context = Context(now=now, direction=1, flat=flat)
    for atom in (_edge(atom, flat) for atom in _merged(context)):
        if atom.kind == "moment":
            return Point(atom.lo, True, atom.start, atom.end, atom.length)
        if atom.kind == "clock":
            at = atom.lo if atom.lo > now else atom.lo + timedelta(days=1)
            return Point(at, True, atom.start, atom.end, atom.length)
        if atom.kind == "date" and atom.hi - atom.lo <= _LONGEST_POINT:
            clock = atom.lo.hour != 0  # "tomorrow morning", "tonight"
            return Point(atom.lo, clock, atom.start, atom.end)
    found = _by_library(text, now)
    if found is None or found.after is None:
        return None
    return Point(found.after, found.is_point, found.start, found.end)


def duration(text: str) -> timedelta | None:
    """How long, where it says so: "for 90 minutes", "from 3 to 5pm"."""
    flat = flatten(text)
    for length in when_clock.lengths(flat):
        return length
    context = Context(now=datetime(2000, 1, 1), direction=1, flat=flat)
    return next((atom.length for atom in _merged(context) if atom.length), None)


def _in_zone(now: datetime, tz: tzinfo | None) -> datetime:
    if tz is None:
        return now
    return now.replace(tzinfo=tz) if now.tzinfo is None else now.astimezone(tz)


def _direction(flat: str) -> int:
    if w.PAST_CUES.search(flat):
        return -1
    return 1 if w.FUTURE_CUES.search(flat) else 0


# --- a day with its hour ---------------------------------------------------------------------------

_GLUE = re.compile(r"[,;]?\s*(?:(?:at|on|um|am|a|the|le|el|in|of|,|gegen|vers|von|den|-)\s+)*")
_ASIDE = re.compile(r",? ?\(?(?:a )?")


def _merged(context: Context) -> list[Atom]:
    return _merge(atoms(context, when_dates.RULES, when_clock.RULES), context.flat)


def _merge(found: Sequence[Atom], flat: str) -> list[Atom]:
    """Join "tomorrow" with "at noon", in either order, where nothing but glue is between them."""
    merged: list[Atom] = []
    for atom in _weekdays_of_dates(found, flat):
        if merged and _glued(_GLUE, merged[-1], atom, flat):
            joined = _join(merged[-1], atom) or _join(atom, merged[-1])
            if joined is not None:
                merged[-1] = joined
                continue
        merged.append(atom)
    days = [atom for atom in merged if atom.kind == "date" and atom.day]
    clocks = [atom for atom in merged if atom.kind == "clock"]
    if len(days) == len(clocks) == 1:  # "Lunch with Ana tomorrow in the Café Roma at one thirty"
        joined = _join(days[0], clocks[0])
        if joined is not None:
            merged = [joined if a is days[0] else a for a in merged if a is not clocks[0]]
    return [atom for atom in merged if atom.kind != "part"]


def _weekdays_of_dates(found: Sequence[Atom], flat: str) -> list[Atom]:
    """ "Friday 4 December" and "4 December (Friday)" name one day: the date, which is the exact one."""
    named: list[Atom] = []
    for atom in found:
        if not _exact(atom):
            if atom.weekday and named and _exact(named[-1]) and _glued(_ASIDE, named[-1], atom, flat):
                named[-1] = replace(named[-1], end=atom.end)
            else:
                named.append(atom)
            continue
        if named and named[-1].weekday and _glued(_GLUE, named[-1], atom, flat):
            named[-1] = replace(atom, start=named[-1].start)
            continue
        if len(named) > 1 and named[-1].kind == "clock" and named[-2].weekday:  # "Friday 8pm, 4 December"
            hour, weekday = named[-1], named[-2]
            if _glued(_GLUE, weekday, hour, flat) and _glued(_GLUE, hour, atom, flat):
                named.remove(weekday)
        named.append(atom)
    return named


def _exact(atom: Atom) -> bool:
    return (atom.day or atom.kind == "moment") and not atom.weekday


def _glued(glue: re.Pattern[str], first: Atom, second: Atom, flat: str) -> bool:
    return glue.fullmatch(flat[first.end : second.start]) is not None


def _join(day: Atom, hour: Atom) -> Atom | None:
    if day.kind != "date" or hour.kind not in ("clock", "part"):
        return None
    start, end = min(day.start, hour.start), max(day.end, hour.end)
    midnight = day.lo.replace(hour=0, minute=0)
    since = hour.lo - hour.lo.replace(hour=0, minute=0)
    if hour.kind == "clock" and (day.day or day.hi - day.lo <= timedelta(hours=6)):
        at = midnight + since
        if day.lo.hour >= 12 and at.hour < 12:  # "tonight at 8"
            at += timedelta(hours=12)
        return Atom(start, end, "moment", at, at, length=hour.length)
    if hour.kind == "part" and day.day:
        return replace(
            day, start=start, end=end, lo=midnight + since, hi=midnight + since + (hour.hi - hour.lo)
        )
    return None


# --- since, before, between, the end of ------------------------------------------------------------


def _before(words: Sequence[str]) -> re.Pattern[str]:
    """One of ``words`` right before an expression, with or without an article."""
    return re.compile(rf"(?<!\w){either(words)}(?: {either(w.ARTICLES)}){{0,2}}\s*$")


_SINCE, _AFTER, _BEFORE, _UNTIL, _FROM = map(_before, (w.SINCE, w.AFTER, w.BEFORE, w.UNTIL, w.FROM))
_EDGES = {third: _before(words) for third, words in w.EDGES.items()}
_TO = re.compile(rf"\s*{either(w.TO)}(?: {either(w.ARTICLES)})?\s*")


def _operated(found: Sequence[Atom], context: Context) -> When | None:
    """The first expression with what stands around it; hours without a day mean no range."""
    dated = [_edge(atom, context.flat) for atom in found if atom.kind in ("date", "moment")]
    if not dated:
        return None
    first, flat = dated[0], context.flat
    if len(dated) > 1 and (both := _between(first, dated[1], context)):
        return both
    lead = flat[: first.start]
    hi = first.hi if first.hi > first.lo else first.lo + timedelta(hours=1)
    for pattern, after, before in (
        (_SINCE, first.lo, None),
        (_AFTER, hi, None),
        (_BEFORE, None, first.lo),
        (_UNTIL, None, hi),
    ):
        if operator := pattern.search(lead):
            return When(after, before, operator.start(), first.end)
    if re.match(r"\s*(?:onwards?|on\b(?!\s+\w)|or later|an\b)", flat[first.end :]) and _FROM.search(lead):
        return When(first.lo, None, first.start, first.end)
    return When(first.lo, hi, first.start, first.end, is_point=first.kind == "moment")


def _between(first: Atom, second: Atom, context: Context) -> When | None:
    flat = context.flat
    if not _TO.fullmatch(flat[first.end : second.start]):
        return None
    lead = _FROM.search(flat[: first.start])
    if lead is None and flat[first.end : second.start].strip() in ("and", "und", "et", "y", "a"):
        return None  # "in March and in June" is two times, not a range
    lo, hi = first.lo, second.hi if second.hi > second.lo else second.lo + timedelta(hours=1)
    if first.cycle and not second.cycle and lo.replace(year=second.lo.year) < hi:
        lo = lo.replace(year=second.lo.year)  # "from March to June 2024"
    if hi <= lo and second.cycle and context.direction >= 0 and second.cycle.days:
        hi += second.cycle  # "from Monday to Friday", said on a Wednesday
    elif hi <= lo and first.cycle:
        lo -= first.cycle
    if hi <= lo:
        return None
    return When(lo, hi, lead.start() if lead else first.start, second.end)


def _edge(atom: Atom, flat: str) -> Atom:
    """ "the end of June" is its last third."""
    length = atom.hi - atom.lo
    if length < timedelta(days=3):
        return atom
    for third, pattern in _EDGES.items():
        if lead := pattern.search(flat[: atom.start]):
            lo = atom.lo + (length * third) / 3
            lo = lo.replace(hour=0, minute=0, second=0, microsecond=0)
            hi = atom.hi if third == 2 else (atom.lo + (length * (third + 1)) / 3)
            hi = hi.replace(hour=0, minute=0, second=0, microsecond=0)
            return replace(atom, start=lead.start(), lo=lo, hi=hi)
    return atom


# --- what the grammar does not know ----------------------------------------------------------------

_LANGUAGES = ["pt", "it", "nl", "sv", "pl", "ru", "en", "de", "fr", "es"]


def _more_is_said(found: When, text: str) -> bool:
    """Whether numbers stand beside what was understood as more than a day."""
    rest = text[: found.start] + text[found.end :]
    long = found.after is None or found.before is None or found.before - found.after > timedelta(days=27)
    return long and re.search(r"\d", rest) is not None


def _by_library(text: str, now: datetime) -> When | None:
    """A date with day, month and year that dateparser reads in a text of question's length."""
    if not re.search(r"(?:19|20)\d\d", text) or len(text) > 500:
        return None
    for words, at in _search()(text, languages=_LANGUAGES, settings=_settings(now)) or ():
        start = text.find(words)
        if start < 0 or not re.search(r"(?:19|20)\d\d", words) or not re.search(r"[^\W\d]{3}", words):
            continue
        exact = bool(re.search(r"\d[:h]\d\d", words))
        lo = at.replace(tzinfo=now.tzinfo)
        lo = lo if exact else lo.replace(hour=0, minute=0, second=0, microsecond=0)
        hi = lo + (timedelta(hours=1) if exact else timedelta(days=1))
        return When(lo, hi, start, start + len(words), is_point=exact)
    return None


def _settings(now: datetime) -> dict[str, Any]:
    return {
        "RELATIVE_BASE": now.replace(tzinfo=None),
        "REQUIRE_PARTS": ["day", "month"],
        "DATE_ORDER": "DMY",
    }


@functools.cache
def _search() -> Any:
    from dateparser.search import search_dates

    return search_dates
