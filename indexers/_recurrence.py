"""Repeating events: the rule in words, and its dates within limits that no rule can exceed."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import recurring_ical_events
from icalendar import Calendar, vDDDLists
from icalendar.cal.component import Component

from indexers._text import month, short_day, weekday

MAX_INSTANCES = 5_000  # of one file
YEARS_BACK, YEARS_AHEAD = 2, 3
PAST, NEXT = 60, 120  # dates of one event that are told
MAX_STEPS = 50_000  # of one rule from its first day on
MAX_SECONDS, _SLOW = 1.0, 0.1  # of processor time for all slow rules of a file, and what of one is slow
_SECONDS = {"HOURLY": 3600, "DAILY": 86_400, "WEEKLY": 604_800, "MONTHLY": 2_600_000, "YEARLY": 31_000_000}
_UNITS = {"HOURLY": "hour", "DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_DAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "second to last"}


class Budget:
    """How much of a file may still be expanded, over all its events."""

    def __init__(self) -> None:
        self.instances = MAX_INSTANCES
        self.steps = 10 * MAX_STEPS
        self.seconds = MAX_SECONDS

    def took(self, seconds: float) -> None:
        """A rule that names no day at all is looked through for thousands of years; others take no time."""
        self.seconds -= seconds if seconds > _SLOW else 0


def rule_of(component: Component) -> dict[str, list[Any]]:
    """The RRULE with upper-case names and lists of values; empty where there is none."""
    rule = component.get("RRULE")
    if isinstance(rule, list):
        rule = rule[0]
    if not isinstance(rule, dict):
        return {}
    return {
        str(key).upper(): list(value) if isinstance(value, list) else [value] for key, value in rule.items()
    }


def refusal(component: Component, start: datetime, until: datetime, budget: Budget) -> str:
    """Why the dates of a rule are not worked out, or empty; what it may cost is taken from the budget."""
    rule = rule_of(component)
    frequency = str(rule.get("FREQ", ["YEARLY"])[0]).upper()
    if frequency not in _SECONDS:
        return (
            "it repeats every few seconds or minutes" if frequency.endswith("LY") else "its rule is damaged"
        )
    if frequency not in ("MONTHLY", "YEARLY") and rule.keys() & {
        "BYSETPOS",
        "BYYEARDAY",
        "BYWEEKNO",
        "BYEASTER",
    }:
        return "its rule is of a kind that no calendar program makes"
    if not _possible(rule):
        return "its rule names a day that does not exist"
    interval = _interval(rule)
    times = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= max(1, len(rule.get(name, ())))
    steps = (until - start).total_seconds() / _SECONDS[frequency] / interval * times
    if steps > MAX_STEPS or times > 24:
        return "it repeats too often"
    if budget.instances <= 0 or budget.seconds <= 0:
        return "the calendar has too many repeating events"
    budget.steps -= max(0, int(steps)) + 100
    return "" if budget.steps > 0 else "the calendar has too many repeating events"


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 1


def _possible(rule: dict[str, list[Any]]) -> bool:
    """Whether any month named has any of the days named: otherwise a search would never end."""
    days = [_number(day) for day in rule.get("BYMONTHDAY", ())]
    months = [_number(month) for month in rule.get("BYMONTH", ())] or list(range(1, 13))
    if not all(1 <= number <= 12 for number in months):
        return False
    longest = max(monthrange(2024, number)[1] for number in months)
    return not days or any(1 <= abs(day) <= longest for day in days)


def window(today: date) -> tuple[datetime, datetime, datetime]:
    """(first moment looked at, the beginning of this month, last moment looked at)."""
    anchor = datetime(today.year, today.month, 1, tzinfo=UTC)
    return anchor.replace(year=today.year - YEARS_BACK), anchor, anchor.replace(year=today.year + YEARS_AHEAD)


def instances(
    components: list[Component], zones: list[Component], *, today: date, budget: Budget
) -> tuple[list[date], list[date]]:
    """(dates before this month, dates from then on) of one series, moved and cancelled ones heeded."""
    first, anchor, last = _narrowed(components[0], window(today))
    calendar = Calendar()
    for part in (*zones, *components):
        calendar.add_component(part)
    past: list[date] = []
    following: list[date] = []
    for moment in _starts(calendar, first, last, budget):
        begun = _as_utc(moment) < anchor
        if begun:
            past = [*past[-PAST + 1 :], moment]
        else:
            following.append(moment)
        if len(following) >= NEXT:
            break
    return past, following


def _narrowed(
    component: Component, wide: tuple[datetime, datetime, datetime]
) -> tuple[datetime, datetime, datetime]:
    """No more of the window than the dates that are told can fill: each costs its own component."""
    rule = rule_of(component)
    frequency = str(rule.get("FREQ", ["YEARLY"])[0]).upper()
    step = timedelta(seconds=_SECONDS.get(frequency, _SECONDS["YEARLY"])) * _interval(rule)
    if (
        component.get("RDATE")
        or step > timedelta(days=30)
        or _number(rule.get("COUNT", [PAST * 9])[0]) <= PAST * 8
    ):
        return wide
    first, anchor, last = wide
    until = rule.get("UNTIL", [None])[0]
    if isinstance(until, date) and _as_utc(until) < anchor:
        return max(first, _as_utc(until) - step * (PAST + 2)), anchor, anchor
    return max(first, anchor - step * (PAST + 2)), anchor, min(last, anchor + step * (NEXT + 2))


def _interval(rule: dict[str, list[Any]]) -> int:
    return min(10_000, max(1, _number(rule.get("INTERVAL", [1])[0])))


def _starts(calendar: Calendar, first: datetime, last: datetime, budget: Budget) -> Iterator[date]:
    query = recurring_ical_events.of(calendar, components=("VEVENT", "VTODO"), skip_bad_series=True)
    for found in sorted(query.between(first, last), key=lambda part: _as_utc(part["DTSTART"].dt)):
        if str(found.get("STATUS", "")).upper() == "CANCELLED":
            continue
        if budget.instances <= 0:
            return
        budget.instances -= 1
        yield found["DTSTART"].dt


def _as_utc(moment: date) -> datetime:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)


def in_words(component: Component, start: datetime, clock: str = "") -> str:
    """``Every 2 weeks on Monday and Friday at 19:00, until 30 June 2026``; ``clock`` is the time's words."""
    rule = rule_of(component)
    frequency = str(rule.get("FREQ", [""])[0]).upper()
    if frequency not in _UNITS:
        return f"On several dates{clock}"
    unit = _UNITS[frequency]
    interval = _interval(rule)
    words = f"Every {unit}" if interval == 1 else f"Every {interval} {unit}s"
    if named := _days_named(rule, frequency, start):
        words += f" on {named}"
    words += clock
    if rule.get("COUNT"):
        words += f", {_number(rule['COUNT'][0])} times"
    until = rule.get("UNTIL", [None])[0]
    if isinstance(until, date):
        words += f", until {short_day(until)}"
    return words


