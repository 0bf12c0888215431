"""The shelves: days, portions, threads and places are exactly what the index holds, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.core.library import Row, Shelf, Spine
from app.core.paths import Paths
from app.core.types import Scope
from app.store import library
from app.store.db import open_index
from app.store.index import Batch, Index
from app.store.library import Shelves
from indexers.item import Item, Person, Unit

BERLIN = ZoneInfo("Europe/Berlin")
KEY = bytes(32)
Put = Callable[..., None]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    paths = Paths(tmp_path / "data")
    paths.make()
    made = Index(open_index(paths, KEY))
    yield made
    made.close()


@pytest.fixture
def put(index: Index) -> Put:
    source = index.add_source("mail", "/mail").id

    def do(*items: Item) -> None:
        index.put_many(source, [Batch(Unit(path=f"/mail/{len(items)}", stamp="1"), items)])

    return do


@pytest.fixture
def shelves(index: Index) -> Shelves:
    return Shelves(index.db, BERLIN)


def item(n: int, when: datetime | None, **more: object) -> Item:
    fields = {"source": "mail", "kind": "mail", "title": f"T{n}", "text": f"word{n} and more", **more}
    return Item(uri=f"mid:{n}@x", digest=str(n), when=when, **fields)  # type: ignore[arg-type]  # any field


def every(shelves: Shelves, shelf: Shelf, spine: Spine, limit: int) -> list[Row]:
    """All rows as the window fetches them: each portion from the day and place it begins at."""
    places = [(day, n) for day, count in (*spine.days, (0, spine.undated)) for n in range(count)]
    rows: list[Row] = []
    while len(rows) < len(places):
        day, skip = places[len(rows)]
        got = shelves.page(shelf, day=day, skip=skip, limit=limit)
        assert 0 < len(got) <= limit
        rows += got
    return rows


def test_days_are_those_of_the_persons_zone_and_portions_fit_them(shelves: Shelves, put: Put) -> None:
    times = [datetime(2026, 3, 29, hour, 30, tzinfo=UTC) for hour in range(0, 24, 3)]  # the clock changes
    times += [datetime(1969, 12, 31, 23, 30, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)]
    put(*(item(n, when) for n, when in enumerate(times)), item(90, None), item(91, None))
    spine = shelves.spine(Shelf())
    expected: dict[int, int] = {}
    for when in times:
        day = when.astimezone(BERLIN).toordinal()
        expected[day] = expected.get(day, 0) + 1
    assert dict(spine.days) == expected and spine.undated == 2 and spine.total == 12
    assert [day for day, _ in spine.days] == sorted(expected, reverse=True)
    assert date(1970, 1, 1).toordinal() in expected  # half past midnight in Berlin
    for limit in (1, 3, 100):
        rows = every(shelves, Shelf(), spine, limit)
        assert [row.when for row in rows[:-2]] == sorted(times, reverse=True)
        assert {row.uri for row in rows[-2:]} == {"mid:90@x", "mid:91@x"}
        assert len({row.uri for row in rows}) == 12


def test_what_is_asked_for_out_of_bounds_is_bounded(shelves: Shelves, put: Put) -> None:
    put(item(1, datetime(2026, 3, 10, tzinfo=UTC)), item(2, None))
    for day in (-5, 0, 1, 10**9):
        for skip, limit in ((-1, -1), (0, 0), (10**12, 5), (0, 10**12)):
            assert len(shelves.page(Shelf(), day=day, skip=skip, limit=limit)) <= 2
            assert shelves.threads(Shelf(), skip=skip, limit=limit).rows == ()
    assert len(shelves.page(Shelf(), day=10**9, skip=0, limit=10**9)) == 2


def test_filters_narrow_days_and_portions_alike(shelves: Shelves, put: Put) -> None:
    noon = datetime(2026, 3, 10, 12, tzinfo=UTC)
    ines = (Person("Ines Vogel", "ines@x.org", "from"),)
    put(
        *(item(n, noon - timedelta(days=n), people=ines if n % 2 else ()) for n in range(10)),
        item(20, noon, kind="note", source="notes", title="About word3"),
    )

    def titles(**shelf: object) -> list[str]:
        wanted = Shelf(**shelf)  # type: ignore[arg-type]  # any field
        return [row.title for row in every(shelves, wanted, shelves.spine(wanted), 2)]

    assert titles(scope=Scope(kinds=("note",))) == ["About word3"]
    assert titles(scope=Scope(sources=("notes",))) == ["About word3"]
    assert titles(scope=Scope(sources=("/mail",)))[:1] == ["About word3"]
    assert titles(scope=Scope(people=("vogel",))) == ["T1", "T3", "T5", "T7", "T9"]
    assert titles(words="word3") == ["About word3", "T3"]
    assert titles(words="wor", scope=Scope(after=noon - timedelta(days=1), before=noon)) == ["T1"]
    assert titles(words="nowhere") == []


def test_threads_stand_for_all_their_items(shelves: Shelves, put: Put) -> None:
    noon = datetime(2026, 3, 10, 12, tzinfo=UTC)
    put(
        *(item(n, noon + timedelta(hours=n), thread=f"thread-{n % 3}") for n in range(7)),
        item(30, noon, thread="alone"),
        item(31, noon),
    )
    found = shelves.threads(Shelf(), skip=0, limit=2)
    assert found.total == 3 and [(row.title, row.count) for row in found.rows] == [("T6", 3), ("T5", 2)]
    assert [row.title for row in shelves.threads(Shelf(), skip=2, limit=2).rows] == ["T4"]
    assert [row.title for row in shelves.thread("thread-0")] == ["T0", "T3", "T6"]
    assert shelves.threads(Shelf(scope=Scope(kinds=("note",))), skip=0, limit=9).total == 0
    late = Shelf(scope=Scope(after=noon + timedelta(hours=3)))
    assert [(r.title, r.count) for r in shelves.threads(late, skip=0, limit=9).rows] == [("T6", 2)]


def test_places_are_counted_and_looked_into(shelves: Shelves, put: Put) -> None:
    noon = datetime(2026, 3, 10, 12, tzinfo=UTC)

    def photo(n: int, lat: str, lon: str) -> Item:
        meta = {"lat": lat, "lon": lon} if lat else {}
        return item(n, noon, kind="photo", source="photos", place="Lisbon" if lat else "", meta=meta)

    put(
        photo(1, "38.7111", "-9.1311"),
        photo(2, "38.7112", "-9.1312"),
        photo(3, "0.0", "0.0"),
        photo(4, "", ""),
    )
    spots = shelves.spots(Shelf())
    assert [(s.lat, s.lon, s.count, s.place) for s in spots] == [
        (38.71, -9.13, 2, "Lisbon"),
        (0.0, 0.0, 1, "Lisbon"),
    ]
    inside = Shelf(box=(38.0, -10.0, 39.0, -9.0))
    assert (
        shelves.spine(inside).total == 2
        and len(shelves.page(inside, day=noon.toordinal(), skip=0, limit=9)) == 2
    )
    assert {(h.kind, h.source, h.items) for h in shelves.held()} == {("photo", "photos", 4)}


def test_a_portion_of_a_large_library_reads_only_the_index(index: Index) -> None:
    ids = f"SELECT i.id {library._FROM} WHERE i.at < 5 AND (+i.kind IN ('mail')) {library._ORDER}"
    plan = [row["detail"] for row in index.db.rows(f"EXPLAIN QUERY PLAN {ids} LIMIT 5 OFFSET 9")]
    assert any("COVERING INDEX items_shown" in step for step in plan)
    assert not any("TEMP" in step for step in plan)


def test_a_row_knows_days_without_a_clock_and_how_long_a_video_plays(shelves: Shelves, put: Put) -> None:
    when = datetime(2026, 5, 14, tzinfo=UTC)
    put(
        item(1, when, kind="event", meta={"all-day": "2026-05-14"}),
        item(2, when, kind="event"),
        item(3, when, kind="video", meta={"seconds": "125"}),
        item(4, when, kind="video", meta={"seconds": "not a number"}),
    )
    rows = {row.title: row for row in every(shelves, Shelf(), shelves.spine(Shelf()), 10)}
    assert [rows[f"T{n}"].all_day for n in (1, 2, 3, 4)] == [True, False, False, False]
    assert [rows[f"T{n}"].seconds for n in (1, 2, 3, 4)] == [0, 0, 125, 0]


def test_what_is_beyond_the_calendar_is_shown_under_its_ends(put: Put, shelves: Shelves) -> None:
    far, old = item(1, datetime(9999, 12, 31, 23, 30, tzinfo=UTC)), item(2, datetime(1, 1, 1, tzinfo=UTC))
    put(far)
    assert shelves.spine(Shelf()).total == 1
    put(far, old)
    put(far, old, item(3, datetime(2025, 6, 1, tzinfo=UTC)))
    spine = shelves.spine(Shelf())
    assert [count for _, count in spine.days] == [1, 1, 1]
    assert [row.title for row in every(shelves, Shelf(), spine, 1)] == ["T1", "T3", "T2"]


def test_who_counts_on_from_the_newest_day_sees_each_item_once(put: Put, shelves: Shelves) -> None:
    put(*(item(n, datetime(2025, 1, n, tzinfo=UTC)) for n in (1, 2, 3)), *(item(n, None) for n in (4, 5, 6)))
    newest = shelves.spine(Shelf()).days[0][0]
    rows = [row for skip in range(0, 8, 2) for row in shelves.page(Shelf(), day=newest, skip=skip, limit=2)]
    assert [row.title for row in rows] == ["T3", "T2", "T1", "T6", "T5", "T4"]


def test_words_may_stand_far_from_each_other_in_an_item(put: Put, shelves: Shelves) -> None:
    long = f"The plan for Lisbon. {'Other things are said here. ' * 300} At the end comes the invoice."
    put(item(1, None, text=long), item(2, None, text="Only of Lisbon."))
    for words, found in (
        ("lisbon invoice", ["T1"]),
        ("the invoice for lis", ["T1"]),
        ("invoice lisb ", []),
        ("lisbon", ["T2", "T1"]),
        ("the", ["T1"]),
        ("?!", ["T2", "T1"]),
    ):
        assert [row.title for row in shelves.page(Shelf(words=words), day=0, skip=0, limit=9)] == found, words
