"""GGUF files: a header read with bounds (llama.cpp trusts what it finds there, we do not), and writing."""

from __future__ import annotations

import collections
import math
import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.core.errors import BadModel

# The GGUF specification's value types; an array (9) and a string (8) are handled apart.
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_FLOAT, _STRING, _ARRAY = 6, 8, 9
_F32, _ALIGNMENT = 0, 32
_FLOAT_BYTES = {0: 4, 1: 2, 30: 2}  # ggml types F32, F16, BF16
_MAX_KEYS, _MAX_TENSORS, _MAX_STRING, _MAX_ITEMS = 4096, 65536, 1 << 20, 1 << 22

DTYPES = {0: "F32", 1: "F16", 30: "BF16"}


@dataclass(frozen=True)
class Tensor:
    """``shape`` in GGUF order: the fastest-running dimension first. ``at`` is its place in the file."""

    shape: tuple[int, ...]
    dtype: int
    at: int

    @property
    def bytes(self) -> int:
        """0 where the type is a quantized one."""
        return math.prod(self.shape) * _FLOAT_BYTES.get(self.dtype, 0)


@dataclass(frozen=True)
class Header:
    """Scalar and string metadata (arrays are skipped), and where every tensor lies.

    ``kinds`` are the value types of the metadata as the file numbers them; ``faults`` is what is
    wrong with a file whose header can be read all the same.
    """

    metadata: dict[str, Any]
    kinds: dict[str, int]
    tensors: dict[str, Tensor]
    faults: tuple[str, ...] = ()


def read(path: Path) -> Header:
    """Raises BadModel where ``path`` is not a whole GGUF file, OSError where it cannot be read."""
    with path.open("rb") as file:
        if not file.read(1):
            raise _bad(str(path), "it is empty")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            header = parse(data, where=str(path))
    if header.faults:
        raise _bad(str(path), "; ".join(header.faults))
    return header


def parse(data: mmap.mmap | bytes, *, where: str) -> Header:
    """Raises BadModel, naming ``where``, when ``data`` has no header that can be read to its end."""
    if data[:4] != b"GGUF":
        raise _bad(where, "it is not a GGUF file")
    try:
        version = (cursor := _Cursor(data, 4)).take("I")
        if version in (2, 3):
            return _header(cursor, len(data))
    except (struct.error, UnicodeDecodeError, ValueError) as error:
        raise _bad(where, "its header is damaged") from error
    if version and not version & 0xFFFF:
        raise _bad(where, "it is written for big-endian machines")
    raise _bad(where, f"its GGUF version {version} is not one we know")


class _Cursor:
    def __init__(self, data: mmap.mmap | bytes, at: int) -> None:
        self._data, self.at = data, at

    def take(self, code: str) -> Any:
        (value,) = struct.unpack_from("<" + code, self._data, self.at)
        self.at += struct.calcsize("<" + code)
        return value

    def limited(self, code: str, most: int) -> int:
        value = int(self.take(code))
        if value > most:
            raise ValueError(f"{value} is over the limit of {most}")
        return value

    def string(self) -> str:
        size = self.limited("Q", _MAX_STRING)
        text = self._data[self.at : self.at + size]
        if len(text) < size:
            raise ValueError("the file ends early")
        self.at += size
        return text.decode("utf-8")

    def skip_array(self) -> None:
        kind, count = self.take("I"), self.limited("Q", _MAX_ITEMS)
        if kind == _STRING:
            for _ in range(count):
                size = self.limited("Q", _MAX_STRING)  # moves the cursor itself
                self.at += size
                if self.at > len(self._data):
                    raise ValueError("the file ends early")
        elif kind in _SCALARS:
            self.at += count * struct.calcsize("<" + _SCALARS[kind])
        else:
            raise ValueError(f"unknown value type {kind}")

    def value(self) -> tuple[int, Any]:
        """The value's type and the value."""
        kind = self.take("I")
        if kind == _STRING:
            return kind, self.string()
        if kind == _ARRAY:
            self.skip_array()
            return kind, None
        if kind not in _SCALARS:
            raise ValueError(f"unknown value type {kind}")
        return kind, self.take(_SCALARS[kind])


def _header(cursor: _Cursor, size: int) -> Header:
    tensor_count, key_count = cursor.limited("Q", _MAX_TENSORS), cursor.limited("Q", _MAX_KEYS)
    keys = [(cursor.string(), *cursor.value()) for _ in range(key_count)]
    metadata = {key: value for key, _, value in keys}
    listed = [_tensor(cursor) for _ in range(tensor_count)]
    alignment = metadata.get("general.alignment", _ALIGNMENT)
    if not isinstance(alignment, int) or not 1 <= alignment <= 1 << 16:
        raise ValueError("alignment")
    start = -(-cursor.at // alignment) * alignment
    tensors = {name: Tensor(t.shape, t.dtype, t.at + start) for name, t in listed}
    faults = [f"it says {key} twice" for key in _twice([key for key, _, _ in keys])]
    faults += [f"{name} is there twice" for name in _twice([name for name, _ in listed])]
    faults += [
        f"it is cut off: {name} lies beyond its end"
        for name, tensor in tensors.items()
        if tensor.at + max(tensor.bytes, 1) > size
    ]
    return Header(metadata, {key: kind for key, kind, _ in keys}, tensors, tuple(faults))


def write(metadata: Mapping[str, str | float], tensors: Mapping[str, npt.NDArray[np.float32]]) -> bytes:
    """A GGUF file of strings, 32-bit numbers and 32-bit tensors, each tensor's last axis running fastest."""
    head = [b"GGUF", struct.pack("<IQQ", 3, len(tensors), len(metadata))]
    for key, value in metadata.items():
        head += [_packed(key), struct.pack("<I", _STRING if isinstance(value, str) else _FLOAT)]
        head.append(_packed(value) if isinstance(value, str) else struct.pack("<f", value))
    at, data = 0, []
    for name, tensor in tensors.items():
        head += [_packed(name), struct.pack("<I", tensor.ndim)]
        head.append(struct.pack(f"<{tensor.ndim}QIQ", *tensor.shape[::-1], _F32, at))
        data.append(_padded(np.ascontiguousarray(tensor, "<f4").tobytes()))
        at += len(data[-1])
    return b"".join((_padded(b"".join(head)), *data))


def _packed(text: str) -> bytes:
    data = text.encode("utf-8")
    return struct.pack("<Q", len(data)) + data


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _ALIGNMENT)


def _twice(names: list[str]) -> list[str]:
    return [name for name, count in collections.Counter(names).items() if count > 1]


def _tensor(cursor: _Cursor) -> tuple[str, Tensor]:
    name = cursor.string()
    shape = tuple(cursor.limited("Q", 1 << 40) for _ in range(cursor.limited("I", 4)))
    if not shape or 0 in shape:
        raise ValueError(f"{name} is empty")
    return name, Tensor(shape, cursor.take("I"), cursor.limited("Q", 1 << 48))


def _bad(where: str, why: str) -> BadModel:
    return BadModel(
        f"the model file cannot be used: {why}",
        where=where,
        remedy="get the file again, or choose another",
    )
