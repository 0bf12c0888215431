"""The text that is selected in whatever program the person is in."""

from __future__ import annotations

from PySide6.QtGui import QClipboard, QGuiApplication

MAX_CHARS = 200_000


def selected_text() -> str:
    """PRIMARY where the desktop has it (X11), else what was copied last; empty where there is none."""
    clipboard = QGuiApplication.clipboard()
    mode = QClipboard.Mode.Selection if clipboard.supportsSelection() else QClipboard.Mode.Clipboard
    return clipboard.text(mode).strip()[:MAX_CHARS]
