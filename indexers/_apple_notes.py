"""Apple Notes: its database (NoteStore.sqlite), read from a copy, and single bodies saved from one.

Notes, folders, accounts and attachments are rows of one table, whose columns grew with every release,
so only those are asked for that are there. Times count seconds since 2001 (Core Data).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from indexers import _apple_body, _pulse
from indexers._content import Unreadable
from indexers._note import Draft, Holder, finish, since_1970
from indexers._sqlite import Copy
from indexers._text import clean, one_line
from indexers.item import Item, Skipped

MAX_BLOB = 25_000_000  # bytes of a body that is saved as a file
_SINCE_2001 = 978_307_200  # seconds from 1970
_OBJECTS, _DATA = "ZICCLOUDSYNCINGOBJECT", "ZICNOTEDATA"
_TRASH = 1  # the type of the folder that deleted notes lie in
_DEEPEST = 20
_NOTE = {  # what it is → the columns that may hold it, the newest first
    "id": ("ZIDENTIFIER",),
    "title": ("ZTITLE1", "ZTITLE"),
    "folder": ("ZFOLDER",),
    "made": ("ZCREATIONDATE3", "ZCREATIONDATE2", "ZCREATIONDATE1", "ZCREATIONDATE"),
    "changed": ("ZMODIFICATIONDATE1", "ZMODIFICATIONDATE"),
    "deleted": ("ZMARKEDFORDELETION",),
    "locked": ("ZISPASSWORDPROTECTED",),
    "pinned": ("ZISPINNED",),
}
_FOLDER = {
    "title": ("ZTITLE2",),
    "parent": ("ZPARENT",),
    "type": ("ZFOLDERTYPE",),
    "id": ("ZIDENTIFIER",),
    "deleted": ("ZMARKEDFORDELETION",),
}
_ATTACHED = {
    "id": ("ZIDENTIFIER",),
    "type": ("ZTYPEUTI1", "ZTYPEUTI"),
    "title": ("ZUSERTITLE", "ZTITLE1", "ZTITLE"),
    "text": ("ZALTTEXT",),
    "url": ("ZURLSTRING",),
    "seen": ("ZOCRSUMMARY", "ZHANDWRITINGSUMMARY"),
}
_MERGED = ("ZMERGEABLEDATA1", "ZMERGEABLEDATA")
_INTERNAL = re.compile(r"applenotes:(?:note/|showNote\?identifier=)([0-9A-Fa-f-]{8,64})", re.I)
_HASHTAG = "com.apple.notes.inlinetextattachment.hashtag"
_TABLE = "com.apple.notes.table"


@dataclass
class _Store:
    """What notes are told by: folders, and what is attached."""

    folders: dict[object, tuple[str, object, bool]] = field(default_factory=dict)  # → title, parent, bin
    attached: dict[str, dict[str, str]] = field(default_factory=dict)
    tables: Callable[[str], str] = str

    def folder(self, key: object) -> tuple[str, bool]:
        """Its name with those above it, and whether it is the bin."""
        names: list[str] = []
        deleted = False
        while key in self.folders and len(names) < _DEEPEST:
            name, key, binned = self.folders[key]
            names.append(name)
            deleted = deleted or binned
        return " / ".join(reversed(names)), deleted


def read(file: BinaryIO, path: Path) -> Iterator[Item | Skipped]:
    """The notes of a database of Apple Notes; the deleted and locked ones are listed with their reason."""
    holder = Holder.of(path)
    try:
        with Copy(path) as database:
            if not {_OBJECTS, _DATA} <= database.tables():
                yield Skipped(uri=holder.uri, reason="not a database of Apple Notes")
                return
            yield from _notes(database, holder)
    except Unreadable as error:
        yield Skipped(uri=holder.uri, reason=str(error))


def _notes(database: Copy, holder: Holder) -> Iterator[Item | Skipped]:
    columns = frozenset(str(row[1]) for row in database.rows(f"PRAGMA table_info({_OBJECTS})"))
    store = _Store(tables=_tables(database, columns))
    for key, told in _rows(database, columns, _FOLDER, "o.ZTITLE2 IS NOT NULL", ("ZTITLE2",)):
        binned = told["type"] == _TRASH or _string(told["id"]).startswith("TrashFolder")
        store.folders[key] = (
            one_line(_string(told["title"]), 100),
            told["parent"],
            binned or told["deleted"] == 1,
        )
    typed = next((name for name in _ATTACHED["type"] if name in columns), "")
    for _, told in _rows(database, columns, _ATTACHED, f"o.{typed} IS NOT NULL", (typed,)):
        store.attached[_string(told["id"])] = {name: _string(value) for name, value in told.items()}
    wanted = _wanted(columns, _NOTE)
    joined = f"{_DATA} d JOIN {_OBJECTS} o ON o.Z_PK = d.ZNOTE ORDER BY o.Z_PK"
    count = 0
    for row in database.rows(f"SELECT o.Z_PK, d.ZDATA, {wanted} FROM {joined}"):
        _pulse.beat()
        count += 1
        yield _note(row[0], row[1], dict(zip(_NOTE, row[2:], strict=True)), store, holder)
    if not count:
        yield Skipped(uri=holder.uri, reason="no notes in this database of Apple Notes")


def _wanted(columns: frozenset[str], names: Mapping[str, tuple[str, ...]]) -> str:
    """For each thing the first column that says it; NULL where this release has none."""
    parts = []
    for those in names.values():
        there = [f"o.{name}" for name in those if name in columns]
        parts.append(f"COALESCE({', '.join(there)}, NULL)" if there else "NULL")
    return ", ".join(parts)


def _rows(
    database: Copy,
    columns: frozenset[str],
    names: Mapping[str, tuple[str, ...]],
    where: str,
    needed: tuple[str, ...],
) -> Iterator[tuple[object, dict[str, object]]]:
    if not columns.issuperset(needed):
        return
    for row in database.rows(f"SELECT o.Z_PK, {_wanted(columns, names)} FROM {_OBJECTS} o WHERE {where}"):
        yield row[0], dict(zip(names, row[1:], strict=True))


def _tables(database: Copy, columns: frozenset[str]) -> Callable[[str], str]:
    """Reads a table when a note shows it, since there is no telling how large they are together."""
    there = [f"o.{name}" for name in _MERGED if name in columns]

    def read(identifier: str) -> str:
        if not there:
            return ""
        sql = f"SELECT COALESCE({', '.join(there)}, NULL) FROM {_OBJECTS} o WHERE o.ZIDENTIFIER = ?"
        data = next(iter(list(database.rows(sql, (identifier,)))), (None,))[0]
        try:
            return _apple_body.table(data) if isinstance(data, bytes) else ""
        except Unreadable:
            return ""

    return read


def _note(
    key: object, data: object, told: dict[str, object], store: _Store, holder: Holder
) -> Item | Skipped:
    identifier = one_line(_string(told["id"]), 100) or f"note-{key}"
    uri, title = holder.inside(identifier), one_line(clean(_string(told["title"])), 300)
    folder, binned = store.folder(told["folder"])
    shown = f" “{title[:80]}”" if title else ""
    if told["deleted"] == 1 or binned:
        return Skipped(uri=uri, reason=f"a deleted note{shown}")
    if told["locked"] == 1:
        return Skipped(uri=uri, reason=f"a note{shown} that is locked with a password")
    if not isinstance(data, bytes):
        return Skipped(uri=uri, reason=f"a note{shown} whose text is not on this computer")
    tags: list[str] = []
    try:
        body = _apple_body.read(data, lambda one, kind: _shown(one, kind, store, tags))
    except Unreadable as error:
        return Skipped(uri=uri, reason=f"a note{shown}: {error}" if shown else str(error))
    links = [_link(link, holder) for link in body.links]
    draft = Draft(
        title=title,
        titled=True,
        text=body.text,
        when=_time(told["made"]),
        updated=_time(told["changed"]),
        tags=tags,
        links=[link for link in links if link],
        folder=folder,
        meta={"pinned": "1"} if told["pinned"] == 1 else {},
    )
    return finish(draft, holder, uri=uri)


def _shown(identifier: str, kind: str, store: _Store, tags: list[str]) -> str:
    """What stands in the text for something attached: a table's cells, a tag, a link, a name."""
    told = store.attached.get(identifier, {})
    if kind == _TABLE:
        return f"\n{store.tables(identifier)}\n"
    if kind == _HASHTAG:
        tags.append(told.get("text", ""))
        return told.get("text", "")
    parts = dict.fromkeys(
        filter(None, (told.get("text"), told.get("title"), told.get("url"), told.get("seen")))
    )
    return " ".join(one_line(clean(part), 2000) for part in parts)


