"""Checks of a LoRA adapter before llama.cpp may see it: a broken one would end the process."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from app.core.errors import BadModel
from app.core.models import AdapterFile
from app.core.tasks import Task, Weights
from app.model.gguf import DTYPES, Header, Tensor, parse, write

MOST_FAULTS = 20  # named one by one
LARGEST_PLAIN = 1 << 25  # bytes
_ALPHA = "adapter.lora.alpha"
_METADATA = ("general.type", "adapter.type", "general.architecture", _ALPHA)
_SIDES = (".lora_a", ".lora_b")
_FLOAT32 = 6  # the value type that llama.cpp insists on for alpha: any other ends the process
_LARGEST_RANK, _LARGEST_ALPHA, _LARGEST_SCALE = 256, 1024.0, 4.0


def shipped(task: Task, weights: Weights) -> AdapterFile:
    """The adapter of a task's folder. Raises BadModel for a path outside it, OSError where it is missing."""
    return AdapterFile(
        task=task.name,
        base_sha256=weights.base_sha256,
        gguf=task.weight_file(weights.gguf).read_bytes(),
        gguf_sha256=weights.gguf_sha256,
        rank=weights.rank,
        alpha=weights.alpha,
        targets=weights.targets,
        scale=weights.scale,
    )


def faults(adapter: AdapterFile, base: Header, base_sha256: str) -> tuple[str, ...]:
    """Everything that keeps ``adapter`` from being worn on the base with that header; empty: it fits."""
    found = [*_claim_faults(adapter, base_sha256)]
    try:
        header = parse(adapter.gguf, where=adapter.task)
    except BadModel as error:
        found.append(error.message)
    else:
        found += header.faults
        found += _metadata_faults(header, adapter, base)
        found += _tensor_faults(header, adapter.rank, base)
        found += _not_finite(header, adapter.gguf)
    if len(found) > MOST_FAULTS:
        found = [*found[:MOST_FAULTS], f"and {len(found) - MOST_FAULTS} faults more"]
    return tuple(found)


def plain(adapter: AdapterFile) -> bytes:
    """What the loader gets of an adapter without faults: a GGUF file made anew of what was checked.

    In 32-bit numbers, which halves what the adapter costs in decoding (for 16-bit ones llama.cpp
    rounds its input once for every matrix), unless it is so large that memory counts for more.
    """
    if len(adapter.gguf) > LARGEST_PLAIN:
        return adapter.gguf
    header = parse(adapter.gguf, where=adapter.task)
    metadata = {key: header.metadata[key] for key in _METADATA}
    return write(
        metadata,
        {
            name: values(tensor, adapter.gguf).astype("<f4").reshape(tensor.shape[::-1])
            for name, tensor in header.tensors.items()
        },
    )


def _claim_faults(adapter: AdapterFile, base_sha256: str) -> Iterator[str]:
    """What is wrong with what is said about the file, whatever it holds."""
    if hashlib.sha256(adapter.gguf).hexdigest() != adapter.gguf_sha256:
        yield "the file is not the one this task was checked with"
    if adapter.base_sha256 != base_sha256:
        yield f"it was trained for another base, {adapter.base_sha256[:12]}"
    if not 1 <= adapter.rank <= _LARGEST_RANK:
        yield f"rank {adapter.rank} is not from 1 to {_LARGEST_RANK}"
    if not 0 < adapter.alpha <= _LARGEST_ALPHA:  # false for NaN, as below
        yield f"alpha {adapter.alpha} is not over 0 and up to {_LARGEST_ALPHA:g}"
    if not 0 < adapter.scale <= _LARGEST_SCALE:
        yield f"scale {adapter.scale} is not over 0 and up to {_LARGEST_SCALE:g}"


def _metadata_faults(header: Header, adapter: AdapterFile, base: Header) -> Iterator[str]:
    expected = {
        "general.type": "adapter",
        "adapter.type": "lora",
        "general.architecture": base.metadata.get("general.architecture"),
    }
    for key, value in expected.items():
        if header.metadata.get(key) != value:
            yield f"{key} is {_short(header.metadata.get(key))}, not {value!r}"
    alpha: Any = header.metadata.get(_ALPHA)
    if header.kinds.get(_ALPHA) != _FLOAT32:
        yield f"{_ALPHA} is {_short(alpha)}, not a 32-bit number"
    elif not math.isclose(alpha, adapter.alpha, rel_tol=1e-6):
        yield f"{_ALPHA} is {alpha!r}, not {adapter.alpha}"


def _tensor_faults(header: Header, rank: int, base: Header) -> Iterator[str]:
    if not header.tensors:
        yield "it holds no weights"
    for target in dict.fromkeys(_target(name) for name in header.tensors):
        pair = [header.tensors.get(target + side) for side in _SIDES]
        yield from _pair_faults(target, pair, rank, base.tensors.get(target))


def _target(name: str) -> str:
    return name.removesuffix(_SIDES[0]).removesuffix(_SIDES[1])


def _pair_faults(target: str, pair: list[Tensor | None], rank: int, base: Tensor | None) -> Iterator[str]:
    a, b = pair
    target = target[:64]
    if base is None or len(base.shape) != 2:
        yield f"{target}: the base has no such matrix"
    elif a is None or b is None:
        yield f"{target}: one of the two factors is missing"
    elif a.shape != (base.shape[0], rank) or b.shape != (rank, base.shape[1]):
        yield f"{target}: shapes {a.shape} and {b.shape} do not fit {base.shape} at rank {rank}"
    if any(side is not None and side.dtype not in DTYPES for side in pair):
        yield f"{target}: not a floating-point type"


def _not_finite(header: Header, data: bytes) -> Iterator[str]:
    """NaN and infinity would silently spoil every token."""
    for name, tensor in header.tensors.items():
        whole = tensor.dtype in DTYPES and tensor.at + tensor.bytes <= len(data)
        if whole and not np.isfinite(values(tensor, data)).all():
            yield f"{name[:64]}: holds values that are not finite"


def values(tensor: Tensor, data: bytes) -> npt.NDArray[np.floating]:
    """Of a tensor in one of :data:`DTYPES`, as one row."""
    raw = np.frombuffer(data, np.uint8, tensor.bytes, tensor.at)
    match DTYPES[tensor.dtype]:
        case "F32":
            return raw.view("<f4")
        case "F16":
            return raw.view("<f2")
        case _:
            return (raw.view("<u2").astype("<u4") << 16).view("<f4")


def _short(value: object) -> str:
    return repr(value)[:60]
