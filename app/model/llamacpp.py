"""The language model process: one base loaded once, every task's adapter resident, one call at a time.

A call puts on its adapters, restores the saved state of the task's fixed prompt, reads the rest, and
streams. Saved state is valid only under what it was made with (reusing it under another adapter is a
known way to contaminate output silently), so its key names the adapters with their scales and the
prompt, and whatever else the context held is masked before a call.
"""

from __future__ import annotations

import collections
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec
import psutil

from app.core import prompt
from app.core.errors import BadModel, HomebodyError, UsageFault
from app.core.models import AdapterFile, TaskState
from app.core.prompt import Piece
from app.core.tasks import Decoding, Task
from app.core.types import Thinking, Token
from app.model import gguf, needs
from app.model.contract import Blend, Finished, LanguageModel, Logits, Message, ModelInfo
from app.model.quantize import faster
from app.model.run import CLOSING_TOKENS, Run, shares
from app.model.runtime import Base, Runtime
from app.model.sampling import Sampler
from app.model.wardrobe import Outfit, Wardrobe
from app.workers.service import Service

CONTEXT = 4096  # tokens; 94 MB of state for the default base
SAVED_STATES = 16
MOST_STOPS, LONGEST_STOP = 16, 200

Key = tuple[Outfit, tuple[int, ...]]


class Config(msgspec.Struct, kw_only=True):
    """``base`` is the GGUF file whose hash is ``sha256``; ``adapters`` the folders of task folders.

    ``mmap`` leaves weights in the file's pages, which the system may drop and read again: a model may
    be larger than memory. ``lean``: it is, and nothing may lie beside those pages that need not.
    """

    base: str
    sha256: str
    models: str
    adapters: tuple[str, ...]
    context: int = CONTEXT
    kv_cache: Literal["f16", "q8_0", "q4_0"] = "f16"
    mmap: bool = True
    lean: bool = False
    faster: bool = True  # read through a copy in a format that is faster to compute with, made once
    threads: int = 0  # 0: one per physical core


def load(config: Config) -> Runtime:
    threads = config.threads or psutil.cpu_count(logical=False) or 1
    path = Path(config.base)
    if config.faster and not config.lean:
        path = faster(path, config.sha256, Path(config.models), threads=threads)
    return Base(
        path,
        context=config.context,
        threads=threads,
        kv_cache=config.kv_cache,
        mmap=config.mmap,
        repack=not config.mmap or (not config.lean and needs.repacks(path.stat().st_size)),
    )


