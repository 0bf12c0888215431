"""A tree of Maildirs that has not changed is not looked through; whatever happens in it is found."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.types import Done
from app.flows import files, forget, index
from app.flows import still as flow
from app.flows.context import Home
from indexers import _maildir

LONG_AGO_NS = 1_600_000_000 * 1_000_000_000
MAIL = "From: Ana <ana@example.org>\nMessage-ID: <{n}@example.org>\nSubject: Mail {n}\n\nNumber {n}.\n"


def put(folder: Path, n: int) -> Path:
    path = folder / f"{n}.host:2,"
    path.write_text(MAIL.format(n=n))
    return path


def age(root: Path) -> None:
    """As if nothing had happened there for years, though each folder has a time of its own."""
    for number, folder in enumerate(sorted(path for path in (root, *root.rglob("*")) if path.is_dir())):
        os.utime(folder, ns=(LONG_AGO_NS, LONG_AGO_NS + number))


@pytest.fixture
def box(mine: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "Maildir"
    for folder in ("cur", "new", "tmp", ".Sent/cur", ".Sent/new", ".Sent/tmp"):
        (root / folder).mkdir(parents=True)
    (root / "dovecot-uidlist").write_text("3 V1 N4\n")
    for n in range(3):
        put(root / "cur", n)
    put(root / ".Sent" / "cur", 3)
    age(root)
    monkeypatch.setattr(flow.mounts, "steady", lambda folder: True)
    index.add_source(mine, kind="mail", path=str(root))
    return root


@pytest.fixture
def run(mine: Home, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[bool, Done]]:
    """Index by words: whether files were listed, and what came of it."""
    looked: list[bool] = []
    scan = files._scan
    monkeypatch.setattr(files, "_scan", lambda *args: looked.append(True) or scan(*args))

    def once() -> tuple[bool, Done]:
        looked.clear()
        last = list(index.index(mine, words=True))[-1]
        assert isinstance(last, Done)
        return bool(looked), last

    return once


def test_what_has_not_changed_is_not_looked_through(box: Path, run: Callable[[], tuple[bool, Done]]) -> None:
    looked, done = run()
    assert (looked, done.added, done.unchanged) == (True, 4, 0)
    looked, done = run()
    assert (looked, done.added, done.removed, done.unchanged, done.items) == (False, 0, 0, 4, 4)


@pytest.mark.parametrize(
    ("change", "added", "removed"),
    [
        (lambda box: put(box / "new", 9), 1, 0),
        (lambda box: put(box / ".Sent/cur", 9), 1, 0),
        (lambda box: (box / "cur/1.host:2,").unlink(), 0, 1),
        (lambda box: (box / "cur/1.host:2,").rename(box / "cur/1.host:2,S"), 0, 0),
        (lambda box: [(box / ".New/cur").mkdir(parents=True), put(box / ".New/cur", 9)], 1, 0),
        (lambda box: (box / ".Sent").rename(box.parent / "elsewhere"), 0, 1),
    ],
    ids=["new", "in a folder", "removed", "read", "a new folder", "a folder that went"],
)
def test_every_change_is_found(
    box: Path,
    run: Callable[[], tuple[bool, Done]],
    change: Callable[[Path], object],
    added: int,
    removed: int,
) -> None:
    run()
    change(box)
    looked, done = run()
    assert (looked, done.added, done.removed) == (True, added, removed)
    assert run()[0]  # what changed a moment ago is not trusted yet
    age(box)
    assert (run()[0], run()[0]) == (True, False)


def test_what_comes_in_the_same_tick_as_the_look_is_found(
    box: Path, run: Callable[[], tuple[bool, Done]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def change_unseen(n: int) -> None:
        before = (box / "new").stat().st_mtime_ns
        put(box / "new", n)
        os.utime(box / "new", ns=(before, before))  # the clock of the file system has not moved

    os.utime(box / "new", ns=(time.time_ns(), time.time_ns()))
    run()
    change_unseen(9)
    assert run()[1].added == 1
    monkeypatch.setattr(_maildir, "_SURE_NS", -(10**12))  # the control: without the rule it is lost
    run()
    change_unseen(10)
    assert run()[0] is False


def test_a_file_that_waits_to_be_read_again_and_a_day_are_reasons_to_look(
    mine: Home, box: Path, run: Callable[[], tuple[bool, Done]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    mine.index.reread()
    assert run()[0] is True
    assert run()[0] is False
    monkeypatch.setattr(flow, "_DAY_S", 0.0)
    assert run()[0] is True


def test_what_is_allowed_again_is_looked_for_though_nothing_else_is_there(
    mine: Home, box: Path, run: Callable[[], tuple[bool, Done]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    for folder in ("cur", ".Sent"):
        forget.forget(mine, kind="path", value=str(box / folder))
    with monkeypatch.context() as a_day_later:
        a_day_later.setattr(flow, "_DAY_S", 0.0)
        assert run()[1].items == 0
    assert run()[0] is False
    for folder in ("cur", ".Sent"):
        forget.again(mine, kind="path", value=str(box / folder))
    assert run()[1].added == 4


@pytest.mark.parametrize("beside", ["archive.mbox", "note.eml", "cur/kept", "lists/new"])
def test_files_that_change_in_place_are_looked_at_each_time(
    box: Path, run: Callable[[], tuple[bool, Done]], beside: str
) -> None:
    path = box / beside
    path.mkdir(parents=True) if "/" in beside else path.write_text(MAIL.format(n=7))
    if path.is_dir():
        (path / "7.eml").write_text(MAIL.format(n=7))
    age(box)
    assert [run()[0] for _ in range(3)] == [True, True, True]


def test_without_steady_times_nothing_is_taken_for_granted(
    box: Path, run: Callable[[], tuple[bool, Done]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow.mounts, "steady", lambda folder: False)
    assert [run()[0] for _ in range(2)] == [True, True]
