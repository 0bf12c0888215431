"""The draft task and a base model so small that it is trained, measured and worn in seconds, all for real."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import msgspec

from app.core import paths as places
from app.core.tasks import Recipe
from app.flows import opening, teach
from app.flows.context import Home
from app.flows.draft import REPLY
from tests.training import tiny

STYLE = "Moin — Vera"
SHIPPED = "Ana,\n\nyes\n\nOmar"
QUICK = msgspec.structs.replace(tiny.QUICK, rank=8, alpha=16.0, epochs=10)
SLOW = msgspec.structs.replace(QUICK, rate=1e-9, epochs=1)


def fields(n: int, me: str = "Vera") -> dict[str, str]:
    return {"form": REPLY, "sender": "Ana", "mail": f"Can you do number {n}?", "say": "yes", "me": me}


def settle(home: Home, folder: Path) -> Path:
    """Let ``home`` use a tiny base, and a draft task of its own with few examples and cases."""
    base = tiny.tiny(folder / "tiny.gguf")
    home.user.set("model.base", str(base))
    home.user.set(teach.SETTING, "yes")
    opening.configure(home)
    task = home.paths.data / "adapters" / "draft"
    task.mkdir(parents=True)
    for name in ("task.toml", "prompt.txt"):
        shutil.copyfile(places.adapters() / "draft" / name, task / name)
    write(task / "train.jsonl", range(100, 120))
    write(task / "cases.jsonl", range(200, 203))
    return base


def recipe(home: Home, recipe: Recipe) -> None:
    """As the task's own, in its task.toml."""
    path = home.paths.data / "adapters" / "draft" / "task.toml"
    lines = [
        f"rank = {recipe.rank}",
        f"alpha = {recipe.alpha}",
        f"targets = {json.dumps(recipe.targets)}",
        f"rate = {recipe.rate}",
        f"epochs = {recipe.epochs}",
        f"batch = {recipe.batch}",
        f"held_out = {recipe.held_out}",
        "looks = 1",
        "threads = 1",
    ]
    head = 'title = "Draft"\nsentence = "Writes a reply."\n[decoding]\nmax_tokens = 24\n'
    path.write_text(head + "[recipe]\n" + "\n".join(lines) + "\n", encoding="utf-8")


def write(path: Path, numbers: range, completion: str = SHIPPED) -> Path:
    rows = [json.dumps({"fields": fields(n, "Omar"), "completion": completion}) for n in numbers]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def corrected(home: Home, numbers: range) -> None:
    for n in numbers:
        teach.add(home, task="draft", fields=fields(n), said=SHIPPED, accepted=STYLE)
