"""When a picture was taken, and in which zone: by the camera, satellites, place, other programs, or name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from indexers import _exif
from indexers._places import Place

_NAMED = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[-_.]?([01]\d)[-_.]?([0-3]\d)(?:[-_. T]| at ){1,4}"
    r"([0-2]\d)[-_.hH:]?([0-5]\d)[-_.mM:]?([0-5]\d)?"
)
_WRITTEN = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?$")
DAY_ALONE = "XMP, the day alone"


@dataclass(frozen=True)
class Clues:
    """Everything that may tell the time; ``utc`` is that of another program (Google Photos)."""

    exif: _exif.Fields
    gps: _exif.Fields
    place: Place | None
    path: Path
    xmp: str = ""
    utc: datetime | None = None


def taken(clues: Clues) -> tuple[datetime | None, str]:
    """(capture time with a zone, what it rests on): the camera's own clock goes before all others."""
    known, naive = _exif.taken(clues.exif)
    if not known and not naive:
        if written := _written(clues.xmp):
            zoned = written if written.tzinfo else in_zone_of(clues.place, written)
            return zoned or here(written), "XMP" if ":" in clues.xmp else DAY_ALONE
        known, naive = _exif.written(clues.exif)
    if known:
        return known, "camera"
    satellite = _exif.gps_time(clues.gps)
    if naive is None:
        return _without_camera(clues, satellite)
    for utc, name in ((satellite, "satellite"), (clues.utc, "Google Photos")):
        if utc and (zone := _exif.zone_by_satellite(naive, utc)):
            return naive.replace(tzinfo=zone), f"camera and {name}"
    written = _written(clues.xmp)
    if written and written.tzinfo and written.replace(tzinfo=None, microsecond=0) == naive:
        return naive.replace(tzinfo=written.tzinfo), "camera, in the zone its XMP says"
    if zoned := in_zone_of(clues.place, naive):
        return zoned, "camera, in the zone of the place"
    return here(naive), "camera, in this computer's zone"


def _without_camera(clues: Clues, satellite: datetime | None) -> tuple[datetime | None, str]:
    if satellite:
        return shown(satellite, clues.place), "satellite"
    if clues.utc:
        return shown(clues.utc, clues.place), "Google Photos"
    return from_name(clues.path)


def from_name(path: Path) -> tuple[datetime | None, str]:
    """What the name of a file says, as phones and programs for screenshots call them."""
    match = _NAMED.search(path.stem)
    if match is None:
        return None, ""
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        return here(datetime(year, month, day, hour, minute, second)), "file name"
    except (ValueError, OverflowError):
        return None, ""


def in_zone_of(place: Place | None, naive: datetime) -> datetime | None:
    """A clock's time as that of the place; None where its zone is not known."""
    if place is None:
        return None
    try:
        return naive.replace(tzinfo=ZoneInfo(place.zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def here(naive: datetime) -> datetime:
    """A clock's time as that of this computer: most pictures are taken where a person lives."""
    try:
        return naive.astimezone()
    except (OSError, ValueError, OverflowError):  # a year that this system's calendar does not have
        return naive.replace(tzinfo=UTC)


def shown(utc: datetime, place: Place | None) -> datetime:
    """A moment as the clocks of the place, or else of this computer, showed it."""
    try:
        return utc.astimezone(ZoneInfo(place.zone) if place else None)
    except (ZoneInfoNotFoundError, ValueError, OSError, OverflowError):
        return utc


def _written(words: str) -> datetime | None:
    found = _WRITTEN.match(words)
    try:
        moment = (
            datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00'}{found[3] or ''}") if found else None
        )
    except ValueError:
        return None
    return moment if moment and 1900 <= moment.year <= 2200 else None
