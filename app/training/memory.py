"""How much memory a training needs and took."""

from __future__ import annotations

import sys
from typing import Any

import psutil

_SHARE = 0.5  # of the memory that is free now


def activations_fit(config: Any, tokens: int) -> bool:
    """Whether what a training step keeps for its way back fits the free memory.

    Otherwise it is computed twice (gradient checkpointing), at about a third more time. Estimated
    at 2 bytes each: about 14 vectors of the hidden size and 5 of the inner size a layer and token.
    """
    each = 14 * config.hidden_size + 5 * config.intermediate_size
    needed = 2 * each * config.num_hidden_layers * tokens
    return bool(needed < _SHARE * psutil.virtual_memory().available)


def peak() -> int:
    """Most resident bytes this process has had."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
