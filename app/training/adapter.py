"""An adapter made ready for use: both its files, the second derived from the first and verified."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.core.errors import BadModel
from app.training import lora
from app.training.contract import MOST_WEIGHTS, AdapterBytes
from app.training.convert import convert, shape
from app.training.lora import Lora
from app.training.verify import bare, verify


def check_size(weights: int) -> None:
    """Raises BadModel for more of them than MOST_WEIGHTS."""
    if weights > MOST_WEIGHTS:
        raise BadModel(
            "the adapter is too large to be kept",
            where=f"{weights:,} weights, of at most {MOST_WEIGHTS:,}",
            remedy="train it with a smaller rank, or for fewer of the base's matrices",
        )


def finished(found: Lora, base: Path, model: Any = None) -> AdapterBytes:
    """``model`` is the bare base as torch has it, where that is loaded already.

    Raises BadModel where the adapter does not fit the base, is too large to be kept, or means
    something else to llama.cpp.
    """
    check_size(found.weights)
    given = shape(base)
    peft, config = lora.write(found, base.stem, given.layers)
    gguf = convert(lora.read(peft, config), given)  # as kept: what is derived is derived from the source
    agreement = verify(peft, config, gguf, base=base, given=given, model=model or bare(base))
    return AdapterBytes(
        peft=peft,
        config=config,
        gguf=gguf,
        rank=found.rank,
        alpha=found.alpha,
        targets=found.targets,
        agreement=agreement,
    )
