"""How a process that gave up the network still gets a courier: by asking the launcher process."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from typing import IO, Any

from app.core.errors import WorkerDied
from app.workers import spawner
from app.workers.frames import Channel
from app.workers.peer import Peer
from app.workers.sandbox import Limits
from app.workers.worker import Process, Worker, environment


def start_launcher() -> int:
    """Start the launcher; to be called before the network is given up, and before any thread.

    Returns the descriptor to hand to the engine (``pass_fds``), or -1 where none is needed because
    processes here may still start others with a network. The launcher ends with its last holder.
    """
    if sys.platform != "linux":
        return -1
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    words = [sys.executable, "-P", "-m", spawner.__name__]
    if getattr(sys, "frozen", False):
        words = [sys.executable, "--homebody-launcher"]
    null = os.open(os.devnull, os.O_RDWR)
    door = 3
    os.posix_spawn(
        words[0],
        [*words, str(door)],
        environment(),
        file_actions=[
            (os.POSIX_SPAWN_DUP2, null, 0),
            (os.POSIX_SPAWN_DUP2, null, 1),
            (os.POSIX_SPAWN_DUP2, theirs.fileno(), door),
        ],
        setsid=True,
    )
    os.close(null)
    theirs.close()
    return ours.detach()


class LaunchedWorker(Worker):
    """A worker that the launcher starts; it runs one of :data:`app.workers.spawner.SERVICE` only.

    Its end is seen, and brought about, by its pipes. With ``launcher`` -1 it is started directly.
    """

    def __init__(
        self,
        name: str,
        service: str,
        *,
        launcher: int,
        config: dict[str, Any] | None = None,
        limits: Limits | None = None,
        log: IO[bytes] | None = None,
    ) -> None:
        super().__init__(name, service, config=config, limits=limits, log=log)
        self._launcher = launcher

    def _spawn(self) -> tuple[Process, Channel]:
        if self._launcher < 0:
            return super()._spawn()
        stdin, to_child = os.pipe()
        from_child, stdout = os.pipe()
        process = _Launched(os.dup(from_child))
        channel = Channel(os.fdopen(from_child, "rb"), os.fdopen(to_child, "wb"))
        stderr = 2 if self._log is None else self._log.fileno()
        try:
            with socket.socket(fileno=os.dup(self._launcher)) as door:
                socket.send_fds(door, [spawner.WORD], [stdin, stdout, stderr])
        except OSError as error:
            channel.finish()
            raise WorkerDied(
                f"the {self.name} process did not start",
                where="the launcher is gone",
                remedy="restart Homebody",
            ) from error
        finally:
            os.close(stdin)
            os.close(stdout)
        return process, channel

    def _start(self) -> Peer:
        peer = super()._start()
        if self._run is not None and isinstance(self._run.process, _Launched):
            self._run.process.pid = self._run.told
        return peer


class _Launched:
    """A process that is not our child: it has ended when nobody holds the other end of its pipe."""

    def __init__(self, pipe: int) -> None:
        self.pid = 0  # until it says so itself
        self._pipe = pipe
        self._ended = False

    def __del__(self) -> None:
        os.close(self._pipe)

    def poll(self) -> int | None:
        return self._hung_up(0)

    def wait(self, timeout: float | None = None) -> int:
        """The exit code is not known to us; 0 stands for any."""
        if self._hung_up(timeout) is None:
            raise subprocess.TimeoutExpired("courier", timeout or 0.0)
        return 0

    def kill(self) -> None:
        if self.pid and self.poll() is None:  # it holds its pipe, so the number is still its own
            os.kill(self.pid, signal.SIGKILL)

    def _hung_up(self, seconds: float | None) -> int | None:
        poll = select.poll()
        poll.register(self._pipe, 0)  # hang-up is always reported, also with data still to be read
        until = None if seconds is None else time.monotonic() + seconds
        while not self._ended:
            left = None if until is None else max(0.0, until - time.monotonic())
            self._ended = any(event & select.POLLHUP for _, event in poll.poll(left and left * 1000))
            if left == 0:
                break
        return 0 if self._ended else None
