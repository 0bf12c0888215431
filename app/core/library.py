"""What the library shows of the index: its shelves, their lines, threads, places, and the day's brief."""

from __future__ import annotations

from datetime import datetime

from app.core.types import Record, Scope, Step


class Shelf(Record, frozen=True, kw_only=True):
    """What of the library is wanted; empty fields limit nothing.

    All of ``words`` stand in the item, of which stop words say nothing beside others.
    """

    scope: Scope = Scope()
    words: str = ""
    box: tuple[float, float, float, float] | None = None  # taken within: south, west, north, east, degrees


class Row(Record, frozen=True, kw_only=True):
    """An item as a line; ``count`` items are behind it where it stands for its thread."""

    uri: str
    source: str
    kind: str
    title: str
    when: datetime | None
    people: tuple[str, ...] = ()
    place: str = ""
    path: str = ""
    thread: str = ""
    count: int = 1
    all_day: bool = False  # an event that has days and no clock
    seconds: int = 0  # of playing, for a video that tells


class Spine(Record, frozen=True, kw_only=True):
    """How many items there are on each day, newest first; a day is a proleptic Gregorian ordinal."""

    days: tuple[tuple[int, int], ...] = ()
    undated: int = 0

    @property
    def total(self) -> int:
        return self.undated + sum(count for _, count in self.days)


class Threads(Record, frozen=True, kw_only=True):
    """Some of ``total`` threads, each as its newest item."""

    total: int
    rows: tuple[Row, ...] = ()


class Held(Record, frozen=True, kw_only=True):
    """How many items of a kind came from sources of one sort."""

    kind: str
    source: str
    items: int


class Spot(Record, frozen=True, kw_only=True):
    """``count`` pictures taken within about a kilometre of each other; degrees north and east."""

    lat: float
    lon: float
    count: int
    place: str = ""


class Picture(Record, frozen=True, kw_only=True):
    """An upright picture as pixels: ``width`` × ``height`` × 3 bytes, so that nobody decodes it again."""

    width: int
    height: int
    rgb: bytes


class Thumbnail(Step, frozen=True, kw_only=True):
    """``picture`` is None where the file is gone, or cannot be shown."""

    uri: str
    picture: Picture | None = None


class Line(Record, frozen=True, kw_only=True):
    """One line of the brief, and the place in its source that it stands on."""

    uri: str
    kind: str
    title: str
    when: datetime | None
    ends: datetime | None = None
    all_day: bool = False
    person: str = ""
    place: str = ""
    said: str = ""
    start: int = 0
    end: int = 0


class Brief(Record, frozen=True, kw_only=True):
    """The day at a glance. ``known``: it could be told whose mailbox it is, which ``waiting`` needs."""

    now: datetime
    events: tuple[Line, ...] = ()
    waiting: tuple[Line, ...] = ()
    earlier: tuple[Line, ...] = ()  # this day in earlier years, newest year first
    known: bool = True
