"""What a run costs: processor time of every process in it, and memory resident in all of them at once."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from app.core.errors import HomebodyError

_LOOK_S = 0.02  # between two looks at the memory


@dataclass(frozen=True)
class Cost:
    """Processor seconds (user and system), and the most bytes that were resident at one moment."""

    cpu: float
    memory: int


def of_command(words: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """Run another program to its end. Raises HomebodyError where it fails."""
    process = subprocess.Popen(
        words, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    with _watched(lambda: _tree(process.pid)) as most:
        _, status, used = os.wait4(process.pid, 0)  # of it and of those it waited for
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise HomebodyError(
            f"{words[0]} failed", where=f"exit code {process.returncode}", remedy="see what it says by itself"
        )
    return Cost(used.ru_utime + used.ru_stime, most[0])


def of_ours(work: Callable[[], object]) -> Cost:
    """What the processes of ours spend while ``work`` runs; this one only asks, and is left out.

    One that ends meanwhile counts with what it had spent at the last look.
    """
    before = {process: _spent(process.pid) for process in _below()}
    spent: dict[psutil.Process, float] = {}

    def look() -> list[psutil.Process]:
        those = _below()
        for process in those:
            spent[process] = max(spent.get(process, 0.0), _spent(process.pid))
        return those

    with _watched(look) as most:
        work()
    look()
    return Cost(sum(used - before.get(process, 0.0) for process, used in spent.items()), most[0])


def _below() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def _tree(pid: int) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    return []


def _spent(pid: int) -> float:
    """Processor seconds of a process's life: to the nanosecond where Linux tells them."""
    with contextlib.suppress(OSError, AttributeError):  # Windows has no such function
        return time.clock_gettime((~pid << 3) | 2)  # its own CPU clock: see clock_getcpuclockid(3)
    with contextlib.suppress(psutil.Error):
        times = psutil.Process(pid).cpu_times()
        return float(times.user + times.system)
    return 0.0


@contextlib.contextmanager
def _watched(processes: Callable[[], list[psutil.Process]]) -> Iterator[list[int]]:
    """The most bytes so far, as the one element of a list."""
    most, over = [0], threading.Event()

    def look() -> None:
        while True:
            most[0] = max(most[0], sum(map(_resident, processes())))
            if over.wait(_LOOK_S):
                return

    thread = threading.Thread(target=look, name="memory", daemon=True)
    thread.start()
    try:
        yield most
    finally:
        over.set()
        thread.join()


def _resident(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0


def size(path: Path) -> int:
    """Bytes of all files below ``path``."""
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
