"""What a language model needs in memory, estimated before it starts: from its header and how it is loaded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import psutil

from app.model import gguf
from app.model.contract import BATCH, Loading
from app.model.gguf import Header

_PROCESS = 150_000_000  # bytes: the libraries, a handful of adapters, the tasks' saved prompts
_SPARE = 128_000_000  # what MLX keeps of freed memory for the next use
_FILE_TYPE_Q4_1, _Q4_1, _Q8_0 = 3, 20 / 32, 34 / 32  # a file type of the GGUF specification; bytes a weight
_LARGEST_COPY = 1 << 30  # bytes of a base: beyond, the doubled size costs more than the speed is worth
_REPACKED = {2: 18 / 32, 12: 18 / 32, 20: 18 / 32}  # ggml types Q4_0, Q4_K, IQ4_NL: bytes a weight
_MLX_PACKED, _FLOATS = {2: 0.75, 3: 0.75}, (0, 1, 30)  # Q4_0, Q4_1 with float32 scales; F32, F16, BF16
_KV = {"f16": 2.0, "q8_0": 34 / 32, "q4_0": 18 / 32}  # bytes a value
_MLX_KV = {"f16": 4.0, "q8_0": 1.25, "q4_0": 0.75}  # exact is float32 there


@dataclass(frozen=True)
class Need:
    """Bytes: ``own`` is memory of the process, ``mapped`` the file's pages, which can be taken back."""

    own: int
    mapped: int = 0


def llamacpp(path: Path, loading: Loading) -> Need:
    """Of the base in the GGUF file ``path``. Raises BadModel, or OSError where it cannot be read."""
    header, size = gguf.read(path), path.stat().st_size
    if copied(header, size):
        size = round(size * _Q8_0 / _Q4_1)
    own = _PROCESS + _context(
        header, loading.context, _KV[loading.kv_cache], scores=loading.kv_cache == "f16"
    )
    if not loading.mmap:
        return Need(own + size)
    if repacks(size):
        own += round(_weights(header, _REPACKED, 0.0))
    return Need(own, size)


def mlx(path: Path, loading: Loading, *, gpu: bool) -> Need:
    """The same by MLX: float32 on a processor, packed on a GPU; nothing stays in the file's pages."""
    header = gguf.read(path)
    packed = _MLX_PACKED | dict.fromkeys(_FLOATS, 4.0)
    weights = _weights(header, packed, 1.25) if gpu else _weights(header, {}, 4.0)
    context = _context(header, loading.context, _MLX_KV[loading.kv_cache], scores=True)
    return Need(_PROCESS + _SPARE + context + round(weights))


def copied(header: Header, size: int) -> bool:
    """Whether llama.cpp gets a faster copy of such a file (app.model.quantize)."""
    return header.metadata.get("general.file_type") == _FILE_TYPE_Q4_1 and size <= _LARGEST_COPY


def repacks(size: int) -> bool:
    """Whether weights of a mapped file of that size are laid out anew, which is faster.

    They then lie beside the file's pages: not for a model that fills the memory.
    """
    return size < psutil.virtual_memory().total // 4


def _context(header: Header, context: int, each: float, *, scores: bool) -> int:
    """Keys and values of all its tokens, and what reading BATCH of them takes at its far end."""
    architecture = header.metadata.get("general.architecture")

    def number(name: str, otherwise: int) -> int:
        value = header.metadata.get(f"{architecture}.{name}")
        return value if isinstance(value, int) and 0 < value < 1 << 31 else otherwise

    tokens = min(context, number("context_length", context))
    heads, width = number("attention.head_count", 1), number("embedding_length", 0)
    head = number("attention.key_length", width // heads)
    values = head + number("attention.value_length", head)
    kept = tokens * number("block_count", 0) * number("attention.head_count_kv", heads) * values * each
    words = header.tensors.get("token_embd.weight")
    vocabulary = words.shape[-1] if words else 0
    return round(kept) + 4 * BATCH * (vocabulary + (heads * tokens if scores else 0))


def _weights(header: Header, each: dict[int, float], otherwise: float) -> float:
    """Bytes of all tensors, with so many for a weight of each type, ``otherwise`` for other types."""
    return sum(math.prod(t.shape) * each.get(t.dtype, otherwise) for t in header.tensors.values())
