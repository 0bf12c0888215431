"""Following folders with the system's own notifications."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from app.flows import watch
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
