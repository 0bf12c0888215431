"""The parent's side: a worker is a process of ours that starts on demand, streams and may die."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import IO, Any, Protocol, cast

from app.core.errors import HomebodyError, WorkerDied
from app.core.paths import program
from app.workers.frames import Channel, Frame, Hello, Raise, Ready, TooLarge, pack
from app.workers.peer import GONE, Caller, Peer, Reached, Stream, raised, too_large
from app.workers.sandbox import Limits

__all__ = ["Caller", "Peer", "Process", "Stream", "Worker", "command", "environment", "own", "own_pid", "rss"]


class Process(Protocol):
    """A process as :class:`Worker` needs it; ``subprocess.Popen`` is one."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def kill(self) -> None: ...


class _Run:
    """One life of a worker's process."""

    def __init__(self, process: Process, channel: Channel) -> None:
        self.process, self.channel = process, channel
        self.why = ""
        self.told = 0  # the process id as the process itself knows it
        self.peer: Peer | None = None

    def serves(self) -> bool:
        """Asks the system too: a process that was just killed has not closed its pipe for us yet."""
        gone = self.peer is None or self.peer.gone.is_set()
        return not gone and not self.why and self.process.poll() is None

    def kill(self, why: str) -> None:
        self.why = self.why or why or "it was ended"
        if self.process.poll() is None:
            self.process.kill()

    def end(self, patience: float) -> None:
        """In good order (the pipe closes, the process sees that and ends), or by force."""
        self.channel.close()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.peer is None:
            self.channel.finish()
        else:
            self.peer.join(1)

    def ending(self) -> str:
        """Why it ended, in words."""
        if self.why:
            return self.why
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self.process.wait(1)
            return _SIGNALS.get(-code) or (f"ended by signal {-code}" if code < 0 else f"exit code {code}")
        return f"process {self.process.pid} closed its pipe"


class Worker(Caller):
    """A process of ours, started at the first call and again at the first call after it died.

    ``service`` is ``module:factory`` and ``config`` its one argument (both travel in the first
    frame, not in the command line that other programs can read). stderr goes to ``log``. What
    ``greet`` says to it after each start comes before any other call; where that fails it ends.
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
        self.greet: Callable[[Caller], None] = lambda started: None
        self._log, self._pass_fds = log, pass_fds
        self._starting = threading.Lock()
        self._run: _Run | None = None

    def begin(self) -> None:
        """Start the process and go on at once: the first call waits until it is ready."""
        with self._starting:
            if self._run is None:
                self._launch()

    def peer(self) -> Peer:
        with self._starting:
            run = self._run
            if run is not None and run.peer is not None and run.serves():
                return run.peer
            if run is not None and (run.peer is not None or run.why):
                run.end(0)  # it may live although its pipe is closed or holds garbage
                self._run = None
            return self._start()

    @property
    def pid(self) -> int:
        """0 while the process is not running."""
        run = self._run
        return run.process.pid if run is not None and run.process.poll() is None else 0

    def kill(self, why: str = "") -> None:
        """End the process now; requests under way end in one WorkerDied saying ``why``."""
        if (run := self._run) is not None:
            run.kill(why)

    def stop(self) -> None:
        """End the process in good order (its pipe closes), or after three seconds by force."""
        if not self._starting.acquire(blocking=False):
            self.kill("it was stopped")  # one that is starting has nothing yet to put in order
            self._starting.acquire()
        try:
            if self._run is not None:
                self._run.why = self._run.why or "it was stopped"
                self._run.end(3)
                self._run = None
        finally:
            self._starting.release()

    def died(self, peer: Peer | None = None) -> HomebodyError:
        reason = peer.ending() if peer else "it did not start"
        return WorkerDied(f"the {self.name} process stopped", where=reason, remedy="try again")

    def _next(self, peer: Peer, replies: queue.SimpleQueue[Frame | None]) -> Frame | None:
        """Within ``limits.wall`` seconds of silence: what it says to others counts as well, since a
        call may have to wait for its turn."""
        wall, since = self.limits.wall, time.monotonic()
        if not wall:
            return replies.get()
        while (left := wall - (time.monotonic() - max(since, peer.heard))) > 0:
            with contextlib.suppress(queue.Empty):
                return replies.get(timeout=left)
        run = self._run
        if run is not None and run.peer is peer:
            run.kill(f"no answer within {wall:g} s")
        return GONE

    def _start(self) -> Peer:
        run = self._run or self._launch()
        try:
            ready = self._ready(run)
            run.told, run.channel.most = ready.pid, self.limits.frame
            run.peer = Peer(self.name, run.channel, ending=run.ending)
            self.greet(Reached(run.peer))
            return run.peer
        except BaseException:
            run.end(1)
            self._run = None
            raise

    def _launch(self) -> _Run:
        """Its process, told what to serve."""
        run = self._run = _Run(*self._spawn())
        try:
            run.channel.send(Hello(self.service, pack(self.config), pack(self.limits)))
        except TooLarge as error:
            run.end(1)
            self._run = None
            raise too_large(self.service, error) from error
        except OSError:
            pass  # it ended at once, or has said already why it will not start
        return run

    def _ready(self, run: _Run) -> Ready:
        ready = None
        with contextlib.suppress(OSError, ValueError):  # it ended at once, or says what is no frame
            ready = run.channel.receive()
        if isinstance(ready, Raise):
            raise raised(ready)
        if not isinstance(ready, Ready):
            run.end(1)
            raise WorkerDied(f"the {self.name} process did not start", where=run.ending(), remedy="try again")
        return ready

    def _spawn(self) -> tuple[Process, Channel]:
        process = subprocess.Popen(
            command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            pass_fds=self._pass_fds,
            env=environment(),
            start_new_session=True,  # a Ctrl+C in the terminal goes to the foreground program only
        )
        return process, Channel(cast(Any, process.stdout), cast(Any, process.stdin))


def command() -> list[str]:
    """The command line of a child: this interpreter, or this very program when it is frozen."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--homebody-worker"]
    return [sys.executable, "-P", "-m", "app.workers.child"]


def environment() -> dict[str, str]:
    """A child runs the same code as we do, and knows no passphrase that was meant for us."""
    path = [str(program()), *filter(None, [os.environ.get("PYTHONPATH")])]
    kept = {name: value for name, value in os.environ.items() if name != "HOMEBODY_PASSPHRASE"}
    return kept | {"PYTHONPATH": os.pathsep.join(dict.fromkeys(path))}


_SIGNALS = {
    9: "ended by SIGKILL: by somebody, or because memory ran out",
    6: "ended by SIGABRT: it gave up, perhaps for want of memory",
    11: "ended by SIGSEGV: it crashed",
    27: "ended by SIGPROF: it took more than its time for one file",
    24: "ended by SIGXCPU: its processor time was used up",
    31: "ended by SIGSYS: it tried what its sandbox forbids",
}


def rss(pid: int) -> int:
    """Resident bytes of a process, 0 when it is gone."""
    import psutil

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def own(pid: int, mapped: int) -> int:
    """Resident bytes of a process without those of files that it has mapped, 0 when it is gone.

    Where the system does not tell them apart, all ``mapped`` bytes are taken to be resident.
    """
    import psutil

    try:
        info = psutil.Process(pid).memory_info()
    except psutil.Error:
        return 0
    return int(info.rss - info.shared) if sys.platform == "linux" else max(1, int(info.rss) - mapped)


def own_pid() -> int:
    return os.getpid()
