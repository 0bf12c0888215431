"""Limits of a search: the same is found whether what is within is listed first or looked for from the top."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from app.core.types import Scope
from app.store import bywords, filters, terms
from app.store.filters import Filter
from app.store.index import Index
from app.store.search import Searcher
from app.store.vectors import VectorIndex
from indexers.item import Item, Person, Unit

Make = Callable[..., Item]
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)  # when item 0 was written
MANY = 400
NAMES = ("Ana Lindström", "Björn Öz", "Chloé Ana", "Dora Ek")
WORDS = "harbour lighthouse invoice piano oyster ticket meeting garden winter letter".split()


@pytest.fixture
def full(index: Index, vectors: VectorIndex, source: int, make: Make) -> Searcher:
    """Mails, notes, events that take days, and what has no date; all with vectors."""
    chance = random.Random(7)
    items = []
    for n in range(MANY):
        kind, of = chance.choice(
            [("mail", "mail"), ("attachment", "mail"), ("note", "notes"), ("event", "calendar")]
        )
        until = START + timedelta(hours=n + chance.randint(0, 60)) if kind == "event" and n % 2 else None
        items.append(
            make(
                n,
                " ".join(chance.choices(WORDS, k=6)),
                kind=kind,
                source=of,
                person=Person(chance.choice(NAMES), f"p{n % 7}@sea.example", "from"),
                until=until,
                **({"when": None} if n % 29 == 0 else {}),
            )
        )
    index.put(source, Unit(path="/one", stamp="1"), items[: MANY // 2], [])
    index.put(source, Unit(path="/two", stamp="1"), items[MANY // 2 :], [])
    rows = np.random.default_rng(1).standard_normal((MANY, 32)).astype(np.float32)
    vectors.add([id for id, _ in vectors.pending(MANY)], rows, model="m")
    return Searcher(index.db, vectors)


def scopes(folder: str) -> list[Scope]:
    chance = random.Random(3)
    made = []
    for _ in range(60):
        after = START + timedelta(hours=chance.randint(-20, MANY)) if chance.random() < 0.5 else None
        before = START + timedelta(hours=chance.randint(0, MANY + 20)) if chance.random() < 0.5 else None
        made.append(
            Scope(
                after=after,
                before=before,
                kinds=tuple(chance.sample(("mail", "note", "event", "photo"), chance.choice((0, 0, 1, 2)))),
                sources=tuple(
                    chance.sample(("mail", "notes", folder, "/elsewhere"), chance.choice((0, 0, 1, 2)))
                ),
                people=tuple(
                    chance.sample(("ana", "BJORN", "p3@sea", "ek dora"), chance.choice((0, 0, 1, 2)))
                ),
            )
        )
    return made


def test_what_is_listed_is_what_passes_the_test(full: Searcher, index: Index) -> None:
    for scope in scopes(index.sources()[0].path):
        within = Filter.of(scope)
        test, values = within.test()
        sql = f"SELECT p.id FROM passages p JOIN items i ON i.id = p.item_id WHERE {test}"
        tested = [id for (id,) in index.db.tuples(sql, values)]
        few = within.few(index.db)
        assert (few is None) == (not within)
        if few is not None:
            assert sorted(few.tolist()) == sorted(tested)


def test_the_same_is_found_from_the_list_as_from_the_top(
    full: Searcher, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    vector = np.random.default_rng(2).standard_normal(32).astype(np.float32)

    def found() -> list[set[str]]:
        return [
            {hit.uri for hit in full.search("harbour piano letter", vector=vector, scope=scope, k=MANY)}
            for scope in scopes(index.sources()[0].path)
        ]

    listed = found()
    assert any(listed)
    monkeypatch.setattr(filters, "FEW", 0)
    assert found() == listed
    monkeypatch.setattr(filters, "FEW", MANY)
    monkeypatch.setattr(filters, "PASSAGES", 3)  # as if all of them were books
    assert Filter.of(Scope(sources=("mail",))).few(index.db) is None
    assert found() == listed
    monkeypatch.setattr(bywords, "WIDE", 8)  # not enough at the top: what is further down counts
    monkeypatch.setattr(bywords, "_PART", 3)
    assert [bool(one) for one in found()] == [bool(one) for one in listed]


def test_few_passages_are_ranked_by_common_words_too(full: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, "BUDGET", 5)
    scope = Scope(after=START + timedelta(hours=40), before=START + timedelta(hours=80))
    assert len(full.search("harbour lighthouse invoice", scope=scope, k=50)) > 20


@pytest.mark.parametrize(
    "scope",
    [
        Scope(after=START, before=START + timedelta(days=2)),
        Scope(after=START),
        Scope(before=START),
        Scope(kinds=("note",)),
        Scope(sources=("notes",)),
        Scope(sources=("/elsewhere",)),
        Scope(people=("ana",)),
        Scope(kinds=("note",), people=("ana",), after=START),
    ],
)
def test_no_list_goes_through_the_texts_of_all_items(full: Searcher, index: Index, scope: Scope) -> None:
    for one in Filter.of(scope).conditions:
        plan = [row[3] for row in index.db.tuples(f"EXPLAIN QUERY PLAN {one.items}", one.values)]
        assert not [step for step in plan if step == "SCAN i"], plan
