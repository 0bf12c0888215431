"""How often a server is asked that cannot tell by itself: as often as is wanted, and no more than it bears.

Asking costs it and the line at most a small share of their time. It is asked less where it has a fault,
and for a good while where it wants fewer requests (RFC 6585, 4): never before it said (RFC 9110, 10.2.3).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator

PULSE_S = 20.0  # between two signs of life
TRIES = 4  # that fail in a row, before it is told
_SHARE = 0.1  # of the time, that its answers may take
_LAST = 3  # answers: one that is slow among them is chance
_BYTES_S = 20_000.0  # of answers, in the long run
_LONGEST_S = 300.0
_FAILED_S = 5.0  # after a question that failed, twice that after another
_SLOWER, _EASED = 2.0, 0.8  # times as long between two questions: after it was too much, after an answer
OBEYED_S = 3600.0  # of what a server may say


class Wanted:
    """Seconds between two questions, for all who ask; another number is heard while they wait."""

    def __init__(self, every: float = _LONGEST_S) -> None:
        self._every = every
        self._changed = threading.Condition()

    @property
    def every(self) -> float:
        with self._changed:
            return self._every

    @every.setter
    def every(self, seconds: float) -> None:
        with self._changed:
            self._every = seconds
            self._changed.notify_all()

    def wait(self, seconds: float, *, seen: float) -> None:
        """That long, or until another number than was ``seen`` is wanted."""
        with self._changed:
            self._changed.wait_for(lambda: self._every != seen, seconds)


class Pacing:
    """Of one account: what its server said and took so far makes how long it is left alone."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._slower, self._failures, self._least, self._not_before = 1.0, 0, 0.0, 0.0
        self._took: deque[float] = deque(maxlen=_LAST)
        self._asked = self._told = time.monotonic()

    def answered(self, *, seconds: float, size: int) -> None:
        """It took ``seconds``, and ``size`` bytes came."""
        self._asked, self._failures, self._not_before = time.monotonic(), 0, 0.0
        self._slower = max(1.0, self._slower * _EASED)
        self._took.append(seconds)
        self._least = min(max(min(self._took) / _SHARE, size / _BYTES_S), _LONGEST_S)

    def failed(self, *, too_much: bool = False, after: float = 0.0) -> bool:
        """It was ``too_much`` for the server, or something else; whether that is to be borne for now."""
        self._asked = time.monotonic()
        self._failures += 1
        if too_much:
            self._slower = min(self._slower * _SLOWER, _LONGEST_S)
        self._not_before = max(_FAILED_S * 2 ** (self._failures - 1), after)
        return self._failures < TRIES

    def pause(self, every: float) -> float:
        """Seconds between the last question and the next, where ``every`` so many are wanted."""
        if self._failures:
            return self._not_before
        return max(self._least, every, min(every * self._slower, _LONGEST_S))

    def waiting(self) -> Iterator[None]:
        """Until it may be asked again; yields now and then, whatever the pause between two questions."""
        while (left := self._asked + self.pause(every := self._wanted.every) - time.monotonic()) > 0:
            self._wanted.wait(min(left, PULSE_S), seen=every)
            if time.monotonic() - self._told >= PULSE_S:
                self._told = time.monotonic()
                yield
