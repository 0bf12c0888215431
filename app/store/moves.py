"""A file under another name: its items, what was made of them and what cites them keep to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import sqlite_utils

from app.core.types import Turn
from app.store.db import Database
from app.store.index import moved
from indexers.item import Unit

_OF_FILE = "({0} = ?2 OR substr({0}, 1, length(?2) + 1) = ?2 || '#')"


def uris(index: Database, source_id: int, moves: Sequence[tuple[str, Unit]]) -> dict[str, str]:
    """The uris that change with the names of these files: those that name the file."""
    changed: dict[str, str] = {}
    for path, unit in moves:
        was, now = Path(path).as_uri(), Path(unit.path).as_uri()
        rows = index.tuples(
            "SELECT i.uri FROM units u JOIN holds h ON h.unit_id = u.id JOIN items i ON i.id = h.item_id "
            f"WHERE u.path = ?3 AND u.source_id = ?1 AND {_OF_FILE.format('i.uri')}",
            [source_id, was, path],
        )
        changed |= {uri: now + uri.removeprefix(was) for (uri,) in rows}
        changed.setdefault(was, now)  # what was forgotten is no item any more
    return changed


def cited(user: Database, changed: dict[str, str]) -> None:
    """First: citations, drafts, corrections and what was forgotten follow; done twice it is the same."""
    with user.write() as db:
        for id, body in db.conn.execute("SELECT id, body FROM turns").fetchall():
            turn = msgspec.json.decode(body, type=Turn)
            citations = tuple(
                msgspec.structs.replace(c, uri=changed[c.uri]) if c.uri in changed else c
                for c in turn.citations
            )
            if citations != turn.citations:
                new = msgspec.json.encode(msgspec.structs.replace(turn, citations=citations)).decode()
                db.conn.execute("UPDATE turns SET body = ? WHERE id = ?", (new, id))
        pairs = [(now, was) for was, now in changed.items()]
        db.conn.executemany("UPDATE drafts SET about = ? WHERE about = ?", pairs)
        db.conn.executemany("UPDATE corrections SET uri = ? WHERE uri = ?", pairs)
        _forgotten(db, changed)


def _forgotten(db: sqlite_utils.Database, changed: dict[str, str]) -> None:
    """What was forgotten stays forgotten: a file, or a part of one, of which nobody else knows any more."""
    for (value,) in db.conn.execute("SELECT value FROM exclusions WHERE kind = 'item'").fetchall():
        file, mark, part = value.partition("#")
        now = changed.get(value) or (f"{changed[file]}{mark}{part}" if file in changed else value)
        if now != value:
            sql = "UPDATE OR REPLACE exclusions SET value = ? WHERE kind = 'item' AND value = ?"
            db.conn.execute(sql, (now, value))


def files(index: Database, source_id: int, moves: Sequence[tuple[str, Unit]], *, to: int = 0) -> None:
    """Then the index: each file under its new name, to be looked into again for what the name says.

    ``to``: the source, of the same kind, that it is in now; 0 is the same one.
    """
    with index.write() as db:
        for path, unit in moves:
            _file(db, source_id, path, unit, to or source_id)


def _file(db: sqlite_utils.Database, source_id: int, path: str, unit: Unit, to: int) -> None:
    row = db.conn.execute(
        "SELECT id, stamp, EXISTS (SELECT 1 FROM holds WHERE unit_id = units.id) FROM units "
        "WHERE source_id = ? AND path = ?",
        (source_id, path),
    ).fetchone()
    if row is None:
        return
    id, stamp, holds = row
    was, now = Path(path).as_uri(), Path(unit.path).as_uri()
    if holds and stamp and not stamp.startswith(moved("")):
        stamp = moved(stamp)
    state = (to, unit.path, unit.file, stamp, id)
    db.conn.execute("UPDATE units SET source_id = ?, path = ?, file = ?, stamp = ? WHERE id = ?", state)
    db.conn.execute("UPDATE skipped SET source_id = ? WHERE unit_id = ?", (to, id))
    held = "id IN (SELECT item_id FROM holds WHERE unit_id = ?1)"
    new = "?3 || substr(uri, length(?2) + 1)"
    db.conn.execute(
        f"UPDATE OR IGNORE items SET uri = {new} WHERE {held} AND {_OF_FILE.format('uri')}", (id, was, now)
    )
    db.conn.execute(f"UPDATE items SET path = ?2 WHERE {held} AND path = ?3", (id, unit.path, path))
    db.conn.execute("UPDATE holds SET path = ?2 WHERE unit_id = ?1 AND path = ?3", (id, unit.path, path))
    db.conn.execute(
        f"UPDATE skipped SET uri = {new} WHERE unit_id = ?1 AND {_OF_FILE.format('uri')}", (id, was, now)
    )
