"""Files that move from one source to another of the same kind: what is known of them goes with them."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from app.core.types import Indexed, Moved, Progress, Removed, Skipped
from app.flows import files, index
from app.flows.context import Home
from app.flows.watch import Changes
from tests.flows.test_always_current import cite, embed, held, ids, note, other, vectors

__all__ = ["other"]


def run(home: Home, changes: Changes | None = None) -> list[object]:
    """Over all of one kind together, as a run does; steps that say something."""
    kinds = {
        source.kind: [s for s in home.index.sources() if s.kind == source.kind]
        for source in home.index.sources()
    }
    return [
        step
        for some in kinds.values()
        for step in files.together(home, some, index._Counts(), index._keep, changes)
        if not isinstance(step, Progress)
    ]


@pytest.fixture
def places(mine: Home, tmp_path: Path) -> tuple[Path, Path]:
    """Two sources, one below the other in the list of sources; the first has three notes."""
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
        index.add_source(mine, kind="notes", path=str(folder))
    note(one, "heron.md", "# Heron\nA heron stands in the harbour.\n")
    note(one, "deep/willow.md", "# Willow\nA willow stands by it.\n")
    note(two, "violin.md", "# Violin\nSomebody plays the violin.\n")
    run(mine)
    embed(mine)
    return one, two


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("back", [True, False])
def test_what_is_known_goes_along(mine: Home, places: tuple[Path, Path], told: bool, back: bool) -> None:
    one, two = places
    was, to = (two / "violin.md", one / "violin.md") if back else (one / "heron.md", two / "heron.md")
    before, known, talk = ids(mine), vectors(mine), cite(mine, was.as_uri())
    was.rename(to)
    changes = Changes(frozenset((was, to)), ()) if told else None  # each folder tells of its own half
    steps = run(mine, changes)
    assert [step for step in steps if isinstance(step, Moved)] == [Moved(uri=to.as_uri(), was=was.as_uri())]
    assert not [step for step in steps if isinstance(step, Removed | Indexed | Skipped)]
    assert sorted(ids(mine).values()) == sorted(before.values())
    assert vectors(mine) == known
    assert not mine.vectors.pending()
    (turn,) = mine.conversations.turns(talk)
    assert turn.citations[0].uri == to.as_uri()
    assert mine.index.item(to.as_uri()).path == str(to)
    counted = dict(mine.index.db.tuples("SELECT source_id, count(*) FROM units GROUP BY 1"))
    assert sorted(counted.values()) == ([3] if back else [1, 2])
    assert not run(mine)


def test_another_disk_has_other_inodes(mine: Home, places: tuple[Path, Path]) -> None:
    """The same name, size and time tell it then."""
    one, two = places
    known = vectors(mine)
    shutil.copy2(one / "deep" / "willow.md", two / "willow.md")
    (one / "deep" / "willow.md").unlink()
    assert [type(step) for step in run(mine)] == [Moved]
    assert vectors(mine) == known


def test_one_that_stays_is_no_move(mine: Home, places: tuple[Path, Path]) -> None:
    one, two = places
    shutil.copy2(one / "heron.md", two / "heron.md")
    assert [step.uri for step in run(mine) if isinstance(step, Indexed)] == [(two / "heron.md").as_uri()]
    assert (one / "heron.md").as_uri() in ids(mine)


def test_a_source_that_went_or_is_removed_takes_nothing_along(mine: Home, places: tuple[Path, Path]) -> None:
    one, two = places
    (one / "heron.md").rename(two / "heron.md")
    one.rename(one.with_name("away"))  # a disk that was taken out: nothing is gone from it
    steps = run(mine)
    assert not [step for step in steps if isinstance(step, Moved | Removed)]
    assert {(one / "heron.md").as_uri(), (two / "heron.md").as_uri()} <= set(ids(mine))
    one.with_name("away").rename(one)
    assert [step.uri for step in run(mine) if isinstance(step, Removed)] == [(one / "heron.md").as_uri()]
    mine.index.remove_source(kind="notes", path=str(one))
    assert set(ids(mine)) == {(two / name).as_uri() for name in ("heron.md", "violin.md")}


def test_what_moved_goes_with_the_source_it_is_in_now(mine: Home, places: tuple[Path, Path]) -> None:
    one, two = places
    (one / "heron.md").rename(two / "heron.md")
    run(mine)
    mine.index.remove_source(kind="notes", path=str(one))
    assert set(ids(mine)) == {(two / name).as_uri() for name in ("heron.md", "violin.md")}
    mine.index.remove_source(kind="notes", path=str(two))
    assert not ids(mine)


def test_mails_between_two_maildirs(mine: Home, tmp_path: Path) -> None:
    for name in ("work", "old"):
        for part in ("cur", "new", "tmp"):
            (tmp_path / name / part).mkdir(parents=True)
        index.add_source(mine, kind="mail", path=str(tmp_path / name))
    for n in range(3):
        head = f"From: Ben <ben@example.org>\nSubject: Number {n}\nMessage-ID: <{n}@example.org>\n"
        (tmp_path / "work" / "cur" / f"{n}:2,S").write_text(f"{head}\nA heron, {n}.\n")
    run(mine)
    embed(mine)
    before, known = ids(mine), vectors(mine)
    (tmp_path / "work" / "cur" / "1:2,S").rename(tmp_path / "old" / "cur" / "1:2,RS")
    steps = run(mine)
    assert not [step for step in steps if isinstance(step, Removed | Indexed | Skipped)]
    assert (ids(mine), vectors(mine)) == (before, known)
    assert mine.index.item("mid:1@example.org").meta["mailbox"] == "old"
    assert mine.index.item("mid:1@example.org").path.endswith("old/cur/1:2,RS")


def test_a_whole_run_sees_it(mine: Home, places: tuple[Path, Path]) -> None:
    one, two = places
    (one / "heron.md").rename(two / "heron.md")
    steps = list(index.index(mine, words=True))
    assert [step.uri for step in steps if isinstance(step, Moved)] == [(two / "heron.md").as_uri()]
    assert not [step for step in steps if isinstance(step, Removed | Indexed)]


def test_whatever_moves_the_store_is_as_one_made_afresh(
    mine: Home, other: Home, places: tuple[Path, Path]
) -> None:
    """Files and folders go to and fro between two sources, are edited, copied and deleted: a fixed seed."""
    chance, moved = random.Random(20261122), 0
    for round_ in range(40):
        for _ in range(chance.randint(1, 4)):
            files_ = sorted(path for place in places for path in place.rglob("*.md"))
            one, into = chance.choice(files_), chance.choice(places)
            match chance.randrange(6):
                case 0:
                    note(into, f"{round_}.md", f"# New {round_}\nA lantern, {chance.random()}.\n")
                case 1:
                    one.write_text(f"{one.read_text()} granite\n")
                case 2 if len(files_) > 3:
                    one.unlink()
                case 3:
                    shutil.copy2(one, into / f"copy {round_}.md")
                case 4 if one.parent not in places:
                    shutil.move(one.parent, into / f"moved {round_}")
                case _:
                    one.replace(into / f"{one.stem[:6]} {chance.randrange(9)}.md")
        moved += sum(isinstance(step, Moved) for step in run(mine))
    assert moved > 10
    for place in places:
        index.add_source(other, kind="notes", path=str(place))
    run(other)
    assert held(mine) == held(other)
    count = "SELECT s.path, count(*) FROM units u JOIN sources s ON s.id = u.source_id GROUP BY 1 ORDER BY 1"
    assert mine.index.db.tuples(count) == other.index.db.tuples(count)


def test_what_two_sources_lost_came_once(mine: Home, places: tuple[Path, Path], tmp_path: Path) -> None:
    """Copies of one file go from two sources, and one of them comes into a third: it is one of the two."""
    one, two, three = *places, tmp_path / "three"
    shutil.copy2(one / "heron.md", two / "heron.md")
    three.mkdir()
    index.add_source(mine, kind="notes", path=str(three))
    run(mine)
    shutil.copy2(one / "heron.md", three / "heron.md")
    for place in places:
        (place / "heron.md").unlink()
    steps = run(mine)
    assert len([step for step in steps if isinstance(step, Moved)]) == 1
    assert len([step for step in steps if isinstance(step, Removed)]) == 1
    counted = dict(mine.index.db.tuples("SELECT path, count(*) FROM units GROUP BY 1"))
    assert set(counted) == {str(p) for p in (one / "deep/willow.md", two / "violin.md", three / "heron.md")}
    assert (three / "heron.md").as_uri() in ids(mine)
    assert not run(mine)
