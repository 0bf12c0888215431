"""Calendar programs' own databases, made here as these programs make them, and what lies beside calendars."""

from __future__ import annotations

import plistlib
import random
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from indexers import _sqlite, calendar
from indexers.item import Item, Skipped, Unit
from tests.indexers.test_hostile import mutations

TODAY = date(2026, 11, 22)
MOZILLA = """
    CREATE TABLE cal_events (cal_id TEXT, id TEXT, time_created INTEGER, last_modified INTEGER, title TEXT,
        priority INTEGER, privacy TEXT, ical_status TEXT, flags INTEGER, event_start INTEGER,
        event_end INTEGER, event_stamp INTEGER, event_start_tz TEXT, event_end_tz TEXT,
        recurrence_id INTEGER, recurrence_id_tz TEXT, alarm_last_ack INTEGER, offline_journal INTEGER);
    CREATE TABLE cal_todos (cal_id TEXT, id TEXT, title TEXT, ical_status TEXT, flags INTEGER,
        todo_entry INTEGER, todo_entry_tz TEXT, todo_due INTEGER, todo_due_tz TEXT, recurrence_id INTEGER,
        recurrence_id_tz TEXT, offline_journal INTEGER);
    CREATE TABLE cal_attendees (item_id TEXT, recurrence_id INTEGER, recurrence_id_tz TEXT, cal_id TEXT,
        icalString TEXT);
    CREATE TABLE cal_recurrence (item_id TEXT, cal_id TEXT, icalString TEXT);
    CREATE TABLE cal_properties (item_id TEXT, key TEXT, value BLOB, recurrence_id INTEGER,
        recurrence_id_tz TEXT, cal_id TEXT);
"""


def micro(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp()) * 1_000_000  # type: ignore[misc] # ints in order


def thunderbird(profile: Path) -> Path:
    (profile / "calendar-data").mkdir(parents=True)
    (profile / "prefs.js").write_text('user_pref("calendar.registry.c1.name", "At \\"home\\"");\n')
    path = profile / "calendar-data" / "local.sqlite"
    db = sqlite3.connect(path)
    db.executescript(MOZILLA)
    event = "INSERT INTO cal_events (cal_id, id, title, ical_status, flags, event_start, event_end, "
    event += "event_start_tz, event_end_tz, recurrence_id, recurrence_id_tz, offline_journal) VALUES "
    rows = (
        (
            "c1",
            "choir",
            "Choir; loud",
            None,
            16,
            micro(2026, 9, 1, 17),
            micro(2026, 9, 1, 18),
            "Europe/Berlin",
        ),
        ("c1", "fair", "Fair", "CONFIRMED", 8, micro(2026, 6, 2), micro(2026, 6, 4), "floating"),
        ("c2", "nap", "Nap", None, 0, micro(2026, 6, 2, 13), micro(2026, 6, 2, 14), "floating"),
        ("c1", "gone", "Gone", None, 0, micro(2026, 6, 2), micro(2026, 6, 2), "UTC"),
    )
    for row in rows:
        gone = 4 if row[1] == "gone" else None
        db.execute(f"{event} ({','.join('?' * 12)})", (*row, row[7], None, None, gone))
    changed = (
        "c1",
        "choir",
        "Choir",
        None,
        0,
        micro(2026, 12, 2, 18),
        micro(2026, 12, 2, 19),
        "Europe/Berlin",
    )
    whole = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nEND:VTIMEZONE"
    db.execute(f"{event} ({','.join('?' * 12)})", (*changed, "UTC", micro(2026, 12, 1, 18), whole, None))
    todo = ("c1", "tax", "Tax", None, 0, None, None, micro(2026, 5, 31, 10), "UTC", None, None, None)
    db.execute(f"INSERT INTO cal_todos VALUES ({','.join('?' * 12)})", todo)
    for line in ("RRULE:FREQ=WEEKLY;UNTIL=20270131T000000Z\r\n", "EXDATE:20261124T180000Z\r\n", "END:VEVENT"):
        db.execute("INSERT INTO cal_recurrence VALUES ('choir', 'c1', ?)", (line,))
    organizer = "ORGANIZER;CN=Anna:mailto:\r\n anna@example.org\r\n"
    db.execute("INSERT INTO cal_attendees VALUES ('choir', NULL, NULL, 'c1', ?)", (organizer,))
    for key, value in (("LOCATION", b"St. Mary"), ("DESCRIPTION", "Bring\nthe score")):
        db.execute("INSERT INTO cal_properties VALUES ('choir', ?, ?, NULL, NULL, 'c1')", (key, value))
    db.commit()
    db.close()
    return path


