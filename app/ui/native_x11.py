"""X11: the window in front by its properties, PRIMARY as the selection, Ctrl+V by XTEST."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRect
from PySide6.QtGui import QClipboard, QGuiApplication

from app.core.errors import Unsupported
from app.ui import xcb
from app.ui.native import MAX_CHARS, Place

_CONTROL, _KEY = 0xFFE3, {"copy": 0x63, "paste": 0x76}


class X11:
    """Implements :class:`~app.ui.native.Native`."""

    waits = False
    copies = False

    def front(self) -> Place:
        window = xcb.active()
        if not window:
            return Place()
        area = QRect(*xcb.geometry(window))
        return Place(xcb.title(window), xcb.program(window), window, area)

    def selected(self) -> str:
        clipboard = QGuiApplication.clipboard()
        return clipboard.text(QClipboard.Mode.Selection).strip()[:MAX_CHARS]

    def return_to(self, place: Place) -> None:
        if place.handle:
            xcb.activate(place.handle)

    def is_front(self, place: Place) -> bool:
        return xcb.active() == place.handle

    def press(self, what: Literal["copy", "paste"]) -> bool:
        try:
            xcb.press(_CONTROL, _KEY[what])
        except Unsupported:
            return False
        return True
