"""Remember to say something at a time: a to-do with an alarm, kept as an .ics file."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import icalendar
from pydantic import Field

from app.actions import files
from app.actions.contract import (
    Done,
    Model,
    Origins,
    Title,
    When,
    World,
    Zone,
    faulty_hour,
    in_zone,
    zone_name,
)
from app.core.policy import visible
from app.core.types import Record


class Arguments(Model):
    text: Title = Field(title="Remind me of")
    zone: Zone = Field(title="Time zone")
    due: When = Field(title="When")


class Reminder(Record, frozen=True, kw_only=True):
    """One that waits to be shown; ``path`` names it for :func:`complete_one`."""

    path: str
    text: str
    due: datetime


def complete(raw: dict[str, object], world: World) -> dict[str, object]:
    return {"zone": zone_name(world.zone), **raw}


def title(args: Arguments) -> str:
    return f"Remind you on {args.due:%a %d %b %Y, %H:%M}: “{visible(args.text)}”"


def warnings(args: Arguments, origins: Origins, world: World) -> tuple[str, ...]:
    found = [faulty_hour(args.due, args.zone)]
    if in_zone(args.due, args.zone) <= world.now():
        found.append("This time has passed: it would be shown at once.")
    if args.zone != zone_name(world.zone):
        found.append(f"The time is that of {args.zone}, not of {zone_name(world.zone)}.")
    return tuple(filter(None, found))


def perform(args: Arguments, world: World) -> Generator[str, None, Done]:
    due = in_zone(args.due, args.zone)
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", args.text)
    alarm.add("trigger", due.astimezone(UTC), parameters={"VALUE": "DATE-TIME"})
    todo = icalendar.Todo()
    todo.add("uid", f"{uuid4()}@homebody")
    todo.add("dtstamp", world.now().astimezone(UTC))
    todo.add("summary", args.text)
    todo.add("due", due)
    todo.add("status", "NEEDS-ACTION")
    todo.add_component(alarm)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Homebody//Homebody//EN")
    calendar.add("version", "2.0")
    calendar.add_component(todo)
    calendar.add_missing_timezones()
    written = files.create(world.reminders_dir, files.slug(args.text, "reminder"), ".ics", calendar.to_ical())
    yield from ()
    return Done(
        f"Will remind you on {args.due:%a %d %b %Y, %H:%M}",
        path=written.path,
        undo=files.pack(written),
        due=due,
    )


def undo(data: bytes, world: World) -> str:
    return files.undo(data)


# --- showing them when their time comes ----------------------------------------------------------


def waiting(folder: Path) -> tuple[Reminder, ...]:
    """All reminders not shown yet, the next one first."""
    return tuple(sorted(_read(folder), key=lambda reminder: reminder.due))


def due(folder: Path, now: datetime) -> tuple[Reminder, ...]:
    """Those whose time has come; ``now`` with a zone."""
    return tuple(reminder for reminder in waiting(folder) if reminder.due <= now)


def shown(reminder: Reminder, now: datetime) -> None:
    """Mark one as shown, so that it does not come again after a restart."""
    path = Path(reminder.path)
    before = path.read_bytes()
    calendar = icalendar.Calendar.from_ical(before)
    for todo in calendar.walk("VTODO"):
        todo["status"] = icalendar.vText("COMPLETED")
        todo.add("completed", now.astimezone(UTC))
    files.replace(path, before, calendar.to_ical())


def _read(folder: Path) -> Iterator[Reminder]:
    for path in sorted(folder.glob("*.ics")) if folder.is_dir() else ():
        try:
            todos = icalendar.Calendar.from_ical(path.read_bytes()).walk("VTODO")
            for todo in todos:
                when = todo.decoded("due")
                if str(todo.get("status")) != "COMPLETED" and isinstance(when, datetime) and when.tzinfo:
                    yield Reminder(path=str(path), text=str(todo.get("summary", "")), due=when)
        except (OSError, ValueError, KeyError):
            continue  # somebody else's file, or a broken one: it stays where it is
