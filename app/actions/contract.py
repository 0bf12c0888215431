"""What every action is made of: typed arguments, a confirmation that hides nothing, a deed, its undoing.

An action is a module of this package, named by its file. It has:

* ``Arguments`` — its typed arguments; a value that does not fit is refused, never bent.
* ``complete(raw, world) -> dict`` — the arguments with what code knows filled in (zone, end, …).
* ``title(args) -> str`` and ``warnings(args, origins, world) -> tuple[str, ...]``.
* ``perform(args, world)`` — a generator: pieces of text, or progress, while they arrive, at the end a
  :class:`Done`.
* ``undo(data, world) -> str`` — what was undone, or Refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Annotated, Any, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, NaiveDatetime, StringConstraints
from pydantic_core.core_schema import ValidationInfo

from app.core.errors import Refused
from app.core.policy import visible
from app.core.types import Fetching, Field, Record

Origins = Mapping[str, str]
YOURS = ("you", "your settings", "default")  # origins that need no warning


def _no_sending(url: str, body: str) -> Iterator[str]:
    raise Refused("asking elsewhere is switched off", where=url, remedy="switch the cloud on in the settings")


def _no_fetching(url: str, path: str) -> Iterator[Fetching]:
    raise Refused("nothing is fetched here", where=url, remedy="homebody models get")


class Kept(Record, frozen=True, kw_only=True):
    """An event of ours elsewhere, as undoing needs it: its calendar's address, its name there, its ETag."""

    calendar: str
    name: str
    etag: str


class Events(Protocol):
    """Events of our own at a calendar elsewhere; what Homebody did not make it cannot touch.

    Raises Refused where an event is not ours or was changed since, NotFound where it is not there.
    """

    def uid(self) -> str:
        """A new one, which shows that the event is ours."""
        ...

    def create(self, calendar: str, uid: str, data: bytes) -> Kept: ...

    def remove(self, kept: Kept) -> None: ...


class _NoEvents:
    def uid(self) -> str:
        raise Refused("no calendar elsewhere is written to here", remedy="homebody sources add caldav")

    def create(self, calendar: str, uid: str, data: bytes) -> Kept:
        raise Refused("no calendar elsewhere is written to here", where=calendar)

    def remove(self, kept: Kept) -> None:
        raise Refused("no calendar elsewhere is written to here", where=kept.calendar)


def _nothing_planned(start: datetime, end: datetime) -> Sequence[str]:
    return ()


@dataclass(frozen=True)
class World:
    """What an action may touch: folders, the time, who the person is.

    ``send(url, body)`` and ``fetch(url, path)`` run the courier; ``busy(start, end)`` names what the
    calendar holds then. ``calendar()`` is the address of the one new events go to, empty where they go to
    ``calendar_dir``; ``events`` are those of ours there.
    """

    calendar_dir: Path
    drafts_dir: Path
    notes_dir: Path
    reminders_dir: Path
    now: Callable[[], datetime]  # with a zone
    zone: tzinfo
    me: tuple[str, str] = ("", "")  # name, address
    send: Callable[[str, str], Iterator[str]] = _no_sending
    fetch: Callable[[str, str], Iterator[Fetching]] = _no_fetching
    busy: Callable[[datetime, datetime], Sequence[str]] = _nothing_planned
    calendar: Callable[[], str] = lambda: ""
    events: Events = field(default_factory=_NoEvents)


@dataclass(frozen=True)
class Done:
    """A deed that was done. ``undo`` is what undoing needs, empty where it cannot be undone;
    ``text`` is what came back (ask_cloud), ``due`` when it wants to be shown again (reminder)."""

    summary: str
    path: str = ""
    undo: bytes = b""
    text: str = ""
    due: datetime | None = None


class Action(Protocol):
    """A module of this package, seen as what it provides."""

    Arguments: type[BaseModel]

    def complete(self, raw: dict[str, object], world: World) -> dict[str, object]: ...

    def title(self, args: Any) -> str: ...

    def warnings(self, args: Any, origins: Origins, world: World) -> tuple[str, ...]: ...

    def perform(self, args: Any, world: World) -> Generator[str | Fetching, None, Done]: ...

    def undo(self, data: bytes, world: World) -> str: ...


