"""The picture process: pictures and questions as vectors of one space, by a CLIP-type model of the catalog.

CLIP (Radford et al. 2021) was trained so that a picture and its description lie close together. Any such
model that sentence-transformers loads from a folder serves; its weights are read as safetensors only.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"  # before they are imported
os.environ["TQDM_DISABLE"] = "1"
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"  # threads that wait must not spin on a shared machine
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import torch
from PIL import Image
from sentence_transformers import SentenceTransformer

from app.core.errors import BadModel
from app.model.contract import Gallery, Vectors
from app.workers.service import Service
from indexers import pixels

SIDE = 512  # pixels; these models look at 224 to 384


class Clip:
    """Implements :class:`Gallery` with the model in ``folder``."""

    def __init__(self, *, folder: str) -> None:
        try:
            self._model = SentenceTransformer(
                folder,
                device="cpu",
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
                trust_remote_code=False,
            )
        except Exception as error:  # of whatever kind: the files are not those of such a model
            raise BadModel(
                "the picture model cannot be loaded",
                where=f"{folder}: {type(error).__name__}",
                remedy="remove it and get it again",
            ) from error

    def words(self, *, texts: tuple[str, ...]) -> Vectors:
        return self._vectors(list(texts))

    def pictures(self, *, paths: tuple[str, ...]) -> tuple[Vectors, tuple[int, ...]]:
        seen: list[Image.Image] = []
        which: list[int] = []
        for n, path in enumerate(paths):
            try:
                seen.append(pixels.upright(Path(path), side=SIDE))
                which.append(n)
            except (pixels.Unusable, OSError):
                continue  # the text reader has said so of it
        return self._vectors(seen), tuple(which)

    def _vectors(self, what: list[Any]) -> Vectors:
        if not what:
            return Vectors(count=0, dim=0, data=b"")
        with torch.inference_mode():
            found = self._model.encode(what, convert_to_tensor=True, show_progress_bar=False)
            unit = torch.nn.functional.normalize(found.float(), dim=1)
        return Vectors(count=len(what), dim=unit.shape[1], data=unit.numpy().astype("<f4").tobytes())


def service(config: dict[str, Any]) -> Service:
    return Service({Gallery: Clip(**config)})
