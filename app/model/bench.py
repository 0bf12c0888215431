"""Measures the specialists as they are used: through their processes, on this machine, now."""

from __future__ import annotations

import time
from collections.abc import Iterator

from app.core.types import Figure
from app.model.contract import Embedder, LanguageModel
from app.model.supervisor import Specialists
from app.workers.worker import Caller

EMBEDDED = 64
_LINE = "The technician comes on Thursday between nine and eleven and needs the key to the cellar. "


def bench(specialists: Specialists) -> Iterator[Figure]:
    """Stops the specialists first, so that their start is measured too."""
    yield from _starts(specialists)
    yield from _embedding(specialists.embedder())
    for process in specialists.processes():
        if process.pid:
            yield Figure(name=f"memory of {process.name}", value=process.rss / 1e6, unit="MB", how="resident")


def _starts(specialists: Specialists) -> Iterator[Figure]:
    specialists.stop_all()
    started = time.perf_counter()
    specialists.llm().call(LanguageModel.info)
    yield _ms("start of llm", time.perf_counter() - started, "process, base and every adapter")
    started = time.perf_counter()
    specialists.embedder().call(Embedder.embed, texts=("hello",))
    yield _ms("start of embedder", time.perf_counter() - started, "process to first vector")


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


def _ms(name: str, seconds: float, how: str) -> Figure:
    return Figure(name=name, value=seconds * 1000, unit="ms", how=how)
