"""How far each account was read: states of its folders, moved in the transaction that makes them true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from app.core.errors import NotFound
from app.store import holdings
from app.store.db import Database


class Cursors:
    """Beside the units of a source, which say what of it is held."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def known(self, source_id: int) -> bool:
        """Whether the source is one still."""
        return bool(self._db.value("SELECT count(*) FROM sources WHERE id = ?", [source_id]))

    def all(self, source_id: int) -> dict[str, str]:
        """Folder → the state it was in when all of it was last held."""
        return dict(self._db.tuples("SELECT name, state FROM cursors WHERE source_id = ?", [source_id]))

    def move(self, source_id: int, name: str, state: str, gone: Sequence[str]) -> tuple[str, ...]:
        """The folder is held as it was in ``state`` once the units ``gone`` are dropped: both or neither.

        Returns the uris of the items that went with them. Raises NotFound where the source was removed.
        """
        with self._db.write() as db:
            if not db.conn.execute("SELECT 1 FROM sources WHERE id = ?", (source_id,)).fetchone():
                raise NotFound("the source was removed", where=str(source_id), remedy="add it again")
            sql = "SELECT id FROM units WHERE source_id = ? AND path IN (SELECT value FROM json_each(?))"
            listed = msgspec.json.encode(gone).decode()
            units = [row[0] for row in db.conn.execute(sql, (source_id, listed)).fetchall()]
            uris = tuple(holdings.release(db, units))
            db.execute("INSERT OR REPLACE INTO cursors VALUES (?, ?, ?)", [source_id, name, state])
        return uris

    def forget(self, source_id: int, names: Sequence[str]) -> None:
        """Folders that are no more; their units are dropped with others' (:meth:`move`)."""
        with self._db.write() as db:
            for name in names:
                db.execute("DELETE FROM cursors WHERE source_id = ? AND name = ?", [source_id, name])

    def mark(self, source_id: int, stamps: Mapping[str, str], flags: Mapping[str, str]) -> None:
        """Mails of which only the flags changed: unit path → stamp, and → flags as the item tells them."""
        with self._db.write() as db:
            db.conn.executemany(
                "UPDATE units SET stamp = ? WHERE source_id = ? AND path = ? AND stamp <> ''",
                [(stamp, source_id, path) for path, stamp in stamps.items()],
            )
            db.conn.executemany(
                """UPDATE items SET meta = CASE WHEN ?1 = '' THEN json_remove(meta, '$.flags')
                                                ELSE json_set(meta, '$.flags', ?1) END
                   WHERE kind = 'mail' AND path = ?3 AND id IN (
                       SELECT h.item_id FROM holds h JOIN units u ON u.id = h.unit_id
                       WHERE u.source_id = ?2 AND u.path = ?3)""",
                [(letters, source_id, path) for path, letters in flags.items()],
            )

    def fault(self, source_id: int, words: str) -> None:
        """Why the account could not be read the last time; empty: it could."""
        with self._db.write() as db:
            db.execute("UPDATE sources SET fault = ? WHERE id = ?", [words, source_id])
