"""Calendar programs' databases: Thunderbird's and Apple Calendar's rows, written out as iCalendar text.

So an event is read in one way wherever it comes from. Thunderbird: schema 22 and later, whose recurrences,
attendees and relations are iCalendar lines (calendar/providers/storage of its source code). Apple: the
tables of Calendar.sqlitedb as public readers of it agree on them; Apple has not published them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from indexers import _zones
from indexers._content import Unreadable
from indexers._sqlite import Copy

NAMES = frozenset(("local.sqlite", "cache.sqlite", "storage.sdb", "calendar.sqlitedb"))
MAX_EVENTS = 50_000
_AT_ONCE, _MOST_CHARS = 200, 500_000  # series in one text, and characters of them
_ALL_DAY, _CHANGED_ALL_DAY = 8, 512  # flags of Thunderbird's rows
_DELETED = 4  # offline_journal: gone here, not yet at the server
_PREF = re.compile(r'user_pref\("calendar\.registry\.([^"]{1,100})\.name", "((?:[^"\\]|\\.){1,200})"\);')
_LINE = re.compile(r"(?!BEGIN|END)[A-Z-]{1,60}[;:].*", re.I)
_APPLE = datetime(2001, 1, 1, tzinfo=UTC)
_FREQUENCIES = {1: "DAILY", 2: "WEEKLY", 3: "MONTHLY", 4: "YEARLY"}
_PARTS = {"D": "BYDAY", "M": "BYMONTHDAY", "O": "BYMONTH", "S": "BYSETPOS", "Y": "BYYEARDAY", "W": "BYWEEKNO"}
_ANSWERS = {1: "ACCEPTED", 2: "DECLINED", 3: "TENTATIVE", 4: "DELEGATED"}
_STATES = {1: "CONFIRMED", 2: "TENTATIVE", 3: "CANCELLED"}

Row = dict[str, Any]


def calendars(path: Path) -> Iterator[tuple[str, str]]:
    """(name, iCalendar text) of every calendar, in pieces; Unreadable for another kind of database."""
    with Copy(path) as copy:
        tables = copy.tables()
        if "cal_events" in tables:
            found = _thunderbird(copy, _names(path))
        elif {"CalendarItem", "Calendar"} <= tables:
            found = _apple(copy)
        else:
            raise Unreadable("a database that is no calendar")
        for (name, _), series in found.items():
            for lines in _together(series):
                yield name, "\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""))


def _together(series: Iterable[list[str]]) -> Iterator[list[str]]:
    """The lines of several series, never so many that these are too much; one that is, is alone."""
    lines: list[str] = []
    chars = count = 0
    for one in series:
        size = sum(map(len, one))
        if lines and (count >= _AT_ONCE or chars + size > _MOST_CHARS):
            yield lines
            lines, chars, count = [], 0, 0
        lines += one
        chars, count = chars + size, count + 1
    if lines:
        yield lines


def _rows(copy: Copy, table: str, columns: str, more: str = "") -> Iterator[Row]:
    names = [name.strip().rpartition(" ")[2].rpartition(".")[2] for name in columns.split(",")]
    for count, row in enumerate(copy.rows(f"SELECT {columns} FROM {table} {more}")):
        if count >= 20 * MAX_EVENTS:
            raise Unreadable("more rows than any calendar has")
        yield dict(zip(names, row, strict=True))


def _line(name: str, value: object) -> list[str]:
    """One property; nothing where there is no value."""
    text = "" if value is None else str(value).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = re.sub(r"\r\n?|\n", "\\\\n", text)
    return [f"{name}:{text}"] if text.strip() else []


def _when(name: str, moment: datetime, zone: str, *, all_day: bool) -> str:
    """A moment in UTC as a property: a day, wall time in its zone, or floating where it has none."""
    if all_day:
        return f"{name};VALUE=DATE:{moment:%Y%m%d}"
    if zone in ("floating", "_float", ""):
        return f"{name}:{moment:%Y%m%dT%H%M%S}"
    known = "" if zone in ("UTC", "GMT") else _zones.olson(zone)
    if not known:
        return f"{name}:{moment:%Y%m%dT%H%M%S}Z"
    return f"{name};TZID={known}:{moment.astimezone(ZoneInfo(known)):%Y%m%dT%H%M%S}"


# --- Thunderbird -------------------------------------------------------------------------------


def _names(path: Path) -> dict[str, str]:
    """The calendars' names by their ids, out of the profile's settings."""
    for folder in (path.parent.parent, path.parent):
        try:
            with (folder / "prefs.js").open("rb") as file:
                text = file.read(5_000_000).decode("utf-8", "replace")
        except OSError:
            continue
        return {id: re.sub(r"\\(.)", r"\1", name) for id, name in _PREF.findall(text)}
    return {}


def _thunderbird(copy: Copy, names: dict[str, str]) -> dict[tuple[str, str], list[list[str]]]:
    """The lines of every series by (name, id) of its calendar."""
    told: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for table in ("cal_attendees", "cal_recurrence"):
        changed = "recurrence_id" if table == "cal_attendees" else "NULL AS recurrence_id"
        for row in _rows(copy, table, f"cal_id, item_id, {changed}, icalString"):
            text = re.sub(r"\r?\n[ \t]", "", str(row["icalString"] or ""))
            lines = [line for line in text.splitlines() if _LINE.fullmatch(line)]
            told[row["cal_id"], row["item_id"], row["recurrence_id"]] += lines
    for row in _rows(copy, "cal_properties", "cal_id, item_id, recurrence_id, key, value"):
        key = str(row["key"]).upper()
        if key in ("DESCRIPTION", "LOCATION", "URL", "SEQUENCE", "DTSTAMP", "CATEGORIES"):
            value = (
                row["value"].decode("utf-8", "replace") if isinstance(row["value"], bytes) else row["value"]
            )
            told[row["cal_id"], row["item_id"], row["recurrence_id"]] += _line(key, value)
    found: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    kinds = (
        ("cal_events", "VEVENT", "event_start", "event_end"),
        ("cal_todos", "VTODO", "todo_entry", "todo_due"),
    )
    for table, kind, start, end in kinds:
        columns = (
            f"cal_id, id, title, ical_status, flags, recurrence_id, recurrence_id_tz, {start} AS start, "
            f"{start}_tz AS start_tz, {end} AS end, {end}_tz AS end_tz"
        )
        for row in _rows(copy, table, columns, f"WHERE coalesce(offline_journal, 0) <> {_DELETED}"):
            lines = told[row["cal_id"], row["id"], row["recurrence_id"]]
            calendar = names.get(str(row["cal_id"]), "Thunderbird"), str(row["cal_id"])
            found[calendar][str(row["id"])] += _mozilla(row, kind, lines)
    return {calendar: list(series.values()) for calendar, series in found.items()}


def _mozilla(row: Row, kind: str, more: Iterable[str]) -> list[str]:
    """One row: times are microseconds since 1970."""
    flags = int(row["flags"] or 0)
    lines = [f"BEGIN:{kind}", *_line("UID", row["id"]), *_line("SUMMARY", row["title"])]
    lines += _line("STATUS", row["ical_status"])
    times = (
        ("DTSTART", row["start"], row["start_tz"], _ALL_DAY),
        ("DTEND" if kind == "VEVENT" else "DUE", row["end"], row["end_tz"], _ALL_DAY),
        ("RECURRENCE-ID", row["recurrence_id"], row["recurrence_id_tz"], _CHANGED_ALL_DAY),
    )
    for name, moment, zone, flag in times:
        if isinstance(moment, int) and abs(moment) < 1 << 53:
            whole = re.search(r"^TZID:(.+)$", str(zone), re.M)  # of a VTIMEZONE
            named = whole[1].strip() if whole else str(zone or "")
            exact = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment)
            lines.append(_when(name, exact, named, all_day=bool(flags & flag)))
    return [*lines, *more, f"END:{kind}"]


# --- Apple -------------------------------------------------------------------------------------


def _apple(copy: Copy) -> dict[tuple[str, str], list[list[str]]]:
    columns = (
        "i.ROWID AS id, i.summary, i.description, i.start_date, i.start_tz, i.end_date, i.end_tz, i.all_day, "
        "i.orig_item_id, i.orig_date, i.status, i.url, i.unique_identifier, i.UUID, i.calendar_id, "
        "c.title AS calendar, l.title AS place, l.address AS address"
    )
    joined = (
        "LEFT JOIN Calendar c ON c.ROWID = i.calendar_id LEFT JOIN Location l ON l.ROWID = i.location_id "
        "WHERE i.entity_type = 2 AND coalesce(i.hidden, 0) = 0"
    )
    items = {row["id"]: row for row in _rows(copy, "CalendarItem i", columns, joined)}
    more = _apple_more(copy, items)
    found: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in items.values():
        series = items.get(row["orig_item_id"], row)
        uid = str(series["unique_identifier"] or series["UUID"] or f"apple-{series['id']}")
        calendar = str(row["calendar"] or "Calendar"), str(row["calendar_id"])
        found[calendar][uid] += _apple_item(row, series, uid, more[row["id"]])
    return {calendar: list(series.values()) for calendar, series in found.items()}


def _apple_item(row: Row, series: Row, uid: str, more: Iterable[str]) -> list[str]:
    lines = ["BEGIN:VEVENT", *_line("UID", uid), *_line("SUMMARY", row["summary"])]
    lines += _line("DESCRIPTION", row["description"]) + _line("URL", row["url"])
    lines += _line("LOCATION", ", ".join(str(part) for part in (row["place"], row["address"]) if part))
    lines += _line("STATUS", _STATES.get(row["status"]))
    all_day = bool(row["all_day"])
    if start := _seconds(row["start_date"]):
        lines.append(_when("DTSTART", start, str(row["start_tz"] or ""), all_day=all_day))
        if end := _seconds(row["end_date"]):
            if all_day:  # it is told by its last second
                end = max(start, end - timedelta(seconds=1)) + timedelta(days=1)
            zone = str(row["end_tz"] or row["start_tz"] or "")
            lines.append(_when("DTEND", end, zone, all_day=all_day))
    if series is not row and (instead := _seconds(row["orig_date"])):
        zone = str(series["start_tz"] or "")
        lines.append(_when("RECURRENCE-ID", instead, zone, all_day=bool(series["all_day"])))
    return [*lines, *more, "END:VEVENT"]


def _apple_more(copy: Copy, items: dict[Any, Row]) -> dict[Any, list[str]]:
    """Recurrences, exceptions and people by the event they belong to."""
    more: dict[Any, list[str]] = defaultdict(list)
    columns = "owner_id, frequency, interval, count, end_date, specifier"
    for row in _rows(copy, "Recurrence", columns):
        if (item := items.get(row["owner_id"])) and row["frequency"] in _FREQUENCIES:
            more[row["owner_id"]].append(_apple_rule(row, all_day=bool(item["all_day"])))
    for row in _rows(copy, "ExceptionDate", "owner_id, date"):
        if (item := items.get(row["owner_id"])) and (day := _seconds(row["date"])):
            zone = str(item["start_tz"] or "")
            more[row["owner_id"]].append(_when("EXDATE", day, zone, all_day=bool(item["all_day"])))
    people = "LEFT JOIN Identity n ON n.ROWID = p.identity_id"
    columns = "p.owner_id, p.entity_type AS kind, p.status, p.email, n.display_name AS name"
    for row in _rows(copy, "Participant p", columns, people):
        role = {7: "ATTENDEE", 8: "ORGANIZER"}.get(row["kind"])
        address = str(row["email"] or "").removeprefix("mailto:").strip()
        if role and re.fullmatch(r"[^\s@;:,\"]+@[^\s@;:,\"]+", address):
            name = re.sub(r'["\r\n]', " ", str(row["name"] or ""))
            answer = f";PARTSTAT={_ANSWERS[row['status']]}" if row["status"] in _ANSWERS else ""
            more[row["owner_id"]].append(f'{role};CN="{name}"{answer}:mailto:{address}')
    return more


def _apple_rule(row: Row, *, all_day: bool) -> str:
    rule = f"RRULE:FREQ={_FREQUENCIES[row['frequency']]};INTERVAL={max(1, int(row['interval'] or 1))}"
    if row["count"]:
        rule += f";COUNT={int(row['count'])}"
    elif until := _seconds(row["end_date"]):
        rule += f";UNTIL={until:%Y%m%d}" if all_day else f";UNTIL={until:%Y%m%dT%H%M%S}Z"
    for part in str(row["specifier"] or "").split(";"):
        name, _, values = part.partition("=")
        if name in _PARTS and re.fullmatch(r"[-+0-9A-Z,]{1,200}", values):
            days = [re.sub(r"^[+]?0*(?=[A-Z+\d-])", "", value) for value in values.split(",") if value]
            rule += f";{_PARTS[name]}={','.join(days)}"
    return rule


def _seconds(value: object) -> datetime | None:
    """A time of Apple's: seconds since 2001 in UTC."""
    if isinstance(value, int | float) and 0 < abs(value) < 1e10:
        return _APPLE + timedelta(seconds=round(value))
    return None
