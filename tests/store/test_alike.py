"""A burst or copies of a picture come as one of them with the number of the others; all stay in the store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.core.types import Hit
from app.store import alike
from app.store.index import Index
from app.store.search import Searcher
from app.store.vectors import VectorIndex
from indexers.item import Item, Unit
from tests.store.conftest import START

Make = Callable[..., Item]
LOOK = 0xF0F0_1234_5678_9ABC


def found(
    index: Index, vectors: VectorIndex, source: int, make: Make, pictures: list[tuple[float | None, int, str]]
) -> tuple[Hit, ...]:
    """What "regatta" finds of photos (seconds, look, content); they come in the order of their numbers."""
    for n, (seconds, look, content) in enumerate(pictures):
        uri = f"file:///{n}.jpg"
        when = None if seconds is None else START + timedelta(seconds=seconds)
        item = make(n, f"Regatta {n}", uri=uri, source="photos", kind="photo", path=f"/{n}.jpg")
        item = _replaced(item, when=when, title=f"{n}.jpg", meta={"content": content})
        index.put(source, Unit(path=f"/{n}.jpg", stamp="1"), [item], [])
        index.set_text(uri, "", f"{look:016x}" if look else "")
    hits = Searcher(index.db, vectors).search("regatta", k=50)
    return tuple(sorted(hits, key=lambda hit: hit.uri))


def _replaced(item: Item, **fields: object) -> Item:
    import msgspec

    return msgspec.structs.replace(item, digest=f"{item.uri}{fields}", **fields)


def test_a_burst_is_one(index: Index, vectors: VectorIndex, source: int, make: Make) -> None:
    burst = [(float(n), LOOK ^ n, f"c{n}") for n in range(4)]
    hits = found(
        index, vectors, source, make, [*burst, (3600.0, LOOK, "later"), (2.0, ~LOOK % 2**64, "other")]
    )
    assert sorted(hit.alike for hit in hits) == [0, 0, 3]
    assert index.counts().items == 6


def test_copies_are_one_whenever_they_were_made(
    index: Index, vectors: VectorIndex, source: int, make: Make
) -> None:
    hits = found(
        index, vectors, source, make, [(0.0, 0, "same"), (90_000.0, 0, "same"), (90_001.0, 0, "not")]
    )
    assert sorted(hit.alike for hit in hits) == [0, 1]


def test_a_copy_without_its_time_is_told_by_its_looks(
    index: Index, vectors: VectorIndex, source: int, make: Make
) -> None:
    hits = found(
        index, vectors, source, make, [(0.0, LOOK, "a"), (None, LOOK ^ 1, "b"), (None, LOOK ^ 0xFF, "c")]
    )
    assert sorted(hit.alike for hit in hits) == [0, 1]


def test_others_of_the_moment_are_counted_though_they_were_not_found(
    index: Index, vectors: VectorIndex, source: int, make: Make
) -> None:
    found(index, vectors, source, make, [(float(n), LOOK, f"c{n}") for n in range(3)])
    (hit,) = Searcher(index.db, vectors).search("2.jpg", k=5)
    assert (hit.title, hit.alike) == ("2.jpg", 2)


def test_pictures_of_one_minute_are_not_one_for_their_sentences(
    index: Index, vectors: VectorIndex, source: int, make: Make
) -> None:
    assert len(found(index, vectors, source, make, [(0.0, 0, "a"), (20.0, 0, "b"), (40.0, 0, "c")])) == 3


def test_pages_of_one_moment_are_told_apart_by_what_they_say(
    index: Index, vectors: VectorIndex, source: int, make: Make
) -> None:
    """From afar every receipt looks like the other; the same scene read twice differs in a few letters."""
    texts = (
        "REGATTA bakery, two loaves and a cake, 12.40 paid by card",
        "REGATTA bakery, two loaves and a cake, 12.4O paid by cord",
        "REGATTA hotel, one night with breakfast, 140.00 paid in cash, room seven",
    )
    for n, text in enumerate(texts):
        uri = f"file:///{n}.jpg"
        item = make(n, "", uri=uri, source="photos", kind="photo", path=f"/{n}.jpg", when=START)
        index.put(source, Unit(path=f"/{n}.jpg", stamp="1"), [item], [])
        index.set_text(uri, text, f"{LOOK ^ n:016x}")
    hits = Searcher(index.db, vectors).search("regatta", k=9)
    assert sorted((hit.alike, "hotel" in hit.text) for hit in hits) == [(0, True), (1, False)]


def test_others_of_the_moment_are_found_by_their_time(index: Index) -> None:
    values = [0.0, 1.0, "photo", 1, 5]
    (plan, *_) = index.db.rows(f"EXPLAIN QUERY PLAN {alike._AROUND}", values)
    assert "(at>? AND at<?)" in plan["detail"], "not by passing all the photos there are"
