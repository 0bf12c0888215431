"""A text the model wrote, in the person's hands: edited in place, kept, and learned from where they like."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from app.ui.language import mark, tr
from app.ui.widgets import button, column, row

LEARN = mark("Learn from what I change. It stays on this computer, encrypted.")
_LINES, _MOST = 4, 16


class Words(QPlainTextEdit):
    """As high as its text, within limits; Tab leaves it."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.setPlainText(text)
        self.textChanged.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        lines = max(_LINES, min(_MOST, self.document().blockCount() + len(self.toPlainText()) // 80))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 24)


class LearnBox(QCheckBox):
    """Asks once: shown only while the person has not said whether they want it."""

    def __init__(self, asks: bool) -> None:
        super().__init__(tr(LEARN))
        self.setObjectName("learn")
        self.setAccessibleName(tr(LEARN))
        self.setChecked(asks)
        self.setVisible(asks)
        self.asks = asks

    @property
    def wanted(self) -> bool:
        return self.asks and self.isChecked()


class EditBox(QWidget):
    """The text with Keep and Cancel; Esc cancels, Ctrl+Enter keeps."""

    def __init__(self, text: str, asks: bool, keep: Callable[[str, bool], None]) -> None:
        super().__init__()
        self._keep = keep
        self.words = Words(text, tr("The text, to be edited"))
        self.learn = LearnBox(asks)
        self.keep_button = button(tr("Keep"), self._kept, "primary")
        self.cancel_button = button(tr("Cancel"), self.cancel)
        self.setLayout(
            column(self.words, self.learn, row(self.keep_button, self.cancel_button, 1, gap=6), gap=8)
        )

    def cancel(self) -> None:
        self._keep("", False)

    def event(self, event: QEvent) -> bool:
        """Esc is ours while the person edits: the window would go back."""
        shortcut = event.type() == QEvent.Type.ShortcutOverride
        if shortcut and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        elif (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._kept()
        else:
            super().keyPressEvent(event)

    def _kept(self) -> None:
        self._keep(self.words.toPlainText().strip(), self.learn.wanted)