def _days_named(rule: dict[str, list[Any]], frequency: str, start: datetime) -> str:
    days = [_weekday_named(str(day).upper()) for day in rule.get("BYDAY", ())]
    if days and all(days):
        if position := _number(rule.get("BYSETPOS", [0])[0]):
            return f"the {_ORDINALS.get(position, f'{position}th')} {_and(days, 'or')}"
        return _and(days)
    in_months = [month(_number(number)) for number in rule.get("BYMONTH", ())]
    if monthdays := [_number(day) for day in rule.get("BYMONTHDAY", ())]:
        shown = _and(["the last day" if day == -1 else f"day {day}" for day in monthdays])
        return f"{shown} of {_and(in_months)}" if in_months else shown
    match frequency:
        case "WEEKLY":
            return weekday(start.weekday())
        case "MONTHLY":
            return f"day {start.day}"
        case "YEARLY":
            return f"{start.day} {month(start.month)}"
    return ""


def _weekday_named(day: str) -> str:
    """``2TU`` → ``the second Tuesday``; empty where it is no weekday."""
    if day[-2:] not in _DAYS:
        return ""
    name, position = weekday(_DAYS[day[-2:]]), day[:-2].lstrip("+")
    if not position:
        return name
    number = _number(position)
    return f"the {_ORDINALS.get(number, f'{number}th')} {name}"


def _and(words: list[str], last: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def excluded(component: Component) -> list[date]:
    """The dates a series leaves out (EXDATE), in order."""
    values = component.get("EXDATE", [])
    found: list[date] = []
    for value in values if isinstance(values, list) else [values]:
        if isinstance(value, vDDDLists):
            found += [part.dt for part in value.dts[:1000] if isinstance(part.dt, date)]
    return sorted(found, key=_as_utc)
