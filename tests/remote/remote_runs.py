"""One look at all sources and what its end says, or a run that follows them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from app.core.types import Done
from app.flows import index
from app.flows.context import Home


def read(home: Home) -> list[index.Step]:
    return list(index.index(home, words=True))


def done(steps: list[index.Step]) -> Done:
    assert isinstance(steps[-1], Done)
    return steps[-1]


@contextmanager
def following(home: Home) -> Iterator[list[index.Step]]:
    """What an index run with ``watch`` tells, until the end of the block; it has begun to wait."""
    steps: list[index.Step] = []
    end = threading.Event()

    def follow() -> None:
        with closing(index.index(home, watch=True, words=True)) as running:  # type: ignore[type-var]
            for step in running:
                steps.append(step)
                if end.is_set():
                    return

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        until(lambda: any("connected, waiting" in entry.summary for entry in home.journal.list()))
        yield steps
    finally:
        end.set()
        thread.join(60)
        assert not thread.is_alive()


def until(true: Callable[[], bool], seconds: float = 240) -> float:
    """Seconds it took; only a hang fails."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        time.sleep(0.05)
    return time.monotonic() - began
