"""Videos by their metadata: when, where, how long, how large; their pictures and sound are not looked at.

MP4 and QuickTime by their boxes (ISO/IEC 14496-12, Apple's QuickTime File Format), Matroska and WebM by
their elements (RFC 8794, RFC 9559). Other kinds are found by their names alone.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from indexers import _bmff, _matroska
from indexers._exif import called
from indexers._text import decode, one_line

BOXED = frozenset(".mp4 .m4v .mov .qt .3gp .3g2".split())
MATROSKA = frozenset((".mkv", ".webm"))
OTHERS = frozenset(".avi .wmv .mpg .mpeg .mts .m2ts .ogv .flv".split())
SUFFIXES = BOXED | MATROSKA | OTHERS
_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_POSITION = re.compile(r"([+-]\d{2,6}(?:\.\d+)?)([+-]\d{3,7}(?:\.\d+)?)")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})")
_NAMES = {  # what QuickTime's and iTunes' fields are called → what they say
    b"\xa9xyz": "position",
    b"\xa9nam": "title",
    b"\xa9des": "description",
    b"desc": "description",
    b"\xa9cmt": "comment",
    b"\xa9inf": "comment",
    b"\xa9mak": "make",
    b"\xa9mod": "model",
    b"\xa9day": "date",
    b"com.apple.quicktime.location.ISO6709": "position",
    b"com.apple.quicktime.creationdate": "date",
    b"com.apple.quicktime.title": "title",
    b"com.apple.quicktime.description": "description",
    b"com.apple.quicktime.comment": "comment",
    b"com.apple.quicktime.make": "make",
    b"com.apple.quicktime.model": "model",
    b"com.android.manufacturer": "make",
    b"com.android.model": "model",
}


@dataclass
class Film:
    """What a video tells; ``spot`` in decimal degrees, ``seconds`` of playing, pixels as they are shown."""

    when: datetime | None = None
    spot: tuple[float, float] | None = None
    seconds: float = 0.0
    width: int = 0
    height: int = 0
    said: dict[str, str] = field(default_factory=dict)  # title, description, comment, make, model

    @property
    def camera(self) -> str:
        return called(self.said.get("make", ""), self.said.get("model", ""))

    @property
    def captions(self) -> list[str]:
        found = (self.said.get(name, "") for name in ("title", "description", "comment"))
        return [words for words in dict.fromkeys(found) if words]


def known(head: bytes, suffix: str) -> bool:
    """Whether a file that begins so is a video by both its content and its name."""
    suffix = suffix.lower()
    if suffix in BOXED:
        return head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
    return head.startswith(_matroska.SIGN) if suffix in MATROSKA else suffix in OTHERS


def read(file: BinaryIO, size: int, suffix: str) -> Film:
    """What it tells; less where it is damaged. Raises OSError."""
    if suffix.lower() in BOXED:
        return _boxed(file, size)
    return _elements(file, size) if suffix.lower() in MATROSKA else Film()


def _elements(file: BinaryIO, size: int) -> Film:
    told = _matroska.read(file, size)
    film = Film(when=told.when, seconds=told.seconds, width=told.width, height=told.height)
    film.said = {
        name: words for name, words in told.said.items() if name in ("title", "description", "comment")
    }
    return film


def _boxed(file: BinaryIO, size: int) -> Film:
    film, keys = Film(), list[bytes]()
    for box in _bmff.boxes(file, size):
        if box.kind == b"mvhd":
            _movie(film, _bmff.content(file, box, 64))
        elif box.kind == b"tkhd":
            _track(film, _bmff.content(file, box, 128))
        elif box.kind == b"keys":
            keys = _keys(_bmff.content(file, box, 65_536))
        elif box.kind == b"loci":
            film.spot = film.spot or _location(_bmff.content(file, box, 4096))
        elif box.path[-2:-1] == (b"udta",) and box.kind in _NAMES:
            _say(film, _NAMES[box.kind], _bmff.content(file, box, 8192)[4:])
        elif box.kind == b"data" and len(box.path) > 1:
            _say(film, _name(box.path[-2], keys), _bmff.content(file, box, 8192)[8:])
    return film


def _movie(film: Film, data: bytes) -> None:
    """mvhd: 32-bit times in its first version, 64-bit ones in the next."""
    form = ">QxxxxxxxxLQ" if data[:1] == b"\1" else ">LxxxxLL"
    if len(data) < 4 + struct.calcsize(form):
        return
    created, scale, duration = struct.unpack_from(form, data, 4)
    film.seconds = duration / scale if scale and duration < scale * 1_000_000 else 0.0
    try:
        made = _EPOCH + timedelta(seconds=created)
    except OverflowError:
        return
    if film.when is None and 1970 <= made.year <= 2200:  # 0 and the like: a clock that was never set
        film.when = made


def _track(film: Film, data: bytes) -> None:
    """tkhd: the largest track's size, turned as its matrix says."""
    length = {0: 84, 1: 96}.get(data[0], 0) if data else 0
    if not length or len(data) < length:
        return
    across, _, _, down = struct.unpack_from(">llll", data, length - 44)
    width, height = (part >> 16 for part in struct.unpack_from(">LL", data, length - 8))
    if width * height > film.width * film.height:
        film.width, film.height = (height, width) if across == 0 and down != 0 else (width, height)


