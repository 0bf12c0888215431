"""Which words of a question are looked up: as many as can be ranked in time, the rarest first.

Ranking by BM25 takes a microsecond for each passage that has one of the words, so a single word that
every tenth passage has decides how long a search takes in a large store, and says least about what is
meant. What is left out is not lost: the passages that are found are ranked finely by all words, and those
that have two such words are looked up too where the words are not in almost everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from app.store.census import Census
from app.store.db import Database

BUDGET = 7_500  # passages that are ranked for one question: with 20,000 the same is found among the first ten
WALKED = 100_000  # passages with a word that are gone through for pairs of words, 0.3 µs each
_COMMON = 3  # words of which pairs are made
_ANY = " OR "
_KNOWN = 10_000  # counts that are remembered
_AGED = 50  # a count is made again when the store has grown or shrunk by one in so many


@dataclass(frozen=True)
class Affordable:
    """A full-text query, of passages after ``floor`` only; and one for ``pairs`` of words, of all.

    ``wide`` is for few passages: more words, whose passages can all be passed, but not all be ranked.
    """

    match: str
    floor: int = 0
    pairs: str = ""
    wide: str = ""


class Terms:
    """Counts how many passages a term matches, as far as it matters, and remembers it."""

    def __init__(self, db: Database) -> None:
        self._db, self._census = db, Census(db)
        self._counts: dict[str, tuple[int, int]] = {}  # term → count, passages there were then

    def passages(self) -> int:
        """About how many there are."""
        return self._census.passages()

    def holding(self, term: str, most: int) -> int:
        """How many passages a term matches; ``most``, or :data:`WALKED`, where there are more."""
        total = self._census.passages()
        if total <= BUDGET:  # counted sooner than it would be wrong
            return self._counted(term, most)
        return min(self._count(term, total), most)

    def affordable(self, match: str) -> Affordable:
        """``match`` as words.match_any makes it: terms of which any may be there.

        When even the rarest is too common, what was added last is looked through.
        """
        total = self._census.passages()
        terms = match.split(_ANY)
        if total <= BUDGET or not match:
            return Affordable(match)
        counts = {term: self._count(term, total) for term in terms}
        rarest = sorted(counts, key=lambda term: counts[term])
        taken, ranked = [rarest[0]], counts[rarest[0]]
        for term in rarest[1:]:
            ranked += counts[term]
            if ranked > BUDGET:
                break
            taken.append(term)
        pairs = self._pairs(rarest[len(taken) - 1 :], counts, total)
        wide = self.walkable(match) or rarest[0]
        if counts[rarest[0]] > BUDGET:
            return replace(self.newest(rarest[0]), pairs=pairs, wide=wide)
        return Affordable(_ANY.join(taken), pairs=pairs, wide=wide)

    def _pairs(self, rarest: Sequence[str], counts: Mapping[str, int], total: int) -> str:
        """Both of two of the first terms, as far as that can be ranked."""
        common: list[str] = []
        for term in rarest:
            if len(common) < _COMMON and not any(_alike(term, other) for other in common):
                common.append(term)
        pairs: list[str] = []
        walked = ranked = 0
        for one, other in combinations(common, 2):
            walked += counts[one] + counts[other]
            if walked > WALKED:  # to rank a pair, BM25 counts all that have one of it
                break
            both, most = f"({one} AND {other})", min(counts[one], counts[other])
            if ranked + most > BUDGET:  # counted only where it might be too much
                most = self._count(both, total)
            if ranked + most <= BUDGET:
                ranked += most
                pairs.append(both)
        return _ANY.join(pairs)

    def newest(self, match: str) -> Affordable:
        """Any query, of as many passages as can be ranked: of those that were added last."""
        if not match:
            return Affordable(match)
        last = "SELECT rowid FROM fts WHERE fts MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ?"
        return Affordable(match, int(self._db.value(last, [match, BUDGET]) or 0))

    def walkable(self, match: str) -> str:
        """The rarest terms of ``match``, as many as can be gone through: to narrow another query down."""
        total = self._census.passages()
        counts = {term: self._count(term, total) for term in match.split(_ANY) if match}
        taken: list[str] = []
        walked = 0
        for term in sorted(counts, key=lambda term: counts[term]):
            walked += counts[term]
            if walked <= WALKED:
                taken.append(term)
        return _ANY.join(taken)

    def _count(self, term: str, total: int) -> int:
        known = self._counts.get(term)
        if known is not None and abs(total - known[1]) <= total // _AGED:
            return known[0]
        count = self._counted(term, WALKED + 1)  # more is too many, however many
        if len(self._counts) >= _KNOWN:
            self._counts.clear()
        self._counts[term] = (count, total)
        return count

    def _counted(self, term: str, most: int) -> int:
        some = "SELECT count(*) FROM (SELECT 1 FROM fts WHERE fts MATCH ? LIMIT ?)"
        return int(self._db.value(some, [term, most]))


def _alike(one: str, other: str) -> bool:
    """Whether one is a beginning of the other, so that both together say no more."""
    return any(
        begun.endswith("*") and whole.strip('"*').startswith(begun.strip('"*'))
        for begun, whole in ((one, other), (other, one))
    )
