"""Whatever happens to the files of a folder that is followed, the store is what a fresh index of it is."""

from __future__ import annotations

import errno
import logging
import os
import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from app.core.paths import Paths
from app.core.types import Citation, Done, Indexed, Moved, Progress, Removed, Turn
from app.flows import files, index, opening, watch
from app.flows.context import Home
from app.flows.watch import Changes, Watch
from app.store.exclusions import Exclusions
from app.store.ocr import OcrQueue
from indexers import item as kept
from tests.conftest import FULL

pytestmark = pytest.mark.timeout(7200 if FULL else 600)
ROUNDS = 10_000 if FULL else 300
WORDS = "heron willow copper lantern harbour violin saffron meadow granite ferry orchard beacon".split()


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "PULSE_S", 0.2)
    monkeypatch.setattr(watch, "DEBOUNCE_S", 0.1)
    monkeypatch.setattr(watch, "LONGEST_BURST_S", 1.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    return folder


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Home]:
    """A second home, for the index made afresh."""
    paths = Paths(tmp_path / "other")
    paths.make()
    _, opened = opening.create(paths, "correct horse battery", -1)
    yield opened
    opening.close(opened)


class Hands:
    """Somebody who does things to files, the same at each run."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.chance = folder, random.Random(seed)
        self.folders, self.files = [folder], list[Path]()
        self.made = 0

    def text(self) -> str:
        title = f"# {self.chance.choice(WORDS).title()} {self.made}\n" if self.chance.random() < 0.6 else ""
        return f"{title}{' '.join(self.chance.choices(WORDS, k=self.chance.randint(3, 60)))}\n"

    def name(self, folder: Path) -> Path:
        self.made += 1
        return folder / f"{self.chance.choice(WORDS)} {self.made}.md"

    def act(self) -> None:
        choice = self.chance.random()
        if choice < 0.40 or len(self.files) < 5:
            path = self.name(self.chance.choice(self.folders))
            path.write_text(self.text())
            self.files.append(path)
        elif choice < 0.60:
            self.edit(self.chance.choice(self.files))
        elif choice < 0.75:
            self.move(self.chance.choice(self.files))
        elif choice < 0.90:
            path = self.chance.choice(self.files)
            path.unlink()
            self.files.remove(path)
        elif choice < 0.99:
            path = self.chance.choice(self.folders) / f"folder {self.made}"
            self.made += 1
            path.mkdir()
            self.folders.append(path)
        else:
            self.move_folder()

    def edit(self, path: Path) -> None:
        if self.chance.random() < 0.5:
            path.write_text(self.text())
        else:  # as editors save: another file in its place
            fresh = path.with_name(f".{path.name}.new")
            fresh.write_text(self.text())
            fresh.replace(path)

    def move(self, path: Path) -> None:
        onto = self.chance.choice(self.files)
        to = onto if self.chance.random() < 0.2 else self.name(self.chance.choice(self.folders))
        path.replace(to)
        self.files.remove(path)
        if to not in self.files:
            self.files.append(to)

    def move_folder(self) -> None:
        if len(self.folders) < 3:
            return
        path = self.chance.choice(self.folders[1:])
        homes = [f for f in self.folders if path not in (f, *f.parents)]
        to = self.chance.choice(homes) / f"moved {self.made}"
        self.made += 1
        path.rename(to)
        self.folders = [to / f.relative_to(path) if path in (f, *f.parents) else f for f in self.folders]
        self.files = [to / f.relative_to(path) if path in f.parents else f for f in self.files]


def held(home: Home) -> list[tuple[object, ...]]:
    """Every row that says what is known, and what each word finds."""
    db = home.index.db
    rows = db.tuples("SELECT uri, title, text, digest, path, about FROM items ORDER BY uri")
    passages = db.tuples(
        'SELECT i.uri, p.start, p."end" FROM passages p JOIN items i ON i.id = p.item_id ORDER BY 1, 2'
    )
    found = "SELECT i.uri FROM fts JOIN passages p ON p.id = fts.rowid JOIN items i ON i.id = p.item_id "
    words = [
        (word, *row)
        for word in WORDS
        for row in db.tuples(f"{found} WHERE fts MATCH ? ORDER BY i.uri", [word])
    ]
    units = db.tuples("SELECT path, stamp FROM units ORDER BY path")
    return [*rows, *passages, *words, *units]


def once(home: Home, changes: Changes | None = None) -> list[object]:
    """One run over every source, of words alone."""
    counts = index._Counts()
    return [
        step
        for source in home.index.sources()
        for step in files.sync(home, source, counts, index._keep, changes)
    ]


def calm(home: Home, changes: Iterator[Changes], quiet: int = 3) -> int:
    """Follow until nothing has happened for a while; how often it was told where."""
    still = told = 0
    while still < quiet:
        change = next(changes)
        still = 0 if change else still + 1
        if change:
            told += not change.all
            once(home, change)
    return told


def test_a_store_that_followed_is_as_one_made_afresh(mine: Home, other: Home, folder: Path) -> None:
    index.add_source(mine, kind="notes", path=str(folder))
    once(mine)
    hands, told = Hands(folder, 20261122), 0
    with Watch((folder,), apart=mine.paths.data) as changes:
        following = iter(changes)
        for n in range(ROUNDS):
            hands.act()
            if n % 50 == 49:
                told += calm(mine, following, quiet=1)
        told += calm(mine, following)
    assert told  # where a folder moved all is looked through
    index.add_source(other, kind="notes", path=str(folder))
    once(other)
    assert len(hands.files) == mine.index.counts().items > 10
    assert held(mine) == held(other)
    victim = hands.files[0]  # the control: one change that nobody tells of is seen by the comparison
    victim.write_text(f"{victim.read_text()} granite\n")
    once(other)
    assert held(mine) != held(other)


@pytest.mark.skipif(sys.platform != "linux", reason="of inotify")
def test_the_end_of_the_thread_that_waits_is_no_error(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Watch((folder,), apart=folder.parent / "elsewhere") as changes:
        emitter = next(iter(changes._observer.emitters))
        emitter.on_thread_stop()  # as stopping does, while the thread may be about to wait again
        emitter.queue_events(0.1)
        assert not caplog.records
        logging.getLogger("watchdog.observers.inotify").warning("a control that is said")
        assert [record.message for record in caplog.records] == ["a control that is said"]


def note(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def cite(home: Home, uri: str) -> int:
    id = home.conversations.create("about the heron")
    citation = Citation(n=1, uri=uri, start=0, end=5, title="Heron", quote="heron")
    turn = Turn(role="assistant", text="It is a heron [1].", when=datetime.now(UTC), citations=(citation,))
    home.conversations.add_turn(id, turn)
    return id


def ids(home: Home) -> dict[str, int]:
    return dict(home.index.db.tuples("SELECT uri, id FROM items"))


def vectors(home: Home) -> set[tuple[int, int]]:
    return set(home.index.db.tuples("SELECT id, passage_id FROM vectors"))


def embed(home: Home) -> None:
    pending = [id for id, _ in home.vectors.pending()]
    home.vectors.add(pending, np.ones((len(pending), 64), np.float32), model="m")


@pytest.mark.parametrize("told", [True, False])
def test_a_file_that_moved_keeps_what_is_known_of_it(mine: Home, folder: Path, told: bool) -> None:
    one = note(folder, "deep/one.md", "# Heron\nA heron stands in the harbour.\n")
    note(folder, "deep/two.md", "# Willow\nA willow stands by it.\n")
    index.add_source(mine, kind="notes", path=str(folder))
    once(mine)
    embed(mine)
    before, known, talk = ids(mine), vectors(mine), cite(mine, one.as_uri())
    (folder / "deep").rename(folder / "moved")
    (folder / "moved" / "one.md").rename(folder / "first.md")
    moves = (
        (str(folder / "deep"), str(folder / "moved")),
        (str(folder / "moved/one.md"), str(folder / "first.md")),
    )
    steps = once(mine, Changes(frozenset(Path(p) for pair in moves for p in pair), moves) if told else None)
    assert {step.uri for step in steps if isinstance(step, Moved)} == {
        (folder / "first.md").as_uri(),
        (folder / "moved/two.md").as_uri(),
    }
    assert not [step for step in steps if isinstance(step, Removed | Indexed)]
    assert sorted(ids(mine).values()) == sorted(before.values())
    assert ids(mine)[(folder / "first.md").as_uri()] == before[one.as_uri()]
    assert vectors(mine) == known
    assert not mine.vectors.pending()
    (turn,) = mine.conversations.turns(talk)
    assert turn.citations[0].uri == (folder / "first.md").as_uri()
    assert mine.index.item(turn.citations[0].uri).path == str(folder / "first.md")
    assert not [step for step in once(mine) if not isinstance(step, Progress)]


def test_a_file_moved_and_edited_at_once_is_followed_by_what_was_seen(mine: Home, folder: Path) -> None:
    one = note(folder, "one.md", "# Heron\nA heron.\n")
    index.add_source(mine, kind="notes", path=str(folder))
    once(mine)
    id = ids(mine)[one.as_uri()]
    two = folder / "two.md"
    one.rename(two)
    two.write_text("# Heron\nTwo herons.\n")
    once(mine, Changes(frozenset((one, two)), ((str(one), str(two)),)))
    assert ids(mine) == {two.as_uri(): id}
    assert "Two herons" in mine.index.item(two.as_uri()).text


def test_what_was_read_in_a_picture_stays_when_its_file_moves(mine: Home, folder: Path) -> None:
    from PIL import Image

    picture = folder / "sign.png"
    Image.new("RGB", (40, 20), "navy").save(picture)
    index.add_source(mine, kind="photos", path=str(folder))
    once(mine)
    OcrQueue(mine.index.db).set_text(picture.as_uri(), "Harbour this way")
    picture.rename(folder / "another.png")
    once(mine)
    item = mine.index.item((folder / "another.png").as_uri())
    assert "Harbour this way" in item.text
    assert item.title == "another.png"
    assert not mine.index.wanting_ocr()
    assert mine.searcher.search("another harbour")


def test_what_was_forgotten_stays_forgotten_under_another_name(mine: Home, folder: Path) -> None:
    from app.flows import forget

    one = note(folder, "one.md", "# Heron\nA heron.\n")
    index.add_source(mine, kind="notes", path=str(folder))
    once(mine)
    forget.forget(mine, kind="item", value=one.as_uri())
    one.rename(folder / "two.md")
    once(mine)
    os.utime(folder / "two.md", (1, 1))  # read again
    once(mine)
    assert not ids(mine)
    assert [e.value for e in Exclusions(mine.user.db).list()] == [(folder / "two.md").as_uri()]


def test_only_where_something_changed_is_looked(mine: Home, folder: Path) -> None:
    one = note(folder, "a/one.md", "# Heron\nA heron.\n")
    two = note(folder, "b/two.md", "# Willow\nA willow.\n")
    index.add_source(mine, kind="notes", path=str(folder))
    once(mine)
    one.write_text("# Heron\nTwo herons.\n")
    two.write_text("# Willow\nTwo willows.\n")
    steps = once(mine, Changes(frozenset((one,))))
    assert [step.uri for step in steps if isinstance(step, Indexed)] == [one.as_uri()]
    note(folder, ".obsidian/workspace.json", "{}")
    assert not once(mine, Changes(frozenset((folder / ".obsidian" / "workspace.json",))))


def test_a_pause_holds_what_follows_and_not_what_is_asked_for(mine: Home, folder: Path) -> None:
    from app.core.types import Waiting

    note(folder, "one.md", "# Heron\nA heron.\n")
    index.add_source(mine, kind="notes", path=str(folder))
    mine.user.set("indexing.paused", "true")
    steps = index.index(mine, watch=True, words=True)
    assert isinstance(next(s for s in steps if not isinstance(s, Progress)), Waiting)
    assert mine.index.counts().items == 0
    mine.user.set("indexing.paused", "false")
    until = time.monotonic() + 60
    while not isinstance(next(steps), Done):
        assert time.monotonic() < until
    steps.close()
    assert mine.index.counts().items == 1
    mine.user.set("indexing.paused", "true")
    note(folder, "two.md", "# Willow\nA willow.\n")
    assert isinstance(list(index.index(mine, words=True))[-1], Done)
    assert mine.index.counts().items == 2


def test_a_window_at_rest_is_told_nothing(mine: Home, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until it is closed; who iterates the flow itself gets steps all the same, to be able to stop."""
    note(folder, "one.md", "# Heron\nA heron.\n")
    index.add_source(mine, kind="notes", path=str(folder))
    asked = []

    def silent() -> bool:
        asked.append(True)
        return len(asked) < 5

    with closing(index.index(mine, watch=True, words=True)) as steps:
        while not isinstance(step := next(steps), Progress) or step.stage != "watch":
            pass
        assert isinstance(next(steps), Progress)
        monkeypatch.setattr(index, "may_be_silent", silent)
        assert isinstance(next(steps), Progress)
    assert len(asked) == 5


