"""The language model process: one base loaded once, every task's adapter resident, one call at a time.

A call puts on the task's adapter, restores the saved state of the task's fixed prompt, reads the
rest, and streams. Saved state is valid only under the adapter it was made with (reusing it under
another one is a known way to contaminate output silently), so the context is emptied at every call
and a saved state's key names base, adapter, scale and prompt.
"""

from __future__ import annotations

import collections
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import psutil

from app.core import tasks
from app.core.errors import BadModel, HomebodyError, NotFound
from app.core.prompt import Piece
from app.core.tasks import Decoding, Task, Weights
from app.core.types import TaskState, Thinking, Token
from app.model import adapters, gguf
from app.model.contract import Finished, LanguageModel, Logits, ModelInfo
from app.model.quantize import faster
from app.model.runtime import BATCH, Base, Runtime
from app.model.sampling import Sampler, Text, gbnf, looping
from app.workers.service import Service

CONTEXT = 4096  # tokens; 94 MB of state for the default base
SAVED_STATES = 16
CLOSING_TOKENS = 256  # beyond max_tokens, to end JSON that was cut short
_LEAST_PROMPT = 256


class Config(msgspec.Struct, kw_only=True):
    """``base`` is the GGUF file whose hash is ``sha256``; ``adapters`` the folders of task folders."""

    base: str
    sha256: str
    models: str
    adapters: tuple[str, ...]
    context: int = CONTEXT
    threads: int = 0  # 0: one per physical core


@dataclass
class Hat:
    """A task made ready: its adapter's handle, its grammar, or the reason why it is refused."""

    state: TaskState
    task: Task | None = None
    weights: Weights | None = None
    handle: Any = None
    grammar: str = ""


@dataclass
class Run:
    """One generation under way, for its :class:`Finished`."""

    prompt_tokens: int
    cached: int
    switch_s: float
    started: float = field(default_factory=time.perf_counter)
    first: float = 0.0
    tokens: list[int] = field(default_factory=list)


def load(config: Config) -> Runtime:
    threads = config.threads or psutil.cpu_count(logical=False) or 1
    path = faster(Path(config.base), config.sha256, Path(config.models), threads=threads)
    return Base(path, context=config.context, threads=threads)


