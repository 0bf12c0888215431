"""LoRA adapters as GGUF bytes, taken apart and put together for tests, by the public gguf library."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
from gguf import GGUFWriter

from app.core.models import AdapterFile
from app.model.adapters import values
from app.model.gguf import parse

Array = npt.NDArray[np.float32]


def matrices(data: bytes) -> dict[str, Array]:
    header = parse(data, where="test")
    return {
        name: values(tensor, data).astype(np.float32).reshape(tensor.shape[::-1])
        for name, tensor in header.tensors.items()
    }


def written(task: str, parts: Mapping[str, Array], *, rank: int, alpha: float, base: str) -> AdapterFile:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "adapter.gguf"
        writer = GGUFWriter(path, "llama")
        writer.add_type("adapter")
        writer.add_string("adapter.type", "lora")
        writer.add_float32("adapter.lora.alpha", alpha)
        for name, part in parts.items():
            writer.add_tensor(name, np.ascontiguousarray(part, dtype=np.float16))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        data = path.read_bytes()
    return AdapterFile(
        task=task,
        base_sha256=base,
        gguf=data,
        gguf_sha256=hashlib.sha256(data).hexdigest(),
        rank=rank,
        alpha=alpha,
        targets=(),
    )


def rewritten(adapter: AdapterFile, change: Callable[[str, Array], Array], *, scale: float) -> AdapterFile:
    parts = {name: change(name, part) for name, part in matrices(adapter.gguf).items()}
    made = written(adapter.task, parts, rank=adapter.rank, alpha=adapter.alpha, base=adapter.base_sha256)
    return msgspec.structs.replace(made, scale=scale, targets=adapter.targets)
