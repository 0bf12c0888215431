"""PEFT LoRA adapters made elsewhere (PEFT, Unsloth, axolotl, LLaMA-Factory), read into our one form.

They differ in names, number formats and scaling, not in what they mean: that is folded into a plain
LoRA of one rank and one alpha. What changes more than matrices of the base cannot be, and is refused
with every reason at once. No code of the file is ever run.
"""

from __future__ import annotations

import json
import math
import pickle
import re
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from app.core.errors import BadModel, NotFound
from app.training.lora import Lora, told

CONFIG, SAFE, PICKLED = "adapter_config.json", "adapter_model.safetensors", "adapter_model.bin"
MOST_RANK, MOST_ALPHA = 256, 1024.0  # what a task's weights may have
_DTYPES = (torch.float32, torch.float16, torch.bfloat16)
_WRAPPERS = ("_fsdp_wrapped_module", "_checkpoint_wrapped_module", "_orig_mod", "module")
_NAME = re.compile(r"(.+)\.lora_([AB])(?:\.(?!weight)(\w+))?(?:\.weight)?")
_PLAIN = re.compile(r"[\w.-]+")
_LAYER = re.compile(r"(?:base_model\.model\.)*(?:model\.|language_model\.)*(layers\..+)")
# Ways to begin a training that move part of the base's own weights into the adapter.
_MOVES_BASE = ("pissa", "olora", "loftq", "corda", "lora_ga")
_REFUSED = {
    "use_dora": "DoRA scales the base's own columns",
    "modules_to_save": "whole modules are replaced",
    "layer_replication": "layers of the base are repeated",
    "trainable_token_indices": "tokens of the base are changed",
    "target_parameters": "parameters that are no matrices of their own are changed",
    "fan_in_fan_out": "its matrices are transposed",
    "lora_bias": "the LoRA matrices have biases",
    "use_qalora": "QA-LoRA pools its inputs",
    "alora_invocation_tokens": "it is active after certain tokens only",
    "use_bdlora": "its matrices are block-diagonal",
    "arrow_config": "it routes between several adapters",
}


def read_folder(folder: Path) -> Lora:
    """Raises NotFound without an adapter there, BadModel naming every reason why it cannot be used."""
    settings = _settings(folder / CONFIG)
    found = _refused(settings)
    halves, names = _halves(_weights(folder), found)
    if len(names) > 1:
        found.append(f"it holds several adapters: {', '.join(sorted(names))}")
    pairs: dict[str, tuple[torch.Tensor, torch.Tensor]] = {}
    for module, sides in sorted(halves.items()):
        if set(sides) != {"A", "B"}:
            found.append(f"{module}: one of the two LoRA matrices is missing")
        else:
            pairs[module] = (sides["A"], sides["B"])
            found += _pair_faults(module, sides["A"], sides["B"], _rank(settings, module))
    if not pairs and not found:
        found.append("it holds no weights")
    if found:
        raise BadModel(
            "the adapter cannot be used: " + told(found), where=folder.name, remedy="export plain LoRA"
        )
    return _folded(pairs, {module: _scale(settings, module, pair[0]) for module, pair in pairs.items()})


