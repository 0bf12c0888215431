"""From processes to windows: the Qt application, the ear for a second start, and the event loop."""

from __future__ import annotations

import signal
import sys
from types import TracebackType

from PySide6.QtWidgets import QApplication

from app.core.errors import translate
from app.ui.desktop import Desktop, Start
from app.ui.single import Single
from app.workers.peer import Caller

__all__ = ["Start", "show"]


def show(engine: Caller, opener: Caller, start: Start) -> int:
    """Show the desktop app until the person quits; returns the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in the terminal ends it, as everybody expects
    app = QApplication(["homebody"])
    app.setApplicationName("Homebody")
    app.setDesktopFileName("homebody")
    single = Single(start.paths.socket("ui"))
    desktop = Desktop(app, engine, opener, start)
    _report_bugs(desktop)
    single.asked.connect(desktop.handle)
    desktop.begin()
    code = app.exec()
    single.close()
    return code


def _report_bugs(desktop: Desktop) -> None:
    """A bug in a window's code is shown and logged; the window lives on."""
    usual = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        usual(kind, error, trace)
        if isinstance(error, Exception):
            desktop.window.fail(translate(error))

    sys.excepthook = hook
