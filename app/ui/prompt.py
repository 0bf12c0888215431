"""The question box: Enter sends, Shift+Enter makes a line, Up brings earlier questions back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QPushButton

from app.ui.language import tr
from app.ui.theme import icon
from app.ui.widgets import dress, icon_button, row

_LINES = 7  # the box grows to so many lines, then it scrolls
_KEPT = 100
_MARGIN = 3  # px


class Editor(QPlainTextEdit):
    """A growing plain-text field that tells Enter from Shift+Enter."""

    sent = Signal()
    acted = Signal()
    tabbed = Signal()
    focused = Signal(bool)

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self.enter_sends = True
        self.tab_acts = False
        self.history: list[str] = []
        # Whoever shows something to choose from below the box takes the arrows and Enter first.
        self.step: Callable[[int], bool] = lambda _: False
        self.choose: Callable[[], bool] = lambda: False
        self._at = 0
        self._draft = ""
        self._hint = placeholder
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(_MARGIN)
        self.textChanged.connect(self._fit)
        self._fit()

    def remember(self, text: str) -> None:
        if text and text not in self.history[-1:]:
            self.history = [*self.history, text][-_KEPT:]
        self._at = len(self.history)

    def forget(self) -> None:
        """Neither words nor earlier ones, nor what undo would bring back."""
        self.history, self._at, self._draft = [], 0, ""
        self.setPlainText("")

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab comes here before it comes as a key."""
        if forward and self.tab_acts and self.toPlainText().strip():
            self.tabbed.emit()
            return True
        return super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.acted.emit()
            elif not shift and self.choose():
                pass
            elif shift != self.enter_sends:
                self.sent.emit()
            else:
                self.insertPlainText("\n")
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._at_edge(key):
            self._go(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Pasted or dropped: its text only, never a file or an image."""
        self.insertPlainText(source.text())

    def sizeHint(self) -> QSize:
        return QSize(400, self.height())

    def _at_edge(self, key: int) -> bool:
        """Up leaves the box only from its first line, Down only from its last."""
        line = self.textCursor().blockNumber()
        return line == (0 if key == Qt.Key.Key_Up else self.blockCount() - 1)

    def _go(self, step: int) -> None:
        """Through what is below the box; and through earlier questions, from which Down leads back first."""
        if (step > 0 and self._at < len(self.history)) or not self.step(step):
            self._recall(step)

    def _recall(self, step: int) -> None:
        at = self._at + step
        if not 0 <= at <= len(self.history):
            return
        if self._at == len(self.history):
            self._draft = self.toPlainText()
        self._at = at
        self.setPlainText(self.history[at] if at < len(self.history) else self._draft)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def _fit(self) -> None:
        lines = min(_LINES, max(1, int(self.document().size().height())))
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if lines == _LINES else policy.ScrollBarAlwaysOff
        )
        self.setFixedHeight(round(lines * self.fontMetrics().lineSpacing() + 10))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What the empty box says is one line, as the box is."""
        super().resizeEvent(event)
        room = self.viewport().width() - 2 * _MARGIN
        self.setPlaceholderText(self.fontMetrics().elidedText(self._hint, Qt.TextElideMode.ElideRight, room))
        self._fit()


class Prompt(QFrame):
    """The box with its button, which is Send, or Stop while an answer streams."""

    sent = Signal(str)
    acted = Signal(str)
    stopped = Signal()

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self.setObjectName("prompt")
        self.editor = Editor(placeholder)
        self.streaming = False
        self.send_button: QPushButton = icon_button("send", tr("Send (Enter)"), self._press, "send")
        self.setLayout(row(self.editor, self.send_button, margins=(16, 8, 8, 8), gap=8))
        layout = self.layout()
        assert layout is not None
        layout.setAlignment(self.send_button, Qt.AlignmentFlag.AlignBottom)
        layout.setAlignment(self.editor, Qt.AlignmentFlag.AlignVCenter)
        self.setFocusProxy(self.editor)
        self.editor.sent.connect(self.submit)
        self.editor.acted.connect(lambda: self._take(self.acted))
        self.editor.focused.connect(self._glow)
        self.editor.textChanged.connect(self.arm)
        self.arm()

    def text(self) -> str:
        return self.editor.toPlainText()

    def set_text(self, text: str) -> None:
        self.editor.setPlainText(text)
        self.editor.moveCursor(QTextCursor.MoveOperation.End)

    def set_streaming(self, streaming: bool) -> None:
        self.streaming = streaming
        name = tr("Stop (Esc)") if streaming else tr("Send (Enter)")
        dress(self.send_button, "stop" if streaming else "send", "on_accent")
        self.send_button.setToolTip(name)
        self.send_button.setAccessibleName(name)
        self.arm()

    def submit(self) -> None:
        self._take(self.sent)

    def _take(self, signal: SignalInstance) -> None:
        text = self.text().strip()
        if self.streaming or not text:
            return
        self.editor.remember(text)
        self.editor.clear()
        signal.emit(text)

    def _press(self) -> None:
        if self.streaming:
            self.stopped.emit()
        else:
            self.submit()

    def arm(self) -> None:
        """The button is live only when pressing it does something."""
        on = self.streaming or bool(self.text().strip())
        self.send_button.setEnabled(on)
        if not on:
            self.send_button.setIcon(icon("send", "muted"))
        elif not self.streaming:
            self.send_button.setIcon(icon("send", "on_accent"))

    def _glow(self, active: bool) -> None:
        self.setProperty("active", active)
        self.style().polish(self)
