"""Photos whose text is still to be read, and what was read."""

from __future__ import annotations

from app.core.errors import NotFound
from app.store import holdings
from app.store.db import Database
from app.store.passages import storable


class OcrQueue:
    """Newest first; a photo leaves the queue when its text was set or it was marked done."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def wanting(self, limit: int = 50) -> list[tuple[str, str]]:
        """(uri, path) of photos that were not read yet."""
        rows = self._db.rows(
            "SELECT uri, path FROM items WHERE ocr = ? ORDER BY at DESC LIMIT ?", [holdings.OCR_WANTED, limit]
        )
        return [(row["uri"], row["path"]) for row in rows]

    def set_text(self, uri: str, text: str) -> None:
        """Append what was read to the item, as passages like any other, and take it off the queue."""
        with self._db.write() as db:
            row = db.conn.execute("SELECT id, text, at FROM items WHERE uri = ?", (uri,)).fetchone()
            if row is None:
                raise NotFound("no such item", where=uri, remedy="it may have been removed meanwhile")
            id, old, at = row
            read = storable(text.strip())
            done = "UPDATE items SET ocr = ?, written = ? WHERE id = ?"
            db.conn.execute(done, (holdings.OCR_DONE, read, id))
            if read:
                whole = holdings.together(old, read)
                words = holdings.Words(db, 1)
                holdings.remove_passages(db, id, words)
                db.conn.execute("UPDATE items SET text = ? WHERE id = ?", (whole, id))
                holdings.add_passages(db, id, whole, at, words)

    def mark_done(self, uri: str) -> None:
        with self._db.write() as db:
            db.execute("UPDATE items SET ocr = ? WHERE uri = ?", [holdings.OCR_DONE, uri])
