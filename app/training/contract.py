"""What the training process does, as a protocol its callers import without a model library."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from app.core.tasks import Recipe
from app.core.types import Record, Step

MOST_WEIGHTS = 80_000_000  # of one adapter, which is kept at up to 4 bytes a weight, and at 2 as GGUF


class Row(Record, frozen=True, kw_only=True):
    """One example, as a line of ``train.jsonl``; those of one ``group`` are variants of one another."""

    fields: dict[str, str]
    completion: str
    group: str = ""


class Agreement(Record, frozen=True, kw_only=True):
    """How alike torch and llama.cpp compute with the adapter, over the positions of a fixed text.

    ``cosine`` is of what the adapter adds to the logits, all of it and each kind of matrices alone:
    the least of these. ``top1`` is the share of positions with the same likeliest token, ``largest``
    the largest difference of one logit, both with the adapter worn as it is.
    """

    cosine: float
    top1: float
    largest: float


class AdapterBytes(Record, frozen=True, kw_only=True):
    """A whole adapter: PEFT safetensors (the source of truth), its configuration, the GGUF made of it."""

    peft: bytes
    config: bytes  # adapter_config.json
    gguf: bytes
    rank: int
    alpha: float
    targets: tuple[str, ...]
    agreement: Agreement | None = None  # where it was just derived


class Trained(Step, frozen=True, kw_only=True):
    """The end: the adapter with the least held-out ``loss``."""

    adapter: AdapterBytes
    loss: float
    steps: int
    seconds: float
    examples: int = 0  # learned from and held out
    left_out: int = 0  # longer than the recipe allows
    missed: tuple[int, ...] = ()  # the places in ``more`` of such
    peak: int = 0  # most resident bytes of the process


class Trains(Step, frozen=True, kw_only=True):
    """One batch; ``held_out`` is the loss on the held-out examples, where it was just measured.

    While the training is paused, such a step comes every second with the figures of the last.
    """

    done: int
    total: int
    loss: float
    tokens_per_s: float
    eta_s: float = 0.0  # at the speed so far; less when it stops early
    held_out: float | None = None
    paused: bool = False


class Trainer(Protocol):
    """One thing at a time; a second call waits for its turn (``pause`` does not)."""

    def train(
        self,
        *,
        task: str,
        base: str,
        out: str,
        recipe: Recipe = ...,
        more: tuple[Row, ...] = (),
        start: bytes = b"",
        seal: bytes = b"",
    ) -> Iterator[Trains | Trained]:
        """Train an adapter for the task folder ``task`` on the GGUF file ``base``.

        Learns from the folder's ``train.jsonl`` (if there is one) and ``more``, and goes on from
        ``start``, the PEFT bytes of an adapter of the same rank and targets. ``out`` is a folder
        for checkpoints, encrypted with the 32 bytes ``seal`` if given: the same call again after a
        run that was cut short goes on from the last one. Raises BadModel where the data or the
        base cannot be used, or the adapter would have more than MOST_WEIGHTS.
        """
        ...

    def pause(self, *, on: bool) -> None:
        """Hold the training that runs, and those to come, after the step under way; or go on."""
        ...

    def read(self, *, folder: str, base: str) -> AdapterBytes:
        """The PEFT LoRA adapter in ``folder``, as PEFT, Unsloth, axolotl or LLaMA-Factory wrote it.

        Raises NotFound without one, BadModel naming every reason why it cannot be used on the GGUF
        file ``base``.
        """
        ...

    def between(self, *, start: bytes, adapter: AdapterBytes, share: float, base: str) -> AdapterBytes:
        """``share`` (0 … 1) of the way from ``start``, PEFT bytes, to ``adapter``, which went on from it.

        Verified on the GGUF file ``base`` like any other. Raises BadModel where the two do not fit.
        """
        ...

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
        """Write ``adapter`` for other programs into ``folder``, which must be new or empty; the files.

        A PEFT directory that vLLM and LoRAX serve on the public base ``repository``, the GGUF file, the
        prompt of the task folder ``task`` and its examples and ``more`` as chat JSONL. Raises UsageFault
        where ``folder`` holds something.
        """
        ...
