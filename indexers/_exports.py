"""Exports that come as a zip archive or a JSON file: which program wrote one shows when it is opened."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import msgspec

from indexers import _keep, _notion, _pulse, _standard_notes
from indexers._content import Unreadable
from indexers._note import Holder
from indexers._pieces import Piece
from indexers._zipped import MAX_MEMBER, Archive, Trap, outside
from indexers.item import Item, Skipped

MAX_PART = 250_000_000  # bytes of an archive within an archive that is packed once more
_PART = re.compile(r"(?:^|/)(?:Export|ExportBlock)-[^/]{1,100}\.zip$", re.I)
_MAX_PARTS, _MAX_FOLDERS = 200, 1_000
_SNIFFED = 4_096
_MAX_FIRST = 500_000  # bytes of the note that tells what a folder holds; other programs' lists are larger
_NOT_JSON = "not a note: a .json file is read only where Google Keep or Standard Notes wrote it"
_NONE = "not an export of notes that is known here: a zip archive of other things"


def pieces(file: BinaryIO, holder: Holder, skip: int) -> Iterator[Piece | None]:
    """The notes of an archive of Notion, Google Takeout or Standard Notes, but for the first ``skip``."""
    archive = Archive(file)
    parts = [name for name in archive.members if _PART.search(name)]
    if not parts:
        yield from _archive(archive, holder, 0, skip)
    for name in parts[:_MAX_PARTS]:
        count = 0
        for piece in _within(archive, name, holder):
            count += 1
            if count > skip:
                yield piece
        skip = max(0, skip - count)


def _within(archive: Archive, name: str, holder: Holder) -> Iterator[Piece]:
    """A part of a large export: an archive in the archive. Raises Trap where it is one."""
    try:
        yield from _archive(_inner(archive, name), holder, archive.members[name].at, 0)
    except Trap:
        raise
    except Unreadable as error:
        reason = f"the part “{PurePosixPath(name).name}”: {error}"
        yield _fault(archive.members[name].at, holder.inside(name), reason)


def _fault(place: int, uri: str, reason: str) -> Piece:
    return Piece(place, uri, lambda: [Skipped(uri=uri, reason=reason)])


def _inner(archive: Archive, name: str) -> Archive:
    if window := archive.window(name):
        return Archive(window)
    return Archive(io.BytesIO(archive.read(name, limit=MAX_PART)))


def _archive(archive: Archive, holder: Holder, base: int, skip: int) -> Iterator[Piece]:
    names = sorted(archive.members)
    if any(outside(name) for name in names):
        raise Unreadable("an archive with names that point outside it, as only traps have")
    if backup := [name for name in names if PurePosixPath(name).name == _standard_notes.NAME]:
        data = archive.read(backup[0], limit=_standard_notes.MAX_BACKUP)
        yield from _standard_notes.pieces(data, holder, skip)
        return
    read, wanted = _pages, [name for name in names if _notion.wanted(name)]
    if not _notion.is_export(names):
        read, wanted = _kept, _notes_of(archive, names)
    if not wanted:
        raise Unreadable(_NONE)
    for name in wanted[skip:]:
        at = base + archive.members[name].at
        yield Piece(at, holder.inside(name), partial(read, archive, name, holder))


def _pages(archive: Archive, name: str, holder: Holder) -> Iterator[Item | Skipped]:
    if found := _notion.page(archive, name, holder):
        yield found


def _notes_of(archive: Archive, names: list[str]) -> list[str]:
    """Google Keep's notes, in an archive where there may be everything else of an account."""
    folders: dict[str, list[str]] = {}
    for name in names:
        if name.endswith(".json"):
            folders.setdefault(str(PurePosixPath(name).parent), []).append(name)
    found: list[str] = []
    for folder, inside in list(folders.items())[:_MAX_FOLDERS]:
        _pulse.beat()
        if _is_keep(folder) or _first_is_note(archive, inside[0]):
            found += inside
    return found


def _is_keep(folder: str) -> bool:
    return PurePosixPath(folder).name == "Keep"  # in some languages it is called otherwise


def _kept(archive: Archive, name: str, holder: Holder) -> Iterator[Item | Skipped]:
    uri, shown = holder.inside(name), PurePosixPath(name).name
    try:
        told = _decoded(archive.read(name))
    except Trap:
        raise
    except Unreadable as error:
        yield Skipped(uri=uri, reason=f"“{shown}”: {error}")
        return
    if isinstance(told, dict) and _keep.is_note(told):
        yield _keep.read(told, holder, uri=uri)
    elif _is_keep(str(PurePosixPath(name).parent)):
        yield Skipped(uri=uri, reason=f"“{shown}” is damaged, or not a note of Google Keep")


def _first_is_note(archive: Archive, name: str) -> bool:
    try:
        return _keep.is_note(_decoded(archive.read(name, limit=_MAX_FIRST)))
    except Trap:
        raise
    except Unreadable:
        return False


def _decoded(data: bytes) -> object:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def json_pieces(file: BinaryIO, path: Path, skip: int) -> Iterator[Piece | None]:
    """A note of Google Keep, or a backup of Standard Notes but for the first ``skip``; other JSON is none."""
    holder = Holder.of(path)
    head = file.read(_SNIFFED)
    size = file.seek(0, 2)
    file.seek(0)
    if _standard_notes.is_backup(head):
        if size > _standard_notes.MAX_BACKUP:
            raise Unreadable(f"a backup of {size // 1_000_000} MB is too large")
        yield from _standard_notes.pieces(file.read(), holder, skip)
    elif not skip:
        yield Piece(0, holder.uri, partial(_json_note, file, size, path, holder))


def _json_note(file: BinaryIO, size: int, path: Path, holder: Holder) -> Iterator[Item | Skipped]:
    data = file.read() if size <= MAX_MEMBER else b""
    told = _decoded(data)
    if isinstance(told, dict) and _keep.is_note(told):
        yield _keep.read(told, holder, beside=path.parent)
    elif told is None and b'"isTrashed"' in data:
        yield Skipped(uri=holder.uri, reason="a damaged note of Google Keep")
    else:
        yield Skipped(uri=holder.uri, reason=_NOT_JSON)
