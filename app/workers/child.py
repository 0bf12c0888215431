"""Entry point of every process of ours: take the pipe, give up rights, load the service, serve."""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
import signal
import sys
import threading
from typing import Any

import msgspec

from app.core.errors import Refused
from app.workers.frames import Channel, Gone, Hello, Ready, unpack
from app.workers.sandbox import Limits, apply
from app.workers.service import Server, Service, failure

_OBJECTS = 10_000  # new ones that may wait to be looked through


def main() -> int:
    """Serve the pipe on standard input and output until it closes."""
    channel = _take_pipe()
    hello = channel.receive()
    if not isinstance(hello, Hello):
        return 2
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the foreground process, which closes us
    try:
        limits = unpack(hello.limits, Limits)
        channel.most = limits.frame
        apply(limits)
        service = _load(hello)
        gc.freeze()  # what was loaded stays: it need not be looked through for what can be given back,
        gc.set_threshold(_OBJECTS, 10, 10)  # and what is new seldom
    except BaseException as error:
        with contextlib.suppress(Gone):
            channel.send(failure(0, hello.service, error))
        return 1
    channel.send(Ready(os.getpid()))
    server = Server(service, channel)
    try:
        server.run()
    except msgspec.DecodeError as error:
        print(f"not a frame, so this process ends: {error}", file=sys.stderr)
    _end(server, service)
    return 0


def _load(hello: Hello) -> Service:
    """What ``hello`` asks for; a process that was started for one service alone serves no other."""
    only = next((word for word in sys.argv[1:] if ":" in word), hello.service)
    if hello.service != only:
        raise Refused("this process may not serve that", where=hello.service, remedy=f"it serves {only}")
    module, _, factory = hello.service.partition(":")
    service: Service = getattr(importlib.import_module(module), factory)(unpack(hello.config, dict[str, Any]))
    return service


def _take_pipe() -> Channel:
    """Keep the two pipe ends for frames only: a stray print goes to the log on standard error."""
    incoming, outgoing = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    sys.stdout = sys.stderr = io.TextIOWrapper(
        io.BufferedWriter(_Log()), "utf-8", "replace", line_buffering=True
    )
    return Channel(os.fdopen(incoming, "rb"), os.fdopen(outgoing, "wb"))


class _Log(io.RawIOBase):
    """Standard error, except that a log that cannot be written (full, or no writes allowed) is no error."""

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 2

    def write(self, data: Any) -> int:
        with contextlib.suppress(OSError):
            os.write(2, data)
        return len(data)


def _end(server: Server, service: Service) -> None:
    """Close in good order, but never longer than two seconds each: the parent is gone."""
    server.join(2)
    ending = threading.Thread(target=service.close, daemon=True)
    ending.start()
    ending.join(2)
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
