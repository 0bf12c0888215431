"""The caret stops blinking some seconds after the last key: a window at rest wakes nothing up."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

REST_MS = 10_000  # as GTK does it
_WAKES = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress)


class Caret(QObject):
    """Lives as long as the windows.

    Only the window with the keyboard is listened to: a filter of the whole program's events would be called
    for each of them, of which there are thousands where a page is shown.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app, self._usual = app, app.cursorFlashTime() or 1000
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.still)
        self._window: QWindow | None = None
        app.focusWindowChanged.connect(self._follow)
        self._follow(app.focusWindow())
        self._rest.start()

    def close(self) -> None:
        self._app.focusWindowChanged.disconnect(self._follow)
        self._follow(None)
        self._rest.stop()
        self._app.setCursorFlashTime(self._usual)

    def still(self) -> None:
        self._app.setCursorFlashTime(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _WAKES:
            self._wake()
        return False

    def _follow(self, window: QWindow | None) -> None:
        if self._window is not None and isValid(self._window):
            self._window.removeEventFilter(self)
        self._window = window
        if window is not None:
            window.installEventFilter(self)
            self._wake()

    def _wake(self) -> None:
        if not self._app.cursorFlashTime():
            self._app.setCursorFlashTime(self._usual)
        self._rest.start()
