"""The global hotkeys, by the way this desktop offers; a conflict is told, and where there is no way, too."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from app.core.errors import HomebodyError, Unsupported
from app.ui.hotkey_portal import PortalHotkeys
from app.ui.hotkey_x11 import X11Hotkey

SELECTION, QUICK, SCREEN = "selection", "quick", "screen"
COMMANDS = {  # what a key can be bound to where no program may take one
    SELECTION: "homebody --summarize-selection",
    QUICK: "homebody --quick",
    SCREEN: "homebody --read-screen",
}


class One(Protocol):
    """One key, taken from the system."""

    def register(self, keys: str) -> None:
        """Take ``keys`` instead of those before (empty: none). Raises HomebodyError and why."""
        ...

    def close(self) -> None: ...


class Hotkeys(QObject):
    """Every key by its name; ``register`` may be called again whenever the person changes one."""

    pressed = Signal(str, str)  # name, and the token with which our window may take the keyboard (Wayland)
    failed = Signal(str, object)  # name (empty: all of them), HomebodyError
    bound = Signal(object)  # {name: keys}, as the desktop says them

    def __init__(self) -> None:
        super().__init__()
        self._keys: dict[str, One] = {}
        self._said: dict[str, str] = {}
        self._portal: PortalHotkeys | None = None

    def register(self, wanted: Mapping[str, tuple[str, str]]) -> None:
        """``wanted``: name → (keys such as ``Ctrl+Alt+S``, what it does); those not changed stay as they are.

        A key that cannot be had is told by ``failed``; the others work.
        """
        if _portals():
            self._ask_portal(wanted)
            return
        for name, (keys, _) in wanted.items():
            if self._said.get(name) == keys:
                continue
            self._said[name] = keys
            try:
                self._one(name).register(keys)
            except HomebodyError as error:
                self.failed.emit(name, error)

    def held(self, name: str) -> str:
        """The keys that were last asked for under ``name``."""
        return self._said.get(name, "")

    def close(self) -> None:
        for one in self._keys.values():
            one.close()
        self._keys.clear()
        self._said.clear()
        if self._portal is not None:
            self._portal.close()

    def _one(self, name: str) -> One:
        if name not in self._keys:
            self._keys[name] = _made(partial(self._press, name))
        return self._keys[name]

    def _press(self, name: str) -> None:
        self.pressed.emit(name, "")

    def _ask_portal(self, wanted: Mapping[str, tuple[str, str]]) -> None:
        said = {name: keys for name, (keys, _) in wanted.items()}
        if said == self._said:
            return
        self._said = said
        if self._portal is None:
            self._portal = PortalHotkeys()
            self._portal.pressed.connect(self.pressed)
            self._portal.failed.connect(partial(self.failed.emit, ""))
            self._portal.bound.connect(self.bound)
        try:
            self._portal.register({name: value for name, value in wanted.items() if value[0]})
        except HomebodyError as error:
            self.failed.emit("", error)


def needs_binding(error: HomebodyError) -> bool:
    """Whether only the desktop's own settings can give us a key."""
    return isinstance(error, Unsupported)


def _portals() -> bool:
    return sys.platform == "linux" and QGuiApplication.platformName().startswith("wayland")


def _made(pressed: Callable[[], None]) -> One:
    if sys.platform == "win32":
        from app.ui.hotkey_windows import WindowsHotkey

        return WindowsHotkey(pressed)
    if sys.platform == "darwin":
        from app.ui.hotkey_macos import MacHotkey

        return MacHotkey(pressed)
    if QGuiApplication.platformName() != "xcb":
        raise Unsupported("this desktop lets no program take a hotkey", where=QGuiApplication.platformName())
    return X11Hotkey(pressed)
