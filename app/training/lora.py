"""A plain LoRA adapter in memory, and its one form on disk: what PEFT itself would have written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from app.core.errors import BadModel

_NAME = re.compile(r"base_model\.model\.(.+)\.lora_([AB])\.weight")


@dataclass(frozen=True)
class Lora:
    """``pairs`` by the module's name in transformers: A (rank, inputs) and B (outputs, rank).

    What it adds to a matrix is ``alpha / rank`` · B · A (Hu et al. 2021).
    """

    pairs: dict[str, tuple[torch.Tensor, torch.Tensor]]
    rank: int
    alpha: float

    @property
    def targets(self) -> tuple[str, ...]:
        """The kinds of matrices, by the last part of their names."""
        return tuple(dict.fromkeys(module.rpartition(".")[2] for module in self.pairs))

    @property
    def weights(self) -> int:
        return sum(matrix.numel() for pair in self.pairs.values() for matrix in pair)

    def rounded(self) -> Lora:
        """In bfloat16, as adapters are kept that were trained here."""
        pairs = {name: (a.to(torch.bfloat16), b.to(torch.bfloat16)) for name, (a, b) in self.pairs.items()}
        return Lora(pairs, self.rank, self.alpha)

    def only(self, target: str) -> Lora:
        """What it does to one kind of matrices."""
        pairs = {name: pair for name, pair in self.pairs.items() if name.rpartition(".")[2] == target}
        return Lora(pairs, self.rank, self.alpha)


def between(one: Lora, other: Lora, share: float) -> Lora:
    """``share`` of the way from ``one`` to ``other``, matrix by matrix (Wortsman et al. 2022: what was
    learned before is kept better than by going all the way). Raises BadModel where their shapes differ."""
    shapes = [{name: (a.shape, b.shape) for name, (a, b) in lora.pairs.items()} for lora in (one, other)]
    if shapes[0] != shapes[1] or one.alpha != other.alpha:
        raise BadModel("two adapters of different shapes have nothing between them", where="LoRA")

    def mixed(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return torch.lerp(a.float(), b.float(), share)

    pairs = {
        name: (mixed(a, other.pairs[name][0]), mixed(b, other.pairs[name][1]))
        for name, (a, b) in one.pairs.items()
    }
    return Lora(pairs, other.rank, other.alpha).rounded()


class _Config(msgspec.Struct, frozen=True, kw_only=True):
    """Of ``adapter_config.json``, what decides about the arithmetic of an adapter we wrote."""

    r: int
    lora_alpha: float


def told(faults: Iterable[str]) -> str:
    """Faults ("where: what") in one line: what is wrong in many places is said once, with the first."""
    places: dict[str, list[str]] = {}
    for fault in faults:
        where, mark, what = fault.rpartition(": ")
        places.setdefault(what, []).append(where + mark)
    return "; ".join(
        f"{first}{what}" if not rest else f"{first.removesuffix(': ')} and {len(rest)} more: {what}"
        for what, (first, *rest) in places.items()
    )


def collect(weights: dict[str, torch.Tensor], rank: int, alpha: float) -> Lora:
    """From tensors by PEFT's names. Raises BadModel where one half of a pair is missing."""
    halves: dict[str, dict[str, torch.Tensor]] = {}
    for name, tensor in sorted(weights.items()):  # safetensors gives them in any order
        match = _NAME.fullmatch(name)
        if match is None:
            raise BadModel("the adapter holds something that is no LoRA matrix", where=name)
        halves.setdefault(match[1], {})[match[2]] = tensor
    if odd := [module for module, pair in halves.items() if len(pair) < 2]:
        raise BadModel("one of the two LoRA matrices is missing", where=", ".join(odd))
    return Lora({module: (pair["A"], pair["B"]) for module, pair in halves.items()}, rank, alpha)


def read(peft: bytes, config: bytes) -> Lora:
    """An adapter that :func:`write` made. Raises BadModel on anything else."""
    try:
        known = msgspec.json.decode(config, type=_Config)
    except msgspec.DecodeError as error:
        raise BadModel("the adapter's configuration is damaged", where=str(error)) from error
    return collect(tensors(peft), known.r, known.lora_alpha)


def tensors(peft: bytes) -> dict[str, torch.Tensor]:
    """By PEFT's names. Raises BadModel where ``peft`` is not a whole safetensors file."""
    try:
        return load(peft)
    except (SafetensorError, ValueError, KeyError) as error:
        raise BadModel("the adapter's file is damaged", where=str(error)) from error


def write(lora: Lora, base: str, layers: int) -> tuple[bytes, bytes]:
    """PEFT's safetensors and ``adapter_config.json``; ``base`` (a name, never a path) has ``layers``."""
    weights = {
        f"base_model.model.{module}.lora_{side}.weight": matrix.detach().cpu().contiguous()
        for module, pair in lora.pairs.items()
        for side, matrix in zip("AB", pair, strict=True)
    }
    return save(dict(sorted(weights.items())), metadata={"format": "pt"}), config(lora, base, layers)


def config(lora: Lora, base: str, layers: int) -> bytes:
    """``adapter_config.json``, with every key that PEFT, vLLM and LoRAX look at."""
    content: dict[str, Any] = {
        "base_model_name_or_path": base,
        "bias": "none",
        "fan_in_fan_out": False,
        "inference_mode": True,
        "init_lora_weights": True,
        "lora_alpha": lora.alpha,
        "lora_dropout": 0.0,
        "modules_to_save": None,
        "peft_type": "LORA",
        "r": lora.rank,
        "revision": None,
        "target_modules": _named(lora, layers),
        "task_type": "CAUSAL_LM",
        "use_dora": False,
        "use_rslora": False,
    }
    return (json.dumps(content, indent=2) + "\n").encode()


def _named(lora: Lora, layers: int) -> list[str]:
    """By their kinds where every layer has all of them, else one by one."""
    whole = len(lora.pairs) == layers * len(lora.targets)
    return list(lora.targets if whole else lora.pairs)
