"""The caret stops blinking some seconds after the last key: a window at rest wakes nothing up."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.ui.front import Front

REST_MS = 10_000  # as GTK does it
_WAKES = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.FocusIn)


class Caret(QObject):
    """Lives as long as the windows."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app, self._usual = app, app.cursorFlashTime() or 1000
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.still)
        self._rest.start()
        self._front = Front(app, self._heard)

    def close(self) -> None:
        self._front.close()
        self._rest.stop()
        self._app.setCursorFlashTime(self._usual)

    def still(self) -> None:
        self._app.setCursorFlashTime(0)

    def _heard(self, event: QEvent.Type) -> None:
        if event in _WAKES:
            if not self._app.cursorFlashTime():
                self._app.setCursorFlashTime(self._usual)
            self._rest.start()