def items(path: Path) -> dict[str, Item]:
    found = list(calendar.read(path, today=TODAY))
    assert not [one for one in found if isinstance(one, Skipped)]
    return {item.uri: item for item in found if isinstance(item, Item)}


def test_thunderbird(tmp_path: Path) -> None:
    found = items(thunderbird(tmp_path))
    assert set(found) == {
        "event:choir",
        "event:choir/20261201T190000",
        "event:fair",
        "event:nap",
        "event:tax",
    }
    choir = found["event:choir"]
    assert choir.title == "Choir; loud"
    assert choir.when == datetime(2026, 9, 1, 17, tzinfo=UTC)
    assert (choir.meta["calendar"], choir.meta["zone"], choir.place) == (
        'At "home"',
        "Europe/Berlin",
        "St. Mary",
    )
    assert choir.text.endswith("Bring\nthe score")
    assert [person.address for person in choir.people] == ["anna@example.org"]
    dates = choir.meta["instances"].split()
    assert {"2026-11-17T19:00:00+01:00", "2026-12-02T19:00:00+01:00"} <= set(dates)
    assert not [day for day in dates if day.startswith(("2026-11-24", "2026-12-01"))]
    assert found["event:fair"].meta["all-day"] == "2026-06-02"
    nap = found["event:nap"].when
    assert nap is not None
    assert nap.hour == 13, "at one o'clock wherever one is"
    assert found["event:nap"].meta["calendar"] == "Thunderbird"
    assert found["event:tax"].until == datetime(2026, 5, 31, 10, tzinfo=UTC)


def test_the_log_beside_is_read_and_a_change_is_noticed(tmp_path: Path) -> None:
    path = thunderbird(tmp_path)
    (before,) = calendar.scan(tmp_path)
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("UPDATE cal_events SET title = 'Long nap' WHERE id = 'nap'")
    db.commit()
    (after,) = calendar.scan(tmp_path)
    assert isinstance(before, Unit)
    assert isinstance(after, Unit)
    assert before.path == after.path
    assert before.stamp != after.stamp
    assert items(path)["event:nap"].title == "Long nap"
    db.close()


def test_of_a_profile_only_its_calendars_are_listed(tmp_path: Path) -> None:
    path = thunderbird(tmp_path / "x.default")
    for name in ("places.sqlite", "Mail/Local Folders/Inbox", "calendar-data/deleted.sqlite"):
        (path.parent.parent / name).parent.mkdir(parents=True, exist_ok=True)
        (path.parent.parent / name).write_bytes(b"x")
    (tmp_path / "profiles.ini").write_text("[General]\n")
    assert [unit.path for unit in calendar.scan(tmp_path) if isinstance(unit, Unit)] == [str(path)]
    assert not [one for one in calendar.scan(tmp_path) if isinstance(one, Skipped)]


