"""Checks of a LoRA adapter file before llama.cpp may see it: a broken one would end the process."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from app.core.errors import BadModel
from app.core.tasks import Task, Weights, sha256_file
from app.model.gguf import DTYPES, Header, Tensor, read

_SIDES = (".lora_a", ".lora_b")


def faults(task: Task, weights: Weights, base: Header) -> tuple[str, ...]:
    """Everything that keeps the GGUF adapter of ``weights`` from fitting ``base``; empty: it fits."""
    try:
        path = task.weight_file(weights.gguf)
        if sha256_file(path) != weights.gguf_sha256:
            return (f"{weights.gguf}: the file is not the one this task was checked with",)
        header = read(path)
    except BadModel as error:
        return (f"{weights.gguf}: {error.message}",)
    except OSError as error:
        return (f"{weights.gguf}: {error.strerror or error}",)
    return (*_metadata_faults(header, weights, base), *_tensor_faults(path, header, weights, base))


def _metadata_faults(header: Header, weights: Weights, base: Header) -> list[str]:
    expected = {
        "general.type": "adapter",
        "adapter.type": "lora",
        "general.architecture": base.metadata.get("general.architecture"),
    }
    found = [
        f"{key} is {header.metadata.get(key)!r}, not {value!r}"
        for key, value in expected.items()
        if header.metadata.get(key) != value
    ]
    alpha = header.metadata.get("adapter.lora.alpha")
    if not isinstance(alpha, float) or not math.isclose(alpha, weights.alpha, rel_tol=1e-6):
        found.append(f"adapter.lora.alpha is {alpha!r}, not {weights.alpha}")
    return found


def _tensor_faults(path: Path, header: Header, weights: Weights, base: Header) -> list[str]:
    if not header.tensors:
        return ["it holds no weights"]
    targets = {name.removesuffix(side) for name in header.tensors for side in _SIDES}
    found = []
    for target in sorted(t for t in targets if not t.endswith(_SIDES)):
        pair = [header.tensors.get(target + side) for side in _SIDES]
        found += _pair_faults(target, pair, weights.rank, base.tensors.get(target))
    return found or _not_finite(path, header)


def _pair_faults(target: str, pair: list[Tensor | None], rank: int, base: Tensor | None) -> list[str]:
    a, b = pair
    if base is None or len(base.shape) != 2:
        return [f"{target}: the base has no such matrix"]
    if a is None or b is None:
        return [f"{target}: one of the two factors is missing"]
    if a.shape != (base.shape[0], rank) or b.shape != (rank, base.shape[1]):
        return [f"{target}: shapes {a.shape} and {b.shape} do not fit {base.shape} at rank {rank}"]
    if a.dtype not in DTYPES or b.dtype not in DTYPES:
        return [f"{target}: not a floating-point type"]
    return []


def _not_finite(path: Path, header: Header) -> list[str]:
    """NaN and infinity would silently spoil every token."""
    data = np.memmap(path, mode="r")
    for name, tensor in header.tensors.items():
        raw = data[tensor.at : tensor.at + tensor.bytes]
        match DTYPES[tensor.dtype]:
            case "F32":
                values = raw.view("<f4")
            case "F16":
                values = raw.view("<f2")
            case _:
                values = (raw.view("<u2").astype("<u4") << 16).view("<f4")
        if not np.isfinite(values).all():
            return [f"{name}: holds values that are not finite"]
    return []
