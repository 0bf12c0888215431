"""The numbers of a GGUF file as MLX arrays: dense for a processor, packed as they are for a GPU."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import mlx.core as mx
import numpy as np
import numpy.typing as npt
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, dequantize

from app.core.errors import BadModel
from app.model import gguf
from app.model.gguf import Header

Kind = GGMLQuantizationType
Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.float32]
GROUP = 32  # weights that share a scale, in MLX as in GGUF's simple types
_PLAIN = (Kind.F32, Kind.F16, Kind.BF16)


class Store(Protocol):
    """One matrix of shape (out, in), by rows or as a factor."""

    def times(self, x: mx.array) -> mx.array:
        """(…, in) → (…, out)"""
        ...

    def rows(self, at: mx.array) -> mx.array:
        """(…) → (…, in)"""
        ...


class Dense:
    """float32, kept (in, out): plain BLAS then runs along rows, up to four times faster."""

    def __init__(self, matrix: Numbers) -> None:
        self._turned = _array(matrix.T)

    def times(self, x: mx.array) -> mx.array:
        return x @ self._turned

    def rows(self, at: mx.array) -> mx.array:
        return mx.moveaxis(mx.take(self._turned, at, axis=1), 0, -1)


class Packed:
    """``bits`` of each weight, with a scale and a bias for every GROUP of a row."""

    def __init__(self, words: mx.array, scales: mx.array, biases: mx.array, *, bits: int) -> None:
        self._parts, self._bits = (words, scales, biases), bits
        mx.eval(self._parts)

    def times(self, x: mx.array) -> mx.array:
        return mx.quantized_matmul(x, *self._parts, transpose=True, group_size=GROUP, bits=self._bits)

    def rows(self, at: mx.array) -> mx.array:
        words, scales, biases = (part[at] for part in self._parts)
        return mx.dequantize(words, scales, biases, group_size=GROUP, bits=self._bits)


class File:
    """The tensors of GGUF ``data``; every method raises BadModel where one is missing or not usable."""

    def __init__(self, data: Bytes, header: Header) -> None:
        self.header, self._data = header, data

    def numbers(self, name: str) -> Numbers:
        """float32, rows first: the reverse of the file's order of dimensions."""
        raw, kind = self._raw(name)
        try:
            return dequantize(raw, kind).astype(np.float32, copy=False)
        except (ValueError, NotImplementedError) as error:
            raise BadModel("a part of the model file cannot be used", where=f"{name}: {error}") from error

    def store(self, name: str, *, packed: bool) -> Store:
        """``packed``: the file's own numbers where MLX has their form; other quantized ones in 8 bits."""
        raw, kind = self._raw(name)
        if not packed or kind in _PLAIN:
            return Dense(self.numbers(name))
        if kind in _SAME:
            return _SAME[kind](raw)
        words, scales, biases = mx.quantize(mx.array(self.numbers(name)), group_size=GROUP, bits=8)
        return Packed(words, scales, biases, bits=8)

    def _raw(self, name: str) -> tuple[Bytes, Kind]:
        """A row of bytes for each row of the tensor."""
        tensor = self.header.tensors.get(name)
        if tensor is None:
            raise BadModel("the model file lacks a part", where=name)
        try:
            kind = Kind(tensor.dtype)
            block, size = GGML_QUANT_SIZES[kind]
            *outer, inner = reversed(tensor.shape)
            raw = self._data[tensor.at : tensor.at + math.prod(tensor.shape) // block * size]
            return raw.reshape(*outer, inner // block * size), kind
        except ValueError as error:
            raise BadModel("a part of the model file cannot be used", where=f"{name}: {error}") from error


@dataclass(frozen=True)
class Pair:
    """The two factors of one matrix's change, ready to multiply from the right: (in, r) and (r, out)."""

    a: mx.array
    b: mx.array


Adapter = Mapping[str, Pair]  # by the GGUF name of the matrix


def factors(adapter: bytes) -> Adapter:
    """Of a GGUF adapter that has been checked (app.model.adapters); alpha / rank is in b."""
    file = File(np.frombuffer(adapter, np.uint8), gguf.parse(adapter, where="the adapter"))
    alpha = float(file.header.metadata["adapter.lora.alpha"])
    pairs = {}
    for name in file.header.tensors:
        if name.endswith(".lora_a"):
            target = name.removesuffix(".lora_a")
            a, b = file.numbers(name), file.numbers(f"{target}.lora_b")
            pairs[target] = Pair(_array(a.T), _array(b.T * np.float32(alpha / a.shape[0])))
    return pairs


def _array(values: Numbers) -> mx.array:
    """Computed at once: what is put off keeps what it is made from, and belongs to one thread."""
    array = mx.array(np.ascontiguousarray(values))
    mx.eval(array)
    return array


# --- the types that MLX packs alike: GGUF's blocks hold scales and weights, MLX keeps them apart ---


def _q8_0(raw: Bytes) -> Packed:
    """d · q with q from -128 to 127."""
    blocks = raw.reshape(len(raw), -1, 2 + GROUP)
    weights = (blocks[..., 2:] ^ np.uint8(0x80)).reshape(len(raw), -1)  # two's complement, moved up by 128
    d = _halves(blocks[..., :2])
    return _packed(weights, d, -128 * d, bits=8)


def _q4_0(raw: Bytes) -> Packed:
    """d · (q - 8)"""
    blocks = raw.reshape(len(raw), -1, 2 + GROUP // 2)
    d = _halves(blocks[..., :2])
    return _packed(_nibbles(blocks[..., 2:]), d, -8 * d, bits=4)


def _q4_1(raw: Bytes) -> Packed:
    """d · q + m"""
    blocks = raw.reshape(len(raw), -1, 4 + GROUP // 2)
    return _packed(_nibbles(blocks[..., 4:]), _halves(blocks[..., :2]), _halves(blocks[..., 2:4]), bits=4)


_SAME = {Kind.Q8_0: _q8_0, Kind.Q4_0: _q4_0, Kind.Q4_1: _q4_1}


def _halves(raw: Bytes) -> Numbers:
    halves = np.ascontiguousarray(raw).view("<f2")[..., 0]
    return halves.astype(np.float32)


def _nibbles(raw: Bytes) -> Bytes:
    """A block has its first half in the low nibbles, its second in the high ones; MLX has them in turn."""
    weights = np.concatenate([raw & np.uint8(0xF), raw >> np.uint8(4)], axis=-1)
    pairs: Bytes = weights[..., ::2] | weights[..., 1::2] << np.uint8(4)
    return pairs.reshape(len(raw), -1)


def _packed(
    weights: Bytes,
    scales: Numbers,
    biases: Numbers,
    *,
    bits: int,
) -> Packed:
    words = np.ascontiguousarray(weights).view("<u4")
    return Packed(mx.array(words), mx.array(scales), mx.array(biases), bits=bits)
