"""Ways to damage an adapter: bits, length, counts, names, shapes, types, byte order, values, claims.

The hash is computed anew each time, so that only the content can tell.
"""

from __future__ import annotations

import hashlib
import random
import struct
from collections.abc import Callable

import msgspec
import numpy as np

from app.core.models import AdapterFile
from app.model.gguf import Tensor, parse

Change = Callable[[bytearray, random.Random], object]
_HUGE = (0xFFFFFFFFFFFFFFFF, 0x7FFFFFFFFFFFFFFF, 1 << 62, 1 << 40, 1 << 32, 0xFFFFFFFF, 1 << 31)
_COUNTS = 8  # tensors, then keys


def mutated(adapter: AdapterFile, kind: str, chance: random.Random) -> AdapterFile:
    data = bytearray(adapter.gguf)
    KINDS[kind](data, chance)
    made = msgspec.structs.replace(adapter, gguf=bytes(data), gguf_sha256=hashlib.sha256(data).hexdigest())
    return _claims(made, chance) if kind == "claims" else made


def _claims(adapter: AdapterFile, chance: random.Random) -> AdapterFile:
    changes: list[dict[str, object]] = [
        {"rank": chance.choice((-1, 0, 1, 7, 9, 64, 1 << 40))},
        {"alpha": chance.choice((0.0, -1.0, float("nan"), float("inf"), 17.0))},
        {"scale": chance.choice((0.0, -1.0, float("nan"), float("inf"), 1e9))},
        {"base_sha256": chance.choice(("", "0" * 64, "x"))},
        {"task": chance.choice(("", "draft", "../act"))},
        {"gguf_sha256": "0" * 64},
    ]
    return msgspec.structs.replace(adapter, **chance.choice(changes))


def _tensor(data: bytearray, chance: random.Random) -> tuple[str, Tensor, int]:
    """A tensor, and where its description begins behind its name."""
    name, tensor = chance.choice(sorted(parse(bytes(data), where="").tensors.items()))
    return name, tensor, data.index(name.encode()) + len(name)


def _key(data: bytearray, chance: random.Random) -> int:
    """Where the value type of some metadata key stands."""
    key = chance.choice(sorted(parse(bytes(data), where="").metadata)).encode()
    return data.index(key) + len(key)


def _head(data: bytearray) -> int:
    return min(t.at for t in parse(bytes(data), where="").tensors.values())


def _flip(data: bytearray, chance: random.Random, end: int) -> None:
    for _ in range(chance.choice((1, 1, 4, 64))):
        data[chance.randrange(end)] ^= 1 << chance.randrange(8)


def _put(data: bytearray, at: int, code: str, value: int) -> None:
    struct.pack_into("<" + code, data, at, value)


def _shape(data: bytearray, chance: random.Random) -> None:
    _, tensor, at = _tensor(data, chance)
    size = chance.choice((0, 1, 7, 576, 1536, 1 << 20, *_HUGE))
    _put(data, at + 4 + 8 * chance.randrange(len(tensor.shape)), "Q", size)


def _kind(data: bytearray, chance: random.Random) -> None:
    _, tensor, at = _tensor(data, chance)
    _put(data, at + 4 + 8 * len(tensor.shape), "I", chance.choice((2, 3, 8, 14, 24, 31, 39, 99, 0xFFFFFFFF)))


def _offset(data: bytearray, chance: random.Random) -> None:
    _, tensor, at = _tensor(data, chance)
    _put(data, at + 8 + 8 * len(tensor.shape), "Q", chance.choice((1, 32, len(data), *_HUGE)))


def _name(data: bytearray, chance: random.Random) -> None:
    name, _, at = _tensor(data, chance)
    new = chance.choice(
        (
            name.replace("lora_a", "lora_b").replace("lora_b", "lora_a", 1),
            name.replace("attn", "ffn_"),
            "blk.99" + name[6:],
            name.replace(".", "\0"),
            "x" * len(name),
            name[:-6] + "norm.w",
        )
    ).encode()[: len(name)]
    data[at - len(name) : at - len(name) + len(new)] = new


