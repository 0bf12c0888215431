"""Another embedding model follows: two real ones, tiny, each in its own process, with what can go wrong."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors import NotFound
from app.core.types import Hit, Progress, Scope, Skipped
from app.flows import index, opening, search
from app.flows.context import Home
from app.model import catalog
from app.model import embed_derived as derived
from app.model.supervisor import EMBEDDER, FORMER
from app.workers.worker import environment
from tests.flows.conftest import PASSPHRASE

NOTES = 24


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``one`` and ``other``, and the derived copies of both."""
    folder = tmp_path_factory.mktemp("embedders") / "models"
    command = [sys.executable, "-m", "tests.model.tiny_embedder", str(folder)]
    subprocess.run(command, check=True, env=environment(), capture_output=True, timeout=300)
    return folder


@pytest.fixture
def filled(mine: Home, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Notes that were embedded with ``one``; ``other`` is chosen since."""
    monkeypatch.setattr(index, "EMBED_BATCH", 4)
    monkeypatch.setattr(index, "PROGRESS_EVERY_S", 0.0)
    shutil.copytree(models / "copies", mine.paths.models / catalog.DERIVED)
    folder = tmp_path / "notes"
    folder.mkdir()
    for n in range(NOTES):
        (folder / f"{n}.md").write_text(f"note {n} says {'abcdefgh'[n % 8] * 3} and {n * n}")
    index.add_source(mine, kind="notes", path=str(folder))
    choose(mine, models / "one")
    run(mine)
    assert mine.vectors.model() == derived.name(str(models / "one"))
    choose(mine, models / "other")
    return mine


def choose(home: Home, model: Path) -> None:
    home.user.set("model.embedder", str(model))
    opening.configure(home)


def run(home: Home) -> None:
    for _ in index.index(home):
        pass


def portions(home: Home) -> Iterator[Progress]:
    return (s for s in index.index(home) if isinstance(s, Progress) and s.stage == "embed")


def found(home: Home) -> Hit:
    """By meaning: a sentence that lies nearest to itself, whatever the model's weights."""
    (hit,) = search.search(home, query="note 5 says fff and 25", scope=Scope(), k=1)
    return hit


def running(home: Home) -> set[str]:
    return {state.name for state in home.specialists.processes() if state.pid}


def finished(home: Home, models: Path) -> None:
    """Everything is of the other model, and nothing of the one before is left."""
    home.vectors.load()
    name = derived.name(str(models / "other"))
    assert (home.vectors.model(), home.vectors.making(), home.vectors.remaining()) == (name, name, 0)
    assert home.index.db.tuples("SELECT name FROM embedders") == [(name,)]
    sizes = home.index.db.tuples("SELECT length(data), count(*) FROM vectors GROUP BY 1")
    assert sizes == [(48, NOTES)]
    assert (found(home).uri.rpartition("/")[2], running(home)) == ("5.md", {EMBEDDER})
    assert found(home).similarity > 0.95


def test_the_model_before_answers_till_the_other_has_embedded_all(filled: Home, models: Path) -> None:
    before, seen = filled.vectors.model(), []
    for step in portions(filled):
        if filled.vectors.remaining():
            assert filled.vectors.model() == before
            hit = found(filled)
            assert (hit.uri.rpartition("/")[2], hit.similarity > 0.95) == ("5.md", True)
            assert running(filled) == {EMBEDDER, FORMER}
        seen.append(step.done)
    assert seen == list(range(4, NOTES + 1, 4))
    finished(filled, models)
    copies = list((filled.paths.models / catalog.DERIVED).glob("embedder-*"))
    assert [derived._name_of(copy) for copy in copies] == [filled.vectors.model()]


def test_where_memory_is_for_one_of_them_they_take_turns(filled: Home) -> None:
    keeper = filled.specialists.keeper
    for name in (EMBEDDER, FORMER):
        keeper.all[name]._settled, keeper.all[name]._peak = False, 0
    keeper.configure(idle_s=0, budget=310_000_000)  # each is expected to take 300 until it is measured
    told = set()
    for _ in portions(filled):
        if not filled.vectors.remaining():
            break
        assert found(filled).similarity > 0.95
        assert sum(state.rss for state in filled.specialists.processes()) <= keeper.budget
        told.add(keeper.all[EMBEDDER].gone)
    assert "ended to make room for former" in told


def test_what_is_new_meanwhile_is_found_at_once_by_the_one_that_answers(
    filled: Home, models: Path, tmp_path: Path
) -> None:
    steps = portions(filled)
    next(steps)
    steps.close()  # type: ignore[attr-defined]  # a generator
    (tmp_path / "notes" / "new.md").write_text("zzz yyy xxx 777")
    next(portions(filled))
    (hit,) = search.search(filled, query="zzz yyy xxx 777", scope=Scope(), k=1)
    assert (hit.uri.rpartition("/")[2], hit.similarity > 0.95) == ("new.md", True)
    assert filled.vectors.model() == derived.name(str(models / "one"))


def test_a_kill_in_the_middle_costs_a_portion_and_nothing_else(filled: Home, models: Path) -> None:
    opening.close(filled)
    command = [sys.executable, "-m", "tests.flows.embedding_child", str(filled.paths.data), PASSPHRASE]
    for _ in range(2):
        child = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE)
        assert child.stdout
        child.stdout.readline()
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
    home = opening.unlock(filled.paths, PASSPHRASE, -1, asked=True)
    try:
        assert home.vectors.model() == derived.name(str(models / "one"))
        assert 0 < home.vectors.remaining() < NOTES
        assert found(home).similarity > 0.95
        run(home)
        finished(home, models)
    finally:
        opening.close(home)


