"""A frameless box over the other programs: on the pointer's screen, focused at once, Esc closes it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QFontMetrics, QGuiApplication, QKeyEvent, QMouseEvent, QScreen
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.ui import xcb
from app.ui.answer import AnswerView
from app.ui.widgets import column, empty, scaled

# Whether the store is open; else the person is asked for it, and what is given follows once it is.
Gate = Callable[[Callable[[], object]], bool]
_MARGIN = 12
_INSIST_MS = 150


class Floating(QWidget):
    """``inside`` is the column for the content; subclasses say where the box stands."""

    def __init__(self, title: str, width: int) -> None:
        super().__init__(None, Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.box = QFrame(self)
        self.box.setObjectName("popup")
        self.inside: QVBoxLayout = column(margins=(16, 16, 16, 16), gap=12)
        self.box.setLayout(self.inside)
        self.setLayout(column(self.box, gap=0))
        self._wide = width  # at a text size of 100 %
        self._drag: QPoint | None = None
        self._screen: QScreen | None = None  # it stays on: the pointer may go elsewhere meanwhile

    def warm(self) -> None:
        """Do now what the first showing would do: the window, its styles, the letters' shapes."""
        self.ensurePolished()
        self.fit()
        self.winId()
        self.grab()

    def appear(self, focus: QWidget) -> None:
        """Show, in front, on the screen with the pointer, with the keyboard in ``focus``."""
        self._screen = current_screen()
        self.fit()
        self.show()
        self.raise_()
        self.activateWindow()
        focus.setFocus(Qt.FocusReason.PopupFocusReason)
        QTimer.singleShot(0, self, self.fit)
        QTimer.singleShot(_INSIST_MS, self, self._insist)

    def _insist(self) -> None:
        """The person pressed a key for this box: told to a window manager keeping the keyboard elsewhere."""
        if self.isVisible() and not self.isActiveWindow() and QGuiApplication.platformName() == "xcb":
            xcb.activate(int(self.winId()))

    def place(self, size: QSize, screen: QRect) -> QPoint:
        """Where the upper left corner goes on a screen of that geometry."""
        raise NotImplementedError

    def fit(self) -> None:
        """As high as the content, but never off the screen."""
        if self._screen is None or not isValid(self._screen):  # a monitor can be unplugged
            self._screen = current_screen()
        area = self._screen.availableGeometry()
        self.setFixedWidth(min(scaled(self._wide), area.width() - 2 * _MARGIN))
        layout = self.layout()
        assert layout is not None
        layout.invalidate()
        layout.activate()
        wanted = max(layout.totalHeightForWidth(self.width()), layout.totalMinimumSize().height())
        height = min(wanted, area.height() - 2 * _MARGIN)
        self.resize(self.width(), height)
        at = self.place(self.size(), area)
        x = max(area.left() + _MARGIN, min(at.x(), area.right() - self.width() - _MARGIN))
        y = max(area.top() + _MARGIN, min(at.y(), area.bottom() - self.height() - _MARGIN))
        self.move(x, y)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escape()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(
            pressed := self.focusWidget(), QPushButton
        ):
            pressed.click()  # as in a dialog
        else:
            super().keyPressEvent(event)

    def escape(self) -> None:
        self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._drag = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self.move(event.globalPosition().toPoint() - self._drag)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = None


class AnswerArea(QScrollArea):
    """Room for one answer in a floating box: as high as the answer, up to ``most`` px, then it scrolls."""

    resized = Signal()

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self.view: AnswerView | None = None
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        holder = QWidget()
        holder.setLayout(self._column)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(holder)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._fit)
        self.hide()

    def begin(self, waiting: str) -> AnswerView:
        """A fresh answer instead of the one before."""
        self.clear()
        self.view = view = AnswerView(waiting, compact=True)
        view.grown.connect(self._later.start)
        view.installEventFilter(self)
        self._column.addWidget(view)
        self._column.addStretch(1)
        self.show()
        self._fit()
        return view

    def clear(self) -> None:
        if self.view is not None:
            self.view.removeEventFilter(self)
        empty(self._column)
        self.view = None
        self.hide()
        self.resized.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._later.start()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        if self.view is None:
            return
        self.view.again_button.hide()
        height = min(self._most, self.view.sizeHint().height() + 2)
        if height != self.height():
            self.setFixedHeight(height)
            self.resized.emit()


def lines(count: int) -> int:
    """The height of a box with so many lines of text, in px."""
    return count * QFontMetrics(QGuiApplication.font()).lineSpacing() + 22


def current_screen() -> QScreen:
    """The screen with the pointer."""
    return QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
