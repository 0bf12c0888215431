"""The parent's side: a worker is a process of ours that starts on demand, streams and may die."""

from __future__ import annotations

import contextlib
import itertools
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from typing import IO, Any, Concatenate, ParamSpec, TypeVar, cast

import msgspec

from app.core.errors import HomebodyError, WorkerDied, by_name
from app.workers.frames import (
    WINDOW,
    Call,
    Cancel,
    Channel,
    Frame,
    Hello,
    Method,
    More,
    Raise,
    Ready,
    Return,
    Yield,
    method,
    pack,
    unpack,
)
from app.workers.sandbox import Limits

P = ParamSpec("P")
T = TypeVar("T")

_ACK_EVERY = WINDOW // 4
_Gone = None  # what a reply queue gets when the other side is gone
_CLOSED = Ready(0)  # what a reply queue gets when its reader is asked to stop


class Peer:
    """The caller's end of one channel: any thread may call; replies are sorted by call."""

    def __init__(self, name: str, channel: Channel) -> None:
        self.name, self._channel = name, channel
        self._ids = itertools.count(1)
        self._replies: dict[int, queue.SimpleQueue[Frame | None]] = {}
        self._guard = threading.Lock()
        self.gone = threading.Event()
        threading.Thread(target=self._receive, name=f"{name}-replies", daemon=True).start()

    def begin(self, how: Method, kwargs: dict[str, Any]) -> tuple[int, queue.SimpleQueue[Frame | None]]:
        """Send a call; raises BrokenPipeError where the other side is gone."""
        id, replies = next(self._ids), queue.SimpleQueue[Frame | None]()
        with self._guard:
            if self.gone.is_set():
                raise BrokenPipeError
            self._replies[id] = replies
        self._channel.send(Call(id, how.name, how.encode(kwargs)))
        return id, replies

    def tell(self, frame: Cancel | More) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._channel.send(frame)

    def forget(self, id: int) -> None:
        with self._guard:
            self._replies.pop(id, None)

    def close(self) -> None:
        self._channel.close()

    def _receive(self) -> None:
        try:
            while (frame := self._channel.receive()) is not None:
                if isinstance(frame, Yield | Return | Raise) and (replies := self._replies.get(frame.id)):
                    replies.put(frame)
        except (OSError, ValueError):
            pass  # closed under us, or not a frame: either way this peer cannot be trusted any more
        with self._guard:
            self.gone.set()
            for replies in self._replies.values():
                replies.put(_Gone)


