"""Rows of one item, inside a transaction: written, replaced, and removed when no file holds it.

The same item may lie in several files (a mail in two exports, a photo in two folders). It is kept
once, as the first of them has it, and goes when the last of them goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any

import msgspec
import sqlite_utils

from app.store import identities
from app.store.passages import chunk, fold, storable
from app.store.words import runs
from indexers.item import Item, Person

ITEM = (
    "uri, source, kind, title, text, digest, at, until, iso, until_iso, "
    "people, place, about, links, thread, path, meta, ocr"
)
_TITLE, _TEXT, _AT, _OCR = (ITEM.split(", ").index(name) for name in ("title", "text", "at", "ocr"))
# of meta, what is searched
_ABOUT = ("tags", "filename", "category", "status", "camera", "event", "location", "signature")
_FEW, _REBUILD_IS_FASTER = 64, 100
_TEXTS = "SELECT w.id, w.title, w.people, w.about, w.text FROM passages p JOIN passage_words w ON w.id = p.id"
_BATCH = 1_000  # passages that are in memory while the full-text index is built anew
_FORGET_WORDS = """
    DELETE FROM fts WHERE rowid IN (
        SELECT p.id FROM passages p JOIN fts_docsize d ON d.id = p.id WHERE p.item_id = ?
    )
