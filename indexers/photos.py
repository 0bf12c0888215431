"""Photos and videos: when, where and with what they were taken, who is on them, and what was said of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from indexers import _exif, _files, _pictured, _raw, _sidecars, _video, pixels
from indexers._pictured import Told
from indexers._sidecars import Beside
from indexers.item import Item, Skipped, Unit
from indexers.pixels import Unusable

PICTURES = frozenset(
    (".jpg", ".jpeg", ".jpe", ".png", ".webp", ".tif", ".tiff", ".gif", ".heic", ".heif", ".hif", ".avif")
)
SUFFIXES = PICTURES | _raw.SUFFIXES | _video.SUFFIXES
MAX_RAW = 1_000_000_000  # bytes; of a raw picture only its head and a preview are read
_MAGIC = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF....WEBP|II\*\0|MM\0\*|....ftyp(?:hei|hev|mif|msf|avi)",
    re.S,
)
_FILM = re.compile(rb"....ftyp(?:isom|iso[2-9]|mp4|avc1|M4V|qt  |3g)|....moov", re.S)
_WHOLE = 100_000_000  # bytes up to which all of a file goes into what tells copies apart
_ENDS = 1 << 20


def likely(path: Path, head: bytes) -> int:
    """How much a file looks like a picture or a video: 0 not at all … 3 certainly."""
    if _MAGIC.match(head) or _raw.known(head, path.suffix):
        return 3
    return 2 if _FILM.match(head) else 0


def concerned(root: Path, changed: Path) -> Path | None:
    """A picture by itself; what may belong to one with the folder they lie in."""
    place = _files.concerned(root, changed)
    beside = place is not None and place != root and place.suffix.lower() in (".xmp", ".json")
    return place.parent if place is not None and beside else place


def scan(root: Path) -> Iterator[Unit | Skipped]:
    """The pictures and videos under ``root``; every other visible file comes as Skipped.

    What other programs put beside a picture is part of it: it is read again when that changes.
    """
    if not root.is_dir():
        yield from _listed(_files.walk(root), set(_sidecars.names(root.parent)))
        return
    for found in _files.folders(root):
        if isinstance(found, Skipped):
            yield found
            continue
        files = (one for entry in found[1] for one in _files.regular(Path(entry.path)))
        names = {entry.name for entry in found[1] if entry.name.lower().endswith((".xmp", ".json"))}
        yield from _listed(files, names)


def _listed(files: Iterator[Path | Skipped], names: set[str]) -> Iterator[Unit | Skipped]:
    """The files of one folder, whose side-cars are among ``names``."""
    others: list[Path] = []
    used: set[str] = set()
    for found in files:
        if isinstance(found, Skipped):
            yield found
        elif found.suffix.lower() not in SUFFIXES:
            others.append(found)
        else:
            beside = _sidecars.beside(found, names) if names else Beside()
            used |= {path.name for path in beside.paths()}
            unit = _files.unit(found)
            extra = _sidecars.stamp(beside)
            yield msgspec.structs.replace(unit, stamp=unit.stamp + extra) if isinstance(unit, Unit) else unit
    for path in others:
        if path.name not in used:
            lone = path.suffix.lower() == ".xmp"
            reason = (
                "belongs to a photo that is not here"
                if lone
                else "not a photo: its name has no picture's ending"
            )
            yield Skipped(uri=_files.uri(path), reason=reason)


def read(path: Path) -> Iterator[Item | Skipped]:
    """The picture or video in a file."""
    try:
        yield _item(path)
    except Unusable as error:
        yield Skipped(uri=_files.uri(path), reason=str(error))
    except OSError as error:
        told = _files.why(error) if error.errno else "it is damaged or cut off"
        yield Skipped(uri=_files.uri(path), reason=f"this picture could not be read: {told}")
    except MemoryError:
        yield Skipped(uri=_files.uri(path), reason="this picture needs more memory than it may take")
    except Exception as error:  # decoders raise anything on damaged files
        reason = f"this picture is damaged ({type(error).__name__})"
        yield Skipped(uri=_files.uri(path), reason=reason)


def _item(path: Path) -> Item:
    size = path.stat().st_size
    if not size:
        raise Unusable("an empty file")
    with path.open("rb") as file:
        head = file.read(64)
        if path.suffix.lower() in _video.SUFFIXES:
            told = _film(path, head, size)
        elif _raw.known(head, path.suffix):
            told = _camera_raw(path, size)
        else:
            told = _picture(path, head, size)
    return _pictured.item(path, told, _content(path, size))


def _film(path: Path, head: bytes, size: int) -> Told:
    if not _video.known(head, path.suffix):
        raise Unusable(f"not a video, though it is named {path.suffix}")
    with path.open("rb") as file:
        film = _video.read(file, size, path.suffix)
    return Told("video", path.suffix[1:].upper(), film.width, film.height, captions=film.captions, film=film)


def _camera_raw(path: Path, size: int) -> Told:
    if size > MAX_RAW:
        raise Unusable(f"a picture of {size // 1_000_000} MB is over the limit of 1000 MB")
    with path.open("rb") as file:
        tags = _raw.read(file, size)
    if not tags.exif:
        raise Unusable("this raw picture is damaged: its beginning cannot be read")
    form = path.suffix[1:].upper()
    captions, words = _exif.captions(tags.exif), _exif.tags(tags.exif)
    return Told("photo", form, tags.width, tags.height, tags.exif, tags.gps, tags.xmp, captions, words)


def _picture(path: Path, head: bytes, size: int) -> Told:
    if size > pixels.MAX_BYTES:
        raise Unusable(f"a picture of {size // 1_000_000} MB is over the limit of 100 MB")
    if not _MAGIC.match(head):
        raise Unusable(f"not a picture, though it is named {path.suffix}")
    with pixels.opened(path) as image:
        form, width, height = str(image.format), image.width, image.height
        pixels.check(image)
        exif, gps = _exif.fields(image)
        said, tags = _exif.press(image)
        captions = [*_exif.captions(exif), *said, *_exif.remarks(image)]
        packet = _exif.packet(image)
    return Told("photo", form, width, height, exif, gps, packet, captions, [*_exif.tags(exif), *tags])


def _content(path: Path, size: int) -> str:
    """What two copies of a file have in common: a digest, of a long video that of its size and both ends."""
    with path.open("rb") as file:
        if size <= _WHOLE:
            return hashlib.file_digest(file, "sha256").hexdigest()
        digest = hashlib.sha256(f"{size}".encode() + file.read(_ENDS))
        file.seek(size - _ENDS)
        return f"ends-{hashlib.sha256(digest.digest() + file.read(_ENDS)).hexdigest()}"