APPLE = """
    CREATE TABLE Calendar (ROWID INTEGER PRIMARY KEY, store_id INTEGER, title TEXT);
    CREATE TABLE Location (ROWID INTEGER PRIMARY KEY, title TEXT, address TEXT);
    CREATE TABLE Identity (ROWID INTEGER PRIMARY KEY, display_name TEXT, address TEXT);
    CREATE TABLE Participant (ROWID INTEGER PRIMARY KEY, entity_type INTEGER, status INTEGER, email TEXT,
        identity_id INTEGER, owner_id INTEGER);
    CREATE TABLE Recurrence (ROWID INTEGER PRIMARY KEY, frequency INTEGER, interval INTEGER,
        week_start INTEGER, count INTEGER, end_date REAL, specifier TEXT, owner_id INTEGER);
    CREATE TABLE ExceptionDate (ROWID INTEGER PRIMARY KEY, owner_id INTEGER, date REAL);
    CREATE TABLE CalendarItem (ROWID INTEGER PRIMARY KEY, summary TEXT, location_id INTEGER,
        description TEXT, start_date REAL, start_tz TEXT, end_date REAL, end_tz TEXT, all_day INTEGER,
        calendar_id INTEGER, orig_item_id INTEGER, orig_date REAL, status INTEGER, url TEXT,
        unique_identifier TEXT, UUID TEXT, hidden INTEGER, entity_type INTEGER);
    INSERT INTO Calendar VALUES (1, 1, 'Home');
    INSERT INTO Location VALUES (1, 'Rathaus', 'Marienplatz 8');
    INSERT INTO Identity VALUES (1, 'Anna', NULL);
    INSERT INTO Participant VALUES (1, 8, 0, 'anna@example.org', 1, 1), (2, 7, 1, 'bob@example.org', NULL, 1);
    INSERT INTO Recurrence VALUES (1, 3, 1, 1, 0, 0, 'D=+2TU', 1), (2, 2, 2, 1, 6, NULL, 'D=0MO,0WE', 3);
"""


def apple(*moment: int) -> float:
    return micro(*moment) / 1e6 - 978_307_200


def test_apple_calendar(tmp_path: Path) -> None:
    path = tmp_path / "Calendar.sqlitedb"
    db = sqlite3.connect(path)
    db.executescript(APPLE)
    berlin = "Europe/Berlin"
    rows = (
        (1, "Council", 1, None, apple(2026, 9, 8, 17), berlin, apple(2026, 9, 8, 19), berlin, 0, None,
         None, 1, "A"),
        (2, "Council", 1, None, apple(2026, 12, 9, 18), berlin, apple(2026, 12, 9, 19), berlin, 0, 1,
         apple(2026, 12, 8, 18), 3, "B"),
        (3, "Fair", None, "x", apple(2026, 6, 1), "_float", apple(2026, 6, 2, 23, 59, 59), None, 1, None,
         None, 0, "C"),
    )  # fmt: skip
    for row in rows:
        where = "(ROWID, summary, location_id, description, start_date, start_tz, end_date, end_tz, all_day, "
        where += "orig_item_id, orig_date, status, unique_identifier, calendar_id, entity_type)"
        db.execute(f"INSERT INTO CalendarItem {where} VALUES ({','.join('?' * 13)}, 1, 2)", row)
    db.execute("INSERT INTO ExceptionDate VALUES (1, 1, ?)", (apple(2026, 10, 13, 17),))
    db.execute("INSERT INTO ExceptionDate VALUES (2, 3, ?)", (apple(2026, 6, 3),))
    db.commit()
    db.close()
    found = items(path)
    assert set(found) == {"event:A", "event:A/20261208T190000", "event:C"}
    council = found["event:A"]
    assert "Every month on the second Tuesday at 19:00" in council.text
    assert council.place == "Rathaus, Marienplatz 8"
    assert [(p.name, p.address, p.role) for p in council.people] == [
        ("Anna", "anna@example.org", "organizer"),
        ("", "bob@example.org", "attendee"),
    ]
    assert "bob@example.org (accepted)" in council.text
    dates = council.meta["instances"].split()
    assert dates[:2] == ["2026-09-08T19:00:00+02:00", "2026-11-10T19:00:00+01:00"]
    assert not [day for day in dates if day.startswith(("2026-12-08", "2026-12-09"))], "moved, then cancelled"
    assert found["event:A/20261208T190000"].meta["status"] == "CANCELLED"
    fair = found["event:C"]
    assert fair.meta["all-day"] == "2026-06-01"
    assert "Monday 1 June 2026 to Tuesday 2 June 2026, all day" in fair.text
    assert fair.meta["instances"].split() == [
        "2026-06-01",
        "2026-06-15",
        "2026-06-17",
        "2026-06-29",
        "2026-07-01",
    ]


