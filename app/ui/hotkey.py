"""The global hotkey, by the way this desktop offers; where it offers none, the command to bind."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication

from app.core.errors import HomebodyError, Unsupported
from app.ui.hotkey_x11 import X11Hotkey

COMMAND = "homebody --summarize-selection"


class Hotkey:
    """One key for the whole desktop; ``register`` may be called again with another one."""

    def __init__(self, pressed: Callable[[], None]) -> None:
        self._pressed = pressed
        self._x11: X11Hotkey | None = None

    def register(self, keys: str) -> None:
        """Raises HomebodyError saying why not, and what to do instead."""
        if not keys and self._x11 is None:
            return
        if QGuiApplication.platformName() != "xcb":
            raise Unsupported(
                "this desktop lets no program take a hotkey by itself",
                where=QGuiApplication.platformName(),
                remedy=f"bind a key to the command “{COMMAND}” in the desktop's keyboard settings",
            )
        if self._x11 is None:
            self._x11 = X11Hotkey(self._pressed)
        self._x11.register(keys)

    def close(self) -> None:
        if self._x11 is not None:
            self._x11.close()
            self._x11 = None


def needs_binding(error: HomebodyError) -> bool:
    return isinstance(error, Unsupported)
