"""Photos that are still to be looked at, what was read in them, and those that could not be looked at."""

from __future__ import annotations

from collections.abc import Mapping

import sqlite_utils

from app.core.errors import NotFound
from app.store import holdings
from app.store.db import Database
from app.store.passages import storable

# In the column ``ocr``, beside those of holdings: how often it failed so far; after that it counts as done.
_FAILED_ONCE, _FAILED_TWICE = 3, 4
_AFTER = {holdings.OCR_WANTED: _FAILED_ONCE, _FAILED_ONCE: _FAILED_TWICE}


_SEEN = f"""
    SELECT written, look FROM items
    WHERE ocr = {holdings.OCR_DONE} AND meta ->> '$.content' = ? AND (written <> '' OR look <> '') LIMIT 1
"""


MOST_KEPT = 256_000_000  # bytes of pictures that lie elsewhere and wait to be looked at
_KEEP = f"""
    INSERT OR REPLACE INTO unseen (item_id, data)
    SELECT id, ?1 FROM items WHERE uri = ?2 AND ocr = {holdings.OCR_WANTED}
    AND (SELECT coalesce(sum(length(data)), 0) FROM unseen) + length(?1) <= ?3
"""
_OVER = "DELETE FROM unseen WHERE item_id IN (SELECT id FROM items WHERE uri = ? AND ocr = ?)"


def keep(db: sqlite_utils.Database, pictures: Mapping[str, bytes]) -> None:
    """Within a transaction: uri → bytes of pictures that nobody could get again when their turn comes."""
    db.conn.executemany(_KEEP, [(data, uri, MOST_KEPT) for uri, data in pictures.items()])


class OcrQueue:
    """Newest first; a photo leaves the queue when its text was set, or after three failures."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def wanting(self, limit: int = 50) -> list[tuple[str, str]]:
        """(uri, path) of photos that nobody has tried to look at."""
        rows = self._db.rows(
            "SELECT uri, path FROM items WHERE ocr = ? ORDER BY at DESC LIMIT ?", [holdings.OCR_WANTED, limit]
        )
        return [(row["uri"], row["path"]) for row in rows]

    def failed(self) -> list[tuple[str, str]]:
        """(uri, path) of photos that could not be looked at so far and are worth another attempt."""
        sql = "SELECT uri, path FROM items WHERE ocr IN (?, ?) ORDER BY at DESC"
        return [(row["uri"], row["path"]) for row in self._db.rows(sql, [_FAILED_ONCE, _FAILED_TWICE])]

    def seen(self, content: str) -> tuple[str, str] | None:
        """(text, look) of another of the same bytes that was looked at; ``content`` is their digest."""
        rows = self._db.tuples(_SEEN, [content]) if content else []
        return rows[0] if rows else None

    def unseen(self, uri: str) -> bytes:
        """The picture itself, where it is kept until it is looked at; else nothing."""
        sql = "SELECT u.data FROM unseen u JOIN items i ON i.id = u.item_id WHERE i.uri = ?"
        rows = self._db.tuples(sql, [uri])
        return bytes(rows[0][0]) if rows else b""

    def set_text(self, uri: str, text: str, look: str = "") -> None:
        """Append what was read to the item, as passages like any other, and take it off the queue.

        ``look`` is kept beside it: that of pictures that look alike differs in few bits.
        """
        with self._db.write() as db:
            row = db.conn.execute("SELECT id, text, at FROM items WHERE uri = ?", (uri,)).fetchone()
            if row is None:
                raise NotFound("no such item", where=uri, remedy="it may have been removed meanwhile")
            id, old, at = row
            read = storable(text.strip(" \n\t"))
            done = "UPDATE items SET ocr = ?, written = ?, look = ? WHERE id = ?"
            db.conn.execute(done, (holdings.OCR_DONE, read, look, id))
            db.conn.execute(_OVER, (uri, holdings.OCR_DONE))
            if read:
                whole = holdings.together(old, read)
                words = holdings.Words(db, 1)
                holdings.remove_passages(db, id, words)
                db.conn.execute("UPDATE items SET text = ? WHERE id = ?", (whole, id))
                holdings.add_passages(db, id, whole, at, words)

    def set_failed(self, uri: str) -> bool:
        """Note that it could not be looked at; whether it will be tried again."""
        with self._db.write() as db:
            row = db.conn.execute("SELECT ocr FROM items WHERE uri = ?", (uri,)).fetchone()
            state = _AFTER.get(row[0], holdings.OCR_DONE) if row else holdings.OCR_DONE
            db.conn.execute("UPDATE items SET ocr = ?, look = '' WHERE uri = ?", (state, uri))
            db.conn.execute(_OVER, (uri, holdings.OCR_DONE))
            return state != holdings.OCR_DONE
