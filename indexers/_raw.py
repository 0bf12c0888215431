"""Raw pictures of cameras: what they tell of themselves, and the largest JPEG preview they carry."""

from __future__ import annotations

from typing import BinaryIO

from indexers import _bmff, _tiff
from indexers._tiff import Span, Tags

SUFFIXES = frozenset(
    ".cr2 .cr3 .nef .nrw .arw .srf .sr2 .dng .orf .rw2 .rwl .pef .srw .raf .3fr .iiq".split()
)
MAX_PREVIEW = 60_000_000  # bytes of a JPEG that is taken out of a raw file
_ORIENTATION = 0x0112
_FUJI = b"FUJIFILMCCD-RAW "
_FRAMES = (0xC0, 0xC1, 0xC2)  # JPEG frames that are pictures; raw data is in lossless ones (0xC3)
_HEAD = 65_536  # bytes in which a preview's frame is looked for at first
_MAX_SEGMENTS = 200


def known(head: bytes, suffix: str) -> bool:
    """Whether a file that begins so is a raw picture; most are told from a TIFF by their name alone."""
    if head[4:12] == b"ftypcrx " or head.startswith(_FUJI):
        return True
    if head[8:10] == b"CR" or head[:4] in (b"IIRO", b"IIRS", b"MMOR", b"IIU\0"):
        return _tiff.signed(head)
    return suffix.lower() in SUFFIXES and _tiff.signed(head)


def read(file: BinaryIO, size: int) -> Tags:
    """Its fields; ``previews`` are the places of JPEGs in it, the largest first. Raises OSError."""
    file.seek(0)
    head = file.read(16)
    if head[4:8] == b"ftyp":
        tags = _canon(file, size)
    elif head.startswith(_FUJI):
        tags = _fuji(file, size)
    else:
        tags = _tiff.read(file, ending=size)
    places = sorted({*tags.previews}, key=lambda span: -span.size)
    tags.previews = [span for span in places[:12] if span.size <= MAX_PREVIEW and _is_picture(file, span)]
    return tags


def preview(file: BinaryIO, tags: Tags) -> bytes:
    """The bytes of its largest preview, empty where it has none. Raises OSError."""
    if not tags.previews:
        return b""
    file.seek(tags.previews[0].at)
    return file.read(tags.previews[0].size)


def _canon(file: BinaryIO, size: int) -> Tags:
    """CR3: TIFF blocks in boxes, one for each of the usual directories."""
    tags = Tags()
    for box in _bmff.boxes(file, size):
        if box.kind in (b"CMT1", b"CMT2", b"CMT4"):
            block = _tiff.read(file, base=box.at, ending=box.at + box.size)
            if box.kind == b"CMT4":
                tags.gps = block.exif
            else:
                tags.exif = {**block.exif, **tags.exif}
                tags.width, tags.height = tags.width or block.width, tags.height or block.height
        elif box.kind in (b"PRVW", b"THMB"):
            start = _bmff.content(file, box, 64).find(b"\xff\xd8\xff")
            if start >= 0:
                tags.previews.append(Span(box.at + start, box.size - start))
        elif box.uuid == _bmff.ADOBE_XMP:
            tags.xmp = _bmff.content(file, box, 1 << 20)
    return tags


def _fuji(file: BinaryIO, size: int) -> Tags:
    """RAF: its header says where the one JPEG lies, whose EXIF is that of the picture."""
    file.seek(84)
    place = file.read(8)
    span = Span(int.from_bytes(place[:4], "big"), int.from_bytes(place[4:], "big"))
    if not 0 < span.at < span.at + span.size <= size:
        return Tags()
    file.seek(span.at)
    head = file.read(min(span.size, 262_144))
    begin = head.find(b"Exif\0\0", 0, 64)
    ending = span.at + span.size
    tags = _tiff.read(file, base=span.at + begin + 6, ending=ending) if begin >= 0 else Tags()
    tags.previews = [span]
    return tags


def _is_picture(file: BinaryIO, span: Span) -> bool:
    """Whether a JPEG with a baseline or progressive frame begins there."""
    file.seek(span.at)
    head = file.read(min(span.size, _HEAD))
    at = 2
    if head[:2] != b"\xff\xd8":
        return False
    for _ in range(_MAX_SEGMENTS):
        if at + 4 > len(head):
            return at > len(head) and _frame_beyond(file, span, at)
        if head[at] != 0xFF:
            return False
        kind = head[at + 1]
        if kind in _FRAMES:
            return True
        if kind in (0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xDA):
            return False
        at += 1 if kind == 0xFF else 2 + int.from_bytes(head[at + 2 : at + 4], "big")
    return False


def _frame_beyond(file: BinaryIO, span: Span, at: int) -> bool:
    """The same for a preview with so much of its own metadata that its frame lies beyond what was read."""
    for _ in range(_MAX_SEGMENTS):
        if at + 4 > span.size:
            return False
        file.seek(span.at + at)
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF:
            return False
        if head[1] in _FRAMES:
            return True
        if head[1] in (0xC3, 0xDA):
            return False
        at += 2 + int.from_bytes(head[2:4], "big")
    return False