def test_what_lies_in_a_folder_that_cannot_be_listed_is_kept(mine: Home, folder: Path) -> None:
    """Else all of it is lost for a share that hangs for a moment, or for rights that changed."""
    shut, one, two = folder / "shut", note(folder, "shut/deep/heron.md", "A heron.\n"), folder / "two.md"
    note(folder, "two.md", "Two.\n")
    index.add_source(mine, kind="notes", path=str(folder))
    list(index.index(mine, words=True))
    before = mine.index.files(mine.index.sources()[0].id)
    assert set(before) == {str(one), str(two)}
    told = [kept.Skipped(uri=shut.as_uri(), reason="this folder could not be read")]
    assert set(files.seen(before, {}, told)) == {str(two)}  # which went
    assert set(files.seen(before, {}, [])) == set(before)
    file = [kept.Skipped(uri=two.as_uri(), reason="this file could not be read")]
    assert set(files.seen(before, {}, file)) == set(before)
    if os.geteuid() and sys.platform != "win32":  # root reads all
        shut.chmod(0)
        two.unlink()
        removed = [step.uri for step in index.index(mine, words=True) if isinstance(step, Removed)]
        shut.chmod(0o700)
        assert removed == [two.as_uri()]
    shutil.rmtree(shut)
    told = [kept.Skipped(uri=shut.as_uri(), reason="it went while it was looked through")]
    assert set(files.seen(before, {}, told)) == set(before)


