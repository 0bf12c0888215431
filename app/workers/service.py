"""The child's side: serve the methods of typed protocols over a channel, one thread a call."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from app.core.errors import Bug, HomebodyError, name_of, translate
from app.workers.frames import (
    WINDOW,
    Call,
    Cancel,
    Channel,
    Gone,
    Method,
    More,
    Raise,
    Return,
    TooLarge,
    Yield,
    methods,
    pack,
)


@dataclass(frozen=True)
class Service:
    """``serves`` maps protocol classes to the objects that implement them.

    With ``threads == 1`` calls run strictly one after another on one thread, which is what owns a
    model; otherwise that many run at once. ``close`` runs when the process ends in good order.
    """

    serves: Mapping[type, object]
    threads: int = 1
    close: Callable[[], None] = lambda: None

    def table(self) -> dict[str, tuple[Method, Callable[..., Any]]]:
        return {
            name: (method, getattr(target, name.rpartition(".")[2]))
            for protocol, target in self.serves.items()
            for name, method in methods(protocol).items()
        }


@dataclass
class _Running:
    """One call in flight."""

    cancelled: threading.Event = field(default_factory=threading.Event)
    credit: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(WINDOW))

    def cancel(self) -> None:
        self.cancelled.set()
        self.credit.release()

    def may_go_on(self) -> bool:
        """Wait until the reader has room for another step; False once the call is cancelled."""
        self.credit.acquire()
        return not self.cancelled.is_set()


_mine = threading.local()


def may_be_silent() -> bool:
    """Whether the flow on this thread may go on waiting without a step: it is served, and not cancelled.

    Who iterates a flow without a server between can stop it at a step only.
    """
    running: _Running | None = getattr(_mine, "running", None)
    return running is not None and not running.cancelled.is_set()


class Server:
    """Serves one channel until it ends; several servers may share one :class:`Service`."""

    def __init__(self, service: Service, channel: Channel) -> None:
        self._table, self._channel = service.table(), channel
        self._running: dict[int, _Running] = {}
        self._todo: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"call-{n}", daemon=True) for n in range(service.threads)
        ]

    def run(self) -> None:
        """Returns when the other side is gone; what is then still running is cancelled."""
        for thread in self._threads:
            thread.start()
        try:
            while (frame := self._channel.receive()) is not None:
                self._dispatch(frame)
        finally:
            for running in list(self._running.values()):
                running.cancel()
            for _ in self._threads:
                self._todo.put(None)

    def join(self, seconds: float) -> None:
        """After :meth:`run`: give cancelled calls that long to tidy up after themselves."""
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _dispatch(self, frame: object) -> None:
        if isinstance(frame, Call):
            self._running[frame.id] = _Running()
            self._todo.put(frame)
        elif isinstance(frame, Cancel | More) and (running := self._running.get(frame.id)):
            # one that is not running has ended meanwhile, and has no use for either
            if isinstance(frame, Cancel):
                running.cancel()
            elif 0 < frame.n <= WINDOW:
                running.credit.release(frame.n)

    def _work(self) -> None:
        while (call := self._todo.get()) is not None:
            with contextlib.suppress(Gone):  # nobody to tell
                self._answer(call, self._running[call.id])
            self._running.pop(call.id, None)

    def _answer(self, call: Call, running: _Running) -> None:
        _mine.running = running
        try:
            method, function = self._table[call.method]
            result = function(**method.decode(call.args))
            if method.streams:
                self._stream(call.id, result, running)
                result = None
            self._channel.send(Return(call.id, pack(result)))
        except Gone:
            raise
        except BaseException as error:  # SystemExit too: whoever waits must hear of it
            self._channel.send(failure(call.id, call.method, error))

    def _stream(self, id: int, steps: Iterator[Any], running: _Running) -> None:
        with contextlib.closing(steps):  # type: ignore[type-var]  # a flow is a generator: close() runs its finally
            while running.may_go_on():
                try:
                    step = next(steps)
                except StopIteration:
                    return
                if running.cancelled.is_set():
                    return
                self._channel.send(Yield(id, pack(step)))


def failure(id: int, where: str, error: BaseException) -> Raise:
    """An exception as it travels; what we do not know leaves its traceback in this side's log."""
    if not isinstance(error, HomebodyError) and isinstance(translate(error), Bug):
        with contextlib.suppress(OSError, MemoryError):
            traceback.print_exception(error)
    if isinstance(error, msgspec.ValidationError):
        error = HomebodyError("the request is malformed", where=f"{where}: {error}")
    elif isinstance(error, TooLarge):
        error = HomebodyError("the answer is too large", where=f"{where}: {error}", remedy="ask for less")
    ours = translate(error, where)
    return Raise(id, name_of(ours), ours.message, ours.where, ours.remedy)
