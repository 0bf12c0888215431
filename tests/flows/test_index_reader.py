"""Files are read many at once: what ends the reader is found, named, and costs no other file."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from app.core.types import Done, Indexed, Skipped
from app.flows import index
from app.flows.context import Home
from app.flows.manners import Manners, Person
from app.workers.reader import LIMITS
from app.workers.worker import Worker


def notes(folder: Path, count: int) -> Path:
    folder.mkdir()
    for n in range(count):
        (folder / f"{n:04}.md").write_text(f"# Note {n}\nThe number is {n}.\n")
    return folder


def test_files_that_end_the_reader_are_skipped_alone(mine: Home, tmp_path: Path) -> None:
    folder = notes(tmp_path / "notes", 250)
    for n in (0, 7, 8, 249):
        (folder / f"{n:04}.md").rename(folder / f"{n:04} deadly.md")
    reader = Worker("reader", "tests.flows.dying_reader:service", limits=LIMITS)
    home = replace(mine, reader=reader, spare=())
    try:
        index.add_source(home, kind="notes", path=str(folder))
        steps = list(index.index(home, words=True))
    finally:
        reader.stop()
    skipped = [Path(step.uri).name for step in steps if isinstance(step, Skipped)]
    assert skipped == [f"{n:04}%20deadly.md" for n in (0, 7, 8, 249)]
    assert sum(isinstance(step, Indexed) for step in steps) == 246
    assert mine.index.counts().items == 246


def test_a_reader_killed_at_any_time_loses_nothing(mine: Home, tmp_path: Path) -> None:
    index.add_source(mine, kind="notes", path=str(notes(tmp_path / "notes", 900)))
    found, steps = set[str](), []
    for step in index.index(mine, words=True):
        steps.append(step)
        if isinstance(step, Indexed):
            found.add(step.uri)
            if len(found) in (1, 250, 500):
                mine.reader.kill("the test")
    assert isinstance(steps[-1], Done)
    lost = {step.uri for step in steps if isinstance(step, Skipped)}
    assert len(found) == 900
    assert not lost


def test_words_alone_start_no_model(mine: Home, tmp_path: Path) -> None:
    index.add_source(mine, kind="notes", path=str(notes(tmp_path / "notes", 3)))
    assert isinstance(list(index.index(mine, words=True))[-1], Done)
    assert not any(state.pid for state in mine.specialists.processes())
    assert mine.index.counts().embedded == 0
    assert mine.searcher.search("number")


def test_background_work_rests_while_an_answer_is_made() -> None:
    answering = [False]
    manners = Manners(lambda: answering[0])
    assert list(manners.give_way()) == []
    answering[0] = True
    time.sleep(0.02)
    started = time.monotonic()
    assert list(manners.give_way())
    assert time.monotonic() - started > 0.1
    time.sleep(0.5)  # ends as soon as nobody waits any more
    rests = 0
    for _ in manners.give_way():
        rests += 1
        answering[0] = False
    assert rests == 1


def test_what_follows_is_slow_while_the_person_types_and_waits_while_it_is_paused(mine: Home) -> None:
    pace = Person.pace(mine)
    mine.person.tell(60.0)  # a window that says that nobody is there: the load of the machine does not count
    assert pace() in (0.25, 1.0)  # this machine may run on battery
    on_mains = pace()
    mine.person.tell(0.5)
    assert pace() == 0.25
    mine.user.set("indexing.paused", "true")
    assert pace() == 0
    mine.user.set("indexing.paused", "false")
    mine.person.tell(60.0)
    assert pace() == on_mains
    share = [0.25]
    manners = Manners(pace=lambda: share[0])
    time.sleep(0.2)
    started = time.monotonic()
    for _ in manners.give_way():
        pass
    assert time.monotonic() - started >= 0.5  # three times as long as it worked
    share[0] = 0.0
    time.sleep(0.6)
    rested = 0
    for _ in manners.give_way():
        rested += 1
        if rested == 3:
            share[0] = 1.0
    assert 3 <= rested < 20
    assert not manners.paused
