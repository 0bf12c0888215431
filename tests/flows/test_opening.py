"""Opening and closing: what the person locked stays locked, and nothing stays open by accident."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import Damaged, Locked, WrongPassphrase
from app.core.paths import Paths
from app.flows import opening
from app.flows.context import Home
from tests.flows.conftest import PASSPHRASE


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """A store that was made and is closed."""
    paths = Paths(tmp_path / "data")
    paths.make()
    opening.close(opening.create(paths, PASSPHRASE, -1)[1])
    return paths


def test_a_wrong_passphrase_leaves_it_locked(paths: Paths) -> None:
    opening.stay_locked(paths)
    with pytest.raises(WrongPassphrase):
        opening.unlock(paths, "not this one", -1, asked=True)
    assert paths.locked_mark.exists()
    with pytest.raises(Locked):
        opening.unlock(paths, "", -1, asked=False)
    opening.close(opening.unlock(paths, PASSPHRASE, -1, asked=False))
    assert not paths.locked_mark.exists()


def test_locking_before_there_is_a_store_does_not_lock_the_new_one(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "new")
    paths.make()
    opening.stay_locked(paths)
    opening.close(opening.create(paths, PASSPHRASE, -1)[1])
    assert not paths.locked_mark.exists()


def test_what_was_opened_is_closed_when_a_part_cannot_be(paths: Paths) -> None:
    paths.user_db.write_bytes(b"")
    with pytest.raises(Damaged):
        opening.unlock(paths, PASSPHRASE, -1, asked=True)  # an open file would fail the test
    assert not paths.index_db.with_name("index.db-wal").exists()


def test_a_folder_for_deeds_is_not_made_before_there_is_a_deed(paths: Paths, tmp_path: Path) -> None:
    home = opening.unlock(paths, PASSPHRASE, -1, asked=True)
    home.user.set("actions.calendar", str(tmp_path / "unplugged" / "calendar"))
    assert home.folder("actions.calendar", "calendar") == tmp_path / "unplugged" / "calendar"
    assert not (tmp_path / "unplugged").exists()
    opening.close(home)


def test_a_task_of_the_persons_own_counts_like_those_that_came_with_it(mine: Home) -> None:
    for name, file in (("cook", 'title = "Cook"\nsentence = "Cooks."\n'), ("bad", "title = 3\n")):
        folder = mine.paths.tasks[-1] / name
        folder.mkdir(parents=True)
        (folder / "task.toml").write_text(file, encoding="utf-8")
        (folder / "prompt.txt").write_text("[user]\n{dish}\n", encoding="utf-8")
    alone = opening.prompt_only(mine)
    assert "cook" in alone
    assert "bad" not in alone  # it cannot be used at all