class Caller:
    """Typed calls to whatever serves a protocol; subclasses say how to get at a peer.

    ``call(Protocol.method, argument=…)`` returns its value, ``stream(Protocol.method, …)``
    a generator of its steps whose ``close()`` cancels the work on the other side.
    """

    name = "peer"

    def peer(self) -> Peer:
        raise NotImplementedError

    def call(self, function: Callable[Concatenate[Any, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        how = method(function)
        for last in self._steps(how, dict(kwargs)):
            return cast(T, unpack(last, how.yields))
        raise self.died()

    def stream(
        self, function: Callable[Concatenate[Any, P], Iterator[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Generator[T, None, None]:
        how = method(function)
        for step in self._steps(how, dict(kwargs)):
            yield unpack(step, how.yields)

    def open(
        self, function: Callable[Concatenate[Any, P], Iterator[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Stream[T]:
        """Like :meth:`stream`, but ``close()`` may come from any thread, also while a step is awaited."""
        halt = Halt()
        how = method(function)
        return Stream((unpack(s, how.yields) for s in self._steps(how, dict(kwargs), halt)), halt)

    def _steps(
        self, how: Method, kwargs: dict[str, Any], halt: Halt | None = None
    ) -> Generator[msgspec.Raw, None, None]:
        try:
            peer = self.peer()
            id, replies = peer.begin(how, kwargs)
        except OSError as error:
            raise self.died() from error
        if halt is not None:
            halt.arm(replies)
        ended = False
        try:
            for taken in itertools.count(1):
                frame = self._next(replies)
                ended = not isinstance(frame, Yield | Ready)
                if frame is _CLOSED:
                    return
                if isinstance(frame, Yield):
                    yield frame.value
                    if taken % _ACK_EVERY == 0:
                        peer.tell(More(id, _ACK_EVERY))
                elif isinstance(frame, Return):
                    if not how.streams:
                        yield frame.value
                    return
                elif isinstance(frame, Raise):
                    raise by_name(frame.kind)(frame.message, where=frame.where, remedy=frame.remedy)
                else:
                    raise self.died()
        finally:
            if not ended:
                peer.tell(Cancel(id))
            peer.forget(id)

    def _next(self, replies: queue.SimpleQueue[Frame | None]) -> Frame | None:
        return replies.get()

    def died(self) -> HomebodyError:
        return WorkerDied(f"{self.name} stopped before it had finished", remedy="try again")


class Halt:
    """Ends the wait for the next step of one stream, from any thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._replies: queue.SimpleQueue[Frame | None] | None = None
        self._asked = False

    def arm(self, replies: queue.SimpleQueue[Frame | None]) -> None:
        with self._guard:
            self._replies = replies
            if self._asked:
                replies.put(_CLOSED)

    def now(self) -> None:
        with self._guard:
            self._asked = True
            if self._replies is not None:
                self._replies.put(_CLOSED)


class Stream(Iterator[T]):
    """The steps of one call; one thread iterates, any thread may close."""

    def __init__(self, steps: Generator[T, None, None], halt: Halt) -> None:
        self._steps, self._halt = steps, halt

    def __next__(self) -> T:
        return next(self._steps)

    def close(self) -> None:
        """The iterating thread sees the end, and the work on the other side is cancelled."""
        self._halt.now()


class Worker(Caller):
    """A process of ours, started at the first call and again at the first call after it died.

    ``service`` is ``module:factory`` and ``config`` its one argument (both travel in the first
    frame, not in the command line that other programs can read). stderr goes to ``log``.
    """

    def __init__(
        self,
        name: str,
        service: str,
        *,
        config: dict[str, Any] | None = None,
        limits: Limits | None = None,
        log: IO[bytes] | None = None,
        pass_fds: tuple[int, ...] = (),
    ) -> None:
        self.name, self.service = name, service
        self.config, self.limits = config or {}, limits or Limits()
        self._log, self._pass_fds = log, pass_fds
        self._starting = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._peer: Peer | None = None
        self._why = ""

    def peer(self) -> Peer:
        with self._starting:
            if self._peer is None or self._peer.gone.is_set():
                self._start()
            assert self._peer is not None
            return self._peer

    @property
    def pid(self) -> int:
        """0 while the process is not running."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else 0

    def kill(self, why: str = "") -> None:
        """End the process now; requests under way end in one WorkerDied saying ``why``."""
        self._why = why
        if self._process is not None and self._process.poll() is None:
            self._process.kill()

    def stop(self) -> None:
        """End the process in good order (its pipe closes), or after three seconds by force."""
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def died(self) -> HomebodyError:
        reason = self._why or (self._process and _ending(self._process)) or "it did not start"
        self._why = ""
        return WorkerDied(f"the {self.name} process stopped", where=reason, remedy="try again")

    def _next(self, replies: queue.SimpleQueue[Frame | None]) -> Frame | None:
        if not self.limits.wall:
            return replies.get()
        try:
            return replies.get(timeout=self.limits.wall)
        except queue.Empty:
            self.kill(f"no answer within {self.limits.wall:g} s")
            return _Gone

    def _start(self) -> None:
        self._process = subprocess.Popen(
            command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            pass_fds=self._pass_fds,
            start_new_session=True,  # a Ctrl+C in the terminal goes to the foreground program only
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        channel = Channel(cast(Any, self._process.stdout), cast(Any, self._process.stdin))
        channel.send(Hello(self.service, pack(self.config), pack(self.limits)))
        ready = channel.receive()
        if isinstance(ready, Raise):
            raise by_name(ready.kind)(ready.message, where=ready.where, remedy=ready.remedy)
        if not isinstance(ready, Ready):
            raise self.died()
        self._peer = Peer(self.name, channel)


def command() -> list[str]:
    """The command line of a child: this interpreter, or this very program when it is frozen."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--homebody-worker"]
    return [sys.executable, "-P", "-m", "app.workers.child"]


def _ending(process: subprocess.Popen[bytes]) -> str:
    with contextlib.suppress(subprocess.TimeoutExpired):
        code = process.wait(1)
        if code < 0:
            return f"ended by {signal.Signals(-code).name}"
        return f"exit code {code}"
    return f"process {process.pid} closed its pipe"


def rss(pid: int) -> int:
    """Resident bytes of a process, 0 when it is gone."""
    import psutil

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def own_pid() -> int:
    return os.getpid()
