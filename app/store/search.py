"""Search: words (BM25) and meaning (vectors), fused and refined, made diverse, with snippets.

The lists are fused by :mod:`app.store.fusion`. Wishes are what the question says beside its subject
(a time, a person, a kind of thing, a folder): a passage that fulfils one gains by it, and what fulfils
all of them and has one of the words is looked at too, however far down its list; nothing is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from app.core.types import Hit, Scope
from app.store.alike import alike, more
from app.store.bywords import ByWords, Limits
from app.store.db import Database
from app.store.filters import Filter, both
from app.store.fusion import Found, fuse, rough
from app.store.gallery import PictureVectors
from app.store.passages import fold
from app.store.people import People
from app.store.rarity import Rarity
from app.store.snippets import snippet
from app.store.terms import Affordable, Terms
from app.store.typeahead import typed
from app.store.vectors import VectorIndex, Within
from app.store.wishes import Wish
from app.store.words import Tongue, content_words, match_any, tongue

POOL = 200  # passages taken by words
NEAR = 120  # by meaning: reading a vector costs as much as ranking thirty passages by words
EMBEDDED = 50  # of the best by words, where they have no vectors yet
SHORTLIST = 50  # of both together, that are read and ranked finely: a hundred find next to nothing more
DEEP = 1_000  # of the list by words, in which what is wished for is looked for
WISHED = 50  # of what fulfils all wishes, that are looked at too
WISH = 0.2  # what a passage gains by being within one
SHOWN = 0.6  # what a picture gains that shows best what is asked for, beside at most 1 for its words
PICTURES = ("photo", "video")
PAGED = ("document", "attachment")
AGAIN = 0.95  # what a passage is worth after another of its item: a cap would cost answers in long texts
_PASSAGES = """
    SELECT p.id, p.item_id, p.start, p."end", substr(i.text, p.start + 1, p."end" - p.start) AS passage,
           i.uri, i.source, i.kind, i.title, i.iso, i.at, i.until, i.people, i.about, i.path, i.place,
           i.look, CASE i.kind WHEN 'photo' THEN i.written ELSE '' END AS written,
           i.meta ->> '$.content' AS content, i.meta ->> '$.bulk' AS bulk,
           i.meta ->> '$.category' AS category
    FROM passages p JOIN items i ON i.id = p.item_id
"""
_PAGE = """
    SELECT CASE WHEN instr(text, char(12)) THEN 1 + length(before) - length(replace(before, char(12), ''))
           ELSE 0 END FROM (SELECT text, substr(text, 1, ?) AS before FROM items WHERE id = ?)
"""
_WITHIN = """
    SELECT coalesce(max(m.title), '') FROM items i JOIN items m ON m.uri = i.links ->> '$[0]' WHERE i.id = ?
"""
_OCCASION = """
    SELECT i.iso, i.until_iso FROM (SELECT rowid FROM fts WHERE fts MATCH ? ORDER BY rowid DESC LIMIT 1000) f
    JOIN passages p ON p.id = f.rowid JOIN items i ON i.id = p.item_id
    WHERE i.kind = 'event' AND i.iso <> '' ORDER BY i.at DESC LIMIT 1
"""
_SAME = 0.85  # share of common words from which two passages count as copies


@dataclass(frozen=True)
class Begun:
    """A search by words alone, which need not wait for the question's vector."""

    query: str
    words: tuple[str, ...]
    limits: Limits
    wishes: tuple[Wish, ...]
    best: dict[int, float]  # id → BM25, best first


