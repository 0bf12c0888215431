"""Forgetting: rows, words, vectors and quotes leave both files and every snapshot, and no page keeps them.

Deleted rows are overwritten with zeros (``secure_delete``). The full-text index is built anew: its own
``secure-delete`` leaves some words behind in the table of its page boundaries. Then the write-ahead
log is emptied, since it holds the pages as they were. A test reads the decrypted pages to see it.
What stays is the codebook of the sketch: means over the vectors of thousands of passages, learned while
the forgotten ones were among them, and not learned anew. No text can be read from it.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import sqlite_utils

from app.core.errors import Damaged, HomebodyError
from app.core.types import Turn
from app.store import holdings, identities
from app.store.db import Database
from app.store.exclusions import matches, within

GONE = "forgotten"
_GONE_ANSWER = "What this answer said was forgotten, with what it stood on."
_PIECE = 40  # characters of a sentence from which it is taken for the item's own
_SPLIT = re.compile(r"[\n.!?]+")
_LOG_PATIENCE_S = 10.0


@dataclass(frozen=True)
class Traits:
    """What forgotten items are known by elsewhere: their uris, and their own sentences."""

    uris: frozenset[str]
    pieces: frozenset[str]

    def named(self, uri: str) -> bool:
        return uri in self.uris

    def said(self, *texts: str) -> bool:
        """Whether one of ``texts`` repeats a sentence of theirs."""
        return any(not self.pieces.isdisjoint(_pieces(text)) for text in texts)


@dataclass(frozen=True)
class Scrubbed:
    turns: int = 0
    proposals: int = 0


def find(index: Database, kind: str, value: str) -> tuple[str, ...]:
    """Uris of what is stored of an item (with its attachments), a sender (an address, or ``@`` and a domain),
    the files under a path, or those that a pattern covers; not of what another file holds too.
    """
    if kind == "item":
        rows = index.rows(
            "SELECT uri FROM items WHERE uri = ?1 OR substr(uri, 1, length(?1) + 1) = ?1 || '#'", [value]
        )
        return tuple(row["uri"] for row in rows)
    if kind == "sender":
        rows = index.rows(
            """SELECT DISTINCT i.uri FROM items i JOIN item_people ip ON ip.item_id = i.id
               JOIN people p ON p.id = ip.person_id
               WHERE (lower(p.address) = ?1 OR (?1 LIKE '@%' AND substr(lower(p.address), -length(?1)) = ?1))
               AND ip.role IN ('from', 'organizer', 'author')""",
            [value],
        )
        return tuple(dict.fromkeys(uri for row in rows for uri in find(index, "item", row["uri"])))
    covers = matches if kind == "pattern" else within
    held = index.tuples(
        "SELECT i.uri, u.path FROM items i JOIN holds h ON h.item_id = i.id JOIN units u ON u.id = h.unit_id"
    )
    elsewhere = {uri for uri, path in held if not covers(value, path)}
    return tuple(dict.fromkeys(uri for uri, _ in held if uri not in elsewhere))


def only_from(index: Database, source_id: int) -> tuple[str, ...]:
    """Uris of what no other source holds."""
    rows = index.rows(
        """SELECT i.uri FROM items i
           WHERE EXISTS (SELECT 1 FROM holds h JOIN units u ON u.id = h.unit_id
                         WHERE h.item_id = i.id AND u.source_id = ?1)
           AND NOT EXISTS (SELECT 1 FROM holds h JOIN units u ON u.id = h.unit_id
                           WHERE h.item_id = i.id AND u.source_id <> ?1)""",
        [source_id],
    )
    return tuple(row["uri"] for row in rows)


def traits(index: Database, uris: Sequence[str]) -> Traits:
    """Before they go: what else may have been made of these items."""
    pieces: set[str] = set()
    for uri in uris:
        pieces.update(_pieces(str(index.value("SELECT text FROM items WHERE uri = ?", [uri]) or "")))
    return Traits(frozenset(uris), frozenset(pieces))


def from_index(index: Database, uris: Sequence[str]) -> int:
    """Remove these items with their passages, words and vectors; returns how many there were."""
    with index.write() as db:
        words = holdings.Words(db, sys.maxsize)
        ids = [
            row[0] for uri in uris for row in db.conn.execute("SELECT id FROM items WHERE uri = ?", (uri,))
        ]
        for id in ids:
            holdings.remove(db, id, words)
        db.conn.executemany("DELETE FROM skipped WHERE uri = ?", [(uri,) for uri in uris])
        words.finish()
        identities.refresh(db)
    empty_log(index)
    return len(ids)


def from_user(user: Database, known: Traits) -> Scrubbed:
    """Quotes and answers that stood on them, texts about them, and proposals made of them."""
    with user.write() as db:
        done = Scrubbed(turns=_turns(db, known), proposals=_proposals(db, known))
        for id, about, text in db.conn.execute("SELECT id, about, text FROM drafts").fetchall():
            if known.named(about) or known.said(text):
                db.conn.execute("DELETE FROM drafts WHERE id = ?", (id,))
    empty_log(user)
    return done


def from_corrections(user: Database, known: Traits) -> tuple[int, ...]:
    """Ids of the corrections that hold words of theirs."""
    rows = user.rows("SELECT id, uri, fields, said, accepted FROM corrections")
    return tuple(
        row["id"]
        for row in rows
        if known.named(row["uri"])
        or known.said(
            row["said"], row["accepted"], *msgspec.json.decode(row["fields"], type=dict[str, str]).values()
        )
    )


def from_snapshots(user: Database, folder: Path, known: Traits) -> tuple[int, tuple[str, ...]]:
    """The same in every copy of user.db: how many, and what could not be gone through.

    A copy that is damaged is deleted: nobody could restore it, and it may hold what is forgotten.
    """
    done, left = 0, []
    for path in sorted(folder.glob("user-*.db")):
        try:
            with closing(user.sibling(path)) as copy:
                for id in from_corrections(copy, known):
                    with copy.write() as db:
                        db.execute("DELETE FROM corrections WHERE id = ?", [id])
                from_user(copy, known)
            done += 1
        except Damaged:
            path.unlink(missing_ok=True)
        except HomebodyError as error:
            left.append(f"{path.name} could not be changed: {error.message}")
    return done, tuple(left)


def empty_log(database: Database) -> None:
    """Pages as they were before leave the write-ahead log. Raises HomebodyError where a reader keeps them."""
    until = time.monotonic() + _LOG_PATIENCE_S
    log = database.path.with_name(database.path.name + "-wal")
    while True:
        database.checkpoint()
        if not log.exists() or log.stat().st_size == 0:
            return
        if time.monotonic() > until:
            raise HomebodyError(
                "what was forgotten is still in the log of the store",
                where=str(log),
                remedy="close what reads it, and run `homebody doctor`",
            )
        time.sleep(0.05)


def _turns(db: sqlite_utils.Database, known: Traits) -> int:
    changed = 0
    for id, body in db.conn.execute("SELECT id, body FROM turns").fetchall():
        turn = msgspec.json.decode(body, type=Turn)
        after = _without(turn, known)
        if after is not turn:
            db.conn.execute(
                "UPDATE turns SET body = ? WHERE id = ?", (msgspec.json.encode(after).decode(), id)
            )
            changed += 1
    return changed


def _without(turn: Turn, known: Traits) -> Turn:
    """The citation stays, so that one sees that there was something."""
    stood = [c for c in turn.citations if known.named(c.uri) or known.said(c.quote)]
    if not stood and not (turn.role == "assistant" and known.said(turn.text)):
        return turn
    citations = tuple(
        msgspec.structs.replace(c, title=GONE, quote="", start=0, end=0) if c in stood else c
        for c in turn.citations
    )
    return msgspec.structs.replace(turn, text=_GONE_ANSWER, citations=citations)


def _proposals(db: sqlite_utils.Database, known: Traits) -> int:
    gone = [
        sha256
        for sha256, body in db.conn.execute("SELECT sha256, body FROM proposals").fetchall()
        if _any(known, msgspec.json.decode(body))
    ]
    for sha256 in gone:
        db.conn.execute("DELETE FROM approvals WHERE sha256 = ?", (sha256,))
        db.conn.execute("DELETE FROM proposals WHERE sha256 = ?", (sha256,))
    return len(gone)


def _any(known: Traits, value: Any) -> bool:
    """Whether any text in a JSON value names or repeats them."""
    if isinstance(value, str):
        return known.named(value) or known.said(value)
    inner: Iterable[Any] = (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    )
    return any(_any(known, one) for one in inner)


def _pieces(text: str) -> set[str]:
    found = (" ".join(piece.strip(" >").split()).lower() for piece in _SPLIT.split(text))
    return {piece for piece in found if len(piece) >= _PIECE}
