"""How long the quick prompt takes: from the key as the X server hears it to a painted box that takes letters.

The key is pressed by XTEST, so all of the way is measured: server, grab, Qt, the window manager's yes to the
focus, painting, and the server having drawn it. It needs an X11 display with a window manager, such as
``xvfb-run -a sh -c 'openbox & homebody bench quick'``.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from app.core.errors import HomebodyError, Unsupported
from app.core.paths import Paths
from app.core.types import Figure
from app.ui import xcb
from app.ui.desktop import Desktop, Start
from app.ui.hotkey import QUICK
from app.workers.handover import display_fault
from app.workers.worker import Worker

ROUNDS = 40
_REST_S = 0.25  # between two: a person's keys are never closer
_PATIENCE_S = 180.0
_CONTROL, _ALT, _SPACE = 0xFFE3, 0xFFE9, 0x20


class _Seen(QObject):
    """When the watched window was painted last."""

    def __init__(self) -> None:
        super().__init__()
        self.painted = 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.painted = time.perf_counter()
        return False


def bench(folder: Path) -> Iterator[Figure]:
    """Raises Unsupported where there is no X11 display."""
    if sys.platform != "linux" or (fault := display_fault()):
        raise Unsupported(
            "the quick prompt is measured on an X11 display", where=fault, remedy="see xvfb-run"
        )
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    app = QApplication(["homebody"])
    engine = Worker("engine", "app.engine:service", config={"data": str(folder / "data"), "launcher": -1})
    opener = Worker("opener", "app.workers.opener:service")
    desktop = Desktop(app, engine, opener, Start(Paths(folder / "data"), passphrase="only to be measured"))
    try:
        desktop.begin()
        _until(app, lambda: bool(desktop.outside.hotkeys.held(QUICK)), "the store is not open")
        _rest(app, 2.0)  # until the window has settled and the prompt is made
        yield from _figures("quick prompt, key to painted with focus", _shown(app, desktop))
        yield from _figures("quick prompt, letter to results", _found(app, desktop))
    finally:
        desktop.close()
        opener.stop()
        engine.stop()
        _rest(app, 0.1)


def _shown(app: QApplication, desktop: Desktop) -> list[float]:
    seen, quick, taken = _Seen(), desktop.quick, list[float]()
    quick.box.installEventFilter(seen)
    for _ in range(ROUNDS):
        seen.painted, begun = 0.0, time.perf_counter()
        xcb.press(_CONTROL, _ALT, _SPACE)
        _until(
            app,
            lambda: quick.isActiveWindow() and quick.prompt.editor.hasFocus() and seen.painted > 0,
            "the quick prompt did not come",
        )
        xcb.active()  # a question to the server comes back after all that it was to draw
        taken.append(time.perf_counter() - begun)
        _rest(app, _REST_S)
        quick.escape()
        _rest(app, _REST_S)
    quick.box.removeEventFilter(seen)
    return taken


def _found(app: QApplication, desktop: Desktop) -> list[float]:
    """With the pause after the last letter that the search waits for."""
    taken, heard = list[float](), list[int]()
    quick = desktop.quick
    quick.summon()
    quick.found.changed.connect(lambda: heard.append(1))
    for n in range(ROUNDS):
        quick.prompt.set_text("")
        _rest(app, _REST_S)
        heard.clear()
        begun = time.perf_counter()
        quick.prompt.set_text(f"harbour {n}")
        _until(app, lambda: bool(heard), "no results came")
        taken.append(time.perf_counter() - begun)
    return taken


def _figures(name: str, seconds: list[float]) -> Iterator[Figure]:
    yield Figure(name=f"{name}, median", value=statistics.median(seconds) * 1000, unit="ms")
    how = f"{len(seconds)} times"
    yield Figure(name=f"{name}, slowest", value=max(seconds) * 1000, unit="ms", how=how)


def _until(app: QApplication, done: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not done():
        if time.monotonic() > end:
            raise HomebodyError(otherwise, remedy="is there a window manager on this display?")
        app.processEvents()
        time.sleep(0.0005)


def _rest(app: QApplication, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        app.processEvents()
        time.sleep(0.005)
