"""LoRA training of one task on the very weights that are run: the base's GGUF, dequantized.

Adapter weights are float32 for the optimiser, everything else bfloat16, which is what makes it
feasible on a processor. The loss is taken on the completion only (Hu et al. 2021 for LoRA;
Loshchilov & Hutter 2019 for the optimiser and its schedule).
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"  # before they are imported
os.environ["TQDM_DISABLE"] = "1"
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"  # threads that wait must not spin on a shared machine

import torch
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, GgufConfig

from app.core import tasks
from app.core.errors import BadModel
from app.training.contract import Recipe, Trained, Trains
from app.training.convert import convert
from app.training.dataset import (
    IGNORED,
    Example,
    Pack,
    batches,
    encode,
    packed,
    rows,
    split,
    tensors,
    tokeniser,
)

WARM_UP = 0.05  # of the steps
CHECKPOINT = "checkpoint.pt"


@dataclass
class Progress:
    """What a checkpoint holds beside weights and optimiser."""

    step: int = 0
    least: float = math.inf
    worse: int = 0
    best: dict[str, torch.Tensor] = field(default_factory=dict)


def load_base(path: Path) -> Any:
    """The GGUF file's weights, dequantized to bfloat16, as a transformers model."""
    model = AutoModelForCausalLM.from_pretrained(
        str(path.parent),
        gguf_file=path.name,
        quantization_config=GgufConfig(dequantize=True),  # packed weights would compute in float32
        dtype=torch.bfloat16,
        local_files_only=True,
    )
    model.config.use_cache = False
    return model


def train(task: Path, base: Path, out: Path, recipe: Recipe) -> Iterator[Trains | Trained]:
    """See :class:`app.training.contract.Trainer`."""
    started = time.perf_counter()
    if recipe.threads:
        torch.set_num_threads(recipe.threads)
    torch.manual_seed(recipe.seed)
    packs = packed(_examples(task, base, recipe), recipe.pack)
    learning, held_out = split(packs, recipe.held_out, recipe.seed)
    model = get_peft_model(load_base(base), _lora(recipe))
    out.mkdir(parents=True, exist_ok=True)
    run = _Run(model, recipe, math.ceil(len(learning) / recipe.batch), out)
    yield from run.steps(learning, held_out)
    _write(model, run.progress.best, recipe, base, out)
    (out / CHECKPOINT).unlink(missing_ok=True)
    yield Trained(
        folder=str(out),
        loss=run.progress.least,
        steps=run.progress.step,
        seconds=time.perf_counter() - started,
        rank=recipe.rank,
        alpha=recipe.alpha,
        targets=recipe.targets,
    )


