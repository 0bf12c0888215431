"""When events take place: every date of a series by itself, moved and cancelled ones heeded.

The calendar's indexer works out the dates of a series within a window and keeps so many of them. What
lies beyond is not known here, and is said to be unknown rather than counted as none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from app.core.types import ItemView
from app.store.agenda import ASSUMED

CANCELLED = "CANCELLED"
_KEPT_BEFORE, _KEPT = 60, 120  # dates of a series that its indexer keeps: before this month, and from it on

_FIRST, _LAST = datetime.min + timedelta(days=2), datetime.max - timedelta(days=2)  # in any zone


@dataclass(frozen=True)
class Occasion:
    """One date on which an event takes place; both times are in the person's zone."""

    item: ItemView
    begins: datetime
    ends: datetime

    def within(self, after: datetime | None, before: datetime | None) -> bool:
        """Whether any part of it lies in [after, before)."""
        return (before is None or self.begins < before) and (after is None or self.ends > after)


def occasions(events: Iterable[ItemView], zone: tzinfo) -> tuple[Occasion, ...]:
    """Every known date of ``events``, in order of time; cancelled ones are left out."""
    events = tuple(events)
    changed = {
        (event.thread, _at(event.when, event, zone))
        for event in events
        if "recurrence-id" in event.meta and event.when is not None
    }
    found = [occasion for event in events for occasion in _of(event, zone, changed)]
    return tuple(sorted(found, key=lambda one: (one.begins, one.item.uri)))


def known(event: ItemView, after: datetime | None, before: datetime | None, zone: tzinfo) -> bool:
    """Whether every date of ``event`` in [after, before) is among its :func:`occasions`."""
    if "instances-left-out" in event.meta:
        return False
    kept = [_aware(moment, zone) for moment in _instances(event)]
    if "repeats" not in event.meta:
        return True
    if not kept or event.when is None:
        return False
    missing = kept[0] - _at(event.when, event, zone)
    from_start = not missing or (len(kept) < _KEPT_BEFORE and missing < timedelta(days=366))
    ends = "UNTIL=" in event.meta.get("rrule", "UNTIL=") or "COUNT=" in event.meta["rrule"]
    to_end = ends and len(kept) < _KEPT
    return (from_start or (after is not None and after >= kept[0])) and (
        to_end or (before is not None and before <= kept[-1])
    )


def _of(event: ItemView, zone: tzinfo, changed: set[tuple[str, datetime]]) -> Iterator[Occasion]:
    if event.when is None or event.meta.get("status") == CANCELLED:
        return
    length = ASSUMED
    if "until" in event.meta:
        length = max(datetime.fromisoformat(event.meta["until"]) - event.when, timedelta(minutes=1))
    if "repeats" not in event.meta:
        begins = _at(event.when, event, zone)
        yield Occasion(event, begins, _end(begins, length))
        return
    for moment in _instances(event):
        begins = _aware(moment, zone)
        if (event.thread, begins) not in changed:  # the changed date is an item of its own
            yield Occasion(event, begins, _end(begins, length))


def _end(begins: datetime, length: timedelta) -> datetime:
    """As late as there are dates, where "for ever" is written as the year 9999."""
    try:
        return begins + length
    except OverflowError:
        return _LAST.replace(tzinfo=begins.tzinfo)


def _instances(event: ItemView) -> list[datetime]:
    return [datetime.fromisoformat(moment) for moment in event.meta.get("instances", "").split()]


def _at(when: datetime, event: ItemView, zone: tzinfo) -> datetime:
    """An all-day event begins at the person's midnight, wherever the calendar was written."""
    if "all-day" in event.meta:
        return _aware(datetime.fromisoformat(event.meta["all-day"]), zone)
    return _aware(when, zone)


def _aware(when: datetime, zone: tzinfo) -> datetime:
    if when.tzinfo is None:
        return when.replace(tzinfo=zone)
    try:
        return when.astimezone(zone)
    except OverflowError:  # within a day of the first or the last date there is
        return (_LAST if when.year > 1 else _FIRST).replace(tzinfo=zone)
