"""Is the store sound? Every part is counted and probed, and what can be derived again is mended.

SQLite's own check is not enough: it says "ok" to an emptied full-text index and to missing
vectors. index.db may be set aside and begun anew; user.db is only ever reported on.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from app.core.errors import Damaged
from app.core.types import Check
from app.store import holdings, succession
from app.store.db import Database, check_header
from app.store.index import Index
from app.store.journal import Journal
from app.store.user import User
from app.store.vectors import VectorIndex

_LIMIT = 20  # faults named at most in one line


def check(index: Index, user: User, vectors: VectorIndex) -> Iterator[Check]:
    """One line a check; ``healed`` where something was wrong and was put right."""
    yield _private(user.db.path.parent)
    mine = _file(user.db, "homebody doctor --restore puts back the newest good copy")
    yield mine
    if mine.state == "ok":
        yield _journal(Journal(user.db))
    yield _snapshots(user.db.path.parent / "snapshots")
    found = _file(index.db, "run the doctor again")
    if found.state == "bad":
        aside = index.db.renew()
        index.restore_sources()
        vectors.reset()
        yield Check(
            name="index.db",
            state="healed",
            detail=f"{found.detail}; set aside as {aside.name}, and a new one was begun",
            remedy="run `homebody index` to read your sources again",
        )
        return
    yield found
    yield _set_aside(index.db.path)
    yield _passages(index.db)
    yield _words(index.db)
    yield _vectors(index.db, vectors)


def _file(database: Database, remedy: str) -> Check:
    """Header, the checksum of every page, and SQLite's own structure check."""
    name = database.path.name
    try:
        check_header(database.path)
        faults = _page_faults(database)
    except Damaged as error:
        faults = [error.message]
    if faults:
        return Check(name=name, state="bad", detail="; ".join(faults[:_LIMIT]), remedy=remedy)
    size = database.path.stat().st_size
    return Check(name=name, state="ok", detail=f"{size:,} bytes, encrypted, every page sound")


def _page_faults(database: Database) -> list[str]:
    database.checkpoint()  # pages still in the log would be reported as wrong
    faults = [str(next(iter(row.values()))) for row in database.rows("PRAGMA cipher_integrity_check")]
    structure = [str(row["integrity_check"]) for row in database.rows("PRAGMA integrity_check(20)")]
    # the full-text index has a check of its own, and is built again without losing anything else
    faults += [text for text in structure if text != "ok" and not text.startswith("fts5:")]
    lost = database.rows("PRAGMA foreign_key_check")
    return faults + ([f"{len(lost)} rows refer to nothing"] if lost else [])


def _words(database: Database) -> Check:
    """The full-text index against the passages it was made from, word by word."""
    fault = _words_fault(database)
    if not fault:
        count = database.value("SELECT count(*) FROM fts_docsize")
        return Check(name="words", state="ok", detail=f"{count:,} passages can be found by their words")
    with database.write() as db:
        holdings.rebuild(db)
    if again := _words_fault(database):
        remedy = "move index.db away and run `homebody index`"
        return Check(name="words", state="bad", detail=again, remedy=remedy)
    return Check(name="words", state="healed", detail=f"{fault}; built again from the passages")


def _words_fault(database: Database) -> str:
    passages = database.value("SELECT count(*) FROM passages")
    indexed = database.value("SELECT count(*) FROM fts_docsize")
    if passages != indexed:
        return f"{indexed:,} of {passages:,} passages were in the word index"
    with database.write() as db:
        try:
            db.conn.execute("INSERT INTO fts (fts, rank) VALUES ('integrity-check', 1)")
        except sqlcipher.DatabaseError:
            return "the word index did not fit the passages"
    return ""


