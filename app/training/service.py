"""The training process: one thing at a time, at background priority, without a network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.core.tasks import Recipe
from app.training import lora, train
from app.training.adapter import finished
from app.training.contract import AdapterBytes, Row, Trained, Trainer, Trains
from app.training.export import export
from app.training.reading import read_folder
from app.workers.service import Service


class LoraTrainer:
    """Implements :class:`Trainer`; ``every_s`` seconds lie between checkpoints."""

    def __init__(self, every_s: float) -> None:
        self._control = train.Control(every_s=every_s)
        self._turn = threading.Lock()  # model libraries are not for two calls at once

    def train(
        self,
        *,
        task: str,
        base: str,
        out: str,
        recipe: Recipe | None = None,
        more: tuple[Row, ...] = (),
        start: bytes = b"",
        seal: bytes = b"",
    ) -> Iterator[Trains | Trained]:
        with self._turn:
            yield from train.train(
                Path(task),
                Path(base),
                Path(out),
                recipe or Recipe(),
                more=more,
                start=start,
                seal=seal,
                control=self._control,
            )

    def pause(self, *, on: bool) -> None:
        (self._control.pause.set if on else self._control.pause.clear)()

    def read(self, *, folder: str, base: str) -> AdapterBytes:
        with self._turn:
            return finished(read_folder(Path(folder)), Path(base))

    def between(self, *, start: bytes, adapter: AdapterBytes, share: float, base: str) -> AdapterBytes:
        with self._turn:
            one, other = (lora.read(peft, adapter.config) for peft in (start, adapter.peft))
            return finished(lora.between(one, other, share), Path(base))

    def export(
        self,
        *,
        adapter: AdapterBytes,
        task: str,
        base: str,
        repository: str,
        folder: str,
        more: tuple[Row, ...] = (),
    ) -> tuple[str, ...]:
        return export(
            adapter,
            task=Path(task),
            base=Path(base),
            repository=repository,
            folder=Path(folder),
            more=more,
        )


def service(config: dict[str, Any]) -> Service:
    """More than one thread, so that a training can be told to pause while it runs."""
    return Service({Trainer: LoraTrainer(float(config.get("checkpoint_s", train.EVERY_S)))}, threads=3)
