"""The child's side: serve the methods of typed protocols over a channel, one thread a call."""

from __future__ import annotations

import contextlib
import queue
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from app.core.errors import HomebodyError, translate
from app.workers.frames import (
    WINDOW,
    Call,
    Cancel,
    Channel,
    Method,
    More,
    Raise,
    Return,
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

    def _dispatch(self, frame: object) -> None:
        match frame:
            case Call():
                self._running[frame.id] = _Running()
                self._todo.put(frame)
            case Cancel() if frame.id in self._running:
                self._running[frame.id].cancel()
            case More() if frame.id in self._running:
                for _ in range(frame.n):
                    self._running[frame.id].credit.release()
            case _:
                pass  # a cancel or a credit for a call that ended meanwhile

    def _work(self) -> None:
        while (call := self._todo.get()) is not None:
            with contextlib.suppress(OSError):  # the caller is gone: nobody to tell
                self._answer(call, self._running[call.id])
            self._running.pop(call.id, None)

    def _answer(self, call: Call, running: _Running) -> None:
        try:
            method, function = self._table[call.method]
            result = function(**method.decode(call.args))
            if method.streams:
                self._stream(call.id, result, running)
                result = None
            self._channel.send(Return(call.id, pack(result)))
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            self._raise(call, error)
        except Exception as error:
            self._raise(call, error)

    def _stream(self, id: int, steps: Iterator[Any], running: _Running) -> None:
        with contextlib.closing(steps):  # type: ignore[type-var]  # a flow is a generator: close() runs its finally
            if running.cancelled.is_set():
                return
            for step in steps:
                running.credit.acquire()
                if running.cancelled.is_set():
                    return
                self._channel.send(Yield(id, pack(step)))

    def _raise(self, call: Call, error: Exception) -> None:
        self._channel.send(failure(call.id, call.method, error))


def failure(id: int, where: str, error: Exception) -> Raise:
    """An exception as it travels; what is not of our tree leaves its traceback in this side's log."""
    if not isinstance(error, HomebodyError):
        traceback.print_exc()
    if isinstance(error, msgspec.ValidationError):
        error = HomebodyError("the request is malformed", where=f"{where}: {error}")
    ours = translate(error, where)
    return Raise(id, type(ours).__name__, ours.message, ours.where, ours.remedy)
