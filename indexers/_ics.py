"""iCalendar files: events, to-dos and journals read one by one, so that a broken one spoils no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from icalendar import Calendar
from icalendar.cal.component import Component
from icalendar.timezone import tzp

from indexers import _pulse, _zones
from indexers._text import clean, day_in_words, decode, one_line, time_in_words
from indexers.item import Person

MAX_BYTES = 5_000_000
MAX_COMPONENTS = 10_000
MAX_DEPTH = 20
MAX_ATTENDEES = 200
MAX_LINES, MAX_LINE = 1_000, 200_000  # of an event, and characters of one
MAX_ZONES, MAX_ZONE = 200, 100_000  # of a file, and characters of one
_KINDS = ("VEVENT", "VTODO", "VJOURNAL")
_DATES = re.compile("EXDATE|RDATE", re.I)
_TOO_OFTEN = re.compile(r"BY(?:HOUR|MINUTE|SECOND|YEARDAY|WEEKNO)|BYMONTH=[^;]*,|BYDAY=[^;]*,", re.I)
_AT_ONCE = 100  # events handed to the library together
_BORDER = re.compile(r"^(BEGIN|END):[ \t]*+([A-Za-z0-9-]*+)[ \t]*+$", re.I | re.M)
_FOLD = re.compile(rb"(?:\r\n?|\n)[ \t]")


@dataclass(frozen=True)
class Event:
    """One component with what was made of it; ``recurrence`` is its RECURRENCE-ID as in the file."""

    component: Component
    uid: str
    recurrence: str
    title: str
    start: datetime | None
    end: datetime | None
    all_day: bool
    zone: str  # as the file names it, empty for UTC or the local zone
    place: str
    description: str
    status: str
    people: tuple[Person, ...]
    responses: dict[str, str] = field(default_factory=dict)  # address → accepted | declined | …


@dataclass
class Calendars:
    """The events of a file, the calendars to look zones up in, and a sentence for each fault."""

    events: list[Event] = field(default_factory=list)
    zones: list[Component] = field(default_factory=list)
    name: str = ""
    method: str = ""  # of an invite: REQUEST, CANCEL, REPLY … (RFC 5546)
    zone: tzinfo | None = None  # of times that name none
    faults: list[str] = field(default_factory=list)


def parse(data: bytes) -> Calendars:
    """What is in an .ics file; what cannot be read is named in ``faults``, never raised."""
    found = Calendars()
    if len(data) > MAX_BYTES:
        found.faults.append(f"a calendar of {len(data) // 1_000_000} MB is over the limit of 5 MB")
        return found
    text = decode(_FOLD.sub(b"", data)).lstrip()  # lines may be folded within a character
    if not re.search(r"^BEGIN:(?:VCALENDAR|VEVENT|VTODO|VJOURNAL)", text, re.I | re.M):
        found.faults.append("not a calendar file: it does not begin with BEGIN:VCALENDAR")
        return found
    if fault := _too_much(text):
        found.faults.append(fault)
        return found
    tzp.use_zoneinfo()  # forgets the zones that another file defined under the same names
    text = _zones.by_olson_name(text)
    _about(text, found)
    components = _components(text, found)
    fallback = _zone_of(text)
    found.zone = fallback
    for component in components:
        try:
            found.events.append(_event(component, fallback))
        except Exception as error:  # every property may be broken in its own way
            found.faults.append(_fault(component, error))
    if found.method == "CANCEL":
        found.events = [replace(event, status="CANCELLED") for event in found.events]
    if not found.events and not found.faults:
        found.faults.append("no events in this calendar file")
    return found


def _too_much(text: str) -> str:
    """Why the library is not let loose on ``text``: its cost grows with entries times depth."""
    count = depth = 0
    for match in _BORDER.finditer(text):
        begins = match[1].upper() == "BEGIN"
        count += begins
        depth = depth + 1 if begins else max(0, depth - 1)
        if depth > MAX_DEPTH:
            return f"entries nested more than {MAX_DEPTH} deep, as only traps are"
    return f"a calendar of more than {MAX_COMPONENTS:,} entries" if count > MAX_COMPONENTS else ""


def _about(text: str, found: Calendars) -> None:
    """What the file says of all its events."""
    for name in ("X-WR-CALNAME", "METHOD"):
        match = re.search(rf"^{name}[^:\n]*:([^\n]*)$", text, re.I | re.M)
        value = one_line(match[1].replace("\\,", ",").replace("\\;", ";"), 200) if match else ""
        if name == "METHOD":
            found.method = value.upper()
        else:
            found.name = value
    zones = "\n".join(filter(_sane, islice(_blocks(text, ("VTIMEZONE",)), MAX_ZONES)))
    try:
        found.zones = Calendar.from_ical(_wrap(zones)).walk("VTIMEZONE")
    except Exception:  # times then count as local, or by the zone's name
        found.zones = []


def _sane(zone: str) -> bool:
    """Whether a zone changes its clock as zones do: each of its rules makes its library list centuries."""
    rules = re.findall(r"^RRULE[^:\n]*:(.*)$", zone, re.I | re.M)
    return (
        len(zone) <= MAX_ZONE
        and len(rules) <= 20
        and all("FREQ=YEARLY" in rule.upper() and not _TOO_OFTEN.search(rule) for rule in rules)
    )


def _components(text: str, found: Calendars) -> list[Component]:
    """Every event, many at once where none of them is broken, which for the library spoils all."""
    components: list[Component] = []
    blocks = _blocks(text, _KINDS)
    while some := [_capped(block) for block in islice(blocks, _AT_ONCE)]:
        _pulse.beat()
        try:
            whole = Calendar.from_ical(_wrap("\n".join(some)))
        except Exception:
            components += _one_by_one(some, found)
        else:
            components += [part for part in whole.walk() if part.name in _KINDS]
    return components


def _capped(block: str) -> str:
    """An event without its alarms, and with no more and no longer lines than honest ones have."""
    if len(block) <= MAX_LINE and "BEGIN:VALARM" not in block and block.count("\n") <= MAX_LINES:
        return block
    kept: list[str] = []
    alarm = False
    *lines, end = block.split("\n")
    for line in lines:
        border = line[:16].rstrip().upper()
        if border == "BEGIN:VALARM":
            alarm = True
        elif not alarm:
            cut = line[:MAX_LINE]
            kept.append(cut.rpartition(",")[0] if len(cut) < len(line) and _DATES.match(line) else cut)
        alarm = alarm and border != "END:VALARM"
    return "\n".join((*kept[:MAX_LINES], end))


def _blocks(text: str, kinds: tuple[str, ...]) -> Iterator[str]:
    """The text of each component of ``kinds``, in one pass; one that does not end is ended."""
    begin, kind = -1, ""
    for match in _BORDER.finditer(text):
        name = match[2].upper()
        if name not in kinds:
            continue
        if match[1].upper() == "BEGIN":
            if kind:
                yield f"{text[begin : match.start()]}END:{kind}"
            begin, kind = match.start(), name
        elif name == kind:
            yield text[begin : match.end()]
            kind = ""
    if kind:
        yield f"{text[begin:].rstrip()}\nEND:{kind}"


def _one_by_one(blocks: list[str], found: Calendars) -> list[Component]:
    components: list[Component] = []
    for block in blocks:
        piece = _readable(block)
        if piece is None:
            title = re.search(r"^SUMMARY[^:\n]*:(.*)$", block, re.I | re.M)
            found.faults.append(
                f"an event that is damaged: “{one_line(title[1], 80) if title else 'no title'}”"
            )
        else:
            components += [part for part in piece.walk() if part.name in _KINDS]
    return components


def _readable(block: str) -> Component | None:
    """The block as a calendar; lines that are no properties are left out on a second try."""
    proper = "\n".join(line for line in block.split("\n") if re.match(r"[A-Za-z0-9-]{1,64}[;:]", line))
    for attempt in (block, proper):
        try:
            return Calendar.from_ical(_wrap(attempt))
        except Exception:
            continue
    return None


def _wrap(text: str) -> str:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//homebody//EN\n{text}\nEND:VCALENDAR\n"


def _fault(component: Component, error: Exception) -> str:
    title = one_line(str(component.get("SUMMARY", "")), 80)
    return f"an event that is damaged: “{title or 'no title'}” ({type(error).__name__})"


def _zone_of(text: str) -> tzinfo | None:
    """The zone for times that name none: the calendar's own, else that of this computer."""
    match = re.search(r"^X-WR-TIMEZONE[^:\n]*:([^\n]{1,80})$", text, re.M)
    if match is None:
        return None
    name = _zones.olson(match[1].strip())
    return ZoneInfo(name) if name else None


