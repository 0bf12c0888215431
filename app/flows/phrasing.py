"""What was counted, said in the language of the question by code: figure, conditions, time."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from app.core.types import ItemView, Record
from app.flows import questions
from app.flows.amounts import Amount
from app.flows.planning import CONCEPTS, Plan

_DAY = timedelta(days=1)


class Counted(Record, frozen=True, kw_only=True):
    """One thing that was counted: the item, the moment it stands for, and the amount it was taken for."""

    item: ItemView
    at: datetime | None
    amount: Amount | None = None


class Result(Record, frozen=True, kw_only=True):
    """``total`` of them, of which ``found`` are listed."""

    total: int
    found: tuple[Counted, ...]
    others: int = 0  # could not be compared
    mentioned: int = 0  # name whom it is about, and were not counted
    placeless: int = 0  # might have to be counted too
    days: int = 0  # on which they were written


def sentence(plan: Plan, result: Result, *, now: datetime, indexing: bool) -> str:
    """The answer in one line; empty where it cannot be said with certainty."""
    say = questions.data()[plan.language]["say"]
    if plan.asks in ("first", "last", "next"):
        text = _single(plan, result.found[0], say, now)
    else:
        text = _many(plan, result, say, now)
    if not text:
        return ""
    if plan.kind in CONCEPTS:
        text += say["titled"]
    if plan.kind in ("event", "flight"):
        text = f"{say['calendar']}: {text}"
    parts = [f"{text[0].upper()}{text[1:]}."]
    if result.others:
        parts.append(say["others"].format(result.others))
    if result.mentioned:
        parts.append(say["mentioned"].format(result.mentioned, plan.event.met))
    if result.placeless:
        parts.append(say["placeless"].format(result.placeless))
    if (result.days or result.total) > len(result.found):
        parts.append(say["cut"].format(f"{len(result.found):,}"))
    if indexing:
        parts.append(say["indexing"])
    return " ".join(parts)


def _many(plan: Plan, result: Result, say: dict[str, Any], now: datetime) -> str:
    thing, things = say[_called(plan, result)]
    words = {
        "n": f"{result.total:,}",
        "thing": thing,
        "things": thing if result.total == 1 else things,
        "about": _about(plan, say, now) + _days(result, say),
    }
    if plan.asks == "sum":
        total = _total(result)
        return str(say["sum"].format(**words, total=total)) if total else ""
    return str(say["count" if result.total else "zero"].format(**words))


def _called(plan: Plan, result: Result) -> str:
    """The word for what was counted: files of a sort may all be attachments, or documents."""
    if plan.kind == "message" and plan.query.words:
        return "message_day"
    if plan.kind != "file":
        return plan.kind
    kinds = {one.item.kind for one in result.found} or set(plan.query.kinds)
    if plan.thing in ("pdf", "docx"):
        return next(iter(kinds)) if len(kinds) == 1 else "files"
    return plan.thing


def _days(result: Result, say: dict[str, Any]) -> str:
    if not result.days:
        return ""
    return str(say["day"] if result.days == 1 else say["days"]).format(result.days)


def _total(result: Result) -> str:
    """The sum of what all come to; empty where they are in several currencies or not all there."""
    currencies = {one.amount.currency for one in result.found if one.amount}
    if len(currencies) != 1 or result.total != len(result.found):
        return ""
    value = sum((one.amount.value for one in result.found if one.amount), Decimal(0))
    return f"{value:,.2f} {currencies.pop()}"


def _single(plan: Plan, one: Counted, say: dict[str, Any], now: datetime) -> str:
    if one.at is None:
        return ""
    at = one.at.astimezone(now.tzinfo)
    clock = "" if "all-day" in one.item.meta or one.item.kind == "message" else f", {at:%H:%M}"
    title = str(say["quoted"]).format(one.item.title)
    return str(say[plan.asks]).format(title=title, when=day(at, say) + clock) + " [1]"


def _about(plan: Plan, say: dict[str, Any], now: datetime) -> str:
    conditions = "".join(say[name].format(words) for name, words in plan.told)
    return conditions + span(plan.query.after, plan.query.before, say, now)


def span(after: datetime | None, before: datetime | None, say: dict[str, Any], now: datetime) -> str:
    if after is None or before is None:
        if after is not None and after != now:
            return str(say["since"]).format(day(after, say))
        return str(say["before"]).format(day(before, say)) if before is not None and before != now else ""
    last = before - timedelta(microseconds=1)
    within = str(say["in"])
    if after.day == 1 and before == _month_after(after):
        return within.format(_words(after, say, "month"))
    if (after.month, after.day) == (1, 1) and before == after.replace(year=after.year + 1):
        return within.format(after.year)
    if last.date() == after.date():
        return within.format(day(after, say))
    return str(say["range"]).format(day(after, say), day(last, say))


def _month_after(first: datetime) -> datetime:
    return (first + 31 * _DAY).replace(day=1)


def day(at: datetime, say: dict[str, Any]) -> str:
    return _words(at, say, "first_day" if at.day == 1 and "first_day" in say else "date")


def _words(at: datetime, say: dict[str, Any], form: str) -> str:
    return str(say[form]).format(day=at.day, month=say["months"].split()[at.month - 1], year=at.year)
