"""Exports that come as a zip archive or a JSON file: which program wrote one shows when it is opened."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import msgspec

from indexers import _keep, _notion, _pulse, _standard_notes
from indexers._content import Unreadable
from indexers._note import Holder
from indexers._zipped import MAX_MEMBER, Archive, Trap, outside
from indexers.item import Item, Skipped

MAX_PART = 250_000_000  # bytes of an archive within an archive that is packed once more
_PART = re.compile(r"(?:^|/)(?:Export|ExportBlock)-[^/]{1,100}\.zip$", re.I)
_MAX_PARTS, _MAX_FOLDERS = 200, 1_000
_SNIFFED = 4_096
_MAX_FIRST = 500_000  # bytes of the note that tells what a folder holds; other programs' lists are larger
_NOT_JSON = "not a note: a .json file is read only where Google Keep or Standard Notes wrote it"
_NONE = "not an export of notes that is known here: a zip archive of other things"


def read(file: BinaryIO, path: Path) -> Iterator[Item | Skipped]:
    """The notes of a zip archive that Notion, Google Takeout or Standard Notes wrote."""
    holder = Holder.of(path)
    try:
        archive = Archive(file)
        parts = [name for name in archive.members if _PART.search(name)]
        if not parts:
            yield from _archive(archive, holder)
        for name in parts[:_MAX_PARTS]:
            yield from _within(archive, name, holder)
    except Unreadable as error:
        yield Skipped(uri=holder.uri, reason=str(error))


def _within(archive: Archive, name: str, holder: Holder) -> Iterator[Item | Skipped]:
    """A part of a large export: an archive in the archive. Raises Trap where it is one."""
    try:
        yield from _archive(_inner(archive, name), holder)
    except Trap:
        raise
    except Unreadable as error:
        yield Skipped(uri=holder.inside(name), reason=f"the part “{PurePosixPath(name).name}”: {error}")


def _inner(archive: Archive, name: str) -> Archive:
    if window := archive.window(name):
        return Archive(window)
    return Archive(io.BytesIO(archive.read(name, limit=MAX_PART)))


def _archive(archive: Archive, holder: Holder) -> Iterator[Item | Skipped]:
    names = sorted(archive.members)
    traps = [name for name in names if outside(name)]
    if traps:
        reason = "an archive with names that point outside it, as only traps have"
        yield Skipped(uri=holder.uri, reason=reason)
    elif backup := [name for name in names if PurePosixPath(name).name == _standard_notes.NAME]:
        data = archive.read(backup[0], limit=_standard_notes.MAX_BACKUP)
        yield from _standard_notes.read(data, holder)
    elif _notion.is_export(names):
        yield from _notion_pages(archive, names, holder)
    else:
        yield from _takeout(archive, names, holder)


def _notion_pages(archive: Archive, names: list[str], holder: Holder) -> Iterator[Item | Skipped]:
    for name in names:
        if _notion.wanted(name):
            _pulse.beat()
            found = _notion.page(archive, name, holder)
            if found is not None:
                yield found


def _takeout(archive: Archive, names: list[str], holder: Holder) -> Iterator[Item | Skipped]:
    """Google Keep's notes, in an archive where there may be everything else of an account."""
    folders: dict[str, list[str]] = {}
    for name in names:
        if name.endswith(".json"):
            folders.setdefault(str(PurePosixPath(name).parent), []).append(name)
    count = 0
    for folder, inside in list(folders.items())[:_MAX_FOLDERS]:
        ours = PurePosixPath(folder).name == "Keep"  # in some languages it is called otherwise
        if ours or _first_is_note(archive, inside[0]):
            for name in inside:
                _pulse.beat()
                if found := _kept(archive, name, holder, ours=ours):
                    count += 1
                    yield found
    if not count:
        yield Skipped(uri=holder.uri, reason=_NONE)


def _kept(archive: Archive, name: str, holder: Holder, *, ours: bool) -> Item | Skipped | None:
    uri, shown = holder.inside(name), PurePosixPath(name).name
    try:
        told = _decoded(archive.read(name))
    except Trap:
        raise
    except Unreadable as error:
        return Skipped(uri=uri, reason=f"“{shown}”: {error}")
    if isinstance(told, dict) and _keep.is_note(told):
        return _keep.read(told, holder, uri=uri)
    reason = f"“{shown}” is damaged, or not a note of Google Keep"
    return Skipped(uri=uri, reason=reason) if ours else None


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


def json_file(file: BinaryIO, path: Path) -> Iterator[Item | Skipped]:
    """A note of Google Keep, or a backup of Standard Notes; other JSON is none."""
    holder = Holder.of(path)
    head = file.read(_SNIFFED)
    size = file.seek(0, 2)
    file.seek(0)
    if _standard_notes.is_backup(head):
        if size > _standard_notes.MAX_BACKUP:
            yield Skipped(uri=holder.uri, reason=f"a backup of {size // 1_000_000} MB is too large")
        else:
            yield from _standard_notes.read(file.read(), holder)
        return
    if size > MAX_MEMBER:
        yield Skipped(uri=holder.uri, reason=_NOT_JSON)
        return
    data = file.read()
    told = _decoded(data)
    if isinstance(told, dict) and _keep.is_note(told):
        yield _keep.read(told, holder, beside=path.parent)
    elif told is None and b'"isTrashed"' in data:
        yield Skipped(uri=holder.uri, reason="a damaged note of Google Keep")
    else:
        yield Skipped(uri=holder.uri, reason=_NOT_JSON)
