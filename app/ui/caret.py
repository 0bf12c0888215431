"""The caret stops blinking some seconds after the last key: a window at rest wakes nothing up."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

REST_MS = 10_000  # as GTK does it
_WAKES = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.WindowActivate)


class Caret(QObject):
    """Lives as long as the windows."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app, self._usual = app, app.cursorFlashTime() or 1000
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.still)
        self._rest.start()
        app.installEventFilter(self)

    def close(self) -> None:
        self._app.removeEventFilter(self)
        self._rest.stop()
        self._app.setCursorFlashTime(self._usual)

    def still(self) -> None:
        self._app.setCursorFlashTime(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _WAKES:
            if not self._app.cursorFlashTime():
                self._app.setCursorFlashTime(self._usual)
            self._rest.start()
        return False
