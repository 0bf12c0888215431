"""Keeps processes within a memory budget: admitted, measured, kept warm, ended; each with its reason.

A specialist is a process, so what it needs is measured from outside and really comes back when it
ends. It counts with the larger of its resident bytes and what it is expected to reach, so that two
that start at once cannot both take the same room. What outgrows the budget all the same is noticed
within a second, and somebody ends: an idle one first, one at work only when nothing else helps.

One that would not fit but for a file it maps, whose pages the system can take back at any time, is
started lean, and counts without those pages: a model larger than the budget answers, only slower.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import IO, Any

import msgspec

from app.core.errors import NoMemory, WorkerDied
from app.core.types import ProcessState
from app.model import power
from app.model.power import Allowance, Reading
from app.workers.frames import Method
from app.workers.peer import Halt, Peer
from app.workers.sandbox import Limits
from app.workers.worker import Worker, own, rss

IDLE_S, TICK_S = 300.0, 1.0
REST_S = 5.0  # between two looks while nobody is at work
PASSING_IDLE_S = 20.0  # one that passes has no next call to wait for
PATIENCE_S = 60.0  # how long a call waits for others to finish, where only then there is room
PIN_S = 600.0  # a pin that nobody renews ends, so that a window that died holds nothing
MARGIN = 0.05  # of the budget: idle ones leave this much earlier, as others may grow between two looks


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """What a specialist runs, and what it needs (bytes) before it has been measured.

    One that is ``passing`` ends soon after its work, and during it when the others need its room.
    """

    service: str
    expected: int
    limits: Limits = Limits()
    passing: bool = False


class Specialist(Worker):
    """A worker that knows whether it is at work, since when it is idle, how large it gets, and why."""

    def __init__(self, keeper: Keeper, name: str, kind: Kind, *, log: IO[bytes] | None) -> None:
        super().__init__(name, kind.service, limits=kind.limits, log=log)
        self.kind, self._keeper = kind, keeper
        self._counting = threading.Lock()
        self.configuring: Callable[[], dict[str, Any]] = dict  # asked at every start
        self.at_work, self.starting = 0, False
        self.used, self.pinned_until = 0.0, 0.0
        self.gone = "not needed yet"  # why it is not running
        self.lean = False  # it counts without what it maps, and should make do with as little beside that
        self._estimate, self._mapped = kind.expected, 0
        self._peak, self._own_peak, self._settled = 0, 0, False

    @property
    def expected(self) -> int:
        """Bytes it is expected to reach: an estimate until it has done some work, then its own peak."""
        if self.lean:
            return max(self._estimate - self._mapped, self._own_peak)
        return self._peak if self._settled else max(self._estimate, self._peak)

    def expect(self, size: int, *, mapped: int = 0) -> None:
        """About ``size`` bytes from its next start on, of which ``mapped`` are pages of a file."""
        if (size, mapped) != (self._estimate, self._mapped):
            self._estimate, self._mapped = size, mapped
            self._peak, self._own_peak, self._settled = 0, 0, False
        self.lean = mapped > 0 and max(size, self._peak) > self._keeper.budget

    def measure(self) -> int:
        """Resident bytes that count now; 0 while it is not running."""
        if not (pid := self.pid):
            return 0
        size = rss(pid)
        counts = own(pid, self._mapped) if self._mapped else size
        self._peak, self._own_peak = max(self._peak, size), max(self._own_peak, counts)
        return counts if self.lean else size

    def settle(self) -> None:
        """It has done some work: what it needs is known."""
        self.measure()
        self._settled = self._settled or self._peak > 0

    def counted(self) -> int:
        """Bytes it takes from the budget: also what it is yet to grow to."""
        size = self.measure()
        return max(size, self.expected) if size or self.starting else 0

    def _start(self) -> Peer:
        self.config = self.configuring()
        self._keeper.admit(self)
        try:
            return super()._start()
        finally:
            self.starting, self.gone, self.used = False, "", self._keeper.clock()

    def _steps(
        self, how: Method, kwargs: dict[str, Any], halt: Halt | None = None
    ) -> Generator[msgspec.Raw, None, None]:
        with self._working():
            yield from super()._steps(how, kwargs, halt)

    @contextlib.contextmanager
    def _working(self) -> Iterator[None]:
        with self._counting:
            self.at_work += 1
        self._keeper.begun()
        try:
            yield
        finally:
            with self._counting:
                self.at_work -= 1
                self.used = self._keeper.clock()
            self._keeper.finished(self)

    def fate(self) -> str:
        """Why it is not running."""
        run = self._run
        return self.gone or (f"it died: {run.ending()}" if run else "it could not start")

    def release(self, why: str) -> bool:
        """End it in good order unless it is at work."""
        with self._counting:
            if self.at_work:
                return False
            self.stop()
            self.gone = why
            return True

    def end(self, why: str) -> None:
        """End it now; what it was asked ends in a WorkerDied that says ``why``."""
        self.gone = why
        self.kill(why)
        if (run := self._run) is not None:
            run.process.wait()  # its memory is back


class Keeper:
    """Several specialists under one budget in bytes. Safe from any thread.

    ``clock`` (seconds) and ``sense`` (the machine's state) can be given for tests; with ``watch``
    off nobody but the caller calls :meth:`tick`.
    """

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        *,
        budget: int,
        idle_s: float = IDLE_S,
        log: IO[bytes] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sense: Callable[[], Reading] = power.read,
        patience_s: float = PATIENCE_S,
        watch: bool = True,
    ) -> None:
        self.clock, self._sense = clock, sense
        self.budget, self._idle_s, self._patience_s = budget, idle_s, patience_s
        self._room = threading.Condition()
        self._waiting: list[Specialist] = []
        self._lives = 0  # counts stop_all, so that who waits for room then gives up
        self._watch, self._ended, self._begun = watch, threading.Event(), threading.Event()
        self._ticker: threading.Thread | None = None
        self.all = {name: Specialist(self, name, kind, log=log) for name, kind in kinds.items()}

    def configure(self, *, idle_s: float, budget: int) -> None:
        """``idle_s`` 0 keeps specialists for ever; ``budget`` in bytes for all of them together."""
        with self._room:
            self._idle_s, self.budget = idle_s, budget
            self._room.notify_all()
        self.tick()

    def pin(self, name: str, pinned: bool = True) -> None:
        """While pinned it leaves for want of room only, and last of all idle ones; for PIN_S at most."""
        self.all[name].pinned_until = self.clock() + PIN_S if pinned else 0.0

    def states(self) -> tuple[ProcessState, ...]:
        """All of them, also those that are not running, with what they hold and why."""
        now = self.clock()
        return tuple(self._state(specialist, now) for specialist in self.all.values())

    def stop_all(self) -> None:
        with self._room:
            self._lives += 1
            self._room.notify_all()
        self._ended.set()
        self._begun.set()
        for specialist in self.all.values():
            specialist.stop()
            specialist.gone = "it was stopped"

    # --- room ----------------------------------------------------------------------------------

    def admit(self, new: Specialist) -> None:
        """Make room for ``new``, which is about to start; waits for others at work where it must.

        Raises NoMemory where the budget is too small for it, or others do not finish in time.
        """
        with self._room:
            self._start_ticking()
            self._need_fits(new)
            lives, until = self._lives, time.monotonic() + self._patience_s
            self._waiting.append(new)
            try:
                while not self._make_room(new):
                    left = until - time.monotonic()
                    if left <= 0 or not self._room.wait(left):
                        self._last_resort(new)
                        break
                    if lives != self._lives:
                        raise WorkerDied(f"the {new.name} process did not start", where="it was stopped")
                    self._need_fits(new)
            finally:
                self._waiting.remove(new)
            new.starting = True

    def begun(self) -> None:
        """Somebody is at work: from now on it is looked at often."""
        self._begun.set()

    def finished(self, specialist: Specialist) -> None:
        """It has done some work: what it grew to counts, and who waits for room may have it."""
        with self._room:
            specialist.settle()
            for new in tuple(self._waiting):
                self._make_room(new)
            self._within(self._allowance())
            self._room.notify_all()

    def tick(self) -> None:
        """Look at all of them: who was idle for too long, or outgrew the budget, ends."""
        with self._room:
            reading = self._sense()
            for specialist in self._running():
                idle_s = PASSING_IDLE_S if specialist.kind.passing else self._idle_s
                limit = power.patience(reading, idle_s)
                idle = self.clock() - specialist.used
                if limit and idle > limit and not self._pinned(specialist):
                    specialist.release(f"released after {_span(idle)} without work")
            self._within(self._allowance(reading))
            self._room.notify_all()

    def _make_room(self, new: Specialist) -> bool:
        """Whether ``new`` fits, after ending whoever may be ended for it without loss."""
        allowed = self._allowance()
        why = f"ended to make room for {new.name}"

        def missing(limit: int) -> int:
            others = (s for s in self.all.values() if s is not new)
            return sum(s.counted() for s in others) + new.expected - limit

        for victim in self._idle(but=new):
            if missing(allowed.keep) <= 0:
                return True
            victim.release(why)
        if missing(allowed.most) <= 0:
            return True
        if not new.kind.passing:
            for victim in (s for s in self._running() if s.kind.passing and s is not new):
                victim.end(why)
                if missing(allowed.most) <= 0:
                    return True
        if any(s.at_work for s in self._running() if s is not new):
            return False
        for victim in self._idle(but=new, pinned=True):
            victim.release(why)
            if missing(allowed.most) <= 0:
                return True
        return missing(allowed.most) <= 0

    def _last_resort(self, new: Specialist) -> None:
        """Patience is over: pinned ones leave, and where that does not help ``new`` cannot start."""
        for victim in self._idle(but=new, pinned=True):
            victim.release(f"ended to make room for {new.name}")
        if not self._make_room(new):
            busy = ", ".join(s.name for s in self._running() if s.at_work and s is not new)
            raise NoMemory(
                f"there is no memory left for {new.name} while others are at work",
                where=f"it needs about {_mb(new.expected)} of {_mb(self.budget)}; at work: {busy}",
                remedy="try again when they are done, or raise model.memory_mb",
            )

    def _need_fits(self, new: Specialist) -> None:
        if new.expected > self.budget:
            raise NoMemory(
                f"{new.name} needs more memory than all models together may use",
                where=f"about {_mb(new.expected)} of {_mb(self.budget)}",
                remedy=f"set model.memory_mb to {-(-new.expected // 2**20)} or more, or choose a smaller one",
            )

    def _within(self, allowed: Allowance) -> None:
        """End idle ones above what may be kept, and others where the budget itself is exceeded."""
        slack = int(self.budget * MARGIN)
        reason = allowed.why or "the others grew"
        for victim in self._idle():
            if self._resident() <= min(allowed.keep, allowed.most - slack):
                break
            victim.release(f"ended: {reason}")
        for victim in self._idle(pinned=True):
            if self._resident() <= allowed.most:
                break
            victim.release("ended: the others grew beyond the budget")
        order = list(self.all.values())
        for victim in sorted(self._running(), key=lambda s: (not s.kind.passing, -order.index(s))):
            if self._resident() <= allowed.most:
                break
            victim.end(f"it and the others grew to {_mb(self._resident())}, the limit is {_mb(allowed.most)}")

    def _allowance(self, reading: Reading | None = None) -> Allowance:
        return power.allowance(reading or self._sense(), budget=self.budget, used=self._resident())

    def _running(self) -> list[Specialist]:
        return [specialist for specialist in self.all.values() if specialist.pid]

    def _resident(self) -> int:
        return sum(specialist.measure() for specialist in self.all.values())

    def _idle(self, *, but: Specialist | None = None, pinned: bool = False) -> list[Specialist]:
        """Those without work, the least recently used first; the pinned ones only with ``pinned``."""
        found = [s for s in self._running() if s is not but and not s.at_work and self._pinned(s) <= pinned]
        return sorted(found, key=lambda s: s.used)

    def _pinned(self, specialist: Specialist) -> bool:
        return self.clock() < specialist.pinned_until

    # --- the rest ------------------------------------------------------------------------------

    def _state(self, specialist: Specialist, now: float) -> ProcessState:
        size, pinned = specialist.measure(), self._pinned(specialist)
        idle = 0.0 if specialist.at_work else now - specialist.used
        if not size:
            why = specialist.fate()
        elif specialist.at_work:
            why = "at work"
        else:
            why = f"worked {_span(idle)} ago"
        return ProcessState(
            name=specialist.name,
            pid=specialist.pid if size else 0,
            rss=rss(specialist.pid) if size else 0,
            expected=specialist.expected,
            at_work=bool(specialist.at_work and size),
            pinned=pinned,
            idle_s=idle if size else 0.0,
            why=f"pinned, {why}" if pinned and size else why,
        )

    def _start_ticking(self) -> None:
        self._ended.clear()
        if self._watch and self._ticker is None:
            self._ticker = threading.Thread(target=self._tick, name="specialists", daemon=True)
            self._ticker.start()

    def _tick(self) -> None:
        """Until nobody runs any more: then there is nothing to look at."""
        while not self._over():
            self._begun.clear()
            if any(s.at_work or s.starting for s in self.all.values()):
                self._ended.wait(TICK_S)
            else:
                self._begun.wait(max(TICK_S, min(REST_S, self._idle_s / 10 or REST_S)))
            if not self._ended.is_set():
                self.tick()

    def _over(self) -> bool:
        with self._room:
            none = not self._waiting and not any(s.starting or s.pid for s in self.all.values())
            if over := none or self._ended.is_set():
                self._ticker = None
        return over


def _span(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 6000 else f"{seconds / 3600:.0f} hours"


def _mb(size: int) -> str:
    return f"{size / 2**20:,.0f} MB"
