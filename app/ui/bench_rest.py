"""What the desktop app costs before and while nobody uses it: its start, and its rest.

Measured on the program as a person starts it, in processes of its own. Its start ends when the window has
been painted with all that is in it. At rest its models have left the memory, as they do by themselves.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import psutil

from app.core.api import Admin, Sources, Vault
from app.core.errors import AnotherInstance, HomebodyError, Unsupported
from app.core.paths import Paths, demo_sources
from app.core.types import Figure
from app.workers.attach import Attached
from app.workers.handover import display_fault
from app.workers.worker import Worker

T = TypeVar("T")

STARTS = 7
_KINDS = ("notes", "calendar")
_PASSPHRASE = "only to be measured"
_SETTLE_S, _IDLE_S = 15.0, 30.0
_PATIENCE_S = 600.0
# Runs the app as it is started by a person, and ends it when its window has been painted for the first time:
# its parts are painted after it, within the same turn of the event loop.
_PROBE = """
import os, sys, time
begun = float(sys.argv.pop(1))
import app.main as program
show = program.show
def showing(*given):
    from PySide6.QtCore import QTimer
    from app.ui.window import Window
    def told():
        print(time.time() - begun, sum(os.times()[:2]), flush=True)
        os._exit(0)
    def painted(self, event):
        QTimer.singleShot(0, told)
    Window.paintEvent = painted
    return show(*given)
program.show = showing
program.main(sys.argv[1:])
"""


def bench(folder: Path) -> Iterator[Figure]:
    """On the demo's notes and calendar. Raises Unsupported where there is no display."""
    if sys.platform != "linux" or (fault := display_fault()):
        raise Unsupported("the window is measured on a display", where=fault, remedy="see xvfb-run")
    data = folder / "data"
    with _engine(data) as engine:
        engine.call(Vault.create, passphrase=_PASSPHRASE)
        for kind, place in demo_sources():
            if kind in _KINDS:
                engine.call(Sources.add, kind=kind, path=str(place))
        for _ in engine.stream(Sources.index):
            pass
        engine.call(Admin.set, key="model.idle_minutes", value="1")
    yield from _started(data)
    yield from _at_rest(data)


@contextmanager
def _engine(data: Path) -> Iterator[Worker]:
    engine = Worker("engine", "app.engine:service", config={"data": str(data), "launcher": -1})
    try:
        yield engine
    finally:
        engine.stop()


def _started(data: Path) -> Iterator[Figure]:
    """From the start of the process to the window, once for the disk's cache and then some times."""
    env = {**os.environ, "HOMEBODY_PASSPHRASE": _PASSPHRASE}
    taken = []
    for _ in range(1 + STARTS):
        command = [sys.executable, "-P", "-c", _PROBE, str(time.time()), "--data", str(data)]
        done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=120, check=True)
        taken.append([float(word) for word in done.stdout.split()])
        time.sleep(1.5)  # until the engine that was begun has noticed
    clock, own = ([1000 * each[n] for each in taken[1:]] for n in (0, 1))
    how = f"{STARTS} starts, {min(clock):.0f} to {max(clock):.0f} ms"
    yield Figure(
        name="window painted after the start, median", value=statistics.median(clock), unit="ms", how=how
    )
    yield Figure(
        name="of that the window's own processor time, median",
        value=statistics.median(own),
        unit="ms",
        how=f"{min(own):.0f} to {max(own):.0f} ms",
    )


def _at_rest(data: Path) -> Iterator[Figure]:
    """Of every process: what it holds, and how often it wakes the processor up."""
    env = {**os.environ, "HOMEBODY_PASSPHRASE": _PASSPHRASE}
    command = [sys.executable, "-P", "-m", "app.main", "--data", str(data)]
    program = psutil.Popen(command, env=env, stdout=subprocess.DEVNULL)
    try:
        engine = _until(lambda: _engine_of(program, data), "the engine does not start")
        _until(lambda: _models(data), "no model is loaded")
        _until(lambda: not _models(data), "the models are not released")
        time.sleep(_SETTLE_S)
        ours = {"window": program, "engine": engine}
        for other in program.children(recursive=True):
            if other != engine:
                ours[f"other process {len(ours) - 1}"] = other
        yield from _watched(ours)
    finally:
        program.terminate()
        with suppress(psutil.TimeoutExpired):
            program.wait(20)


def _watched(ours: dict[str, psutil.Process]) -> Iterator[Figure]:
    before = {name: (_switches(one), _spent(one)) for name, one in ours.items()}
    time.sleep(_IDLE_S)
    how = f"{_IDLE_S:.0f} s with the window open and no model in memory"
    wakes = {name: (_switches(one) - before[name][0]) / _IDLE_S for name, one in ours.items()}
    for name in ("window", "engine"):
        one = ours[name]
        memory, spent = one.memory_full_info(), _spent(one) - before[name][1]
        shared = f"{memory.pss / 2**20:.0f} MB where what is shared is counted once"
        yield Figure(name=f"idle {name}, memory", value=memory.rss / 2**20, unit="MB", how=shared)
        yield Figure(name=f"idle {name}, wake-ups a second", value=wakes[name], unit="/s", how=how)
        yield Figure(name=f"idle {name}, processor", value=100 * spent / _IDLE_S, unit="%", how=how)
    held = sum(one.memory_full_info().pss for one in ours.values()) / 2**20
    together = f"{len(ours)} processes"
    yield Figure(name="idle, all processes, memory", value=held, unit="MB", how=f"{together}, shared once")
    yield Figure(
        name="idle, all processes, wake-ups a second", value=sum(wakes.values()), unit="/s", how=together
    )


def _engine_of(program: psutil.Process, data: Path) -> psutil.Process | None:
    """The child that answers at the engine's socket."""
    socket = str(Paths(data).socket("engine"))
    for child in program.children():
        with suppress(psutil.Error):
            if any(str(one.laddr) == socket for one in child.net_connections("unix")):
                return child
    return None


def _models(data: Path) -> list[str]:
    """Those in memory."""
    try:
        engine = Attached(Paths(data).socket("engine"))
    except AnotherInstance:  # it is only starting
        return []
    try:
        states = engine.call(Admin.processes)
    finally:
        engine.stop()
    return [state.name for state in states if state.pid and state.name not in ("engine", "reader")]


def _switches(process: psutil.Process) -> int:
    """How often a thread of it has gone to sleep so far, and so was woken."""
    total = 0
    for status in Path(f"/proc/{process.pid}/task").glob("*/status"):
        for line in status.read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches:"):
                total += int(line.split()[1])
    return total


def _spent(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _until(found: Callable[[], T | None], otherwise: str) -> T:
    until = time.monotonic() + _PATIENCE_S
    while (one := found()) is None or not one:
        if time.monotonic() > until:
            raise HomebodyError(otherwise, remedy="see the log of the engine")
        time.sleep(0.2)
    return one