def test_apple_folders_and_vdirs_have_names(tmp_path: Path) -> None:
    event = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:{}\nDTSTART:20260602T100000Z\nEND:VEVENT\nEND:VCALENDAR\n"
    events = tmp_path / "X.caldav" / "Y.calendar" / "Events"
    events.mkdir(parents=True)
    (events / "1.ics").write_text(event.format(1))
    (events.parent / "Info.plist").write_bytes(plistlib.dumps({"Title": "Family"}))
    vdir = tmp_path / "vdir"
    vdir.mkdir()
    (vdir / "2.ics").write_text(event.format(2))
    (vdir / "displayname").write_text("Work\n")
    (vdir / "color").write_text("#ff0000")
    units = list(calendar.scan(tmp_path))
    assert all(isinstance(unit, Unit) for unit in units)
    named = [items(Path(unit.path)) for unit in units if isinstance(unit, Unit)]
    assert sorted(item.meta["calendar"] for one in named for item in one.values()) == ["Family", "Work"]


def test_databases_that_are_none_or_damaged(tmp_path: Path) -> None:
    path = thunderbird(tmp_path / "p")
    good = path.read_bytes()
    chance = random.Random(22)
    for data in (b"", b"nothing", *mutations(good, chance, 60)):
        path.write_bytes(data)
        assert list(calendar.read(path, today=TODAY)), "neither item nor reason"
    other = tmp_path / "cache.sqlite"
    sqlite3.connect(other).execute("CREATE TABLE a (b)").connection.commit()
    (found,) = calendar.read(other)
    assert isinstance(found, Skipped)
    assert "no calendar" in found.reason


def test_what_changed_leads_to_what_is_to_be_read(tmp_path: Path) -> None:
    path = thunderbird(tmp_path)
    log = path.with_name("local.sqlite-wal")
    log.write_bytes(b"")
    assert calendar.concerned(tmp_path, log) == path
    assert calendar.concerned(tmp_path, tmp_path / "prefs.js") is None, "a full look passes over it, too"
    (tmp_path / "team-journal").mkdir()
    assert calendar.concerned(tmp_path, tmp_path / "team-journal") == tmp_path / "team-journal"
    other = path.parent / "notes.txt"
    other.write_text("x")
    assert calendar.concerned(tmp_path, other) is None
    assert calendar.concerned(path.parent, other) == other, "nothing says that this is a profile"


def test_a_series_that_is_too_large_costs_no_other(tmp_path: Path) -> None:
    path = thunderbird(tmp_path)
    db = sqlite3.connect(path)
    for name in ("nap", "fair"):
        cal = "c2" if name == "nap" else "c1"
        row = (name, "DESCRIPTION", "x" * 6_000_000, cal)
        db.execute("INSERT INTO cal_properties VALUES (?, ?, ?, NULL, NULL, ?)", row)
    db.commit()
    db.close()
    found = list(calendar.read(path, today=TODAY))
    kept = {one.uri for one in found if isinstance(one, Item)}
    assert kept == {"event:choir", "event:choir/20261201T190000", "event:tax"}
    bad = [one for one in found if isinstance(one, Skipped)]
    assert ["over the limit" in one.reason for one in bad] == [True, True]
    assert len({one.uri for one in bad}) == 2


def test_a_long_log_gives_signs_of_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, beats = thunderbird(tmp_path), list[int]()
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA wal_autocheckpoint = 0")
    db.execute("UPDATE cal_events SET title = ?", ("x" * 300_000,))
    db.commit()
    monkeypatch.setattr(_sqlite, "_SIGN", 100_000)
    monkeypatch.setattr(_sqlite._pulse, "beat", lambda: beats.append(1))
    _sqlite._image(path)
    db.close()
    assert len(beats) > 10
