"""Training for real, in its own process: it learns, goes on after a break, and can be steered."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from safetensors.torch import load

from app.core import paths as places
from app.core import tasks
from app.core.errors import BadModel, UsageFault, WorkerDied
from app.core.tasks import Recipe
from app.model.contract import LanguageModel
from app.training.contract import Row, Trained, Trainer, Trains
from app.training.install import install
from app.workers.worker import Worker
from tests.training.tiny import tiny

QUICK = Recipe(
    rank=4,
    alpha=8.0,
    targets=("q_proj", "v_proj", "o_proj", "down_proj"),
    rate=2e-2,
    epochs=6,
    batch=4,
    held_out=0.2,
    looks=1,
    patience=99,
    longest=2048,
    threads=1,
)
SERVICE = "app.training.service:service"


@pytest.fixture(scope="module")
def trainer() -> Iterator[Worker]:
    """One that saves a checkpoint after every step."""
    worker = Worker("trainer", SERVICE, config={"checkpoint_s": 0})
    yield worker
    worker.stop()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny(tmp_path_factory.mktemp("base") / "tiny.gguf")


@pytest.fixture
def task(tmp_path: Path) -> Path:
    """A task with twenty examples that all have the same answer."""
    folder = tmp_path / "adapters" / "act"
    shutil.copytree(places.adapters() / "act", folder)
    lines = (folder / "train.jsonl").read_text(encoding="utf-8").splitlines()[:20]
    same = [json.dumps({"fields": json.loads(line)["fields"], "completion": "none"}) for line in lines]
    (folder / "train.jsonl").write_text("\n".join(same) + "\n", encoding="utf-8")
    return folder


def _asked(task: Path, base: Path, out: Path, **more: object) -> dict[str, object]:
    return {"task": str(task), "base": str(base), "out": str(out), "recipe": QUICK, **more}


def _end(steps: list[Trains | Trained]) -> Trained:
    assert isinstance(steps[-1], Trained)
    return steps[-1]


def test_it_learns_and_is_worn(trainer: Worker, task: Path, base: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    steps = list(trainer.stream(Trainer.train, **_asked(task, base, out)))
    first, end = steps[0], _end(steps)
    assert isinstance(first, Trains)
    assert end.loss < first.loss / 2
    assert (first.done, first.total, end.examples, end.left_out) == (1, 24, 20, 0)
    assert first.eta_s > 0
    assert first.tokens_per_s > 0
    assert end.peak > 100_000_000  # torch alone is more
    assert not list(out.iterdir())
    _use(task, tmp_path, base, end)


def _use(task: Path, models: Path, base: Path, end: Trained) -> None:
    """The new weights, put into the task, are worn by the model process and change what it says."""
    sha256 = tasks.sha256_file(base)
    installed = install(tasks.read(task), end.adapter, base="quick", base_sha256=sha256)
    assert tasks.read(task) == installed
    config = {"base": str(base), "sha256": sha256, "models": str(models), "adapters": [str(task.parent)]}
    llm = Worker("llm", "app.model.llamacpp:service", config=config)
    try:
        states = llm.call(LanguageModel.info).tasks
        assert [(state.name, state.state, state.faults) for state in states] == [("act", "ready", ())]
        bare = llm.call(LanguageModel.logits, task="act", text="hello", adapter=False).data
        worn = llm.call(LanguageModel.logits, task="act", text="hello", adapter=True).data
        assert bare != worn
    finally:
        llm.stop()


def test_two_runs_and_one_that_was_killed_end_alike(task: Path, base: Path, tmp_path: Path) -> None:
    """To the byte. The control: another seed ends otherwise."""
    whole = [_whole(task, base, tmp_path / str(n), QUICK) for n in range(2)]
    assert whole[0].adapter == whole[1].adapter
    other = Recipe(**{**{k: getattr(QUICK, k) for k in QUICK.__struct_fields__}, "seed": 2})
    assert _whole(task, base, tmp_path / "other", other).adapter != whole[0].adapter
    for kill_after in (1, 9, 23):
        resumed = _killed(task, base, tmp_path / f"killed-{kill_after}", kill_after)
        assert resumed.adapter == whole[0].adapter, kill_after
        assert resumed.loss == whole[0].loss


def _whole(task: Path, base: Path, out: Path, recipe: Recipe) -> Trained:
    worker = Worker("trainer", SERVICE)
    try:
        return _end(list(worker.stream(Trainer.train, **{**_asked(task, base, out), "recipe": recipe})))
    finally:
        worker.stop()


def _killed(task: Path, base: Path, out: Path, after: int) -> Trained:
    """Ended by SIGKILL some time after that step was reported, and asked again."""
    worker = Worker("trainer", SERVICE, config={"checkpoint_s": 0})
    try:
        steps = worker.stream(Trainer.train, **_asked(task, base, out))
        for step in steps:
            assert isinstance(step, Trains)
            if step.done == after:
                os.kill(worker.pid, signal.SIGKILL)
                break
        with pytest.raises(WorkerDied):
            list(steps)
        assert (out / "checkpoint").exists()
        rest = list(worker.stream(Trainer.train, **_asked(task, base, out)))
        assert isinstance(rest[0], Trains | Trained)
        assert not isinstance(rest[0], Trains) or rest[0].done > after
        return _end(rest)
    finally:
        worker.stop()