def _keys(data: bytes) -> list[bytes]:
    """The names that the numbers of QuickTime's metadata stand for."""
    names: list[bytes] = []
    at = 8
    while at + 8 <= len(data) and len(names) < 1000:
        size = int.from_bytes(data[at : at + 4], "big")
        if size < 8:
            break
        names.append(data[at + 8 : at + size])
        at += size
    return names


def _name(kind: bytes, keys: list[bytes]) -> str:
    number = int.from_bytes(kind, "big")
    return _NAMES.get(keys[number - 1] if 0 < number <= len(keys) else kind, "")


def _say(film: Film, name: str, data: bytes) -> None:
    words = one_line(decode(data.partition(b"\0")[0]), 2000)
    if name == "position":
        film.spot = film.spot or position(words)
    elif name == "date":  # it has a zone, which the movie's own time has not
        film.when = _dated(words) or film.when
    elif name and words:
        film.said.setdefault(name, words)


def _dated(words: str) -> datetime | None:
    found = _DATE.match(words)
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3]}") if found else None
    except ValueError:
        return None


def position(words: str) -> tuple[float, float] | None:
    """ISO 6709 in its short forms: ``+38.7100-009.1400+010.000/``, also with minutes and seconds."""
    found = _POSITION.match(words)
    if found is None:
        return None
    latitude, longitude = _degrees(found[1], 2), _degrees(found[2], 3)
    if abs(latitude) > 90 or abs(longitude) > 180 or (latitude == 0 and longitude == 0):
        return None
    return round(latitude, 6), round(longitude, 6)


def _degrees(part: str, digits: int) -> float:
    """Degrees, or with more digits before the point degrees and minutes, and seconds."""
    sign, whole = (-1 if part[0] == "-" else 1), part[1:]
    before = len(whole.partition(".")[0])
    if before <= digits:
        return sign * float(whole)
    degrees, rest = float(whole[:digits]), whole[digits:]
    if before <= digits + 2:
        return sign * (degrees + float(rest) / 60)
    return sign * (degrees + float(rest[:2]) / 60 + float(rest[2:]) / 3600)


def _location(data: bytes) -> tuple[float, float] | None:
    """loci of 3GPP TS 26.244: a name, a role, then longitude and latitude as 16.16 numbers."""
    end = data.find(b"\0", 6)
    if end < 0 or len(data) < end + 10:
        return None
    longitude, latitude = (part / 65536 for part in struct.unpack_from(">ll", data, end + 2))
    if abs(latitude) > 90 or abs(longitude) > 180 or (latitude == 0 and longitude == 0):
        return None
    return round(latitude, 6), round(longitude, 6)
