"""Work in the background gives way while a person waits for the language model.

Niceness is no way to do this: Linux weighs it within one session only, the engine's own threads share
one lock, and llama.cpp's threads wait for one another, so that a core taken for a moment stops both.
So background work is done a twentieth of the time while an answer is made, and all of the time otherwise.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

_RESTS = 19  # times as long as it has worked
_LONGEST_S, _LOOK_S = 5.0, 0.05


class Manners:
    """``answering()`` tells whether a person waits."""

    def __init__(self, answering: Callable[[], bool] = lambda: False) -> None:
        self._answering = answering
        self._since = time.monotonic()

    def give_way(self) -> Iterator[None]:
        """To be gone through after each piece of work; yields now and then while it rests."""
        if self._answering():
            now = time.monotonic()
            until = now + min(_LONGEST_S, _RESTS * (now - self._since))
            while self._answering() and time.monotonic() < until:
                time.sleep(_LOOK_S)
                yield
        self._since = time.monotonic()
