"""From processes to windows: the Qt application, the ear for a second start, and the event loop."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType

from PySide6.QtWidgets import QApplication

from app.core.errors import translate
from app.ui.desktop import Desktop, Start
from app.ui.single import Single
from app.workers.handover import Request
from app.workers.peer import Caller

__all__ = ["Start", "show"]


def show(engine: Caller, opener: Caller, start: Start) -> int:
    """Show the desktop app until the person quits; returns the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in the terminal ends it, as everybody expects
    app = QApplication(["homebody"])
    app.setApplicationName("Homebody")
    app.setDesktopFileName("homebody")
    single = Single(start.paths.socket("ui"))
    usual, page = sys.excepthook, ""
    while True:
        desktop = Desktop(app, engine, opener, start)
        _report_bugs(desktop, usual)
        single.asked.connect(desktop.handle)
        desktop.begin()
        if page:
            desktop.window.show_page(page)
        code = app.exec()
        single.asked.disconnect(desktop.handle)
        if not desktop.again:
            break
        start, page = replace(start, request=Request()), "settings"  # where the language was chosen
    single.close()
    return code


def _report_bugs(desktop: Desktop, usual: Callable[..., object]) -> None:
    """A bug in a window's code is shown and logged; the window lives on."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        usual(kind, error, trace)
        if isinstance(error, Exception):
            desktop.window.fail(translate(error))

    sys.excepthook = hook