def _event(component: Component, fallback: tzinfo | None) -> Event:
    start = _moment(component, "DTSTART")
    end = _moment(component, "DTEND") or _moment(component, "DUE")
    if end is None and start is not None and isinstance(lasts := _decoded(component, "DURATION"), timedelta):
        end = start + lasts
    all_day = isinstance(start, date) and not isinstance(start, datetime)
    if end is None and all_day and start is not None:
        end = start + timedelta(days=1)
    people, responses = _people(component)
    recurrence = component.get("RECURRENCE-ID")
    return Event(
        component=component,
        uid=one_line(str(component.get("UID", "")), 500),
        recurrence=_raw(recurrence) if recurrence is not None else "",
        title=one_line(_plain(component.get("SUMMARY")), 500) or "(no title)",
        start=_aware(start, fallback),
        end=_aware(end, fallback),
        all_day=all_day,
        zone=_zone_name(component, start),
        place=one_line(_plain(component.get("LOCATION")), 500),
        description=clean(_plain(component.get("DESCRIPTION"))).strip()[:100_000],
        status=one_line(_plain(component.get("STATUS")), 40).upper(),
        people=people,
        responses=responses,
    )


def _raw(value: Any) -> str:
    if isinstance(value, list):
        value = value[0]
    raw = value.to_ical() if hasattr(value, "to_ical") else str(value).encode()
    return one_line(raw.decode("utf-8", "replace"), 100)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(str(part) for part in value[:50])
    return "" if value is None else str(value)


