"""Adapters carried in and out: what PEFT wrote means the same here, whatever form it has, and back."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file

from app.core import tasks
from app.core.errors import BadModel, NotFound, UsageFault
from app.core.paths import Paths
from app.core.tasks import Recipe
from app.model.supervisor import APART, LLM, TRAINER, Specialists
from app.training import adapter, lora
from app.training.adapter import finished
from app.training.base import load_base
from app.training.contract import MOST_WEIGHTS, Row
from app.training.dataset import Vocabulary
from app.training.export import export
from app.training.reading import read_folder
from app.training.train import train
from tests.training.tiny import tiny

pytestmark = pytest.mark.filterwarnings("ignore:Could not find a config file")  # the base is a GGUF file
IDS = torch.tensor([[5, 300, 77, 420, 18, 99, 640, 333]])
Weights = dict[str, torch.Tensor]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny(tmp_path_factory.mktemp("base") / "tiny.gguf")


def _made(base: Path, folder: Path, **config: Any) -> Path:
    """An adapter with weights that matter, written by PEFT itself."""
    given = {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj", "down_proj"]} | config
    model = get_peft_model(load_base(base, torch.float32), LoraConfig(task_type="CAUSAL_LM", **given))
    torch.manual_seed(3)
    for name, weights in model.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(weights, std=0.2)
    model.save_pretrained(str(folder))
    return folder


def _logits(base: Path, folder: Path) -> torch.Tensor:
    model = PeftModel.from_pretrained(load_base(base, torch.float32), str(folder))
    with torch.inference_mode():
        return model(IDS).logits


def _kept(found: lora.Lora, folder: Path) -> Path:
    """As it is kept here."""
    folder.mkdir()
    peft, config = lora.write(found, "tiny", 2)
    (folder / "adapter_model.safetensors").write_bytes(peft)
    (folder / "adapter_config.json").write_bytes(config)
    return folder


def _rewritten(folder: Path, change: Callable[[Weights], Weights]) -> None:
    path = folder / "adapter_model.safetensors"
    save_file({name: value.contiguous() for name, value in change(load_file(path)).items()}, path)


def _renamed(old: str, new: str) -> Callable[[Weights], Weights]:
    return lambda weights: {name.replace(old, new): value for name, value in weights.items()}


def _settings(folder: Path, **changed: Any) -> None:
    path = folder / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))


PATTERNS = {"rank_pattern": {"v_proj": 2, "layers.1.mlp.down_proj": 6}, "alpha_pattern": {"q_proj": 3}}
CONFIGS: dict[str, dict[str, Any]] = {
    "plain": {},
    "rank-stabilised": {"use_rslora": True},
    "every matrix": {"target_modules": "all-linear"},
    "a pattern of names": {"target_modules": r".*\.0\..*(q|o)_proj"},
    "ranks and alphas of their own": PATTERNS,
    "the same, rank-stabilised": {**PATTERNS, "use_rslora": True},
    "a large alpha": {"lora_alpha": 5000},
}


@pytest.mark.parametrize("name", CONFIGS)
def test_every_kind_of_plain_lora_means_the_same_here(base: Path, tmp_path: Path, name: str) -> None:
    folder = _made(base, tmp_path / "made", **CONFIGS[name])
    found = read_folder(folder)
    expected = _logits(base, folder)
    torch.testing.assert_close(_logits(base, _kept(found, tmp_path / "kept")), expected, rtol=1e-4, atol=1e-3)
    ignored = lora.Lora(found.pairs, found.rank, found.alpha * 2)
    assert not torch.allclose(_logits(base, _kept(ignored, tmp_path / "control")), expected, atol=1e-2)
    assert finished(found, base).gguf.startswith(b"GGUF")


def _pickled(folder: Path) -> None:
    weights = load_file(folder / "adapter_model.safetensors")
    (folder / "adapter_model.safetensors").unlink()
    torch.save(weights, folder / "adapter_model.bin")


LAYOUTS: dict[str, Callable[[Path], None]] = {
    "named adapter": lambda f: _rewritten(f, _renamed(".weight", ".default.weight")),
    "without PEFT's prefix": lambda f: _rewritten(f, _renamed("base_model.model.", "")),
    "compiled": lambda f: _rewritten(f, _renamed("base_model.model.", "base_model.model._orig_mod.")),
    "sharded": lambda f: _rewritten(f, _renamed("layers.", "_fsdp_wrapped_module.layers.")),
    "part of a model that sees": lambda f: _rewritten(
        f, _renamed("model.layers", "model.language_model.layers")
    ),
    "half precision": lambda f: _rewritten(f, lambda w: {n: v.half() for n, v in w.items()}),
    "bfloat16": lambda f: _rewritten(f, lambda w: {n: v.bfloat16() for n, v in w.items()}),
    "pickled": _pickled,
    "extra settings of Unsloth": lambda f: _settings(f, auto_mapping={"unsloth_fixed": True}, new_thing=1),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_that_tools_write_is_read(base: Path, tmp_path: Path, name: str) -> None:
    folder = _made(base, tmp_path / "made")
    expected = read_folder(folder)
    LAYOUTS[name](folder)
    found = read_folder(folder)
    assert (found.rank, found.alpha, found.targets) == (expected.rank, expected.alpha, expected.targets)
    for module, pair in expected.pairs.items():
        for a, b in zip(pair, found.pairs[module], strict=True):
            torch.testing.assert_close(a, b.float(), rtol=1e-2, atol=1e-2)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "DoRA": ({"use_dora": True}, "DoRA"),
    "whole modules": ({"modules_to_save": ["lm_head"]}, "whole modules"),
    "biases": ({"bias": "all"}, "biases of the base"),
    "embeddings": ({"target_modules": ["q_proj", "embed_tokens"]}, "embed_tokens"),
    "new tokens": ({"trainable_token_indices": [1, 2]}, "tokens of the base"),
    "pissa": ({"init_lora_weights": "pissa"}, "pissa"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.filterwarnings("ignore")
def test_what_changes_more_than_matrices_is_refused(base: Path, tmp_path: Path, name: str) -> None:
    config, reason = REFUSED[name]
    folder = _made(base, tmp_path / "made", **config)
    with pytest.raises(BadModel, match=reason):
        read_folder(folder)


def test_every_fault_is_named_at_once(base: Path, tmp_path: Path) -> None:
    folder = _made(base, tmp_path / "made")

    def spoiled(weights: Weights) -> Weights:
        names = sorted(weights)
        changed = {names[0]: weights[names[0]] * float("nan"), names[2]: weights[names[2]].int()}
        return {n: v for n, v in (weights | changed).items() if n != names[5]} | {"extra": torch.ones(2)}

    _rewritten(folder, spoiled)
    _settings(folder, bias="all", use_dora=True, lora_alpha="many", peft_type="IA3")
    with pytest.raises(BadModel) as error:
        read_folder(folder)
    for reason in ("biases", "DoRA", "'many'", "IA3", "extra", "not finite", "int32", "missing"):
        assert reason in str(error.value)


@pytest.mark.parametrize("key", ["(?:[a-z.0-9_]+)+!", "("])
def test_an_expression_among_the_patterns_is_refused_unread(base: Path, tmp_path: Path, key: str) -> None:
    """The first one would take years to try on a module's name."""
    folder = _made(base, tmp_path / "made")
    _settings(folder, rank_pattern={key: 4})
    with pytest.raises(BadModel, match="is an expression"):
        read_folder(folder)


