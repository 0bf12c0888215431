"""Vectors and their sketch: what is found, what survives a kill, what leaves, and when a model changes."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from app.core.paths import Paths
from app.core.types import Scope
from app.store import forget, succession, upkeep
from app.store.db import open_index
from app.store.index import Index
from app.store.search import Searcher
from app.store.sketch import Codebook, Rows, Segment, Sketch, quantize, unit
from app.store.vectors import VectorIndex
from indexers.item import Item, Unit
from tests.store import pages
from tests.store.conftest import START

Make = Callable[..., Item]
DIM, COUNT = 32, 1_500


def clustered(n: int, dim: int = DIM, *, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    centers = rng.standard_normal((40, dim))
    rows = centers[rng.integers(0, 40, n)] + 0.5 * rng.standard_normal((n, dim))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store counts as large from 512 vectors, so that a quick test sees everything a large one does."""
    monkeypatch.setattr(upkeep, "SMALL", 512)
    monkeypatch.setattr(upkeep, "PORTION", 128)
    monkeypatch.setattr(upkeep, "SAMPLE", 512)
    monkeypatch.setattr(upkeep, "SEGMENT", 256)


@pytest.fixture
def filled(index: Index, vectors: VectorIndex, source: int, make: Make, small: None) -> Iterator[VectorIndex]:
    index.put(source, Unit(path="/box", stamp="1"), [make(n, f"Text {n}") for n in range(COUNT)], [])
    vectors.add(_ids(index), clustered(COUNT), model="m")
    vectors.load()
    if thread := vectors._thread:  # what the additions called it for; tests that do its work would meet it
        thread.join()
    yield vectors
    vectors.close()


def _ids(index: Index) -> list[int]:
    return [row[0] for row in index.db.tuples("SELECT id FROM passages ORDER BY id")]


def _exact(query: np.ndarray, k: int = 10) -> list[int]:
    return [int(i) for i in np.argsort(-(clustered(COUNT) @ query), kind="stable")[:k]]


def test_a_codebook_keeps_neighbours_and_is_the_same_when_read_back() -> None:
    matrix = clustered(4_000, 64)
    rows = quantize(matrix)
    book = Codebook.learn(rows[:2_000])
    again = Codebook.load(64, book.dump())
    codes = book.encode(rows)
    assert (again.encode(rows) == codes).all()
    assert codes.shape == (4_000, 8)
    ids = np.arange(1, 4_001, dtype=np.uint32)
    sketch = Sketch((Segment(again, ids, ids, codes),))
    shares = []
    for query in unit(matrix[:2_000:100] + 0.1 * clustered(20, 64, seed=2)):
        exact = np.argsort(-(unit(rows) @ query))[:10] + 1
        shares.append(np.isin(exact, sketch.near(query, 200)[0]).mean())
    assert np.mean(shares) > 0.95


def test_dimensions_that_do_not_divide_are_searched_too() -> None:
    rows = quantize(clustered(1_000, 30))
    book = Codebook.learn(rows)
    ids = np.arange(1_000, dtype=np.uint32)
    near = Sketch((Segment(book, ids, ids, book.encode(rows)),)).near(unit(rows[7:8])[0], 20)[0]
    assert 7 in near


def test_the_rest_is_searched_exactly_beside_the_codes() -> None:
    rows = quantize(clustered(600))
    ids = np.arange(1, 601, dtype=np.uint32)
    book = Codebook.learn(rows[:500])
    segment = Segment(book, ids[:500], ids[:500], book.encode(rows[:500]))
    sketch = Sketch((segment,), Rows(ids[500:], ids[500:], rows[500:]))
    assert sketch.near(unit(rows[550:551])[0], 1)[0].tolist() == [551]
    assert sketch.near(unit(rows[20:21])[0], 5, np.arange(500, 601))[1].min() >= 500
    assert (sketch.last, len(sketch)) == (600, 600)


