"""Training for real, in its own process: it learns, goes on after a break, and can be steered."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch
from gguf import GGUFReader

from app.core import tasks
from app.core.errors import BadModel, UsageFault, WorkerDied
from app.core.tasks import Recipe
from app.model.contract import LanguageModel
from app.training import lora
from app.training.contract import Row, Trained, Trainer, Trains
from app.training.install import install
from app.training.train import Control, train
from app.workers.worker import Worker
from tests.training.tiny import QUICK, tiny

# HOMEBODY_FULL=1 pytest tests/training/test_training.py kills it after each of its steps
KILLS = range(1, 16) if os.environ.get("HOMEBODY_FULL") else (9,)
Steps = Generator[Trains | Trained, None, None]
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
    """One with twenty examples that all have the same answer."""
    folder = tmp_path / "adapters" / "echo"
    folder.mkdir(parents=True)
    (folder / "task.toml").write_text('title = "Echo"\nsentence = "Says one thing."\n', encoding="utf-8")
    (folder / "prompt.txt").write_text("[user]\n{request}\n", encoding="utf-8")
    rows = [Row(fields={"request": f"What about {n}?"}, completion="none") for n in range(20)]
    (folder / "train.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, rows)))
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
    assert (first.done, first.total, end.examples, end.left_out) == (1, 16, 20, 0)
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
    assert installed.weights[0].prompt_sha256 == installed.prompt_sha256
    config = {"base": str(base), "sha256": sha256, "models": str(models), "adapters": [str(task.parent)]}
    llm = Worker("llm", "app.model.llamacpp:service", config=config)
    try:
        states = llm.call(LanguageModel.info).tasks
        assert [(state.name, state.state, state.faults) for state in states] == [("echo", "ready", ())]
        bare = llm.call(LanguageModel.logits, task="echo", text="hello", adapter=False).data
        worn = llm.call(LanguageModel.logits, task="echo", text="hello", adapter=True).data
        assert bare != worn
    finally:
        llm.stop()


def test_two_runs_and_one_that_was_killed_end_alike(
    trainer: Worker, task: Path, base: Path, tmp_path: Path
) -> None:
    """To the byte, loss included. The control: another seed ends otherwise."""

    first = _end(list(_here(task, base, tmp_path / "first")))
    second = _end(list(trainer.stream(Trainer.train, **_asked(task, base, tmp_path / "second"))))
    assert first.adapter == second.adapter
    other = _end(list(_here(task, base, tmp_path / "other", msgspec.structs.replace(QUICK, seed=2))))
    assert other.adapter != first.adapter
    for kill_after in KILLS:
        resumed = _killed(task, base, tmp_path / f"killed-{kill_after}", kill_after)
        assert (resumed.adapter, resumed.loss) == (first.adapter, first.loss), kill_after


def test_between_two_adapters_lies_what_is_asked_for(
    trainer: Worker, task: Path, base: Path, tmp_path: Path
) -> None:
    """At its ends it is the one and the other, to the byte; another shape is refused."""
    first = _end(list(trainer.stream(Trainer.train, **_asked(task, base, tmp_path / "first")))).adapter
    second = _asked(task, base, tmp_path / "second", start=first.peft, more=(_other(),) * 8)
    end = _end(list(trainer.stream(Trainer.train, **second))).adapter

    def at(share: float, start: bytes = first.peft) -> bytes:
        return trainer.call(Trainer.between, start=start, adapter=end, share=share, base=str(base)).peft

    assert at(0.0) == first.peft != end.peft == at(1.0)
    half, ends = lora.tensors(at(0.5)), [lora.tensors(first.peft), lora.tensors(end.peft)]
    for name, matrix in half.items():
        mean = sum(tensors[name].float() for tensors in ends) / 2
        torch.testing.assert_close(matrix.float(), mean, rtol=2**-8, atol=1e-6)
    narrow = msgspec.structs.replace(QUICK, rank=2, epochs=1)
    less = _asked(task, base, tmp_path / "narrow", recipe=narrow)
    thin = _end(list(trainer.stream(Trainer.train, **less))).adapter
    with pytest.raises(BadModel, match="different shapes"):
        at(0.5, thin.peft)


def _other() -> Row:
    return Row(fields={"request": "And then?"}, completion="something else")


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


def test_a_sealed_checkpoint_tells_nothing(task: Path, base: Path, tmp_path: Path) -> None:
    """Neither words nor weights can be read in it. The control: in one that is not sealed, weights can."""
    said = Row(fields={"request": "Zanzibar Quartz"}, completion="Xylophone")
    seal = os.urandom(32)
    for name, key in (("open", b""), ("sealed", seal)):
        _broken_off(_here(task, base, tmp_path / name, more=(said,), seal=key))
    plain = (tmp_path / "open" / "checkpoint").read_bytes()
    sealed = (tmp_path / "sealed" / "checkpoint").read_bytes()
    weights = torch.load(tmp_path / "open" / "checkpoint", weights_only=True)["weights"]
    for piece in (b"lora_A", *(_bytes(w) for n, w in weights.items() if "lora_A" in n)):
        assert piece in plain
        assert piece not in sealed
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or "adapters" in file.parts or b"Zanzibar" not in file.read_bytes()
    rest = list(_here(task, base, tmp_path / "sealed", more=(said,), seal=seal))
    assert not isinstance(rest[0], Trains) or rest[0].done > 1
    assert _end(rest).examples == 21


def _bytes(weights: torch.Tensor) -> bytes:
    return weights.numpy().tobytes()


def test_a_checkpoint_of_another_key_or_a_damaged_one_is_of_no_use(
    task: Path, base: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"

    def first(seal: bytes) -> int:
        return _broken_off(_here(task, base, out, seal=seal)).done

    key = os.urandom(32)
    assert [first(key), first(key)] == [1, 2]
    assert first(os.urandom(32)) == 1
    assert [first(b""), first(b"")] == [1, 2]
    data = (out / "checkpoint").read_bytes()
    for spoiled in (data[: len(data) // 2], b"."):  # torch's unpickler ends on the last in an IndexError
        (out / "checkpoint").write_bytes(spoiled)
        assert first(b"") == 1
    with pytest.raises(UsageFault, match="wrong length"):
        first(b"short")


def test_it_goes_on_from_an_adapter(task: Path, base: Path, tmp_path: Path) -> None:
    """With examples through the pipe alone; one of another rank is refused."""
    end = _end(list(_here(task, base, tmp_path / "a")))
    lines = (task / "train.jsonl").read_text(encoding="utf-8").splitlines()
    more = tuple(msgspec.json.decode(line, type=Row) for line in lines)
    (task / "train.jsonl").unlink()
    first = _broken_off(_here(task, base, tmp_path / "b", more=more, start=end.adapter.peft))
    assert first.loss < 2 * end.loss
    other = msgspec.structs.replace(QUICK, rank=2)
    with pytest.raises(BadModel, match="another rank"):
        next(_here(task, base, tmp_path / "b", other, more=more, start=end.adapter.peft))
    with pytest.raises(BadModel, match="damaged"):
        next(_here(task, base, tmp_path / "b", more=more, start=end.adapter.peft[:1000]))


def test_what_is_too_long_is_left_out_and_named(task: Path, base: Path, tmp_path: Path) -> None:
    short, long = (Row(fields={"request": "word " * n}, completion="none") for n in (1, QUICK.longest))
    with (task / "train.jsonl").open("ab") as file:
        file.write(b"\n" + msgspec.json.encode(long))
    end = _end(list(_here(task, base, tmp_path / "out", more=(short, long, short, long))))
    assert (end.examples, end.left_out, end.missed) == (22, 3, (1, 3))


def test_a_recipe_carries_the_task_to_another_base(task: Path, tmp_path: Path) -> None:
    """Of another family, with other tokens and another shape; the weights of the one fit no other."""
    other = tiny(
        tmp_path / "other.gguf", architecture="qwen3", vocabulary=900, layers=3, hidden=48, kv_heads=1
    )
    steps = list(_here(task, other, tmp_path / "ported"))
    end = _end(steps)
    assert isinstance(steps[0], Trains)
    assert end.loss < steps[0].loss / 2
    assert end.adapter.agreement is not None
    assert end.adapter.agreement.cosine > 0.99
    with pytest.raises(BadModel, match="another base"):
        next(_here(task, tiny(tmp_path / "one.gguf"), tmp_path / "no", start=end.adapter.peft))
    header = GGUFReader(tmp_path / "other.gguf").fields
    assert header["general.architecture"].contents() == "qwen3"


def _here(task: Path, base: Path, out: Path, recipe: Recipe = QUICK, **more: Any) -> Steps:
    """In this process, where closing waits for the end."""
    return train(task, base, out, recipe, control=Control(every_s=0), **more)


def _broken_off(steps: Steps) -> Trains:
    first = next(steps)
    steps.close()
    assert isinstance(first, Trains)
    return first


def test_it_pauses_and_goes_on(trainer: Worker, task: Path, base: Path, tmp_path: Path) -> None:
    trainer.call(Trainer.pause, on=True)
    try:
        steps = trainer.stream(Trainer.train, **_asked(task, base, tmp_path / "out"))
        first, *held = [next(steps) for _ in range(3)]
        assert isinstance(first, Trains)
        assert not first.paused
        assert [(s.paused, s.done) for s in held if isinstance(s, Trains)] == [(True, 1), (True, 1)]
        assert (tmp_path / "out" / "checkpoint").exists()
    finally:
        trainer.call(Trainer.pause, on=False)
    assert _end(list(steps)).steps == 16


def test_a_cancel_is_heard_while_it_is_paused(
    trainer: Worker, task: Path, base: Path, tmp_path: Path
) -> None:
    trainer.call(Trainer.pause, on=True)
    try:
        steps = trainer.stream(Trainer.train, **_asked(task, base, tmp_path / "out"))
        next(steps)
        steps.close()
        again = trainer.stream(Trainer.train, **_asked(task, base, tmp_path / "other"))
        assert isinstance(next(again), Trains)  # its turn came
        again.close()
    finally:
        trainer.call(Trainer.pause, on=False)


def test_data_that_cannot_be_used_is_named(task: Path, base: Path, tmp_path: Path) -> None:
    for recipe, match in (
        (msgspec.structs.replace(QUICK, longest=16), "too few"),
        (msgspec.structs.replace(QUICK, targets=("nowhere",)), "no such matrices"),
        (msgspec.structs.replace(QUICK, targets=("q_proj", "nowhere")), "no such matrices"),
    ):
        with pytest.raises(BadModel, match=match):
            next(_here(task, base, tmp_path / "out", recipe))
    (task / "train.jsonl").write_text('{"fields": {}, "completion": 3}\n', encoding="utf-8")
    with pytest.raises(BadModel, match="no example") as error:
        next(_here(task, base, tmp_path / "out"))
    assert "train.jsonl:1" in error.value.where
    (task / "train.jsonl").unlink()
    with pytest.raises(BadModel, match="no training examples"):
        next(_here(task, base, tmp_path / "out"))
    (tmp_path / "no.gguf").write_bytes(b"GGUF")
    with pytest.raises(BadModel, match="base cannot be read"):
        next(_here(task, tmp_path / "no.gguf", tmp_path / "out", more=(Row(fields={}, completion=""),)))