def test_what_is_wrong_with_every_matrix_is_said_once(base: Path, tmp_path: Path) -> None:
    folder = _made(base, tmp_path / "made")
    _settings(folder, r=3)
    with pytest.raises(BadModel, match=r"and \d+ more: rank 4 and 4, where 3 is written") as error:
        read_folder(folder)
    assert error.value.message.count("where 3 is written") == 1


def test_what_is_no_adapter_is_refused(base: Path, tmp_path: Path) -> None:
    """Among it a pickle that would run code: it does not."""
    with pytest.raises(NotFound, match="no PEFT adapter"):
        read_folder(tmp_path)
    folder = _made(base, tmp_path / "made")
    weights = folder / "adapter_model.safetensors"
    data = weights.read_bytes()
    for spoiled in (b"", data[:100], data[:-1], b"\xff" * 64):
        weights.write_bytes(spoiled)
        with pytest.raises(BadModel, match="cannot be read"):
            read_folder(folder)
    weights.unlink()
    with pytest.raises(NotFound, match="no adapter weights"):
        read_folder(folder)
    (folder / "adapter_model.bin").write_bytes(b".")  # torch's unpickler ends on it in an IndexError
    with pytest.raises(BadModel, match="cannot be read"):
        read_folder(folder)
    (folder / "adapter_model.bin").write_bytes(pickle.dumps(_Deed(tmp_path / "done"), protocol=2))
    with pytest.raises(BadModel, match="cannot be read"):
        read_folder(folder)
    assert not (tmp_path / "done").exists()
    for text in ("[]", "{", "nothing"):
        (folder / "adapter_config.json").write_text(text)
        with pytest.raises(BadModel, match="configuration"):
            read_folder(folder)


