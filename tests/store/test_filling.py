"""The word index of an older store is filled while it is in use: nothing waits, nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from app.core.paths import Paths
from app.store import db as databases
from app.store import filling, holdings
from app.store.db import Database, open_index
from app.store.filling import Filling, complete
from app.store.index import Index
from app.store.inventory import Inventory, Query
from app.store.migrations import INDEX
from app.store.search import Searcher
from app.store.vectors import VectorIndex
from indexers.item import Item, Unit

Make = Callable[..., Item]
COUNT = 60


@pytest.fixture
def emptied(index: Index, source: int, make: Make, monkeypatch: pytest.MonkeyPatch) -> Index:
    for n in range(COUNT):
        index.put(source, Unit(path=f"/{n}", stamp="1"), [make(n, f"whale number{n}")], [])
    with index.db.write() as db:
        db.execute("INSERT INTO fts (fts) VALUES ('delete-all')")
    monkeypatch.setattr(filling, "PORTION", 7)
    return index


def sound(database: Database) -> bool:
    with database.write() as db:
        try:
            db.conn.execute("INSERT INTO fts (fts, rank) VALUES ('integrity-check', 1)")
        except sqlcipher.DatabaseError:
            return False
    return bool(database.value("SELECT (SELECT count(*) FROM fts_docsize) = (SELECT count(*) FROM passages)"))


def finish(database: Database) -> None:
    work = Filling(database)
    work.start()
    work._thread.join(30)
    work.close()


def test_it_is_filled_to_the_end_and_a_second_time_does_nothing(emptied: Index) -> None:
    assert not complete(emptied.db)
    assert not sound(emptied.db)
    finish(emptied.db)
    assert complete(emptied.db)
    assert sound(emptied.db)
    again = Filling(emptied.db)
    again.start()
    assert not again._thread.is_alive()


def test_what_is_there_is_found_and_what_changes_meanwhile_is_right(
    emptied: Index, source: int, make: Make
) -> None:
    searcher = Searcher(emptied.db, VectorIndex(emptied.db))
    with emptied.db.write() as db:
        last = holdings.fill(db, COUNT, 7)
    assert {hit.uri for hit in searcher.search("whale", k=COUNT)} == {
        f"mid:{n}@example.org" for n in range(COUNT - 7, COUNT)
    }
    assert Inventory(emptied.db).count(Query(words=("whale",))) == COUNT  # lists are whole all the same
    emptied.put(source, Unit(path="/new", stamp="1"), [make(900, "whale again")], [])
    emptied.put(source, Unit(path="/3", stamp="2"), [make(3, "another text")], [])
    emptied.drop_units(source, ["/5", f"/{COUNT - 1}"])  # one that is not in yet, one that is
    assert (last, complete(emptied.db)) == (COUNT - 7, False)
    finish(emptied.db)
    assert sound(emptied.db)
    assert [hit.uri for hit in searcher.search("another")] == ["mid:3@example.org"]
    assert len(searcher.search("whale", k=2 * COUNT)) == COUNT - 2


def test_closing_waits_for_one_portion_and_it_goes_on_from_there(
    emptied: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "_PAUSE_S", 0.2)
    work = Filling(emptied.db)
    work.start()
    while not emptied.db.value("SELECT count(*) FROM fts_docsize"):
        time.sleep(0.001)
    work.close()
    assert 0 < emptied.db.value("SELECT count(*) FROM fts_docsize") < COUNT
    finish(emptied.db)
    assert sound(emptied.db)


def test_the_oldest_is_the_last_to_be_filled_in_whatever_changes_meanwhile(
    emptied: Index, source: int, make: Make
) -> None:
    """Else what lies between would be taken for filled at the next start, and never be found."""
    with emptied.db.write() as db:
        holdings.fill(db, COUNT, 7)
    for n in (0, COUNT - 1):
        item = make(n, f"whale number{n}", title="Another title", digest=f"other {n}")
        emptied.put(source, Unit(path=f"/{n}", stamp="2"), [item], [])
    assert not complete(emptied.db)
    finish(emptied.db)
    assert sound(emptied.db)
    searcher = Searcher(emptied.db, VectorIndex(emptied.db))
    assert {hit.uri for hit in searcher.search("another title")} == {
        "mid:0@example.org",
        f"mid:{COUNT - 1}@example.org",
    }


def test_an_older_store_opens_at_once_with_its_words_to_come(paths: Paths, key: bytes) -> None:
    old = databases.connected(paths.index_db, key)
    old.conn.execute(f"PRAGMA application_id={databases.APPLICATION_ID}")
    INDEX.apply(old, stop_before="runs")
    for n in range(1, 4):
        old.conn.execute(
            "INSERT INTO items (uri, source, kind, title, text, digest, iso, until_iso, people, place, "
            "about, links, thread, path, meta) "
            "VALUES (?, 'mail', 'mail', 'Mail', ?, '', '', '', '', '', '', '[]', '', '', '{}')",
            (f"mid:{n}", f"whale 東京 {n}"),
        )
        old.conn.execute('INSERT INTO passages (item_id, start, "end") VALUES (?, 0, 10)', (n,))
    old.conn.execute("INSERT INTO fts (rowid, title, people, about, text) SELECT * FROM passage_words")
    old.close()
    with closing(open_index(paths, key)) as database:
        assert not complete(database)
        finish(database)
        assert sound(database)
        searcher = Searcher(database, VectorIndex(database))
        assert len(searcher.search("whale")) == len(searcher.search("東京")) == 3
