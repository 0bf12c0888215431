"""Training for real, in its own process: it learns, goes on after a break, and converts exactly."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from peft import LoraConfig, PeftModel
from safetensors.torch import save_file

from app.core import paths as places
from app.core import tasks
from app.core.errors import BadModel
from app.core.paths import Paths
from app.model import catalog
from app.model.contract import LanguageModel
from app.model.runtime import Base
from app.training import convert
from app.training.contract import Recipe, Trained, Trainer, Trains
from app.training.dataset import tokeniser
from app.training.install import install
from app.training.train import load_base
from app.workers.worker import Worker

QUICK = Recipe(
    rank=2, alpha=4.0, targets=("q_proj", "v_proj"), rate=5e-3, epochs=4, batch=4, held_out=0.2, looks=1
)


@pytest.fixture(scope="module")
def trainer() -> Iterator[Worker]:
    worker = Worker("trainer", "app.training.service:service")
    yield worker
    worker.stop()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return catalog.resolve(Paths(tmp_path_factory.mktemp("data")), catalog.DEFAULT)


@pytest.fixture
def task(tmp_path: Path) -> Path:
    """A task with ten examples that all have the same answer."""
    folder = tmp_path / "adapters" / "act"
    shutil.copytree(places.adapters() / "act", folder)
    lines = (folder / "train.jsonl").read_text(encoding="utf-8").splitlines()[:10]
    same = [json.dumps({**json.loads(line), "completion": '{"action": "none"}'}) for line in lines]
    (folder / "train.jsonl").write_text("\n".join(same) + "\n", encoding="utf-8")
    return folder


@pytest.mark.timeout(600)
def test_it_learns_and_goes_on_after_a_break(trainer: Worker, task: Path, base: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = {"task": str(task), "base": str(base), "out": str(out), "recipe": QUICK}
    broken_off = trainer.stream(Trainer.train, **asked)
    steps = [next(broken_off), next(broken_off)]
    broken_off.close()
    rest = list(trainer.stream(Trainer.train, **asked))
    first, end = steps[0], rest[-1]
    assert isinstance(first, Trains)
    assert isinstance(rest[0], Trains)
    assert isinstance(end, Trained)
    assert first.done == 1 < rest[0].done
    assert end.loss < first.loss / 2
    assert not (out / "checkpoint.pt").exists()
    _use(task, out, base, end)


def _use(task: Path, out: Path, base: Path, end: Trained) -> None:
    """The new weights, put into the task, are worn by the model process and change what it says."""
    installed = install(tasks.read(task), end, base="quick", base_sha256=tasks.sha256_file(base))
    assert tasks.read(task) == installed
    weights = installed.weights[-1]
    config = {
        "base": str(base),
        "sha256": weights.base_sha256,
        "models": str(out),
        "adapters": [str(task.parent)],
    }
    llm = Worker("llm", "app.model.llamacpp:service", config=config)
    try:
        states = llm.call(LanguageModel.info).tasks
        assert [(state.name, state.state, state.faults) for state in states] == [("act", "ready", ())]
        bare = llm.call(LanguageModel.logits, task="act", text="hello", adapter=False).data
        worn = llm.call(LanguageModel.logits, task="act", text="hello", adapter=True).data
        assert bare != worn
    finally:
        llm.stop()


def test_data_that_cannot_be_used_is_named(trainer: Worker, task: Path, base: Path, tmp_path: Path) -> None:
    asked = {"task": str(task), "base": str(base), "out": str(tmp_path / "out"), "recipe": QUICK}
    (task / "train.jsonl").write_text('{"fields": {}, "completion": 3}\n', encoding="utf-8")
    with pytest.raises(BadModel, match="no example") as error:
        list(trainer.stream(Trainer.train, **asked))
    assert "train.jsonl:1" in error.value.where
    (task / "train.jsonl").unlink()
    with pytest.raises(BadModel, match="no training examples"):
        list(trainer.stream(Trainer.train, **asked))


@pytest.mark.timeout(600)
def test_converted_weights_mean_the_same_to_both_libraries(base: Path, tmp_path: Path) -> None:
    """What the adapter adds to the logits, by transformers and llama.cpp; the control is not permuted."""
    text = "Remind me to water the plants tomorrow evening, and put lunch with Nora in my calendar."
    peft = _random_adapter(tmp_path / "peft")
    expected = _by_transformers(base, peft, text)
    gguf = tmp_path / "random.gguf"
    convert.convert(peft, base, gguf)
    assert _agreement(expected, _by_llama(base, gguf, text)) > 0.93
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convert, "permuted", lambda matrix, heads: matrix)
        convert.convert(peft, base, gguf)
    assert _agreement(expected, _by_llama(base, gguf, text)) < 0.8


def _random_adapter(folder: Path) -> Path:
    """On queries and keys only, whose rows the two libraries order differently."""
    chance = torch.Generator().manual_seed(5)
    weights = {
        f"base_model.model.model.layers.{layer}.self_attn.{name}.lora_{side}.weight": torch.randn(
            shape, generator=chance
        )
        * 0.06
        for layer in range(30)
        for name, rows in (("q_proj", 576), ("k_proj", 192))
        for side, shape in (("A", (4, 576)), ("B", (rows, 4)))
    }
    folder.mkdir()
    save_file(weights, folder / "adapter_model.safetensors")
    config = LoraConfig(r=4, lora_alpha=8, target_modules=["q_proj", "k_proj"], task_type="CAUSAL_LM")
    config.save_pretrained(str(folder))
    return folder


def _agreement(a: np.ndarray, b: np.ndarray) -> float:
    """Cosine of the two changes."""
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def _by_transformers(base: Path, peft: Path, text: str) -> np.ndarray:
    model = PeftModel.from_pretrained(load_base(base).float(), str(peft))
    ids = torch.tensor([tokeniser(base)(text, False)])
    with torch.inference_mode():
        worn = model(ids).logits[0, -1]
        with model.disable_adapter():
            bare = model(ids).logits[0, -1]
    return (worn - bare).numpy()


def _by_llama(base: Path, gguf: Path, text: str) -> np.ndarray:
    model = Base(base, context=256, threads=1)
    handle = model.load_adapter(gguf)
    found = []
    for worn in (handle, None):
        model.clear()
        model.wear(worn, 1.0)
        model.decode(model.tokens(text))
        found.append(model.logits().copy())
    model.close()
    return found[0] - found[1]
