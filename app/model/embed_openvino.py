"""Embeds with the derived model: OpenVINO and tokenizers alone, 0.1 s to import, no PyTorch.

bfloat16 where the processor multiplies it itself, otherwise float32. Texts of like length go through
the model together; each stream of the runtime is one thread with a batch of its own, which waits for
no other thread and so loses nothing on a busy machine.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil
from tokenizers import Tokenizer

from app.core.errors import BadModel
from app.model import embed_derived as derived
from app.model.contract import Vectors

openvino = derived.runtime()
BATCH = 16
_STREAMS = 8  # at most: each has buffers of its own
_MULTIPLE = 8  # of tokens that a batch is padded to: the runtime prepares itself for each shape anew
_PRECISION = {"float32": "f32", "bfloat16": "bf16"}


class Derived:
    """Implements :class:`Embedder` with what :func:`app.model.embed_torch.derive` has written.

    ``threads`` 0 uses every core; ``dtype`` is bfloat16, float32 or "" for what suits the processor.
    Raises BadModel where the copy is damaged, or does not give sentence-transformers' vectors here.
    """

    def __init__(self, folder: Path, *, threads: int = 0, dtype: str = "") -> None:
        self._manifest = derived.read(folder)
        self._tokenizer = Tokenizer.from_file(str(folder / derived.TOKENIZER))
        try:
            self._model = _compiled(folder / derived.GRAPH, threads or _cores(), dtype)
        except RuntimeError as error:  # all that openvino raises
            raise BadModel(
                "the embedder's derived model does not load", where=f"{folder}: {error}"
            ) from error
        self._queue = openvino.AsyncInferQueue(self._model)
        self._queue.set_callback(_collect)
        self._verify(folder)

    def embed(self, *, texts: tuple[str, ...]) -> Vectors:
        unit = self._embed(texts)
        return Vectors(count=len(texts), dim=self._manifest.dim, data=unit.tobytes())

    def name(self) -> str:
        return self._manifest.name

    def _embed(self, texts: tuple[str, ...]) -> npt.NDArray[np.float32]:
        """len(texts) × dim."""
        found = np.zeros((len(texts), self._manifest.dim), np.float32)
        encoded = self._tokenizer.encode_batch_fast(list(texts))
        for rows in _batches([len(one.ids) for one in encoded], streams=len(self._queue)):
            self._queue.start_async(self._batch([encoded[at] for at in rows]), (found, rows))
        self._queue.wait_all()
        norms: npt.NDArray[np.float32] = np.linalg.norm(found, axis=1, keepdims=True)
        found /= np.maximum(norms, 1e-12)  # in float32: what bfloat16 normalised is not unit enough
        return found.astype("<f4", copy=False)

    def _batch(self, encoded: list[Any]) -> list[npt.NDArray[np.int64]]:
        """The graph's inputs, in its order."""
        length = -(-max(len(one.ids) for one in encoded) // _MULTIPLE) * _MULTIPLE
        fields = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
        inputs = []
        for name in self._manifest.inputs:
            padded = np.full(
                (len(encoded), length), self._manifest.pad if name == "input_ids" else 0, np.int64
            )
            for row, one in zip(padded, encoded, strict=True):
                row[: len(one.ids)] = getattr(one, fields[name])
            inputs.append(padded)
        return inputs

    def _verify(self, folder: Path) -> None:
        right = np.frombuffer(self._manifest.samples, "<f4").reshape(len(derived.SAMPLES), -1)
        least = float((self._embed(derived.SAMPLES) * right).sum(axis=1).min())
        if not least >= derived.AGREE:  # NaN too
            raise BadModel(
                "the embedder's derived model differs from its original",
                where=f"{folder}: cosine {least:.4f}",
            )


def _compiled(graph: Path, threads: int, dtype: str) -> Any:
    core = openvino.Core()
    fast = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    options = {
        "INFERENCE_PRECISION_HINT": _PRECISION[dtype or ("bfloat16" if fast else "float32")],
        "INFERENCE_NUM_THREADS": str(threads),
        "NUM_STREAMS": str(min(threads, _STREAMS)),
        "ENABLE_CPU_PINNING": "NO",  # others work on this machine too
    }
    return core.compile_model(str(graph), "CPU", options)


def _batches(lengths: list[int], *, streams: int) -> Iterator[list[int]]:
    """Rows that go through the model together: of like length, and the longest first."""
    order = sorted(range(len(lengths)), key=lambda row: -lengths[row])
    most = min(BATCH, -(-len(order) // streams))
    while order:
        least = lengths[order[0]] / 2  # at most half of what is computed is padding
        rows = [row for row in order[:most] if lengths[row] >= least]
        yield rows
        order = order[len(rows) :]


def _collect(request: Any, into: tuple[npt.NDArray[np.float32], list[int]]) -> None:
    found, rows = into
    found[rows] = request.get_output_tensor(0).data


def _cores() -> int:
    """Physical cores, of those this process may use."""
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(here, psutil.cpu_count(logical=False) or here)
