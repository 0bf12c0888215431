"""The only door to the background: work runs on a small pool, its news come back on the GUI thread."""

from __future__ import annotations

import functools
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_THREADS = 8
_SLICE = 0.008  # seconds the GUI thread spends on news before it looks at the person again
_BACKLOG = 256  # steps a stream may be ahead of the window


class Closing(Protocol[T_co]):
    """A stream of steps that any thread may close."""

    def __iter__(self) -> Iterator[T_co]: ...

    def close(self) -> None: ...


class Job:
    """One stream under way; after ``cancel()`` nothing of it is heard any more."""

    def __init__(self) -> None:
        self.cancelled = threading.Event()
        self.room = threading.Semaphore(_BACKLOG)
        self._guard = threading.Lock()
        self._stream: Closing[Any] | None = None

    def cancel(self) -> None:
        with self._guard:
            self.cancelled.set()
            stream = self._stream
        self.room.release()
        if stream is not None:
            stream.close()

    def follow(self, stream: Closing[Any]) -> None:
        with self._guard:
            self._stream = stream
            late = self.cancelled.is_set()
        if late:
            stream.close()


def _ignore(_: object) -> None:
    pass


def heeded(callback: Callable[P, None]) -> Callable[P, None]:
    """``callback``, unless it is a method of a widget that is gone by then: a dialog that was left, say."""
    inner: Any = callback
    while isinstance(inner, functools.partial):
        inner = inner.func
    owner = getattr(inner, "__self__", None)
    if not isinstance(owner, QObject):
        return callback

    def heed(*args: P.args, **kwargs: P.kwargs) -> None:
        if isValid(owner):
            callback(*args, **kwargs)

    return heed


class Jobs(QObject):
    """One long-lived object that posts closures to the GUI thread; it outlives every window."""

    _wake = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._news: deque[Callable[[], None]] = deque()
        self._awake = False
        self._guard = threading.Lock()
        self._pool = ThreadPoolExecutor(_THREADS, "job")
        self._streams: set[Job] = set()
        self._closed = False
        self._wake.connect(self._drain, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] = _ignore,
        failed: Callable[[Exception], None] = _ignore,
    ) -> None:
        """Call ``work`` in the background; ``done`` or ``failed`` hears of it on the GUI thread."""

        def body() -> None:
            try:
                result = work()
            except Exception as error:
                fault = error
                self.post(lambda: failed(fault))
            else:
                self.post(lambda: done(result))

        if not self._closed:
            self._pool.submit(body)

    def stream(
        self,
        begin: Callable[[], Closing[T]],
        step: Callable[[T], None],
        done: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> Job:
        """Iterate ``begin()`` in the background; each step, then the end, on the GUI thread."""
        job = Job()
        self._streams.add(job)

        def say(closure: Callable[[], None]) -> None:
            self.post(lambda: None if job.cancelled.is_set() else closure())

        def took(value: T) -> None:
            job.room.release()
            step(value)

        def ended(closure: Callable[[], None]) -> None:
            self._streams.discard(job)
            if not job.cancelled.is_set():
                closure()

        def body() -> None:
            try:
                steps = begin()
                job.follow(steps)
                for value in steps:
                    job.room.acquire()
                    if job.cancelled.is_set():
                        break
                    say(lambda value=value: took(value))  # type: ignore[misc]  # binds this step
            except Exception as error:
                fault = error
                self.post(lambda: ended(lambda: failed(fault)))
            else:
                self.post(lambda: ended(done))

        if not self._closed:
            self._pool.submit(body)
        return job

    def post(self, closure: Callable[[], None]) -> None:
        """Run ``closure`` on the GUI thread soon; callable from any thread."""
        with self._guard:
            if self._closed:
                return
            self._news.append(closure)
            wake, self._awake = not self._awake, True
        if wake:
            self._wake.emit()

    def close(self) -> None:
        """Cancel what streams, and say nothing more; the threads end with the streams they serve."""
        with self._guard:
            self._closed = True
            self._news.clear()
        for job in list(self._streams):
            job.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _drain(self) -> None:
        until = time.monotonic() + _SLICE
        while time.monotonic() < until:
            with self._guard:
                if not self._news:
                    self._awake = False
                    return
                closure = self._news.popleft()
            try:
                closure()
            except BaseException:
                QTimer.singleShot(0, self._drain)  # the rest is heard even if this one tripped
                raise
        QTimer.singleShot(0, self._drain)