class _Run:
    """The optimiser, its schedule and the way back from a checkpoint."""

    def __init__(self, model: Any, recipe: Recipe, per_epoch: int, out: Path) -> None:
        self._model, self._recipe, self._out = model, recipe, out
        self._per_epoch, self._total = per_epoch, per_epoch * recipe.epochs
        weights = [p for p in model.parameters() if p.requires_grad]
        self._optimiser = torch.optim.AdamW(weights, lr=recipe.rate, weight_decay=0.0)
        self._schedule = torch.optim.lr_scheduler.LambdaLR(self._optimiser, self._share)
        self.progress = Progress()

    def steps(self, learning: list[Pack], held_out: list[Pack]) -> Iterator[Trains]:
        self._resume()
        every = max(1, self._per_epoch // self._recipe.looks)
        self._model.train()
        for epoch in range(self.progress.step // self._per_epoch, self._recipe.epochs):
            order = batches(learning, self._recipe.batch, self._recipe.seed * 1000 + epoch)
            for batch in order[self.progress.step - epoch * self._per_epoch :]:
                yield self._step(batch, held_out, look=(self.progress.step + 1) % every == 0)
                if self.progress.worse >= self._recipe.patience:
                    return
        if not self.progress.best:
            self._look(held_out)

    def _step(self, batch: list[Pack], held_out: list[Pack], *, look: bool) -> Trains:
        started = time.perf_counter()
        found = loss(self._model, batch)
        found.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        self._optimiser.step()
        self._schedule.step()
        self._optimiser.zero_grad(set_to_none=True)
        self.progress.step += 1
        seconds = time.perf_counter() - started
        return Trains(
            done=self.progress.step,
            total=self._total,
            loss=float(found.detach()),
            tokens_per_s=sum(p.size for p in batch) / seconds,
            held_out=self._look(held_out) if look else None,
        )

    def _look(self, held_out: list[Pack]) -> float:
        """Measure on the held-out examples, remember the best weights, and save a checkpoint."""
        self._model.eval()
        with torch.inference_mode():
            grouped = batches(held_out, self._recipe.batch, 0)
            now = sum(float(loss(self._model, b)) * len(b) for b in grouped) / len(held_out)
        self._model.train()
        state = self.progress
        if now < state.least:
            weights = get_peft_model_state_dict(self._model)
            state.least, state.worse = now, 0
            state.best = {name: value.detach().clone() for name, value in weights.items()}
        else:
            state.worse += 1
        self._checkpoint()
        return now

    def _checkpoint(self) -> None:
        state = self.progress
        part = self._out / f"{CHECKPOINT}.part"
        torch.save(
            {
                "recipe": str(self._recipe),
                "weights": get_peft_model_state_dict(self._model),
                "optimiser": self._optimiser.state_dict(),
                "schedule": self._schedule.state_dict()["last_epoch"],
                "progress": [state.step, state.least, state.worse],
                "best": state.best,
            },
            part,
        )
        part.replace(self._out / CHECKPOINT)

    def _resume(self) -> None:
        """A checkpoint of another recipe, or one that cannot be read, is of no use: start afresh."""
        path = self._out / CHECKPOINT
        if not path.exists():
            return
        try:
            kept = torch.load(path, weights_only=True)
        except (OSError, RuntimeError, ValueError, EOFError):
            return
        if kept.get("recipe") != str(self._recipe):
            return
        set_peft_model_state_dict(self._model, kept["weights"])
        self._optimiser.load_state_dict(kept["optimiser"])
        self._schedule.last_epoch = kept["schedule"]
        step, least, worse = kept["progress"]
        self.progress = Progress(step, least, worse, kept["best"])

    def _share(self, step: int) -> float:
        """Of the full rate: a linear rise, then half a cosine down."""
        rise = max(1, round(self._total * WARM_UP))
        if step < rise:
            return (step + 1) / rise
        return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - rise) / max(1, self._total - rise))))


def loss(model: Any, batch: list[Pack]) -> torch.Tensor:
    """Mean cross-entropy per completion token; logits are computed where they are needed only."""
    given = tensors(batch)
    inner = model.get_base_model()
    hidden = inner.model(
        input_ids=given.ids, position_ids=given.positions, attention_mask=given.mask, use_cache=False
    ).last_hidden_state[:, :-1]
    targets = given.labels[:, 1:]
    wanted = targets != IGNORED
    logits = inner.lm_head(hidden[wanted])
    return torch.nn.functional.cross_entropy(logits.float(), targets[wanted])


def _examples(task: Path, base: Path, recipe: Recipe) -> list[Example]:
    known = tasks.read(task)
    path = task / "train.jsonl"
    if not path.is_file():
        raise BadModel("the task has no training examples", where=str(path), remedy="add train.jsonl")
    tokenise = tokeniser(base)
    found = [encode(row, known.template, tokenise) for row in rows(path)]
    kept = [example for example in found if len(example.tokens) <= recipe.longest]
    if len(kept) < 2:
        raise BadModel("the task has too few training examples", where=f"{path}: {len(kept)}")
    return kept


def _lora(recipe: Recipe) -> LoraConfig:
    return LoraConfig(
        r=recipe.rank,
        lora_alpha=recipe.alpha,  # type: ignore[arg-type]  # annotated int, used as a factor
        target_modules=list(recipe.targets),
        lora_dropout=0.0,
        bias="none",
        task_type="CAUSAL_LM",
    )


def _write(model: Any, best: dict[str, torch.Tensor], recipe: Recipe, base: Path, out: Path) -> None:
    """PEFT's own format in bfloat16, and the GGUF file made of it."""
    config = model.peft_config["default"]
    config.base_model_name_or_path = base.stem  # a path of this machine would mean nothing elsewhere
    config.inference_mode = True
    config.save_pretrained(str(out))
    weights = {name: value.to(torch.bfloat16).contiguous() for name, value in best.items()}
    save_file(weights, out / "adapter_model.safetensors", metadata={"format": "pt"})
    convert(out, base, out / "adapter.gguf")