def test_patterns_and_domains_are_left_out(mine: Home, folder: Path) -> None:
    from app.flows import forget

    for name in ("old/one.md", "old/log.md", "new/two.md", "new/two.tmp.md"):
        note(folder, name, f"# Heron\nThe heron of {name}.\n")
    index.add_source(mine, kind="notes", path=str(folder))
    once(mine)
    assert forget.covered(mine, kind="pattern", value="*.tmp.md") == 1
    assert forget.covered(mine, kind="pattern", value="old") == 2
    assert forget.covered(mine, kind="pattern", value="old/log.*") == 1
    forget.forget(mine, kind="pattern", value="old")
    note(folder, "new/old/three.md", "# Heron\nAnother.\n")
    once(mine)
    assert {Path(uri).name for uri in ids(mine)} == {"two.md", "two.tmp.md"}
    forget.again(mine, kind="pattern", value="old")
    once(mine)
    assert len(ids(mine)) == 5


def test_a_folder_that_comes_back_is_followed_again(mine: Home, folder: Path) -> None:
    """As a disk that is taken out and plugged in."""
    one = note(folder, "one.md", "# Heron\nA heron.\n")
    index.add_source(mine, kind="notes", path=str(folder))
    away = folder.rename(folder.with_name("away"))
    steps = index.index(mine, watch=True, words=True)
    until = time.monotonic() + 90
    while not isinstance(step := next(steps), Progress) or step.stage != "watch":
        assert time.monotonic() < until
    assert mine.index.counts().items == 0
    away.rename(folder)
    while mine.index.counts().items < 1:
        next(steps)
        assert time.monotonic() < until
    while not isinstance(step := next(steps), Progress) or step.stage != "watch":
        assert time.monotonic() < until
    one.write_text("# Heron\nTwo herons.\n")
    while "Two" not in mine.index.item(one.as_uri()).text:
        next(steps)
        assert time.monotonic() < until
    steps.close()


