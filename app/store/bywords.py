"""The passages that have a question's words, best first by BM25, all of them or those within limits.

Where limits leave few passages, these are listed first, and full-text search ranks only what is among them
(it passes a passage in 0.04 µs and ranks it in one). Where they leave many, the best are looked at from the
top for what is within.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from app.store.db import Database
from app.store.filters import NO_LIMITS, Filter
from app.store.terms import Affordable, Terms

WIDE = 800  # of the best, among which is looked for what is within limits, before all of it is
_WIDER = 200  # in a large store one in so many, since limits that many items meet may leave a fiftieth of it
_PART = 200  # of the best, that are looked at together
_BEST = "ORDER BY fts.rank LIMIT ?"
_RANKED = f"SELECT fts.rowid, fts.rank FROM fts WHERE fts MATCH ? AND fts.rowid > ? {_BEST}"
_RANKED_ITEMS = """
    SELECT fts.rowid, fts.rank FROM fts CROSS JOIN passages p ON p.id = fts.rowid
    CROSS JOIN items i ON i.id = p.item_id WHERE fts MATCH ?
"""
_RANKED_OF = """
    SELECT rowid, rank FROM fts WHERE fts MATCH ? AND rowid BETWEEN ? AND ?
    AND +rowid IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True)
class Limits:
    """What a search is limited to; ``few`` are the ids of all that is within, where that is little."""

    filter: Filter = NO_LIMITS
    few: npt.NDArray[np.int64] | None = None


NONE = Limits()


class ByWords:
    """Ranks passages by words; any thread may call."""

    def __init__(self, db: Database, terms: Terms) -> None:
        self._db, self._terms = db, terms

    def limits(self, within: Filter) -> Limits:
        return Limits(within, within.few(self._db)) if within else NONE

    def best(self, asked: Affordable, pool: int, limits: Limits = NONE) -> dict[int, float]:
        """id → BM25 of ``pool`` passages within ``limits``, best first."""
        if limits.few is not None:
            found = self._of(asked.wide or asked.match, limits.few)
        elif limits.filter:
            found = self._looked_through(asked, pool, limits.filter)
        else:
            found = self._ranked(asked, pool)
        return dict(islice(found.items(), pool))

    def within(self, limits: Filter, ids: Sequence[int], enough: int = sys.maxsize) -> set[int]:
        """Those of ``ids`` that are within ``limits``; no more are looked at once ``enough`` are found."""
        test, values = limits.test()
        found: set[int] = set()
        for at in range(0, len(ids), _PART):
            some = ",".join(map(str, ids[at : at + _PART]))
            sql = (
                "SELECT p.id FROM passages p CROSS JOIN items i ON i.id = p.item_id "
                f"WHERE p.id IN ({some}) AND {test}"
            )
            found.update(int(id) for (id,) in self._db.tuples(sql, values))
            if len(found) >= enough:
                break
        return found

    def wide(self, pool: int) -> int:
        """How many are looked at for ``pool`` that are within limits."""
        return max(pool, WIDE, self._terms.passages() // _WIDER)

    def further_down(self, asked: Affordable, most: int, limits: Filter) -> dict[int, float]:
        """The best within ``limits``, however far down they are."""
        test, values = limits.test()
        sql = f"{_RANKED_ITEMS} AND {test} {_BEST}"
        return _best_first(
            row
            for match in (asked.match, asked.pairs)
            if match
            for row in self._db.tuples(sql, [match, *values, most])
        )

    def _looked_through(self, asked: Affordable, pool: int, limits: Filter) -> dict[int, float]:
        wide = self.wide(pool)
        found = self._ranked(asked, wide)
        within = self.within(limits, list(found), enough=pool)
        if (asked.floor or len(found) >= wide) and len(within) < pool // 4:
            return self.further_down(asked, pool, limits)
        return {id: found[id] for id in found if id in within}

    def _ranked(self, asked: Affordable, most: int) -> dict[int, float]:
        """What has a pair of words is ranked by both of them."""
        return _best_first(
            row
            for match, floor in ((asked.match, asked.floor), (asked.pairs, 0))
            if match
            for row in self._db.tuples(_RANKED, [match, floor, most])
        )

    def _of(self, match: str, ids: npt.NDArray[np.int64]) -> dict[int, float]:
        """Of ``ids`` those that match."""
        if not match or not len(ids):
            return {}
        these = msgspec.json.encode(ids.tolist()).decode()
        return _best_first(self._db.tuples(_RANKED_OF, [match, int(ids.min()), int(ids.max()), these]))


def _best_first(rows: Any) -> dict[int, float]:
    """From (id, rank): the lower the rank the better, and of two the better one counts."""
    best: dict[int, float] = {}
    for id, rank in rows:
        best[int(id)] = max(best.get(int(id), 0.0), -float(rank))
    return dict(sorted(best.items(), key=lambda row: -row[1]))
