"""The head of a Matroska or WebM file: date, length, size, titles (EBML: RFC 8794; Matroska: RFC 9559)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, NamedTuple

from indexers._text import decode, one_line

SIGN = b"\x1a\x45\xdf\xa3"
MAX_ELEMENTS = 20_000
MAX_VALUE = 65_536  # bytes of one value
_SEGMENT, _INFO, _TRACKS, _TRACK, _VIDEO = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0
_TAGS, _TAG, _SIMPLE, _TAG_NAME, _TAG_STRING = 0x1254C367, 0x7373, 0x67C8, 0x45A3, 0x4487
_SCALE, _DURATION, _DATE, _TITLE, _WIDTH, _HEIGHT = 0x2AD7B1, 0x4489, 0x4461, 0x7BA9, 0xB0, 0xBA
_MASTERS = frozenset((_SEGMENT, _INFO, _TRACKS, _TRACK, _VIDEO, _TAGS, _TAG, _SIMPLE))
_VALUES = frozenset((_SCALE, _DURATION, _DATE, _TITLE, _WIDTH, _HEIGHT, _TAG_NAME, _TAG_STRING))
_EPOCH = datetime(2001, 1, 1, tzinfo=UTC)


class _Element(NamedTuple):
    id: int
    at: int
    size: int  # below 0: not known


@dataclass
class Told:
    """``said``: tags by their names in small letters, and the title."""

    when: datetime | None = None
    seconds: float = 0.0
    width: int = 0
    height: int = 0
    said: dict[str, str] = field(default_factory=dict)


def read(file: BinaryIO, size: int) -> Told:
    """What the file tells; a damaged size ends the reading. Raises OSError."""
    told, scale, duration, tag = Told(), 1_000_000, 0.0, ""
    for element in _elements(file, 0, size, [MAX_ELEMENTS], 0):
        if element.id not in _VALUES or not 0 < element.size <= MAX_VALUE:
            continue
        file.seek(element.at)
        data = file.read(element.size)
        if element.id == _SCALE:
            scale = int.from_bytes(data, "big")
        elif element.id == _DURATION:
            duration = _float(data)
        elif element.id == _DATE:
            told.when = _moment(data)
        elif element.id in (_WIDTH, _HEIGHT):
            _measure(told, element.id, int.from_bytes(data, "big"))
        elif element.id == _TAG_NAME:
            tag = one_line(decode(data), 100).lower()
        elif words := one_line(decode(data.rstrip(b"\0")), 2000):
            told.said.setdefault("title" if element.id == _TITLE else tag, words)
    seconds = duration * scale / 1e9
    told.seconds = seconds if 0 < seconds < 1_000_000 else 0.0
    return told


def _elements(file: BinaryIO, at: int, ending: int, left: list[int], depth: int) -> Iterator[_Element]:
    """All elements of the levels that matter; what lies in clusters is stepped over."""
    while at < ending and left[0] > 0:
        left[0] -= 1
        element = _head(file, at)
        if element is None:
            return
        end = min(element.at + element.size, ending) if element.size >= 0 else ending
        yield element
        if element.id in _MASTERS and depth < 8:
            yield from _elements(file, element.at, end, left, depth + 1)
        elif element.size < 0:  # a live stream's cluster has no end that could be jumped to
            return
        at = end


def _head(file: BinaryIO, at: int) -> _Element | None:
    file.seek(at)
    head = file.read(12)
    id_length = 9 - head[0].bit_length() if head and head[0] else 9
    if id_length > 4 or len(head) <= id_length:
        return None
    first = head[id_length]
    length = 9 - first.bit_length()
    if length > 8 or len(head) < id_length + length:
        return None
    rest = head[id_length + 1 : id_length + length]
    size = int.from_bytes(bytes([first & (0xFF >> length)]) + rest, "big")
    known = size != (1 << (7 * length)) - 1
    return _Element(int.from_bytes(head[:id_length], "big"), at + id_length + length, size if known else -1)


def _measure(told: Told, id: int, pixels: int) -> None:
    if id == _WIDTH:
        told.width = told.width or min(pixels, 100_000)
    else:
        told.height = told.height or min(pixels, 100_000)


def _float(data: bytes) -> float:
    form = {4: ">f", 8: ">d"}.get(len(data))
    return float(struct.unpack(form, data)[0]) if form else 0.0


def _moment(data: bytes) -> datetime | None:
    try:
        moment = _EPOCH + timedelta(microseconds=int.from_bytes(data, "big", signed=True) // 1000)
    except OverflowError:
        return None
    return moment if 1970 <= moment.year <= 2200 else None
