"""Whether llama.cpp computes with a derived GGUF adapter what torch and PEFT compute with its source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
import numpy.typing as npt
import torch
from peft import LoraConfig, get_peft_model, set_peft_model_state_dict
from peft.tuners.lora import LoraLayer

from app.core.errors import BadModel
from app.core.private import private_path
from app.training import lora
from app.training.base import dtype, load_base
from app.training.contract import Agreement
from app.training.convert import Shape, convert

Matrix = npt.NDArray[np.float32]  # (positions, vocabulary)

TEXT = "Remind me to water the plants tomorrow, and put lunch with Nora in my calendar for Friday at 12:30."
# Cosine. Trained adapters reach .99; random ones, made much stronger, at least .73, as rounding weighs more
# where a model is far from what it knows. Rows in the wrong order or exchanged matrices stay below .4.
LEAST = 0.6
_SEEN = 0.5  # of the logits' own spread: what an adapter must change for rounding not to hide it
_MOST_SCALE = 256.0


def verify(peft: bytes, config: bytes, gguf: bytes, *, base: Path, given: Shape, model: Any) -> Agreement:
    """Compare the logits at every position of a fixed text, for all of the adapter and for each kind of
    matrices alone, so that a small part that is wrong does not hide behind the rest. An adapter that
    changes little is made stronger on both sides. ``model`` is the bare base, as torch has it.

    Raises BadModel where the two do not agree.
    """
    known = lora.read(peft, config)
    ids = _ids(base)
    plain = _torch(model, ids), _llama(base, ids, b"", 1.0)
    cosines: dict[str, float] = {}
    with _worn(model, peft, config) as layers:
        whole = _torch(model, ids), _llama(base, ids, gguf, 1.0)
        for kind in ("", *known.targets):
            part = gguf if not kind else convert(known.only(kind), given)
            scale = _scale(model, ids, layers, kind, plain[0])
            if scale:
                worn = _torch(model, ids), _llama(base, ids, part, scale)
                cosines[kind] = _cosine(worn[0] - plain[0], worn[1] - plain[1])
        _set(layers, "", 1.0)
    found = Agreement(
        cosine=min(cosines.values(), default=1.0),
        top1=float(np.mean(whole[0].argmax(1) == whole[1].argmax(1))),
        largest=float(np.abs(whole[0] - whole[1]).max()),
    )
    if not found.cosine >= LEAST:
        wrong = [f"{kind or 'all'} {cosine:.2f}" for kind, cosine in cosines.items() if not cosine >= LEAST]
        raise BadModel(
            "the adapter does not mean the same to llama.cpp as to PEFT",
            where=f"{base.name}: cosine of {', '.join(wrong)}",
            remedy="please report this, with the name of the base",
        )
    return found


Layers = list[tuple[str, LoraLayer, float]]  # the kind of matrix, and the scale it came with


@contextmanager
def _worn(model: Any, peft: bytes, config: bytes) -> Iterator[Layers]:
    """``model`` with the adapter in its layers, as PEFT puts it there, and without it afterwards."""
    known = {k: v for k, v in json.loads(config).items() if k not in ("peft_type", "base_model_name_or_path")}
    worn = get_peft_model(model, LoraConfig(**known))
    try:
        loaded: Any = set_peft_model_state_dict(worn, lora.tensors(peft))
        if odd := [*loaded.unexpected_keys, *(key for key in loaded.missing_keys if "lora_" in key)]:
            raise BadModel("PEFT does not find its way into the base", where=", ".join(odd[:4]))
        worn.eval()
        yield [
            (name.rpartition(".")[2], layer, layer.scaling["default"])
            for name, layer in worn.named_modules()
            if isinstance(layer, LoraLayer)
        ]
    finally:
        worn.unload()


def _set(layers: Layers, kind: str, scale: float) -> None:
    for name, layer, own in layers:
        layer.scaling["default"] = own * scale if kind in ("", name) else 0.0


def _scale(model: Any, ids: list[int], layers: Layers, kind: str, plain: Matrix) -> float:
    """How strong the kind must be worn to be seen (and leave it so); 0 where it does nothing at all."""
    scale = 1.0
    while True:
        _set(layers, kind, scale)
        changed = float(np.std(_torch(model, ids) - plain))
        if not changed:
            return 0.0
        if changed >= _SEEN * float(np.std(plain)) or scale >= _MOST_SCALE:
            return scale
        scale *= 2


def _torch(model: Any, ids: list[int]) -> Matrix:
    with torch.inference_mode():
        logits = model(torch.tensor([ids], device=model.device), use_cache=False).logits[0]
    found: Matrix = logits.float().cpu().numpy()
    return found


def _ids(base: Path) -> list[int]:
    vocabulary = llama_cpp.Llama(str(base), vocab_only=True, verbose=False)
    return list(vocabulary.tokenize(TEXT.encode(), add_bos=True))


def _llama(base: Path, ids: list[int], gguf: bytes, scale: float) -> Matrix:
    with private_path() as path:
        path.write_bytes(gguf)
        model = llama_cpp.Llama(
            str(base),
            n_ctx=len(ids),
            n_batch=len(ids),
            n_threads=1,  # several spin while they wait for one another on a busy machine
            n_threads_batch=1,
            logits_all=True,
            lora_path=str(path) if gguf else None,
            lora_scale=scale,
            verbose=False,
        )
        model.eval(ids)
        found = np.array(model.scores[: len(ids)], dtype=np.float32)
        model.close()
    return found


def _cosine(a: Matrix, b: Matrix) -> float:
    """Of the changes; what is added to all logits of a position alike means nothing."""
    a, b = (m - m.mean(axis=1, keepdims=True) for m in (a, b))
    return float((a * b).sum() / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-12))


def bare(base: Path) -> Any:
    """The base for :func:`verify`."""
    return load_base(base, dtype(torch.device("cpu"))).eval()