def _settings(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise NotFound("the folder holds no PEFT adapter", where=str(path), remedy="choose one that does")
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _unread("configuration", path, str(error)) from error
    if not isinstance(settings, dict):
        raise _unread("configuration", path, "no object")
    return settings


def _unread(what: str, path: Path, why: str) -> BadModel:
    where = f"{path}: {why}"
    return BadModel(f"the adapter's {what} cannot be read", where=where, remedy="export the adapter again")


def _refused(settings: dict[str, Any]) -> list[str]:
    found = [why for key, why in _REFUSED.items() if settings.get(key)]
    if settings.get("peft_type") != "LORA":
        found.append(f"it is no LoRA but {settings.get('peft_type')!r}")
    if settings.get("bias", "none") != "none":
        found.append("biases of the base are changed")
    if settings.get("task_type") not in (None, "CAUSAL_LM"):
        found.append(f"it is for {settings['task_type']}, not for writing text")
    begun = settings.get("init_lora_weights")
    if isinstance(begun, str) and begun.lower().startswith(_MOVES_BASE):
        found.append(f"it goes with a base changed by {begun}: convert it to plain LoRA when saving")
    numbers = {"r": settings.get("r"), "lora_alpha": settings.get("lora_alpha")}
    for key in ("rank_pattern", "alpha_pattern"):
        pattern = settings.get(key) or {}
        numbers |= {f"{key} {k}": v for k, v in pattern.items()} if isinstance(pattern, dict) else {key: None}
        found += [
            f"{key} {k!r} is an expression, where names of modules are read"
            for k in (pattern if isinstance(pattern, dict) else ())
            if not _PLAIN.fullmatch(k)
        ]
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
            found.append(f"{name} is {value!r}")
    return found


def _weights(folder: Path) -> dict[str, torch.Tensor]:
    """By whatever names they have there."""
    path = next((folder / name for name in (SAFE, PICKLED) if (folder / name).is_file()), None)
    if path is None:
        where = f"{folder}: {SAFE} or {PICKLED}"
        raise NotFound("the folder holds no adapter weights", where=where, remedy="export the adapter again")
    try:
        if path.name == SAFE:
            return load_file(path)
        loaded = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise _unread("weights", path, "it is damaged, or holds more than tensors") from error
    except Exception as error:  # torch's unpickler raises whatever the bytes make it trip over
        why = str(error).strip().splitlines() or [type(error).__name__]
        raise _unread("weights", path, why[0]) from error
    if not isinstance(loaded, dict) or not all(isinstance(value, torch.Tensor) for value in loaded.values()):
        raise _unread("weights", path, "not a table of tensors")
    return loaded


def _halves(
    weights: dict[str, torch.Tensor], found: list[str]
) -> tuple[dict[str, dict[str, torch.Tensor]], set[str]]:
    """A and B by module, and the names of the adapters; what is neither is added to ``found``."""
    halves: dict[str, dict[str, torch.Tensor]] = {}
    names: set[str] = set()
    for name, tensor in weights.items():
        plain = ".".join(part for part in name.split(".") if part not in _WRAPPERS)
        match = _NAME.fullmatch(plain)
        layer = _LAYER.fullmatch(match[1]) if match else None
        if match is None or layer is None:
            found.append(f"{name}: it changes more than the matrices of the layers")
            continue
        names.add(match[3] or "default")
        halves.setdefault(f"model.{layer[1]}", {})[match[2]] = tensor
    return halves, names


def _pair_faults(module: str, a: torch.Tensor, b: torch.Tensor, rank: float) -> list[str]:
    if a.dim() != 2 or b.dim() != 2:
        return [f"{module}: not matrices"]
    if a.shape[0] != b.shape[1] or a.shape[0] != rank:
        return [f"{module}: rank {a.shape[0]} and {b.shape[1]}, where {rank} is written"]
    if a.shape[0] > MOST_RANK:
        return [f"{module}: its rank of {a.shape[0]} is over {MOST_RANK}"]
    if a.dtype not in _DTYPES or b.dtype not in _DTYPES:
        return [f"{module}: numbers of type {a.dtype}"]
    if not (torch.isfinite(a).all() and torch.isfinite(b).all()):
        return [f"{module}: holds values that are not finite"]
    return []


def _pattern(settings: dict[str, Any], key: str, module: str, otherwise: str) -> Any:
    """What a pattern says of a module: the first key that its name ends with, as PEFT matches them.

    PEFT takes keys as regular expressions, which from a stranger's file may never come to an end.
    """
    pattern = settings.get(key)
    keys = pattern if isinstance(pattern, dict) else {}
    ends = (value for name, value in keys.items() if f".{module}".endswith(f".{name}"))
    return next(ends, settings.get(otherwise))


def _rank(settings: dict[str, Any], module: str) -> Any:
    return _pattern(settings, "rank_pattern", module, "r")


def _scale(settings: dict[str, Any], module: str, a: torch.Tensor) -> float:
    """The factor on B · A: by the rank, or by its root (rank-stabilised LoRA, Kalajdzievski 2023)."""
    alpha = float(_pattern(settings, "alpha_pattern", module, "lora_alpha"))
    rank = int(a.shape[0])
    return alpha / (math.sqrt(rank) if settings.get("use_rslora") else rank)


def _folded(pairs: dict[str, tuple[torch.Tensor, torch.Tensor]], scales: dict[str, float]) -> Lora:
    """One rank (smaller ones filled up with zeros) and one alpha (differences multiplied into B)."""
    rank = max(int(a.shape[0]) for a, _ in pairs.values())
    factors = set(scales.values())
    common = factors.pop() if len(factors) == 1 else 0.0
    alpha = common * rank
    if 0 < alpha <= MOST_ALPHA:
        scales = dict.fromkeys(pairs, 1.0)
    else:
        alpha = float(rank)
    return Lora({m: _filled(*pair, rank, scales[m]) for m, pair in pairs.items()}, rank, alpha)


def _filled(a: torch.Tensor, b: torch.Tensor, rank: int, scale: float) -> tuple[torch.Tensor, torch.Tensor]:
    missing = rank - int(a.shape[0])
    if scale != 1.0:
        b = b.float() * scale
    if missing:
        a = torch.nn.functional.pad(a, (0, 0, 0, missing))
        b = torch.nn.functional.pad(b, (0, missing))
    return a, b
