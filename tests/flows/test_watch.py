"""Following folders with the system's own notifications."""

from __future__ import annotations

import errno
import logging
import threading
from pathlib import Path

import pytest
from watchdog.observers import Observer

from app.flows import mounts, watch
from app.flows.watch import Watch


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "PULSE_S", 0.3)
    monkeypatch.setattr(watch, "DEBOUNCE_S", 0.1)
    monkeypatch.setattr(watch, "LONGEST_BURST_S", 0.5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    (folder / "deep" / "er").mkdir(parents=True)
    return folder


@pytest.fixture
def apart(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_a_change_in_a_folder_is_signalled(folder: Path, apart: Path) -> None:
    with Watch((folder,), apart=apart) as changes:
        signals = iter(changes)
        (folder / "deep" / "er" / "new.md").write_text("new")
        assert next(signals)
        assert not next(signals)  # nothing happened since
        (folder / "deep" / "er" / "new.md").rename(folder / "moved.md")
        assert next(signals)
        (folder / "moved.md").unlink()
        assert next(signals)


def test_reading_is_no_change(folder: Path, apart: Path) -> None:
    (folder / "old.md").write_text("old")
    with Watch((folder,), apart=apart) as changes:
        (folder / "old.md").read_text()
        list(folder.iterdir())
        assert not next(iter(changes))


def test_our_own_writing_is_no_change(folder: Path) -> None:
    own = folder / "data"
    own.mkdir()
    with Watch((folder,), apart=own) as changes:
        (own / "index.db").write_bytes(b"kept")
        assert not next(iter(changes))


def test_of_a_file_only_the_file_is_followed(folder: Path, apart: Path) -> None:
    mailbox = folder / "mail.mbox"
    mailbox.write_text("From a\n")
    with Watch((mailbox,), apart=apart) as changes:
        signals = iter(changes)
        (folder / "other.txt").write_text("other")
        (folder / "deep" / "other.txt").write_text("other")
        assert not next(signals)
        mailbox.write_text("From b\n")
        assert next(signals)


def test_changes_without_end_are_signalled_all_the_same(folder: Path, apart: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(0.02):
            (folder / "log.md").write_text("again")

    writing = threading.Thread(target=write)
    with Watch((folder,), apart=apart) as changes:
        writing.start()
        try:
            assert next(iter(changes))
        finally:
            stop.set()
            writing.join()


def test_closing_ends_it(folder: Path, apart: Path) -> None:
    before = set(threading.enumerate())
    with Watch((folder,), apart=apart) as changes:
        assert not next(iter(changes))
        assert set(threading.enumerate()) - before
    assert not set(threading.enumerate()) - before


def test_what_is_not_there_is_not_followed(folder: Path, apart: Path) -> None:
    with Watch((folder / "unplugged",), apart=apart) as changes:
        assert not next(iter(changes))


def test_what_changed_and_what_moved_is_told(folder: Path, apart: Path) -> None:
    (folder / "old.md").write_text("old")
    with Watch((folder,), apart=apart) as changes:
        signals = iter(changes)
        (folder / "deep" / "new.md").write_text("new")
        (folder / "old.md").rename(folder / "deep" / "moved.md")
        told = next(signals)
        assert told.within(folder) == {
            folder / "deep" / "new.md",
            folder / "old.md",
            folder / "deep" / "moved.md",
        }
        assert told.moves == ((str(folder / "old.md"), str(folder / "deep" / "moved.md")),)
        assert told.within(apart) == frozenset()


def test_what_cannot_be_followed_is_polled(
    folder: Path, apart: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of another machine, or beyond the number that the system follows."""
    monkeypatch.setattr(watch, "POLL_S", 0.5)
    far = tmp_path / "far"
    far.mkdir()
    monkeypatch.setattr(mounts, "elsewhere", lambda place: place == far)
    with Watch((folder, far), apart=apart) as changes:
        assert changes.polled == {far}
        signals = iter(changes)
        told = next(each for each in signals if each)
        assert told.within(far) is None
        assert told.within(folder) == frozenset()
    monkeypatch.setattr(mounts, "elsewhere", lambda place: False)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    with Watch((folder, far), apart=apart) as changes:
        assert not changes.polled
    monkeypatch.setattr(Observer, "schedule", full)
    with Watch((folder,), apart=apart) as changes:
        assert changes.polled == {folder}
        assert next(each for each in iter(changes) if each).within(folder) is None


def test_where_events_were_lost_all_is_looked_through(folder: Path, apart: Path) -> None:
    with Watch((folder,), apart=apart) as changes:
        signals = iter(changes)
        assert not next(signals)
        logging.getLogger("watchdog.observers.inotify_c").warning(
            "Inotify queue overflowed; events were lost"
        )
        assert next(signals).within(folder) is None


def test_kinds_of_file_systems(tmp_path: Path) -> None:
    assert not mounts.elsewhere(tmp_path)
    assert not mounts.elsewhere(Path("/proc/self"))
    assert not mounts.steady(Path("/proc/self"))
