"""An adapter made ready for use: both files, the second derived from the first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.training import lora
from app.training.contract import AdapterBytes
from app.training.convert import convert, shape
from app.training.lora import Lora


def finished(found: Lora, base: Path, model: Any = None) -> AdapterBytes:
    """``model`` is the base as torch has it, where that is loaded already."""
    given = shape(base)
    peft, config = lora.write(found, base.stem, given.layers)
    kept = lora.read(peft, config)  # as rounded: what is derived is derived from the source of truth
    return AdapterBytes(
        peft=peft,
        config=config,
        gguf=convert(kept, given),
        rank=found.rank,
        alpha=found.alpha,
        targets=found.targets,
    )
