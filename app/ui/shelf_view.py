"""How a shelf looks: lines, a timeline with days, or a grid of photos; drawn, so length costs nothing."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.core.library import Row
from app.ui.cards import kind_icon
from app.ui.language import mirrored, number, tr
from app.ui.pictures import Thumbnails
from app.ui.shelf_model import HEADING, ROW, ShelfModel
from app.ui.text import one_line
from app.ui.theme import pixmap, theme
from app.ui.widgets import day, short_person

Index = QModelIndex | QPersistentModelIndex
_PAD, _ICON, _GAP = 12, 18, 12
_TILE, _SIGN = 168, 32
_WIDE = 560  # from which a line has room for a person beside the title


class Lines(QStyledItemDelegate):
    """One line an item; with ``times``, under headings of days, its time of day instead of its date."""

    def __init__(self, parent: QWidget, *, times: bool) -> None:
        super().__init__(parent)
        self._times = times

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setFont(_font(option))
        area = _rect(option)
        if heading := index.data(HEADING):
            font = QFont(painter.font())
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(QColor(theme.colours.muted))
            room = area.adjusted(_PAD, 0, -_PAD, -6)
            painter.drawText(room, int(_start() | Qt.AlignmentFlag.AlignBottom), heading)
        else:
            _ground(painter, option, area)
            row = index.data(ROW)
            if row is None:
                painter.setPen(QColor(theme.colours.faint))
                painter.drawText(area.adjusted(_PAD, 0, 0, 0), int(_start() | _middle()), "…")
            else:
                self._line(painter, area, row)
        painter.restore()

    def _line(self, painter: QPainter, area: QRect, row: Row) -> None:
        room = _with_icon(painter, area, row)
        if self._times:
            room = _right(painter, room, clock(row), max("00:00", tr("all day"), key=len))
        else:
            room = _right(painter, room, day(row.when), "00 Mmmm 0000")
        if row.count > 1:
            room = _right(painter, room, number(row.count), "0000")
        who = one_line(short_person(row.people), 60) or one_line(row.place, 60)
        if area.width() >= _WIDE and who:
            half = QRect(room)
            half.setLeft(room.right() - room.width() * 3 // 10)
            _words(painter, half, who, theme.colours.muted)
            room.setRight(half.left() - _GAP)
        _words(painter, room, one_line(row.title) or tr("Untitled"), theme.colours.text)


class Tiles(QStyledItemDelegate):
    """A photo with its name under it."""

    def __init__(self, parent: QWidget, thumbnails: Thumbnails) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setFont(_font(option))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = _rect(option).adjusted(4, 4, -4, -4)
        row = index.data(ROW)
        if row is not None:
            _ground(painter, option, area)
        high = painter.fontMetrics().height()
        frame = area.adjusted(6, 6, -6, -2 * high - 8)
        if row is not None:
            self._picture(painter, frame, row)
            names = QRect(area.left() + 8, frame.bottom() + 4, area.width() - 16, high)
            _words(painter, names, one_line(row.place or row.title, 80), theme.colours.text)
            _words(painter, names.translated(0, high), day(row.when), theme.colours.muted)
        painter.restore()

    def _picture(self, painter: QPainter, frame: QRect, row: Row) -> None:
        shown = self._thumbnails.get(row.uri) if row.kind == "photo" else None
        if shown is None:
            self._poster(painter, frame, row)
            return
        seen = frame.size().scaled(shown.size(), Qt.AspectRatioMode.KeepAspectRatio)
        part = QRect(shown.rect().topLeft(), seen)
        part.moveCenter(shown.rect().center())
        painter.drawPixmap(frame, shown, part)

    def _poster(self, painter: QPainter, frame: QRect, row: Row) -> None:
        """What stands for a picture that is not there: its sign, and how long a video plays."""
        painter.fillRect(frame, QColor(theme.colours.raised))
        length = playing(row.seconds) if row.kind == "video" and row.seconds else ""
        line = painter.fontMetrics().height()
        top = frame.center().y() - (_SIGN + (line + 4 if length else 0)) // 2
        left = frame.center().x() - _SIGN // 2
        painter.drawPixmap(left, top, _SIGN, _SIGN, pixmap(kind_icon(row.kind), _SIGN))
        if length:
            painter.setPen(QColor(theme.colours.muted))
            below = QRect(frame.left(), top + _SIGN + 4, frame.width(), line)
            painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), length)


class ShelfView(QTableView):
    """The list itself. ``chosen`` with Enter or a click, ``looked`` at as the person goes through it."""

    chosen = Signal(object)  # Row
    looked = Signal(object)  # Row
    month = Signal(int)  # one earlier or later: Ctrl with Page Down or Page Up
    typed = Signal(str)  # a letter goes to the filter

    def __init__(self, model: ShelfModel, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("shelf")
        self._pause = QTimer(self, singleShot=True, interval=120)
        self._pause.timeout.connect(self._look)
        self.shelf = model
        self.setModel(model)
        self._thumbnails = thumbnails
        self._grid = False
        self._plain()
        self._lines, self._days = Lines(self, times=False), Lines(self, times=True)
        self._tiles = Tiles(self, thumbnails)
        self.clicked.connect(self._choose)
        thumbnails.came.connect(lambda _: self.viewport().update() if self.isVisible() else None)
        self.arrange("list")

    def _plain(self) -> None:
        """None of what makes a table of it."""
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Items"))
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.hide()
            header.setMinimumSectionSize(8)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def arrange(self, mode: str) -> None:
        """``mode`` is list | timeline | photos."""
        self._grid = mode == "photos"
        self.setItemDelegate({"photos": self._tiles, "timeline": self._days}.get(mode, self._lines))
        self._fit()

    def _fit(self) -> None:
        """Columns as wide as there is room for, lines as high as the text is."""
        line = self.fontMetrics().height()
        self.verticalHeader().setDefaultSectionSize(_TILE + 2 * line + 8 if self._grid else line + 16)
        across = self.horizontalHeader()
        if self._grid:
            across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            across.setDefaultSectionSize(_TILE)
            self.shelf.widen(max(1, self.viewport().width() // _TILE))
            for column in range(across.count()):  # the first was as wide as a line
                across.resizeSection(column, _TILE)
        else:
            self.shelf.widen(1)
            across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def row(self) -> Row | None:
        found = self.currentIndex().data(ROW) if self.currentIndex().isValid() else None
        return found if isinstance(found, Row) else None

    def go(self, line: int) -> None:
        """To the top with it."""
        shelf = self.shelf
        if 0 <= line < shelf.lines:
            place = shelf.place_of(line)
            self.setCurrentIndex(place if shelf.flags(place) else shelf.place_of(line + 1))
            self.scrollTo(place, QTableView.ScrollHint.PositionAtTop)

    def line_in_view(self) -> int:
        """The first of those that can be seen."""
        index = self.indexAt(self.viewport().rect().topLeft() + QPoint(4, 4))
        return self.shelf.line(index) if index.isValid() else -1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        key = event.key()
        if control and key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.month.emit(1 if key == Qt.Key.Key_PageUp else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentIndex())
        elif event.text().isprintable() and event.text().strip() and not control:
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._pause.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_tiles"):
            self._fit()

    def _choose(self, index: Index) -> None:
        row = index.data(ROW) if index.isValid() else None
        if isinstance(row, Row):
            self._pause.stop()
            self.chosen.emit(row)

    def _look(self) -> None:
        if (row := self.row()) is not None and self.hasFocus():
            self.looked.emit(row)


def clock(row: Row) -> str:
    """The time of day here; midnight is what has a date alone, but for an event, which says so itself."""
    if row.all_day:
        return tr("all day")
    local = row.when.astimezone() if row.when is not None and row.when.tzinfo else row.when
    timed = local is not None and (row.kind == "event" or local.hour or local.minute)
    return f"{local:%H:%M}" if timed else ""


def playing(seconds: int) -> str:
    """``2:05`` or ``1:02:05``, as players write it."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _font(option: QStyleOptionViewItem) -> QFont:
    return option.font


