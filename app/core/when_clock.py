"""Hours of a day, clock ranges and durations: "at 3pm", "15h30", "from 3 to 5pm", "for 90 minutes"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from app.core import when_words as w
from app.core.when_atoms import UNIT, Atom, Context, N, Rules, number
from app.core.when_words import either

RULES = Rules()

_AT = r"(?:(?:at|around|about|um|gegen|a las|a la|a|vers|by) )?"
_HALF = r"(?: ?(?P<{0}>am|pm|a\.m\.|p\.m\.|o'clock|uhr|heures|horas|h))"
_TIME = r"(?P<H{0}>\d{{1,2}})(?:(?::|\.|h| uhr )(?P<M{0}>\d{{2}}))?"


@RULES.add(
    rf"(?:(?:from|between|von|zwischen|de|entre|at) )?{_TIME.format(1)}{_HALF.format('x1')}? ?"
    rf"(?:-|to|until|till|and|bis|und|a|et|y|hasta(?: las)?) ?{_TIME.format(2)}{_HALF.format('x2')}?"
)
def _clock_range(match: re.Match[str], context: Context) -> Atom | None:
    led = re.match(r"(?:from|between|von|zwischen|de|entre) ", match[0]) and (match["M1"] or match["M2"])
    if not (led or match["x1"] or match["x2"] or (match["M1"] and match["M2"])):
        return None
    last = _hour(match["H2"], match["M2"], match["x2"])
    first = _hour(match["H1"], match["M1"], match["x1"])
    if first is None or last is None:
        return None
    if not match["x1"] and (match["x2"] or "").startswith("p") and first + timedelta(hours=12) < last:
        first += timedelta(hours=12)
    if last <= first:
        return None
    lo = context.today + first
    return Atom(match.start(), match.end(), "clock", lo, lo, length=last - first)


@RULES.add(_AT + _TIME.format(1) + _HALF.format("x"))
@RULES.add(_AT + r"(?P<H1>\d{1,2})(?::|h)(?P<M1>\d{2})(?P<x>)")
@RULES.add(
    r"(?:at|um|gegen|a las|a la) (?P<H1>\d{1,2})(?P<M1>)(?P<x>)"
    r"(?![.:/-]?\d| ?(?:%|percent|prozent|pour cent|por ciento|euros?|dollars?))"
)
def _clock(match: re.Match[str], context: Context) -> Atom | None:
    at = _hour(match["H1"], match["M1"], match["x"])
    if at is None:
        return None
    bare = not match["M1"] and not match["x"]
    if bare and at <= timedelta(hours=7):
        at += timedelta(hours=12)  # "at 3": nobody means the night
    return Atom(match.start(), match.end(), "clock", context.today + at, context.today + at)


@RULES.add(rf"(?:at |um |a |gegen )?(?P<word>{either(w.CLOCKS)})")
def _clock_word(match: re.Match[str], context: Context) -> Atom | None:
    hour, minute = w.CLOCKS[match["word"]]
    at = context.today.replace(hour=hour, minute=minute)
    return Atom(match.start(), match.end(), "clock", at, at)


@RULES.add(
    r"(?:at )?(?P<how>half past|quarter past|quarter to|halb|viertel nach|viertel vor) "
    rf"(?P<h>{N})(?: ?(?P<x>[ap]m))?"
)
def _fraction(match: re.Match[str], context: Context) -> Atom | None:
    hour = number(match["h"])
    minutes = {"half past": 30, "halb": -30, "quarter past": 15, "viertel nach": 15}.get(match["how"], -15)
    at = _hour(str(hour), "", match["x"])
    if at is None:
        return None
    if not match["x"] and hour <= 7:
        at += timedelta(hours=12)
    at += timedelta(minutes=minutes)
    return Atom(match.start(), match.end(), "clock", context.today + at, context.today + at)


@RULES.add(rf"(?:this |diesen |ce |cet )?(?P<part>{either(w.PARTS)})")
def _part(match: re.Match[str], context: Context) -> Atom | None:
    lo, hi = w.PARTS[match["part"]]
    this = match[0] != match["part"]
    atom = Atom(
        match.start(),
        match.end(),
        "date" if this else "part",
        context.today + timedelta(hours=lo),
        context.today + timedelta(hours=hi),
    )
    return replace(atom, kind="date") if match["part"] == "esta noche" else atom


def _hour(hour: str, minute: str | None, half: str | None) -> timedelta | None:
    h, m, x = int(hour), int(minute or 0), (half or "").replace(".", "")
    if x in ("am", "pm"):
        if not 1 <= h <= 12:
            return None
        h = h % 12 + (12 if x == "pm" else 0)
    return timedelta(hours=h, minutes=m) if h <= 24 and m < 60 else None


# --- durations -------------------------------------------------------------------------------------

_LENGTH = re.compile(
    r"(?<!\w)(?:for|lasting|fur|pendant|durante|takes|dauert) (?:about )?"
    rf"(?:(?P<n>\d+(?:[.,]\d+)?|{N}) ?(?P<u>{UNIT})|"
    r"(?P<half>half an hour|eine halbe stunde|une demi-heure|media hora)|"
    r"(?P<day>the whole day|all day))(?!\w)"
    rf"|(?<!\w)(?P<n2>\d+)[- ](?P<u2>minute|hour)(?!\w)"
)


def lengths(flat: str) -> Iterator[timedelta]:
    """Durations that are spoken of: "for 90 minutes", "a 30-minute call"."""
    for match in _LENGTH.finditer(flat):
        if match["half"]:
            yield timedelta(minutes=30)
            continue
        if match["day"]:
            yield timedelta(days=1)
            continue
        word, unit = match["n"] or match["n2"], w.UNIT_OF[match["u"] or match["u2"]]
        count = float(word.replace(",", ".")) if word[0].isdigit() else float(number(word))
        seconds = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}.get(unit)
        if seconds:
            yield timedelta(seconds=count * seconds)