class LlamaCpp:
    """Implements :class:`LanguageModel` over whichever runtime ``load`` opens."""

    def __init__(self, config: Config, *, load: Callable[[Config], Runtime] = load) -> None:
        self._header = gguf.read(Path(config.base))
        self._sha256 = config.sha256
        self._base = load(config)
        self._family = prompt.family(
            self._header.metadata, lambda mark: len(self._base.tokens(mark, special=True)) == 1
        )
        roots = [Path(root) for root in config.adapters]
        self._hats = Wardrobe(self._base, self._header, config.sha256, roots)
        self._states: collections.OrderedDict[Key, Any] = collections.OrderedDict()
        self._held: Key | None = None  # what the first tokens in the context are

    # --- the contract --------------------------------------------------------------------------

    def generate(
        self,
        *,
        task: str,
        fields: dict[str, str],
        max_tokens: int = 0,
        adapter: bool = True,
        seed: int = 0,
        blend: tuple[Blend, ...] = (),
    ) -> Iterator[Thinking | Token | Finished]:
        hat, known = self._hats.ready(task)
        outfit = self._hats.outfit(hat, adapter=adapter, blend=blend)
        decoding = self._limited(known.decoding, max_tokens)
        fixed, rest = self._prompt(known, fields, decoding.max_tokens)
        run = self._open(outfit, fixed, rest)
        yield from self._read(run, outfit, fixed)
        yield from run.complete(Sampler(self._base, decoding, grammar=hat.grammar, seed=seed), decoding)

    def chat(
        self,
        *,
        task: str = "",
        messages: tuple[Message, ...],
        max_tokens: int = 0,
        temperature: float = 0.0,
        seed: int = 0,
        stop: tuple[str, ...] = (),
        adapter: bool = True,
    ) -> Iterator[Thinking | Token | Finished]:
        hat, known = self._hats.ready(task) if task else (None, None)
        outfit = self._hats.outfit(hat, adapter=adapter)
        decoding = self._limited(
            Decoding(
                max_tokens=known.decoding.max_tokens if known else Decoding().max_tokens,
                temperature=_temperature(temperature),
                stop=_stops(stop),
            ),
            max_tokens,
        )
        turns = [(message.role, message.content) for message in messages]
        if not turns or turns[-1][0] == "assistant":
            raise UsageFault("a conversation ends with a message to answer", where="messages")
        rest = self._fitted(prompt.chat(self._family, turns), self._room(decoding.max_tokens), "chat")
        run = self._open(outfit, [], rest)
        yield from self._read(run, outfit, [])
        yield from run.complete(Sampler(self._base, decoding, grammar="", seed=seed), decoding)

    def adopt(self, *, task: str, adapter: AdapterFile | None) -> TaskState:
        state = self._hats.adopt(task, adapter)
        self._states.clear()  # a blend adds up in the order of addresses, which are others now
        self._held = None
        return state

    def logits(self, *, task: str, text: str, adapter: bool = True, blend: tuple[Blend, ...] = ()) -> Logits:
        outfit = self._hats.outfit(self._hats.ready(task)[0], adapter=adapter, blend=blend)
        tokens = self._base.tokens(text)[: self._base.context - 1]
        if not tokens:
            raise HomebodyError("there is no text to read", where="logits")
        for _ in self._open(outfit, [], tokens).prompt():
            pass
        return Logits(data=self._base.logits().astype("<f4").tobytes())

    def count(self, *, text: str) -> int:
        return len(self._base.tokens(text))

    def info(self) -> ModelInfo:
        base = self._base
        return ModelInfo(
            name=str(self._header.metadata.get("general.name") or Path(base.path).stem),
            path=str(base.path),
            sha256=self._sha256,
            context=base.context,
            parameters=base.parameters,
            tasks=self._hats.states(),
        )

    def close(self) -> None:
        self._base.close()

    # --- the prompt ----------------------------------------------------------------------------

    def _limited(self, decoding: Decoding, max_tokens: int) -> Decoding:
        most = min(max_tokens or decoding.max_tokens, self._base.context // 2)
        if most < 1:
            raise UsageFault("the number of tokens is too small", where=str(max_tokens))
        return msgspec.structs.replace(decoding, max_tokens=most)

    def _room(self, max_tokens: int) -> int:
        return self._base.context - max_tokens - CLOSING_TOKENS

    def _prompt(self, task: Task, fields: dict[str, str], max_tokens: int) -> tuple[list[int], list[int]]:
        """Tokens of the task's fixed beginning, and of the rest with its fields cut to fit."""
        template = task.template.spoken(self._family)
        fixed = [token for piece in template.static for token in self._piece(piece)]
        rest = template.render(fields)[len(template.static) :]
        return fixed, self._fitted(rest, self._room(max_tokens) - len(fixed), task.name)

    def _fitted(self, pieces: Iterable[Piece], room: int, where: str) -> list[int]:
        """Tokens of ``pieces``, the longest of their fields cut at the end until all fit ``room``."""
        parts = [(piece.kind == "field", self._piece(piece)) for piece in pieces]
        room -= sum(len(tokens) for is_field, tokens in parts if not is_field)
        if room < 0:
            raise BadModel("the prompt does not fit the model's context", where=where)
        kept = iter(shares([len(tokens) for is_field, tokens in parts if is_field], room))
        return [t for is_field, tokens in parts for t in (tokens[: next(kept)] if is_field else tokens)]

    def _piece(self, piece: Piece) -> list[int]:
        return self._base.tokens(piece.text, special=piece.kind == "control")

    # --- state saved per prompt ----------------------------------------------------------------

    def _key(self, outfit: Outfit, fixed: list[int]) -> Key:
        return outfit, tuple(fixed)

    def _open(self, outfit: Outfit, fixed: list[int], rest: list[int]) -> Run:
        """Switch adapters, and leave in the context what is saved of ``fixed`` under them, or nothing."""
        began = time.perf_counter()
        self._base.wear([(worn.handle, worn.scale) for worn in outfit])
        worn_s = time.perf_counter()
        key = self._key(outfit, fixed)
        state = self._states.get(key)
        if state is None:
            self._base.cut(0)
        else:
            self._states.move_to_end(key)
            if self._held == key:
                self._base.cut(len(fixed))
            else:
                self._base.restore(state, len(fixed))
        self._held = key if state is not None else None
        restored_s = time.perf_counter()
        return Run(
            self._base,
            fixed,
            rest,
            cached=self._base.used,
            switch_s=worn_s - began,
            restore_s=restored_s - worn_s,
        )

    def _read(self, run: Run, outfit: Outfit, fixed: list[int]) -> Iterator[Thinking]:
        yield Thinking(done=run.cached, total=run.total)
        for done in run.prompt():
            if fixed and done == len(fixed):
                self._keep(self._key(outfit, fixed))
            yield Thinking(done=done, total=run.total)

    def _keep(self, key: Key) -> None:
        self._held = key
        self._states[key] = self._base.save()
        while len(self._states) > SAVED_STATES:
            self._states.popitem(last=False)


def _temperature(value: float) -> float:
    if not 0 <= value <= 2:
        raise UsageFault("the temperature is from 0 to 2", where=str(value))
    return value


def _stops(marks: tuple[str, ...]) -> tuple[str, ...]:
    if len(marks) > MOST_STOPS or not all(0 < len(mark) <= LONGEST_STOP for mark in marks):
        raise UsageFault(
            f"there are at most {MOST_STOPS} stop marks of 1 to {LONGEST_STOP} characters", where="stop"
        )
    return marks


def service(config: dict[str, Any]) -> Service:
    """Nothing is closed at the end: a call may still be computing, and the process's end frees it all."""
    return Service({LanguageModel: LlamaCpp(msgspec.convert(config, Config))})