def test_locked_in_the_middle_and_opened_again(filled: Home, models: Path) -> None:
    steps = portions(filled)
    next(steps)
    found(filled)
    steps.close()  # type: ignore[attr-defined]  # a generator
    opening.kill(filled)
    opening.stay_locked(filled.paths)
    opening.close(filled)
    assert not running(filled)
    home = opening.unlock(filled.paths, PASSPHRASE, -1, asked=True)
    try:
        assert home.vectors.model() == derived.name(str(models / "one"))
        assert found(home).similarity > 0.95
        assert running(home) == {FORMER}  # a question starts no other
        run(home)
        finished(home, models)
    finally:
        opening.close(home)


def test_a_kill_after_the_last_vector_leaves_only_the_change_itself_to_be_done(
    filled: Home, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(type(filled.vectors), "settle", lambda _: False)
        run(filled)
    assert filled.vectors.remaining() == 0
    assert filled.vectors.model() == derived.name(str(models / "one"))
    assert found(filled).similarity > 0.95
    run(filled)
    finished(filled, models)


def test_where_the_copy_of_the_one_before_is_gone_the_other_answers_with_what_there_is(
    filled: Home, models: Path
) -> None:
    next(portions(filled))
    derived.forget(filled.paths.models / catalog.DERIVED, but=[derived.name(str(models / "other"))])
    assert found(filled).uri.endswith("/5.md")
    assert filled.vectors.model() == derived.name(str(models / "other"))
    run(filled)
    finished(filled, models)


def test_a_chosen_model_that_was_moved_away_costs_no_words_and_still_answers(
    filled: Home, models: Path, tmp_path: Path
) -> None:
    there = Path(shutil.copytree(models / "one", tmp_path / "moving"))
    choose(filled, there)  # the same files under another name are another model
    shutil.rmtree(there)
    (tmp_path / "notes" / "new.md").write_text("zzz yyy xxx 777")
    skipped = [step for step in index.index(filled) if isinstance(step, Skipped)]
    assert [step.uri for step in skipped] == [str(there)]
    assert "model.embedder" in skipped[0].reason
    assert found(filled).similarity > 0.95
    (hit,) = search.search(filled, query="zzz yyy", scope=Scope(), k=1)
    assert hit.uri.endswith("/new.md")
    with pytest.raises(NotFound, match="no embedding model is there"):
        derived.source(str(there))
