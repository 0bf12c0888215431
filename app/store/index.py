"""index.db: items, replaced file by file in one transaction each batch, and read back by uri."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
import sqlite_utils

from app.core.errors import NotFound
from app.core.types import ItemView
from app.store import holdings, identities, ocr, threads
from app.store.adding import Adding
from app.store.db import Database
from app.store.exclusions import Excluded, Exclusions
from app.store.sources import Sources
from indexers.item import Item, Skipped, Unit

_HELD = """
    SELECT i.uri, i.digest, (SELECT count(*) FROM passages p WHERE p.item_id = i.id)
    FROM units u JOIN holds h ON h.unit_id = u.id JOIN items i ON i.id = h.item_id
    WHERE u.source_id = ? AND u.path = ?
"""
_RIVAL = """
    SELECT edition, unit_id, digest FROM holds WHERE item_id = ? AND unit_id <> ?
    ORDER BY edition DESC, unit_id LIMIT 1
"""


@dataclass(frozen=True)
class Portion:
    """Which part of a large file: the first, the last or one between, and the mark that it goes up to.

    ``kept``: what was not found again stays, as the file could not be read to its end.
    """

    cursor: str
    first: bool = False
    last: bool = False
    kept: bool = False


@dataclass(frozen=True)
class Batch:
    """What one file held, and what of it could not be read; ``portion`` where that is not all.

    ``pictures``: uri → bytes of those that are kept until they are looked at, as they lie elsewhere.
    """

    unit: Unit
    items: Sequence[Item] = ()
    skipped: Sequence[Skipped] = ()
    portion: Portion | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """The uris that a commit added, updated, removed and left as they were."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


class FileState(NamedTuple):
    """``stamp`` is empty for what is to be read again; ``reading`` is that of a file not read to its end."""

    stamp: str
    file: str = ""
    reading: str = ""
    cursor: str = ""


@dataclass(frozen=True)
class Counts:
    items: int
    passages: int
    embedded: int


