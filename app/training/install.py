"""Puts a trained or imported adapter into its task's folder, bound by hash to its base."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.core import tasks
from app.core.tasks import Task, Weights
from app.training.contract import Trained

FILES = ("adapter_model.safetensors", "adapter_config.json", "adapter.gguf")


def install(task: Task, trained: Trained, *, base: str, base_sha256: str) -> Task:
    """``base`` is the catalog key, which names the folder under ``weights/``."""
    place = Path("weights") / base
    (task.folder / place).mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(Path(trained.folder) / name, task.folder / place / name)
    peft, gguf = place / FILES[0], place / FILES[2]
    weights = Weights(
        base=base,
        base_sha256=base_sha256,
        peft=peft.as_posix(),
        peft_sha256=tasks.sha256_file(task.folder / peft),
        gguf=gguf.as_posix(),
        gguf_sha256=tasks.sha256_file(task.folder / gguf),
        rank=trained.rank,
        alpha=trained.alpha,
        targets=trained.targets,
    )
    return tasks.save_weights(task, weights)