"""
_KNOWN_WORDS = "SELECT 1 FROM passages p JOIN fts_docsize d ON d.id = p.id WHERE p.item_id = ? LIMIT 1"
_PEOPLE = (
    "SELECT p.name, p.address, p.id FROM json_each(?) AS j "
    "JOIN people p ON p.name = j.value ->> 0 AND p.address = j.value ->> 1"
)
_PASSAGES_OF = "SELECT count(*) FROM holds h JOIN passages p ON p.item_id = h.item_id WHERE h.unit_id = ?"
OCR_NONE, OCR_WANTED, OCR_DONE = 0, 1, 2


class Words:
    """Keeps the full-text index in step with passages within one transaction.

    Forgetting a passage rewrites every list of its words (0.5 to 4 ms), since a deleted word must
    not stay in the file; building the whole index anew costs 0.02 ms a passage. So when a
    transaction is about to forget many, nothing is forgotten one by one and all is built at the end.
    Pairs of signs are made here, since the view that full-text search itself reads takes ten times as long.
    """

    def __init__(self, db: sqlite_utils.Database, forgetting: int) -> None:
        (total,) = db.conn.execute("SELECT count(*) FROM passages").fetchone() if forgetting else (0,)
        self._db, self._rebuild = db, forgetting > max(_FEW, total // _REBUILD_IS_FASTER)

    def add(self, item_id: int) -> None:
        if not self._rebuild:
            self.add_rows(self._db.conn.execute(f"{_TEXTS} WHERE p.item_id = ?", (item_id,)).fetchall())

    def add_rows(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """New passages: (id, title, people, about, text), as the view ``passage_words`` shows them."""
        if not self._rebuild:
            _add_words(self._db, rows)

    def forget(self, item_id: int) -> bool:
        """Before the item changes: the index can only forget what it can still read; whether it has it."""
        if self._rebuild:
            return True
        known = self._db.conn.execute(_KNOWN_WORDS, (item_id,)).fetchone() is not None
        if known:
            self._db.conn.execute(_FORGET_WORDS, (item_id,))
        return known

    def finish(self) -> None:
        if self._rebuild:
            rebuild(self._db)


def rebuild(db: sqlite_utils.Database) -> None:
    """The full-text index anew from the passages, within the transaction."""
    db.conn.execute("INSERT INTO fts (fts) VALUES ('delete-all')")
    some, last = f"{_TEXTS} WHERE p.id > ? ORDER BY p.id LIMIT ?", 0
    while rows := db.conn.execute(some, (last, _BATCH)).fetchall():
        _add_words(db, rows)
        last = rows[-1][0]


def fill(db: sqlite_utils.Database, last: int, most: int) -> int:
    """Put into the full-text index what it lacks of ``most`` passages up to ``last``; where to go on."""
    below = "SELECT min(id) FROM (SELECT id FROM passages WHERE id <= ? ORDER BY id DESC LIMIT ?)"
    (first,) = db.conn.execute(below, (last, most)).fetchone()
    if first is None:
        return 0
    known = "SELECT 1 FROM fts_docsize d WHERE d.id = p.id"
    lacking = f"{_TEXTS} WHERE p.id BETWEEN ? AND ? AND NOT EXISTS ({known}) ORDER BY p.id"
    _add_words(db, db.conn.execute(lacking, (first, last)).fetchall())
    return int(first) - 1


def _add_words(db: sqlite_utils.Database, rows: Iterable[tuple[Any, ...]]) -> None:
    db.conn.executemany(
        "INSERT INTO fts (rowid, title, people, about, text, runs) VALUES (?, ?, ?, ?, ?, ?)",
        ((*row, runs(f"{row[1]}\n{row[4]}")) for row in rows),
    )


def replace(db: sqlite_utils.Database, id: int, item: Item, words: Words, *, same_file: bool = False) -> None:
    """Everything of an item anew, under the same id; passages stay where its text does.

    What was read in a picture stays where the picture is the same: the ``same_file`` under another name,
    or one of the same content.
    """
    row = list(columns(item))
    title, before, written, at, content = db.conn.execute(
        "SELECT title, text, written, at, meta ->> '$.content' FROM items WHERE id = ?", (id,)
    ).fetchone()
    if written and (same_file or (content and content == item.meta.get("content"))):
        row[_TEXT], row[_OCR] = together(row[_TEXT], written), OCR_DONE
    else:
        written = ""
    had = True
    if before == row[_TEXT] and at == row[_AT]:
        had = words.forget(id)
        if title != row[_TITLE]:  # it is part of what was embedded; the old vectors serve until then
            db.conn.execute("UPDATE passages SET embedded = 0 WHERE item_id = ?", (id,))
    else:
        remove_passages(db, id, words)
    _remove_people(db, id)
    names = ", ".join(f"{name.strip()} = ?" for name in ITEM.split(","))
    db.conn.execute(f"UPDATE items SET {names}, written = ? WHERE id = ?", (*row, written, id))
    add_people(db, [(id, item.people)])
    if before == row[_TEXT] and at == row[_AT]:
        if had:  # else its turn comes (app.store.filling), which ends with the oldest
            words.add(id)
    else:
        add_passages(db, id, row[_TEXT], epoch(item.when), words)


def place(db: sqlite_utils.Database, id: int, item: Item) -> None:
    """Where an unchanged item lies now, which its digest says nothing of: file, mailbox, flags."""
    meta = _storable_json(item.meta)
    db.conn.execute(
        "UPDATE items SET path = ?1, meta = ?2 WHERE id = ?3 AND (path <> ?1 OR meta <> ?2)",
        (storable(item.path), meta, id),
    )


def together(text: str, written: str) -> str:
    """An item's own text, and what was read in its picture; of a document page by page."""
    if "\f" in text or "\f" in written:
        pages = zip_longest(text.split("\f"), written.split("\f"), fillvalue="")
        return "\f".join(together(*page) if page[1].strip() else page[0] for page in pages)
    return f"{text}\n\n{written}" if text.strip() else written


def release(db: sqlite_utils.Database, units: Sequence[int]) -> list[str]:
    """Forget files; returns the uris of the items that nothing holds any more.

    An item that another file holds too is shown as being there; if that file holds it with other
    content it is marked to be read again.
    """
    gone: list[str] = []
    words = Words(db, sum(db.conn.execute(_PASSAGES_OF, (unit,)).fetchone()[0] for unit in units))
    for unit in units:
        held = [row[0] for row in db.conn.execute("SELECT item_id FROM holds WHERE unit_id = ?", (unit,))]
        db.conn.execute("DELETE FROM holds WHERE unit_id = ?", (unit,))
        gone += [uri for id in held if (uri := settle(db, id, words))]
        db.conn.execute("DELETE FROM units WHERE id = ?", (unit,))
    words.finish()
    identities.refresh(db)
    return gone