def test_a_large_store_finds_what_exact_search_finds(filled: VectorIndex, index: Index) -> None:
    ids = _ids(index)
    found, wanted = 0, 0
    for query in clustered(30, seed=3):
        hits = [id for id, _ in filled.search(query, k=10)]
        found += len(set(hits) & {ids[i] for i in _exact(query)})
        wanted += 10
    assert found / wanted >= 0.97
    assert index.db.value("SELECT count(*) FROM codes") >= COUNT - upkeep.PORTION


def test_only_allowed_passages_are_found(
    filled: VectorIndex, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = np.array(_ids(index)[::7])
    query = clustered(1, seed=5)[0]
    exactly = filled.search(query, 20, allowed)
    assert len(exactly) == 20
    assert {id for id, _ in exactly} <= set(allowed.tolist())
    monkeypatch.setattr("app.store.vectors.EXACT", 10)  # the same through the sketch
    assert filled.search(query, 20, allowed)[:5] == exactly[:5]
    assert filled.search(query, 20, []) == []


def test_a_search_finds_vectors_of_a_moment_ago_and_waits_for_no_loading(
    filled: VectorIndex, index: Index, source: int, make: Make
) -> None:
    index.put(source, Unit(path="/new", stamp="1"), [make(5_000, "new")], [])
    (id, _) = filled.pending()[0]
    row = clustered(1, seed=77)
    filled.add([id], row, model="m")
    assert filled.search(row[0], 1)[0][0] == id
    other = VectorIndex(index.db)
    with other._working:  # as if the thread were at work on something long
        assert len(other.search(row[0], 3)) == 3
    other.close()


def test_what_is_within_limits_is_found_while_the_sketch_loads(
    filled: VectorIndex, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.vectors.FEW", 4)
    other = VectorIndex(index.db)
    other._working.acquire()  # as if the thread were at work on something long
    try:
        wanted = Scope(after=START + timedelta(hours=1_000), before=START + timedelta(hours=1_010))
        row = clustered(COUNT)[1_003]
        assert other.search(row, 3) == []
        hits = Searcher(index.db, other).search("", vector=row, scope=wanted, k=3)
        assert hits[0].uri == "mid:1003@example.org"
    finally:
        other._working.release()
        other.close()


def test_it_is_read_back_by_the_next_start(filled: VectorIndex, index: Index) -> None:
    query = clustered(1, seed=9)[0]
    before = filled.search(query, 10)
    codes = index.db.tuples("SELECT * FROM codes ORDER BY vector_id")
    other = VectorIndex(index.db)
    assert other.load() == COUNT
    assert other.search(query, 10) == before
    assert index.db.tuples("SELECT * FROM codes ORDER BY vector_id") == codes
    other.close()


def test_what_is_deleted_leaves_the_codes_and_the_sketch(filled: VectorIndex, index: Index) -> None:
    query = clustered(1, seed=11)[0]
    first = filled.search(query, 1)[0][0]
    uri = index.db.value(
        "SELECT i.uri FROM items i JOIN passages p ON p.item_id = i.id WHERE p.id = ?", [first]
    )
    forget.from_index(index.db, [uri])
    assert index.db.value("SELECT count(*) FROM codes WHERE passage_id = ?", [first]) == 0
    assert first not in [id for id, _ in filled.search(query, 20)]
    filled.load()
    (sketch,) = filled._sketches.values()
    assert not any(first in part.passages for part in (*sketch.segments, sketch.rest))


@pytest.mark.parametrize("left", [0, 1, 130, 400])
def test_coding_that_was_cut_short_goes_on_where_it_stopped(
    filled: VectorIndex, index: Index, left: int
) -> None:
    query = clustered(1, seed=13)[0]
    before = filled.search(query, 10)
    with index.db.write() as db:
        db.conn.execute("DELETE FROM codes WHERE vector_id > ?", (left,))
    other = VectorIndex(index.db)
    other.load()
    assert other.search(query, 10) == before
    assert index.db.value("SELECT count(*) FROM codes") >= COUNT - upkeep.PORTION
    other.close()


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM codes WHERE vector_id BETWEEN 10 AND 20",
        "UPDATE codes SET code = zeroblob(length(code)) WHERE vector_id > 5",
        "UPDATE codes SET passage_id = 1 WHERE vector_id > 5",
    ],
)
def test_codes_that_are_lost_or_wrong_are_found_and_made_again(
    filled: VectorIndex, index: Index, damage: str
) -> None:
    assert upkeep.repair(index.db) == 0
    with index.db.write() as db:
        db.execute(damage)
    assert upkeep.repair(index.db) > 0
    filled.reset()
    filled.load()
    assert upkeep.repair(index.db) == 0
    query = clustered(1, seed=13)[0]
    ids = _ids(index)
    assert {id for id, _ in filled.search(query, 3)} <= {ids[i] for i in _exact(query, 10)}


