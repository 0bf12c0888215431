"""The training process: one training at a time, at background priority, without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.training import train
from app.training.contract import Recipe, Trained, Trainer, Trains
from app.training.convert import convert
from app.workers.service import Service


class LoraTrainer:
    """Implements :class:`Trainer`."""

    def train(
        self, *, task: str, base: str, out: str, recipe: Recipe | None = None
    ) -> Iterator[Trains | Trained]:
        yield from train.train(Path(task), Path(base), Path(out), recipe or Recipe())

    def convert(self, *, peft: str, base: str, gguf: str) -> None:
        convert(Path(peft), Path(base), Path(gguf))


def service(config: dict[str, Any]) -> Service:
    return Service({Trainer: LoraTrainer()})
