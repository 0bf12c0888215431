"""What a large store is spared: too common words, and lists of words that begin alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import UsageFault
from app.core.types import Scope
from app.store import bench, terms, typeahead, upkeep
from app.store.bywords import NONE
from app.store.census import Census
from app.store.db import open_index
from app.store.index import Index
from app.store.rarity import Rarity
from app.store.search import Searcher
from app.store.synthetic import BLOCK, DIM, World
from app.store.terms import Affordable, Terms
from app.store.typeahead import typed
from app.store.vectors import VectorIndex
from app.store.wishes import Wish
from app.store.words import match_any
from indexers.item import Item, Person, Unit

Make = Callable[..., Item]
BEN = Person("Ben Ek", "ben@example.org", "from")
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)  # when item 0 was written


@pytest.fixture
def mails(index: Index, source: int, make: Make) -> Index:
    """300 of them: all have common, every third has third, every thirtieth has rare."""
    texts = [
        f"common {'third' * (n % 3 == 0)} {'rare' * (n % 30 == 0)} number{n} Bjørn Çelik" for n in range(300)
    ]
    index.put(source, Unit(path="/box", stamp="1"), [make(n, t) for n, t in enumerate(texts)], [])
    return index


def test_the_rarest_words_are_looked_up_as_far_as_they_can_be_ranked(
    mails: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("common", "rare", "third", "nothing")
    counts = Terms(mails.db)
    assert counts.affordable(match_any(words)) == Affordable(
        match_any(words)
    )  # a small store has time for all
    monkeypatch.setattr(terms, "BUDGET", 120)
    assert counts.affordable(match_any(words)) == Affordable(
        '"nothing" OR "rare" OR "third"',
        pairs='("third" AND "common")',
        wide='"nothing" OR "rare" OR "third" OR "common"',
    )
    monkeypatch.setattr(terms, "BUDGET", 50)
    assert counts.affordable(match_any(words)).match == '"nothing" OR "rare"'
    assert counts.affordable(match_any(("common",))) == Affordable('"common"', 250, wide='"common"')
    assert counts.affordable("") == Affordable("")


def test_a_search_for_a_common_word_alone_finds_what_was_added_last(
    mails: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "BUDGET", 10)
    with closing(VectorIndex(mails.db)) as vectors:
        hits = Searcher(mails.db, vectors).search("common", k=5)
        assert {hit.uri for hit in hits} <= {f"mid:{n}@example.org" for n in range(290, 300)}
        assert hits[0].uri
        rare = Searcher(mails.db, vectors).search("common rare", k=10)
        assert {hit.uri for hit in rare} == {f"mid:{n}@example.org" for n in range(0, 300, 30)}


@pytest.mark.parametrize("budget", [50, 140])  # too little for each of the two, and only for both
def test_what_has_two_common_words_is_found_before_what_has_one(
    index: Index, source: int, make: Make, monkeypatch: pytest.MonkeyPatch, budget: int
) -> None:
    texts = ["harbour" if n % 2 else "lighthouse lighthouse" for n in range(250)]
    texts[6] = "Once there was a long tale of how one sails into the harbour by the lighthouse " * 2
    index.put(source, Unit(path="/box", stamp="1"), [make(n, t) for n, t in enumerate(texts)], [])
    monkeypatch.setattr(terms, "BUDGET", budget)
    with closing(VectorIndex(index.db)) as vectors:
        searcher = Searcher(index.db, vectors)
        for question in ("harbour lighthouse", "harbour lighthouse nowhere", "le harbour lighthouse"):
            assert searcher.search(question)[0].uri == "mid:6@example.org"
        later = Scope(after=START + timedelta(hours=6), before=START + timedelta(hours=60))
        assert searcher.search("harbour lighthouse", scope=later)[0].uri == "mid:6@example.org"


def test_pairs_are_made_of_words_that_can_be_gone_through(
    mails: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "BUDGET", 50)
    assert not Terms(mails.db).affordable('"third" OR "number"*').pairs  # 100 have both
    monkeypatch.setattr(terms, "BUDGET", 99)
    assert Terms(mails.db).affordable('"rare" OR "third" OR "thi"*').pairs == '("rare" AND "third")'
    monkeypatch.setattr(terms, "WALKED", 99)
    assert not Terms(mails.db).affordable('"rare" OR "third"').pairs


def test_what_two_words_have_in_common_is_counted_only_where_it_might_be_too_much(
    mails: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "BUDGET", 99)
    counts = Terms(mails.db)
    assert counts.affordable('"rare" OR "third"').pairs == '("rare" AND "third")'  # 10 at most
    assert '("rare" AND "third")' not in counts._counts
    assert not counts.affordable('"third" OR "common"').pairs  # 100 have the rarer one, and both
    assert counts._counts['("third" AND "common")'][0] == 100


def test_what_is_known_of_words_serves_their_rarity_too(
    mails: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("rare", "third", "common", "nothing")
    apart = Rarity(mails.db).of(words)
    monkeypatch.setattr(terms, "BUDGET", 50)
    counts = Terms(mails.db)
    counts.affordable(match_any(words))
    monkeypatch.setattr(counts, "_counted", None)  # nothing is counted twice
    assert Rarity(mails.db, counts).of(words) == apart
    monkeypatch.undo()
    assert counts.holding('"common"', 40) == 40


def test_of_a_person_as_much_is_ranked_as_there_is_time_for(
    mails: Index, source: int, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails.put(source, Unit(path="/ben", stamp="1"), [make(900, "common words", person=BEN)], [])
    monkeypatch.setattr(terms, "BUDGET", 50)
    with closing(VectorIndex(mails.db)) as vectors:
        searcher = Searcher(mails.db, vectors)
        deep = {1: 3.0, 2: 2.0}

        def wished(name: str, question: str) -> dict[int, float]:
            return searcher._wished(question, deep, NONE, [Wish(person=(name,))])

        assert list(wished("ben", "what did Ben write of common things")) == [301]
        assert sorted(wished("ana", "what did Ana write of common things")) == list(range(251, 301))
        assert list(wished("ana", "what did Ana write of number7")) == [8]
        monkeypatch.setattr(terms, "WALKED", 100)
        assert Terms(mails.db).walkable('people : "ana"') == ""
        assert Searcher(mails.db, vectors)._wished("Ana", deep, NONE, [Wish(person=("ana",))]) == {}


def test_a_count_is_made_again_when_the_store_has_grown(
    mails: Index, source: int, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "BUDGET", 150)
    counts = Terms(mails.db)
    assert counts.affordable('"rare" OR "third"').match == '"rare" OR "third"'
    mails.put(source, Unit(path="/more", stamp="1"), [make(1_000 + n, "rare") for n in range(100)], [])
    assert counts.affordable('"rare" OR "third"').match == '"third"'


def test_a_source_that_went_leaves_no_gap_below_which_nothing_is_found(
    mails: Index, source: int, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails.put(source, Unit(path="/large", stamp="1"), [make(1_000 + n, "gone") for n in range(900)], [])
    mails.drop_units(source, ["/large"])
    mails.put(source, Unit(path="/new", stamp="1"), [make(2_000, "small")], [])
    monkeypatch.setattr(terms, "BUDGET", 50)
    assert Terms(mails.db).affordable('"common"') == Affordable('"common"', 250, wide='"common"')
    assert Census(mails.db).passages() == 301
    with closing(VectorIndex(mails.db)) as vectors:
        searcher = Searcher(mails.db, vectors)
        assert searcher.search("common")
        assert searcher.search("common", scope=Scope(before=START + timedelta(hours=9)))
        ids = [id for id, _ in vectors.pending(100)]
        vectors.add(ids, np.eye(100, 64, dtype=np.float32), model="m")
        assert vectors.sparse()  # 201 of 301 wait, though of 1,201 that ever were
    assert Rarity(mails.db).of(["rare"])["rare"] == pytest.approx(math.log(1 + 301 / 11))


def test_until_there_are_vectors_the_best_by_words_can_be_embedded_on_demand(mails: Index) -> None:
    with closing(VectorIndex(mails.db)) as vectors:
        searcher = Searcher(mails.db, vectors)
        begun = searcher.begin("third rare")
        lacking = searcher.lacking(begun)
        assert len(lacking) == 50
        assert all("rare" in text for _, text in lacking[:10])
        chosen, text = lacking[9]
        near = np.eye(1, 64, dtype=np.float32)[0]
        known = {id: 0.9 if id == chosen else 0.1 for id, _ in lacking}
        first = searcher.finish(begun, vector=near, known=known, k=1)[0]
        assert (first.similarity, first.text) == (0.9, text.split("\n")[1])
    with closing(VectorIndex(mails.db)) as vectors:
        ids = [id for id, _ in vectors.pending(200)]
        vectors.add(ids, np.eye(200, 64, dtype=np.float32), model="m")
        searcher = Searcher(mails.db, vectors)
        assert searcher.lacking(searcher.begin("third rare")) == []
        assert len(vectors.lacking(range(1, 301))) == 100


@pytest.mark.parametrize("looked_at", [600, 8])
@pytest.mark.parametrize(
    "prefix", ["c", "co", "ra", "thi", "third ra", "bj", "CEL", "number7", "number29", "common "]
)
def test_what_is_typed_is_found_by_looking_as_by_the_index(
    mails: Index, monkeypatch: pytest.MonkeyPatch, prefix: str, looked_at: int
) -> None:
    monkeypatch.setattr(typeahead, "_LOOKED_AT", looked_at)
    monkeypatch.setattr(typeahead, "_PAGE", 4)
    looked = typed(mails.db, prefix, 5)
    monkeypatch.setattr(typeahead, "_SHORT", 0)
    asked = typed(mails.db, prefix, 5)
    assert asked
    assert looked[:5] == asked[:5]


@pytest.mark.parametrize("prefix", ["", " ", "xy", "rare xy", "?!"])
def test_what_nobody_wrote_is_not_found(mails: Index, prefix: str) -> None:
    assert typed(mails.db, prefix, 5) == []


def test_made_up_passages_are_the_same_every_time_and_like_their_questions() -> None:
    one, other = World(3), World(3)
    assert one.texts(2) == other.texts(2)
    assert max(map(len, one.texts(0))) <= 480
    rows = one.vectors(0)
    assert rows.shape == (BLOCK, DIM)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    for question in one.questions(5, BLOCK):
        assert np.argmax(rows @ question.vector) == question.number


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[bench.Built]:
    monkeypatch.setattr(upkeep, "SMALL", 1_000)
    monkeypatch.setattr(bench, "QUESTIONS", 25)
    monkeypatch.setattr(bench, "WARM", 5)
    yield bench.build(tmp_path / "bench", 3_000)


def test_the_benchmark_measures_a_store_that_finds_what_it_should(built: bench.Built) -> None:
    figures = {figure.name: figure.value for figure in bench.measure(built)}
    assert figures["vectors: recall@10 of exact search"] >= 0.97
    assert all(value >= 0 for name, value in figures.items() if not name.startswith("memory"))
    with closing(open_index(built.paths, built.key)) as database, closing(VectorIndex(database)) as vectors:
        assert database.value("SELECT count(*) FROM passages") == 3_000
        assert vectors.load() == 3_000
        searcher = Searcher(database, vectors)
        uris = [f"mid:{q.number}@synthetic" for q in built.questions]
        found = [
            uri in {hit.uri for hit in searcher.search(q.text, vector=q.vector, k=10)}
            for uri, q in zip(uris, built.questions, strict=True)
        ]
        assert sum(found) >= 0.9 * len(found)
    assert bench._made_before(built.folder, 3_000) is None
    bench._note(built)
    again = bench._made_before(built.folder, 3_000)
    assert again is not None
    assert (again.key, again.exact) == (built.key, built.exact)
    assert [question.text for question in again.questions] == [question.text for question in built.questions]
    with pytest.raises(UsageFault):
        bench._made_before(built.folder, 4_000)
