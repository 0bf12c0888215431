"""Put an event into a calendar: an .ics file any calendar program opens, or an event of an account elsewhere.

Guests are written down and not invited: nothing is sent to them (SCHEDULE-AGENT, RFC 6638, 7.1).
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Self
from uuid import uuid4

import icalendar
import msgspec
from pydantic import Field, StringConstraints, model_validator

from app.actions import files
from app.actions.contract import (
    Block,
    Done,
    Kept,
    Line,
    Model,
    Origins,
    Recipient,
    Title,
    When,
    World,
    Zone,
    address_of,
    faulty_hour,
    in_zone,
    name_of,
    strangers,
    zone_name,
)
from app.core import accounts
from app.core.errors import HomebodyError
from app.core.policy import visible

LONGEST = timedelta(days=366)


class Arguments(Model):
    """``end`` is the first moment (of an all-day event: the first day) after it; ``calendar`` a folder, or
    the address of a calendar of an account."""

    title: Title = Field(title="Title")
    zone: Zone = Field(title="Time zone")
    start: When = Field(title="Start")
    end: When = Field(title="End")
    all_day: bool = Field(default=False, title="All day")
    location: Line = Field(default="", title="Where")
    attendees: Annotated[tuple[Recipient, ...], Field(max_length=100)] = Field(default=(), title="With")
    description: Block = Field(default="", title="Notes")
    calendar: Annotated[Line, StringConstraints(min_length=1, max_length=2000)] = Field(title="Calendar")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not timedelta(0) < self.end - self.start <= LONGEST:
            raise ValueError("end must come after start, at most a year later")
        if self.all_day and (self.start.time(), self.end.time()) != (datetime.min.time(),) * 2:
            raise ValueError("an all-day event starts and ends at midnight")
        try:
            elsewhere = _elsewhere(self.calendar)
        except HomebodyError as error:
            raise ValueError(f"calendar: {error}") from error
        if elsewhere is None and not Path(self.calendar).is_absolute():
            raise ValueError("calendar must be a whole path or the address of a calendar")
        return self


def complete(raw: dict[str, object], world: World) -> dict[str, object]:
    """Fills in the zone of this computer, the calendar of the settings and, where no end was said, one hour
    or one day."""
    filled = {"zone": zone_name(world.zone), **raw}
    filled["calendar"] = filled.get("calendar") or world.calendar() or str(world.calendar_dir)
    start = filled.get("start")
    if not filled.get("end") and isinstance(start, str):
        try:
            length = timedelta(days=1) if filled.get("all_day") else timedelta(hours=1)
            filled["end"] = (datetime.fromisoformat(start) + length).isoformat()
        except (ValueError, OverflowError):
            pass  # the model says what is wrong with the start
    return filled


def title(args: Arguments) -> str:
    when = f"{args.start:%a %d %b %Y}" if args.all_day else f"{args.start:%a %d %b %Y, %H:%M}"
    there = _elsewhere(args.calendar)
    return f"Create the event “{visible(args.title)}” on {when}{f', at {there.host}' if there else ''}"


def warnings(args: Arguments, origins: Origins, world: World) -> tuple[str, ...]:
    start, end = in_zone(args.start, args.zone), in_zone(args.end, args.zone)
    found = strangers("The guest", args.attendees, origins.get("attendees", "you"))
    if there := _elsewhere(args.calendar):
        found.append(f"This leaves your computer: the event is kept at {there.host}.")
        if args.attendees:
            found.append("The guests stand in the event; no invitation is asked to be sent to them.")
    if end <= world.now():
        found.append("This time has passed.")
    if args.zone != zone_name(world.zone):
        found.append(f"The times are those of {args.zone}, not of {zone_name(world.zone)}.")
    if not args.all_day:
        found += filter(None, [faulty_hour(args.start, args.zone), faulty_hour(args.end, args.zone)])
    found += [f"At the same time: {visible(other)}" for other in world.busy(start, end)]
    return tuple(dict.fromkeys(found))


def perform(args: Arguments, world: World) -> Generator[str, None, Done]:
    yield from ()
    summary = f"Created the event “{visible(args.title)}” on {args.start:%a %d %b %Y}"
    there = _elsewhere(args.calendar)
    if there is None:
        data = _calendar(args, world, f"{uuid4()}@homebody").to_ical()
        written = files.create(Path(args.calendar), files.slug(args.title, "event"), ".ics", data)
        return Done(summary, path=written.path, undo=files.pack(written))
    uid = world.events.uid()
    kept = world.events.create(args.calendar, uid, _calendar(args, world, uid, apart=True).to_ical())
    undo = msgspec.msgpack.encode(kept) if kept.etag else b""
    return Done(f"{summary} at {there.host}", path=there.root + kept.name, undo=undo)


def undo(data: bytes, world: World) -> str:
    try:
        kept = msgspec.msgpack.decode(data, type=Kept)
    except msgspec.DecodeError:  # it was written into a folder
        return files.undo(data)
    world.events.remove(kept)
    return f"Removed the event from {visible(kept.calendar)}"


def _elsewhere(calendar: str) -> accounts.Account | None:
    """The account that ``calendar`` is an address in; None for a folder. Raises HomebodyError for neither."""
    return accounts.parse("caldav", calendar) if "://" in calendar else None


def _calendar(args: Arguments, world: World, uid: str, *, apart: bool = False) -> icalendar.Calendar:
    """With ``apart`` for a server, which is asked to send nothing to the guests."""
    event = icalendar.Event()
    event.add("uid", uid)
    event.add("dtstamp", world.now().astimezone(UTC))
    for name, when in (("dtstart", args.start), ("dtend", args.end)):
        event.add(name, when.date() if args.all_day else in_zone(when, args.zone))
    event.add("summary", args.title)
    if args.location:
        event.add("location", args.location)
    if args.description:
        event.add("description", args.description)
    if args.attendees and world.me[1]:
        event.add("organizer", _person(world.me[0], world.me[1]))
    for guest in args.attendees:
        person = _person(name_of(guest), address_of(guest))
        person.params["ROLE"], person.params["PARTSTAT"] = "REQ-PARTICIPANT", "NEEDS-ACTION"
        if apart:
            person.params["SCHEDULE-AGENT"] = "NONE"
        event.add("attendee", person, encode=False)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Homebody//Homebody//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar


def _person(name: str, address: str) -> icalendar.vCalAddress:
    person = icalendar.vCalAddress(f"mailto:{address}")
    if name:
        person.params["CN"] = name.replace('"', "'")
    return person
