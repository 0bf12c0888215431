"""A full disk and a read-only one: search goes on, one clear message, and indexing resumes by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors import NoSpace
from app.core.paths import Paths
from app.core.types import Answer, Indexed, Progress, Waiting
from app.flows import ask, files, index, opening
from app.flows.context import Home
from app.store.db import open_index
from app.store.vault import Vault

SIZE = 6_000_000


def _mount(*words: str) -> bool:
    return subprocess.run(["mount", *words], capture_output=True, check=False).returncode == 0


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 6 MB in memory, of its own: what fills it is the data folder and a filler."""
    folder = tmp_path / "small"
    folder.mkdir()
    if (
        sys.platform != "linux"
        or os.getuid() != 0
        or not _mount("-t", "tmpfs", "-o", f"size={SIZE}", "none", str(folder))
    ):
        # A real full disk needs a file system of one's own; ordinary users and most containers may not mount.
        pytest.skip("needs the right to mount a file system")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _notes(folder: Path, first: int, count: int) -> None:
    folder.mkdir(exist_ok=True)
    for n in range(first, first + count):
        (folder / f"{n}.md").write_text(f"# Note {n}\n" + " ".join(f"heron{n}x{k}" for k in range(400)))


def _begin(small: Path, notes: Path) -> tuple[Paths, str]:
    paths = Paths(small / "data")
    paths.make()
    code, home = opening.create(paths, "correct horse battery", -1)
    _notes(notes, 0, 20)
    index.add_source(home, kind="notes", path=str(notes))
    _words(home)
    opening.close(home)
    return paths, code


def _words(home: Home) -> list[object]:
    """One run without vectors: a model takes seconds to start and memory."""
    counts = index._Counts()
    return [step for source in home.index.sources() for step in files.sync(home, source, counts, index._keep)]


def _fill(folder: Path) -> Path:
    """Leave no byte."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return filler


def test_a_full_disk_holds_indexing_up_and_no_more(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, code = _begin(small, tmp_path / "notes")
    monkeypatch.setattr(index, "ROOM_EVERY_S", 0.05)
    monkeypatch.setattr(index, "ROOM_BYTES", 1_000_000)
    monkeypatch.setattr(index, "_embed", lambda home, counts: iter(()))
    home = opening.unlock(paths, code, -1, asked=True)
    filler = _fill(small)
    _notes(tmp_path / "notes", 20, 20)
    steps = index.index(home, watch=True)
    seen: list[object] = []
    for step in steps:
        seen.append(step)
        waits = sum(isinstance(s, Progress) and s.stage == "wait" for s in seen)
        if waits == 5:
            assert home.searcher.search("heron3x7")  # while it waits
            filler.unlink(missing_ok=True)
        if isinstance(step, Indexed) and step.uri.endswith("/39.md"):
            break
    steps.close()
    assert [s.reason for s in seen if isinstance(s, Waiting)] == [
        f"the disk is full ({paths.index_db}) — free some space and try again"
    ]
    assert home.index.counts().items == 40
    opening.close(home)


def test_a_store_opens_for_reading_on_a_full_disk(small: Path, tmp_path: Path) -> None:
    paths, code = _begin(small, tmp_path / "notes")
    filler = _fill(small)
    home = opening.unlock(paths, code, -1, asked=True)
    assert home.searcher.search("heron3x7")
    unkept = ask._kept(home, "What of herons?", Answer(text="They came.", citations=(), supported=True), 0)
    assert (unkept.text, unkept.conversation) == ("They came.", 0)
    _notes(tmp_path / "notes", 20, 20)
    with pytest.raises(NoSpace):
        _words(home)
    filler.unlink()
    _words(home)  # the same open store goes on where there is room
    assert home.index.counts().items == 40
    assert home.searcher.search("heron33x7")
    opening.close(home)


@pytest.mark.parametrize("crashed", [False, True])
def test_a_read_only_folder_is_searched(small: Path, tmp_path: Path, crashed: bool) -> None:
    paths, code = _begin(small, tmp_path / "notes")
    if crashed:  # the log still holds what was written last
        database = open_index(paths, Vault(paths).open(passphrase=code))
        with database.write() as db:
            db.execute("UPDATE items SET title = 'Written last' WHERE title = 'Note 3'")
        kept = {p: p.read_bytes() for p in paths.data.glob("index.db*") if not p.name.endswith("-shm")}
        database.close()
        for path, content in kept.items():
            path.write_bytes(content)
    assert _mount("-o", "remount,ro", str(small))
    home = opening.unlock(paths, code, -1, asked=True)
    try:
        assert not opening.status(paths, home).writable
        hits = home.searcher.search("heron3x7")
        assert [hit.title for hit in hits] == ["Written last" if crashed else "Note 3"]
        _notes(tmp_path / "notes", 20, 20)
        with pytest.raises(NoSpace, match=r"cannot be written|read-only"):
            _words(home)
        assert home.searcher.search("heron3x7")
        assert _mount("-o", "remount,rw", str(small))
        _words(home)
        assert home.index.counts().items == 40
    finally:
        opening.close(home)
    shutil.rmtree(paths.data)
