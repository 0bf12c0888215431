"""An adapter carried out: what PEFT, vLLM and LoRAX load, its prompt, and its examples as conversations."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from app.core import tasks
from app.core.errors import UsageFault
from app.core.private import folder_beside
from app.core.tasks import Task
from app.training import lora
from app.training.contract import AdapterBytes, Row
from app.training.convert import shape
from app.training.dataset import Vocabulary, rows
from app.training.install import CONFIG, GGUF, PEFT

PROMPT, DATASET = "prompt.json", "train.chat.jsonl"


def export(
    adapter: AdapterBytes,
    *,
    task: Path,
    base: Path,
    repository: str,
    folder: Path,
    more: Iterable[Row] = (),
) -> tuple[str, ...]:
    """See :class:`app.training.contract.Trainer`; all of the folder is written, or nothing."""
    if folder.exists() and not folder.is_dir():
        raise UsageFault("that is a file", where=str(folder), remedy="name a new folder")
    if folder.exists() and any(folder.iterdir()):
        raise UsageFault("the folder is not empty", where=str(folder), remedy="name a new one")
    known = tasks.read(task)
    path = task / "train.jsonl"
    examples = [*(rows(path) if path.is_file() else ()), *more]
    content = {
        PEFT: adapter.peft,
        CONFIG: lora.config(lora.read(adapter.peft, adapter.config), repository, shape(base).layers),
        GGUF: adapter.gguf,
        PROMPT: _json(prompt(known, base)) + b"\n",
        DATASET: b"".join(_json(conversation(known, row)) + b"\n" for row in examples),
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder_beside(folder) as making:
        part = making / folder.name
        part.mkdir()
        for name, data in content.items():
            (part / name).write_bytes(data)
        if folder.exists():
            folder.rmdir()
        part.replace(folder)
    return tuple(content)


def prompt(task: Task, base: Path) -> dict[str, Any]:
    """The prompt as a conversation with ``{fields}`` and as the base's own text, and how it is decoded.

    In ``text`` the base's control marks are spelled out; a field must be put in as text that makes none.
    """
    template = task.template.spoken(Vocabulary(base).family)
    return {
        "task": task.name,
        "messages": [{"role": role, "content": words} for role, words in template.turns],
        "fields": list(template.fields),
        "text": "".join(
            piece.text + (f"{{{piece.name}}}" if piece.name else "") for piece in template.pieces
        ),
        "end": template.family.end,
        "schema": json.loads(task.schema) if task.schema else None,
        "decoding": msgspec.to_builtins(task.decoding),
    }


def conversation(task: Task, row: Row) -> dict[str, Any]:
    """One example in the chat format that hosted fine-tuning takes."""
    turns = (*task.template.said(row.fields), ("assistant", row.completion))
    return {"messages": [{"role": role, "content": words} for role, words in turns]}


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
