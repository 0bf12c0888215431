"""Passages for what is being typed: newest first, every word in them, the last of them only begun.

A beginning of a few letters stands for thousands of words, all of whose lists full-text search would
have to merge; but then it is in almost every passage, so one looks at the newest ones themselves. The
fewer have it, the shorter the lists. A Chinese or Japanese sign stands for few, and none begins a word.
"""

from __future__ import annotations

import re
from typing import Any

from app.store.db import Database
from app.store.passages import fold
from app.store.words import MARKS, goes_on, match_all, match_prefix, spaced, words

FOUND = 100  # passages at most
_LOOKED_AT = 600  # passages whose text is read
_PAGE = 150
_SHORT = 3  # letters up to which a beginning stands for too many words
_NEWEST = """
    SELECT w.id, w.title, w.people, w.about, w.text FROM passage_words w WHERE w.id < ?
    ORDER BY w.id DESC LIMIT ?
"""
_HAVING = """
    SELECT w.id, w.title, w.people, w.about, w.text FROM fts f JOIN passage_words w ON w.id = f.rowid
    WHERE f.fts MATCH ? AND f.rowid < ? ORDER BY f.rowid DESC LIMIT ?
"""


def typed(db: Database, prefix: str, enough: int) -> list[int]:
    """Ids of up to FOUND passages, at least ``enough`` of them where there are so many."""
    these = words(prefix)
    if these and goes_on(prefix) and len(these[-1]) <= _SHORT and spaced(these[-1]):
        found, all_seen = _looked_through(db, these, enough)
        if all_seen or len(found) >= enough:
            return found
    sql = "SELECT rowid FROM fts WHERE fts MATCH ? ORDER BY rowid DESC LIMIT ?"
    match = match_prefix(prefix)
    return [row[0] for row in db.tuples(sql, [match, FOUND])] if match else []


def _looked_through(db: Database, these: list[str], enough: int) -> tuple[list[int], bool]:
    """Ids among the newest that have the other words, and whether these were all there are."""
    begins = re.compile(rf"(?<![^\W_])(?<![{MARKS}]){re.escape(fold(these[-1]))}")
    others = [match_all(these[:-1])] if these[:-1] else []
    found: list[int] = []
    before, seen = 2**62, 0
    while seen < _LOOKED_AT and len(found) < enough:
        rows: list[tuple[Any, ...]] = db.tuples(_HAVING if others else _NEWEST, [*others, before, _PAGE])
        found += [row[0] for row in rows if begins.search(fold(" ".join(row[1:])))]
        if len(rows) < _PAGE:
            return found, True
        before, seen = rows[-1][0], seen + _PAGE
    return found, False
