"""A LoRA adapter written as GGUF for llama.cpp; the PEFT safetensors stay the source of truth."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from gguf import MODEL_ARCH_NAMES, GGUFReader, GGUFWriter, TensorNameMap, get_tensor_name_map

from app.core.errors import BadModel
from app.core.private import private_path
from app.training.lora import Lora, told

# llama.cpp turns rotary pairs that lie side by side in these, where transformers has two halves:
# the rows of their queries and keys are reordered in GGUF files, and so must an adapter's be.
_REORDERED = ("llama", "smollm3")


@dataclass(frozen=True)
class Shape:
    """What a GGUF base is made of; ``matrices`` by tensor name: (outputs, inputs)."""

    architecture: str
    layers: int
    heads: int
    kv_heads: int
    names: TensorNameMap
    matrices: dict[str, tuple[int, int]]
    parameters: int

    def tensor(self, module: str) -> str:
        """The GGUF name of a transformers module's weights, empty where the base has no such matrix."""
        found = self.names.get_name(module.replace("model.language_model.", "model."))
        name = f"{found}.weight" if found else ""
        return name if name in self.matrices else ""


def shape(base: Path) -> Shape:
    """Raises BadModel where ``base`` is not a whole GGUF file of an architecture we know."""
    try:
        info = base.stat()
    except OSError as error:
        raise BadModel("the base cannot be read", where=f"{base.name}: {error.strerror}") from error
    return _shape(base, info.st_size, info.st_mtime_ns)


@functools.lru_cache(maxsize=4)  # the reader takes seconds over a large vocabulary
def _shape(base: Path, _size: int, _changed: int) -> Shape:
    try:
        reader = GGUFReader(base)
        architecture = str(reader.fields["general.architecture"].contents())
        known = next(arch for arch, name in MODEL_ARCH_NAMES.items() if name == architecture)
        heads = int(reader.fields[f"{architecture}.attention.head_count"].contents())
        kv = reader.fields.get(f"{architecture}.attention.head_count_kv")
        blocks = int(reader.fields[f"{architecture}.block_count"].contents())
    except (OSError, ValueError, KeyError, TypeError, IndexError, StopIteration) as error:
        raise BadModel("the base cannot be read", where=f"{base.name}: {error}") from error
    matrices = {
        tensor.name: (int(tensor.shape[1]), int(tensor.shape[0]))
        for tensor in reader.tensors
        if len(tensor.shape) == 2 and tensor.name.startswith("blk.")
    }
    return Shape(
        architecture=architecture,
        layers=blocks,
        heads=heads,
        kv_heads=int(kv.contents()) if kv else heads,
        names=get_tensor_name_map(known, blocks),
        matrices=matrices,
        parameters=sum(int(tensor.n_elements) for tensor in reader.tensors),
    )


def faults(lora: Lora, base: Shape) -> tuple[str, ...]:
    """Why the adapter does not fit the base; empty: it fits."""
    found = []
    for module, (a, b) in lora.pairs.items():
        name = base.tensor(module)
        if not name:
            found.append(f"{module}: the base has no such matrix")
        elif (b.shape[0], a.shape[1]) != base.matrices[name]:
            found.append(
                f"{module}: made for {b.shape[0]} × {a.shape[1]}, the base has "
                f"{' × '.join(map(str, base.matrices[name]))}"
            )
        elif a.shape[0] != lora.rank or b.shape[1] != lora.rank:
            found.append(f"{module}: its rank is not {lora.rank}")
    return tuple(found)


def convert(lora: Lora, given: Shape) -> bytes:
    """The adapter as a GGUF file, its matrices float16. Raises BadModel where it does not fit."""
    if found := faults(lora, given):
        raise misfit(found)
    with private_path() as path:
        writer = GGUFWriter(path, given.architecture)
        writer.add_type("adapter")
        writer.add_string("adapter.type", "lora")
        writer.add_float32("adapter.lora.alpha", lora.alpha)
        for module, (a, b) in sorted(lora.pairs.items()):
            name = given.tensor(module)
            writer.add_tensor(f"{name}.lora_a", _half(a.float().numpy()))
            writer.add_tensor(f"{name}.lora_b", _half(ordered(b.float().numpy(), name, given)))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        return path.read_bytes()


def misfit(found: tuple[str, ...]) -> BadModel:
    return BadModel(
        "the adapter was made for another base: " + told(found),
        remedy="train it for this base from its recipe: homebody tasks port",
    )


def ordered(matrix: npt.NDArray[Any], name: str, base: Shape) -> npt.NDArray[Any]:
    """``matrix`` (outputs, …) with its rows as the base's GGUF tensor ``name`` has them."""
    heads = _reordered(name, base)
    return permuted(matrix, heads) if heads else matrix


def unordered(matrix: npt.NDArray[Any], name: str, base: Shape) -> npt.NDArray[Any]:
    """The inverse of :func:`ordered`."""
    heads = _reordered(name, base)
    if not heads:
        return matrix
    order = permuted(np.arange(matrix.shape[0]), heads)
    plain: npt.NDArray[Any] = matrix[np.argsort(order)]
    return plain


def _reordered(name: str, base: Shape) -> int:
    """In how many parts the rows of tensor ``name`` are reordered; 0: not at all."""
    if base.architecture not in _REORDERED:
        return 0
    if ".attn_q." in name:
        return base.heads
    return base.kv_heads if ".attn_k." in name else 0


def permuted(matrix: npt.NDArray[Any], heads: int) -> npt.NDArray[Any]:
    """Rotary pairs side by side, where ``matrix`` has halves."""
    rows = matrix.shape[0]
    halves = matrix.reshape(heads, 2, rows // heads // 2, *matrix.shape[1:])
    swapped: npt.NDArray[Any] = halves.swapaxes(1, 2).reshape(matrix.shape)
    return swapped


def _half(matrix: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.ascontiguousarray(matrix, dtype=np.float16)