def _rect(option: QStyleOptionViewItem) -> QRect:
    return QRect(option.rect)


def _ground(painter: QPainter, option: QStyleOptionViewItem, area: QRect) -> None:
    state = option.state
    colours = theme.colours
    chosen = state & QStyle.StateFlag.State_Selected
    if not (chosen or state & QStyle.StateFlag.State_MouseOver):
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(colours.soft if chosen else colours.hover))
    focused = chosen and state & QStyle.StateFlag.State_HasFocus
    painter.setPen(QColor(colours.accent) if focused else Qt.PenStyle.NoPen)
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 8, 8)


def _with_icon(painter: QPainter, area: QRect, row: Row) -> QRect:
    """The icon at the side where reading begins; what room is left."""
    room = area.adjusted(_PAD, 0, -_PAD, 0)
    left = room.right() - _ICON if mirrored() else room.left()
    picture = pixmap(kind_icon(row.kind), _ICON)
    painter.drawPixmap(left, area.center().y() - _ICON // 2, _ICON, _ICON, picture)
    if mirrored():
        return room.adjusted(0, 0, -_ICON - _GAP, 0)
    return room.adjusted(_ICON + _GAP, 0, 0, 0)


def _right(painter: QPainter, room: QRect, text: str, widest: str) -> QRect:
    """A short text at the end of the line, in a column of its own; what room is left."""
    wide = painter.fontMetrics().horizontalAdvance(widest) + 4
    column = QRect(room)
    if mirrored():
        column.setRight(room.left() + wide)
        left = room.adjusted(wide + _GAP, 0, 0, 0)
    else:
        column.setLeft(room.right() - wide)
        left = room.adjusted(0, 0, -wide - _GAP, 0)
    painter.setPen(QColor(theme.colours.muted))
    end = Qt.AlignmentFlag.AlignLeft if mirrored() else Qt.AlignmentFlag.AlignRight
    painter.drawText(column, int(end | _middle()), text)
    return left


def _words(painter: QPainter, room: QRect, text: str, colour: str) -> None:
    """Plain text on one line, cut where there is no room."""
    painter.setPen(QColor(colour))
    cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, int(_start() | _middle()), cut)


def _start() -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if mirrored() else Qt.AlignmentFlag.AlignLeft


def _middle() -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignVCenter
