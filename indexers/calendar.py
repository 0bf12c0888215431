"""Calendars: .ics files become events, series with their dates, and the instances that differ."""

from __future__ import annotations

import hashlib
import plistlib
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote
from xml.parsers.expat import ExpatError

import msgspec

from indexers import _calendar_stores, _files, _pulse, _recurrence, _sqlite
from indexers._content import Unreadable
from indexers._ics import MAX_BYTES, Calendars, Event, parse, summary, when_in_words
from indexers._recurrence import Budget
from indexers._text import day_in_words, one_line, seal, short_day, time_in_words, urls
from indexers.item import Item, Skipped, Unit

SUFFIXES = frozenset((".ics", ".ical", ".ifb", ".icalendar"))
_PROFILE = ("prefs.js", "profiles.ini")  # of Thunderbird
_LOGS = ("-wal", "-shm", "-journal")
_SHOWN = 12  # dates named in the text


def likely(path: Path, head: bytes) -> int:
    """How much a file looks like a calendar: 0 not at all … 3 certainly."""
    begins = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:15].upper() == b"BEGIN:VCALENDAR"
    return 3 if begins else int(path.suffix.lower() in SUFFIXES)


def concerned(root: Path, changed: Path) -> Path | None:
    """A file by itself, a database where its log changed; nothing where a full scan passes over it."""
    place = _files.concerned(root, changed)
    if place is None or place == root:
        return place
    of_log = next((place.name.removesuffix(log) for log in _LOGS if place.name.endswith(log)), "")
    if of_log.lower() in _calendar_stores.NAMES:
        return place.with_name(of_log)
    beside = place.is_file() and _beside(place.name, inside=_in_profile(root, place))
    return None if beside else place


def _in_profile(root: Path, place: Path) -> bool:
    """Whether it lies in a profile of Thunderbird that is ``root`` or below it."""
    folders = (folder for folder in place.parents if folder == root or root in folder.parents)
    return any((folder / name).is_file() for folder in folders for name in _PROFILE)


def scan(root: Path) -> Iterator[Unit | Skipped]:
    """The calendar files and databases under ``root``; every other visible file comes as Skipped.

    In a profile of Thunderbird all else is not for the calendar, and is passed over.
    """
    if not root.is_dir():
        for found in _files.walk(root):
            yield found if isinstance(found, Skipped) else _unit(found)
        return
    profiles: list[Path] = []
    for listed in _files.folders(root):
        if isinstance(listed, Skipped):
            yield listed
            continue
        folder, entries = listed
        if any(entry.name in _PROFILE for entry in entries):
            profiles.append(folder)
        inside = any(profile in (folder, *folder.parents) for profile in profiles)
        for entry in entries:
            if not _beside(entry.name, inside=inside):
                for found in _files.regular(Path(entry.path)):
                    yield found if isinstance(found, Skipped) else _unit(found)


def _beside(name: str, *, inside: bool) -> bool:
    """What lies beside calendars: their names and colours, logs of databases, and the rest of a profile."""
    known = name.lower() in _calendar_stores.NAMES or Path(name).suffix.lower() in SUFFIXES
    return name in ("displayname", "color", "Info.plist") or name.endswith(_LOGS) or (inside and not known)


def _unit(path: Path) -> Unit | Skipped:
    if path.name.lower() in _calendar_stores.NAMES:
        return Unit(path=_files.absolute(path), stamp=_sqlite.stamp(path))
    if path.suffix.lower() in SUFFIXES:
        return _files.unit(path)
    return Skipped(uri=_files.uri(path), reason="not a calendar: its name does not end in .ics")


def read(path: Path, *, today: date | None = None) -> Iterator[Item | Skipped]:
    """The events of one file; dates of series are told around ``today``."""
    uri = _files.uri(path)
    if path.name.lower() in _calendar_stores.NAMES:
        yield from _stored(path, today)
        return
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        yield Skipped(uri=uri, reason=f"this file could not be read: {_files.why(error)}")
        return
    yield from unpack(data, path, today=today)


def unpack(data: bytes, path: Path, *, today: date | None = None) -> Iterator[Item | Skipped]:
    """The events in the bytes of a file, which may lie elsewhere than on this computer."""
    uri = _files.uri(path)
    if not data.strip():
        yield Skipped(uri=uri, reason="an empty file")
        return
    found = parse(data)
    whole = not found.events and len(found.faults) == 1
    for number, fault in enumerate(found.faults, start=1):
        yield Skipped(uri=uri if whole else f"{uri}#fault-{number}", reason=fault)
    found.name = found.name or _beside_name(path) or path.stem
    yield from events(found, uri=uri, path=_files.absolute(path), today=today)


def _stored(path: Path, today: date | None) -> Iterator[Item | Skipped]:
    """The events of a calendar program's database."""
    uri, some, number = _files.uri(path), False, 0
    try:
        for name, text in _calendar_stores.calendars(path):
            some = True
            found = parse(text.encode())
            found.name = name
            for number, fault in enumerate(found.faults, start=number + 1):  # noqa: B020 - it goes on
                yield Skipped(uri=f"{uri}#{quote(name)}-{number}", reason=fault)
            yield from events(found, uri=uri, path=_files.absolute(path), today=today)
    except Unreadable as error:
        yield Skipped(uri=uri, reason=str(error))
        return
    if not some:
        yield Skipped(uri=uri, reason="no events in this calendar")


def _beside_name(path: Path) -> str:
    """What a file says of the folder of events it lies beside: a vdir's displayname, Apple's Info.plist."""
    try:
        with path.with_name("displayname").open("rb") as file:
            return one_line(file.read(1000).decode("utf-8", "replace"), 200)
    except OSError:
        pass
    if path.parent.name == "Events" and path.parent.parent.suffix in (".calendar", ".reminders"):
        try:
            with (path.parent.parent / "Info.plist").open("rb") as file:
                told = plistlib.loads(file.read(1_000_000))
        except (OSError, ValueError, TypeError, IndexError, ExpatError, plistlib.InvalidFileException):
            return ""
        return one_line(str(told.get("Title", "")), 200) if isinstance(told, dict) else ""
    return ""


def events(
    found: Calendars,
    *,
    uri: str,
    path: str,
    own: bool = True,
    today: date | None = None,
    budget: Budget | None = None,
) -> Iterator[Item | Skipped]:
    """The items of a calendar that lies at ``path``; ``uri`` is what is skipped of it named after.

    Where the same event is told twice a later edition of it counts, then a cancellation, then what is the
    person's ``own`` calendar rather than an invite, then what was written last (RFC 5546, 2.1.5).
    """
    budget = budget or Budget()
    for series in _series(found.events):
        _pulse.beat()
        try:
            items = [
                msgspec.structs.replace(item, edition=_edition(event, own))
                for event, item in zip(
                    series, _items(series, found, path, today or date.today(), budget), strict=True
                )
            ]
        except Exception as error:  # a property that breaks when it is looked at
            reason = f"an event that is damaged: “{series[0].title[:80]}” ({type(error).__name__})"
            yield Skipped(uri=f"{uri}#{event_uri(series[0])}", reason=reason)
        else:
            yield from items


def _edition(event: Event, own: bool) -> int:
    """SEQUENCE, cancelled, own and DTSTAMP as one number that grows with each of them in this order."""
    stamp = event.component.get("DTSTAMP")
    moment = getattr(stamp[0] if isinstance(stamp, list) else stamp, "dt", None)
    written = 0
    if isinstance(moment, datetime) and moment.tzinfo is not None and 1970 < moment.year < 2200:
        written = int(moment.timestamp())
    sequence = min(max(_sequence(event), 0), 1 << 24)
    return (sequence << 2 | (event.status == "CANCELLED") << 1 | own) << 33 | written


def _series(events: list[Event]) -> list[list[Event]]:
    """Events grouped by UID; of the same instance told twice the newest stays."""
    grouped: dict[str, dict[str, Event]] = {}
    for event in events:
        known = grouped.setdefault(event_uri(event), {})
        other = known.get(event.recurrence)
        if other is None or _sequence(other) <= _sequence(event):
            known[event.recurrence] = event
    return [[known[key] for key in sorted(known)] for known in grouped.values()]


def _sequence(event: Event) -> int:
    try:
        return int(event.component.get("SEQUENCE", 0))
    except (TypeError, ValueError):
        return 0


def event_uri(event: Event) -> str:
    """``event:<UID>`` of the series; a digest stands in for a missing UID."""
    if event.uid:
        return "event:" + quote(event.uid, safe="@!$&'()*+,;=:-._~{}")
    return f"event:sha256-{hashlib.sha256(event.component.to_ical()).hexdigest()}"


def _items(series: list[Event], found: Calendars, path: str, today: date, budget: Budget) -> Iterator[Item]:
    changed = [event for event in series if event.recurrence]
    for event in series:
        uri = event_uri(event)
        extra: list[str] = []
        meta: dict[str, str] = {}
        if event.recurrence:
            uri = f"{uri}/{quote(event.recurrence, safe=':')}"
            extra.append("This is a changed date of a repeating event.")
            meta["recurrence-id"] = event.recurrence
        elif _repeats(event):
            extra, meta = _repetition(event, changed, found, today, budget)
        yield _item(event, uri, found, path, extra, meta)


def _repeats(event: Event) -> bool:
    return bool(_recurrence.rule_of(event.component) or event.component.get("RDATE"))


def _item(
    event: Event, uri: str, found: Calendars, path: str, extra: list[str], meta: dict[str, str]
) -> Item:
    component = event.component
    text = summary(event, extra)
    told = {
        "status": event.status,
        "all-day": event.start.date().isoformat() if event.all_day and event.start else "",
        "zone": event.zone,
        "calendar": found.name,
        "component": "" if component.name == "VEVENT" else str(component.name).lower(),
        "url": one_line(str(component.get("URL", "")), 1000),
        "tags": one_line(" ".join(_categories(event)), 500),
    }
    return seal(
        Item(
            uri=uri,
            source="calendar",
            kind="event",
            title=event.title,
            text=text,
            digest="",
            when=event.start or event.end,
            until=event.end,
            people=event.people,
            place=event.place,
            links=urls(text, [told["url"]] if told["url"].startswith("http") else ()),
            thread=event_uri(event),
            path=path,
            meta={**{key: value for key, value in told.items() if value}, **meta},
        )
    )


def _categories(event: Event) -> list[str]:
    try:
        return [str(word) for word in getattr(event.component, "categories", ())][:20]
    except Exception:  # a malformed property; nothing else depends on it
        return []


def _repetition(
    event: Event, changed: list[Event], found: Calendars, today: date, budget: Budget
) -> tuple[list[str], dict[str, str]]:
    """(lines of text, fields) on when a series takes place."""
    start = event.start
    if start is None:
        return [], {}
    clock = "" if event.all_day else f" at {time_in_words(start)}"
    words = _recurrence.in_words(event.component, start, clock)
    meta = {"repeats": words}
    if rule := event.component.get("RRULE"):
        meta["rrule"] = one_line(_ical(rule), 500)
    lines = [f"Repeats: {words}"]
    reason = _recurrence.refusal(event.component, start, _recurrence.window(today)[2], budget)
    if reason:
        meta["instances-left-out"] = reason
        return [*lines, f"Its dates are not listed: {reason}."], meta
    began = time.process_time()
    try:
        parts = [event.component, *(other.component for other in changed)]
        past, following = _recurrence.instances(parts, found.zones, today=today, budget=budget)
    except Exception:  # rules are damaged in many ways; the event itself is still worth having
        meta["instances-left-out"] = "its rule is damaged"
        return [*lines, "Its dates are not listed: its rule is damaged."], meta
    finally:
        budget.took(time.process_time() - began)
    if both := [*past, *following]:
        meta["instances"] = " ".join(moment.isoformat() for moment in both)
    begin = short_day(_recurrence.window(today)[1]).partition(" ")[2]
    if following:
        lines.append(f"Dates from {begin} on: " + _dates(following[:_SHOWN], start))
    elif past:
        lines.append("It took place last on " + _dates(past[-1:], start))
    return lines + _exceptions(event, changed), meta


def _ical(rule: object) -> str:
    first = rule[0] if isinstance(rule, list) else rule
    return first.to_ical().decode("utf-8", "replace") if hasattr(first, "to_ical") else str(first)


def _dates(moments: list[date], usual: datetime) -> str:
    """Days in words, with the time where it is not the usual one."""
    words = []
    for moment in moments:
        other = isinstance(moment, datetime) and (moment.hour, moment.minute) != (usual.hour, usual.minute)
        clock = f" at {time_in_words(moment)}" if other and isinstance(moment, datetime) else ""
        words.append(f"{day_in_words(moment)}{clock}")
    return "; ".join(words)


def _exceptions(event: Event, changed: list[Event]) -> list[str]:
    """What differs from the rule: dates left out, moved and cancelled ones."""
    cancelled = [day_in_words(day) for day in _recurrence.excluded(event.component)[-_SHOWN:]]
    cancelled += [_planned(other) for other in changed[-_SHOWN:] if other.status == "CANCELLED"]
    lines = [f"Cancelled on: {'; '.join(cancelled)}"] if cancelled else []
    for other in changed[-_SHOWN:]:
        if other.status != "CANCELLED":
            lines.append(f"Instead of {_planned(other)}: {when_in_words(other)}")
    return lines


def _planned(event: Event) -> str:
    raw = event.recurrence.rpartition(":")[2][:8]
    try:
        return day_in_words(datetime.strptime(raw, "%Y%m%d").replace(tzinfo=UTC))
    except ValueError:
        return event.recurrence
