"""The launcher process: holds no data and no key, and starts couriers for whoever holds its socket.

The window and the engine may open no network socket, and neither may anything they start. So this
process is started before they give that up. It can be asked for one thing only: a child with three
given pipes as its standard streams, which serves the courier and nothing else. Standard library only.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys

WORD = b"courier"
SERVICE = "app.courier.service:service"
AT_ONCE = 8  # couriers alive


def main() -> int:
    """``argv[-1]`` is the socket's descriptor. Ends when nobody holds the other end any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while (fd := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass  # a standard stream was closed: what we are sent must not take its number
    os.close(fd)
    children: set[int] = set()
    with socket.socket(fileno=int(sys.argv[-1])) as door:
        signal.signal(signal.SIGCHLD, lambda *_: _reap(children))
        while True:
            word, fds, _, _ = socket.recv_fds(door, len(WORD) + 1, 3, socket.MSG_CMSG_CLOEXEC)
            if not word:
                return 0
            with contextlib.suppress(OSError):  # no memory, no processes: the asker sees its pipes close
                if word == WORD and len(fds) == 3 and len(children) < AT_ONCE:
                    children.add(_spawn(fds))
            for fd in fds:
                os.close(fd)
            _reap(children)


def command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "--homebody-worker", SERVICE]
    return [sys.executable, "-P", "-m", "app.workers.child", SERVICE]


def _spawn(fds: list[int]) -> int:
    actions = [(os.POSIX_SPAWN_DUP2, fd, standard) for standard, fd in enumerate(fds)]
    words = command()
    return os.posix_spawn(words[0], words, os.environ, file_actions=actions, setsigdef=[signal.SIGCHLD])


def _reap(children: set[int]) -> None:
    for pid in tuple(children):
        with contextlib.suppress(ChildProcessError):
            if os.waitpid(pid, os.WNOHANG)[0] == 0:
                continue
        children.discard(pid)


if __name__ == "__main__":
    sys.exit(main())
