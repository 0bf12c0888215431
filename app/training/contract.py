"""What the training process does, as a protocol its callers import without a model library."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from app.core.types import Record, Step


class Recipe(Record, frozen=True, kw_only=True):
    """How a task's adapter is trained; the same recipe, data and base give the same adapter again."""

    rank: int = 8
    alpha: float = 16.0
    targets: tuple[str, ...] = ("q_proj", "k_proj", "v_proj", "o_proj")
    rate: float = 6e-4
    epochs: int = 3
    batch: int = 8
    longest: int = 640  # tokens of one example; longer ones are left out, and counted
    pack: int = 1  # this many examples that begin alike are computed as one sequence
    held_out: float = 0.06  # of the examples: to see when to stop
    patience: int = 3  # looks at the held-out examples without improvement before it stops
    looks: int = 4  # such looks an epoch
    seed: int = 1
    threads: int = 0  # 0: torch decides


class Trained(Step, frozen=True, kw_only=True):
    """The end: the adapter with the least held-out loss lies in ``folder`` as PEFT and as GGUF."""

    folder: str
    loss: float
    steps: int
    seconds: float
    rank: int
    alpha: float
    targets: tuple[str, ...]


class Trains(Step, frozen=True, kw_only=True):
    """One batch; ``held_out`` is the loss on the held-out examples, where it was just measured."""

    done: int
    total: int
    loss: float
    tokens_per_s: float
    held_out: float | None = None


class Trainer(Protocol):
    def train(self, *, task: str, base: str, out: str, recipe: Recipe = ...) -> Iterator[Trains | Trained]:
        """Train an adapter for the task folder ``task`` on the GGUF file ``base`` into ``out``.

        A run that was cut short goes on from its last checkpoint in ``out``. Raises BadModel where
        the data or the base cannot be used.
        """
        ...

    def convert(self, *, peft: str, base: str, gguf: str) -> None:
        """Write the PEFT adapter in folder ``peft`` as the GGUF file ``gguf`` for ``base``."""
        ...