class Index:
    """The searchable copy of the sources. When a method returns, its change is on disk."""

    def __init__(self, db: Database, user: Database | None = None) -> None:
        self.db = db
        self._exclusions = Exclusions(user) if user is not None else None
        source_list, queue = Sources(db, user), ocr.OcrQueue(db)
        self.sources, self.add_source = source_list.list, source_list.add
        self.remove_source, self.finish = source_list.remove, source_list.finish
        self.skipped, self.retry = source_list.skipped, source_list.retry
        self.wanting_ocr, self.failed_ocr, self.set_ocr_failed = queue.wanting, queue.failed, queue.set_failed
        self.set_text, self.seen, self.unseen = queue.set_text, queue.seen, queue.unseen
        self.restore_sources, self.read_from = source_list.restore, source_list.read_from

    def stamps(self, source_id: int) -> dict[str, str]:
        """path → stamp of every file of the source, as it was when it was last read."""
        return dict(self.db.tuples("SELECT path, stamp FROM units WHERE source_id = ?", [source_id]))

    def files(self, source_id: int) -> dict[str, FileState]:
        """path → what is known of every file of the source."""
        sql = "SELECT path, stamp, file, reading, cursor FROM units WHERE source_id = ?"
        return {path: FileState(*known) for path, *known in self.db.tuples(sql, [source_id])}

    def excluded(self) -> Excluded:
        """What the person wants never to be read again."""
        return self._exclusions.now() if self._exclusions is not None else Excluded()

    def reread(self) -> None:
        """Every file is read again at the next run: something is not excluded any more."""
        with self.db.write() as db:
            db.execute("UPDATE units SET stamp = '', reading = '', cursor = ''")
            db.execute("DELETE FROM still")

    def put(self, source_id: int, unit: Unit, items: Sequence[Item], skipped: Sequence[Skipped]) -> Change:
        """Replace all that ``unit`` held; for many files use :meth:`put_many`, one commit for all."""
        return self.put_many(source_id, [Batch(unit, items, skipped)])

    def put_many(self, source_id: int, batch: Sequence[Batch]) -> Change:
        """Replace what each file held, in one transaction for the whole batch.

        An item with an unchanged digest is not touched. One that another file holds already is
        kept as that file has it. What is excluded is left out. Raises NotFound when the source was
        removed meanwhile.
        """
        with self.db.write() as db:
            excluded = self.excluded()  # inside the transaction: what is being forgotten does not come back
            if excluded:
                batch = [replace(part, items=excluded.rest(part.items)) for part in batch]
            if not db.conn.execute("SELECT 1 FROM sources WHERE id = ?", (source_id,)).fetchone():
                raise NotFound("the source was removed", where=str(source_id), remedy="add it again")
            writing = _Writing(db, source_id, batch)
            for part in batch:
                writing.put(part)
            change = writing.finish()
            for part in batch:
                ocr.keep(db, part.pictures)
            return change

    def drop_units(self, source_id: int, paths: Sequence[str]) -> tuple[str, ...]:
        """Forget files that are gone; returns the uris of the items that went with them."""
        with self.db.write() as db:
            units = [
                row[0]
                for path in paths
                for row in db.conn.execute(
                    "SELECT id FROM units WHERE source_id = ? AND path = ?", (source_id, path)
                ).fetchall()
            ]
            return tuple(holdings.release(db, units))

    def item(self, uri: str) -> ItemView:
        rows = self.db.rows("SELECT * FROM items WHERE uri = ?", [uri])
        if not rows:
            raise NotFound("no such item", where=uri, remedy="it may have been removed; search again")
        return view(rows[0])

    def thread(self, uri: str) -> tuple[ItemView, ...]:
        """The item with all others of its conversation, oldest first."""
        asked = self.item(uri)
        if not asked.thread:
            return (asked,)
        return tuple(view(row) for row in threads.rows(self.db, asked))

    def close(self) -> None:
        self.db.close()

    def counts(self) -> Counts:
        items = self.db.value("SELECT count(*) FROM items")
        passages = self.db.value("SELECT count(*) FROM passages")
        pending = self.db.value("SELECT count(*) FROM passages WHERE embedded = 0")
        return Counts(items=items, passages=passages, embedded=passages - pending)


