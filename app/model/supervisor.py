"""Keeps the specialist processes: started on demand, released when idle, within a memory budget.

A specialist is a process, so what it needs is measured from outside and really comes back when it
ends. Before one starts, the least recently used others end until it fits; one at work never does.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Generator
from typing import IO, Any

import msgspec
import psutil

from app.core import paths as places
from app.core.errors import HomebodyError
from app.core.paths import Paths
from app.core.types import AdapterFile, ProcessState
from app.model import catalog
from app.workers.frames import Method
from app.workers.peer import Caller, Halt, Peer
from app.workers.sandbox import Limits
from app.workers.worker import Worker, rss

MB = 1_000_000
LLM, EMBEDDER, OCR, TRAINER, APART = "llm", "embedder", "ocr", "trainer", "apart"
IDLE_S, TICK_S = 300.0, 5.0
PASSING_IDLE_S = 20.0  # a trainer or a second model has no next call to wait for
_EXPECTED = {  # until it has been measured here
    LLM: 450 * MB,
    EMBEDDER: 650 * MB,
    OCR: 400 * MB,
    TRAINER: 2500 * MB,
    APART: 450 * MB,
}

Own = Callable[[str], tuple[AdapterFile, ...]]


class Specialist(Worker):
    """A worker that knows whether it is at work, since when it is idle, and how large it gets."""

    def __init__(
        self, keeper: Specialists, name: str, service: str, *, limits: Limits, log: IO[bytes] | None
    ):
        super().__init__(name, service, limits=limits, log=log)
        self._keeper = keeper
        self._counting = threading.Lock()
        self.at_work = 0
        self.used = time.monotonic()
        self.expected = _EXPECTED[name]

    def peer(self) -> Peer:
        if not self.pid:
            self._keeper.admit(self)
        return super().peer()

    def measure(self) -> int:
        """Resident bytes now; 0 while it is not running."""
        size = rss(self.pid) if self.pid else 0
        self.expected = max(size, self.expected if size == 0 else 0)
        return size

    def _steps(
        self, how: Method, kwargs: dict[str, Any], halt: Halt | None = None
    ) -> Generator[msgspec.Raw, None, None]:
        with self._working():
            yield from super()._steps(how, kwargs, halt)

    @contextlib.contextmanager
    def _working(self) -> Generator[None, None, None]:
        with self._counting:
            self.at_work += 1
        try:
            yield
        finally:
            with self._counting:
                self.at_work -= 1
                self.used = time.monotonic()

    def release(self) -> bool:
        """End it in good order unless it is at work."""
        with self._counting:
            if self.at_work:
                return False
            self.stop()
            return True


class Specialists:
    """The language model, the embedder and the text reader, each a process of its own."""

    def __init__(
        self,
        paths: Paths,
        *,
        base: str = "",
        own: Own = lambda base_sha256: (),
        idle_s: float = IDLE_S,
        budget: int = 0,
        log: IO[bytes] | None = None,
    ) -> None:
        """``own`` gives a person's own adapters for the base of that SHA-256; asked at every start."""
        self._paths, self._own = paths, own
        self._apart: tuple[tuple[AdapterFile, ...], str] = ((), "")  # what the second model was started with
        self._base = base or catalog.DEFAULT
        self._idle_s, self._budget = idle_s, budget or psutil.virtual_memory().total // 2
        self._admitting = threading.RLock()
        self._ended = threading.Event()
        self._ticker: threading.Thread | None = None
        self._all = {
            name: Specialist(self, name, f"app.{module}:service", limits=limits, log=log)
            for name, module, limits in (
                (LLM, "model.llamacpp", Limits()),
                (EMBEDDER, "model.embed", Limits(nice=3)),  # background mostly, but a question waits for it
                (OCR, "model.ocr", Limits(nice=10)),
                (TRAINER, "training.service", Limits(nice=19)),
                (APART, "model.llamacpp", Limits(nice=19)),
            )
        }

    def llm(self) -> Caller:
        """Raises NotFound or BadModel where the base model cannot be used."""
        specialist = self._all[LLM]
        if not specialist.pid:
            specialist.config = self._llm_config(self._own)
        return specialist

    def embedder(self) -> Caller:
        """Calls wait for one another: give it at most 32 texts at once."""
        return self._all[EMBEDDER]

    def ocr(self) -> Caller:
        return self._all[OCR]

    def trainer(self) -> Caller:
        """Serves ``app.training.contract.Trainer``; it ends soon after its work."""
        return self._all[TRAINER]

    def apart(self, own: tuple[AdapterFile, ...], *, base: str = "") -> Caller:
        """A second language model that wears ``own``, beside the one people talk to; for evaluation.

        ``base`` is a catalog key or a file where it is not the one in use. There is one such model:
        asked for otherwise it starts anew, and raises HomebodyError where it is still at work.
        """
        specialist, asked = self._all[APART], (own, base or self._base)
        if specialist.pid and asked != self._apart and not specialist.release():
            raise HomebodyError("another evaluation is running", where=APART, remedy="try again after it")
        if not specialist.pid:
            self._apart = asked
            specialist.config = self._llm_config(lambda base_sha256: own, base)
        return specialist

    def configure(self, *, base: str, idle_s: float, budget: int) -> None:
        """``idle_s`` 0 keeps specialists for ever; ``budget`` in bytes for all of them together."""
        self._idle_s, self._budget = idle_s, budget
        if (base or catalog.DEFAULT) != self._base:
            self._base = base or catalog.DEFAULT
            self._all[LLM].stop()
            self._all[APART].stop()

    def processes(self) -> tuple[ProcessState, ...]:
        """Those that run, with their measured resident bytes."""
        return tuple(
            ProcessState(name=name, pid=pid, rss=specialist.measure())
            for name, specialist in self._all.items()
            if (pid := specialist.pid)
        )

    def kill(self, name: str) -> None:
        self._all[name].kill("it was stopped")

    def stop_all(self) -> None:
        self._ended.set()
        for specialist in self._all.values():
            specialist.stop()

    def admit(self, new: Specialist) -> None:
        """Make room for ``new``: end the least recently used of the others while they are too many."""
        with self._admitting:
            self._start_ticking()
            others = [s for s in self._all.values() if s is not new and s.pid]
            for other in sorted(others, key=lambda s: s.used):
                if sum(s.measure() for s in others) + new.expected <= self._budget:
                    return
                other.release()

    def tick(self) -> None:
        """End those that have been idle for too long."""
        for name, specialist in self._all.items():
            idle_s = PASSING_IDLE_S if name in (TRAINER, APART) else self._idle_s
            if specialist.pid and idle_s and time.monotonic() - specialist.used > idle_s:
                specialist.release()

    def _start_ticking(self) -> None:
        if self._ticker is None or not self._ticker.is_alive():
            self._ended.clear()
            self._ticker = threading.Thread(target=self._tick, name="specialists", daemon=True)
            self._ticker.start()

    def _tick(self) -> None:
        while not self._ended.wait(TICK_S):
            self.tick()

    def _llm_config(self, own: Own, base: str = "") -> dict[str, Any]:
        path = catalog.resolve(self._paths, base or self._base)
        sha256 = catalog.sha256_of(self._paths, path)
        return {
            "base": str(path),
            "sha256": sha256,
            "own": own(sha256),
            "models": str(self._paths.models / catalog.DERIVED),
            "adapters": [str(places.adapters()), str(self._paths.data / "adapters")],
        }
