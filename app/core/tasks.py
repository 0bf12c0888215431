"""Task folders (``adapters/<task>/``): what a hat is made of, read and checked without a model.

``task.toml`` (title, sentence, defaults, decoding, recipe, gate, weights), ``prompt.txt`` (see
app.core.prompt), optionally ``schema.json`` (the JSON the answer must be), ``train.jsonl``,
``cases.jsonl`` and ``CARD.md``. The folder's name is the task's name. Every fault of a folder is
reported at once.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from app.core.errors import BadModel, NotFound
from app.core.models import TaskState
from app.core.prompt import Template, parse
from app.core.types import Record

T = TypeVar("T")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Decoding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the completion is sampled; temperature 0 takes the likeliest token.

    ``refusal`` is what the task says when there is nothing to say; ``refusal_bias`` is added to the
    logit of its first token, at the first token only, to set how readily the task says it.
    """

    max_tokens: Annotated[int, Meta(ge=1, le=4096)] = 256
    temperature: Annotated[float, Meta(ge=0, le=2)] = 0.0
    top_p: Annotated[float, Meta(gt=0, le=1)] = 1.0
    repeat_penalty: Annotated[float, Meta(ge=1, le=2)] = 1.0
    stop: tuple[str, ...] = ()
    refusal: str = ""
    refusal_bias: Annotated[float, Meta(ge=-20, le=20)] = 0.0


