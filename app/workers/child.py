"""Entry point of every process of ours: take the pipe, give up rights, load the service, serve."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
from typing import Any

from app.workers.frames import Channel, Hello, Ready, unpack
from app.workers.sandbox import Limits, apply
from app.workers.service import Server, Service, failure


def main() -> int:
    """Serve the pipe on standard input and output until it closes."""
    channel = _take_pipe()
    hello = channel.receive()
    if not isinstance(hello, Hello):
        return 2
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the foreground process, which closes us
    apply(unpack(hello.limits, Limits))
    try:
        service = _load(hello)
    except Exception as error:
        channel.send(failure(0, hello.service, error))
        return 1
    channel.send(Ready(os.getpid()))
    Server(service, channel).run()
    _end(service)
    return 0


def _load(hello: Hello) -> Service:
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
    return Channel(os.fdopen(incoming, "rb"), os.fdopen(outgoing, "wb"))


def _end(service: Service) -> None:
    """Close in good order, but never longer than two seconds: the parent is gone."""
    ending = threading.Thread(target=service.close, daemon=True)
    ending.start()
    ending.join(2)
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