class _Deed:
    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self._path,))


def test_what_is_too_large_to_be_kept_is_refused_before_it_is_trained(
    base: Path, task: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not passes through the pipe of the model processes in one piece, in both of its forms."""
    found = read_folder(_made(base, tmp_path / "made"))
    monkeypatch.setattr(adapter, "MOST_WEIGHTS", found.weights)
    assert finished(found, base).rank == 4
    monkeypatch.setattr(adapter, "MOST_WEIGHTS", found.weights - 1)
    with pytest.raises(BadModel, match="too large to be kept"):
        finished(found, base)
    more = [Row(fields={"request": str(n)}, completion="x") for n in range(8)]
    recipe = Recipe(rank=4, targets=("q_proj", "v_proj", "down_proj"), threads=1)
    with pytest.raises(BadModel, match="too large to be kept"):
        next(train(task, base, tmp_path / "out", recipe, more=more))
    kinds = Specialists(Paths(tmp_path)).keeper.all
    assert all(kinds[name].limits.frame > 6.5 * MOST_WEIGHTS for name in (LLM, APART, TRAINER))


def test_an_adapter_of_another_base_is_refused_with_the_remedy(base: Path, tmp_path: Path) -> None:
    other = tiny(tmp_path / "other.gguf", hidden=96, layers=3)
    found = read_folder(_made(other, tmp_path / "made"))
    finished(found, other)
    with pytest.raises(BadModel, match="another base") as error:
        finished(found, base)
    assert "tasks port" in error.value.remedy
    assert "layers.2" in error.value.message


@pytest.fixture
def task(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "echo"
    folder.mkdir()
    (folder / "task.toml").write_text('title = "Echo"\nsentence = "Says one thing."\n', encoding="utf-8")
    (folder / "prompt.txt").write_text("[system]\nBe brief.\n[user]\nAbout {request}:\n", encoding="utf-8")
    (folder / "schema.json").write_text('{"type": "object"}', encoding="utf-8")
    rows = [Row(fields={"request": f"{{n}} ünd {n}"}, completion=f"none {n}") for n in range(3)]
    (folder / "train.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, rows)))
    yield folder
    shutil.rmtree(folder)


def test_what_is_carried_out_comes_back_as_it_was(base: Path, task: Path, tmp_path: Path) -> None:
    made = finished(read_folder(_made(base, tmp_path / "made", **CONFIGS["the same, rank-stabilised"])), base)
    out = tmp_path / "out"
    asked: dict[str, Any] = {"task": task, "base": base, "repository": "org/tiny", "folder": out}
    more = [Row(fields={"request": "a private one"}, completion="yes")]
    (tmp_path / "out.part").mkdir()
    (tmp_path / "out.part" / "mine").write_text("not theirs to remove")
    files = export(made, **asked, more=more)
    assert sorted(p.name for p in out.iterdir()) == sorted(files)
    assert (tmp_path / "out.part" / "mine").read_text() == "not theirs to remove"
    assert not list(tmp_path.glob(".out-*"))
    expected = tmp_path / "kept"
    _kept(lora.read(made.peft, made.config), expected)
    torch.testing.assert_close(_logits(base, out), _logits(base, expected), rtol=0, atol=0)
    again = finished(read_folder(out), base)
    assert (again.peft, again.gguf, again.rank, again.alpha) == (
        made.peft,
        made.gguf,
        made.rank,
        made.alpha,
    )
    config = json.loads((out / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == "org/tiny"
    assert config["modules_to_save"] is None
    with pytest.raises(UsageFault, match="not empty"):
        export(made, **asked)
    _check_dataset(out, base, task)


def _check_dataset(out: Path, base: Path, task: Path) -> None:
    lines = (out / "train.chat.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    assert len(found) == 4
    for example in found:
        assert list(example) == ["messages"]
        assert [set(m) for m in example["messages"]] == [{"role", "content"}] * 3
        assert [m["role"] for m in example["messages"]] == ["system", "user", "assistant"]
        assert all(isinstance(m["content"], str) and m["content"] for m in example["messages"])
    assert [m["content"] for m in found[2]["messages"]] == ["Be brief.", "About {n} ünd 2:", "none 2"]
    prompt = json.loads((out / "prompt.json").read_text(encoding="utf-8"))
    template = tasks.read(task).template
    rendered = "".join(p.text for p in template.render({"request": "tea"}))
    assert prompt["text"].replace("{request}", "tea") == rendered
    assert prompt["end"] == Vocabulary(base).family.end
    assert (prompt["fields"], prompt["schema"]) == (["request"], {"type": "object"})
