"""The messages of a conversation, one under the other; who reads above is never scrolled away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui.answer import AnswerView, Centred, QuestionView
from app.ui.language import tr
from app.ui.widgets import button, empty, row

WIDTH = 780
_NEAR = 24  # pixels from the end at which one is at the end


@dataclass
class Entry:
    """A question with its answer; ``at`` messages of the conversation were kept before it."""

    words: str
    question: QuestionView
    answer: AnswerView
    at: int


class Messages(QScrollArea):
    """``entries`` are those on the screen, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self._column = QVBoxLayout()
        self._column.setContentsMargins(24, 24, 24, 16)
        self._column.setSpacing(16)
        inner = QWidget()
        inner.setObjectName("column")
        inner.setLayout(self._column)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(Centred(inner, WIDTH))
        self.setAccessibleName(tr("Conversation"))
        bar = self.verticalScrollBar()
        self._at_end = True
        bar.valueChanged.connect(lambda value: self._remember_place(value, bar.maximum()))
        bar.rangeChanged.connect(lambda _low, high: bar.setValue(high) if self._at_end else None)
        self.clear()

    def clear(self) -> None:
        self.entries.clear()
        empty(self._column)
        self._column.addStretch(1)

    def welcome(self, layout: QLayout) -> None:
        self.clear()
        self._column.insertLayout(0, layout)

    def add(self, words: str, answer: AnswerView, *, at: int) -> Entry:
        entry = Entry(words, QuestionView(words), answer, at)
        self._insert(entry.question)
        self.place(answer)
        self.entries.append(entry)
        return entry

    def place(self, answer: AnswerView) -> None:
        """An answer without a question here."""
        answer.grown.connect(self._follow)
        self._insert(answer)

    def drop(self, first: Entry) -> None:
        """This entry and what is under it."""
        at = self._column.indexOf(first.question)
        while self._column.count() > at + 1:  # the stretch stays
            item = self._column.takeAt(at)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        del self.entries[self.entries.index(first) :]

    def offer_earlier(self, more: Callable[[], None]) -> None:
        """Above all: a way to the messages before."""
        holder = QWidget()
        holder.setLayout(row(1, button(tr("Show earlier messages"), more, "flat"), 1))
        self._column.insertWidget(0, holder)

    def to_end(self) -> None:
        self._at_end = True
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _insert(self, widget: QWidget) -> None:
        self._column.insertWidget(self._column.count() - 1, widget)

    def _remember_place(self, value: int, maximum: int) -> None:
        self._at_end = value >= maximum - _NEAR

    def _follow(self) -> None:
        """Growing text moves the view only for someone who is at its end."""
        if self._at_end:
            self.to_end()
