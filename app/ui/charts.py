"""A live chart of the last two minutes, drawn by pyqtgraph, which is loaded before the first one is shown."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QWidget

from app.ui.theme import theme
from app.ui.widgets import column, label, row

if TYPE_CHECKING:
    import pyqtgraph

SAMPLES = 120  # one a second
_HEIGHT = 110
_WIDTH_PX = 1.6
_FILL = 40  # of 255
_loaded = threading.Event()


def load() -> None:
    """Import pyqtgraph: a third of a second, for a thread that nobody waits for."""
    import pyqtgraph  # noqa: F401

    _loaded.set()


def _small(font: QFont) -> QFont:
    font.setPointSizeF(font.pointSizeF() * 0.85)
    return font


class LiveChart(QWidget):
    """``add`` puts one value to the right; nothing is drawn or computed between two of them.

    Until ``load`` has ended the number alone is shown.
    """

    def __init__(self, title: str, unit: str = "", *, least: float) -> None:
        """The axis goes up to ``least`` at least, so that noise does not look like news."""
        super().__init__()
        self.title, self.unit, self._least = title, unit, least
        self.values: deque[float] = deque(maxlen=SAMPLES)
        self.now = label("–", "strong")
        self._plot: pyqtgraph.PlotWidget | None = None
        self._curve: Any = None
        self._body = column(row(label(title, "small"), 1, self.now), gap=4)
        self.setLayout(self._body)
        self.setMinimumHeight(_HEIGHT + 28)
        self.setAccessibleName(title)

    def add(self, value: float, text: str) -> None:
        """``text`` says the value as a person reads it."""
        self.values.append(value)
        self.now.setText(f"{text} {self.unit}".strip())
        self.setAccessibleDescription(self.now.text())
        if not _loaded.is_set():
            return
        if self._plot is None:
            self._plot = self._made()
            self._body.addWidget(self._plot)
        self._curve.setData(range(SAMPLES - len(self.values), SAMPLES), list(self.values))
        self._plot.setYRange(0, 1.1 * max(self._least, *self.values), padding=0.02)

    def retint(self) -> None:
        """Made anew in the theme's colours with the next value."""
        if self._plot is not None:
            self._plot.close()
            self._plot.deleteLater()
            self._plot = None

    def _made(self) -> pyqtgraph.PlotWidget:
        import pyqtgraph

        colours = theme.colours
        plot = pyqtgraph.PlotWidget(background=colours.surface)
        plot.setFixedHeight(_HEIGHT)
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.setFrameShape(plot.Shape.NoFrame)
        plot.setAccessibleName(self.title)
        plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)  # nothing to drag or to zoom
        plot.setAntialiasing(True)
        plot.hideButtons()
        plot.getPlotItem().setMenuEnabled(False)
        plot.getPlotItem().getViewBox().setBorder(None)
        plot.hideAxis("bottom")
        axis = plot.getAxis("left")
        axis.setPen(colours.line)
        axis.setTextPen(colours.muted)
        axis.setWidth(52)
        axis.setStyle(tickFont=_small(self.font()))
        axis.enableAutoSIPrefix(False)
        plot.setXRange(0, SAMPLES - 1, padding=0)
        fill = pyqtgraph.mkColor(colours.accent)
        fill.setAlpha(_FILL)
        pen = pyqtgraph.mkPen(colours.accent, width=_WIDTH_PX)
        self._curve = plot.plot(pen=pen, fillLevel=0, brush=fill)
        return plot

    def drawn(self) -> tuple[float, ...]:
        """The values of the curve as it stands."""
        return () if self._plot is None else tuple(float(y) for y in self._curve.yData)
