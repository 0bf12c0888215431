"""The caller's end of a channel: typed calls and streams, whose replies are sorted by call."""

from __future__ import annotations

import contextlib
import itertools
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import msgspec

from app.core.errors import HomebodyError, WorkerDied, by_name
from app.workers.frames import (
    WINDOW,
    Call,
    Cancel,
    Channel,
    Frame,
    Gone,
    Method,
    More,
    Raise,
    Ready,
    Return,
    TooLarge,
    Yield,
    method,
    unpack,
)

P = ParamSpec("P")
T = TypeVar("T")

_ACK_EVERY = WINDOW // 4
GONE = None  # what a reply queue gets when the other side is gone
_CLOSED = Ready(0)  # what a reply queue gets when its reader is asked to stop


class Peer:
    """The caller's end of one channel: any thread may call; replies are sorted by call.

    ``ending()`` says why the other side ended, once it has; ``heard`` is when it last said something.
    """

    def __init__(self, name: str, channel: Channel, *, ending: Callable[[], str] = lambda: "") -> None:
        self.name, self.ending, self._channel = name, ending, channel
        self._ids = itertools.count(1)
        self._replies: dict[int, queue.SimpleQueue[Frame | None]] = {}
        self._guard = threading.Lock()
        self.gone = threading.Event()
        self.heard = time.monotonic()
        self._thread = threading.Thread(target=self._receive, name=f"{name}-replies", daemon=True)
        self._thread.start()

    def begin(self, how: Method, kwargs: dict[str, Any]) -> tuple[int, queue.SimpleQueue[Frame | None]]:
        """Send a call; raises Gone where the other side has ended, TooLarge where the call is."""
        args = how.encode(kwargs)
        id, replies = next(self._ids), queue.SimpleQueue[Frame | None]()
        with self._guard:
            if self.gone.is_set():
                raise Gone
            self._replies[id] = replies
        try:
            self._channel.send(Call(id, how.name, args))
        except BaseException:
            self.forget(id)
            raise
        return id, replies

    def tell(self, frame: Cancel | More) -> None:
        with contextlib.suppress(Gone):
            self._channel.send(frame)

    def forget(self, id: int) -> None:
        with self._guard:
            self._replies.pop(id, None)

    def close(self) -> None:
        """Tell the other side that nothing more will come."""
        self._channel.close()

    def join(self, seconds: float) -> None:
        """Wait until the other side has ended and everything it said was handed on."""
        self._thread.join(seconds)

    def _receive(self) -> None:
        try:
            while (frame := self._channel.receive()) is not None:
                self.heard = time.monotonic()
                if isinstance(frame, Yield | Return | Raise) and (replies := self._replies.get(frame.id)):
                    replies.put(frame)
        except (OSError, ValueError):
            pass  # closed under us, or not a frame: either way this peer cannot be trusted any more
        with self._guard:
            self.gone.set()
            for replies in self._replies.values():
                replies.put(GONE)
        self._channel.finish()


class Caller:
    """Typed calls to whatever serves a protocol; subclasses say how to get at a peer.

    ``call(Protocol.method, argument=…)`` returns its value, ``stream(Protocol.method, …)``
    a generator of its steps whose ``close()`` cancels the work on the other side.
    """

    name = "peer"

    def peer(self) -> Peer:
        raise NotImplementedError

    def stop(self) -> None:
        """Let go of the other side; a later call starts again where that is possible."""
        raise NotImplementedError

    def call(self, function: Callable[Concatenate[Any, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        how = method(function)
        with contextlib.closing(self._steps(how, dict(kwargs))) as steps:
            for last in steps:
                return cast(T, unpack(last, how.yields))
        raise self.died()

    def stream(
        self, function: Callable[Concatenate[Any, P], Iterator[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Generator[T, None, None]:
        how = method(function)
        with contextlib.closing(self._steps(how, dict(kwargs))) as steps:
            for step in steps:
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
        peer, id, replies = self._begin(how, kwargs)
        if halt is not None:
            halt.arm(replies, lambda: peer.tell(Cancel(id)))
        ended = False
        try:
            for taken in itertools.count(1):
                frame = self._next(peer, replies)
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
                    raise raised(frame)
                else:
                    raise self.died(peer)
        finally:
            if not ended:
                peer.tell(Cancel(id))
            peer.forget(id)

    def _begin(
        self, how: Method, kwargs: dict[str, Any]
    ) -> tuple[Peer, int, queue.SimpleQueue[Frame | None]]:
        peer = None
        try:
            peer = self.peer()
            return peer, *peer.begin(how, kwargs)
        except TooLarge as error:
            raise too_large(how.name, error) from error
        except OSError as error:
            raise self.died(peer) from error

    def _next(self, peer: Peer, replies: queue.SimpleQueue[Frame | None]) -> Frame | None:
        return replies.get()

    def died(self, peer: Peer | None = None) -> HomebodyError:
        where = peer.ending() if peer else ""
        return WorkerDied(f"{self.name} stopped before it had finished", where=where, remedy="try again")


class Reached(Caller):
    """Calls to who is at the other end of ``peer`` already."""

    def __init__(self, peer: Peer) -> None:
        self.name, self._peer = peer.name, peer

    def peer(self) -> Peer:
        return self._peer

    def stop(self) -> None:
        self._peer.close()
        self._peer.join(3)


def raised(frame: Raise) -> HomebodyError:
    return by_name(frame.kind)(frame.message, where=frame.where, remedy=frame.remedy)


def too_large(what: str, error: TooLarge) -> HomebodyError:
    return HomebodyError("the request is too large", where=f"{what}: {error}", remedy="send less at once")


class Halt:
    """Ends one stream from any thread: the wait for its next step, and the work on the other side."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._end: Callable[[], None] = lambda: None
        self._asked = False

    def arm(self, replies: queue.SimpleQueue[Frame | None], cancel: Callable[[], None]) -> None:
        def end() -> None:
            replies.put(_CLOSED)
            cancel()

        with self._guard:
            self._end = end
            asked = self._asked
        if asked:
            end()

    def now(self) -> None:
        with self._guard:
            self._asked = True
            end = self._end
        end()


class Stream(Iterator[T]):
    """The steps of one call; one thread iterates, any thread may close."""

    def __init__(self, steps: Generator[T, None, None], halt: Halt) -> None:
        self._steps, self._halt = steps, halt

    def __next__(self) -> T:
        return next(self._steps)

    def close(self) -> None:
        """The iterating thread sees the end, and the work on the other side is cancelled."""
        self._halt.now()
