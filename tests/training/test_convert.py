"""Derived GGUF files: llama.cpp computes what torch and PEFT do, for every family, or the file is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np
import pytest
import torch

from app.core.errors import BadModel
from app.core.paths import Paths
from app.model import catalog
from app.training import convert
from app.training.adapter import finished
from app.training.base import load_base
from app.training.convert import Shape, shape
from app.training.lora import Lora
from tests.training.tiny import tiny

ALL = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
FAMILIES = ("llama", "qwen3", "gemma3", "smollm3")


def _random(base: Shape, targets: tuple[str, ...] = ALL, rank: int = 4, size: float = 0.3) -> Lora:
    """Strong enough to change what the base says."""
    chance = torch.Generator().manual_seed(5)
    pairs = {}
    for layer in range(base.layers):
        for target in targets:
            part = "self_attn" if target in ALL[:4] else "mlp"
            module = f"model.layers.{layer}.{part}.{target}"
            rows, columns = base.matrices[base.tensor(module)]
            a = torch.randn((rank, columns), generator=chance) / columns**0.5
            pairs[module] = (a, torch.randn((rows, rank), generator=chance) * size)
    return Lora(pairs, rank, float(rank)).rounded()


@pytest.mark.parametrize("family", FAMILIES)
def test_both_libraries_compute_the_same(tmp_path: Path, family: str) -> None:
    base = tiny(tmp_path / "tiny.gguf", architecture=family, layers=6 if family == "gemma3" else 4)
    adapter = finished(_random(shape(base)), base, load_base(base, torch.float32))
    assert adapter.targets == ALL
    assert adapter.agreement is not None
    assert adapter.agreement.cosine > 0.999
    assert adapter.agreement.top1 == 1.0
    assert adapter.agreement.largest < 0.05


def _swapped(patch: pytest.MonkeyPatch) -> None:
    given = Shape.tensor
    names = {"gate_proj": "up_proj", "up_proj": "gate_proj"}

    def tensor(self: Shape, module: str) -> str:
        start, _, last = module.rpartition(".")
        return given(self, f"{start}.{names.get(last, last)}")

    patch.setattr(Shape, "tensor", tensor)


WRONG: dict[str, tuple[str, Callable[[pytest.MonkeyPatch], None], set[str]]] = {
    "llama rows not reordered": (
        "llama",
        lambda p: p.setattr(convert, "_REORDERED", ()),
        {"q_proj", "k_proj"},
    ),
    "qwen3 rows reordered": (
        "qwen3",
        lambda p: p.setattr(convert, "_REORDERED", ("qwen3",)),
        {"q_proj", "k_proj"},
    ),
    "gate and up exchanged": ("gemma3", _swapped, {"gate_proj", "up_proj"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_derivation_that_is_wrong_is_refused(tmp_path: Path, name: str) -> None:
    """The control of the above: what is wrong is seen, and where."""
    family, spoil, kinds = WRONG[name]
    base = tiny(tmp_path / "tiny.gguf", architecture=family)
    found = _random(shape(base))
    with pytest.MonkeyPatch.context() as patch:
        spoil(patch)
        with pytest.raises(BadModel, match="does not mean the same") as error:
            finished(found, base)
    assert {kind for kind in ALL if kind in error.value.where} == kinds


def test_a_small_wrong_part_does_not_hide(tmp_path: Path) -> None:
    """Keys that hardly change anything, in the wrong order beside much that is right."""
    base = tiny(tmp_path / "tiny.gguf")
    strong, weak = _random(shape(base)), _random(shape(base), size=0.002)
    mixed = Lora({m: (weak if "k_proj" in m else strong).pairs[m] for m in strong.pairs}, 4, 4.0)
    finished(mixed, base)
    given = convert.ordered
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convert, "ordered", lambda m, name, s: m if ".attn_k." in name else given(m, name, s))
        with pytest.raises(BadModel, match="does not mean the same") as error:
            finished(mixed, base)
    assert "all" not in error.value.where


def test_an_adapter_that_does_nothing_agrees(tmp_path: Path) -> None:
    base = tiny(tmp_path / "tiny.gguf")
    adapter = finished(_random(shape(base), size=0.0), base)
    assert adapter.agreement is not None
    assert adapter.agreement.cosine == 1.0


def test_the_default_base_with_every_matrix(tmp_path: Path) -> None:
    """llama.cpp rounds the inputs of its packed weights, which is all that is left of a difference."""
    base = catalog.resolve(Paths(tmp_path), catalog.DEFAULT)
    agreement = finished(_random(shape(base), size=0.05), base).agreement
    assert agreement is not None
    assert agreement.cosine > 0.6
    assert agreement.top1 > 0.6


@pytest.mark.parametrize("architecture", ["llama", "qwen3", "gemma3", "smollm3"])
def test_names_are_those_of_the_base(tmp_path: Path, architecture: str) -> None:
    base = shape(tiny(tmp_path / "tiny.gguf", architecture=architecture))
    found = {base.tensor(f"model.layers.1.{part}") for part in ("self_attn.q_proj", "mlp.down_proj")}
    assert found == {"blk.1.attn_q.weight", "blk.1.ffn_down.weight"}
    assert base.tensor("model.layers.2.self_attn.q_proj") == ""
    assert base.tensor("model.embed_tokens") == ""
    assert base.tensor("lm_head") == ""


def test_rows_are_reordered_as_llama_cpp_has_them(tmp_path: Path) -> None:
    """Against the inverse in the gguf package's own users: rows of pairs side by side."""
    matrix = np.arange(8 * 3).reshape(8, 3)
    assert convert.permuted(matrix, 2)[:, 0].tolist() == [0, 6, 3, 9, 12, 18, 15, 21]
    base = tiny(tmp_path / "tiny.gguf", architecture="smollm3")
    found = convert.convert(_random(shape(base), ("q_proj",)), shape(base))
    (tmp_path / "adapter.gguf").write_bytes(found)
    tensors = {t.name: t.data for t in gguf.GGUFReader(tmp_path / "adapter.gguf").tensors}
    plain = _random(shape(base), ("q_proj",)).pairs["model.layers.0.self_attn.q_proj"][1].float().numpy()
    np.testing.assert_allclose(
        tensors["blk.0.attn_q.weight.lora_b"].reshape(plain.shape), convert.permuted(plain, 4), atol=1e-3
    )
