"""Work in the background gives way: to an answer that is made, to the person who types, to the battery.

Niceness is no way to do this: Linux weighs it within one session only, the engine's own threads share
one lock, and llama.cpp's threads wait for one another, so that a core taken for a moment stops both.
So background work is done a twentieth of the time while an answer is made. What merely follows changes
is done a quarter of the time while the person types or the machine runs on battery, half of it while
other programs have all processors busy, not at all while it is paused, and all of the time otherwise.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from app.model import power

if TYPE_CHECKING:
    from app.flows.context import Home

PAUSED = "paused; it goes on when you resume it"
_RESTS = 19  # times as long as it has worked
_LONGEST_S, _LOOK_S = 5.0, 0.05
_SLOWLY, _HALF = 0.25, 0.5  # of the time
_TYPES_S = 3.0  # since the last key or movement: the person is at it
_HEARD_S = 30.0  # for which what the window said of that holds
_PACE_S = 0.5  # for which a pace holds
_HERE_S = 120.0  # that Homebody counts as in use after it was last seen to be
# How often servers are asked that cannot tell by themselves: a change is to be seen within 5 seconds.
IN_USE_S, ON_BATTERY_S, AWAY_S = 3.0, 30.0, 300.0


class Person:
    """What is known of the person at the machine: when they last used it, as the window says."""

    def __init__(self) -> None:
        self._used = self._told = self._front = float("-inf")

    def tell(self, idle_s: float, *, front: bool = False) -> None:
        """They used keyboard or mouse ``idle_s`` seconds ago; a window of ours is in ``front``."""
        self._told = time.monotonic()
        self._used = self._told - idle_s
        if front:
            self._front = max(self._front, self._used)

    @property
    def known(self) -> bool:
        return time.monotonic() - self._told < _HEARD_S

    @property
    def at_it(self) -> bool:
        return self.known and time.monotonic() - self._used < _TYPES_S

    @property
    def here(self) -> bool:
        """Whether Homebody is in use, or was a moment ago; also by whom no window tells of."""
        return self._told == float("-inf") or time.monotonic() - self._front < _HERE_S

    @staticmethod
    def pace(home: Home) -> Callable[[], float]:
        """Which share of the time what follows changes may work now; 0 while it is paused."""
        return lambda: _pace(home)


def asking(home: Home) -> float:
    """Seconds between two questions to a server that cannot tell by itself that something changed."""
    mode = _mode(home)
    if mode == "pause" or not home.person.here:
        return AWAY_S
    return ON_BATTERY_S if mode == "slow" else IN_USE_S


def _mode(home: Home) -> str:
    """How what follows changes is to be done for now: pause | slow | full."""
    if home.flag("indexing.paused"):
        return "pause"
    return home.setting("indexing.battery") if power.read().battery else "full"


def _pace(home: Home) -> float:
    mode = _mode(home)
    if mode == "pause":
        return 0.0
    if mode == "slow" or home.person.at_it:
        return _SLOWLY
    if not home.person.known and hasattr(os, "getloadavg"):  # no window tells: then how busy others are
        return _HALF if os.getloadavg()[0] > 1.5 * (os.cpu_count() or 1) + 1 else 1.0
    return 1.0


class Manners:
    """``answering()`` tells whether a person waits, ``pace()`` which share of the time is left for it."""

    def __init__(
        self, answering: Callable[[], bool] = lambda: False, pace: Callable[[], float] | None = None
    ) -> None:
        self._answering = answering
        self._ask, self._pace, self._asked = pace, 1.0, float("-inf")
        self._since = time.monotonic()

    @property
    def paused(self) -> bool:
        return self._share() == 0

    def give_way(self) -> Iterator[None]:
        """To be gone through after each piece of work; yields now and then while it rests."""
        now = time.monotonic()
        worked = now - self._since
        if self._answering():
            until = now + min(_LONGEST_S, _RESTS * worked)
            while self._answering() and time.monotonic() < until:
                time.sleep(_LOOK_S)
                yield
        elif 0 < (share := self._share()) < 1:
            until = now + min(_LONGEST_S, worked * (1 / share - 1))
            while time.monotonic() < until:
                time.sleep(min(_LOOK_S, until - now))
                yield
        while self.paused:
            time.sleep(4 * _LOOK_S)
            yield
        self._since = time.monotonic()

    def _share(self) -> float:
        now = time.monotonic()
        if self._ask is not None and now - self._asked > (_PACE_S if self._pace else 4 * _LOOK_S):
            self._pace, self._asked = self._ask(), now
        return self._pace