class LlamaCpp:
    """Implements :class:`LanguageModel` over whichever runtime ``load`` opens."""

    def __init__(self, config: Config, *, load: Callable[[Config], Runtime] = load) -> None:
        source = Path(config.base)
        self._header = gguf.read(source)
        self._sha256 = config.sha256
        self._base = load(config)
        if len(self._base.tokens("<|im_start|>", special=True)) != 1:
            raise BadModel(
                "the model does not speak ChatML", where=str(source), remedy="choose another model"
            )
        self._hats = {
            name: self._hat(Path(root) / name) for root in config.adapters for name in tasks.names(Path(root))
        }
        self._states: collections.OrderedDict[tuple[object, ...], Any] = collections.OrderedDict()

    # --- the contract --------------------------------------------------------------------------

    def generate(
        self, *, task: str, fields: dict[str, str], max_tokens: int = 0, adapter: bool = True, seed: int = 0
    ) -> Iterator[Thinking | Token | Finished]:
        hat, known = self._ready(task)
        decoding = msgspec.structs.replace(
            known.decoding, max_tokens=min(max_tokens or known.decoding.max_tokens, self._base.context // 2)
        )
        fixed, rest = self._prompt(known, fields, decoding.max_tokens)
        run = self._open(hat, fixed, adapter=adapter, total=len(fixed) + len(rest))
        yield Thinking(done=run.cached, total=run.prompt_tokens)
        todo = rest if run.cached else [*fixed, *rest]
        for chunk in self._chunks(todo, 0 if run.cached else len(fixed)):
            self._base.decode(chunk)
            if self._base.used == len(fixed):
                self._save(hat, fixed, adapter=adapter)
            yield Thinking(done=self._base.used, total=run.prompt_tokens)
        yield from self._complete(
            run, Sampler(self._base, decoding, grammar=hat.grammar, seed=seed), decoding
        )

    def logits(self, *, task: str, text: str, adapter: bool = True) -> Logits:
        hat, _ = self._ready(task)
        self._wear(hat, adapter=adapter)
        self._base.clear()
        tokens = self._base.tokens(text)[: self._base.context - 1]
        if not tokens:
            raise HomebodyError("there is no text to read", where="logits")
        for chunk in self._chunks(tokens, 0):
            self._base.decode(chunk)
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
            tasks=tuple(hat.state for _, hat in sorted(self._hats.items())),
        )

    def close(self) -> None:
        self._base.close()

    # --- hats ----------------------------------------------------------------------------------

    def _hat(self, folder: Path) -> Hat:
        """Never raises: a task that cannot be used is listed with its faults and refused when called."""
        try:
            task = tasks.read(folder)
            grammar = gbnf(task.schema) if task.schema else ""
            if grammar:
                Sampler(self._base, task.decoding, grammar=grammar, seed=0).close()
        except HomebodyError as error:
            return Hat(_state(folder.name, folder.name, self._sha256, "refused", (str(error),)))
        weights = task.weights_for(self._sha256)
        if weights is None:
            return Hat(_state(task.name, task.title, self._sha256, "prompt-only"), task, grammar=grammar)
        found = adapters.faults(task, weights, self._header)
        if found:
            return Hat(_state(task.name, task.title, self._sha256, "refused", found, weights), task)
        path = task.weight_file(weights.gguf)
        try:
            handle = self._base.load_adapter(path)
        except BadModel as error:
            return Hat(_state(task.name, task.title, self._sha256, "refused", (str(error),), weights), task)
        state = _state(task.name, task.title, self._sha256, "ready", (), weights, path.stat().st_size)
        return Hat(state, task, weights, handle, grammar)

    def _ready(self, name: str) -> tuple[Hat, Task]:
        hat = self._hats.get(name)
        if hat is None:
            raise NotFound("no such task", where=name, remedy="homebody tasks list shows those there are")
        if hat.state.state == "refused" or hat.task is None:
            raise BadModel(
                "the task is refused: " + "; ".join(hat.state.faults),
                where=name,
                remedy="put its folder back as it was installed",
            )
        return hat, hat.task

    def _wear(self, hat: Hat, *, adapter: bool) -> None:
        wanted = hat.handle if adapter else None
        self._base.wear(wanted, hat.weights.scale if hat.weights else 0.0)

    # --- the prompt ----------------------------------------------------------------------------

    def _prompt(self, task: Task, fields: dict[str, str], max_tokens: int) -> tuple[list[int], list[int]]:
        """Tokens of the task's fixed beginning, and of the rest with its fields cut to fit."""
        pieces = task.template.render(fields)
        fixed = [token for piece in task.template.static for token in self._piece(piece)]
        rest = [self._piece(piece) for piece in pieces[len(task.template.static) :]]
        at = [n for n, piece in enumerate(pieces[len(task.template.static) :]) if piece.kind == "field"]
        room = self._base.context - len(fixed) - max_tokens - CLOSING_TOKENS
        room -= sum(len(tokens) for n, tokens in enumerate(rest) if n not in at)
        if room < 0:
            raise BadModel("the task's prompt does not fit the model's context", where=task.name)
        for n, keep in zip(at, shares([len(rest[n]) for n in at], room), strict=True):
            del rest[n][keep:]
        return fixed, [token for tokens in rest for token in tokens]

    def _piece(self, piece: Piece) -> list[int]:
        return self._base.tokens(piece.text, special=piece.kind == "control")

    def _chunks(self, tokens: list[int], boundary: int) -> Iterator[list[int]]:
        """In batches; one ends at ``boundary``, so that cold and restored runs compute alike."""
        for part in (tokens[:boundary], tokens[boundary:]):
            for at in range(0, len(part), BATCH):
                yield part[at : at + BATCH]

    # --- state saved per task ------------------------------------------------------------------

    def _key(self, hat: Hat, fixed: list[int], *, adapter: bool) -> tuple[object, ...]:
        worn = (hat.weights.gguf_sha256, hat.weights.scale) if adapter and hat.weights else ("", 0.0)
        return (self._sha256, *worn, tuple(fixed))

    def _open(self, hat: Hat, fixed: list[int], *, adapter: bool, total: int) -> Run:
        """Switch the adapter, empty the context, and restore the task's saved state if there is one."""
        started = time.perf_counter()
        self._wear(hat, adapter=adapter)
        self._base.clear()
        key = self._key(hat, fixed, adapter=adapter)
        state = self._states.get(key)
        if state is not None:
            self._states.move_to_end(key)
            self._base.restore(state, len(fixed))
        return Run(total, self._base.used, time.perf_counter() - started)

    def _save(self, hat: Hat, fixed: list[int], *, adapter: bool) -> None:
        self._states[self._key(hat, fixed, adapter=adapter)] = self._base.save()
        while len(self._states) > SAVED_STATES:
            self._states.popitem(last=False)

    # --- the completion ------------------------------------------------------------------------

    def _complete(self, run: Run, sampler: Sampler, decoding: Decoding) -> Iterator[Token | Finished]:
        shown = Text(decoding.stop)
        run.first = time.perf_counter()
        stop = "length"
        try:
            for token in self._sampled(run, sampler, decoding):
                if self._base.is_end(token):
                    stop = "end"
                    break
                if new := shown.add(self._base.piece(token)):
                    yield Token(text=new)
                if shown.stopped:
                    stop = "end"
                    break
            if new := shown.add(b"", final=True):
                yield Token(text=new)
        finally:
            sampler.close()
        yield self._finished(run, shown.text, stop if len(run.tokens) <= decoding.max_tokens else "length")

    def _sampled(self, run: Run, sampler: Sampler, decoding: Decoding) -> Iterator[int]:
        """Tokens up to the limit or a loop; where a grammar must be satisfied, on to its nearest end."""
        while len(run.tokens) < decoding.max_tokens and not looping(run.tokens):
            yield self._step(run, sampler.next(self._base.logits()))
        if not sampler.constrained:
            return
        for _ in range(CLOSING_TOKENS):
            yield self._step(run, sampler.next_closing(self._base.logits()))
        raise BadModel("the answer could not be completed to valid JSON", where="schema.json")

    def _step(self, run: Run, token: int) -> int:
        run.tokens.append(token)
        if not self._base.is_end(token):
            self._base.decode([token])
        return token

    def _finished(self, run: Run, text: str, stop: str) -> Finished:
        now = time.perf_counter()
        return Finished(
            text=text,
            stop=stop,
            prompt_tokens=run.prompt_tokens,
            tokens=len(run.tokens),
            prefill_s=run.first - run.started,
            decode_s=now - run.first,
            switch_s=run.switch_s,
            cached_tokens=run.cached,
        )


def shares(lengths: list[int], room: int) -> list[int]:
    """How much of each to keep so that all fit ``room``: the longest are shortened first."""
    kept = list(lengths)
    limit = max(lengths, default=0)
    while sum(kept) > room:
        longest = [n for n, size in enumerate(kept) if size == limit]
        below = max((size for size in kept if size < limit), default=0)
        excess = sum(kept) - room
        limit = max(below, limit - -(-excess // len(longest)))
        for n in longest:
            kept[n] = limit
    return kept


def _state(
    name: str,
    title: str,
    base: str,
    state: str,
    faults: tuple[str, ...] = (),
    weights: Weights | None = None,
    size: int = 0,
) -> TaskState:
    return TaskState(
        name=name,
        title=title,
        base_sha256=base,
        adapter=weights.gguf_sha256 if weights else "",
        adapter_bytes=size,
        rank=weights.rank if weights else 0,
        state=state,
        faults=faults,
    )


def service(config: dict[str, Any]) -> Service:
    """Nothing is closed at the end: a call may still be computing, and the process's end frees it all."""
    return Service({LanguageModel: LlamaCpp(msgspec.convert(config, Config))})
