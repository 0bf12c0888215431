"""LoRA training of one task on the very weights that are run: the base's GGUF, dequantized.

Adapter weights are float32 for the optimiser, everything else what :func:`app.training.base.dtype`
says. The loss is taken on the completion only (Hu et al. 2021 for LoRA; Loshchilov & Hutter 2019
for the optimiser and its schedule). The same recipe, examples, base and number of threads give the
same adapter to the byte, also over any number of interruptions.
"""

from __future__ import annotations

import hashlib
import math
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.training.base import device, dtype, load_base  # first: it sets up the libraries below

import torch  # isort: skip
from msgspec import structs
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict

from app.core import tasks
from app.core.errors import BadModel
from app.core.tasks import Recipe
from app.training import lora
from app.training.adapter import check_size, finished
from app.training.checkpoint import Checkpoint
from app.training.contract import Row, Trained, Trains
from app.training.dataset import Example, Pack, Vocabulary, batches, encode, packed, rows, split
from app.training.loss import MOST_TOKENS, backward, mean
from app.training.memory import activations_fit, peak
from app.workers.frames import MAX_FRAME

WARM_UP = 0.05  # of the steps
EVERY_S = 60.0  # between checkpoints
_HEARTBEAT_S = 1.0


@dataclass(frozen=True)
class Control:
    """How a run is steered from outside: held while ``pause`` is set, checkpoints each ``every_s``."""

    pause: threading.Event = field(default_factory=threading.Event)
    every_s: float = EVERY_S


@dataclass
class Progress:
    """What a checkpoint holds beside weights and optimiser."""

    step: int = 0
    least: float = math.inf
    worse: int = 0
    best: dict[str, torch.Tensor] = field(default_factory=dict)


def train(
    task: Path,
    base: Path,
    out: Path,
    recipe: Recipe,
    *,
    more: Sequence[Row] = (),
    start: bytes = b"",
    seal: bytes = b"",
    control: Control | None = None,
) -> Generator[Trains | Trained, None, None]:
    """See :class:`app.training.contract.Trainer`."""
    started = time.perf_counter()
    if recipe.threads:
        torch.set_num_threads(recipe.threads)
    examples, left_out, missed = _examples(task, base, recipe, more)
    learning, held_out = split(packed(examples, recipe.pack, MOST_TOKENS), recipe.held_out, recipe.seed)
    checkpoint = Checkpoint(out, _identity(recipe, examples, base, start), seal)
    model = _model(base, recipe, start)
    check_size(sum(p.numel() for p in model.parameters() if p.requires_grad))
    run = _Run(model, recipe, (learning, held_out), checkpoint, control or Control())
    yield from run.steps()
    best = lora.collect(run.progress.best, recipe.rank, recipe.alpha)
    yield Trained(
        adapter=finished(best.rounded(), base, model.unload()),
        loss=run.progress.least,
        steps=run.progress.step,
        seconds=time.perf_counter() - started,
        examples=len(examples),
        left_out=left_out,
        missed=missed,
        peak=peak(),
    )
    checkpoint.remove()


