"""What the store holds for words that are being typed: a few results below them, chosen with the arrows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.core.api import Verbs
from app.core.types import Hit
from app.ui.cards import Source, from_hit, kind_icon
from app.ui.language import tr
from app.ui.session import Session
from app.ui.text import one_line
from app.ui.theme import pixmap, theme
from app.ui.widgets import day

MOST = 6
_DEBOUNCE_MS = 90  # between a letter and the search: less than the pause of a slow typist
_LEAST = 2  # letters
_PAD, _ICON = 10, 18


class FoundList(QListWidget):
    """Searches by words alone, which waits for no other process; the newest words win."""

    chosen = Signal(object)  # Source
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._words = ""
        self._sent = 0
        self.setAccessibleName(tr("Found so far"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrows come from the question box
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setItemDelegate(_Rows(self))
        self._later = QTimer(self, singleShot=True, interval=_DEBOUNCE_MS)
        self._later.timeout.connect(self._search)
        self.itemClicked.connect(lambda _: self.open_marked())
        self.hide()

    def look_for(self, words: str) -> None:
        words = " ".join(words.split())
        if words == self._words:
            return
        self._words = words
        self._sent += 1  # what was asked before is of no interest
        if len(words) < _LEAST:
            self.show_hits(())
        else:
            self._later.start()

    def stop(self) -> None:
        """Neither results nor a search under way."""
        self._later.stop()
        self._sent += 1
        self._words = ""
        self.show_hits(())

    def show_hits(self, hits: Sequence[Hit]) -> None:
        self.clear()
        for n, hit in enumerate(hits, 1):
            source = from_hit(hit, n)
            about = " · ".join(part for part in (one_line(source.person, 60), day(source.when)) if part)
            parts = (one_line(source.title), about, one_line(source.quote, 200))
            item = QListWidgetItem(", ".join(part for part in parts if part))  # what is read aloud
            item.setData(Qt.ItemDataRole.UserRole, (source, *parts))
            self.addItem(item)
        self.setCurrentRow(-1)
        self.setFixedHeight(sum(self.sizeHintForRow(n) for n in range(self.count())))
        self.setVisible(bool(hits))
        self.changed.emit()

    def move_mark(self, step: int) -> bool:
        """Up or down; past the first one nothing is marked. False where there is nothing to move to."""
        row = self.currentRow() + step
        if not self.isVisible() or row < -1 or (step < 0 and self.currentRow() < 0):
            return False
        self.setCurrentRow(min(row, self.count() - 1))
        if row < 0:
            self.clearSelection()
        return True

    @property
    def marked(self) -> Source | None:
        item = self.currentItem() if self.isVisible() and self.currentRow() >= 0 else None
        return item.data(Qt.ItemDataRole.UserRole)[0] if item is not None else None

    def open_marked(self) -> None:
        if (source := self.marked) is not None:
            self.chosen.emit(source)

    def _search(self) -> None:
        number = self._sent

        def take(hits: tuple[Hit, ...]) -> None:
            if number == self._sent:
                self.show_hits(hits)

        self.session.run(Verbs.search, take, lambda _: take(()), query=self._words, k=MOST, words=True)


class _Rows(QStyledItemDelegate):
    """Kind, title, person and day on one line; the passage below."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, 2 * option.fontMetrics.lineSpacing() + 2 * _PAD - 4)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        source, title, about, quote = index.data(Qt.ItemDataRole.UserRole)
        area: QRect = option.rect
        state: Any = option.state
        painter.save()
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            marked = bool(state & QStyle.StateFlag.State_Selected)
            painter.setBrush(theme.colours.soft if marked else theme.colours.hover)
            painter.drawRoundedRect(area, 8, 8)
        painter.drawPixmap(area.left() + _PAD, area.top() + _PAD, pixmap(kind_icon(source.kind), _ICON))
        left, width = area.left() + _PAD + _ICON + 10, area.width() - 2 * _PAD - _ICON - 10
        line = option.fontMetrics.lineSpacing()
        top = QRect(left, area.top() + _PAD - 2, width, line)
        beside = option.fontMetrics.horizontalAdvance(about)
        strong = QFont(painter.font())
        strong.setWeight(QFont.Weight.DemiBold)
        _line(painter, top.adjusted(0, 0, -beside - 16, 0), title, strong, theme.colours.text)
        usual = QFont(option.font)
        _line(painter, top.adjusted(width - beside - 2, 0, 0, 0), about, usual, theme.colours.muted)
        _line(painter, top.translated(0, line), quote, usual, theme.colours.muted)
        painter.restore()


def _line(painter: QPainter, area: QRect, text: str, font: QFont, colour: str) -> None:
    painter.setFont(font)
    painter.setPen(colour)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
