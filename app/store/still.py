"""What tells without a look at its files that nothing of a source has changed since its last whole look."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from app.store.db import Database

_KNOWN = """
    SELECT folders, at, (SELECT count(*) FROM units u WHERE u.source_id = s.source_id)
    FROM still s WHERE source_id = ?1
    AND NOT EXISTS (SELECT 1 FROM units WHERE source_id = ?1 AND (stamp = '' OR reading <> ''))
"""


@dataclass(frozen=True)
class Still:
    """``folders``: path → stamp; ``at``: when all of it was looked at, seconds since 1970 UTC."""

    folders: dict[str, str]
    at: float
    files: int


def known(db: Database, source_id: int) -> Still | None:
    """None where there is nothing to tell it by, or a file waits to be read again."""
    rows = db.tuples(_KNOWN, [source_id])
    return Still(msgspec.json.decode(rows[0][0], type=dict[str, str]), *rows[0][1:]) if rows else None


def remember(db: Database, source_id: int, folders: dict[str, str] | None, at: float) -> None:
    """After a whole look that ended well; None where its folders tell nothing."""
    with db.write() as writer:
        writer.conn.execute("DELETE FROM still WHERE source_id = ?", (source_id,))
        if folders:
            writer.conn.execute(
                "INSERT INTO still (source_id, folders, at) SELECT id, ?, ? FROM sources WHERE id = ?",
                (msgspec.json.encode(folders).decode(), at, source_id),
            )
