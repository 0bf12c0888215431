"""What the person does in the window of ours that has the keyboard, whichever that is at the moment."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication
from shiboken6 import isValid


class Front(QObject):
    """``heard`` is told the type of each event, and FocusIn where the keyboard goes elsewhere of ours.

    Only that window, and the widget that is typed into, are listened to: a filter of the whole program's
    events would be called for each of them, of which there are thousands where a page is shown.
    """

    def __init__(self, app: QGuiApplication, heard: Callable[[QEvent.Type], object]) -> None:
        super().__init__()
        self._app, self._heard = app, heard
        self._to: list[QObject] = []
        app.focusObjectChanged.connect(self._follow)  # also where the window is another
        self._follow(app.focusObject())

    def close(self) -> None:
        self._app.focusObjectChanged.disconnect(self._follow)
        self._listen([])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self._heard(event.type())
        return False

    def _follow(self, typed_into: QObject | None) -> None:
        window = self._app.focusWindow()
        self._listen([each for each in (window, typed_into) if each is not None])
        if window is not None:
            self._heard(QEvent.Type.FocusIn)

    def _listen(self, to: list[QObject]) -> None:
        for each in self._to:
            if isValid(each):
                each.removeEventFilter(self)
        self._to = to
        for each in to:
            each.installEventFilter(self)
