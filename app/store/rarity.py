"""How telling a word is in this person's store: its inverse document frequency over passages."""

from __future__ import annotations

import math
from collections.abc import Iterable

from app.store.db import Database
from app.store.terms import Terms

COMMON = 5_000  # passages with a word, or a fiftieth of all, up to which they are counted


class Rarity:
    """Reads how many passages hold a word."""

    def __init__(self, db: Database, terms: Terms | None = None) -> None:
        self._terms = terms or Terms(db)  # whoever has counted words already shares what is known of them

    def of(self, words: Iterable[str]) -> dict[str, float]:
        """word → log(1 + N / (1 + n)) for N passages of which n hold it (as full-text search sees it).

        A word that more than a fiftieth of a large store holds weighs as if no more did.
        """
        total = self._terms.passages()
        most = max(COMMON, total // 50)
        return {word: math.log(1 + total / (1 + self._terms.holding(f'"{word}"', most))) for word in words}