class _Run:
    """The optimiser, its schedule and the way back from a checkpoint."""

    def __init__(
        self,
        model: Any,
        recipe: Recipe,
        packs: tuple[list[Pack], list[Pack]],
        checkpoint: Checkpoint,
        control: Control,
    ) -> None:
        self._model, self._recipe = model, recipe
        self._learning, self._held_out = packs
        self._checkpoint, self._control = checkpoint, control
        self._per_epoch = math.ceil(len(self._learning) / recipe.batch)
        self._total = self._per_epoch * recipe.epochs
        weights = [p for p in model.parameters() if p.requires_grad]
        self._optimiser = torch.optim.AdamW(weights, lr=recipe.rate, weight_decay=0.0)
        self._schedule = torch.optim.lr_scheduler.LambdaLR(self._optimiser, self._share)
        self.progress = Progress()
        self._saved = (0, time.monotonic())
        self._pace = _Pace(sum(p.size for p in self._learning) * recipe.epochs)

    def steps(self) -> Iterator[Trains]:
        self._resume()
        try:
            for batch in self._left():
                if self.progress.worse >= self._recipe.patience:
                    break
                last = self._step(batch)
                yield last
                yield from self._held(last)
        except GeneratorExit:
            self._save()  # cancelled: the same call again goes on from here
            raise
        if not self.progress.best:
            self._look()

    def _left(self) -> Iterator[list[Pack]]:
        """The batches still to come; their order depends on seed and epoch only."""
        first = self.progress.step
        for epoch in range(first // self._per_epoch, self._recipe.epochs):
            order = batches(self._learning, self._recipe.batch, self._recipe.seed * 1000 + epoch)
            yield from order[max(0, first - epoch * self._per_epoch) :]

    def _held(self, last: Trains) -> Iterator[Trains]:
        """While it is paused: a sign of life each second, so that a cancel is noticed."""
        pause = self._control.pause
        if pause.is_set():
            self._save()
        while pause.is_set():
            yield Trains(done=last.done, total=last.total, loss=last.loss, tokens_per_s=0.0, paused=True)
            until = time.monotonic() + _HEARTBEAT_S
            while pause.is_set() and time.monotonic() < until:
                time.sleep(0.02)

    def _step(self, batch: list[Pack]) -> Trains:
        started = time.perf_counter()
        found = backward(self._model, batch)
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        self._optimiser.step()
        self._schedule.step()
        self._optimiser.zero_grad(set_to_none=True)
        self.progress.step += 1
        tokens, seconds = sum(p.size for p in batch), time.perf_counter() - started
        every = max(1, self._per_epoch // self._recipe.looks)
        held_out = self._look() if self.progress.step % every == 0 else None
        if time.monotonic() - self._saved[1] >= self._control.every_s:
            self._save()
        return Trains(
            done=self.progress.step,
            total=self._total,
            loss=found,
            tokens_per_s=tokens / seconds,
            eta_s=self._pace.left(tokens, time.perf_counter() - started),
            held_out=held_out,
        )

    def _look(self) -> float:
        """Measure on the held-out examples, remember the best weights, and save a checkpoint."""
        self._model.eval()
        now = mean(self._model, sorted(self._held_out, key=lambda p: p.size))
        self._model.train()
        state = self.progress
        if now < state.least:
            state.least, state.worse = now, 0
            state.best = {name: w.detach().cpu().clone() for name, w in _weights(self._model).items()}
        else:
            state.worse += 1
        self._save()
        return now

    def _save(self) -> None:
        state = self.progress
        if self._saved[0] == state.step:
            return
        self._checkpoint.save(
            {
                "weights": _weights(self._model),
                "optimiser": self._optimiser.state_dict(),
                "schedule": self._schedule.state_dict()["last_epoch"],
                "progress": [state.step, state.least, state.worse],
                "best": state.best,
            }
        )
        self._saved = (state.step, time.monotonic())

    def _resume(self) -> None:
        self._model.train()
        kept = self._checkpoint.load()
        if kept is None:
            return
        set_peft_model_state_dict(self._model, kept["weights"])
        self._optimiser.load_state_dict(kept["optimiser"])
        self._schedule.last_epoch = kept["schedule"]
        step, least, worse = kept["progress"]
        self.progress = Progress(step, least, worse, kept["best"])
        self._saved = (step, time.monotonic())
        done = [p.size for p in self._learning]
        self._pace.skip(sum(done) * step // self._per_epoch)

    def _share(self, step: int) -> float:
        """Of the full rate: a linear rise, then half a cosine down."""
        rise = max(1, round(self._total * WARM_UP))
        if step < rise:
            return (step + 1) / rise
        return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - rise) / max(1, self._total - rise))))