def test_a_large_store_that_was_emptied_can_be_filled_again(filled: VectorIndex, index: Index) -> None:
    """The codebook of vectors that are all gone is in nobody's way, also if the next are of another size."""
    assert index.db.value("SELECT count(*) FROM codebooks") == 1
    for dim in (DIM, 48):
        with index.db.write() as db:
            db.execute("DELETE FROM vectors")
            db.execute("UPDATE passages SET embedded = 0")
        assert upkeep.repair(index.db) == 0
        assert filled.load() == 0
        rows = clustered(COUNT, dim, seed=dim)
        filled.add(_ids(index), rows, model="m")
        assert filled.load() == COUNT
        assert filled.search(rows[700], 1)[0][0] == _ids(index)[700]
        assert index.db.value("SELECT count(*) FROM codebooks") == 1


@pytest.mark.logs_errors
def test_a_thread_that_met_damage_is_not_the_last_one(filled: VectorIndex, index: Index) -> None:
    with index.db.write() as db:
        db.execute("UPDATE codes SET code = x'00' WHERE vector_id > 100")
    filled.reset()
    for _ in range(2):
        filled.warm()
        if thread := filled._thread:
            thread.join()
        assert filled._thread is None
    assert upkeep.repair(index.db) > 0
    filled.warm()
    if thread := filled._thread:
        thread.join()
    assert filled.load() == COUNT
    assert index.db.value("SELECT count(*) FROM codes WHERE length(code) = 1") == 0


def _stopped_while_coding_anew(index: Index) -> None:
    """The store has grown, there is a new codebook, and one portion has its codes."""
    with index.db.write() as db:
        db.execute("UPDATE codebooks SET trained = 100")
    steps = upkeep.sketches(index.db, 1, Sketch())
    while index.db.value("SELECT count(*) FROM codebooks") == 1:
        assert len(next(steps))
    steps.close()


def test_a_store_that_has_grown_learns_its_codebook_anew_even_when_cut_short(
    filled: VectorIndex, index: Index
) -> None:
    _stopped_while_coding_anew(index)
    filled.load()
    assert index.db.value("SELECT count(*) FROM codebooks") == 1
    assert index.db.value("SELECT count(DISTINCT codebook_id) FROM codes") == 1
    assert index.db.value("SELECT trained FROM codebooks") == COUNT
    assert upkeep.repair(index.db) == 0


