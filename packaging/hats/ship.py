"""Trains a task's adapter by its recipe and puts it into adapters/, as the one that ships.

    python packaging/hats/ship.py TASK [--more FILE.jsonl]... [--keep DIR]

The checkpoint lies in DIR (default: the system's temporary folder): the same command after a run that
was cut short goes on from there. What the adapter is worth is told by ``homebody tasks eval TASK``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import msgspec

from app.core import paths as places
from app.core import tasks
from app.core.paths import Paths
from app.model import catalog
from app.training.contract import Row, Trained
from app.training.install import install
from app.training.train import train

BASE = "smollm2-135m"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("task")
    parser.add_argument("--more", action="append", default=[], type=Path, metavar="FILE.jsonl")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where the checkpoint lies meanwhile")
    options = parser.parse_args()
    task = tasks.read(places.adapters() / options.task)
    keep = options.keep or Path(tempfile.gettempdir()) / f"homebody-{options.task}"
    more = [
        msgspec.json.decode(line, type=Row)
        for file in options.more
        for line in file.read_bytes().splitlines()
    ]
    paths = Paths(data=keep)
    base = catalog.resolve(paths, BASE)
    for step in train(task.folder, base, keep / "checkpoint", task.recipe, more=more):
        if isinstance(step, Trained):
            install(task, step.adapter, base=BASE, base_sha256=catalog.sha256_of(paths, base))
            print(f"{step.examples} examples, {step.steps} steps, {step.seconds / 60:.0f} minutes", end=", ")
            print(f"held-out loss {step.loss:.3f}, agreement {step.adapter.agreement}")
        elif step.held_out is not None or step.done % 20 == 0:
            print(f"{step.done}/{step.total} loss {step.loss:.3f} held out {step.held_out}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
