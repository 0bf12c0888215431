"""How many threads to compute with, seen from what the machine's processors are doing.

llama.cpp's threads wait for one another by spinning: where another program keeps a core busy, two
of them are up to twenty times slower than one. Their number changes no result.
"""

from __future__ import annotations

import time

import psutil

LEAST_SHARE = 0.8  # of its threads' time that a computation must be given to keep them
ROOM = 0.3  # cores that others may use while we take all of them
WINDOW_S, LOOK_S = 0.04, 0.5


class Pace:
    """``begin`` and ``end`` go around every computation; ``begin`` returns the number of threads."""

    def __init__(self, most: int) -> None:
        self.most = self.threads = most
        self._wall = self._cpu = 0.0
        self._began = (0.0, 0.0)
        self._looked = _busy()

    def begin(self) -> int:
        if self.most > 1:
            self._look()
        self._began = (time.perf_counter(), time.process_time())
        return self.threads

    def end(self) -> None:
        self._wall += time.perf_counter() - self._began[0]
        self._cpu += time.process_time() - self._began[1]
        if self._wall < WINDOW_S:
            return
        if self.threads > 1 and self._cpu < LEAST_SHARE * self.threads * self._wall:
            self.threads = 1
        self._wall = self._cpu = 0.0

    def _look(self) -> None:
        """Every half second: are there cores that nobody else uses?"""
        now = _busy()
        passed, all_, own = (a - b for a, b in zip(now, self._looked, strict=True))
        if passed < LOOK_S:
            return
        self._looked = now
        self.threads = self.most if (all_ - own) / passed < ROOM else 1


def _busy() -> tuple[float, float, float]:
    """Seconds now, processor seconds of all programs, and our own.

    Background programs count: Linux weighs niceness only within one session, not between them.
    """
    times = psutil.cpu_times()
    used = times.user + times.system + getattr(times, "nice", 0.0)
    return time.monotonic(), used, time.process_time()