def test_the_doctor_waits_for_the_thread_that_codes(
    filled: VectorIndex, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would take away the codebook of codes that are about to be written."""
    _stopped_while_coding_anew(index)
    write, waited = upkeep._write, list[bool]()
    doctor = threading.Thread(target=filled.repair)

    def meanwhile(*args: Any) -> Any:
        if not waited:
            doctor.start()
            doctor.join(0.2)
            waited.append(doctor.is_alive())
        return write(*args)

    monkeypatch.setattr(upkeep, "_write", meanwhile)
    filled.load()
    doctor.join(30)
    assert waited == [True]
    lost = "SELECT count(*) FROM codes WHERE codebook_id NOT IN (SELECT id FROM codebooks)"
    assert index.db.value(lost) == 0
    assert index.db.value("SELECT count(*) FROM codes") >= COUNT - upkeep.PORTION


def test_the_model_before_answers_until_all_is_embedded_anew_and_then_goes(
    filled: VectorIndex, index: Index
) -> None:
    query = clustered(1, seed=21)[0]
    before = filled.search(query, 5, model="m")
    assert filled.use("n")
    assert not filled.use("n")
    assert (filled.model(), filled.making()) == ("m", "n")
    assert (index.counts().embedded, filled.remaining()) == (COUNT, COUNT)
    assert not filled.sparse()
    ids, other = _ids(index), clustered(COUNT, 48, seed=22)
    for at in range(0, COUNT, 500):
        assert not filled.settle()
        assert filled.search(query, 5) == before  # to the last
        assert filled.search(other[7], 5, model="n") == []  # a question by the new one is early
        filled.add(ids[at : at + 500], other[at : at + 500], model="n")
    assert filled.settle()
    assert not filled.settle()
    assert (filled.model(), filled.making(), filled.remaining()) == ("n", "n", 0)
    assert filled.search(other[1_234], 1)[0][0] == ids[1_234]
    assert filled.search(query, 5, model="m") == []
    filled.load()  # the thread's work: what the one before made goes
    assert index.db.tuples("SELECT name, role FROM embedders") == [("n", 1)]
    assert index.db.value("SELECT count(*) FROM vectors") == COUNT
    assert index.db.value("SELECT count(*) FROM vectors WHERE length(data) <> 48") == 0
    assert index.db.value("SELECT count(*) FROM codes") <= COUNT
    assert len(filled._sketches) == 1


def test_what_comes_while_a_model_follows_is_embedded_by_both(
    filled: VectorIndex, index: Index, source: int, make: Make
) -> None:
    filled.use("n")
    filled.add(_ids(index)[:10], clustered(10, 48), model="n")
    index.put(source, Unit(path="/new", stamp="1"), [make(9_000, "new")], [])
    [(id, _)] = filled.pending()
    assert filled.making() == "m"  # first, so that it is found at once
    row = clustered(1, seed=78)
    filled.add([id], row, model="m")
    assert filled.search(row[0], 1)[0][0] == id
    assert (filled.making(), filled.remaining()) == ("n", COUNT - 9)
    assert id in [one for one, _ in filled.pending(2 * COUNT)]


def test_a_change_is_taken_back_without_losing_what_answered(filled: VectorIndex, index: Index) -> None:
    query = clustered(1, seed=21)[0]
    before = filled.search(query, 5)
    filled.use("n")
    filled.add(_ids(index)[:100], clustered(100, 48), model="n")
    assert filled.use("m")
    assert (filled.model(), filled.making(), filled.remaining()) == ("m", "m", 0)
    assert filled.search(query, 5) == before
    filled.load()
    assert index.db.tuples("SELECT name FROM embedders") == [("m",)]
    assert index.db.value("SELECT count(*) FROM vectors") == COUNT


def test_a_model_that_cannot_embed_questions_any_more_gives_way_at_once(
    filled: VectorIndex, index: Index
) -> None:
    ids, other = _ids(index), clustered(10, 48)
    filled.use("n")
    filled.add(ids[:10], other, model="n")
    filled.give_up("n")  # not the one that answers: nothing happens
    assert filled.model() == "m"
    filled.give_up("m")
    assert (filled.model(), filled.remaining()) == ("n", COUNT - 10)
    assert filled.search(other[3], 1)[0][0] == ids[3]
    assert filled.sparse()  # so that passages are embedded for a question that asks for them


def test_a_third_model_takes_the_place_of_one_that_was_not_done(filled: VectorIndex, index: Index) -> None:
    ids = _ids(index)
    filled.use("n")
    filled.add(ids[:100], clustered(100, 48), model="n")
    assert filled.use("o")
    assert (filled.model(), filled.making(), filled.remaining()) == ("m", "o", COUNT)
    filled.add(ids, clustered(COUNT, 24), model="o")
    assert filled.settle()
    filled.load()
    assert index.db.tuples("SELECT name FROM embedders") == [("o",)]
    assert index.db.value("SELECT count(*) FROM vectors") == COUNT


def test_vectors_of_a_model_that_left_this_moment_are_nobodys(
    filled: VectorIndex, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = _ids(index)
    filled.use("n")

    def slow(matrix: np.ndarray) -> np.ndarray:
        filled.use("o")
        return quantize(matrix)

    monkeypatch.setattr("app.store.vectors.quantize", slow)
    assert filled.add(ids[:10], clustered(10, 48), model="n") == 0
    assert (filled.model(), filled.making(), filled.remaining()) == ("m", "o", COUNT)
    assert index.db.value("SELECT count(*) FROM vectors WHERE length(data) <> ?", [DIM]) == 0


def test_a_model_that_is_on_its_way_out_can_come_back(filled: VectorIndex, index: Index) -> None:
    filled.use("n")
    filled._working.acquire()  # the thread deletes nothing yet
    filled.give_up("m")
    assert filled.use("m")
    filled._working.release()
    assert (filled.making(), len(filled.pending(2 * COUNT))) == ("m", COUNT)
    filled.add(_ids(index), clustered(COUNT), model="m")
    filled.settle()
    filled.load()
    assert (filled.model(), filled.load()) == ("m", COUNT)
    assert index.db.value("SELECT count(*) FROM vectors") == COUNT
    assert index.db.value("SELECT count(*) FROM embedders") == 1


def test_the_doctor_marks_by_whom_a_passage_is_embedded(filled: VectorIndex, index: Index) -> None:
    ids = _ids(index)
    filled.use("n")
    filled.add(ids[:10], clustered(10, 48), model="n")
    marks = "SELECT embedded, count(*) FROM passages GROUP BY embedded ORDER BY embedded"
    right = index.db.tuples(marks)
    assert right == [(1, 10), (2, COUNT - 10)]
    with index.db.write() as db:
        db.conn.execute("UPDATE passages SET embedded = id % 3")
    with index.db.write() as db:
        missing, unmarked = succession.remark(db)
    assert missing and unmarked
    assert index.db.tuples(marks) == right


def test_closing_does_not_wait_for_what_can_go_on_later(filled: VectorIndex, index: Index) -> None:
    """A portion more, and it stops; the next start goes on there."""
    filled._working.acquire()
    filled.use("n")
    filled.give_up("m")
    stops = iter([False, False, True])
    upkeep.retire(index.db, stopped=lambda: next(stops))
    assert index.db.value("SELECT count(*) FROM vectors") == COUNT - 2 * upkeep.PORTION
    filled._working.release()
    filled.load()
    assert index.db.value("SELECT count(*) FROM vectors") == 0


def test_codes_that_are_made_anew_can_be_stopped_after_each_portion(
    filled: VectorIndex, index: Index
) -> None:
    _stopped_while_coding_anew(index)
    by_book = "SELECT count(*) FROM codes GROUP BY codebook_id ORDER BY codebook_id"
    assert index.db.tuples(by_book)[1] == (upkeep.PORTION,)


def test_vectors_of_a_new_model_are_reached_without_passing_the_old_ones(index: Index) -> None:
    for sql in (upkeep._ROWS, "SELECT length(data) FROM vectors WHERE embedder_id = ? LIMIT 1"):
        plan = index.db.tuples(f"EXPLAIN QUERY PLAN {sql}", [1] * sql.count("?"))
        assert any("vectors_of_embedder" in row[3] for row in plan)


def test_searches_go_on_while_the_sketch_is_made_and_reset(filled: VectorIndex) -> None:
    queries = clustered(20, seed=31)
    failed: list[BaseException] = []

    def search() -> None:
        try:
            for _ in range(10):
                for query in queries:
                    filled.search(query, 5)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        filled.reset()
        filled.warm()
        filled.load()
    for thread in threads:
        thread.join()
    assert failed == []
    assert filled.load() == COUNT


def test_no_page_keeps_what_was_made_of_a_forgotten_text(
    filled: VectorIndex, index: Index, key: bytes
) -> None:
    (passage, row, code) = index.db.tuples(
        "SELECT v.passage_id, v.data, c.code FROM vectors v JOIN codes c ON c.vector_id = v.id LIMIT 1"
    )[0]
    uri = index.db.value(
        "SELECT i.uri FROM items i JOIN passages p ON p.item_id = i.id WHERE p.id = ?", [passage]
    )

    def kept(what: bytes) -> int:
        return sum(page.count(what) for page in pages.decrypted(index.db.path, key))

    index.db.checkpoint()
    assert kept(row) >= 1
    with_codes = kept(code)
    assert with_codes >= 1
    same = index.db.value("SELECT count(*) FROM codes WHERE code = ?", [code])  # short codes may be alike
    forget.from_index(index.db, [uri])
    assert kept(row) == 0
    assert kept(code) <= with_codes - 1
    assert index.db.value("SELECT count(*) FROM codes WHERE code = ?", [code]) == same - 1


_WRITER = """
import sys
from pathlib import Path
import numpy as np
from app.core.paths import Paths
from app.store import upkeep
from app.store.db import open_index
from app.store.vectors import VectorIndex
upkeep.SMALL, upkeep.PORTION, upkeep.SAMPLE, upkeep.SEGMENT = 128, 64, 128, 256
vectors = VectorIndex(open_index(Paths(Path(sys.argv[1])), bytes.fromhex(sys.argv[2])))
rng = np.random.default_rng()
print("ready", flush=True)
while pending := vectors.pending(50):
    rows = rng.standard_normal((len(pending), 32)).astype(np.float32)
    vectors.add([id for id, _ in pending], rows, model=sys.argv[3])
    vectors.load()
"""


def test_a_kill_at_any_point_leaves_vectors_and_codes_that_fit(
    index: Index, paths: Paths, key: bytes, source: int, make: Make, small: None, full: bool
) -> None:
    """With HOMEBODY_FULL=1: 100 kills instead of 4. Every third begins a change of the model."""
    index.put(source, Unit(path="/box", stamp="1"), [make(n, f"Text {n}") for n in range(COUNT)], [])
    index.db.close()
    chance, worked = random.Random(7), False
    for number in range(100 if full else 4):
        command = [sys.executable, "-c", _WRITER, str(paths.data), key.hex(), f"model {number // 3}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0, 1.0))
            child.kill()
        with closing(open_index(paths, key)) as database, closing(VectorIndex(database)) as vectors:
            assert upkeep.repair(database) == 0
            for marked, wanted in ((1, True), (0, False)):
                wrong = database.value(
                    "SELECT count(*) FROM passages p WHERE embedded = ? AND EXISTS (SELECT 1 FROM vectors v "
                    "WHERE v.passage_id = p.id AND v.embedder_id = (SELECT max(id) FROM embedders)) <> ?",
                    [marked, wanted],
                )
                assert wrong == 0
            count = database.value("SELECT count(*) FROM vectors")
            assert vectors.load() == database.value("SELECT count(*) FROM vectors") <= count
            assert upkeep.repair(database) == 0
            assert database.rows("PRAGMA foreign_key_check") == []
            worked = worked or bool(database.value("SELECT count(*) FROM codes"))
    assert worked  # the child was at work before it was killed


def test_the_probe_for_a_kill_can_fail(filled: VectorIndex, index: Index) -> None:
    """The control: codes written apart from their vectors are what the probe finds."""
    with index.db.write() as db:
        db.execute("DELETE FROM codes WHERE vector_id = 3")
    assert upkeep.repair(index.db) == 1
