"""Photos: pictures with the time and place the camera noted, the town's name, and their captions."""

from __future__ import annotations

import hashlib
import re
import struct
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pillow_heif
from PIL import Image, UnidentifiedImageError
from PIL.ExifTags import Base

from indexers import _exif, _files, _places
from indexers._text import day_in_words, seal, tidy, time_in_words
from indexers.item import Item, Skipped, Unit

pillow_heif.register_heif_opener()
Image.init()  # opening with named formats needs them all registered

MAX_PIXELS = 50_000_000
MAX_BYTES = 100_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "HEIF", "AVIF")
SUFFIXES = frozenset(
    (".jpg", ".jpeg", ".jpe", ".png", ".webp", ".tif", ".tiff", ".gif", ".heic", ".heif", ".hif", ".avif")
)
_MAGIC = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF....WEBP|II\*\0|MM\0\*|....ftyp(?:hei|hev|mif|msf|avi)",
    re.S,
)
_NAMED = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[-_.]?([01]\d)[-_.]?([0-3]\d)(?:[-_. T]| at ){1,4}"
    r"([0-2]\d)[-_.hH:]?([0-5]\d)[-_.mM:]?([0-5]\d)?"
)
_ROTATIONS = {
    3: "180°",
    6: "90° right",
    8: "90° left",
    2: "mirrored",
    4: "mirrored",
    5: "mirrored",
    7: "mirrored",
}


def likely(path: Path, head: bytes) -> int:
    """How much a file looks like a picture: 0 not at all … 3 certainly."""
    return 3 if _MAGIC.match(head) else 0


def scan(root: Path) -> Iterator[Unit | Skipped]:
    """The pictures under ``root``; every other visible file comes as Skipped."""
    for found in _files.walk(root):
        if isinstance(found, Skipped):
            yield found
        elif found.suffix.lower() in SUFFIXES:
            yield _files.unit(found)
        else:
            yield Skipped(uri=_files.uri(found), reason="not a photo: its name has no picture's ending")


def read(path: Path) -> Iterator[Item | Skipped]:
    """The picture in a file."""
    try:
        yield _photo(path)
    except _Unusable as error:
        yield Skipped(uri=_files.uri(path), reason=str(error))
    except OSError as error:
        told = _files.why(error) if error.errno else "it is damaged or cut off"
        yield Skipped(uri=_files.uri(path), reason=f"this picture could not be read: {told}")
    except MemoryError:
        yield Skipped(uri=_files.uri(path), reason="this picture needs more memory than it may take")
    except Exception as error:  # decoders raise anything on damaged files
        reason = f"this picture is damaged ({type(error).__name__})"
        yield Skipped(uri=_files.uri(path), reason=reason)


class _Unusable(Exception):
    """Why a file is no usable picture; the message is for a person."""


def _photo(path: Path) -> Item:
    size = path.stat().st_size
    if not size:
        raise _Unusable("an empty file")
    if size > MAX_BYTES:
        raise _Unusable(f"a picture of {size // 1_000_000} MB is over the limit of 100 MB")
    data = path.read_bytes()
    if not _MAGIC.match(data[:16]):
        raise _Unusable(f"not a picture, though it is named {path.suffix}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of damaged metadata and of sizes checked here
        with _open(path) as image:
            form, width, height = str(image.format), image.width, image.height
            _check(image)
            exif, gps = _exif.fields(image)
            captions = _exif.captions(image, exif)
    content = hashlib.sha256(data).hexdigest()
    return _item(path, exif, gps, captions, {"format": form, "size": f"{width}×{height}", "content": content})


def _open(path: Path) -> Image.Image:
    try:
        return Image.open(path, formats=FORMATS)
    except (UnidentifiedImageError, ValueError, SyntaxError, struct.error):
        raise _Unusable("this picture is damaged: its beginning cannot be read") from None
    except Image.DecompressionBombError:
        raise _Unusable(_too_many()) from None


def _too_many() -> str:
    return f"a picture of more than {MAX_PIXELS // 1_000_000} megapixels"


def _check(image: Image.Image) -> None:
    """Decode the first frame, as small as the format allows, so that damage is found here."""
    if image.width * image.height > MAX_PIXELS:
        raise _Unusable(_too_many())
    if image.format in ("HEIF", "AVIF"):
        return  # opening has checked the container; decoding takes half a second a picture
    if image.format in ("JPEG", "MPO"):
        image.draft("RGB", (max(1, image.width // 8), max(1, image.height // 8)))
    try:
        image.load()
    except (OSError, ValueError, SyntaxError, struct.error, EOFError, IndexError):
        raise _Unusable("this picture is damaged or cut off") from None


def _item(
    path: Path, exif: _exif.Fields, gps: _exif.Fields, captions: list[str], meta: dict[str, str]
) -> Item:
    spot = _exif.position(gps)
    place = _places.nearest(*spot) if spot else None
    when, source = _when(exif, gps, place, path)
    camera = _exif.camera(exif)
    told = {
        **meta,
        "lat": str(spot[0]) if spot else "",
        "lon": str(spot[1]) if spot else "",
        "camera": camera,
        "rotation": _ROTATIONS.get(_number(exif.get(Base.Orientation)), ""),
        "when-from": source,
        "ocr": "wanted",
    }
    return seal(
        Item(
            uri=_files.uri(path),
            source="photos",
            kind="photo",
            title=path.name,
            text=tidy("\n".join([*captions, _sentence(when, source, place, camera)])),
            digest="",
            when=when,
            place=str(place) if place else "",
            path=_files.absolute(path),
            meta={key: value for key, value in told.items() if value},
        )
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _when(
    exif: _exif.Fields, gps: _exif.Fields, place: _places.Place | None, path: Path
) -> tuple[datetime | None, str]:
    """(capture time, what it rests on): camera, satellite, the zone of the place, the file's name."""
    known, naive = _exif.taken(exif)
    if known:
        return known, "camera"
    utc = _exif.gps_time(gps)
    if naive is None:
        return (utc, "satellite") if utc else _from_name(path)
    if utc and (zone := _exif.zone_by_satellite(naive, utc)):
        return naive.replace(tzinfo=zone), "camera and satellite"
    if place:
        try:
            return naive.replace(tzinfo=ZoneInfo(place.zone)), "camera, in the zone of the place"
        except (ZoneInfoNotFoundError, ValueError):
            pass
    return naive.replace(tzinfo=UTC), "camera, zone unknown"


def _from_name(path: Path) -> tuple[datetime | None, str]:
    match = _NAMED.search(path.stem)
    if match is None:
        return None, ""
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        return datetime(year, month, day, hour, minute, second).astimezone(), "file name"
    except (ValueError, OverflowError):
        return None, ""


def _sentence(when: datetime | None, source: str, place: _places.Place | None, camera: str) -> str:
    words = "Photo"
    if when:
        words += (
            f" {'dated' if source == 'file name' else 'taken on'} {day_in_words(when)}, {time_in_words(when)}"
        )
    if place:
        words += f" {place}" if str(place).startswith("near") else f" in {place}"
    if camera:
        words += f" with {camera}"
    return f"{words}."