def settle(db: sqlite_utils.Database, id: int, words: Words) -> str:
    """After a holder of the item left: its uri when it went with it, empty when it stays."""
    uri, digest = db.conn.execute("SELECT uri, digest FROM items WHERE id = ?", (id,)).fetchone()
    heirs = db.conn.execute(
        "SELECT unit_id, digest, path FROM holds WHERE item_id = ? "
        "ORDER BY edition DESC, digest <> ?, unit_id",
        (id, digest),
    ).fetchall()
    if not heirs:
        remove(db, id, words)
        return str(uri)
    unit, theirs, path = heirs[0]
    db.conn.execute("UPDATE items SET path = ? WHERE id = ?", (path, id))
    if theirs != digest:
        db.conn.execute("UPDATE units SET stamp = '' WHERE id = ?", (unit,))
    return ""


def remove(db: sqlite_utils.Database, id: int, words: Words) -> None:
    remove_passages(db, id, words)
    _remove_people(db, id)
    db.conn.execute("DELETE FROM items WHERE id = ?", (id,))


def add_passages(db: sqlite_utils.Database, id: int, text: str, at: float | None, words: Words) -> None:
    db.conn.executemany(
        'INSERT INTO passages (item_id, start, "end", at) VALUES (?, ?, ?, ?)',
        [(id, start, end, at) for start, end in chunk(text)],
    )
    words.add(id)


def remove_passages(db: sqlite_utils.Database, id: int, words: Words) -> None:
    words.forget(id)
    db.conn.execute("DELETE FROM passages WHERE item_id = ?", (id,))


def epoch(when: datetime | None) -> float | None:
    """Seconds since 1970 UTC; a time without a zone is taken as local."""
    if when is None:
        return None
    try:
        return when.timestamp()
    except (OverflowError, OSError, ValueError):  # a year no clock of this machine knows
        return None


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _storable_json(value: tuple[str, ...] | dict[str, str]) -> str:
    """Of strings, which are nearly always storable as they are."""
    try:
        text = _json(value)
        if "\\u0000" not in text:
            return text
    except UnicodeEncodeError:  # lone surrogates
        pass
    if isinstance(value, dict):
        return _json({storable(key): storable(each) for key, each in value.items()})
    return _json(tuple(map(storable, value)))


def columns(item: Item) -> tuple[Any, ...]:
    """A row of ``items`` without its id, in the order of ``ITEM``."""
    about = " ".join([item.place, *(item.meta[name] for name in _ABOUT if name in item.meta)])
    people = "; ".join(dict.fromkeys(str(person) for person in item.people))
    return (
        item.uri,
        item.source,
        item.kind,
        storable(item.title),
        storable(item.text),
        item.digest,
        epoch(item.when),
        epoch(item.until),
        item.when.isoformat() if item.when else "",
        item.until.isoformat() if item.until else "",
        storable(people),
        storable(item.place),
        storable(about.strip()),
        _storable_json(item.links),
        storable(item.thread),
        storable(item.path),
        _storable_json(item.meta),
        OCR_WANTED if item.kind == "photo" or item.meta.get("ocr") == "wanted" else OCR_NONE,
    )


def add_people(db: sqlite_utils.Database, people: Iterable[tuple[int, Sequence[Person]]]) -> None:
    """Who is in each item: its id and its people; one person is a name with an address."""
    roles = [
        (id, (storable(person.name), storable(person.address)), person.role)
        for id, those in people
        for person in those
    ]
    keys = list(dict.fromkeys(key for _, key, _ in roles))
    db.conn.executemany(
        "INSERT OR IGNORE INTO people (name, address, folded) VALUES (?, ?, ?)",
        [(name, address, fold(f"{name} <{address}>")) for name, address in keys],
    )
    ids = {(name, address): id for name, address, id in db.conn.execute(_PEOPLE, (_json(keys),))}
    db.conn.executemany(
        "INSERT OR IGNORE INTO item_people VALUES (?, ?, ?)",
        [(id, ids[key], role) for id, key, role in roles],
    )


def _remove_people(db: sqlite_utils.Database, id: int) -> None:
    """Who is in no other item is forgotten too."""
    ids = [row[0] for row in db.conn.execute("SELECT person_id FROM item_people WHERE item_id = ?", (id,))]
    db.conn.execute("DELETE FROM item_people WHERE item_id = ?", (id,))
    db.conn.executemany(
        "DELETE FROM people WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM item_people WHERE person_id = ?1)",
        [(person_id,) for person_id in set(ids)],
    )
