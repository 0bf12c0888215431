"""How much memory a training needs and took."""

from __future__ import annotations

import sys
from typing import Any

import psutil

from app.core.errors import HomebodyError

_SHARE = 0.5  # of the memory that is free now
_LOADING = 5  # bytes a parameter while a base is dequantized


def check_room(name: str, parameters: int) -> None:
    """Raises HomebodyError where a base would not fit: better now than ended for it half-way."""
    needed, free = _LOADING * parameters, psutil.virtual_memory().available
    if needed > free:
        raise HomebodyError(
            "there is not enough memory to train or check adapters on this base",
            where=f"{name}: {needed / 1e9:.1f} GB are needed, {free / 1e9:.1f} GB are free",
            remedy="close other programs, or choose a smaller base",
        )


def activations_fit(config: Any, tokens: int) -> bool:
    """Whether what a training step keeps for its way back fits the free memory.

    Otherwise it is computed twice (gradient checkpointing), at about a third more time. Estimated at 2
    bytes each, a layer and token: 22 vectors of the hidden size (LoRA computes in float32, which counts
    twice), 5 of the inner one, and the attention of each head to every token.
    """
    heads = config.num_attention_heads * tokens
    each = 22 * config.hidden_size + 5 * config.intermediate_size + heads
    needed = 2 * each * config.num_hidden_layers * tokens
    return bool(needed < _SHARE * psutil.virtual_memory().available)


def peak() -> int:
    """Most resident bytes this process has had."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