def _value(bits: bytes) -> Change:
    def put(data: bytearray, chance: random.Random) -> None:
        _, tensor, _ = _tensor(data, chance)
        at = tensor.at + 2 * chance.randrange(tensor.bytes // 2)
        data[at : at + 2] = bits

    return put


def _loud(data: bytearray, chance: random.Random) -> None:
    """Every weight as large as half precision holds: finite, but what is computed with it is not."""
    start = _head(data)
    count = (len(data) - start) // 2
    data[start : start + 2 * count] = np.full(count, 6e4, "<f2").tobytes()


def _swap(data: bytearray, chance: random.Random) -> None:
    """Byte order of the whole header, as a machine of the other kind would have written it."""
    end = _head(data) // 4 * 4
    words = np.frombuffer(bytes(data[4:end]), "<u4")
    data[4:end] = words.byteswap().tobytes()


def _spliced(data: bytearray, chance: random.Random, end: int) -> None:
    at, size = chance.randrange(end), chance.randrange(1, 40)
    data[at : at + chance.choice((0, size))] = chance.randbytes(chance.choice((0, size)))


def _alpha(data: bytearray, chance: random.Random) -> None:
    """A 32-bit integer where llama.cpp insists on a float, and ends the process otherwise."""
    key = b"adapter.lora.alpha"
    _put(data, data.index(key) + len(key), "I", 4)


def _longer(data: bytearray, chance: random.Random) -> None:
    """A length of a string that goes beyond everything."""
    key = chance.choice(sorted(parse(bytes(data), where="").metadata)).encode()
    _put(data, data.index(key) - 8, "Q", chance.choice(_HUGE))


def _all(new: Callable[[random.Random], bytes]) -> Change:
    def put(data: bytearray, chance: random.Random) -> None:
        data[:] = new(chance)

    return put


KINDS: dict[str, Change] = {
    "alpha of another type": _alpha,
    "bits anywhere": lambda data, chance: _flip(data, chance, len(data)),
    "bits of the header": lambda data, chance: _flip(data, chance, _head(data)),
    "byte order": _swap,
    "claims": lambda data, chance: None,
    "cut off": lambda data, chance: data.__delitem__(slice(chance.randrange(len(data)), None)),
    "cut off in the header": lambda data, chance: data.__delitem__(
        slice(chance.randrange(_head(data)), None)
    ),
    "huge count of keys": lambda data, chance: _put(data, _COUNTS + 8, "Q", chance.choice(_HUGE)),
    "huge count of tensors": lambda data, chance: _put(data, _COUNTS, "Q", chance.choice(_HUGE)),
    "huge length": _longer,
    "infinity": _value(b"\x00\x7c"),
    "loud weights": _loud,
    "not a number": _value(b"\x00\x7e"),
    "nothing": _all(lambda chance: b""),
    "noise": _all(lambda chance: b"GGUF\3\0\0\0" + chance.randbytes(4000)),
    "other count of keys": lambda data, chance: _put(data, _COUNTS + 8, "Q", chance.randrange(20)),
    "other count of tensors": lambda data, chance: _put(data, _COUNTS, "Q", chance.randrange(260)),
    "other dimensions": lambda data, chance: _put(
        data, _tensor(data, chance)[2], "I", chance.choice((0, 1, 3, 9))
    ),
    "other name": _name,
    "other offset": _offset,
    "other shape": _shape,
    "other type of tensor": _kind,
    "other type of value": lambda data, chance: _put(data, _key(data, chance), "I", chance.randrange(16)),
    "spliced header": lambda data, chance: _spliced(data, chance, _head(data)),
    "version": lambda data, chance: _put(data, 4, "I", chance.choice((0, 1, 4, 1 << 31))),
    "zeros": _all(lambda chance: bytes(chance.randrange(5000))),
}
