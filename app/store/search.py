"""Search: words (BM25) and meaning (vectors), each ranked, fused, made diverse, with snippets.

Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009) needs no tuning between two scores that
have nothing in common: a passage earns 1 / (10 + rank) in each list. On XQuAD, memory talks, notes
and known mails 10 finds a little more than the paper's 60; weights for titles and people, and a
bonus for either, found less, so there are none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from app.core.types import Hit, Scope
from app.store.db import Database
from app.store.filters import Filter
from app.store.passages import fold
from app.store.snippets import snippet
from app.store.vectors import VectorIndex
from app.store.words import content_words, match_any, match_prefix

RRF_K = 10
POOL = 200  # passages taken from each list
SHORTLIST = 100  # of both together, that are read and ranked finely
PER_ITEM = 2  # passages of one item among the first
_PASSAGES = """
    SELECT p.id, p.item_id, p.start, p."end", substr(i.text, p.start + 1, p."end" - p.start) AS passage,
           i.uri, i.source, i.kind, i.title, i.iso, i.at, i.people, i.path, i.place
    FROM passages p JOIN items i ON i.id = p.item_id
"""
_SAME = 0.85  # share of common words from which two passages count as copies


@dataclass
class _Found:
    """A passage on its way through the ranking."""

    row: dict[str, Any]
    score: float
    similarity: float


class Searcher:
    """Finds passages; needs no vectors to work, and is better with them."""

    def __init__(self, db: Database, vectors: VectorIndex) -> None:
        self._db, self._vectors = db, vectors

    def search(
        self, query: str, *, vector: npt.NDArray[Any] | None = None, scope: Scope | None = None, k: int = 10
    ) -> tuple[Hit, ...]:
        """The ``k`` best passages within ``scope``. Any text is a valid query; none finds nothing."""
        words = content_words(query)
        limits = Filter.of(scope or Scope())
        by_word = self._by_word(match_any(words), limits)
        by_meaning = self._by_meaning(vector, limits)
        ranks: dict[int, float] = {}
        for ids in (by_word, list(by_meaning)):
            for rank, id in enumerate(ids, 1):
                ranks[id] = ranks.get(id, 0.0) + 1 / (RRF_K + rank)
        found = self._rows(ranks, by_meaning, vector)
        found.sort(key=lambda f: (-f.score, -(f.row["at"] or 0), f.row["id"]))
        return tuple(_hit(n, one, words) for n, one in enumerate(_diverse(found, k), 1))

    def as_you_type(self, prefix: str, k: int = 8) -> tuple[Hit, ...]:
        """What was added last and has every word, the last of them only begun."""
        match = match_prefix(prefix)
        if not match:
            return ()
        rows = self._db.rows(
            "SELECT rowid AS id FROM fts WHERE fts MATCH ? ORDER BY rowid DESC LIMIT 100", [match]
        )
        found = self._rows({row["id"]: 0.0 for row in rows}, {}, None)
        found.sort(key=lambda f: -(f.row["at"] or 0))
        words = content_words(prefix)
        once = list({f.row["item_id"]: f for f in reversed(found)}.values())[::-1]
        return tuple(_hit(n, one, words) for n, one in enumerate(once[:k], 1))

    def _by_word(self, match: str, limits: Filter) -> list[int]:
        if not match:
            return []
        if not limits:
            sql, values = "SELECT rowid AS id FROM fts WHERE fts MATCH ? ORDER BY rank LIMIT ?", [match, POOL]
        else:
            where, values = limits.sql()
            sql = (
                "SELECT fts.rowid AS id FROM fts JOIN passages p ON p.id = fts.rowid "
                f"JOIN items i ON i.id = p.item_id WHERE fts MATCH ? AND {where} ORDER BY fts.rank LIMIT ?"
            )
            values = [match, *values, POOL]
        return [row["id"] for row in self._db.rows(sql, values)]

    def _by_meaning(self, vector: npt.NDArray[Any] | None, limits: Filter) -> dict[int, float]:
        if vector is None:
            return {}
        allowed = None
        if limits:
            where, values = limits.sql()
            rows = self._db.rows(
                f"SELECT p.id FROM passages p JOIN items i ON i.id = p.item_id WHERE {where}", values
            )
            allowed = np.array([row["id"] for row in rows], np.int64)
        return dict(self._vectors.search(vector, POOL, allowed))

    def _rows(
        self, ranks: dict[int, float], cosines: dict[int, float], vector: npt.NDArray[Any] | None
    ) -> list[_Found]:
        ids = sorted(ranks, key=lambda id: -ranks[id])[:SHORTLIST]
        if vector is not None:
            unknown = [id for id in ids if id not in cosines]
            cosines = {**cosines, **self._vectors.similarities(vector, unknown)} if unknown else cosines
        rows = self._db.rows(
            f"{_PASSAGES} WHERE p.id IN ({','.join('?' * len(ids))})",
            ids,
        )
        return [_Found(row, ranks[row["id"]], cosines.get(row["id"], 0.0)) for row in rows]


def _diverse(found: list[_Found], k: int) -> list[_Found]:
    """Best first, at most two passages an item, copies (quoted replies, reposts) only once."""
    taken: list[_Found] = []
    shapes: list[frozenset[str]] = []
    per_item: dict[int, int] = {}
    for one in found:
        if len(taken) == k:
            break
        item, shape = one.row["item_id"], _tokens(one.row["passage"])
        if per_item.get(item, 0) >= PER_ITEM or any(_copies(shape, other) for other in shapes):
            continue
        per_item[item] = per_item.get(item, 0) + 1
        taken.append(one)
        shapes.append(shape)
    return taken


def _copies(one: frozenset[str], other: frozenset[str]) -> bool:
    if len(one) < 8 or len(other) < 8:  # too short to tell a copy from a resemblance
        return False
    return len(one & other) >= _SAME * len(one | other)


def _tokens(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", fold(text)))


def _hit(rank: int, found: _Found, words: Sequence[str]) -> Hit:
    row = found.row
    return Hit(
        rank=rank,
        uri=row["uri"],
        source=row["source"],
        kind=row["kind"],
        title=row["title"],
        when=datetime.fromisoformat(row["iso"]) if row["iso"] else None,
        people=tuple(row["people"].split("; ")) if row["people"] else (),
        snippet=snippet(row["passage"], words),
        score=round(found.score, 6),
        text=row["passage"],
        start=row["start"],
        end=row["end"],
        path=row["path"],
        place=row["place"],
        similarity=round(found.similarity, 4),
    )
