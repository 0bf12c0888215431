"""Wayland: the selection by wl-clipboard where it is installed, keys by wtype; no window tells of another.

A client may read PRIMARY only while it has the keyboard; unfocused it silently reads nothing. wl-paste has
the privileged protocol for it (wlr-data-control) on sway, Hyprland and KDE, and else shows a window of its
own for a moment.
"""

from __future__ import annotations

import shutil
import subprocess
from typing import Literal

from app.ui.native import MAX_CHARS, Place

_PATIENCE = 1.5  # seconds
_PAUSE_MS = "80"  # wtype's keyboard is a new one: programs drop its keys until they have its keymap
_NOTHING = (b"Nothing is copied", b"No selection", b"No suitable type", b"not available as requested")


class Wayland:
    """Implements :class:`~app.ui.native.Native`."""

    waits = True
    copies = False

    def front(self) -> Place:
        return Place()

    def selected(self) -> str | None:
        if (command := shutil.which("wl-paste")) is None:
            return None
        try:
            done = subprocess.run(
                [command, "--primary", "--no-newline", "--type", "text/plain;charset=utf-8"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_PATIENCE,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        if done.returncode == 0:
            return done.stdout[: MAX_CHARS * 4].decode("utf-8", "replace").strip()[:MAX_CHARS]
        return "" if any(words in done.stderr for words in _NOTHING) else None

    def return_to(self, place: Place) -> None:
        """The compositor gives the keyboard back by itself once our window is hidden."""

    def is_front(self, place: Place) -> bool:
        return True

    def press(self, what: Literal["copy", "paste"]) -> bool:
        """By the virtual keyboard of wlroots' compositors."""
        if (command := shutil.which("wtype")) is None:
            return False
        pause = ["-s", _PAUSE_MS]
        keys = [command, *pause, "-M", "ctrl", "-k", {"copy": "c", "paste": "v"}[what], "-m", "ctrl", *pause]
        try:
            done = subprocess.run(
                keys, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0
