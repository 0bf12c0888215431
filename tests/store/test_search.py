"""Words and vectors: what is found, in which order, within which limits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.types import Scope
from app.store import holdings
from app.store.db import Database
from app.store.index import Index
from app.store.passages import chunk
from app.store.search import Searcher
from app.store.snippets import snippet
from app.store.vectors import VectorIndex, quantize
from app.store.words import content_words
from indexers.item import Item, Person, Unit

Make = Callable[..., Item]
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)  # when item 0 was written
TEXTS = {
    1: "The invoice for the piano tuning is attached, 85 euro.",
    2: "Lunch at the harbour on Thursday? The new place has oysters.",
    3: "Die Rechnung für die Straße kommt morgen.",
    4: "El café está cerca de la estación.",
    5: "Tickets to Lisbon are booked, we land at noon.",
}


@pytest.fixture
def searcher(index: Index, vectors: VectorIndex, source: int, make: Make) -> Searcher:
    items = [make(n, text) for n, text in TEXTS.items()]
    items[1] = make(2, TEXTS[2], person=Person("Björn Öz", "bjorn@sea.example", "from"))
    items[4] = make(5, TEXTS[5], title="Trip to Lisbon", source="notes", kind="note")
    index.put(source, Unit(path="/box", stamp="1"), items, [])
    return Searcher(index.db, vectors)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("invoice", 1),
        ("Where is the invoice for tuning pianos?", 1),
        ("oyster", 2),
        ("Straße", 3),
        ("RECHNUNG", 3),
        ("cafe estacion", 4),
        ("Lisbon", 5),
        ("who wrote from bjorn", 2),
        ('"harbour" AND (NEAR* ^col:', 2),
    ],
)
def test_words_find_the_item(searcher: Searcher, query: str, found: int) -> None:
    assert searcher.search(query)[0].uri == f"mid:{found}@example.org"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(st.text(max_size=60))
def test_no_text_is_an_invalid_query(searcher: Searcher, query: str) -> None:
    searcher.search(query)
    searcher.as_you_type(query)


@pytest.mark.parametrize("query", ["", "   ", "?!", '"', "xylophone"])
def test_what_is_not_there_is_not_found(searcher: Searcher, query: str) -> None:
    assert searcher.search(query) == ()


def test_scope_limits_by_source_kind_person_and_time(searcher: Searcher) -> None:
    def found(**scope: Any) -> set[str]:
        return {
            hit.uri[4] for hit in searcher.search("invoice lunch rechnung cafe lisbon", scope=Scope(**scope))
        }

    assert found() == {"1", "2", "3", "4", "5"}
    assert found(sources=("notes",)) == {"5"}
    assert found(kinds=("mail",)) == {"1", "2", "3", "4"}
    assert found(people=("oz bjorn",)) == {"2"}
    assert found(people=("BJORN@sea",)) == {"2"}
    assert found(people=("nobody",)) == set()
    assert found(after=START + timedelta(hours=2), before=START + timedelta(hours=4)) == {"2", "3"}
    assert found(kinds=("mail",), people=("ana",), before=START + timedelta(hours=2)) == {"1"}


def test_a_source_can_be_named_by_its_folder(searcher: Searcher, index: Index) -> None:
    folder = index.sources()[0].path
    assert len(searcher.search("invoice", scope=Scope(sources=(folder,)))) == 1
    assert searcher.search("invoice", scope=Scope(sources=("/elsewhere",))) == ()


def test_a_running_event_is_within_its_time(
    index: Index, searcher: Searcher, source: int, make: Make
) -> None:
    event = make(9, "Conference", uri="event:1", until=START + timedelta(days=3))
    index.put(source, Unit(path="/cal", stamp="1"), [event], [])
    scope = Scope(after=START + timedelta(days=2), before=START + timedelta(days=4))
    assert [hit.uri for hit in searcher.search("conference", scope=scope)] == ["event:1"]


def test_a_title_alone_is_enough_to_be_found(
    index: Index, searcher: Searcher, source: int, make: Make
) -> None:
    items = [make(20 + n, f"Somebody said Zanzibar once, note {n}.") for n in range(3)]
    items.append(make(30, "What we need and when we go.", title="Zanzibar"))
    index.put(source, Unit(path="/z", stamp="1"), items, [])
    assert "mid:30@example.org" in {hit.uri for hit in searcher.search("zanzibar", k=5)}


def test_one_item_does_not_fill_the_list_and_copies_are_folded(
    index: Index, searcher: Searcher, source: int, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = " ".join(
        f"Chapter {n} of the whale tells of the sea and of number {n * 7919}." * 4 for n in range(30)
    )
    quoted = "The whale was seen by nine sailors off the northern cape before the storm began."
    items = [make(40, long), *(make(50 + n, quoted) for n in range(4))]
    index.put(source, Unit(path="/w", stamp="1"), items, [])

    def copies() -> int:
        return sum(hit.uri != "mid:40@example.org" for hit in searcher.search("whale", k=20))

    assert copies() == 1
    monkeypatch.setattr("app.store.search.AGAIN", 1.0)  # the control: every passage counts in full
    assert copies() == 0


def test_hits_carry_exact_offsets_and_the_matching_part(
    index: Index, searcher: Searcher, source: int, make: Make
) -> None:
    text = (
        "Filler sentence about nothing much. " * 40
        + "The password of the shed is kept by Wilma. "
        + "End. " * 50
    )
    index.put(source, Unit(path="/l", stamp="1"), [make(60, text)], [])
    hit = searcher.search("shed Wilma")[0]
    assert text[hit.start : hit.end] == hit.text
    assert "Wilma" in hit.snippet
    assert len(hit.snippet) < 230


def test_as_you_type_completes_the_last_word(searcher: Searcher) -> None:
    assert [hit.uri for hit in searcher.as_you_type("inv")] == ["mid:1@example.org"]
    assert [hit.uri for hit in searcher.as_you_type("piano inv")] == ["mid:1@example.org"]
    assert searcher.as_you_type("inv ") == ()
    assert searcher.as_you_type("") == ()


def test_stop_words_are_those_of_one_language() -> None:
    assert content_words("What was the war about?") == ["war"]
    assert content_words("Was war das für ein Hut?") == ["hut"]
    assert content_words("to be or not to be") == ["to", "be", "or", "not"]


def test_a_short_text_is_its_own_snippet() -> None:
    assert snippet("one\n two", ["two"]) == "one two"


# --- vectors ---------------------------------------------------------------------------------------


def _embedded(
    index: Index, vectors: VectorIndex, source: int, make: Make, count: int
) -> np.ndarray[Any, Any]:
    rng = np.random.default_rng(7)
    matrix = rng.normal(size=(count, 384)).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    items = [make(n, f"text number {n}") for n in range(count)]
    index.put(source, Unit(path="/v", stamp="1"), items, [])
    pending = vectors.pending(limit=count)
    assert vectors.add([id for id, _ in pending], matrix, model="test") == count
    return matrix


def test_the_nearest_are_those_of_an_exact_search(
    index: Index, vectors: VectorIndex, source: int, make: Make
) -> None:
    matrix = _embedded(index, vectors, source, make, 1500)
    ids = [row["passage_id"] for row in index.db.rows("SELECT passage_id FROM vectors ORDER BY id")]
    rng = np.random.default_rng(8)
    overlap = 0
    for query in matrix[rng.integers(0, 1500, 20)] + rng.normal(scale=0.05, size=(20, 384)):
        exact = {ids[i] for i in np.argsort(-(matrix @ query))[:10]}
        overlap += len(exact & {id for id, _ in vectors.search(query, 10)})
    assert overlap / 200 > 0.8  # random vectors are the hardest case: nothing is really near
    best = vectors.search(matrix[3], 1)[0]
    assert best[0] == ids[3]
    assert best[1] == pytest.approx(1.0, abs=0.01)


def test_only_allowed_passages_and_no_deleted_ones(
    index: Index, vectors: VectorIndex, source: int, make: Make
) -> None:
    matrix = _embedded(index, vectors, source, make, 50)
    ids = [row["passage_id"] for row in index.db.rows("SELECT passage_id FROM vectors ORDER BY id")]
    assert {id for id, _ in vectors.search(matrix[0], 50, ids[10:13])} == set(ids[10:13])
    index.drop_units(source, ["/v"])
    assert vectors.search(matrix[0], 50) == []
    assert index.counts().embedded == 0


def test_vectors_of_two_models_never_mix(index: Index, vectors: VectorIndex, source: int, make: Make) -> None:
    matrix = _embedded(index, vectors, source, make, 4)
    assert vectors.pending() == []
    assert vectors.use("other")
    assert len(vectors.pending()) == 4
    assert vectors.search(matrix[0], 4, model="other") == []
    ids = [id for id, _ in vectors.pending()]
    vectors.add(ids[:3], matrix[:3, :128], model="other")
    assert len(vectors.search(matrix[0], 4)) == 4  # what the one before made answers until all is done
    vectors.add(ids[3:], matrix[3:, :128], model="other")
    assert vectors.settle()
    assert vectors.search(matrix[0], 4) == []  # a query of another size has no neighbours
    assert len(vectors.search(matrix[0, :128], 4)) == 4


def test_another_index_object_sees_new_vectors(
    index: Index, vectors: VectorIndex, index_db: Database, source: int, make: Make
) -> None:
    other = VectorIndex(index_db)
    assert other.load() == 0
    matrix = _embedded(index, vectors, source, make, 10)
    assert len(other.search(matrix[0], 10)) == 10


def test_meaning_finds_what_words_do_not(index: Index, vectors: VectorIndex, source: int, make: Make) -> None:
    matrix = _embedded(index, vectors, source, make, 30)
    searcher = Searcher(index.db, vectors)
    uri = index.db.value(
        "SELECT i.uri FROM vectors v JOIN passages p ON p.id = v.passage_id JOIN items i ON i.id = p.item_id "
        "ORDER BY v.id LIMIT 1"
    )
    hit = searcher.search("entirely unrelated", vector=matrix[0])[0]
    assert hit.uri == uri
    assert hit.similarity == pytest.approx(1.0, abs=0.01)


def test_pending_is_newest_first(index: Index, vectors: VectorIndex, source: int, make: Make) -> None:
    index.put(source, Unit(path="/p", stamp="1"), [make(1, "old"), make(9, "new"), make(5, "middle")], [])
    assert [text.split("\n")[1] for _, text in vectors.pending()] == ["new", "middle", "old"]


def test_a_zero_vector_is_harmless() -> None:
    assert quantize(np.zeros((1, 8), np.float32)).tolist() == [[0] * 8]


def test_no_word_is_cut_by_chunking() -> None:
    text = " ".join(f"word{n}" for n in range(900))
    assert all(text[s:e].strip().split()[0].startswith("word") for s, e in chunk(text))


# --- what is found in which language ---------------------------------------------------------------


def test_chinese_is_found_by_two_signs_and_the_index_can_be_checked_and_rebuilt(
    index: Index, searcher: Searcher, source: int, make: Make
) -> None:
    texts = (
        "我们明天去银行开一个账户。",
        "会议改到星期五下午三点。",
        "発票は来週届きます、NFL 2026。",
        "no signs here",
    )
    items = [make(70 + n, text, title="关于会议" if n == 3 else "Post") for n, text in enumerate(texts)]
    index.put(source, Unit(path="/zh", stamp="1"), items, [])
    assert searcher.search("银行")[0].uri == "mid:70@example.org"
    assert searcher.search("星期五有什么会议？")[0].uri == "mid:71@example.org"
    assert searcher.search("来週の発票")[0].uri == "mid:72@example.org"
    assert "mid:73@example.org" in {hit.uri for hit in searcher.search("会议", k=3)}  # in its title
    for command in ("integrity-check", "rebuild", "integrity-check"):
        with index.db.write() as db:
            db.execute("INSERT INTO fts (fts, rank) VALUES (?, 1)", [command])
    index.put(source, Unit(path="/zh", stamp="2"), items[1:], [])
    assert "mid:70@example.org" not in {hit.uri for hit in searcher.search("银行账户", k=10)}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("会", {"a", "c"}),
        ("会议", {"a"}),
        ("议改到", {"a"}),
        ("星", {"a"}),
        ("銀行", {"b"}),
        ("Post 会", {"a", "c"}),
    ],
)
def test_signs_are_found_as_they_are_typed(
    index: Index, vectors: VectorIndex, source: int, make: Make, typed: str, found: set[str]
) -> None:
    texts = {"a": "会议改到星期五下午三点。", "b": "明日は銀行に行きます。", "c": "会社の予定、NFL 2026。"}
    items = [make(80, text, uri=name, title="Post") for name, text in texts.items()]
    index.put(source, Unit(path="/zh", stamp="1"), items, [])
    assert {hit.uri for hit in Searcher(index.db, vectors).as_you_type(typed)} == found


def test_words_built_anew_in_batches_are_those_that_full_text_search_expects(
    index: Index, searcher: Searcher, source: int, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"我们明天去银行开一个账户{n}。\nand so on" * 60 for n in range(5)]
    index.put(source, Unit(path="/zh", stamp="1"), [make(70 + n, t) for n, t in enumerate(texts)], [])
    monkeypatch.setattr(holdings, "_BATCH", 4)
    with index.db.write() as db:
        holdings.rebuild(db)
        db.execute("INSERT INTO fts (fts, rank) VALUES ('integrity-check', 1)")
    assert index.db.value("SELECT count(*) FROM fts_docsize") == index.counts().passages > 8
    assert {hit.uri for hit in searcher.search("银行")} == {f"mid:{70 + n}@example.org" for n in range(5)}