class _Pace:
    """Seconds left, from the tokens left and the speed so far (looks and checkpoints included)."""

    def __init__(self, tokens: int) -> None:
        self._left, self._done, self._seconds = tokens, 0, 0.0

    def skip(self, tokens: int) -> None:
        self._left -= tokens

    def left(self, tokens: int, seconds: float) -> float:
        self._left -= tokens
        self._done += tokens
        self._seconds += seconds
        return max(0, self._left) * self._seconds / self._done


def _examples(
    task: Path, base: Path, recipe: Recipe, more: Sequence[Row]
) -> tuple[list[Example], int, tuple[int, ...]]:
    """Those that are short enough, how many were not, and the places in ``more`` of these."""
    known = tasks.read(task)
    path = task / "train.jsonl"
    listed = [*(rows(path) if path.is_file() else ()), *more]
    if not listed:
        raise BadModel("the task has no training examples", where=str(path), remedy="add train.jsonl")
    vocabulary = Vocabulary(base)
    template = known.template.spoken(vocabulary.family)
    fitted = (structs.replace(row, fields=known.fitted(row.fields) or row.fields) for row in listed)
    found = [encode(row, template, vocabulary.tokens) for row in fitted]
    kept = [example for example in found if len(example.tokens) <= recipe.longest]
    if len(kept) < 2:
        raise BadModel("the task has too few training examples", where=f"{path}: {len(kept)}")
    own = len(found) - len(more)
    missed = (at for at, example in enumerate(found[own:]) if len(example.tokens) > recipe.longest)
    return kept, len(found) - len(kept), tuple(missed)


def _identity(recipe: Recipe, examples: Sequence[Example], base: Path, start: bytes) -> str:
    """Of a run: a checkpoint is worth something only where all of this is the same."""
    digest = hashlib.sha256(repr(recipe).encode())
    for example in examples:
        digest.update(repr(example).encode())
    digest.update(tasks.sha256_file(base).encode())
    digest.update(hashlib.sha256(start).digest())
    return digest.hexdigest()


def _model(base: Path, recipe: Recipe, start: bytes) -> Any:
    """The base with the adapter to be trained, on the device."""
    where = device()
    frozen = load_base(base, dtype(where)).to(where)
    torch.manual_seed(recipe.seed)
    there = {name.rpartition(".")[2] for name, part in frozen.named_modules() if hasattr(part, "weight")}
    if missing := set(recipe.targets) - there:
        raise BadModel("the base has no such matrices", where=", ".join(sorted(missing)))
    model = get_peft_model(frozen, _lora(recipe))
    trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
    if trained * 5 > MAX_FRAME:  # two bytes a weight in each of the two files, and their headers
        raise BadModel(
            "the adapter would be too large",
            where=f"{trained:,} weights",
            remedy="choose a smaller rank or fewer targets in the recipe",
        )
    if start:
        _start(model, recipe, start)
    if not activations_fit(frozen.config, MOST_TOKENS):
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    return model


def _weights(model: Any) -> dict[str, torch.Tensor]:
    """Of the adapter, by PEFT's names."""
    found: dict[str, torch.Tensor] = get_peft_model_state_dict(model, save_embedding_layers=False)
    return found


def _start(model: Any, recipe: Recipe, start: bytes) -> None:
    """Raises BadModel where ``start`` is no adapter of the recipe's rank and targets."""
    weights = lora.tensors(start)
    expected = {name: value.shape for name, value in _weights(model).items()}
    if {name: value.shape for name, value in weights.items()} != expected:
        raise BadModel(
            "the adapter to start from has another rank or other targets, or is of another base",
            where=f"rank {recipe.rank}, {', '.join(recipe.targets)} expected",
            remedy="start afresh, or give the recipe the rank and targets of that adapter",
        )
    set_peft_model_state_dict(model, weights)


def _lora(recipe: Recipe) -> LoraConfig:
    return LoraConfig(
        r=recipe.rank,
        lora_alpha=recipe.alpha,  # type: ignore[arg-type]  # annotated int, used as a factor
        target_modules=list(recipe.targets),
        lora_dropout=0.0,
        bias="none",
        task_type="CAUSAL_LM",
    )
