"""How telling a word is in this person's store: its inverse document frequency over passages."""

from __future__ import annotations

import math
from collections.abc import Iterable

from app.store.db import Database


class Rarity:
    """Reads how many passages hold a word."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, words: Iterable[str]) -> dict[str, float]:
        """word → log(1 + N / (1 + n)) for N passages of which n hold it (as full-text search sees it)."""
        total = int(self._db.value("SELECT count(*) FROM passages"))
        return {word: math.log(1 + total / (1 + self._holding(word))) for word in words}

    def _holding(self, word: str) -> int:
        return int(self._db.value("SELECT count(*) FROM fts WHERE fts MATCH ?", [f'"{word}"']))
