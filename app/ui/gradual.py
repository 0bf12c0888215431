"""Many widgets put into a layout, a few each turn of the event loop: the window stays quick meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget

_SLICE = 0.012  # seconds of this thread: on a busy machine a list comes in as many pieces as on another


class Gradual(QObject):
    """What fits into one slice is there at once; a long list goes on below what can be seen."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._layout: QBoxLayout | None = None
        self._rest: Iterator[QWidget | QLayout] = iter(())
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._some)

    def fill(self, layout: QBoxLayout, parts: Iterable[QWidget | QLayout]) -> None:
        """``parts`` are made as they are put in. Whoever empties the layout calls ``stop`` before."""
        self._layout, self._rest = layout, iter(parts)
        self._some()

    def stop(self) -> None:
        self._timer.stop()
        self._layout, self._rest = None, iter(())

    def _some(self) -> None:
        until = time.thread_time() + _SLICE
        layout = self._layout
        for part in self._rest:
            if layout is None:
                return
            if isinstance(part, QLayout):
                layout.addLayout(part)
            else:
                layout.addWidget(part)
            if time.thread_time() >= until:
                self._timer.start()
                return
        self.stop()
