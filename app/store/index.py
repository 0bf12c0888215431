"""index.db: items, replaced file by file in one transaction each batch, and read back by uri."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlite_utils

from app.core.errors import NotFound
from app.core.types import ItemView
from app.store import holdings
from app.store.db import Database
from app.store.exclusions import Excluded, Exclusions
from app.store.ocr import OcrQueue
from app.store.sources import Sources
from indexers.item import Item, Skipped, Unit

_HELD = """
    SELECT i.uri, i.digest, (SELECT count(*) FROM passages p WHERE p.item_id = i.id)
    FROM units u JOIN holds h ON h.unit_id = u.id JOIN items i ON i.id = h.item_id
    WHERE u.source_id = ? AND u.path = ?
"""


@dataclass(frozen=True)
class Batch:
    """What one file held, and what of it could not be read."""

    unit: Unit
    items: Sequence[Item] = ()
    skipped: Sequence[Skipped] = ()


@dataclass(frozen=True)
class Change:
    """The uris that a commit added, updated, removed and left as they were."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


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
        source_list, queue = Sources(db, user), OcrQueue(db)
        self.sources, self.add_source = source_list.list, source_list.add
        self.remove_source, self.finish = source_list.remove, source_list.finish
        self.skipped = source_list.skipped
        self.wanting_ocr, self.mark_ocr_done = queue.wanting, queue.mark_done
        self.set_text, self.restore_sources = queue.set_text, source_list.restore

    def stamps(self, source_id: int) -> dict[str, str]:
        """path → stamp of every file of the source, as it was when it was last read."""
        rows = self.db.rows("SELECT path, stamp FROM units WHERE source_id = ?", [source_id])
        return {row["path"]: row["stamp"] for row in rows}

    def excluded(self) -> Excluded:
        """What the person wants never to be read again."""
        return self._exclusions.now() if self._exclusions is not None else Excluded()

    def reread(self) -> None:
        """Every file is read again at the next run: something is not excluded any more."""
        with self.db.write() as db:
            db.execute("UPDATE units SET stamp = ''")

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
            batch = [replace(part, items=excluded.rest(part.items)) for part in batch]
            if not db.conn.execute("SELECT 1 FROM sources WHERE id = ?", (source_id,)).fetchone():
                raise NotFound("the source was removed", where=str(source_id), remedy="add it again")
            writing = _Writing(db, source_id, batch)
            for part in batch:
                writing.put(part)
            return writing.finish()

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
        rows = self.db.rows("SELECT * FROM items WHERE thread = ? ORDER BY at, id", [asked.thread])
        return tuple(view(row) for row in rows)

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
        self._words = holdings.Words(db, sum(map(self._outdated, batch)))

    def finish(self) -> Change:
        self._words.finish()

        def uris(what: str) -> tuple[str, ...]:
            return tuple(uri for uri, was in self._what.items() if was == what)

        return Change(uris("added"), uris("updated"), uris("removed"), uris("unchanged"))

    def put(self, part: Batch) -> None:
        db = self._db
        unit = self._unit(part.unit)
        before = {row[0] for row in db.conn.execute("SELECT item_id FROM holds WHERE unit_id = ?", (unit,))}
        seen: set[str] = set()
        for item in part.items:
            if item.uri not in seen:  # one uri twice in a file: the first counts
                seen.add(item.uri)
                before.discard(self._put_item(unit, item))
        for id in before:
            db.conn.execute("DELETE FROM holds WHERE item_id = ? AND unit_id = ?", (id, unit))
            if uri := holdings.settle(db, id, self._words):
                self._what[uri] = "updated" if self._what.get(uri) == "added" else "removed"
        self._skip(unit, part.skipped)

    def _outdated(self, part: Batch) -> int:
        """How many passages this file's items have now that are about to go."""
        same = {(item.uri, item.digest) for item in part.items}
        rows = self._db.conn.execute(_HELD, (self._source, part.unit.path)).fetchall()
        return sum(passages for uri, digest, passages in rows if (uri, digest) not in same)

    def _put_item(self, unit: int, item: Item) -> int:
        db = self._db
        row = db.conn.execute("SELECT id, digest FROM items WHERE uri = ?", (item.uri,)).fetchone()
        if row is None:
            id = holdings.insert(db, item, self._words)
            self._what[item.uri] = "updated" if self._what.get(item.uri) == "removed" else "added"
        else:
            id, digest = row
            first = db.conn.execute("SELECT min(unit_id) FROM holds WHERE item_id = ?", (id,)).fetchone()[0]
            if digest != item.digest and first in (None, unit):
                holdings.replace(db, id, item, self._words)
                self._what[item.uri] = "updated"
            else:
                self._what.setdefault(item.uri, "unchanged")
        db.conn.execute(
            "INSERT OR REPLACE INTO holds (item_id, unit_id, digest, path) VALUES (?, ?, ?, ?)",
            (id, unit, item.digest, item.path),
        )
        return int(id)

    def _unit(self, unit: Unit) -> int:
        row = self._db.conn.execute(
            "INSERT INTO units (source_id, path, stamp) VALUES (?, ?, ?) "
            "ON CONFLICT (source_id, path) DO UPDATE SET stamp = excluded.stamp RETURNING id",
            (self._source, unit.path, unit.stamp),
        ).fetchall()
        return int(row[0][0])

    def _skip(self, unit: int, skipped: Sequence[Skipped]) -> None:
        db = self._db
        db.conn.execute("DELETE FROM skipped WHERE unit_id = ?", (unit,))
        db.conn.executemany(
            "INSERT INTO skipped (source_id, unit_id, uri, reason) VALUES (?, ?, ?, ?)",
            [(self._source, unit, s.uri, s.reason) for s in skipped],
        )


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
