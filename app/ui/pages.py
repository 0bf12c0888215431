"""What the pages beside the conversation have in common: a title, a line of text, a scrolling body."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui.answer import Centred
from app.ui.widgets import beside, column, label, row

WIDTH = 820


class Shown(QWidget):
    """A page of the window."""

    failed = Signal(object, object)  # HomebodyError, what to call to try again

    def refresh(self) -> None:
        """Called each time the page is shown."""

    def settle(self) -> None:
        """Lay out at once what was just put in: a long page is not to be seen squeezed for long.

        Qt shows the widgets of a layout with the next turn of the event loop, and only then lays them out.
        """
        QTimer.singleShot(0, self, self._settled)

    def _settled(self) -> None:
        QCoreApplication.sendPostedEvents(self, QEvent.Type.LayoutRequest.value)
        for each in self.findChildren(QWidget):
            QCoreApplication.sendPostedEvents(each, QEvent.Type.LayoutRequest.value)

    def enter(self) -> None:
        """And then, to put the focus where the person goes on."""

    def clear(self) -> None:
        """What stands here was in a store that is locked now."""

    def retint(self) -> None:
        """What is drawn follows a change of theme."""


class Page(Shown):
    """``body`` is the column the page fills; ``actions`` stand beside its title."""

    def __init__(self, title: str, text: str, *actions: QWidget) -> None:
        super().__init__()
        self.setObjectName("page")
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self._top: QBoxLayout = row(label(title, "title"), 1, *actions)
        inner = QWidget()
        inner.setObjectName("column")
        whole = column(margins=(32, 32, 32, 32), gap=10)
        whole.addLayout(self._top)
        if text:
            whole.addWidget(label(text, "muted", wrap=True))
        whole.addSpacing(10)
        whole.addLayout(self.body)
        whole.addStretch(1)
        inner.setLayout(whole)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(Centred(inner, WIDTH))
        self.setLayout(column(area, gap=0))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._top.setDirection(beside())
