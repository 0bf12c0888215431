"""Calendars: single events, series, changed dates, zones, and files that are broken or hostile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from indexers import calendar
from indexers.item import Item, Skipped

TODAY = date(2026, 11, 22)


def read(tmp_path: Path, *lines: str) -> list[Item | Skipped]:
    path = tmp_path / "a.ics"
    path.write_text("\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", "")))
    return list(calendar.read(path, today=TODAY))


def event(*lines: str) -> tuple[str, ...]:
    return ("BEGIN:VEVENT", *lines, "END:VEVENT")


def items(found: list[Item | Skipped]) -> dict[str, Item]:
    return {item.uri: item for item in found if isinstance(item, Item)}


CHOIR = (
    *event(
        "UID:choir@x",
        "DTSTART;TZID=Europe/Lisbon:20260901T190000",
        "DTEND;TZID=Europe/Lisbon:20260901T203000",
        "RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20270131T000000Z",
        "EXDATE;TZID=Europe/Lisbon:20261124T190000",
        "SUMMARY:Choir rehearsal",
        "LOCATION:St. Mary",
        "ORGANIZER;CN=Anna:mailto:Anna@x.org",
        "ATTENDEE;CN=Bob;PARTSTAT=ACCEPTED:mailto:bob@x.org",
    ),
    *event(
        "UID:choir@x",
        "RECURRENCE-ID;TZID=Europe/Lisbon:20261201T190000",
        "DTSTART;TZID=Europe/Lisbon:20261202T183000",
        "SUMMARY:Choir rehearsal",
    ),
    *event(
        "UID:choir@x",
        "RECURRENCE-ID;TZID=Europe/Lisbon:20261208T190000",
        "DTSTART;TZID=Europe/Lisbon:20261208T190000",
        "STATUS:CANCELLED",
        "SUMMARY:Choir rehearsal",
    ),
)


def test_a_series_with_changed_dates(tmp_path: Path) -> None:
    found = items(read(tmp_path, *CHOIR))
    assert set(found) == {
        "event:choir@x",
        "event:choir@x/20261201T190000",
        "event:choir@x/20261208T190000",
    }
    series = found["event:choir@x"]
    assert series.when == datetime(2026, 9, 1, 18, tzinfo=UTC)
    assert series.until == datetime(2026, 9, 1, 19, 30, tzinfo=UTC)
    assert series.place == "St. Mary"
    assert [(person.name, person.address, person.role) for person in series.people] == [
        ("Anna", "anna@x.org", "organizer"),
        ("Bob", "bob@x.org", "attendee"),
    ]
    assert "Every week on Tuesday at 19:00, until 31 January 2027" in series.text
    assert "Cancelled on: Tuesday 24 November 2026; Tuesday 8 December 2026" in series.text
    assert "Instead of Tuesday 1 December 2026: Wednesday 2 December 2026, 18:30" in series.text
    dates = series.meta["instances"].split()
    assert "2026-10-27T19:00:00+00:00" in dates, "19:00 in Lisbon, after the change of clocks too"
    assert "2026-09-29T19:00:00+01:00" in dates
    assert "2026-12-02T18:30:00+00:00" in dates
    assert not [day for day in dates if day.startswith(("2026-11-24", "2026-12-01", "2026-12-08"))]
    cancelled = found["event:choir@x/20261208T190000"]
    assert (cancelled.title, cancelled.meta["status"]) == ("Choir rehearsal", "CANCELLED")
    assert "cancelled" in cancelled.text
    assert cancelled.thread == series.thread == "event:choir@x"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY;COUNT=3", "Every day at 10:00, 3 times"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR", "Every 2 weeks on Monday, Wednesday and Friday at 10:00"),
        ("FREQ=MONTHLY;BYDAY=1TU", "Every month on the first Tuesday at 10:00"),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "the last Monday, Tuesday, Wednesday, Thursday or Friday",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=15,-1", "Every month on day 15 and the last day at 10:00"),
        ("FREQ=YEARLY", "Every year on 2 June at 10:00"),
    ],
)
def test_rules_in_words(tmp_path: Path, rule: str, words: str) -> None:
    (item,) = read(tmp_path, *event("UID:1", "DTSTART:20260602T100000Z", f"RRULE:{rule}", "SUMMARY:x"))
    assert isinstance(item, Item)
    assert words in item.meta["repeats"]
    assert "instances" in item.meta


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=999999999",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;BYSETPOS=5;BYHOUR=3",
        "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=" + ",".join(map(str, range(60))),
        "FREQ=NEVER",
    ],
)
def test_rules_that_would_never_end(tmp_path: Path, rule: str) -> None:
    found = read(tmp_path, *event("UID:1", "DTSTART:19700101T000000Z", f"RRULE:{rule}", "SUMMARY:x"))
    (result,) = found
    if isinstance(result, Item):
        assert "instances" not in result.meta
    else:
        assert "damaged" in result.reason


def test_dates_are_limited(tmp_path: Path) -> None:
    lines = [
        line
        for n in range(60)
        for line in event(f"UID:{n}", "DTSTART:20200101T000000Z", "RRULE:FREQ=DAILY", "SUMMARY:x")
    ]
    found = items(read(tmp_path, *lines))
    told = [len(item.meta.get("instances", "").split()) for item in found.values()]
    assert len(told) == 60
    assert sum(told) <= 5000
    assert max(told) <= 260


def test_all_day_zones_and_no_uid(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        *event("DTSTART;VALUE=DATE:20260602", "DTEND;VALUE=DATE:20260605", "SUMMARY:Fair"),
        *event(
            "UID:2", "DTSTART;TZID=W. Europe Standard Time:20260602T100000", "DURATION:PT90M", "SUMMARY:Talk"
        ),
    )
    fair, talk = (item for item in found if isinstance(item, Item))
    assert fair.uri.startswith("event:sha256-")
    assert fair.meta["all-day"] == "2026-06-02"
    assert "Tuesday 2 June 2026 to Thursday 4 June 2026, all day" in fair.text
    assert fair.when is not None
    assert fair.until == fair.when + timedelta(days=3)
    assert talk.when == datetime(2026, 6, 2, 8, tzinfo=UTC)
    assert talk.until == datetime(2026, 6, 2, 9, 30, tzinfo=UTC)


def test_a_broken_event_spoils_no_other(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        *event("UID:1", "DTSTART:20260602T100000Z", "SUMMARY:Good"),
        *event("UID:2", "DTSTART:yesterday", "SUMMARY:Bad"),
        *event("UID:3", "DTSTART:20260603T100000Z", "SUMMARY:Fine", "this line is nothing"),
    )
    assert [item.title for item in found if isinstance(item, Item)] == ["Good", "Fine"]
    assert ["Bad" in skip.reason for skip in found if isinstance(skip, Skipped)] == [True]


def test_two_calendars_in_a_file_and_the_newest_version(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        *event("UID:1", "SEQUENCE:2", "DTSTART:20260602T100000Z", "SUMMARY:New"),
        "END:VCALENDAR",
        "BEGIN:VCALENDAR",
        *event("UID:1", "SEQUENCE:1", "DTSTART:20260601T100000Z", "SUMMARY:Old"),
        *event("UID:2", "DTSTART:20260602T100000Z", "SUMMARY:Other"),
    )
    assert [item.title for item in found if isinstance(item, Item)] == ["New", "Other"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"<html>", "not a calendar file"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "no events"),
        (b"BEGIN:VCALENDAR\n" + b"X-A:b\n" * 900_000 + b"END:VCALENDAR\n", "limit of 5 MB"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 10_001 + b"END:VCALENDAR\n", "10,000"),
    ],
)
def test_what_is_no_calendar(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "a.ics").write_bytes(data)
    (found,) = calendar.read(tmp_path / "a.ics")
    assert isinstance(found, Skipped)
    assert words in found.reason


def test_known_events(corpus: Callable[[str], Path]) -> None:
    found = items(list(calendar.read(corpus("ics_ical4j") / "samples" / "valid" / "rfc5545-sec4.1.ics")))
    (item,) = found.values()
    assert item.title == "Networld+Interop Conference"
    assert item.when == datetime(1996, 9, 18, 14, 30, tzinfo=UTC)
    assert item.until == datetime(1996, 9, 20, 22, tzinfo=UTC)
