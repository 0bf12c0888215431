"""Items in index.db: replaced file by file, shared between files, followed through crashes."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import NotFound, UsageFault
from app.core.paths import Paths
from app.store.db import Database, open_index
from app.store.index import Batch, FileState, Index, Portion
from app.store.passages import MAX_CHARS, chunk, storable
from app.store.search import Searcher
from app.store.vectors import VectorIndex
from indexers.item import Item, Person, Skipped, Unit

Make = Callable[..., Item]


def _unit(path: str, stamp: str = "1") -> Unit:
    return Unit(path=path, stamp=stamp)


def test_a_file_is_replaced_as_a_whole(index: Index, source: int, make: Make) -> None:
    one, two, three = make(1, "one"), make(2, "two"), make(3, "three")
    first = index.put(source, _unit("/box"), [one, two], [Skipped(uri="file:///box#3", reason="bad header")])
    assert (first.added, first.updated, first.removed) == ((one.uri, two.uri), (), ())
    assert index.stamps(source) == {"/box": "1"}
    assert [s.reason for s in index.skipped()] == ["bad header"]
    changed = make(2, "zwei")
    second = index.put(source, _unit("/box", "2"), [one, changed, three], [])
    assert second.unchanged == (one.uri,)
    assert (second.added, second.updated, second.removed) == ((three.uri,), (two.uri,), ())
    assert index.item(two.uri).text == "zwei"
    third = index.put(source, _unit("/box", "3"), [three], [])
    assert set(third.removed) == {one.uri, two.uri}
    assert index.skipped() == ()
    assert index.counts().items == 1


def test_what_an_item_holds_comes_back(index: Index, source: int, make: Make) -> None:
    item = make(
        1,
        "text",
        people=(Person("Ana", "ana@x.org", "from"), Person("", "b@x.org", "to")),
        place="Lisbon",
        links=("mid:0@x",),
        thread="t1",
        meta={"tags": "trip"},
    )
    index.put(source, _unit("/a"), [item], [])
    view = index.item(item.uri)
    assert (view.when, view.place, view.links, view.meta) == (item.when, "Lisbon", item.links, item.meta)
    assert view.people == ("Ana <ana@x.org>", "b@x.org")
    with pytest.raises(NotFound):
        index.item("mid:nobody")


def test_an_unchanged_item_keeps_its_vectors(
    index: Index, vectors: VectorIndex, source: int, make: Make
) -> None:
    import numpy as np

    index.put(source, _unit("/a"), [make(1, "one"), make(2, "two")], [])
    pending = vectors.pending()
    vectors.add([id for id, _ in pending], np.eye(2, 64, dtype=np.float32), model="m")
    index.put(source, _unit("/a", "2"), [make(1, "one"), make(2, "zwei")], [])
    assert [text for _, text in vectors.pending()] == ["Mail 2\nzwei"]


def test_the_same_item_in_two_files_is_kept_once_until_both_are_gone(
    index: Index, source: int, make: Make
) -> None:
    here, there = make(1, "same", path="/a"), make(1, "same", path="/b")
    index.put(source, _unit("/a"), [here], [])
    assert index.put(source, _unit("/b"), [there], []).unchanged == (here.uri,)
    assert index.counts().items == 1
    assert index.drop_units(source, ["/a"]) == ()
    assert index.item(here.uri).path == "/b"
    assert index.drop_units(source, ["/b"]) == (here.uri,)
    assert index.counts().passages == 0


def test_two_versions_of_one_item_the_first_counts_and_the_other_inherits(
    index: Index, source: int, make: Make
) -> None:
    index.put(source, _unit("/a"), [make(1, "first", path="/a")], [])
    index.put(source, _unit("/b"), [make(1, "second", path="/b")], [])
    assert index.item("mid:1@example.org").text == "first"
    index.drop_units(source, ["/a"])
    assert index.stamps(source) == {"/b": ""}  # to be read again
    index.put(source, _unit("/b"), [make(1, "second", path="/b")], [])
    assert index.item("mid:1@example.org").text == "second"


def test_an_item_that_moved_within_one_batch_is_updated_not_lost(
    index: Index, source: int, make: Make
) -> None:
    index.put(source, _unit("/a"), [make(1, "text")], [])
    batch = [Batch(_unit("/a", "2")), Batch(_unit("/b"), [make(1, "text")])]
    change = index.put_many(source, batch)
    assert (change.added, change.updated, change.removed) == ((), ("mid:1@example.org",), ())
    assert index.counts().items == 1


@pytest.mark.parametrize("count", [3, 120])
def test_dropping_few_or_many_leaves_no_word_behind(
    index: Index, index_db: Database, vectors: VectorIndex, source: int, make: Make, count: int
) -> None:
    """Few are forgotten one by one, for many the word index is built anew; the outcome is the same."""
    batch = [Batch(_unit(f"/{n}"), [make(n, f"walrus {n} " + "and more " * 9)]) for n in range(count + 1)]
    index.put_many(source, batch)
    assert len(index.drop_units(source, [f"/{n}" for n in range(count)])) == count
    assert [hit.uri for hit in Searcher(index_db, vectors).search("walrus")] == [f"mid:{count}@example.org"]
    with index_db.write() as db:
        db.execute("INSERT INTO fts (fts, rank) VALUES ('integrity-check', 1)")
        forgotten = db.execute("SELECT count(*) FROM fts WHERE fts MATCH '\"1\"'").fetchone()[0]
    assert forgotten == 0


def test_replacing_many_at_once_keeps_words_in_step(
    index: Index, index_db: Database, vectors: VectorIndex, source: int, make: Make
) -> None:
    index.put_many(source, [Batch(_unit(f"/{n}"), [make(n, f"walrus {n}")]) for n in range(100)])
    change = index.put_many(source, [Batch(_unit(f"/{n}", "2"), [make(n, f"otter {n}")]) for n in range(100)])
    assert len(change.updated) == 100
    assert Searcher(index_db, vectors).search("walrus") == ()
    assert Searcher(index_db, vectors).search("otter 77")[0].uri == "mid:77@example.org"
    with index_db.write() as db:
        db.execute("INSERT INTO fts (fts, rank) VALUES ('integrity-check', 1)")


def test_what_is_to_be_read_again_is_read_from_its_beginning(index: Index, source: int, make: Make) -> None:
    """Also a large file of which some portions were kept when the wish came, before its last ones."""
    box = Unit(path="/box", stamp="1")
    first, last = Portion(cursor="5", first=True), Portion(cursor="9", last=True)
    index.put_many(source, [Batch(box, items=[make(1, "a")], portion=first)])
    assert index.files(source)["/box"] == FileState("", "", "1", "5")
    index.reread()
    assert index.files(source)["/box"] == FileState("")
    index.put_many(source, [Batch(box, items=[make(2, "b")], portion=last)])
    assert index.files(source)["/box"] == FileState(""), "what was read before may be lacking something"
    index.put_many(source, [Batch(box, items=[make(1, "a")], portion=first)])
    index.put_many(source, [Batch(box, items=[make(2, "b")], portion=last)])
    assert index.files(source)["/box"] == FileState("1", cursor="9")


def test_a_source_is_there_once(index: Index, tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    added = index.add_source(kind="notes", path=tmp_path / "a")
    for again in ("a", "a/b", ".", "a/../a"):
        with pytest.raises(UsageFault):
            index.add_source(kind="notes", path=tmp_path / again)
    index.add_source(kind="photos", path=tmp_path / "a" / "b")
    assert added.items == 0
    assert not added.missing
    with pytest.raises(NotFound):
        index.remove_source(kind="mail", path=tmp_path / "a")


def test_a_removed_source_takes_its_items_but_not_anothers(
    index: Index, source: int, make: Make, tmp_path: Path
) -> None:
    other = index.add_source(kind="mail", path=tmp_path / "other").id
    index.put(source, _unit("/a"), [make(1, "both"), make(2, "one")], [])
    index.put(other, _unit("/o"), [make(1, "both")], [])
    assert index.remove_source(kind="mail", path=tmp_path / "mail") == 1
    assert index.counts().items == 1
    with pytest.raises(NotFound):
        index.put(source, _unit("/a"), [make(3, "late")], [])


def test_who_is_in_no_item_is_forgotten(index: Index, index_db: Database, source: int, make: Make) -> None:
    index.put(source, _unit("/a"), [make(1, "x"), make(2, "y", person=Person("Bo", "bo@x.org", "from"))], [])
    index.put(source, _unit("/a", "2"), [make(1, "x")], [])
    assert [row["name"] for row in index_db.rows("SELECT name FROM people")] == ["Ana Lindström"]


def test_the_list_of_sources_outlives_the_index(
    paths: Paths, key: bytes, user_db: Database, tmp_path: Path
) -> None:
    first = open_index(paths, key)
    Index(first, user_db).add_source(kind="notes", path=tmp_path)
    first.close()
    paths.index_db.write_bytes(b"damaged")
    second = open_index(paths, key)
    assert [(s.kind, s.path) for s in Index(second, user_db).sources()] == [("notes", str(tmp_path))]
    second.close()


def test_the_end_of_a_run_is_noted(index: Index, source: int) -> None:
    index.finish(source, (Skipped(uri="file:///x", reason="permission denied"),))
    index.finish(source, (Skipped(uri="file:///y", reason="permission denied"),))
    assert [s.uri for s in index.skipped()] == ["file:///y"]
    assert index.sources()[0].last_indexed is not None
    assert index.sources()[0].skipped == 1


def test_a_thread_is_in_order_of_time(index: Index, source: int, make: Make) -> None:
    index.put(source, _unit("/a"), [make(3, "c", thread="t"), make(1, "a", thread="t"), make(2, "b")], [])
    assert [v.text for v in index.thread("mid:3@example.org")] == ["a", "c"]
    assert [v.text for v in index.thread("mid:2@example.org")] == ["b"]


def test_text_read_from_a_photo_is_found_and_the_photo_asked_for_once(
    index: Index, index_db: Database, vectors: VectorIndex, source: int, make: Make
) -> None:
    photo = make(1, "", uri="file:///p.jpg", kind="photo", source="photos", path="/p.jpg")
    blank = make(2, "", uri="file:///q.jpg", kind="photo", source="photos", path="/q.jpg")
    index.put(source, _unit("/p.jpg"), [photo, blank, make(3, "no photo")], [])
    assert index.wanting_ocr(limit=5) == [("file:///q.jpg", "/q.jpg"), ("file:///p.jpg", "/p.jpg")]
    index.set_text("file:///p.jpg", "Boarding pass LIS")
    for again in (True, True, False):  # three times in all
        assert index.set_ocr_failed("file:///q.jpg") is again
        assert index.wanting_ocr(limit=5) == []
        assert bool(index.failed_ocr()) is again
    assert Searcher(index_db, vectors).search("boarding")[0].uri == "file:///p.jpg"
    index.put(source, _unit("/p.jpg", "2"), [photo], [])  # untouched: what was read stays
    assert index.item("file:///p.jpg").text == "Boarding pass LIS"


@given(st.text(max_size=3000))
def test_passages_are_exact_and_leave_no_word_out(text: str) -> None:
    text = storable(text)
    offsets = chunk(text)
    assert all(0 <= start <= end <= len(text) and end - start <= MAX_CHARS for start, end in offsets)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(offsets))
    covered = "".join(text[start:end] for start, end in offsets)
    assert "".join(covered.split()) == "".join(text.split())


@pytest.mark.parametrize(
    "text", ["nul \0 in the middle of it", "lone \ud800 surrogate", "emoji 🦜 and é" * 90]
)
def test_strange_characters_keep_the_offsets_true(
    index: Index, index_db: Database, vectors: VectorIndex, source: int, make: Make, text: str
) -> None:
    index.put(source, _unit("/a"), [make(1, text)], [])
    stored = index.item("mid:1@example.org").text
    assert len(stored) == len(text)
    for hit in Searcher(index_db, vectors).search("middle surrogate emoji", k=5):
        assert stored[hit.start : hit.end] == hit.text


WRITE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from app.core.paths import Paths
from app.store.db import open_index
from app.store.index import Batch, Index
from indexers.item import Item, Unit

index = Index(open_index(Paths(Path(sys.argv[1])), bytes.fromhex(sys.argv[2])))
source = index.add_source(kind="mail", path=sys.argv[1]).id
for round in range(10_000):
    batch = []
    for n in range(round * 20, round * 20 + 20):
        fields = dict(source="mail", kind="mail", title=f"Mail {n}", text="word " * 200, digest=str(n))
        item = Item(uri=f"mid:{n}", **fields)
        batch.append(Batch(Unit(path=f"/{n}", stamp="1"), [item]))
    index.put_many(source, batch)
    print(round * 20 + 20, flush=True)  # acknowledged
"""


@pytest.mark.parametrize("acknowledged", [1, 4, 9])
def test_kill_in_the_middle_of_writing_loses_nothing_acknowledged(
    paths: Paths, key: bytes, acknowledged: int
) -> None:
    command = [sys.executable, "-c", WRITE, str(paths.data), key.hex()]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    with writer, writer.stdout:
        for _ in range(acknowledged):
            promised = int(writer.stdout.readline())
        writer.kill()
        promised = max([promised, *(int(line) for line in writer.stdout if line.endswith("\n"))])
    assert writer.returncode == -signal.SIGKILL
    database = open_index(paths, key)
    index = Index(database)
    kept = index.counts().items
    assert kept >= promised
    assert kept % 20 == 0  # a batch is there wholly or not at all
    assert index.item(f"mid:{promised - 1}").text
    assert database.value("SELECT count(*) FROM fts_docsize") == index.counts().passages
    assert database.value("PRAGMA integrity_check") == "ok"
    database.close()
