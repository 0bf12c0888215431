"""Measures the specialists as they are used: through their processes, on this machine, now."""

from __future__ import annotations

import time
from collections.abc import Iterator

from app.core.types import Figure, Token
from app.model.contract import Embedder, Finished, LanguageModel
from app.model.supervisor import Specialists
from app.workers.worker import Caller

SWITCHES, DECODED, READ_WORDS, EMBEDDED = 60, 96, 1200, 64
_LINE = "The technician comes on Thursday between nine and eleven and needs the key to the cellar. "
_HATS = ("act", "summarize")
_FIELDS = {"act": {"request": "remind me to call Ben tomorrow"}, "summarize": {"text": _LINE}}


def bench(specialists: Specialists) -> Iterator[Figure]:
    """Stops the specialists first, so that their start is measured too."""
    yield from _starts(specialists)
    llm = specialists.llm()
    yield from _switches(llm)
    yield from _speed(llm)
    yield from _embedding(specialists.embedder())
    for process in filter(lambda state: state.pid, specialists.processes()):
        yield Figure(name=f"memory of {process.name}", value=process.rss / 1e6, unit="MB", how="resident")


def _starts(specialists: Specialists) -> Iterator[Figure]:
    specialists.stop_all()
    started = time.perf_counter()
    specialists.llm().call(LanguageModel.info)
    yield _ms("start of llm", time.perf_counter() - started, "process, base and every adapter")
    started = time.perf_counter()
    specialists.embedder().call(Embedder.embed, texts=("hello",))
    yield _ms("start of embedder", time.perf_counter() - started, "process to first vector")


def _switches(llm: Caller) -> Iterator[Figure]:
    for task in _HATS:
        _run(llm, task, 1)  # reads the fixed prompt once, so that its state is saved
    runs = [_run(llm, _HATS[n % 2], 1) for n in range(SWITCHES)]
    switches = sorted(end.switch_s for end, _ in runs)
    firsts = sorted(first for _, first in runs)
    how = f"{SWITCHES} changes of hat, saved prompt restored"
    yield _ms("adapter switch p50", _share(switches, 0.5), how)
    yield _ms("adapter switch p99", _share(switches, 0.99), how)
    yield _ms("first token after a switch p50", _share(firsts, 0.5), "with a new request, through the pipe")


def _speed(llm: Caller) -> Iterator[Figure]:
    text = _LINE * (READ_WORDS // len(_LINE.split()))
    for adapter in (True, False):
        end, _ = _run(llm, "summarize", DECODED, {"text": text}, adapter=adapter)
        said = "with adapter" if adapter else "bare base"
        new = end.prompt_tokens - end.cached_tokens
        yield Figure(name=f"prompt, {said}", value=new / end.prefill_s, unit="tokens/s", how=f"{new} tokens")
        end, _ = _run(llm, "summarize", DECODED, adapter=adapter)
        speed = end.tokens / end.decode_s
        yield Figure(name=f"decode, {said}", value=speed, unit="tokens/s", how=f"{end.tokens} tokens")


def _embedding(embedder: Caller) -> Iterator[Figure]:
    texts = tuple(f"{_LINE} {n} {_LINE}" for n in range(EMBEDDED))
    started = time.perf_counter()
    for at in range(0, EMBEDDED, 32):
        embedder.call(Embedder.embed, texts=texts[at : at + 32])
    rate = EMBEDDED / (time.perf_counter() - started)
    yield Figure(name="embedding", value=rate, unit="passages/s", how="of about 40 tokens")
    started = time.perf_counter()
    embedder.call(Embedder.embed, texts=("When does the technician come?",))
    yield _ms("embedding of one question", time.perf_counter() - started, "through the pipe")


def _run(
    llm: Caller, task: str, most: int, fields: dict[str, str] | None = None, *, adapter: bool = True
) -> tuple[Finished, float]:
    """The end of a generation, and the seconds to its first word."""
    started, first = time.perf_counter(), 0.0
    for step in llm.stream(
        LanguageModel.generate, task=task, fields=fields or _FIELDS[task], max_tokens=most, adapter=adapter
    ):
        if isinstance(step, Token):
            first = first or time.perf_counter() - started
        elif isinstance(step, Finished):
            return step, first
    raise AssertionError("a generation ends with Finished")


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _ms(name: str, seconds: float, how: str) -> Figure:
    return Figure(name=name, value=seconds * 1000, unit="ms", how=how)