class Searcher:
    """Finds passages; needs no vectors to work, and is better with them."""

    def __init__(self, db: Database, vectors: VectorIndex) -> None:
        self._db, self._vectors = db, vectors
        self._terms = Terms(db)
        self._rarity = Rarity(db, self._terms)
        self.pictures = PictureVectors(db)
        self._words = ByWords(db, self._terms)

    def search(
        self,
        query: str,
        *,
        vector: npt.NDArray[Any] | None = None,
        scope: Scope | None = None,
        wishes: Sequence[Wish] = (),
        k: int = 10,
        refined: bool = True,
        model: str = "",
    ) -> tuple[Hit, ...]:
        """The ``k`` best passages within ``scope``. Any text is a valid query; none finds nothing.

        ``model`` is the one that made ``vector`` (the newest unless said). ``wishes`` limit nothing, but
        raise what is within them. Without ``refined`` the two lists are fused and that is all: what the
        rest brings is measured against it.
        """
        begun = self.begin(query, scope=scope, wishes=wishes)
        return self.finish(begun, vector=vector, k=k, refined=refined, model=model)

    def begin(self, query: str, *, scope: Scope | None = None, wishes: Sequence[Wish] = ()) -> Begun:
        """The first half of a search, to be finished with or without a vector."""
        words, limits = content_words(query), self._words.limits(Filter.of(scope or Scope()))
        best = self._words.best(self._match(words, tongue(query)), DEEP if wishes else POOL, limits)
        return Begun(query, tuple(words), limits, tuple(wishes), best)

    def finish(
        self,
        begun: Begun,
        *,
        vector: npt.NDArray[Any] | None = None,
        k: int = 10,
        refined: bool = True,
        model: str = "",
        known: Mapping[int, float] | None = None,
        shown: Mapping[int, float] | None = None,
    ) -> tuple[Hit, ...]:
        """The rest of it; ``known`` are cosines of passages whose vectors are not in the store yet.

        ``shown`` are first passages of pictures that show what is asked for, 1 the one that does most.
        """
        shown = self._allowed(shown or {}, begun.limits)
        found = self.candidates(begun, vector=vector, model=model, known=known or {}, shown=shown, most=k)
        fuse(found, begun.query, self.rarity(begun), refined=refined)
        for one in found:
            one.score += SHOWN * shown.get(one.row["id"], 0.0)
            one.score *= 1 + WISH * sum(wish.share(one.row) for wish in begun.wishes)
        found.sort(key=_order)
        taken = _diverse(found, k)
        return tuple(
            _hit(n, one, begun.words, alike=self._alike(one), page=self._page(one), within=self._within(one))
            for n, one in enumerate(taken, 1)
        )

    def candidates(
        self,
        begun: Begun,
        *,
        vector: npt.NDArray[Any] | None = None,
        model: str = "",
        known: Mapping[int, float],
        shown: Collection[int] = (),
        most: int = 0,
    ) -> list[Found]:
        """What is ranked finely, without scores yet; ``known`` and ``shown`` as in :meth:`finish`.

        ``most`` are wanted in the end: no fewer are looked at, as far as there are any.
        """
        bm25 = dict(islice(begun.best.items(), POOL))
        cosines = {**self._by_meaning(vector, begun.limits, model), **known}
        ranks = rough(bm25, cosines, tongue(begun.query))
        chosen = sorted(ranks, key=lambda id: -ranks[id])[: max(SHORTLIST, most)]
        if begun.wishes:
            for id, score in self._wished(begun.query, begun.best, begun.limits, begun.wishes).items():
                bm25.setdefault(id, score)
                chosen += [id] if id not in chosen else []
        chosen += [id for id in shown if id not in chosen]
        if vector is not None and (unknown := [id for id in chosen if id not in cosines]):
            cosines |= self._vectors.similarities(vector, unknown, model=model)
        return self._found(chosen, bm25, cosines)

    def rarity(self, begun: Begun) -> dict[str, float]:
        """Of the question's words."""
        return self._rarity.of(begun.words)

    def _allowed(self, shown: Mapping[int, float], limits: Limits) -> Mapping[int, float]:
        if not shown or not limits.filter:
            return shown
        within = self._words.within(limits.filter, list(shown))
        return {id: share for id, share in shown.items() if id in within}

    def _alike(self, one: Found) -> int:
        return more(self._db, one.row, one.folded) if one.row["kind"] in PICTURES else 0

    def _page(self, one: Found) -> int:
        """Pages begin with form feeds; a text without any has none."""
        if one.row["kind"] not in PAGED:
            return 0
        begins = one.row["start"] + len(one.row["passage"]) - len(one.row["passage"].lstrip())
        return int(self._db.value(_PAGE, [begins, one.row["item_id"]]))

    def _within(self, one: Found) -> str:
        return str(self._db.value(_WITHIN, [one.row["item_id"]])) if one.row["kind"] == "attachment" else ""

    def lacking(self, begun: Begun) -> list[tuple[int, str]]:
        """(id, text to embed) of the best passages by words, best first, that have no vector yet.

        None where most of the store has vectors: then those decide what else is worth a look.
        """
        if not self._vectors.sparse():
            return []
        return self._vectors.lacking(list(islice(begun.best, EMBEDDED)))

    def as_you_type(self, prefix: str, k: int = 8) -> tuple[Hit, ...]:
        """What was added last and has every word, the last of them only begun."""
        found = self._found(typed(self._db, prefix, enough=3 * k), {}, {})
        found.sort(key=lambda f: -(f.row["at"] or 0))
        words = content_words(prefix)
        once = list({f.row["item_id"]: f for f in reversed(found)}.values())[::-1]
        return tuple(_hit(n, one, words) for n, one in enumerate(once[:k], 1))

    def someone(self, words: tuple[str, ...]) -> bool:
        """Whether a person has all these words in name or address."""
        match = " AND ".join(f'people : "{word}"' for word in words)
        return bool(self._db.tuples("SELECT 1 FROM fts WHERE fts MATCH ? LIMIT 1", [match]))

    def addresses(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """From where whoever has these words in the name writes under another one."""
        return People(self._db).elsewhere(words)

    def occasion(self, words: tuple[str, ...]) -> tuple[datetime, datetime] | None:
        """When the event was whose title has all these words, the last of them if there are several."""
        match = " AND ".join(f'title : "{word}"' for word in words)
        rows = self._db.rows(_OCCASION, [match])
        if not rows:
            return None
        begins = datetime.fromisoformat(rows[0]["iso"])
        return begins, datetime.fromisoformat(rows[0]["until_iso"]) if rows[0]["until_iso"] else begins

    def _match(self, words: Sequence[str], spoken: Tongue) -> Affordable:
        """The full-text query of a question's words."""
        return self._terms.affordable(match_any(words, inflected=spoken is not Tongue.ENGLISH))

    def _by_meaning(
        self, vector: npt.NDArray[Any] | None, limits: Limits, model: str = ""
    ) -> dict[int, float]:
        if vector is None:
            return {}
        allowed = limits.few
        if allowed is None and limits.filter:
            within = Within(partial(self._words.within, limits.filter, enough=NEAR), self._words.wide(POOL))
            near = self._vectors.search(vector, NEAR, model=model, within=within)
            if len(near) >= NEAR // 4:  # fewer: what is wanted is further down, or not in the sketch yet
                return dict(near)
            test, values = limits.filter.test()
            sql = f"SELECT p.id FROM passages p CROSS JOIN items i ON i.id = p.item_id WHERE {test}"
            allowed = np.array([id for (id,) in self._db.tuples(sql, values)], np.int64)
        return dict(self._vectors.search(vector, NEAR, allowed, model=model))

    def _wished(
        self, query: str, deep: Mapping[int, float], limits: Limits, wishes: Sequence[Wish]
    ) -> dict[int, float]:
        """The best by words that fulfil all wishes; a person's name is looked for in people alone."""
        asked = self._of_people(query, wishes)
        wished = both([limits.filter, *(wish.limits() for wish in wishes)])
        if asked.match:
            further = self._words.best(asked, DEEP, limits)
        elif any(wish.limits() for wish in wishes):
            further = dict(islice(deep.items(), POOL, None))
        else:
            return {}
        within = self._words.within(wished, list(further))
        if asked.match and len(further) == DEEP and len(within) < WISHED // 4:
            return self._words.further_down(asked, WISHED, wished)
        return dict(islice(((id, score) for id, score in further.items() if id in within), WISHED))

    def _of_people(self, query: str, wishes: Sequence[Wish]) -> Affordable:
        """The query for what has the people who are wished for, if any, and one of the other words."""
        people = self._terms.walkable(" AND ".join(wish.match() for wish in wishes if wish.person))
        if not people:  # or who is in so much of it that this tells nothing
            return Affordable("")
        names = {name for wish in wishes for name in wish.person}
        others = [word for word in content_words(query) if fold(word) not in names]
        rest = self._terms.walkable(match_any(others, inflected=tongue(query) is not Tongue.ENGLISH))
        return self._terms.newest(f"({people}) AND ({rest})" if rest else people)

    def _found(
        self,
        ids: Sequence[int],
        bm25: Mapping[int, float],
        cosines: Mapping[int, float],
    ) -> list[Found]:
        rows = self._db.rows(f"{_PASSAGES} WHERE p.id IN ({','.join('?' * len(ids))})", ids)
        return [Found(row, bm25.get(row["id"], 0.0), cosines.get(row["id"], 0.0)) for row in rows]


def _diverse(found: list[Found], k: int) -> list[Found]:
    """Best first, each further passage of an item for less, copies (quoted replies, bursts) only once."""
    per_item: dict[int, int] = {}
    for one in found:
        before = per_item.get(one.row["item_id"], 0)
        per_item[one.row["item_id"]] = before + 1
        one.score *= AGAIN**before
    taken: list[Found] = []
    shapes: list[frozenset[str]] = []
    for one in sorted(found, key=_order):
        if len(taken) == k:
            break
        if one.row["kind"] in PICTURES:  # their sentences are much the same, whatever they show
            if first := next((other for other in taken if alike(one.row, other.row)), None):
                first.folded.add(one.row["item_id"])
            else:
                taken.append(one)
            continue
        shape = _tokens(one.row["passage"])
        if not any(_copies(shape, other) for other in shapes):
            taken.append(one)
            shapes.append(shape)
    return taken


def _order(one: Found) -> tuple[float, float, int]:
    """The best first, of equals the newest."""
    return -one.score, -(one.row["at"] or 0), one.row["id"]


def _copies(one: frozenset[str], other: frozenset[str]) -> bool:
    if len(one) < 8 or len(other) < 8:  # too short to tell a copy from a resemblance
        return False
    return len(one & other) >= _SAME * len(one | other)


def _tokens(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", fold(text)))


def _hit(
    rank: int, found: Found, words: Sequence[str], *, alike: int = 0, page: int = 0, within: str = ""
) -> Hit:
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
        similarity=round(found.cosine, 4),
        alike=alike,
        page=page,
        within=within,
    )
