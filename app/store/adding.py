"""Many new items at once, table by table: six statements a batch instead of fifteen an item.

Ids are given here, as SQLite would give them: one transaction holds the only writer, so what
``sqlite_sequence`` says is the last id used, and ids are never used again.
"""

from __future__ import annotations

from typing import Any

import sqlite_utils

from app.store import holdings
from app.store.passages import chunk
from indexers.item import Item

_SEARCHED = [holdings.ITEM.split(", ").index(name) for name in ("title", "text", "at", "people", "about")]


class Adding:
    """New items that wait to be written; whoever reads or changes items calls :meth:`flush` before."""

    def __init__(self, db: sqlite_utils.Database, words: holdings.Words) -> None:
        self._db, self._words = db, words
        self._items: dict[str, tuple[Item, int, int]] = {}

    def __contains__(self, uri: str) -> bool:
        return uri in self._items

    def add(self, item: Item, unit: int, *, seen: int = 1) -> None:
        """``item`` is held by the file ``unit``; nothing in the store has its uri."""
        self._items[item.uri] = (item, unit, seen)

    def flush(self) -> None:
        """Write everything that waits."""
        if not self._items:
            return
        waiting, self._items = list(self._items.values()), {}
        first = _next_id(self._db, "items")
        rows = [holdings.columns(item) for item, _, _ in waiting]
        marks = ", ".join("?" * (1 + len(rows[0])))
        self._db.conn.executemany(
            f"INSERT INTO items (id, {holdings.ITEM}) VALUES ({marks})",
            ((id, *row) for id, row in enumerate(rows, first)),
        )
        self._db.conn.executemany(
            "INSERT INTO holds (item_id, unit_id, digest, path, seen, edition) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (id, unit, item.digest, item.path, seen, item.edition)
                for id, (item, unit, seen) in enumerate(waiting, first)
            ],
        )
        holdings.add_people(self._db, ((id, item.people) for id, (item, _, _) in enumerate(waiting, first)))
        self._add_passages(first, rows)

    def _add_passages(self, first: int, rows: list[tuple[Any, ...]]) -> None:
        passages: list[tuple[object, ...]] = []
        words: list[tuple[object, ...]] = []
        passage = _next_id(self._db, "passages")
        for id, row in enumerate(rows, first):
            title, text, at, people, about = (row[n] for n in _SEARCHED)
            for start, end in chunk(text):
                passages.append((passage, id, start, end, at))
                words.append((passage, title, people, about, text[start:end]))
                passage += 1
        self._db.conn.executemany(
            'INSERT INTO passages (id, item_id, start, "end", at) VALUES (?, ?, ?, ?, ?)', passages
        )
        self._words.add_rows(words)


def _next_id(db: sqlite_utils.Database, table: str) -> int:
    row = db.conn.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return int(row[0]) + 1 if row else 1
