"""Files that programs put beside a picture to say more of it: XMP, and the JSON of Google Takeout.

An XMP file is called ``a.xmp`` (Lightroom) or ``a.jpg.xmp`` (darktable, digiKam) beside ``a.jpg``. Takeout
writes ``a.jpg.supplemental-metadata.json``, or ``a.jpg.json`` before 2024, and cuts the name where it gets
too long; ``a(1).jpg`` belongs to ``a.jpg(1).json``; an edited picture has the file of its original.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any

import msgspec

from indexers import _files
from indexers._text import one_line
from indexers.item import Skipped

MAX_BYTES = 1 << 20
_MORE = ".supplemental-metadata"
_CUT = (46, 47)  # characters to which Takeout cuts the name of a file before its ending
_NUMBERED = re.compile(r"(.*)(\(\d{1,4}\))$", re.S)
_EDITED = re.compile(  # what Takeout adds to the name of an edited picture, in the account's language
    r"-(?:edited|effects|smile|mix|bearbeitet|modifié|modifie|editado|editada|modificato|bewerkt|redigerad|"
    r"redigert|redigeret|muokattu|edytowane|upraveno|編集済み|已修改|수정됨)$"
)
_STILLS = (
    ".HEIC",
    ".heic",
    ".JPG",
    ".jpg",
    ".JPEG",
    ".jpeg",
)  # a live photo's film has the file of its still
_FILMS = (".mp4", ".mov")


@dataclass(frozen=True)
class Beside:
    """The files that belong to a picture; None where there is none."""

    xmp: Path | None = None
    takeout: Path | None = None

    def paths(self) -> tuple[Path, ...]:
        return tuple(path for path in (self.xmp, self.takeout) if path)


@dataclass
class Takeout:
    """What Google Photos knew of a picture: ``taken`` in UTC, ``spot`` in decimal degrees."""

    taken: datetime | None = None
    spot: tuple[float, float] | None = None
    caption: str = ""
    people: list[str] = field(default_factory=list)
    favourite: bool = False


def beside(path: Path, names: Collection[str]) -> Beside:
    """The side-cars of a picture among the ``names`` of its folder."""
    xmp = next((name for name in _xmp_names(path.name) if name in names), None)
    takeout = next((name for name in _takeout_names(path.name) if name in names), None)
    return Beside(path.with_name(xmp) if xmp else None, path.with_name(takeout) if takeout else None)


def names(folder: Path) -> Collection[str]:
    """What lies in a folder, remembered until the folder changes; empty where it cannot be listed."""
    try:
        return _names(str(folder), folder.stat().st_mtime_ns)
    except OSError:
        return ()


@lru_cache(4)
def _names(folder: str, changed: int) -> Collection[str]:
    with os.scandir(folder) as entries:
        return frozenset(entry.name for entry in entries if entry.name.lower().endswith((".xmp", ".json")))


def stamp(found: Beside) -> str:
    """What changes when a side-car does; empty where there is none."""
    units = (_files.unit(path) for path in found.paths())
    return "".join(f"+{unit.stamp}" for unit in units if not isinstance(unit, Skipped))


def packet(found: Beside) -> bytes:
    """The XMP file's content, empty where there is none or it is too large."""
    return _content(found.xmp)


def takeout(found: Beside) -> Takeout | None:
    """What Takeout's file says; None where there is none, or it is no such file."""
    try:
        told = msgspec.json.decode(_content(found.takeout))
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or "photoTakenTime" not in told:
        return None
    people = told.get("people")
    listed = people[:200] if isinstance(people, list) else []
    return Takeout(
        taken=_time(_inside(told, "photoTakenTime").get("timestamp")),
        spot=_spot(_inside(told, "geoData")) or _spot(_inside(told, "geoDataExif")),
        caption=one_line(str(told.get("description") or ""), 2000),
        people=[one_line(one["name"], 200) for one in listed if _named(one)],
        favourite=told.get("favorited") is True,
    )


def _xmp_names(name: str) -> Iterator[str]:
    for base in (name, PurePath(name).stem):
        yield from (f"{base}.xmp", f"{base}.XMP")


def _takeout_names(name: str) -> Iterator[str]:
    path = PurePath(name)
    stem, suffix = path.stem, path.suffix
    yield from _of(name, "")
    if numbered := _NUMBERED.fullmatch(stem):
        stem = numbered[1]
        yield from _of(f"{stem}{suffix}", numbered[2])
    number = numbered[2] if numbered else ""
    original = _EDITED.sub("", stem)
    if original != stem:
        yield from _of(f"{original}{suffix}", number)
        if again := _NUMBERED.fullmatch(original):
            yield from _of(f"{again[1]}{suffix}", again[2])
    if suffix.lower() in _FILMS:
        for still in _STILLS:
            yield from _of(f"{original}{still}", number)


def _of(name: str, number: str) -> Iterator[str]:
    """Every form of the name of the file for ``name``, the newest first."""
    full = f"{name}{_MORE}"
    for length in range(len(full), len(name) - 1, -1):
        yield f"{full[:length]}{number}.json"
    for length in _CUT:
        if len(name) > length:
            yield f"{name[:length]}{number}.json"


def _content(path: Path | None) -> bytes:
    try:
        if path is None or not path.is_file() or path.stat().st_size > MAX_BYTES:
            return b""
        return path.read_bytes()
    except OSError:
        return b""


def _inside(told: dict[str, Any], name: str) -> dict[str, Any]:
    value = told.get(name)
    return value if isinstance(value, dict) else {}


def _named(one: object) -> bool:
    return isinstance(one, dict) and isinstance(one.get("name"), str) and bool(one["name"].strip())


def _time(value: object) -> datetime | None:
    """Seconds since 1970, as text; 0 is what Takeout writes for a time it does not know."""
    try:
        seconds = int(str(value))
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        return None


def _spot(place: dict[str, Any]) -> tuple[float, float] | None:
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180) or (latitude == 0 and longitude == 0):
        return None
    return round(float(latitude), 6), round(float(longitude), 6)
