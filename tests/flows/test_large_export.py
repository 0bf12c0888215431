"""A large export of notes is kept in portions: after kill -9 reading goes on, and nothing is there twice."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from app.core.paths import Paths
from app.flows import files, index, opening
from app.flows.context import Home
from tests.conftest import FULL
from tests.flows.test_large_mailbox import Child
from tests.indexers import noted

pytestmark = pytest.mark.timeout(1200 if FULL else 300)
NOTES = 20_000 if FULL else 700


def export(path: Path) -> None:
    notes = noted.enex(
        *(f"Note {n % (NOTES - 5)}" for n in range(NOTES)), attached=b"Three sacks of compost " * 400
    )
    path.write_bytes(notes)


def test_a_large_export_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    export(tmp_path / "all.enex")
    paths = Paths(tmp_path / "data")
    paths.make()
    code, home = opening.create(paths, "correct horse battery", -1)
    opening.close(home)
    kept = read = 0
    first = Child(tmp_path, code, "all.enex", "notes")
    for line in first.lines():
        if line.startswith("read "):
            kept += int(line.split()[1])
            if kept > NOTES * 0.4:
                first.process.send_signal(signal.SIGKILL)
                break
    first.end()
    assert kept < NOTES
    second = Child(tmp_path, code, "all.enex", "notes")
    for line in second.lines():
        read += int(line.split()[1]) if line.startswith("read ") else 0
    second.end()
    assert second.process.returncode == 0
    assert NOTES - kept <= read <= NOTES - kept + 400  # a portion that was under way
    home = opening.unlock(paths, code, -1, asked=True)
    assert home.index.db.value("SELECT count(*) FROM items WHERE kind = 'note'") == NOTES
    assert home.index.db.value("SELECT count(*) FROM items WHERE kind = 'attachment'") == NOTES
    opening.close(home)


def test_a_reader_killed_in_a_large_export_loses_nothing(mine: Home, tmp_path: Path) -> None:
    export(tmp_path / "all.enex")
    index.add_source(mine, kind="notes", path=str(tmp_path / "all.enex"))
    commits = 0

    def keep(home, source, batch, counts):  # type: ignore[no-untyped-def]
        nonlocal commits
        commits += 1
        if commits in (1, 3):
            for reader in (home.reader, *home.spare):
                reader.kill("the test")
        yield from index._keep(home, source, batch, counts)

    for source in mine.index.sources():
        list(files.sync(mine, source, index._Counts(), keep))
    assert commits >= 3
    assert not mine.index.skipped()
    assert mine.index.db.value("SELECT count(DISTINCT uri) FROM items") == 2 * NOTES
