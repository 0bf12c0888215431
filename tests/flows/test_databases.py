"""Other programs' databases as sources: what they write goes into a log beside the file first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.core.types import Progress
from app.flows import index, watch
from app.flows.context import Home
from app.flows.watch import Changes, Watch
from tests.flows.test_always_current import once
from tests.indexers.test_browser import firefox

VISIT = (
    "INSERT INTO moz_places (id, url, title, visit_count, last_visit_date) "
    "VALUES (90, 'https://herons.example/', 'Herons of the harbour', 1, 1780394400000000)"
)
FOUND = "SELECT count(*) FROM items WHERE title = 'Herons of the harbour'"


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "PULSE_S", 0.3)
    monkeypatch.setattr(watch, "DEBOUNCE_S", 0.1)
    monkeypatch.setattr(watch, "LONGEST_BURST_S", 0.5)


def told(changes: Iterator[Changes]) -> Changes:
    """The next time that something happened, of the next few looks."""
    return next((change for change, _ in zip(changes, range(6), strict=False) if change), Changes())


@pytest.mark.parametrize("whole", [True, False], ids=["its folder", "the file"])
def test_what_is_only_in_the_log_is_seen(mine: Home, tmp_path: Path, whole: bool) -> None:
    profile = tmp_path / "browser" / "profile"
    with closing(firefox(profile)) as program:
        file = profile / "places.sqlite"
        index.add_source(mine, kind="browser", path=str(profile if whole else file))
        once(mine)
        before = file.stat()
        with Watch((profile if whole else file,), apart=mine.paths.data) as changes:
            following = iter(changes)
            program.execute(VISIT)
            once(mine, told(following))
            assert mine.index.db.value(FOUND) == 1
            program.execute("UPDATE moz_places SET title = 'Herons' WHERE id = 90")
            once(mine, told(following))
            assert mine.index.db.value(FOUND) == 0
        now = file.stat()
        assert (before.st_size, before.st_mtime_ns) == (now.st_size, now.st_mtime_ns), "all was in the log"


@pytest.mark.parametrize("whole", [True, False], ids=["its folder", "the file"])
def test_a_full_look_sees_what_is_only_in_the_log(mine: Home, tmp_path: Path, whole: bool) -> None:
    profile = tmp_path / "browser" / "profile"
    with closing(firefox(profile)) as program:
        index.add_source(mine, kind="browser", path=str(profile if whole else profile / "places.sqlite"))
        once(mine)
        assert not [step for step in once(mine) if not isinstance(step, Progress)]
        program.execute(VISIT)
        once(mine)
        assert mine.index.db.value(FOUND) == 1


def test_a_log_without_a_name_is_nothing_else(tmp_path: Path) -> None:
    assert watch._meant(tmp_path / "-wal") == tmp_path / "-wal"
    assert watch._meant(tmp_path / "NoteStore.sqlite-wal") == tmp_path / "NoteStore.sqlite"