def _passages(database: Database) -> Check:
    """Every item has passages, and every passage lies within its item's text."""
    bad = database.rows(
        """SELECT i.id, i.text, i.at FROM items i
           WHERE NOT EXISTS (SELECT 1 FROM passages p WHERE p.item_id = i.id)
           OR EXISTS (SELECT 1 FROM passages p WHERE p.item_id = i.id
                      AND (p.start < 0 OR p."end" < p.start OR p."end" > length(i.text)))"""
    )
    unheld = [
        row["id"]
        for row in database.rows(
            "SELECT id FROM items i WHERE NOT EXISTS (SELECT 1 FROM holds h WHERE h.item_id = i.id)"
        )
    ]
    with database.write() as db:
        words = holdings.Words(db, sys.maxsize if bad or unheld else 0)  # built anew: it may not fit any more
        for row in bad:
            holdings.remove_passages(db, row["id"], words)
            holdings.add_passages(db, row["id"], row["text"], row["at"], words)
        for id in unheld:
            holdings.remove(db, id, words)
        words.finish()
    count = database.value("SELECT count(*) FROM passages")
    if bad or unheld:
        detail = f"{len(bad)} items were cut into passages again, {len(unheld)} without a file were removed"
        return Check(name="passages", state="healed", detail=detail)
    return Check(name="passages", state="ok", detail=f"{count:,} passages")


def _vectors(database: Database, vectors: VectorIndex) -> Check:
    """A passage marked as embedded has its vector, of the right size, and each code is of its vector."""
    with database.write() as db:
        wrong = sum(
            db.conn.execute(
                "DELETE FROM vectors WHERE embedder_id = ?1 AND length(data) <> (SELECT length(data) FROM "
                "vectors WHERE embedder_id = ?1 GROUP BY 1 ORDER BY count(*) DESC LIMIT 1)",
                row,
            ).rowcount
            for row in db.conn.execute("SELECT id FROM embedders").fetchall()
        )
        missing, unmarked = succession.remark(db)
    lost = vectors.repair()
    if wrong or missing or unmarked or lost:
        vectors.reset()
        detail = (
            f"{missing} vectors were missing and will be made again, {unmarked} were not marked, "
            f"{lost} were not in the sketch"
        )
        return Check(name="vectors", state="healed", detail=detail, remedy="run `homebody index`")
    count = database.value("SELECT count(*) FROM vectors")
    return Check(
        name="vectors", state="ok", detail=f"{count:,} vectors of {vectors.model() or 'no model yet'}"
    )


def _journal(journal: Journal) -> Check:
    fault = journal.verify()
    if fault:
        return Check(name="journal", state="bad", detail=fault, remedy="compare it with the snapshots")
    return Check(name="journal", state="ok", detail="every entry is chained to the one before")


def _snapshots(folder: Path) -> Check:
    kept = sorted(folder.glob("user-*.db"))
    if not kept:
        return Check(name="snapshots", state="ok", detail="none yet; one is made each day Homebody is opened")
    return Check(name="snapshots", state="ok", detail=f"{len(kept)} copies, the newest {kept[-1].name}")


def _set_aside(path: Path) -> Check:
    aside = path.with_name(path.name + ".damaged")
    if aside.exists():
        detail = f"a damaged {path.name} was replaced; the old one is {aside.name}"
        return Check(
            name="set aside", state="ok", detail=detail, remedy=f"delete {aside} when you need the space"
        )
    return Check(name="set aside", state="ok", detail="nothing")


def _private(folder: Path) -> Check:
    """Nobody else on this machine may read the folder's files."""
    if os.name == "nt":
        return Check(name="permissions", state="ok", detail="as Windows keeps a person's own folder")
    open_to_others = [
        path
        for path in (folder, *folder.glob("*.db*"), folder / "key.json")
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    for path in open_to_others:
        path.chmod(0o700 if path.is_dir() else 0o600)
    if open_to_others:
        names = ", ".join(path.name for path in open_to_others[:_LIMIT])
        return Check(name="permissions", state="healed", detail=f"others could read {names}")
    return Check(name="permissions", state="ok", detail="only you can read the folder")
