"""Measuring a task: every case of its measure answered by the bare base and by the adapter it wears.

It runs on a language model of its own beside the one people talk to, at the lowest priority.
"""

from __future__ import annotations

import contextlib
import importlib
import random
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from app.core import tasks
from app.core.errors import HomebodyError, NotFound, WorkerDied
from app.core.models import Score, Scores, Works
from app.core.paths import Paths
from app.core.tasks import Task
from app.flows.context import Home
from app.flows.measures.contract import Case, Measure
from app.model import catalog
from app.model.contract import Finished, LanguageModel
from app.workers.worker import Caller

_SEED, _PAUSE_S = 7, 1.0
_MEASURES = "app.flows.measures"


def names(paths: Paths) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for root in paths.tasks for name in tasks.names(root)))


def task_of(paths: Paths, name: str) -> Task:
    """Raises NotFound for a task that is not there, and BadModel for one that cannot be used."""
    found = [root / name for root in paths.tasks if name in tasks.names(root)]
    if not found:
        raise NotFound("no such task", where=name, remedy=f"one of: {', '.join(names(paths))}")
    return tasks.read(found[-1])  # as the model process has it: a folder of the person's comes second


def measure_of(name: str) -> Measure:
    """Raises NotFound where nobody has said how the task is measured."""
    if find_spec(f"{_MEASURES}.{name}") is None or name == "contract":
        raise NotFound("there is no measure for this task", where=name, remedy="choose another task")
    return cast(Measure, importlib.import_module(f"{_MEASURES}.{name}"))


def base_of(home: Home, key: str = "") -> tuple[str, Path, str]:
    """Key, file and SHA-256 of the base model in use, or of another one."""
    key = key or home.setting("model.base")
    path = catalog.resolve(home.paths, key)
    return key, path, catalog.sha256_of(home.paths, path)


@contextlib.contextmanager
def making(home: Home) -> Iterator[None]:
    """One adapter is made or measured at a time: the machine and the comparison belong to it."""
    if not home.training.acquire(blocking=False):
        raise HomebodyError(
            "another adapter is being made or measured",
            where="tasks",
            remedy="wait for it, or cancel it first",
        )
    try:
        yield
    finally:
        home.training.release()


def evaluate(
    home: Home, *, task: str, base_only: bool = False, corpora: str = "", limit: int = 0
) -> Iterator[Works | Scores]:
    """Ends with the scores of the bare base and, unless ``base_only``, of the adapter the task wears.

    ``corpora`` is the folder of the public sets, ``limit`` the most cases a set (0: all). Raises
    NotFound for an unknown task or folder, and HomebodyError where an adapter is being made or measured.
    """
    with making(home):
        yield from _evaluated(home, task, base_only=base_only, corpora=corpora, limit=limit)


def _evaluated(
    home: Home, task: str, *, base_only: bool, corpora: str, limit: int
) -> Generator[Works | Scores, None, None]:
    started = time.monotonic()
    known, measure = task_of(home.paths, task), measure_of(task)
    if corpora and not Path(corpora).is_dir():
        raise NotFound("no such folder", where=corpora, remedy="check the path")
    chosen = sample(tuple(measure.cases(known, Path(corpora) if corpora else None)), limit)
    _, path, base_sha256 = base_of(home)
    own = home.adapters.active(task, base_sha256)
    shipped = known.weights_for(base_sha256) is not None
    with home.specialists.apart(path, home.adapters.file(own.id) if own else None) as llm:
        said = yield from answers(llm, task, chosen, adapter=False, stage="bare base")
        bare, worn = measure.scores(chosen, said), cast(tuple[Score, ...], ())
        if not base_only and (own or shipped):
            said = yield from answers(llm, task, chosen, adapter=True, stage="adapter")
            worn = measure.scores(chosen, said)
    wears = "" if not worn else own.origin if own else "shipped"
    yield Scores(task=task, base=bare, adapter=worn, wears=wears, seconds=time.monotonic() - started)


def answers(
    llm: Caller,
    task: str,
    cases: Sequence[Case],
    *,
    adapter: bool,
    stage: str,
    hold: Callable[[], bool] = lambda: False,
) -> Generator[Works, None, list[str]]:
    """What the model says to each of ``cases``, in their order; it waits while ``hold`` says so.

    The time left goes by their length.
    """
    found: list[str] = []
    started, sizes = time.monotonic(), [_size(case) for case in cases]
    total = sum(sizes)
    for case in cases:
        done = sum(sizes[: len(found)])
        left = (time.monotonic() - started) / done * (total - done) if done else -1.0
        yield Works(task=task, stage=stage, done=len(found), total=len(cases), left_s=left)
        while hold():
            yield Works(task=task, stage=stage, done=len(found), total=len(cases), paused=True)
            time.sleep(_PAUSE_S)
        found.append(answer(llm, task, case.fields, adapter=adapter).text)
    yield Works(task=task, stage=stage, done=len(found), total=len(cases), left_s=0.0)
    return found


def answer(llm: Caller, task: str, fields: dict[str, str], *, adapter: bool) -> Finished:
    steps = llm.stream(LanguageModel.generate, task=task, fields=fields, adapter=adapter)
    with closing(steps):
        for step in steps:
            if isinstance(step, Finished):
                return step
    raise WorkerDied("the language model ended without finishing", where=task, remedy="try again")


def sample(cases: Sequence[Case], limit: int) -> tuple[Case, ...]:
    """At most ``limit`` texts of each set, always the same; the cases of one text stay together."""
    if not limit:
        return tuple(cases)
    texts: dict[tuple[str, str], list[Case]] = {}
    for number, case in enumerate(cases):
        texts.setdefault((case.set, case.notes.get("text", str(number))), []).append(case)
    chosen: set[tuple[str, str]] = set()
    for name in dict.fromkeys(case.set for case in cases):
        keys = [key for key in texts if key[0] == name]
        chosen.update(random.Random(_SEED).sample(keys, min(limit, len(keys))))
    return tuple(case for key, listed in texts.items() if key in chosen for case in listed)


def find(scores: Sequence[Score], name: str, on: str) -> Score | None:
    return next((s for s in scores if (s.set, s.name) == (on, name)), None)


def _size(case: Case) -> int:
    """What a case costs, roughly: its prompt is read, and an answer is written."""
    return 200 + sum(map(len, case.fields.values()))
