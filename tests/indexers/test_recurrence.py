"""Dates of repeating events equal those of another way to work them out; zones by whatever name they go.

The indexer lets recurring-ical-events expand; here dateutil's rules are put together by hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rruleset, rrulestr

from indexers import _recurrence, _zones, calendar
from indexers._ics import Event, parse
from indexers._recurrence import Budget
from indexers.item import Item, Skipped

FIRST, LAST = datetime(1990, 1, 1), datetime(2040, 1, 1)
EVENTS = [
    "DTSTART;TZID=Europe/Berlin:20240101T090000\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE\nEXDATE;TZID=Europe/Berlin:20240103T090000",
    "DTSTART;VALUE=DATE:20240131\nRRULE:FREQ=MONTHLY;COUNT=9",
    "DTSTART:20240101T090000\nRRULE:FREQ=DAILY;UNTIL=20240110T090000\nRDATE:20240301T120000,20240302T120000",
    "DTSTART:20240229T090000Z\nRRULE:FREQ=YEARLY",
    "DTSTART;TZID=America/New_York:20240303T023000\nRRULE:FREQ=DAILY;COUNT=12",
    "DTSTART;TZID=W. Europe Standard Time:20240105T180000\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20250101",
    "DTSTART;TZID=Asia/Kolkata:20240105T180000\nRRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=20",
    "DTSTART;VALUE=DATE:20240101\nRRULE:FREQ=WEEKLY;INTERVAL=3;COUNT=5\nEXDATE;VALUE=DATE:20240122",
    "DTSTART:20240101T100000Z\nRDATE;VALUE=PERIOD:20240201T100000Z/PT1H,20240301T100000Z/PT2H",
]
MOVED = "\nRECURRENCE-ID;TZID=Europe/Berlin:20240108T090000\nDTSTART;TZID=Europe/Berlin:20240109T110000"
FUTURE = "\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20240117T090000\n"
FUTURE += "DTSTART;TZID=Europe/Berlin:20240117T100000"


def wall(value: Any) -> datetime:
    """As it stands on the clock there, which is what rules count in."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time.min)
    return value.replace(tzinfo=None)


def listed(component: Any, name: str) -> list[Any]:
    values = component.get(name, [])
    found = [part.dt for value in (values if isinstance(values, list) else [values]) for part in value.dts]
    return [one[0] if isinstance(one, tuple) else one for one in found]


def by_hand(series: list[Event]) -> list[datetime]:
    """Every start of a series on its own wall clock, in order: RFC 5545, 3.8.4 and 3.8.5."""
    master = next(event.component for event in series if not event.recurrence)
    if str(master.get("STATUS", "")).upper() == "CANCELLED":
        return []
    start = master["DTSTART"].dt
    zone = start.tzinfo if isinstance(start, datetime) else None

    def local(value: Any) -> datetime:
        if isinstance(value, datetime) and value.tzinfo is not None and zone is not None:
            value = value.astimezone(zone)
        return wall(value)

    rules = rruleset()
    rules.rdate(wall(start))
    for rule in [master["RRULE"]] if "RRULE" in master else []:
        parts = dict(rule)
        until = parts.pop("UNTIL", [None])[0]
        text = type(rule)(parts).to_ical().decode()
        for moment in rrulestr(text, dtstart=wall(start)).xafter(FIRST, inc=True):
            if moment > LAST or (until is not None and moment > last(until, zone)):
                break
            rules.rdate(moment)
    for moment in listed(master, "RDATE"):
        rules.rdate(local(moment))
    left_out = {local(moment) for moment in listed(master, "EXDATE")}
    found = {moment for moment in rules if moment not in left_out}
    for event in sorted((one for one in series if one.recurrence), key=lambda one: one.recurrence):
        instead, moved = local(event.component["RECURRENCE-ID"].dt), local(event.component["DTSTART"].dt)
        if event.component["RECURRENCE-ID"].params.get("RANGE") == "THISANDFUTURE":
            later = {moment for moment in found if moment >= instead}
            found = (found - later) | {moment + (moved - instead) for moment in later}
        else:
            found.discard(instead)
            if event.status != "CANCELLED":
                found.add(moved)
    return sorted(found)


def last(until: Any, zone: Any) -> datetime:
    if isinstance(until, datetime):
        return wall(until.astimezone(zone) if until.tzinfo and zone else until)
    return datetime.combine(until, time.max)


def by_the_indexer(series: list[Event], zones: list[Any], today: date) -> list[datetime]:
    master = next(event for event in series if not event.recurrence)
    others = [event.component for event in series if event.recurrence]
    past, following = _recurrence.instances([master.component, *others], zones, today=today, budget=Budget())
    zone = getattr(master.component["DTSTART"].dt, "tzinfo", None)
    both = [*past, *following]
    return [wall(m.astimezone(zone) if isinstance(m, datetime) and m.tzinfo and zone else m) for m in both]


