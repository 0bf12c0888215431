"""Put an event into the calendar folder, as an .ics file any calendar program opens."""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Self
from uuid import uuid4

import icalendar
from pydantic import Field, model_validator

from app.actions import files
from app.actions.contract import (
    Block,
    Done,
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
from app.core.policy import visible

LONGEST = timedelta(days=366)


class Arguments(Model):
    """``end`` is the first moment (of an all-day event: the first day) after it."""

    title: Title = Field(title="Title")
    zone: Zone = Field(title="Time zone")
    start: When = Field(title="Start")
    end: When = Field(title="End")
    all_day: bool = Field(default=False, title="All day")
    location: Line = Field(default="", title="Where")
    attendees: Annotated[tuple[Recipient, ...], Field(max_length=100)] = Field(default=(), title="With")
    description: Block = Field(default="", title="Notes")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not timedelta(0) < self.end - self.start <= LONGEST:
            raise ValueError("end must come after start, at most a year later")
        if self.all_day and (self.start.time(), self.end.time()) != (datetime.min.time(),) * 2:
            raise ValueError("an all-day event starts and ends at midnight")
        return self


def complete(raw: dict[str, object], world: World) -> dict[str, object]:
    """Fills in the zone of this computer and, where no end was said, one hour or one day."""
    filled = {"zone": zone_name(world.zone), **raw}
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
    return f"Create the event “{visible(args.title)}” on {when}"


def warnings(args: Arguments, origins: Origins, world: World) -> tuple[str, ...]:
    start, end = in_zone(args.start, args.zone), in_zone(args.end, args.zone)
    found = strangers("The guest", args.attendees, origins.get("attendees", "you"))
    if end <= world.now():
        found.append("This time has passed.")
    if args.zone != zone_name(world.zone):
        found.append(f"The times are those of {args.zone}, not of {zone_name(world.zone)}.")
    if not args.all_day:
        found += filter(None, [faulty_hour(args.start, args.zone), faulty_hour(args.end, args.zone)])
    found += [f"At the same time: {visible(other)}" for other in world.busy(start, end)]
    return tuple(dict.fromkeys(found))


def perform(args: Arguments, world: World) -> Generator[str, None, Done]:
    data = _calendar(args, world).to_ical()
    written = files.create(world.calendar_dir, files.slug(args.title, "event"), ".ics", data)
    yield from ()
    return Done(
        f"Created the event “{visible(args.title)}” on {args.start:%a %d %b %Y}",
        path=written.path,
        undo=files.pack(written),
    )


def undo(data: bytes, world: World) -> str:
    return files.undo(data)


def _calendar(args: Arguments, world: World) -> icalendar.Calendar:
    event = icalendar.Event()
    event.add("uid", f"{uuid4()}@homebody")
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
