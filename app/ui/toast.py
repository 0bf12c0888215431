"""A short message at the foot of the window, with something one can do about it."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QWidget

from app.core.errors import HomebodyError
from app.ui.aloud import announce
from app.ui.language import tr
from app.ui.text import visible, wrappable
from app.ui.widgets import button, column, label, row, sentence

_WIDTH = 480
_SHOWN_MS = 5000
_ACTION_MS = 12000
_SAME = 3.0  # seconds within which the same message is said once


class Toast(QFrame):
    """One at a time, over ``host``; a newer one takes the place of an older one."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setObjectName("toast")
        self.setAccessibleName(tr("Message"))
        self.text = label("", wrap=True)
        self.text.setMaximumWidth(_WIDTH)
        self._buttons = row(gap=6)
        self.setLayout(column(row(self.text, margins=(0, 0, 0, 0)), self._buttons, margins=(16, 12, 12, 12)))
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self._last = ("", 0.0)
        host.installEventFilter(self)
        self.hide()

    def say(self, text: str, *actions: tuple[str, Callable[[], object]], urgent: bool = False) -> None:
        """``actions`` are (name, what it does); the message goes once one is chosen."""
        if (text, True) == (self._last[0], time.monotonic() - self._last[1] < _SAME):
            return
        self._last = (text, time.monotonic())
        self.text.setText(wrappable(visible(text)))
        longest = max(self.text.fontMetrics().horizontalAdvance(line) for line in text.splitlines() or [""])
        self.text.setMinimumWidth(min(longest + 4, _WIDTH))
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if actions:
            self._buttons.addStretch(1)
        for name, do in actions:
            self._buttons.addWidget(button(name, partial(self._choose, do)))
        self.show()
        self._place()
        self.raise_()
        self._timer.start(_ACTION_MS if actions else _SHOWN_MS)
        announce(self, ". ".join((text, *(name for name, _ in actions))), urgent=urgent)

    def fail(self, error: HomebodyError, retry: Callable[[], object] | None = None) -> None:
        actions: list[tuple[str, Callable[[], object]]] = []
        if retry is not None:
            actions.append((tr("Retry"), retry))
        details = f"{type(error).__name__}: {error}"
        actions.append((tr("Copy details"), lambda: QGuiApplication.clipboard().setText(details)))
        self.say(sentence(error), *actions, urgent=True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _choose(self, do: Callable[[], object]) -> None:
        self.hide()
        do()

    def _place(self) -> None:
        host = self.parentWidget()
        assert host is not None
        self.setMaximumWidth(max(240, host.width() - 48))
        self.adjustSize()
        self.move((host.width() - self.width()) // 2, host.height() - self.height() - 164)