class _Writing:
    """One transaction's work, and what it changed."""

    def __init__(self, db: sqlite_utils.Database, source_id: int, batch: Sequence[Batch]) -> None:
        self._db, self._source = db, source_id
        self._what: dict[str, str] = {}  # uri → added | updated | removed | unchanged
        before = self._units([part.unit.path for part in batch])
        old = [part for part in batch if part.unit.path in before]
        self._moved = self._renamed([part.unit for part in old])
        self._words = holdings.Words(db, sum(map(self._outdated, old)))
        self._adding = Adding(db, self._words)
        self._begin(batch)
        self._ids = self._units([part.unit.path for part in batch])
        self._read_before = set(before)
        uris = [item.uri for part in batch for item in part.items]
        self._known = {row[0] for row in self._each("SELECT uri FROM items WHERE uri", uris)}

    def finish(self) -> Change:
        self._adding.flush()
        self._words.finish()
        identities.refresh(self._db)

        def uris(what: str) -> tuple[str, ...]:
            return tuple(uri for uri, was in self._what.items() if was == what)

        return Change(uris("added"), uris("updated"), uris("removed"), uris("unchanged"))

    def put(self, part: Batch) -> None:
        unit = self._ids[part.unit.path]
        if part.portion is not None:
            self._put_portion(unit, part, part.portion)
            return
        before: set[int] = set()
        if part.unit.path in self._read_before:
            self._adding.flush()
            before = {row[0] for row in self._each("SELECT item_id FROM holds WHERE unit_id", [unit])}
            self._db.conn.execute("DELETE FROM skipped WHERE unit_id = ?", (unit,))
        self._read_before.add(part.unit.path)
        for item in _once(part.items):
            before.discard(self._put_item(unit, item))
        for id in before:
            self._leave(id, unit)
        if part.skipped:
            self._skip(unit, part.skipped)

    def _put_portion(self, unit: int, part: Batch, portion: Portion) -> None:
        """What was found before and is not found again until the last portion leaves with that one."""
        self._adding.flush()
        db = self._db.conn
        if portion.first:
            db.execute("UPDATE holds SET seen = 0 WHERE unit_id = ?", (unit,))
            db.execute("DELETE FROM skipped WHERE unit_id = ?", (unit,))
        seen = (
            "SELECT i.uri, h.edition FROM holds h JOIN items i ON i.id = h.item_id "
            "WHERE h.unit_id = ? AND h.seen = 1"
        )
        if (
            portion.last and not portion.kept
        ):  # what was in the last portion before may have been half written
            db.execute("UPDATE holds SET seen = 0 WHERE unit_id = ? AND seen = 2", (unit,))
        listed = msgspec.json.encode([item.uri for item in part.items]).decode()
        again = dict(db.execute(f"{seen} AND i.uri IN (SELECT value FROM json_each(?))", (unit, listed)))
        for item in _once(part.items):
            if item.edition > again.get(item.uri, -1):
                self._put_item(unit, item, seen=1 + portion.last)
        self._adding.flush()
        if portion.last and not portion.kept:
            gone = db.execute("SELECT item_id FROM holds WHERE unit_id = ? AND seen = 0", (unit,)).fetchall()
            for (id,) in gone:
                self._leave(id, unit)
        uris = [(unit, bad.uri) for bad in part.skipped]
        db.executemany("DELETE FROM skipped WHERE unit_id = ? AND uri = ?", uris)
        self._skip(unit, part.skipped)

    def _leave(self, id: int, unit: int) -> None:
        """The file does not hold the item any more."""
        self._db.conn.execute("DELETE FROM holds WHERE item_id = ? AND unit_id = ?", (id, unit))
        if uri := holdings.settle(self._db, id, self._words):
            self._known.discard(uri)
            self._what[uri] = "updated" if self._what.get(uri) == "added" else "removed"

    def _skip(self, unit: int, skipped: Sequence[Skipped]) -> None:
        self._db.conn.executemany(
            "INSERT INTO skipped (source_id, unit_id, uri, reason) VALUES (?, ?, ?, ?)",
            [(self._source, unit, one.uri, one.reason) for one in skipped],
        )

    def _each(self, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """All rows for which what ``sql`` ends with is one of ``values``."""
        listed = msgspec.json.encode(values).decode()
        return self._db.conn.execute(f"{sql} IN (SELECT value FROM json_each(?))", (listed,)).fetchall()

    def _outdated(self, part: Batch) -> int:
        """How many passages this file's items have now that are about to go."""
        if part.portion is not None and not (part.portion.last and not part.portion.kept):
            return 0
        same = {(item.uri, item.digest) for item in part.items}
        sql = _HELD + " AND h.seen <> 1" if part.portion else _HELD
        rows = self._db.conn.execute(sql, (self._source, part.unit.path)).fetchall()
        return sum(passages for uri, digest, passages in rows if (uri, digest) not in same)

    def _put_item(self, unit: int, item: Item, *, seen: int = 1) -> int:
        """The id of the item, 0 for one that is new: it gets its id when all the new ones are written."""
        db = self._db
        if item.uri in self._adding:
            self._adding.flush()
        elif item.uri not in self._known:
            self._adding.add(item, unit, seen=seen)
            self._known.add(item.uri)
            self._what[item.uri] = "updated" if self._what.get(item.uri) == "removed" else "added"
            return 0
        id, digest = db.conn.execute("SELECT id, digest FROM items WHERE uri = ?", (item.uri,)).fetchone()
        rival = db.conn.execute(_RIVAL, (id, unit)).fetchone()
        shown = rival is None or (item.edition, -unit) > (rival[0], -rival[1])
        if digest != item.digest and shown:
            holdings.replace(db, id, item, self._words, same_file=unit in self._moved)
            self._what[item.uri] = "updated"
        else:
            if shown:
                holdings.place(db, id, item)
            elif rival[2] != digest:  # what is shown was ours, and the other is better now
                db.conn.execute("UPDATE units SET stamp = '' WHERE id = ?", (rival[1],))
            self._what.setdefault(item.uri, "unchanged")
        db.conn.execute(
            "INSERT OR REPLACE INTO holds (item_id, unit_id, digest, path, seen, edition) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (id, unit, item.digest, item.path, seen, item.edition),
        )
        return int(id)

    def _units(self, paths: Sequence[str]) -> dict[str, int]:
        rows = self._each(f"SELECT path, id FROM units WHERE source_id = {self._source:d} AND path", paths)
        return dict(rows)

    def _renamed(self, units: Sequence[Unit]) -> set[int]:
        """Ids of those that are the same file under another name."""
        stamps = {unit.path: moved(unit.stamp) for unit in units}
        sql = f"SELECT path, id, stamp FROM units WHERE source_id = {self._source:d} AND path"
        return {id for path, id, stamp in self._each(sql, list(stamps)) if stamp == stamps[path]}

    def _begin(self, batch: Sequence[Batch]) -> None:
        """Every file of the batch, with its new stamp or how far it was read.

        One that is to be read anew since its reading was begun is so still: not at its end, but all of it.
        """
        begun = {part.unit.path for part in batch if part.portion is None or part.portion.first}
        sql = f"SELECT path FROM units WHERE source_id = {self._source:d} AND stamp = '' AND reading = ''"
        further = [path for part in batch if (path := part.unit.path) not in begun]
        anew = {row[0] for row in self._each(f"{sql} AND path", further)} if further else set[str]()
        self._db.conn.executemany(
            "INSERT INTO units (source_id, path, stamp, file, reading, cursor) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (source_id, path) DO UPDATE SET stamp = excluded.stamp, file = excluded.file, "
            "reading = excluded.reading, cursor = excluded.cursor",
            [
                (self._source, path, *(FileState("", part.unit.file) if path in anew else _state(part)))
                for part in batch
                if (path := part.unit.path)
            ],
        )


def _once(items: Sequence[Item]) -> Iterable[Item]:
    """Of one uri twice in a file the first counts, or the one of a higher edition."""
    best: dict[str, Item] = {}
    for item in items:
        known = best.get(item.uri)
        if known is None or item.edition > known.edition:
            best[item.uri] = item
    return best.values()


def _state(part: Batch) -> FileState:
    """What is known of the file once ``part`` is kept."""
    unit, portion = part.unit, part.portion
    if portion is not None and not portion.last:
        return FileState(stamp="", file=unit.file, reading=unit.stamp, cursor=portion.cursor)
    return FileState(stamp=unit.stamp, file=unit.file, cursor=portion.cursor if portion else "")


def moved(stamp: str) -> str:
    """The stamp of a file under its new name, until it is read there: it may say something of itself."""
    return f"moved {stamp}"


def view(row: dict[str, Any]) -> ItemView:
    """A row of ``items`` as it travels."""
    meta = json.loads(row["meta"])
    if row["until_iso"]:
        meta.setdefault("until", row["until_iso"])
    return ItemView(
        uri=row["uri"],
        source=row["source"],
        kind=row["kind"],
        title=row["title"],
        text=row["text"],
        when=datetime.fromisoformat(row["iso"]) if row["iso"] else None,
        people=tuple(row["people"].split("; ")) if row["people"] else (),
        place=row["place"],
        path=row["path"],
        thread=row["thread"],
        links=tuple(json.loads(row["links"])),
        meta=meta,
    )