def _decoded(component: Component, name: str) -> Any:
    value = component.get(name)
    if isinstance(value, list):
        value = value[0]
    return getattr(value, "dt", getattr(value, "td", None))


def _moment(component: Component, name: str) -> date | None:
    value = _decoded(component, name)
    if not isinstance(value, date):
        return None
    return value if 1800 <= value.year <= 2200 else None


def _aware(moment: date | None, fallback: tzinfo | None) -> datetime | None:
    """A moment with a zone; days begin at midnight, where the calendar or this computer is."""
    if moment is None:
        return None
    exact = moment if isinstance(moment, datetime) else datetime.combine(moment, time.min)
    if exact.tzinfo is not None and exact.utcoffset() is not None:
        exact.astimezone(UTC)  # raises here, not later, where a zone is broken
        return exact
    naive = exact.replace(tzinfo=None)
    return naive.replace(tzinfo=fallback) if fallback else naive.astimezone()


def _zone_name(component: Component, start: date | None) -> str:
    if not isinstance(start, datetime) or start.tzinfo is None:
        return ""
    key = getattr(start.tzinfo, "key", None) or icalendar.timezone.tzid.tzid_from_tzinfo(start.tzinfo)
    return "" if not key or str(key).upper() in ("UTC", "Z") else one_line(str(key), 80)


def _people(component: Component) -> tuple[tuple[Person, ...], dict[str, str]]:
    found: list[Person] = []
    responses: dict[str, str] = {}
    for role in ("organizer", "attendee"):
        values = component.get(role.upper(), [])
        for value in (values if isinstance(values, list) else [values])[:MAX_ATTENDEES]:
            params = getattr(value, "params", {})
            address = re.sub(r"^mailto:", "", one_line(str(value), 320), flags=re.I).lower()
            name = one_line(str(params.get("CN", "")), 200).strip("\"'")
            if "@" not in address:
                name, address = name or address, ""
            if name or address:
                found.append(Person(name=name if name.lower() != address else "", address=address, role=role))
                if answer := one_line(str(params.get("PARTSTAT", "")), 30).lower():
                    responses[address or name] = answer.replace("-", " ")
    return tuple(found[:MAX_ATTENDEES]), responses


def when_in_words(event: Event) -> str:
    """``Tuesday 2 June 2026, 19:00–20:30 (Europe/Lisbon)``, or the days of an all-day event."""
    if event.start is None:
        return f"due {day_in_words(event.end)}" if event.end else ""
    if event.all_day:
        last = event.end - timedelta(days=1) if event.end else event.start
        days = day_in_words(event.start)
        return f"{days}, all day" if last <= event.start else f"{days} to {day_in_words(last)}, all day"
    zone = f" ({event.zone or event.start.tzname() or 'UTC'})"
    if event.end is None or event.end <= event.start:
        return f"{day_in_words(event.start)}, {time_in_words(event.start)}{zone}"
    if event.end.date() == event.start.date():
        return f"{day_in_words(event.start)}, {time_in_words(event.start)}–{time_in_words(event.end)}{zone}"
    return (
        f"{day_in_words(event.start)}, {time_in_words(event.start)} to "
        f"{day_in_words(event.end)}, {time_in_words(event.end)}{zone}"
    )


def summary(event: Event, extra: list[str] | None = None) -> str:
    """The event as a person would read it out: title, when, where, who, and its description."""
    what = {"VTODO": "To do: ", "VJOURNAL": "Journal: "}.get(str(event.component.name), "")
    lines = [f"{what}{event.title}"]
    if event.status == "CANCELLED":
        lines.append("This event is cancelled.")
    if moment := when_in_words(event):
        lines.append(f"When: {moment}")
    lines += extra or []
    if event.place:
        lines.append(f"Where: {event.place}")
    for role, label in (("organizer", "Organizer"), ("attendee", "Attendees")):
        named = [_with_answer(person, event) for person in event.people if person.role == role]
        if named:
            lines.append(f"{label}: {', '.join(dict.fromkeys(named))}")
    return "\n".join(lines) + (f"\n\n{event.description}" if event.description else "")


def _with_answer(person: Person, event: Event) -> str:
    answer = event.responses.get(person.address or person.name, "")
    shown = person.name or person.address
    return f"{shown} ({answer})" if answer and answer != "needs action" else shown
