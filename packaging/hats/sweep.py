"""Trains one task at several ranks and targets with a small budget: what each costs, and what it brings.

python packaging/hats/sweep.py act --examples 300 --epochs 1 qv:4 qv:16 qkvo:8 all:8 all:16

Every training sees the same examples in the same order. ``loss`` is the least on the held-out ones,
``decode`` the tokens a second with the adapter over those of the bare base, measured by turns.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import msgspec

from app.core import paths as places
from app.core import tasks
from app.core.paths import Paths
from app.core.tasks import Recipe
from app.model import catalog
from app.model.quantize import faster
from app.model.runtime import Base
from app.training.contract import AdapterBytes, Trained
from app.training.train import train

ATTENTION = ("q_proj", "k_proj", "v_proj", "o_proj")
TARGETS = {
    "qv": ("q_proj", "v_proj"),
    "qkvo": ATTENTION,
    "mlp": ("gate_proj", "up_proj", "down_proj"),
    "all": (*ATTENTION, "gate_proj", "up_proj", "down_proj"),
}
TURNS, TOKENS = 8, 24  # of decoding, with the adapter and without


def sample(task: Path, folder: Path, count: int, seed: int) -> Path:
    """The task with at most ``count`` of its examples."""
    shutil.copytree(task, folder, ignore=shutil.ignore_patterns("weights"))
    lines = (task / "train.jsonl").read_text(encoding="utf-8").splitlines()
    chosen = random.Random(seed).sample(lines, min(count, len(lines)))
    (folder / "train.jsonl").write_text("\n".join(chosen) + "\n", encoding="utf-8")
    return folder


def decode_ratio(base: Path, adapter: AdapterBytes, threads: int) -> float:
    model = Base(base, context=512, threads=threads)
    handle = model.load_adapter(adapter.gguf)
    prompt = model.tokens("The meeting about the garden was moved to Thursday.")

    def seconds(*, worn: bool) -> float:
        model.wear([(handle, 1.0)] if worn else [])
        model.clear()
        model.decode(prompt)
        started = time.perf_counter()
        for _ in range(TOKENS):
            model.decode([int(model.logits().argmax())])
        return time.perf_counter() - started

    seconds(worn=True)
    ratios = [seconds(worn=False) / seconds(worn=True) for _ in range(TURNS)]
    model.close()
    return statistics.median(ratios)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("task")
    parser.add_argument("trials", nargs="+", metavar="TARGETS:RANK", help=", ".join(TARGETS))
    parser.add_argument("--examples", type=int, default=300)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    task = tasks.read(places.adapters() / given.task)
    with tempfile.TemporaryDirectory() as name:
        there = Path(name)
        base = catalog.resolve(Paths(there), catalog.DEFAULT)
        run = faster(base, tasks.sha256_file(base), there, threads=given.threads)
        folder = sample(task.folder, there / task.name, given.examples, task.recipe.seed)
        print("targets  rank    loss  steps  minutes   GGUF kB  decode", flush=True)
        for trial in given.trials:
            targets, _, rank = trial.partition(":")
            recipe = recipe_of(task.recipe, TARGETS[targets], int(rank), given)
            *_, end = train(folder, base, there / trial, recipe)
            assert isinstance(end, Trained)
            ratio = decode_ratio(run, end.adapter, given.threads)
            cost = f"{end.seconds / 60:8.1f} {len(end.adapter.gguf) / 1000:9.0f} {ratio:7.2f}"
            print(f"{targets:7} {rank:>5} {end.loss:7.4f} {end.steps:6} {cost}", flush=True)


def recipe_of(known: Recipe, targets: tuple[str, ...], rank: int, given: argparse.Namespace) -> Recipe:
    """The task's own, with the same alpha over rank, and looks enough to find the least loss."""
    return msgspec.structs.replace(
        known,
        targets=targets,
        rank=rank,
        alpha=known.alpha / known.rank * rank,
        epochs=given.epochs,
        threads=given.threads,
        held_out=0.1,
        looks=4,
    )


if __name__ == "__main__":
    main()
