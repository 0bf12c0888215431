"""How long a window's event loop is away: its gaps, what they were spent on, and where the code was then."""

from __future__ import annotations

import faulthandler
import gc
import re
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 5  # between two beats, where nothing holds them up
LONG_S = 0.03  # a gap that is looked into
_LOOK_S = 0.01
_OURS = "/app/"
_FRAME = re.compile(r'^  File "([^"]*)", line (\d+) in (.*)$', re.M)
_DEEP = 4  # functions of ours that are named


@dataclass(frozen=True)
class Gap:
    """Seconds by which a beat was late: of this thread's processor time, and waiting for a processor."""

    late: float
    own: float
    waited: float
    phase: str
    where: str


@dataclass
class Beats:
    """What was felt, in the order in which it was."""

    gaps: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    own: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # processor time meanwhile
    long: list[Gap] = field(default_factory=list)
    collected: list[float] = field(default_factory=list)  # seconds of each garbage collection

    def at(self, share: float, *phases: str, own: bool = False) -> float:
        """The gap that ``share`` of all, or of those in ``phases``, are not longer than; 0 without any.

        In seconds; with ``own`` only this thread's processor time.
        """
        kept = self.own if own else self.gaps
        ordered = sorted(gap for phase in phases or tuple(kept) for gap in kept[phase])
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    def count(self, *phases: str) -> int:
        return sum(len(self.gaps[phase]) for phase in phases or tuple(self.gaps))

    def places(self) -> list[list[Gap]]:
        """Long gaps by the phase and where the code was; where most processor time was spent first."""
        found: dict[tuple[str, str], list[Gap]] = defaultdict(list)
        for gap in self.long:
            found[gap.phase, gap.where].append(gap)
        return sorted(found.values(), key=lambda some: -sum(gap.own for gap in some))


class Heart(QObject):
    """Beats on the thread it lives on, from ``start()`` to ``stop()``; a thread of its own looks on.

    What a gap was spent on is told by Linux (``schedstat`` of proc(5)): elsewhere nothing is taken for
    having waited.
    """

    def __init__(self) -> None:
        super().__init__()
        self.beats, self.phase = Beats(), ""  # what is done at the moment, as who measures calls it
        self._timer = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._last, self._own, self._waited = 0.0, 0.0, 0.0
        self._seen = ""  # where the code was when it was looked at, this gap
        self._ended = threading.Event()
        self._looking: threading.Thread | None = None
        self._collecting = 0.0

    def start(self) -> None:
        self._last, self._own, self._waited = time.perf_counter(), time.thread_time(), _delay()
        self._timer.start()
        gc.callbacks.append(self._collects)
        self._ended.clear()
        self._looking = threading.Thread(
            target=self._look, args=(threading.get_ident(),), name="heart", daemon=True
        )
        self._looking.start()

    def stop(self) -> None:
        self._timer.stop()
        self._ended.set()
        if self._looking is not None:
            self._looking.join(1)
            self._looking = None
        with suppress(ValueError):
            gc.callbacks.remove(self._collects)

    def _beat(self) -> None:
        now, own, waited = time.perf_counter(), time.thread_time(), _delay()
        late = max(0.0, now - self._last - BEAT_MS / 1000)
        spent, delay = own - self._own, waited - self._waited
        where, self._seen = self._seen, ""
        self._last, self._own, self._waited = now, own, waited
        self.beats.gaps[self.phase].append(late)
        self.beats.own[self.phase].append(spent)
        if late >= LONG_S:
            self.beats.long.append(Gap(late, spent, delay, self.phase, where or "not seen"))

    def _collects(self, phase: str, _info: dict[str, Any]) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        if phase == "start":
            self._collecting = time.perf_counter()
        else:
            self.beats.collected.append(time.perf_counter() - self._collecting)

    def _look(self, ident: int) -> None:
        """Once in a gap, when it has become long.

        By faulthandler, which only reads: a frame that is held here would keep what the function had made,
        a painter say, and destroy it on this thread.
        """
        with tempfile.TemporaryFile() as told:
            while not self._ended.wait(_LOOK_S):
                if not self._seen and time.perf_counter() - self._last > LONG_S - _LOOK_S:
                    told.seek(0)
                    told.truncate()
                    faulthandler.dump_traceback(told)
                    told.seek(0)
                    self._seen = _named(told.read().decode("utf-8", "replace"), ident)


def _named(told: str, ident: int) -> str:
    """``file:line function`` of ours, the innermost first, and what was called there."""
    stack = _FRAME.findall(told.partition(f"Thread 0x{ident:016x}")[2].partition("\n\n")[0])
    ours = [(file, line, name) for file, line, name in stack if _OURS in file]
    names = [f"{Path(file).name}:{line} {name}" for file, line, name in ours[:_DEEP]]
    if stack and stack[:1] != ours[:1]:
        file, _, name = stack[0]
        names.insert(0, f"({Path(file).name} {name})")
    return " < ".join(names)


def _delay() -> float:
    """Seconds for which this thread has been ready to run and had no processor, so far."""
    if sys.platform != "linux":
        return 0.0
    with suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/thread-self/schedstat").read_bytes().split()[1]) / 1e9
    return 0.0
