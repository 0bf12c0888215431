"""TIFF structures of raw pictures: their EXIF and GPS fields, and the previews that cameras put beside them.

TIFF 6.0, EXIF 2.32 and TIFF/EP, read by seeking: a raw file is tens of megabytes of which a few
kilobytes matter. CR2, NEF, ARW, DNG and most others are TIFF; ORF and RW2 only sign with other letters.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Literal, NamedTuple

from PIL.ExifTags import Base

MAX_IFDS = 48  # directories of one file, however they are chained or nested
MAX_ENTRIES = 512  # fields of one directory
MAX_VALUE = 65_536  # bytes of one field; larger ones hold pixels or a maker's own notes
_EXIF, _GPS, _SUB = 0x8769, 0x8825, 0x014A
_MAKER, _PANASONIC_JPEG, _OLYMPUS_SETTINGS = 0x927C, 0x002E, 0x2020
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_FORMS = {3: "H", 4: "L", 6: "b", 8: "h", 9: "l", 11: "f", 12: "d", 13: "L"}
_RATIONAL, _SIGNED_RATIONAL = 5, 10
_SIGNS = (b"II*\0", b"MM\0*", b"IIRO", b"IIRS", b"MMOR", b"IIU\0")
_JPEG_COMPRESSIONS = (6, 7)

Order = Literal["<", ">"]


class Span(NamedTuple):
    """Where in the file something lies, in bytes."""

    at: int
    size: int


@dataclass
class Tags:
    """All of a file: EXIF fields as Pillow types them, GPS, XMP, pixels, and where JPEGs may lie."""

    exif: dict[int, Any] = field(default_factory=dict)
    gps: dict[int, Any] = field(default_factory=dict)
    xmp: bytes = b""
    width: int = 0
    height: int = 0
    previews: list[Span] = field(default_factory=list)


def signed(head: bytes) -> bool:
    """Whether a file that begins so is built like a TIFF."""
    return head[:4] in _SIGNS


def read(file: BinaryIO, *, base: int = 0, ending: int = 0) -> Tags:
    """The fields of the TIFF at ``base``; what is damaged is left out. Nothing is raised but OSError.

    ``ending``: where the file, or the block that holds the TIFF, ends.
    """
    return _Walk(file, base, ending or file.seek(0, 2)).all()


class _Walk:
    """One pass over the directories, each once."""

    def __init__(self, file: BinaryIO, base: int, ending: int) -> None:
        self._file, self._base, self._ending = file, base, ending
        self._order: Order = "<"
        self._seen: set[int] = set()
        self._found = Tags()

    def all(self) -> Tags:
        head = self._bytes(0, 8)
        if len(head) < 8 or not signed(head):
            return self._found
        self._order = "<" if head[:2] == b"II" else ">"
        (first,) = struct.unpack(f"{self._order}L", head[4:])
        for ifd in self._chain(first):
            self._picture(ifd)
            for sub in _numbers(ifd.get(_SUB)):
                for inner in self._chain(sub):
                    self._picture(inner)
            self._merge(ifd)
        return self._found

    def _merge(self, ifd: dict[int, Any]) -> None:
        """The first directory describes the picture, the others at most add to it."""
        own = {tag: value for tag, value in ifd.items() if not isinstance(value, Span)}
        self._found.exif = {**own, **self._found.exif}
        if isinstance(packet := ifd.get(Base.XMLPacket), bytes):
            self._found.xmp = self._found.xmp or packet
        elif isinstance(packet, Span):
            self._found.xmp = self._found.xmp or self._bytes(
                packet.at - self._base, min(packet.size, 1 << 20)
            )
        for at in _numbers(ifd.get(_EXIF))[:1]:
            for inner in self._chain(at):
                self._maker(inner.pop(_MAKER, None))
                for tag, value in inner.items():
                    if not isinstance(value, Span):
                        self._found.exif.setdefault(tag, value)
        for at in _numbers(ifd.get(_GPS))[:1]:
            for inner in self._chain(at):
                self._found.gps = self._found.gps or inner

    def _picture(self, ifd: dict[int, Any]) -> None:
        """Size, and where this directory's picture lies if it may be a JPEG."""
        width, height = _number(ifd.get(Base.ImageWidth)), _number(ifd.get(Base.ImageLength))
        if width * height > self._found.width * self._found.height:
            self._found.width, self._found.height = width, height
        at, size = _number(ifd.get(Base.JpegIFOffset)), _number(ifd.get(Base.JpegIFByteCount))
        self._preview(at, size)
        strips, sizes = _numbers(ifd.get(Base.StripOffsets)), _numbers(ifd.get(Base.StripByteCounts))
        if _number(ifd.get(Base.Compression)) in _JPEG_COMPRESSIONS and len(strips) == len(sizes) == 1:
            self._preview(strips[0], sizes[0])
        if isinstance(jpeg := ifd.get(_PANASONIC_JPEG), Span):
            self._preview(jpeg.at - self._base, jpeg.size)

    def _preview(self, at: int, size: int) -> None:
        if at > 0 and size > 100 and self._base + at + size <= self._ending:
            self._found.previews.append(Span(self._base + at, size))

    def _maker(self, notes: object) -> None:
        """Olympus keeps its preview in the maker's notes, which count offsets from their own beginning."""
        if not isinstance(notes, Span):
            return
        head = self._bytes(notes.at - self._base, 16)
        if not head.startswith((b"OLYMPUS\0", b"OM SYSTEM\0")):
            return
        begin, skip = notes.at - self._base, 12 if head.startswith(b"OLY") else 16
        for ifd in self._chain(begin + skip, relative=begin):
            for sub in _numbers(ifd.get(_OLYMPUS_SETTINGS)):
                for settings in self._chain(begin + sub, relative=begin):
                    self._preview(begin + _number(settings.get(0x0101)), _number(settings.get(0x0102)))

    def _chain(self, at: int, *, relative: int = 0) -> Iterator[dict[int, Any]]:
        """The directory at an offset and those it leads to, unless they were seen."""
        while at and at not in self._seen and len(self._seen) < MAX_IFDS:
            self._seen.add(at)
            head = self._bytes(at, 2)
            if len(head) < 2:
                return
            count = min(struct.unpack(f"{self._order}H", head)[0], MAX_ENTRIES)
            table = self._bytes(at + 2, 12 * count + 4)
            yield self._fields(table, relative)
            end = table[12 * count : 12 * count + 4]
            at = struct.unpack(f"{self._order}L", end)[0] if len(end) == 4 else 0

    def _fields(self, table: bytes, relative: int) -> dict[int, Any]:
        fields: dict[int, Any] = {}
        for begin in range(0, len(table) - 11, 12):
            tag, kind, count = struct.unpack_from(f"{self._order}HHL", table, begin)
            size = _SIZES.get(kind, 0) * count
            if not size:
                continue
            if size <= 4:
                fields[tag] = _value(table[begin + 8 : begin + 8 + size], kind, self._order)
                continue
            (at,) = struct.unpack_from(f"{self._order}L", table, begin + 8)
            if tag in (_MAKER, _PANASONIC_JPEG) or size > MAX_VALUE:
                fields[tag] = Span(self._base + relative + at, size)
            elif len(data := self._bytes(relative + at, size)) == size:
                fields[tag] = _value(data, kind, self._order)
        return fields

    def _bytes(self, at: int, size: int) -> bytes:
        begin = self._base + at
        if not 0 <= begin < self._ending:
            return b""
        self._file.seek(begin)
        return self._file.read(min(size, self._ending - begin))


def _value(data: bytes, kind: int, order: Order) -> Any:
    """As Pillow gives it: text and bytes as they are, one number, or a tuple of numbers."""
    if kind in (1, 2, 7):
        return data if kind != 1 or len(data) > 1 else data[0]
    if kind in (_RATIONAL, _SIGNED_RATIONAL):
        numbers = struct.unpack(f"{order}{len(data) // 4}{'L' if kind == _RATIONAL else 'l'}", data)
        values = tuple(_ratio(*numbers[n : n + 2]) for n in range(0, len(numbers), 2))
    else:
        values = struct.unpack(f"{order}{len(data) // _SIZES[kind]}{_FORMS[kind]}", data)
    return values[0] if len(values) == 1 else values


def _ratio(upper: int, lower: int) -> float:
    return upper / lower if lower else float("nan")


def _number(value: object) -> int:
    return next(iter(_numbers(value)), 0)


def _numbers(value: object) -> list[int]:
    listed = value if isinstance(value, tuple) and not isinstance(value, Span) else (value,)
    return [one for one in listed if isinstance(one, int) and one > 0][:MAX_IFDS]
