"""What the desktop app costs: its start, its rest, its stalls while it reads and writes, and its lock.

Each on the real engine. The window's gap is what a person feels as a stutter: the time between two turns of
the event loop that a timer asks for, measured while mails are indexed and answers stream.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.core.api import Sources, Vault
from app.core.errors import HomebodyError, Unsupported
from app.core.paths import Paths
from app.core.types import Figure
from app.ui.desktop import Desktop, Start
from app.workers.handover import display_fault
from app.workers.worker import Worker

_STARTS = 7
_IDLE_S = 30.0
_BEAT_MS = 5  # between two looks of the heart that feels the gaps
_PATIENCE_S = 900.0
_PASSPHRASE = "only to be measured"
_QUESTIONS = ("What was agreed about the budget?", "Who wrote about the meeting?", "When is the deadline?")
# Runs the app as it is started by a person and ends it after the first painting of its window.
_PROBE = """
import os, sys, time
from app.ui.window import Window
def paint(self, event, begun=float(sys.argv.pop(1))):
    print(time.time() - begun, flush=True)
    os._exit(0)
Window.paintEvent = paint
from app.main import main
main(sys.argv[1:])
"""


def bench(folder: Path, mails: Path) -> Iterator[Figure]:
    """``mails`` is what is indexed meanwhile. Raises Unsupported where there is no display."""
    if sys.platform != "linux" or (fault := display_fault()):
        raise Unsupported("the window is measured on a display", where=fault, remedy="see xvfb-run")
    app = QApplication(["homebody"])
    engine = Worker("engine", "app.engine:service", config={"data": str(folder / "data"), "launcher": -1})
    opener = Worker("opener", "app.workers.opener:service")
    desktop = Desktop(app, engine, opener, Start(Paths(folder / "data"), passphrase=_PASSPHRASE))
    try:
        desktop.begin()
        _until(lambda: desktop.session.status.vault == "open", "the store does not open")
        _until(lambda: not desktop.indexing.busy, "it does not come to rest")
        yield from _rest()
        yield from _gaps(desktop, mails)
        yield from _locked(desktop)
    finally:
        desktop.close()
        opener.stop()
        engine.stop()
    yield from _painted(folder)


def _painted(folder: Path) -> Iterator[Figure]:
    """From the start of the process to the first painting of the window, of a store that is there."""
    taken = []
    env = {**os.environ, "HOMEBODY_PASSPHRASE": _PASSPHRASE}
    for _ in range(_STARTS):
        command = [sys.executable, "-P", "-c", _PROBE, str(time.time()), "--data", str(folder / "data")]
        done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=60, check=True)
        taken.append(float(done.stdout))
        time.sleep(1.0)  # until the engine that was begun has noticed
    yield Figure(
        name="window painted after the start, median",
        value=statistics.median(taken) * 1000,
        unit="ms",
        how=f"{_STARTS} starts, slowest {max(taken) * 1000:.0f} ms",
    )


def _rest() -> Iterator[Figure]:
    """Of this process, which is the window's: its memory, and how often it wakes the processor up."""
    _wait(15.0)
    me = psutil.Process()
    before, spent = _switches(), sum(me.cpu_times()[:2])
    _wait(_IDLE_S)
    woken, spent = _switches() - before, sum(me.cpu_times()[:2]) - spent
    how = f"{_IDLE_S:.0f} s with the window open"
    yield Figure(name="idle window, wake-ups a second", value=woken / _IDLE_S, unit="/s", how=how)
    yield Figure(name="idle window, processor", value=100 * spent / _IDLE_S, unit="%", how=how)
    yield Figure(name="idle window, memory", value=me.memory_info().rss / 2**20, unit="MB")
    for child in me.children(recursive=True):
        if "app.engine:service" in " ".join(child.cmdline()):
            yield Figure(name="idle engine, memory", value=child.memory_info().rss / 2**20, unit="MB")


def _switches() -> int:
    """How often a thread of this process has gone to sleep so far, and so was woken."""
    total = 0
    for status in Path("/proc/self/task").glob("*/status"):
        for line in status.read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches:"):
                total += int(line.split()[1])
    return total


def _gaps(desktop: Desktop, mails: Path) -> Iterator[Figure]:
    """While ``mails`` are indexed, and one answer after the other streams."""
    gaps, last = list[float](), time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(max(0.0, now - last - _BEAT_MS / 1000))
        last = now

    heart = QTimer(interval=_BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
    heart.timeout.connect(beat)
    asked = 0

    def ask() -> None:
        nonlocal asked
        if desktop.window.chat.job is None:
            desktop.window.chat.ask(_QUESTIONS[asked % len(_QUESTIONS)])
            asked += 1

    asking = QTimer(interval=500)
    asking.timeout.connect(ask)
    added: list[object] = []
    desktop.session.run(Sources.add, added.append, added.append, kind="mail", path=str(mails))
    _until(lambda: bool(added), "the mails are not taken")
    before = desktop.session.status.items
    desktop.indexing.start()
    heart.start()
    asking.start()
    begun = time.monotonic()
    _until(lambda: desktop.indexing.added > 0 or time.monotonic() - begun > 60, "nothing is indexed")
    _until(lambda: not desktop.indexing.busy, "the mails do not come to an end")
    heart.stop()
    asking.stop()
    desktop.window.chat.stop()
    _wait(3.0)
    ordered = sorted(gaps)
    items = desktop.session.status.items - before
    how = f"{len(ordered):,} beats in {time.monotonic() - begun:.0f} s, {items:,} items, {asked} questions"
    for name, share in (("median", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("longest", 1.0)):
        at = min(len(ordered) - 1, int(share * len(ordered)))
        yield Figure(name=f"window's gap, {name}", value=ordered[at] * 1000, unit="ms", how=how)


def _locked(desktop: Desktop) -> Iterator[Figure]:
    """From the lock's key to the end of the engine and of every model."""
    ours = [p for p in psutil.Process().children(recursive=True) if "app.workers" in " ".join(p.cmdline())]
    ours = [p for p in ours if "opener" not in " ".join(p.cmdline())]
    begun = time.perf_counter()
    desktop.session.engine.call(Vault.lock)
    _, alive = psutil.wait_procs(ours, timeout=20)
    name = f"lock: {len(ours) - len(alive)} of {len(ours)} processes gone"
    yield Figure(name=name, value=(time.perf_counter() - begun) * 1000, unit="ms")


def _wait(seconds: float) -> None:
    """Nothing but the event loop, as in the app at rest."""
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def _until(done: Callable[[], bool], otherwise: str) -> None:
    loop, look, end = QEventLoop(), QTimer(interval=50), time.monotonic() + _PATIENCE_S
    look.timeout.connect(lambda: loop.quit() if done() or time.monotonic() > end else None)
    look.start()
    loop.exec()
    look.stop()
    if not done():
        raise HomebodyError(otherwise, remedy="see the log of the engine")
