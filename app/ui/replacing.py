"""Before words take the place of others in another program: what stands there now, and what will."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.ui.floating import lines
from app.ui.language import tr
from app.ui.text import visible
from app.ui.theme import theme
from app.ui.widgets import button, column, label, row

_MOST_WORDS = 2000  # that are compared; longer texts are shown as they are
_PARTS = re.compile(r"\s+|\S+")


class ReplaceBox(QWidget):
    """Two texts, the words that differ marked, and the two answers; nothing happens before one is given."""

    def __init__(self, old: str, new: str, where: str, done: Callable[[bool], None]) -> None:
        super().__init__()
        self.before, self.after = _shown(old, tr("As it is")), _shown(new, tr("As it will be"))
        self._mark(old, new)
        self.yes = button(tr("Replace"), lambda: done(True), "primary")
        self.no = button(tr("Cancel"), lambda: done(False))
        place = tr("Takes the place of the selection in {where}", where=where) if where else ""
        title = label(place or tr("Takes the place of the selection"), "small", wrap=True)
        self.setLayout(
            column(
                title,
                row(
                    column_of(label(tr("As it is"), "caps"), self.before),
                    column_of(label(tr("As it will be"), "caps"), self.after),
                    gap=10,
                ),
                row(1, self.no, self.yes, gap=6),
            )
        )

    def _mark(self, old: str, new: str) -> None:
        parts = (_PARTS.findall(visible(old)), _PARTS.findall(visible(new)))
        if max(map(len, parts)) > _MOST_WORDS:
            return
        for tag, a, b, c, d in SequenceMatcher(None, *parts, autojunk=False).get_opcodes():
            if tag != "equal":
                _colour(self.before, parts[0], a, b)
                _colour(self.after, parts[1], c, d)


def column_of(*parts: QWidget) -> QWidget:
    held = QWidget()
    held.setLayout(column(*parts, gap=4))
    return held


def _shown(text: str, name: str) -> QPlainTextEdit:
    box = QPlainTextEdit()
    box.setPlainText(visible(text))
    box.setReadOnly(True)
    box.setTabChangesFocus(True)
    box.setAccessibleName(name)
    box.setFixedHeight(lines(5))
    return box


def _colour(box: QPlainTextEdit, parts: list[str], first: int, last: int) -> None:
    form = QTextCharFormat()
    form.setBackground(QColor(theme.colours.mark))
    cursor = QTextCursor(box.document())
    cursor.setPosition(_length(parts[:first]))
    cursor.setPosition(_length(parts[:last]), QTextCursor.MoveMode.KeepAnchor)
    cursor.mergeCharFormat(form)


def _length(parts: list[str]) -> int:
    """As Qt counts: in UTF-16 units."""
    return len("".join(parts).encode("utf-16-le")) // 2
