"""Days, months, years, seasons, feasts and spans such as "last week" or "three days ago"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from app.core import when_words as w
from app.core.when_atoms import UNIT, YEAR, Atom, Context, N, Rules, number
from app.core.when_words import either

RULES = Rules()

_FEASTS = {  # month, day, days
    **dict.fromkeys(("christmas", "weihnachten", "noel", "navidad"), (12, 24, 3)),
    **dict.fromkeys(("christmas eve", "heiligabend", "nochebuena"), (12, 24, 1)),
    **dict.fromkeys(("new year's eve", "silvester", "nochevieja"), (12, 31, 1)),
    **dict.fromkeys(("new year's day", "new year", "neujahr"), (1, 1, 1)),
    "christmas day": (12, 25, 1),
}
_A_YEAR = relativedelta(years=1)
_REL = either(w.RELATIVE)
_MONTH, _WEEKDAY = either(w.MONTHS), either(w.WEEKDAYS)
_WEEK = "(?:week|woche|semaine|semana)"
_OF = r"(?:,? (?:of |de |del |des )?| )"
_DAY_END = r"(?:st|nd|rd|th|er|\.|º)?"


def _range(
    match: re.Match[str],
    lo: datetime,
    length: relativedelta | timedelta,
    *,
    day: bool = False,
    cycle: relativedelta | None = None,
) -> Atom:
    return Atom(match.start(), match.end(), "date", lo, lo + length, day=day, cycle=cycle)


def _one_day(match: re.Match[str], lo: datetime, *, cycle: relativedelta | None = None) -> Atom:
    return _range(match, lo, timedelta(days=1), day=True, cycle=cycle)


def _yearless(context: Context, month: int, day: int, length: relativedelta | timedelta) -> datetime:
    """The occurrence that the direction asks for; with none, the last that has begun."""
    this = context.date(context.now.year, month, day)
    if context.direction > 0:
        return this if this + length > context.today else this.replace(year=this.year + 1)
    return this if this <= context.now else this.replace(year=this.year - 1)


# --- dates ---------------------------------------------------------------------------------------


@RULES.add(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[t ](?P<H>\d{1,2}):(?P<M>\d{2})(?::\d{2})?)?")
def _iso(match: re.Match[str], context: Context) -> Atom | None:
    day = context.date(int(match["y"]), int(match["m"]), int(match["d"]))
    if match["H"] is None:
        return _one_day(match, day)
    at = day.replace(hour=int(match["H"]), minute=int(match["M"]))
    return Atom(match.start(), match.end(), "moment", at, at)


@RULES.add(r"(?P<y>(?:19|20)\d{2})-(?P<m>0[1-9]|1[0-2])(?!-)")
def _iso_month(match: re.Match[str], context: Context) -> Atom | None:
    return _range(match, context.date(int(match["y"]), int(match["m"]), 1), relativedelta(months=1))


@RULES.add(r"(?P<d>\d{1,2})(?P<s>[./])(?P<m>\d{1,2})(?:(?P=s)(?P<y>\d{4}|\d{2})|\.)")
def _numeric(match: re.Match[str], context: Context) -> Atom | None:
    """Day first, as most of the world writes it, unless only month first can be meant."""
    day, month = int(match["d"]), int(match["m"])
    if match["s"] == "/" and month > 12:
        day, month = month, day
    if match["s"] == "/" and not match["y"]:
        return None
    if match["y"] is None:
        return _one_day(match, _yearless(context, month, day, timedelta(days=1)), cycle=_A_YEAR)
    year = int(match["y"]) if len(match["y"]) == 4 else 2000 + int(match["y"])
    return _one_day(match, context.date(year, month, day))


@RULES.add(
    rf"(?P<d>\d{{1,2}}){_DAY_END} ?(?:-|to|until|bis|au|al|a|and|und|et|y) ?(?:the |le |el )?"
    rf"(?P<d2>\d{{1,2}}){_DAY_END}(?: of| de)? (?P<mon>{_MONTH})(?:{_OF}{YEAR})?"
)
@RULES.add(
    rf"(?P<mon>{_MONTH}) (?P<d>\d{{1,2}}){_DAY_END} ?(?:-|to|until) ?"
    rf"(?P<d2>\d{{1,2}}){_DAY_END}(?:,? {YEAR})?"
)
def _days_of_month(match: re.Match[str], context: Context) -> Atom | None:
    first, last, month = int(match["d"]), int(match["d2"]), w.MONTHS[match["mon"]]
    if last <= first:
        return None
    length = timedelta(days=last - first + 1)
    if match["y"]:
        return _range(match, context.date(int(match["y"]), month, first), length)
    return _range(match, _yearless(context, month, first, length), length, cycle=_A_YEAR)


@RULES.add(rf"(?P<d>\d{{1,2}}){_DAY_END}(?: of| de)? (?P<mon>{_MONTH})\.?(?:{_OF}{YEAR})?")
@RULES.add(
    rf"(?P<mon>{_MONTH})\.? (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!:| ?[ap]m|h\d| uhr)(?:,? {YEAR})?"
)
def _day_of_month(match: re.Match[str], context: Context) -> Atom | None:
    month, day = w.MONTHS[match["mon"]], int(match["d"])
    if match["y"]:
        return _one_day(match, context.date(int(match["y"]), month, day))
    return _one_day(match, _yearless(context, month, day, timedelta(days=1)), cycle=_A_YEAR)


# "the 2nd floor" and "the 3rd chapter" are no days: what follows must be a pause or a word of time
_PAUSE = (
    r"(?=\s*(?:$|[,.!?;:)]|(?:at|from|with|for|by|i|we|noon|um|von|mit|a las|con|avec)\b|to (?!the\b|\d)))"
)


@RULES.add(rf"the (?P<d>\d{{1,2}})(?:st|nd|rd|th){_PAUSE}")
@RULES.add(rf"(?:am|zum) (?P<d>\d{{1,2}})\.{_PAUSE}")
def _day_alone(match: re.Match[str], context: Context) -> Atom | None:
    """ "the 28th": the next one where the words look ahead, else the last one."""
    way = 1 if context.direction > 0 else -1
    for months in range(13):
        month = context.today.replace(day=1) + relativedelta(months=way * months)
        try:
            day = month.replace(day=int(match["d"]))
        except ValueError:  # a month without it
            continue
        if (day - context.today) * way >= timedelta(0):
            return _one_day(match, day)
    return None


@RULES.add(rf"(?P<mon>{_MONTH})\.?{_OF}{YEAR}")
def _month_of_year(match: re.Match[str], context: Context) -> Atom | None:
    return _range(match, context.date(int(match["y"]), w.MONTHS[match["mon"]], 1), relativedelta(months=1))


@RULES.add(rf"(?:(?P<rel>{_REL}) )?(?P<mon>{_MONTH})(?: (?P<post>{_REL}))?")
def _month(match: re.Match[str], context: Context) -> Atom | None:
    month, relative = w.MONTHS[match["mon"]], match["rel"] or match["post"]
    one = relativedelta(months=1)
    if relative is None:
        if match["mon"] in w.DOUBTFUL and not context.preceded(match.start()):
            return None
        return _range(match, _yearless(context, month, 1, one), one, cycle=_A_YEAR)
    this = context.date(context.now.year, month, 1)
    way = w.RELATIVE[relative]
    if way > 0 and this <= context.today:
        this = this.replace(year=this.year + 1)
    if way < 0 and this + one > context.today:
        this = this.replace(year=this.year - 1)
    return _range(match, this, one)


@RULES.add(
    rf"(?:q(?P<q>[1-4])|(?:the )?(?P<o>{either(w.ORDINALS)}) (?:quarter|quartal|trimestre))(?:{_OF}{YEAR})?"
)
def _quarter(match: re.Match[str], context: Context) -> Atom | None:
    if match["q"] is None and match["o"] == "last" and match["y"] is None:
        return None
    quarter = int(match["q"] or w.ORDINALS[match["o"]])
    length, month = relativedelta(months=3), 3 * quarter - 2
    if match["y"]:
        return _range(match, context.date(int(match["y"]), month, 1), length)
    return _range(match, _yearless(context, month, 1, length), length, cycle=_A_YEAR)


@RULES.add(rf"(?:(?P<rel>{_REL}|the) )?(?P<s>{either(w.SEASONS)})(?:{_OF}{YEAR}|(?: (?P<post>{_REL})))?")
def _season(match: re.Match[str], context: Context) -> Atom | None:
    """Meteorological seasons of the northern half; the winter of a year begins in its December."""
    month, length = 3 * w.SEASONS[match["s"]] + 3, relativedelta(months=3)
    if match["y"]:
        return _range(match, context.date(int(match["y"]), month, 1), length)
    way = w.RELATIVE.get(match["rel"] or match["post"] or "")
    if way is None:
        if not context.preceded(match.start()):
            return None
        return _range(match, _yearless(context, month, 1, length), length, cycle=_A_YEAR)
    began = context.date(context.now.year, month, 1)
    began = began if began <= context.today else began - relativedelta(years=1)
    running = began + length > context.today
    if way < 0 and running:
        began -= relativedelta(years=1)
    if way > 0 or (way == 0 and not running):
        began += relativedelta(years=1)
    return _range(match, began, length)


@RULES.add(rf"(?:the year |jahr |annee |ano )?{YEAR}")
def _year(match: re.Match[str], context: Context) -> Atom | None:
    if match.end() - match.start() == 4 and not context.preceded(match.start()):
        return None
    return _range(match, context.date(int(match["y"]), 1, 1), relativedelta(years=1))


# --- days and units relative to the present --------------------------------------------------------


@RULES.add(rf"(?P<day>{either(w.DAYS)})")
def _day(match: re.Match[str], context: Context) -> Atom | None:
    return _one_day(match, context.today + timedelta(days=w.DAYS[match["day"]]))


@RULES.add(r"tonight|last night|gestern abend|heute nacht|ce soir|esta noche|anoche|hier soir")
def _night(match: re.Match[str], context: Context) -> Atom | None:
    back = match[0] in ("last night", "gestern abend", "anoche", "hier soir")
    lo = context.today.replace(hour=18) - timedelta(days=back)
    return Atom(match.start(), match.end(), "date", lo, lo + timedelta(hours=6))


@RULES.add(rf"(?:(?P<rel>{_REL}) )?(?P<wd>{_WEEKDAY})(?: (?P<post>{_REL})(?! {_WEEK}))?")
def _weekday(match: re.Match[str], context: Context) -> Atom | None:
    target, relative = w.WEEKDAYS[match["wd"]], match["rel"] or match["post"]
    doubtful = match["wd"] in w.DOUBTFUL and not context.flat[match.end() :].startswith((",", ".", " at "))
    if relative is None and doubtful and not context.preceded(match.start()):
        return None
    ahead = (target - context.today.weekday()) % 7
    if relative is None:
        days = ahead - 7 if context.direction < 0 else ahead or 7
        day = _one_day(match, context.today + timedelta(days=days), cycle=relativedelta(weeks=1))
        return replace(day, weekday=True)
    way = w.RELATIVE[relative]
    if way < 0:
        days = ahead - 7
    elif relative == "next":  # English: the one in the coming week, not the one just ahead
        days = (target - context.today.weekday()) + 7
    else:
        days = ahead if way == 0 else ahead or 7
    return _one_day(match, context.today + timedelta(days=days))


@RULES.add(
    rf"(?P<wd>{_WEEKDAY}) (?:(?:of|in|de|der|die|in der) )?(?:la |the )?"
    rf"(?:(?P<rel>{_REL}) {_WEEK}|{_WEEK} (?P<post>{_REL}))"
)
@RULES.add(
    rf"(?:(?:la|the) )?(?:(?P<rel>{_REL}) {_WEEK}|{_WEEK} (?P<post>{_REL})),? "
    rf"(?P<on>on |am |le |el )?(?P<wd>{_WEEKDAY})"
)
def _weekday_of_week(match: re.Match[str], context: Context) -> Atom | None:
    """ "Wednesday next week", and "next week on Wednesday"."""
    if match["wd"] in w.DOUBTFUL and not match.groupdict().get("on", "on"):
        return None
    monday = _monday(context) + timedelta(weeks=w.RELATIVE[match["rel"] or match["post"]])
    return replace(_one_day(match, monday + timedelta(days=w.WEEKDAYS[match["wd"]])), weekday=True)


def _monday(context: Context) -> datetime:
    return context.today - timedelta(days=context.today.weekday())


def _unit_start(unit: str, context: Context) -> tuple[datetime, relativedelta | timedelta]:
    """Where the present ``unit`` began, and how long one is."""
    today = context.today
    match unit:
        case "day":
            return today, timedelta(days=1)
        case "week" | "fortnight":
            return _monday(context), timedelta(weeks=2 if unit == "fortnight" else 1)
        case "weekend":
            return _monday(context) + timedelta(days=5), timedelta(days=2)
        case "month":
            return today.replace(day=1), relativedelta(months=1)
        case "quarter":
            return today.replace(day=1, month=3 * ((today.month - 1) // 3) + 1), relativedelta(months=3)
        case "year":
            return today.replace(day=1, month=1), relativedelta(years=1)
    raise ValueError(unit)


@RULES.add(
    rf"(?:(?:the|la|le|el|l'|am|das|ce) ?)?(?:(?P<rel>{_REL}) )?"
    rf"(?P<u>{UNIT}|fin de semana)(?: (?P<post>{_REL}))?"
)
def _relative_unit(match: re.Match[str], context: Context) -> Atom | None:
    unit = "weekend" if match["u"] == "fin de semana" else w.UNIT_OF[match["u"]]
    relative = match["rel"] or match["post"]
    if relative is None and (unit != "weekend" or match["u"] == "finde"):
        return None
    if relative is None and context.preceded(match.end()):
        return None
    if unit in ("hour", "minute"):
        return None
    if relative is None:
        relative = "last" if context.direction < 0 else "this"
    lo, length = _unit_start(unit, context)
    step = timedelta(weeks=1) if unit == "weekend" else length
    way = w.RELATIVE[relative]
    return _range(match, lo + step if way > 0 else lo - step if way < 0 else lo, length, day=unit == "day")


@RULES.add(
    rf"(?:(?:in|over|during|within) )?(?:(?:the|les|los|las|die|den|der) )?"
    rf"(?:(?P<rel>{_REL}) (?P<n>{N})|(?P<n2>{N}) (?P<rel2>{_REL})) (?P<u>{UNIT})"
)
def _counted_units(match: re.Match[str], context: Context) -> Atom | None:
    """ "the last 3 days" runs to the present, "the next two weeks" from it."""
    count, unit = number(match["n"] or match["n2"]), w.UNIT_OF[match["u"]]
    way = w.RELATIVE[match["rel"] or match["rel2"]]
    if way == 0:
        return None
    length = _delta(count, unit)
    if unit in ("hour", "minute"):
        lo, hi = (context.now - length, context.now) if way < 0 else (context.now, context.now + length)
        return Atom(match.start(), match.end(), "date", lo, hi)
    tomorrow = context.today + timedelta(days=1)
    lo, hi = (context.today - length, tomorrow) if way < 0 else (context.today, tomorrow + length)
    return Atom(match.start(), match.end(), "date", lo, hi)


@RULES.add(rf"(?P<n>{N}) (?P<u>{UNIT}) (?:ago|earlier|before now|atras)")
@RULES.add(rf"(?:vor|il y a|hace) (?P<n>{N}) (?P<u>{UNIT})")
def _ago(match: re.Match[str], context: Context) -> Atom | None:
    return _away(match, context, -1)


@RULES.add(rf"(?P<n>{N}) (?P<u>{UNIT}) (?:from now|from today|later)")
@RULES.add(rf"(?:in|dans|en|dentro de) (?P<n>{N}) (?P<u>{UNIT})(?:'s time)?")
def _ahead(match: re.Match[str], context: Context) -> Atom | None:
    return _away(match, context, 1)


@RULES.add(
    r"(?P<in>in |dans |en |dentro de )?"
    r"(?:half an hour|einer halben stunde|une demi-heure|media hora)(?P<ago> ago)?"
)
def _half_hour(match: re.Match[str], context: Context) -> Atom | None:
    if not match["ago"] and not match["in"]:
        return None
    at = context.now + timedelta(minutes=-30 if match["ago"] else 30)
    return Atom(match.start(), match.end(), "moment", at, at)


def _away(match: re.Match[str], context: Context, way: int) -> Atom:
    unit, delta = w.UNIT_OF[match["u"]], _delta(number(match["n"]), w.UNIT_OF[match["u"]])
    if unit in ("hour", "minute"):
        at = (context.now + way * delta).replace(second=0, microsecond=0)
        return Atom(match.start(), match.end(), "moment", at, at)
    return _one_day(match, context.today + way * delta)


def _delta(count: int, unit: str) -> relativedelta:
    match unit:
        case "fortnight":
            return relativedelta(weeks=2 * count)
        case "weekend":
            return relativedelta(weeks=count)
        case "quarter":
            return relativedelta(months=3 * count)
    return relativedelta(**{f"{unit}s": count})  # type: ignore[arg-type]  # days, weeks, months, years, hours, minutes


@RULES.add(
    rf"(?:(?P<rel>{_REL}) )?(?P<f>christmas eve|heiligabend|nochebuena|christmas(?: day)?|weihnachten|noel|"
    r"navidad|new year's eve|silvester|nochevieja|new year's day|new year|neujahr|"
    rf"easter(?: sunday)?|ostern|paques|pascua|good friday|karfreitag)(?: {YEAR})?"
)
def _feast(match: re.Match[str], context: Context) -> Atom | None:
    if match["rel"]:
        context = replace(context, direction=w.RELATIVE[match["rel"]] or 1)
    if match["f"] not in _FEASTS:
        return _easter(match, context)
    month, day, days = _FEASTS[match["f"]]
    length = timedelta(days=days)
    lo = context.date(int(match["y"]), month, day) if match["y"] else _yearless(context, month, day, length)
    return _range(match, lo, length, day=days == 1)


def _easter(match: re.Match[str], context: Context) -> Atom:
    friday = match["f"] in ("good friday", "karfreitag")

    def of(year: int) -> datetime:
        day = easter(year)
        return context.date(year, day.month, day.day) - timedelta(days=2)

    if match["y"]:
        lo = of(int(match["y"]))
    else:
        lo = of(context.now.year)
        if context.direction > 0 and lo + timedelta(days=4) <= context.today:
            lo = of(lo.year + 1)
        elif context.direction <= 0 and lo > context.now:
            lo = of(lo.year - 1)
    return _range(match, lo, timedelta(days=1 if friday else 4), day=friday)