def _link(link: str, holder: Holder) -> str:
    if found := _INTERNAL.match(link):
        return holder.inside(found[1].upper())
    return one_line(link, 2000) if link.startswith(("http://", "https://", "mailto:")) else ""


def _time(value: object) -> datetime | None:
    return since_1970(value + _SINCE_2001) if isinstance(value, int | float) and value else None


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def body(file: BinaryIO, path: Path) -> Iterator[Item | Skipped]:
    """The body of one note, or a table of one, saved from a database."""
    holder = Holder.of(path)
    data = file.read(MAX_BLOB + 1)
    if len(data) > MAX_BLOB or not data.startswith((b"\x1f\x8b", b"\x08\x00\x12")):
        yield Skipped(uri=holder.uri, reason=f"not a note: {path.suffix} files are not read as notes")
        return
    try:
        found = _apple_body.read(data, lambda *_: "")
    except Unreadable as error:
        try:
            found = _apple_body.Body(_apple_body.table(data))
        except Unreadable:
            yield Skipped(uri=holder.uri, reason=str(error))
            return
    if not found.text.strip():
        yield Skipped(uri=holder.uri, reason="an empty note")
        return
    when = since_1970(path.stat().st_mtime)
    yield finish(Draft(text=found.text, links=found.links, when=when), holder, fallback=path.stem)
