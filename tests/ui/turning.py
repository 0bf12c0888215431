"""Runs the event loop of a program that nobody runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


class Loop:
    """Turns of the event loop, until something is true or for a while."""

    PATIENCE_S = 60.0

    def __init__(self, app: Any) -> None:
        self.app = app

    def turn(self) -> None:
        """One turn, with the deletions that only a running ``exec`` does by itself."""
        from PySide6.QtCore import QEvent

        self.app.processEvents()
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def until(self, done: Callable[[], object], seconds: float = 0, what: str = "") -> None:
        """Raises AssertionError where it has not come true in that time, or in ``PATIENCE_S``."""
        seconds = seconds or self.PATIENCE_S
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.turn()
            if done():
                return
            time.sleep(0.01)
        raise AssertionError(f"waited {seconds:g} s for {what or done}")

    def for_(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.turn()
            time.sleep(0.01)