class Recipe(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a task's adapter is trained; the same recipe, data and base give the same adapter again."""

    rank: Annotated[int, Meta(ge=1, le=256)] = 8
    alpha: Annotated[float, Meta(gt=0, le=1024)] = 16.0
    targets: Annotated[tuple[str, ...], Meta(min_length=1)] = ("q_proj", "k_proj", "v_proj", "o_proj")
    rate: Annotated[float, Meta(gt=0, le=1)] = 6e-4
    epochs: Annotated[int, Meta(ge=1, le=1000)] = 3
    batch: Annotated[int, Meta(ge=1, le=1024)] = 8
    longest: Annotated[int, Meta(ge=16)] = 640  # tokens of one example; longer ones are left out, and counted
    pack: Annotated[int, Meta(ge=1)] = 1  # this many examples that begin alike are computed as one sequence
    held_out: Annotated[float, Meta(gt=0, le=0.5)] = 0.06  # of the examples: to see when to stop
    patience: Annotated[int, Meta(ge=1)] = 3  # looks at the held-out ones without improvement before it stops
    looks: Annotated[int, Meta(ge=1)] = 4  # such looks an epoch
    seed: Annotated[int, Meta(ge=0)] = 1
    threads: Annotated[int, Meta(ge=0)] = 0  # 0: torch decides


class Gate(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a new adapter must do better than the current one before it takes its place."""

    gain: Annotated[float, Meta(ge=0, le=1)] = 0.01  # the main score on its cases rises by this at least
    regression: Annotated[float, Meta(ge=0, le=1)] = 0.03  # and no score gets worse by more than this


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One trained adapter, bound to the base whose file has ``base_sha256``; paths in the folder."""

    base: str
    base_sha256: _Digest
    peft: str
    peft_sha256: _Digest
    gguf: str
    gguf_sha256: _Digest
    rank: Annotated[int, Meta(ge=1, le=256)]
    alpha: Annotated[float, Meta(gt=0, le=1024)]
    targets: tuple[str, ...]
    scale: Annotated[float, Meta(gt=0, le=4)] = 1.0
    prompt_sha256: _Digest | None = None  # of the prompt.txt it was trained with, where that is known


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: Annotated[str, Meta(min_length=1, max_length=60)]
    sentence: Annotated[str, Meta(min_length=1, max_length=200)]
    decoding: Decoding = Decoding()
    recipe: Recipe = Recipe()
    gate: Gate = Gate()
    weights: tuple[Weights, ...] = ()
    defaults: dict[str, str] = {}


@dataclass(frozen=True)
class Task:
    """A hat. ``schema`` is empty where the answer is free text.

    ``defaults`` are what fields of the prompt are taken for that it did not always have, so that what
    was kept before can still be learned from.
    """

    name: str
    title: str
    sentence: str
    folder: Path
    decoding: Decoding
    template: Template
    schema: str
    weights: tuple[Weights, ...]
    recipe: Recipe
    gate: Gate
    defaults: Mapping[str, str]
    prompt_sha256: str  # of prompt.txt: an adapter is worth most under the wording it was trained with

    def fitted(self, fields: Mapping[str, str]) -> dict[str, str] | None:
        """``fields`` as the prompt has them now; None where they are those of another prompt."""
        filled = {**self.defaults, **fields}
        return filled if set(filled) == set(self.template.fields) else None

    def weights_for(self, base_sha256: str) -> Weights | None:
        return next((w for w in self.weights if w.base_sha256 == base_sha256), None)

    def weight_file(self, name: str) -> Path:
        """Raises BadModel where ``name`` would leave the task's folder."""
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise BadModel("a weights file lies outside its task", where=f"{self.name}: {name}")
        return path


def names(root: Path) -> tuple[str, ...]:
    """The tasks under ``root``, by folder."""
    if not root.is_dir():
        return ()
    return tuple(sorted(p.parent.name for p in root.glob("*/task.toml") if _NAME.fullmatch(p.parent.name)))


def read(folder: Path) -> Task:
    """Raises NotFound without a task there, BadModel with every fault of the folder."""
    if not (folder / "task.toml").is_file():
        raise NotFound("no such task", where=folder.name, remedy="homebody tasks list shows those there are")
    faults: list[str] = []
    if not _NAME.fullmatch(folder.name):
        faults.append("the folder's name must be lower-case letters, digits, - and _")
    file = _attempt(faults, "task.toml", lambda: _file(folder))
    template = _attempt(faults, "prompt.txt", lambda: parse(_text(folder / "prompt.txt")))
    schema = _attempt(faults, "schema.json", lambda: _schema(folder / "schema.json"))
    if file and template and (unknown := set(file.defaults) - set(template.fields)):
        faults.append(f"task.toml: defaults of what is no field of the prompt: {', '.join(sorted(unknown))}")
    if file is None or template is None or schema is None or faults:
        raise _bad(folder, faults)
    return Task(
        name=folder.name,
        title=file.title,
        sentence=file.sentence,
        folder=folder,
        decoding=file.decoding,
        template=template,
        schema=schema,
        weights=file.weights,
        recipe=file.recipe,
        gate=file.gate,
        defaults=file.defaults,
        prompt_sha256=sha256_file(folder / "prompt.txt"),
    )


def verify(task: Task) -> tuple[str, ...]:
    """What is wrong with the task's weights files: missing, outside the folder, or changed."""
    return tuple(
        fault
        for weights in task.weights
        for name, sha256 in ((weights.peft, weights.peft_sha256), (weights.gguf, weights.gguf_sha256))
        if (fault := _digest_fault(task, name, sha256))
    )


def state(task: Task, base_sha256: str) -> TaskState:
    """What the task is on a base, as far as its folder tells; the model process checks more."""
    weights = task.weights_for(base_sha256)
    if weights is None:
        return TaskState(name=task.name, title=task.title, base_sha256=base_sha256, state="prompt-only")
    faults = verify(task)
    path = task.folder / weights.gguf
    return TaskState(
        name=task.name,
        title=task.title,
        base_sha256=base_sha256,
        adapter=weights.gguf_sha256,
        adapter_bytes=path.stat().st_size if path.is_file() else 0,
        rank=weights.rank,
        state="refused" if faults else "ready",
        faults=faults,
    )


def save_weights(task: Task, weights: Weights) -> Task:
    """Put ``weights`` in the task's ``task.toml`` in place of those for the same base."""
    import tomlkit

    path = task.folder / "task.toml"
    document = tomlkit.parse(_text(path))
    kept = [w for w in task.weights if w.base_sha256 != weights.base_sha256]
    tables = tomlkit.aot()
    for each in (*kept, weights):
        table = tomlkit.table()
        known = msgspec.to_builtins(each, builtin_types=(list,))
        table.update({name: value for name, value in known.items() if value is not None})
        tables.append(table)
    document["weights"] = tables
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
    return replace(task, weights=(*kept, weights))


def sha256_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _attempt(faults: list[str], where: str, read: Callable[[], T]) -> T | None:
    try:
        return read()
    except BadModel as error:
        faults.append(f"{where}: {error.message}" + (f" ({error.where})" if error.where else ""))
    except (OSError, ValueError) as error:  # ValueError: not UTF-8, not TOML, not JSON, or not valid
        faults.append(f"{where}: {error}")
    return None


def _file(folder: Path) -> _File:
    """Table by table, so that one bad value does not hide another."""
    table = tomllib.loads(_text(folder / "task.toml"))
    found: list[str] = []
    parts = {"decoding": Decoding, "recipe": Recipe, "gate": Gate, "weights": tuple[Weights, ...]}
    for key in [key for key in parts if key in table]:
        _attempt(found, key, functools.partial(msgspec.convert, table[key], parts[key]))
    rest = {key: value for key, value in table.items() if key not in parts}
    _attempt(found, "file", lambda: msgspec.convert(rest, _File))
    file = None if found else msgspec.convert(table, _File)
    if file is None or found:
        raise BadModel("; ".join(found))
    return file


def _schema(path: Path) -> str:
    if not path.exists():
        return ""
    text = _text(path)
    if not isinstance(json.loads(text), dict):
        raise BadModel("a JSON schema is an object")
    return text


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _digest_fault(task: Task, name: str, sha256: str) -> str:
    try:
        path = task.weight_file(name)
        if sha256_file(path) != sha256:
            return f"{name}: the file is not the one this task was checked with"
    except BadModel as error:
        return f"{name}: {error.message}"
    except OSError as error:
        return f"{name}: {error.strerror or error}"
    return ""


def _bad(folder: Path, faults: Iterable[str]) -> BadModel:
    return BadModel(
        "the task cannot be used: " + "; ".join(faults),
        where=folder.name,
        remedy="correct the files of its folder",
    )
