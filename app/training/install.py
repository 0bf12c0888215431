"""Puts a trained or imported adapter into its task's folder, bound by hash to its base."""

from __future__ import annotations

from pathlib import Path

from app.core import tasks
from app.core.tasks import Task, Weights
from app.training.contract import AdapterBytes

PEFT, CONFIG, GGUF = "adapter_model.safetensors", "adapter_config.json", "adapter.gguf"


def install(task: Task, adapter: AdapterBytes, *, base: str, base_sha256: str) -> Task:
    """``base`` is the catalog key, which names the folder under ``weights/``."""
    place = Path("weights") / base
    (task.folder / place).mkdir(parents=True, exist_ok=True)
    for name, data in ((PEFT, adapter.peft), (CONFIG, adapter.config), (GGUF, adapter.gguf)):
        part = task.folder / place / f"{name}.part"
        part.write_bytes(data)
        part.replace(task.folder / place / name)
    peft, gguf = place / PEFT, place / GGUF
    weights = Weights(
        base=base,
        base_sha256=base_sha256,
        peft=peft.as_posix(),
        peft_sha256=tasks.sha256_file(task.folder / peft),
        gguf=gguf.as_posix(),
        gguf_sha256=tasks.sha256_file(task.folder / gguf),
        rank=adapter.rank,
        alpha=adapter.alpha,
        targets=adapter.targets,
        prompt_sha256=task.prompt_sha256,
    )
    return tasks.save_weights(task, weights)
