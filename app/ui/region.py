"""Choosing a part of the screen: as it was, dimmed; the window in front, or what is drawn, is bright."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QScreen
from PySide6.QtWidgets import QWidget

from app.ui.language import tr
from app.ui.theme import theme

STEP, FINE = 16, 1  # pixels an arrow moves an edge; with Ctrl
LEAST = 8
_ARROWS = {
    Qt.Key.Key_Left: QPoint(-1, 0),
    Qt.Key.Key_Right: QPoint(1, 0),
    Qt.Key.Key_Up: QPoint(0, -1),
    Qt.Key.Key_Down: QPoint(0, 1),
}


class Region(QWidget):
    """Over one screen. The arrows move what is chosen, with Shift they draw its lower right corner, with Ctrl
    by single pixels; Tab goes from the window to all of the screen and back; Enter takes it, Esc leaves."""

    taken = Signal(object)  # QPixmap of the part that was chosen
    left = Signal()

    def __init__(self, screen: QScreen, picture: QPixmap, window: QRect) -> None:
        """``picture`` is of the whole ``screen``; ``window`` is what is chosen first, in its coordinates."""
        super().__init__(None, Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint)
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setWindowTitle(tr("Choose a part of the screen"))
        self.setAccessibleName(tr("Choose a part of the screen"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self._picture = picture
        self._whole = QRect(QPoint(0, 0), screen.geometry().size())
        window = window.intersected(self._whole)
        fits = window.width() >= LEAST and window.height() >= LEAST
        self._window = window if fits else self._whole
        self._from: QPoint | None = None
        self.chosen = self._window
        self._tell()

    def appear(self) -> None:
        self.showFullScreen()
        self.raise_()
        self.activateWindow()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def choose(self, area: QRect) -> None:
        self.chosen = area.normalized().intersected(self._whole)
        self._tell()
        self.update()

    def take(self) -> None:
        """The chosen part of the picture; too small a one is none."""
        if min(self.chosen.width(), self.chosen.height()) < LEAST:
            return
        ratio = self._picture.devicePixelRatio()
        at, size = self.chosen.topLeft() * ratio, self.chosen.size() * ratio
        part = self._picture.copy(QRect(at, size))
        self.taken.emit(part)  # what comes next is in front before this goes
        self._close()

    def leave(self) -> None:
        self._close()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = Qt.Key(event.key()), event.modifiers()
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
        elif key in _ARROWS:
            by = _ARROWS[key] * (FINE if held & Qt.KeyboardModifier.ControlModifier else STEP)
            draws = bool(held & Qt.KeyboardModifier.ShiftModifier)
            self._nudge(by, draws=draws)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        self.choose(self._window if self.chosen == self._whole else self._whole)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.position().toPoint()
        else:
            self.leave()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self.choose(QRect(self._from, event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A drawn part is taken at once; a mere click takes the window."""
        if self._from is None:
            return
        start, self._from = self._from, None
        drawn = QRect(start, event.position().toPoint()).normalized()
        self.choose(drawn if min(drawn.width(), drawn.height()) >= LEAST else self._window)
        self.take()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(self._whole, self._picture)
        painter.fillRect(self._whole, QColor(0, 0, 0, 120))
        ratio = self._picture.devicePixelRatio()
        source = QRect(self.chosen.topLeft() * ratio, self.chosen.size() * ratio)
        painter.drawPixmap(self.chosen, self._picture, source)
        painter.setPen(QPen(QColor(theme.colours.accent), 2))
        painter.drawRect(self.chosen.adjusted(0, 0, -1, -1))
        self._hint(painter)

    def _hint(self, painter: QPainter) -> None:
        words = tr("Enter reads it · draw another part, or arrows and Shift+arrows · Tab: all · Esc leaves")
        metrics = painter.fontMetrics()
        size = metrics.boundingRect(words).size()
        box = QRect(0, 0, size.width() + 40, metrics.lineSpacing() + 20)
        box.moveCenter(QPoint(self._whole.center().x(), self._whole.bottom() - 60))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.colours.inverse))
        painter.drawRoundedRect(box, 10, 10)
        painter.setPen(QColor(theme.colours.on_inverse))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _nudge(self, by: QPoint, *, draws: bool) -> None:
        area = QRect(self.chosen)
        if draws:
            area.setBottomRight(area.bottomRight() + by)
            if min(area.width(), area.height()) < LEAST:
                return
        else:
            area.translate(by)
            area.moveLeft(max(0, min(area.left(), self._whole.width() - area.width())))
            area.moveTop(max(0, min(area.top(), self._whole.height() - area.height())))
        self.choose(area)

    def _tell(self) -> None:
        """For who does not see it: where it is and how large."""
        area = self.chosen
        self.setAccessibleDescription(
            tr(
                "{width} by {height} at {left}, {top}",
                width=area.width(),
                height=area.height(),
                left=area.left(),
                top=area.top(),
            )
        )

    def _close(self) -> None:
        self._picture = QPixmap()
        self.hide()
        self.deleteLater()


def shot(screen: QScreen) -> QPixmap:
    """The whole screen as it is now, in memory."""
    return screen.grabWindow(0)


def inside(screen: QScreen, area: QRect) -> QRect:
    """``area`` in physical pixels of all screens, as coordinates of ``screen``."""
    ratio, at = screen.devicePixelRatio(), screen.geometry().topLeft()
    corner = QPoint(round(area.left() / ratio), round(area.top() / ratio))
    return QRect(corner - at, area.size() / ratio)
