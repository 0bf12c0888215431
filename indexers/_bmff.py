"""Boxes of the ISO base media format (ISO/IEC 14496-12), which MP4, QuickTime and Canon's CR3 are made of."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MAX_BOXES = 20_000  # of one file, on all levels
MAX_BOX = 4 << 20  # bytes of a box that is read into memory
_CONTAINERS = frozenset((b"moov", b"trak", b"mdia", b"udta", b"minf", b"stbl", b"edts", b"ilst"))


@dataclass(frozen=True)
class Box:
    """``kind`` is its four letters; ``at`` and ``size`` are of its content; ``path`` of all letters to it."""

    kind: bytes
    at: int
    size: int
    path: tuple[bytes, ...]
    uuid: bytes = b""


def boxes(file: BinaryIO, ending: int) -> Iterator[Box]:
    """Every box of the file, parents before what they hold; a damaged size ends its level.

    The content of none is read, so a film of gigabytes takes a few seeks. Raises OSError.
    """
    left = [MAX_BOXES]
    yield from _level(file, 0, ending, (), left)


def content(file: BinaryIO, box: Box, most: int = MAX_BOX) -> bytes:
    """What is in a box, at most ``most`` bytes of it."""
    file.seek(box.at)
    return file.read(min(box.size, most))


def _level(file: BinaryIO, at: int, ending: int, path: tuple[bytes, ...], left: list[int]) -> Iterator[Box]:
    while at + 8 <= ending and left[0] > 0:
        left[0] -= 1
        file.seek(at)
        head = file.read(32)
        if len(head) < 8:
            return
        size, kind = struct.unpack_from(">L4s", head)
        begin = at + 8
        if size == 1 and len(head) >= 16:
            (size,) = struct.unpack_from(">Q", head, 8)
            begin += 8
        elif size == 0:  # to the end of the file
            size = ending - at
        uuid = b""
        if kind == b"uuid":
            uuid = head[begin - at : begin - at + 16]
            begin += 16
        if at + size > ending or size < begin - at:
            return
        box = Box(kind, begin, at + size - begin, (*path, kind), uuid)
        yield box
        inner = _inside(file, box)
        if inner >= 0 and len(box.path) < 12:
            yield from _level(file, begin + inner, at + size, box.path, left)
        at += size


def _inside(file: BinaryIO, box: Box) -> int:
    """How many bytes before the first box inside it; below 0 where it holds none."""
    if box.kind in _CONTAINERS:
        return 0
    if box.path[-2:] == (b"ilst", box.kind) or box.uuid in (CANON, CANON_PREVIEW):
        return 8 if box.uuid == CANON_PREVIEW else 0
    if box.kind == b"meta":  # a version before its boxes in ISO's form, none in QuickTime's
        return 0 if content(file, box, 8)[4:8] == b"hdlr" else 4
    return -1


CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")  # the EXIF blocks of CR3
CANON_PREVIEW = bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16")
ADOBE_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