def compare(events: list[Event], zones: list[Any]) -> tuple[int, list[str]]:
    """(series compared, uids of those that differ within the window that the indexer looks at)."""
    grouped: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        grouped[event.uid].append(event)
    compared, differ = 0, []
    for uid, series in grouped.items():
        masters = [event for event in series if not event.recurrence]
        if len(masters) != 1 or masters[0].start is None or not calendar._repeats(masters[0]):
            continue
        begun = masters[0].start
        today = date(begun.year, begun.month, 1) + timedelta(days=200)
        if _recurrence.refusal(masters[0].component, begun, _recurrence.window(today)[2], Budget()):
            continue
        found = by_the_indexer(series, zones, today)
        compared += 1
        expected = by_hand(series)
        middle = [m for m in expected if found and found[0] <= m <= found[-1]]
        short = len(expected) <= 100 and (not expected or (expected[-1] - expected[0]).days < 300)
        if found != (expected if short else middle) or (expected and not found):
            differ.append(uid)
    return compared, differ


@pytest.mark.parametrize("event", EVENTS)
def test_equal_to_another_expansion(event: str) -> None:
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n{event}\nEND:VEVENT\nEND:VCALENDAR\n"
    found = parse(text.encode())
    assert found.faults == []
    assert compare(found.events, found.zones) == (1, [])


def test_changed_and_from_then_on_changed_dates() -> None:
    events = [EVENTS[0].partition("\nEXDATE")[0] + ";COUNT=9", MOVED.strip(), FUTURE.strip()]
    for chosen in (events[:2], [events[0], events[2]]):
        text = "".join(f"BEGIN:VEVENT\nUID:1\n{event}\nEND:VEVENT\n" for event in chosen)
        found = parse(f"BEGIN:VCALENDAR\n{text}END:VCALENDAR\n".encode())
        assert compare(found.events, found.zones) == (1, [])
    later = by_hand(found.events)
    assert [moment.hour for moment in later] == [9] * 5 + [10] * 4


def test_a_wrong_date_would_be_noticed() -> None:
    """The control: a rule that is counted wrongly differs."""
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n{EVENTS[1]}\nEND:VEVENT\nEND:VCALENDAR\n"
    found = parse(text.encode())
    found.events[0].component["RRULE"]["COUNT"] = [8]
    assert by_the_indexer(found.events, [], date(2024, 6, 1)) != by_hand(parse(text.encode()).events)


def test_the_series_of_others_are_equal_too(corpus: Callable[[str], Path]) -> None:
    """In one file RDATE is damaged, so that neither way can tell its dates; all others are equal."""
    compared, differ = 0, {}
    for name in ("ics_ical4j", "ics_icalendar"):
        for path in sorted(corpus(name).rglob("*.ics")):
            if path.name == "issue_464_invalid_rdate.ics":
                continue
            found = parse(path.read_bytes())
            count, other = compare(found.events, found.zones)
            compared += count
            if other:
                differ[path.name] = other
    assert compared >= 99
    assert differ == {}


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Lisbon", "Europe/Lisbon"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Eastern Daylight Time", "America/New_York"),
        ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin"),
        (
            "/freeassociation.sourceforge.net/Tzfile/America/Argentina/Buenos_Aires",
            "America/Argentina/Buenos_Aires",
        ),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Amsterdam"),
        ("(GMT-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi", "Asia/Kolkata"),
        ("(UTC+09:00) Berlin", ""),
        ("GMT+0200", "Etc/GMT-2"),
        ("UTC+2", "Etc/GMT-2"),
        ("Customized Time Zone", ""),
        ("../../etc/passwd", ""),
    ],
)
def test_names_of_zones(name: str, zone: str) -> None:
    assert _zones.olson(name) == zone
    if zone:
        assert ZoneInfo(zone)


def zoned(tmp_path: Path, offset: str) -> datetime:
    """An event in a zone that the file defines under a name of its own."""
    lines = (
        "BEGIN:VCALENDAR",
        "BEGIN:VTIMEZONE\nTZID:Customized Time Zone\nBEGIN:STANDARD\nDTSTART:16010101T000000",
        f"TZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE",
        "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Customized Time Zone:20260602T100000\nEND:VEVENT\nEND:VCALENDAR\n",
    )
    (tmp_path / "a.ics").write_text("\n".join(lines))
    (item,) = calendar.read(tmp_path / "a.ics")
    assert isinstance(item, Item)
    assert item.when is not None
    return item.when


def test_a_zone_of_the_file_is_that_file_s_alone(tmp_path: Path) -> None:
    assert zoned(tmp_path, "+0330") == datetime(2026, 6, 2, 6, 30, tzinfo=UTC)
    assert zoned(tmp_path, "-0200") == datetime(2026, 6, 2, 12, tzinfo=UTC)


def test_lines_may_be_folded_within_a_character(tmp_path: Path) -> None:
    data = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260602T100000Z\r\nSUMMARY:Zoë".encode()
    (tmp_path / "a.ics").write_bytes(
        data[:-1] + b"\r\n " + data[-1:] + b"!\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    (item,) = calendar.read(tmp_path / "a.ics")
    assert not isinstance(item, Skipped)
    assert item.title == "Zoë!"
