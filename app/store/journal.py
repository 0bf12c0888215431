"""The journal: every deed, every byte that left, every unlocking; rows are added, never changed.

Each row carries the SHA-256 of itself and of the row before, so that a changed, missing or moved
row shows. What a deed's undoing needs is kept apart and may be forgotten; its hash stays.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlite_utils

from app.core.errors import NotFound
from app.core.types import JournalEntry
from app.store.db import Database

_FIELDS = ("refers", "at", "what", "summary", "state", "bytes_out", "undo_sha256")
_STATES = {"done", "undone", "failed", "refused", "pending"}

_ENTRIES = """
    SELECT j.id, j.at, j.what, j.summary, j.bytes_out, u.journal_id AS undo, p.sha256 AS shown,
           coalesce(
               (SELECT m.state FROM journal m WHERE m.refers = j.id ORDER BY m.id DESC LIMIT 1), j.state
           ) AS state
    FROM journal j LEFT JOIN undo u ON u.journal_id = j.id
        LEFT JOIN shown s ON s.journal_id = j.id LEFT JOIN proposals p ON p.sha256 = s.sha256
    WHERE j.refers IS NULL
"""


class Journal:
    """Metadata only: ``summary`` must never hold the text of a message."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(
        self,
        what: str,
        summary: str,
        state: str = "done",
        bytes_out: int = 0,
        undo: bytes = b"",
        *,
        sha256: str = "",
    ) -> int:
        """Write a deed down; returns its id.

        ``undo`` is what its action needs to take it back, ``sha256`` names the proposal it carried out.
        """
        with self._db.write() as db:
            id = _append(
                db, None, what, summary, state, bytes_out, hashlib.sha256(undo).hexdigest() if undo else ""
            )
            if undo:
                db.execute("INSERT INTO undo VALUES (?, ?)", [id, undo])
            if sha256:
                db.execute("INSERT INTO shown VALUES (?, ?)", [id, sha256])
        return id

    def list(self, limit: int = 100) -> tuple[JournalEntry, ...]:
        """Newest first, each with its present state."""
        rows = self._db.rows(_ENTRIES + " ORDER BY j.id DESC LIMIT ?", [limit])
        return tuple(_entry(row) for row in rows)

    def entry(self, id: int) -> JournalEntry:
        rows = self._db.rows(_ENTRIES + " AND j.id = ?", [id])
        if not rows:
            raise NotFound("no such journal entry", where=str(id), remedy="see `homebody journal`")
        return _entry(rows[0])

    def undo_data(self, id: int) -> bytes:
        """What ``add`` was given as ``undo``; empty where the deed cannot be undone."""
        self.entry(id)
        return bytes(self._db.value("SELECT data FROM undo WHERE journal_id = ?", [id]) or b"")

    def shown(self, id: int) -> str:
        """The SHA-256 of the proposal that was carried out; empty where there was none or it is forgotten."""
        self.entry(id)
        return str(
            self._db.value(
                "SELECT s.sha256 FROM shown s JOIN proposals p ON p.sha256 = s.sha256 WHERE s.journal_id = ?",
                [id],
            )
            or ""
        )

    def mark(self, id: int, state: str) -> None:
        """The deed's state is now ``state``; what it was stays readable in the chain."""
        entry = self.entry(id)
        with self._db.write() as db:
            _append(db, id, entry.what, "", state, 0, "")

    def verify(self) -> str:
        """Empty when the chain holds, otherwise where it breaks."""
        last, previous, count = "", 0, 0
        for row in self._db.rows("SELECT * FROM journal ORDER BY id"):
            if row["id"] != previous + 1 or row["hash"] != _chain(
                last, row["id"], tuple(row[f] for f in _FIELDS)
            ):
                return f"the journal was changed at entry {row['id']}"
            last, previous, count = row["hash"], row["id"], count + 1
        newest = self._db.value("SELECT seq FROM sqlite_sequence WHERE name = 'journal'") or 0
        return "" if newest == count else f"entries after {count} are missing from the journal"


def _append(
    db: sqlite_utils.Database,
    refers: int | None,
    what: str,
    summary: str,
    state: str,
    bytes_out: int,
    undo: str,
) -> int:
    if state not in _STATES:
        raise ValueError(f"{state} is no state of a journal entry")
    row = db.conn.execute("SELECT id, hash FROM journal ORDER BY id DESC LIMIT 1").fetchone() or (0, "")
    id = int(row[0]) + 1
    values = (refers, datetime.now(UTC).isoformat(), what, summary, state, bytes_out, undo)
    db.execute(
        f"INSERT INTO journal (id, {', '.join(_FIELDS)}, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [id, *values, _chain(row[1], id, values)],
    )
    return id


def _chain(last: str, id: int, values: tuple[Any, ...]) -> str:
    return hashlib.sha256(json.dumps([last, id, *values]).encode()).hexdigest()


def _entry(row: dict[str, Any]) -> JournalEntry:
    return JournalEntry(
        id=row["id"],
        when=datetime.fromisoformat(row["at"]),
        what=row["what"],
        summary=row["summary"],
        state=row["state"],
        bytes_out=row["bytes_out"],
        undoable=row["undo"] is not None and row["state"] == "done",
        shown=row["shown"] is not None,
    )
