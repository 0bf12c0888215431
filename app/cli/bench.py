"""`homebody bench`: speed and memory of every part on this machine, on a store of its own.

Timed are whole calls through the engine, as the window makes them. Quote ratios between figures of
one run rather than single figures: other work on the machine moves them all.
"""

from __future__ import annotations

import os
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec

from app.cli.bench_mail import COUNT as MAILS
from app.cli.bench_mail import bench as bench_mail
from app.cli.bench_mails import maildir
from app.cli.session import PASSPHRASE, engine
from app.cli.show import Screen
from app.core.api import Admin, Sources, Verbs
from app.core.paths import Paths, demo_sources, resources
from app.core.types import Answer, Done, Figure, Found, Progress, Scope, Token
from app.model.bench import bench as bench_models
from app.model.bench_adapters import adapters as bench_adapters
from app.model.bench_embed import bench as bench_embedder
from app.model.supervisor import Specialists
from app.store.bench import PASSAGES
from app.store.bench import bench as bench_store
from app.workers.worker import Caller

ROUNDS = 3


class _Question(msgspec.Struct):
    question: str


def bench(
    what: str,
    screen: Screen,
    *,
    passages: int = PASSAGES,
    mails: Path | None = None,
    count: int = MAILS,
    keep: Path | None = None,
) -> int:
    """Prints every figure as it is measured; returns the exit code.

    ``passages`` are made up, for the store; ``mails`` is a folder of mails to measure with (none: ``count``
    of them are made). What is measured of mail belongs to the store, and can be had by itself. In ``keep``
    the made-up passages stay for the next time.
    """
    parts: dict[str, Callable[[Path], Iterator[Figure]]] = {
        "start": _start,
        "store": partial(_store, passages=passages, keep=keep),
        "mail": partial(bench_mail, mails=mails, count=count),
        "models": _models,
        "embedder": bench_embedder,
        "adapters": _adapters,
        "quick": _quick,
        "rest": _rest,
        "desktop": partial(_desktop, mails=mails, count=count),
    }
    if what == "all":
        del parts["quick"], parts["rest"], parts["desktop"]  # they need a display
    for name, part in parts.items():
        if what in ("all", name) or (what, name) == ("store", "mail"):
            os.environ[PASSPHRASE] = secrets.token_urlsafe(24)  # the store ends with its part
            try:
                with tempfile.TemporaryDirectory(prefix="homebody-bench-") as folder:
                    for figure in part(Path(folder)):
                        screen.record(figure)
            finally:
                os.environ.pop(PASSPHRASE, None)  # a part that failed early has started no engine to take it
    return 0


def _figures(name: str, seconds: Sequence[float]) -> Iterator[Figure]:
    ordered = sorted(seconds)
    yield Figure(name=f"{name} p50", value=statistics.median(ordered) * 1000, unit="ms")
    at = min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))
    yield Figure(name=f"{name} p95", value=ordered[at] * 1000, unit="ms", how=f"{len(ordered)} calls")


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _start(folder: Path) -> Iterator[Figure]:
    """From nothing to an open engine, and from a cold engine to the first answers."""
    started = time.perf_counter()
    with engine(Paths(folder)) as (caller, _):
        yield Figure(name="engine start, new store", value=time.perf_counter() - started, unit="s")
        yield Figure(
            name="first search, by words alone",
            value=_timed(lambda: caller.call(Verbs.search, query="hello", k=1, words=True)),
            unit="s",
        )
        yield Figure(
            name="first search (starts the embedder)",
            value=_timed(lambda: caller.call(Verbs.search, query="hello", k=1)),
            unit="s",
        )
        yield Figure(name="first token (starts the model)", value=_first_token(caller), unit="s")
        yield from _memory(caller)


def _first_token(caller: Caller) -> float:
    started = time.perf_counter()
    steps = caller.stream(Verbs.summarize, text="The meeting is moved to Monday at ten, says Ana. " * 4)
    for step in steps:
        if isinstance(step, Token):
            break
    steps.close()
    return time.perf_counter() - started


def _memory(caller: Caller) -> Iterator[Figure]:
    for process in caller.call(Admin.processes):
        yield Figure(name=f"memory, {process.name}", value=process.rss / 2**20, unit="MB")


def _store(folder: Path, passages: int, keep: Path | None) -> Iterator[Figure]:
    """The store at its size beside plain FTS5, then the demo as a person has it."""
    yield from bench_store(keep or folder / "made-up", passages)
    yield from _demo(folder)


def _demo(folder: Path) -> Iterator[Figure]:
    """Indexing the demo data, then every demo question as a search and a few as questions."""
    with engine(Paths(folder)) as (caller, _):
        for kind, path in demo_sources():
            caller.call(Sources.add, kind=kind, path=str(path))
        yield from _index(caller)
        lines = (resources() / "demo" / "questions.jsonl").read_bytes().splitlines()
        questions = [msgspec.json.decode(line, type=_Question).question for line in lines if line]
        searches = [
            _timed(lambda q=q: caller.call(Verbs.search, query=q, k=10))  # type: ignore[misc]
            for _ in range(ROUNDS)
            for q in questions
        ]
        yield from _figures("search with the question's embedding", searches)
        yield from _asking(caller, questions[:8])
        yield from _memory(caller)


def _index(caller: Caller) -> Iterator[Figure]:
    started, words = time.perf_counter(), 0.0
    for step in caller.stream(Sources.index):
        if isinstance(step, Progress) and step.stage in ("ocr", "embed") and not words:
            words = time.perf_counter() - started
        if isinstance(step, Done):
            yield Figure(
                name="indexing until words are found",
                value=step.items / (words or step.seconds),
                unit="items/s",
            )
            yield Figure(
                name="indexing with photo text and vectors", value=step.items / step.seconds, unit="items/s"
            )
    yield Figure(
        name="second index, nothing changed",
        value=_timed(lambda: list(caller.stream(Sources.index))),
        unit="s",
    )


def _asking(caller: Caller, questions: Sequence[str]) -> Iterator[Figure]:
    sources, words = [], []
    for question in questions:
        started, first = time.perf_counter(), 0.0
        for step in caller.stream(Verbs.ask, question=question, scope=Scope()):
            if isinstance(step, Found):
                sources.append(time.perf_counter() - started)
            first = first or (time.perf_counter() - started if isinstance(step, Token) else 0.0)
            if isinstance(step, Answer) and first:
                words.append(first)
    yield from _figures("ask: sources shown", sources)
    if words:
        yield from _figures("ask: first word", words)


def _desktop(folder: Path, mails: Path | None, count: int) -> Iterator[Figure]:
    from app.ui.bench_desktop import bench as bench_desktop  # Qt

    yield from bench_desktop(folder, mails or maildir(folder / "mails", count))


def _rest(folder: Path) -> Iterator[Figure]:
    from app.ui.bench_rest import bench as bench_rest

    yield from bench_rest(folder)


def _quick(folder: Path) -> Iterator[Figure]:
    from app.ui.bench import bench as bench_quick  # Qt

    yield from bench_quick(folder)


def _models(folder: Path) -> Iterator[Figure]:
    paths = Paths(folder)
    paths.make()
    specialists = Specialists(paths)
    try:
        yield from bench_models(specialists)
    finally:
        specialists.stop_all()


def _adapters(folder: Path) -> Iterator[Figure]:
    paths = Paths(folder)
    paths.make()
    yield from bench_adapters(paths)
