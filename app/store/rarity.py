"""How telling a word is in this person's store: its inverse document frequency over passages."""

from __future__ import annotations

import math
from collections.abc import Iterable

from app.store.census import Census
from app.store.db import Database

COMMON = 5_000  # passages with a word, or a fiftieth of all, up to which they are counted


class Rarity:
    """Reads how many passages hold a word."""

    def __init__(self, db: Database) -> None:
        self._db, self._census = db, Census(db)

    def of(self, words: Iterable[str]) -> dict[str, float]:
        """word → log(1 + N / (1 + n)) for N passages of which n hold it (as full-text search sees it).

        A word that more than a fiftieth of a large store holds weighs as if no more did.
        """
        total = self._census.passages()
        most = max(COMMON, total // 50)
        return {word: math.log(1 + total / (1 + self._holding(word, most))) for word in words}

    def _holding(self, word: str, most: int) -> int:
        sql = "SELECT count(*) FROM (SELECT 1 FROM fts WHERE fts MATCH ? LIMIT ?)"
        return int(self._db.value(sql, [f'"{word}"', most]))