def followed(
    steps: Iterator[object], name: str, act: Callable[[], object], when: Callable[[object], bool]
) -> bool:
    """Whether a file called ``name`` is read after ``act``, which is done at the first ``when``."""
    done, until = False, time.monotonic() + 20
    for step in steps:
        if not done and when(step):
            done, until = True, time.monotonic() + 20
            act()
        if isinstance(step, Indexed) and step.uri.endswith(name):
            return True
        if time.monotonic() > until:
            break
    return False


def test_what_changes_during_the_first_look_is_followed(mine: Home, folder: Path) -> None:
    (folder / "a.md").write_text("heron")
    index.add_source(mine, kind="notes", path=str(folder))
    with closing(index.index(mine, words=True, watch=True)) as steps:
        assert followed(
            steps, "b.md", lambda: (folder / "b.md").write_text("willow"), lambda s: isinstance(s, Done)
        )


def test_what_changes_is_read_before_all_has_its_vectors(
    mine: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "EMBED_BATCH", 1)
    monkeypatch.setattr(index, "MEANWHILE_S", 0.0)
    for n in range(30):
        (folder / f"{n}.md").write_text(f"heron {n}")
    index.add_source(mine, kind="notes", path=str(folder))

    def embedding(step: object) -> bool:
        return isinstance(step, Progress) and step.stage == "embed"

    fresh: list[Path] = []
    monkeypatch.setattr(Watch, "waiting", lambda self: bool(fresh))  # at once, however busy this machine is
    with closing(index.index(mine, watch=True)) as steps:
        assert followed(steps, "b.md", lambda: fresh.append(note(folder, "b.md", "willow")), embedding)
        assert mine.index.counts().embedded < 30
        fresh.clear()
        for step in steps:  # and then the others are
            if isinstance(step, Done) and mine.index.counts().embedded == 31:
                break