class Model(BaseModel):
    """Base of every action's arguments: immutable, strict, nothing extra."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


# --- the kinds of values -----------------------------------------------------------------------


def _one_line(text: str) -> str:
    if re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", text):
        raise ValueError("must be one line without control characters")
    return text


def _block(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text):
        raise ValueError("must not contain control characters")
    return text


_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,253}$)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


def address_of(recipient: str) -> str:
    """The bare address of ``Name <address>`` or ``address``."""
    _, bracket, rest = recipient.rpartition("<")
    return rest.removesuffix(">") if bracket else recipient


def name_of(recipient: str) -> str:
    return recipient.rpartition("<")[0].strip().strip('"').strip()


def _recipient(text: str) -> str:
    text = _one_line(text).strip()
    name, address = name_of(text), address_of(text).strip()
    if not _ADDRESS.fullmatch(address):
        raise ValueError("must be a mail address such as Name <name@example.org>")
    if re.search(r'[<>"\\]', name) or len(name) > 120:
        raise ValueError("must have a name of at most 120 characters without quotes or brackets")
    return f"{name} <{address}>" if name else address


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("must be a time zone such as Europe/Berlin") from error
    return name


def _to_zone(value: object, info: ValidationInfo) -> object:
    """A time with an offset becomes the wall-clock time of the argument ``zone``, which stands before it."""
    if isinstance(value, str) and (zone := info.data.get("zone")):
        try:
            parsed = datetime.fromisoformat(value)
        except ValueError:
            return value  # pydantic says what is wrong with it
        return parsed.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if parsed.tzinfo else parsed
    return value


def _sensible(when: datetime) -> datetime:
    if not 1970 <= when.year < 2100:
        raise ValueError("must lie between 1970 and 2099")
    return when.replace(microsecond=0)


Line = Annotated[str, StringConstraints(max_length=300, strip_whitespace=True), AfterValidator(_one_line)]
Title = Annotated[Line, StringConstraints(min_length=1)]
Block = Annotated[str, StringConstraints(max_length=50_000), AfterValidator(_block)]
Recipient = Annotated[str, StringConstraints(min_length=3, max_length=450), AfterValidator(_recipient)]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_zone)]
When = Annotated[NaiveDatetime, BeforeValidator(_to_zone), AfterValidator(_sensible)]


def zone_name(zone: tzinfo) -> str:
    """The IANA name of a zone, UTC where it has none that others would understand."""
    name = zone.key if isinstance(zone, ZoneInfo) else ""
    try:
        return _zone(name) if name else "UTC"
    except ValueError:  # a computer whose zone is a bare file
        return "UTC"


def in_zone(when: datetime, zone: str) -> datetime:
    return when.replace(tzinfo=ZoneInfo(zone))


def faulty_hour(when: datetime, zone: str) -> str:
    """Why a wall-clock time is no single moment (clocks change then), or an empty string."""
    there = in_zone(when, zone)
    back = (there - timedelta(0)).astimezone(ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if back != when:
        return f"{when:%H:%M} does not exist on that day: clocks go forward."
    if there.utcoffset() != there.replace(fold=1).utcoffset():
        return f"{when:%H:%M} comes twice on that day: the first is meant."
    return ""


# --- what a confirmation shows -------------------------------------------------------------------


def preview(args: BaseModel, origins: Origins) -> tuple[Field, ...]:
    """Every argument in full, in the order of the model, hidden characters as escapes."""
    return tuple(
        Field(
            label=field.title or name.replace("_", " ").capitalize(),
            value=shown(getattr(args, name)),
            origin=origins.get(name, "you" if name in args.model_fields_set else "default"),
        )
        for name, field in type(args).model_fields.items()
    )


def shown(value: object) -> str:
    """One argument as a person reads it; every kind can be read back without loss."""
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%A %Y-%m-%d %H:%M}" + (f":{value:%S}" if value.second else "")
        case tuple():
            lines = (_not_none(visible(str(each)).replace("\n", "\\u{A}")) for each in value)
            return "\n".join(lines) or _NONE
        case _:
            return _NONE if value in (None, "") else _not_none(visible(str(value)))


_NONE = "—"


def _not_none(text: str) -> str:
    return text if text != _NONE else "\\u{2014}"


def strangers(label: str, recipients: Sequence[str], origin: str) -> list[str]:
    """One warning for every recipient the person did not write, and for names that pose as addresses."""
    found = [
        f"{label} {visible(who)} was not written by you: {visible(origin)}."
        for who in recipients
        if origin not in YOURS
    ]
    found += [
        f"The name in {visible(who)} looks like another address; mail goes to {address_of(who)}."
        for who in recipients
        if "@" in name_of(who)
    ]
    return found


_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]{1,2000}", re.IGNORECASE)


def links(text: str, origin: str) -> list[str]:
    """One warning for every link in a text the person did not write."""
    if origin in YOURS:
        return []
    return [f"The text has a link: {visible(link)}" for link in dict.fromkeys(_LINK.findall(text))]
