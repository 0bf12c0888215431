"""Figures of health: steps, ways, sleep, workouts and weight, added up by code from what each day says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time

from app.core import when
from app.core.types import Answer, Citation, ItemView, Record
from app.flows import questions
from app.flows.context import Home
from app.flows.phrasing import day as day_words
from app.flows.phrasing import span as span_words
from app.flows.questions import Asked
from app.store.inventory import Inventory

_QUOTE = 200  # characters
_LINE = re.compile(r"^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day (\d{1,2} [A-Z][a-z]+ \d{4}): (.+)$", re.M)
_FIGURE = r"(?<![\w.,])(\d[\d,]*(?:\.\d+)?)"
_HOURS = re.compile(r"(?:(\d+) h )?(\d+) min (?:asleep|in bed)")


class Measure(Record, frozen=True, kw_only=True):
    """``category`` of health items; how a day's line tells it; whether the days are added up."""

    category: str
    pattern: str
    added: bool = True


MEASURES = {  # things and forms of resources/questions.toml
    "steps": Measure(category="Activity", pattern=_FIGURE + r"() steps"),
    "floors": Measure(category="Activity", pattern=_FIGURE + r"() floors climbed"),
    "walked": Measure(category="Activity", pattern=_FIGURE + r" (km|mi|m) on foot"),
    "cycled": Measure(category="Activity", pattern=_FIGURE + r" (km|mi|m) by bicycle"),
    "swum": Measure(category="Activity", pattern=_FIGURE + r" (km|mi|m|yd) swum"),
    "energy": Measure(category="Activity", pattern=_FIGURE + r" (kcal|Cal|kJ) active energy"),
    "slept": Measure(category="Sleep", pattern=""),
    "workouts": Measure(category="Workouts", pattern=""),
    "weight": Measure(category="Body measurements", pattern="weight " + _FIGURE + r" (\w+)", added=False),
    "pulse": Measure(category="Heart rate", pattern="resting heart rate " + _FIGURE + "()", added=False),
}


class _Day(Record, frozen=True, kw_only=True):
    """What one day came to: in ``unit``, or in minutes of sleep, or as a number of workouts."""

    on: date
    value: float
    unit: str
    item: ItemView
    start: int
    end: int


def answers(home: Home, asked: Asked, question: str) -> Iterator[Answer]:
    """The figure that is asked for, with how many days it is made of; nothing where none was measured."""
    measure = MEASURES.get(asked.thing.kind)
    if measure is None or asked.slots or asked.flags - {"past", "mean"}:
        return
    if asked.asks not in (("count", "sum", "mean") if measure.added else ("last",)):
        return
    after = before = None
    if asked.timed:
        span = when.parse(question, home.now(), direction=-1)
        if span is None or span.is_point:
            return
        after, before = span.after, span.before
    days = _days(home, asked.thing.kind, measure, after, before)
    if not days or len({one.unit for one in days}) != 1:
        return
    mean = asked.asks == "mean" or "mean" in asked.flags
    yield _answer(home, asked, days, after, before, mean=mean)


def _days(
    home: Home, kind: str, measure: Measure, after: datetime | None, before: datetime | None
) -> list[_Day]:
    """Each day that has a figure, oldest first; of two exports with the same day the higher one."""
    found: dict[date, _Day] = {}
    for item in Inventory(home.index.db).days(measure.category, after, before):
        for line in _LINE.finditer(item.text):
            try:
                on = datetime.strptime(line[1], "%d %B %Y").date()
            except ValueError:
                continue
            value, unit = _value(kind, measure, line[2])
            begins = datetime.combine(on, time.min, home.zone)
            inside = (after is None or begins >= after) and (before is None or begins < before)
            if value is not None and inside and (on not in found or found[on].value < value):
                found[on] = _Day(on=on, value=value, unit=unit, item=item, start=line.start(), end=line.end())
    return [found[on] for on in sorted(found)]


def _value(kind: str, measure: Measure, told: str) -> tuple[float | None, str]:
    if kind == "workouts":
        return float(len(re.findall(r" at \d\d:\d\d for ", told))), ""
    if kind == "slept":
        slept = _HOURS.search(told)
        return (int(slept[1] or 0) * 60.0 + int(slept[2]), "min") if slept else (None, "")
    one = re.search(measure.pattern, told)
    return (float(one[1].replace(",", "")), one[2]) if one else (None, "")


def _answer(
    home: Home,
    asked: Asked,
    days: list[_Day],
    after: datetime | None,
    before: datetime | None,
    *,
    mean: bool,
) -> Answer:
    say, kind, unit = questions.data()[asked.language]["say"], asked.thing.kind, days[0].unit
    about = span_words(after, before, say, home.now())
    told: Callable[[float], str] = lambda value: str(say[kind]).format(_number(kind, value, unit))  # noqa: E731
    whole = sum(one.value for one in days)
    made_of = str(say["of_day"] if len(days) == 1 else say["of_days"]).format(len(days))
    if asked.asks == "last":
        days = days[-1:]
        on = datetime.combine(days[0].on, time(12), home.zone)
        text = str(say["latest"]).format(figure=told(days[0].value), when=day_words(on, say))
    elif mean:
        text = str(say["mean"]).format(figure=told(whole / len(days)), about=about, days=made_of)
    else:
        text = str(say["whole"]).format(figure=told(whole), about=about, days=made_of)
    return Answer(text=f"{text[0].upper()}{text[1:]}.", citations=tuple(_cited(days, home)), supported=True)


def _number(kind: str, value: float, unit: str) -> str:
    if kind == "slept":
        return f"{round(value) // 60} h {round(value) % 60:02} min"
    figure = f"{value:,.0f}" if unit == "" or value >= 1_000 else f"{value:,.1f}".removesuffix(".0")
    return f"{figure} {unit}".strip()


def _cited(days: list[_Day], home: Home) -> Iterator[Citation]:
    """The months, each with the first of its days that counts."""
    first: dict[str, _Day] = {}
    for one in days:
        first.setdefault(one.item.uri, one)
    for n, one in enumerate(first.values(), 1):
        yield Citation(
            n=n,
            uri=one.item.uri,
            start=one.start,
            end=min(one.end, one.start + _QUOTE),
            title=one.item.title,
            quote=one.item.text[one.start : min(one.end, one.start + _QUOTE)],
            kind=one.item.kind,
            when=datetime.combine(one.on, time.min, home.zone),
        )