def test_a_folder_in_the_place_of_another_is_followed(mine: Home, folder: Path) -> None:
    (folder / "a.md").write_text("heron")
    index.add_source(mine, kind="notes", path=str(folder))
    fresh = folder.with_name("fresh")
    fresh.mkdir()
    (fresh / "b.md").write_text("willow")

    def exchange() -> None:
        folder.rename(folder.with_name("old"))
        fresh.rename(folder)

    def watching(step: object) -> bool:
        return isinstance(step, Progress) and step.stage == "watch"

    with closing(index.index(mine, words=True, watch=True)) as steps:
        assert followed(steps, "b.md", exchange, watching)
        assert followed(steps, "c.md", lambda: (folder / "c.md").write_text("copper"), watching)


def test_a_disk_that_does_not_answer_costs_nothing_that_is_known(
    mine: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.md").write_text("heron")
    index.add_source(mine, kind="notes", path=str(folder))
    once(mine)
    stat = os.stat

    def silent(path: object, **how: object) -> os.stat_result:
        if str(path) == str(folder):
            raise OSError(errno.ENOTCONN, os.strerror(errno.ENOTCONN))
        return stat(path, **how)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(os, "stat", silent)
    (source,) = mine.index.sources()
    assert (source.missing, source.items) == (True, 1)
    once(mine)
    assert mine.index.counts().items == 1
    with Watch((folder,), apart=mine.paths.data):
        pass
