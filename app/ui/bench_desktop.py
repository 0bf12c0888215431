"""What the desktop app costs: its start, its rest, its stalls while it reads and writes, and its lock.

Each on the real engine. The window's gap is what a person feels as a stutter: the time between two turns of
the event loop that a timer asks for, measured while mails are indexed, answers stream, and the pages that
follow the indexing are looked at. How it goes is told on standard error, and what held the window up.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app.core.api import Sources, Vault
from app.core.errors import HomebodyError, Unsupported
from app.core.paths import Paths
from app.core.types import Figure
from app.ui.beats import LONG_S, Beats, Heart
from app.ui.bench_rest import bench as bench_rest
from app.ui.desktop import Desktop, Start
from app.workers.handover import display_fault
from app.workers.worker import Worker

_PATIENCE_S = 900.0
_MOST_S = 2_400.0  # for which the gaps are felt at most
_EMBED_S = 120.0  # and of them, when all is read and only the meanings are missing
_TELL_S = 20.0
_BETWEEN_S = 9.0  # from the end of an answer to the next question: meanwhile the indexing has its way …
_LOOKS, _EACH_S = 2, 4.0  # … and so many pages are looked at, for so long
_ANSWER, _PAGES = "answer", "pages"
_FOLLOWING = ("library", "activity", "sources", "today", "chat")  # pages looked at in between
_PLACES = 12  # of what held the window up that are told
_PASSPHRASE = "only to be measured"
_QUESTIONS = ("What was agreed about the budget?", "Who wrote about the meeting?", "When is the deadline?")


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
        yield from _gaps(desktop, mails)
        yield from _locked(desktop)
    finally:
        desktop.close()
        opener.stop()
        engine.stop()
    yield from bench_rest(folder / "rest")


class _Person:
    """Asks one question after the other, and in between looks at the pages that follow the indexing."""

    def __init__(self, desktop: Desktop, heart: Heart) -> None:
        self._desktop, self._heart = desktop, heart
        self.asked = self.turned = self._looks = 0
        self._at = time.monotonic()
        self._timer = QTimer(interval=500)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def leave(self) -> None:
        self._timer.stop()
        self._desktop.window.chat.stop()

    def _look(self) -> None:
        chat, passed = self._desktop.window.chat, time.monotonic() - self._at
        if chat.job is not None:
            self._at, self._looks = time.monotonic(), 0
        elif passed >= _BETWEEN_S:
            self._at = time.monotonic()
            self._turn("chat", _ANSWER)
            chat.ask(_QUESTIONS[self.asked % len(_QUESTIONS)])
            self.asked += 1
        elif self._looks < _LOOKS and passed >= 1 + _EACH_S * self._looks:
            self._turn(_FOLLOWING[self.turned % len(_FOLLOWING)], _PAGES)
            self.turned, self._looks = self.turned + 1, self._looks + 1

    def _turn(self, page: str, phase: str) -> None:
        self._heart.phase = phase
        self._desktop.window.show_page(page)


def _gaps(desktop: Desktop, mails: Path) -> Iterator[Figure]:
    """While ``mails`` are indexed, and one answer after the other streams."""
    added: list[object] = []
    desktop.session.run(Sources.add, added.append, added.append, kind="mail", path=str(mails))
    _until(lambda: bool(added), "the mails are not taken")
    desktop.indexing.start()
    heart, begun = Heart(), time.monotonic()
    person = _Person(desktop, heart)
    heart.phase = _ANSWER
    heart.start()
    _until(lambda: desktop.indexing.added > 0, "nothing is indexed")
    ended = _indexed(desktop, heart, person)
    heart.stop()
    person.leave()
    seconds = time.monotonic() - begun
    beats, items = heart.beats, desktop.indexing.added
    how = f"{seconds:.0f} s, {items:,} items, {person.asked} questions; {ended}"
    for phase, what in ((_ANSWER, "an answer streams"), (_PAGES, "pages are turned")):
        yield from _felt(beats, phase, what, how)
    yield Figure(
        name="longest garbage collection",
        value=max(beats.collected, default=0.0) * 1000,
        unit="ms",
        how=f"{len(beats.collected):,} of them, {sum(beats.collected):.1f} s in all",
    )
    _tell_places(beats)


def _felt(beats: Beats, phase: str, what: str, how: str) -> Iterator[Figure]:
    """The gaps of one phase by the clock; and of them this thread's own work, whoever else has work."""
    how = f"{beats.count(phase):,} beats while {what}, {how}"
    for name, share in (("median", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("longest", 1.0)):
        value = beats.at(share, phase) * 1000
        yield Figure(name=f"window's gap, {phase}, {name}", value=value, unit="ms", how=how)
    value = beats.at(0.999, phase, own=True) * 1000
    yield Figure(name=f"window's own work in a gap, {phase}, p99.9", value=value, unit="ms", how=how)


def _indexed(desktop: Desktop, heart: Heart, person: _Person) -> str:
    """Waits for the end of it, or for as long as is worth it; says which, and meanwhile how far it is."""
    begun, told, read_at = time.monotonic(), 0.0, 0.0
    while desktop.indexing.busy:
        _wait(1.0)
        now = time.monotonic()
        progress = desktop.indexing.progress.values()
        under_way = {one.stage for one in progress if not one.total or one.done < one.total}
        read_at = read_at or (now if under_way == {"embed"} else 0.0)
        if now - told >= _TELL_S:
            told = now
            words = f"{now - begun:.0f} s: {desktop.indexing.added:,} items, {person.asked} questions"
            words = f"{words}, {len(heart.beats.long)} long gaps; {desktop.indexing.sentence()}"
            print(words, file=sys.stderr, flush=True)
        if read_at and now - read_at >= _EMBED_S:
            return f"all read, then {_EMBED_S:.0f} s of meanings"
        if now - begun >= _MOST_S:
            return f"stopped after {_MOST_S:.0f} s"
    return "all indexed"


def _tell_places(beats: Beats) -> None:
    """What held the window up."""
    print(f"{len(beats.long)} gaps of {LONG_S * 1000:.0f} ms or more:", file=sys.stderr)
    for some in beats.places()[:_PLACES]:
        late, count = max(gap.late for gap in some), len(some)
        own, waited = sum(gap.own for gap in some) / count, sum(gap.waited for gap in some) / count
        times = f"own {own * 1000:.0f} ms, waited for a processor {waited * 1000:.0f} ms, on average"
        words = f"{count} × up to {late * 1000:.0f} ms ({times}): {some[0].phase}: {some[0].where}"
        print(f"  {words}", file=sys.stderr)


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
