"""Where pictures were taken, on an outline of the world that comes with Homebody: nothing is fetched.

The outline is that of Natural Earth (public domain), drawn in the plain cylindrical projection: a degree
is as long everywhere. Arrows move, + and - zoom, 0 shows everything.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.library import Spot
from app.core.paths import resources
from app.ui.language import number, tr
from app.ui.text import one_line, tip
from app.ui.theme import theme

_LEAST, _MOST = 1.0, 4000.0  # how far one can zoom in: 1 shows the whole world
_STEP, _WHEEL = 1.6, 1.25
_TOGETHER = 26  # pixels; closer places are one
_ROUNDED = 0.005 + 1e-6  # degrees that a place may be from where it is drawn


@dataclass(frozen=True)
class Cluster:
    """Places that are one at this size; ``box`` is south, west, north, east."""

    x: float
    y: float
    count: int
    place: str
    box: tuple[float, float, float, float]


@functools.cache
def outline() -> tuple[QPainterPath, str]:
    """The land in degrees, x to the east and y to the south; and who is to be credited."""
    held = json.loads((resources() / "world.json").read_text("utf-8"))
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in held["rings"]:
        path.moveTo(ring[0][0], -ring[0][1])
        for lon, lat in ring[1:]:
            path.lineTo(lon, -lat)
        path.closeSubpath()
    return path, str(held["credit"])


class WorldMap(QWidget):
    """``chosen`` carries a Cluster."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(280, 180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Map of places where pictures were taken"))
        self.setAccessibleDescription(tr("Arrows move, plus and minus zoom, 0 shows everything."))
        self._spots: Sequence[Spot] = ()
        self._zoom, self._centre = _LEAST, QPointF(0.0, -15.0)
        self._held: QPointF | None = None
        self._moved = False
        self.clusters: list[Cluster] = []
        self.marked: tuple[float, float, float, float] | None = None

    def show_spots(self, spots: Sequence[Spot]) -> None:
        self._spots, self.marked = spots, None
        self.all()

    def all(self) -> None:
        """As close as everything fits."""
        if self._spots:
            lons, lats = [s.lon for s in self._spots], [s.lat for s in self._spots]
            self._fit((min(lats), min(lons), max(lats), max(lons)))
        else:
            self._zoom, self._centre = _LEAST, QPointF(0.0, -15.0)
            self._changed()

    def mark(self, box: tuple[float, float, float, float] | None) -> None:
        self.marked = box
        if box is not None and not any(_same(box, c.box) for c in self.clusters):
            self._fit(box)
        self._changed()

    # --- looking around ------------------------------------------------------------------------

    def zoom(self, by: float, at: QPointF | None = None) -> None:
        """``at`` (in pixels) stays where it is."""
        at = at if at is not None else QPointF(self.rect().center())
        before = self._degrees(at)
        self._zoom = max(_LEAST, min(_MOST, self._zoom * by))
        self._centre += before - self._degrees(at)
        self._changed()

    def pan(self, right: float, down: float) -> None:
        """In pixels."""
        self._centre += QPointF(right, down) / self._scale()
        self._changed()

    def _fit(self, box: tuple[float, float, float, float]) -> None:
        south, west, north, east = box
        wide, high = max(east - west, 0.4) * 1.4, max(north - south, 0.3) * 1.5
        least = self.width() / 360.0
        scale = min(self.width() / wide, self.height() / high)
        self._zoom = max(_LEAST, min(_MOST, scale / least)) if least else _LEAST
        self._centre = QPointF((west + east) / 2, -(south + north) / 2)
        self._changed()

    def _changed(self) -> None:
        half_w, half_h = self.width() / 2 / self._scale(), self.height() / 2 / self._scale()
        x = max(-180 + half_w, min(180 - half_w, self._centre.x())) if half_w < 180 else 0.0
        y = max(-90 + half_h, min(90 - half_h, self._centre.y())) if half_h < 90 else 0.0
        self._centre = QPointF(x, y)
        self.clusters = self._together()
        self.update()

    def _scale(self) -> float:
        """Pixels a degree."""
        return max(self.width(), 1) / 360.0 * self._zoom

    def _pixels(self, lat: float, lon: float) -> QPointF:
        middle = QPointF(self.width() / 2, self.height() / 2)
        return middle + (QPointF(lon, -lat) - self._centre) * self._scale()

    def _degrees(self, at: QPointF) -> QPointF:
        return self._centre + (at - QPointF(self.width() / 2, self.height() / 2)) / self._scale()

    def _together(self) -> list[Cluster]:
        """What is nearer than a finger's breadth is one; found by a grid, so that many cost little."""
        cells: dict[tuple[int, int], list[Spot]] = {}
        seen = QRectF(self.rect()).adjusted(-40, -40, 40, 40)
        for spot in self._spots:
            at = self._pixels(spot.lat, spot.lon)
            if seen.contains(at):
                cells.setdefault((int(at.x() // _TOGETHER), int(at.y() // _TOGETHER)), []).append(spot)
        found: list[Cluster] = []
        for spots in sorted(cells.values(), key=lambda these: -sum(spot.count for spot in these)):
            one = self._cluster(spots)
            near = next((n for n, c in enumerate(found) if _apart(c, one) < _TOGETHER), -1)
            if near < 0:
                found.append(one)
            else:
                found[near] = _joined(found[near], one)
        return found

    def _cluster(self, spots: list[Spot]) -> Cluster:
        most = max(spots, key=lambda spot: spot.count)
        at = self._pixels(most.lat, most.lon)
        lats, lons = [s.lat for s in spots], [s.lon for s in spots]
        return Cluster(
            x=at.x(),
            y=at.y(),
            count=sum(spot.count for spot in spots),
            place=one_line(most.place, 60),
            box=box_of(min(lats), min(lons), max(lats), max(lons)),
        )

    # --- Qt ------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.colours
        painter.fillRect(self.rect(), QColor(colours.side))
        land, credit = outline()
        painter.save()
        painter.translate(self.width() / 2, self.height() / 2)
        painter.scale(self._scale(), self._scale())
        painter.translate(-self._centre)
        pen = QPen(QColor(colours.handle), 1.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(QColor(colours.surface))
        painter.drawPath(land)
        painter.restore()
        for cluster in self.clusters:
            self._dot(painter, cluster)
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 0.8)
        painter.setFont(font)
        painter.setPen(QColor(colours.muted))
        foot = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight
        painter.drawText(self.rect().adjusted(8, 4, -8, -4), int(foot), credit)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _dot(self, painter: QPainter, cluster: Cluster) -> None:
        colours = theme.colours
        marked = self.marked is not None and _same(self.marked, cluster.box)
        painter.save()
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 0.8)
        painter.setFont(font)
        words, metrics = number(cluster.count), painter.fontMetrics()
        radius = max(metrics.horizontalAdvance(words), metrics.height()) / 2 + 4.0  # of the text, at any size
        radius = 7.0 if cluster.count == 1 else radius
        painter.setPen(QPen(QColor(colours.surface), 2))
        painter.setBrush(QColor(colours.text if marked else colours.accent))
        centre = QPointF(cluster.x, cluster.y)
        painter.drawEllipse(centre, radius, radius)
        if cluster.count > 1:
            painter.setPen(QColor(colours.surface if marked else colours.on_accent))
            around = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
            painter.drawText(around, int(Qt.AlignmentFlag.AlignCenter), words)
        painter.restore()

    def resizeEvent(self, event: object) -> None:
        self._changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = 60.0
        moves = {
            Qt.Key.Key_Left: (-step, 0.0),
            Qt.Key.Key_Right: (step, 0.0),
            Qt.Key.Key_Up: (0.0, -step),
            Qt.Key.Key_Down: (0.0, step),
        }
        if event.key() in moves:
            self.pan(*moves[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(_STEP)
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom(1 / _STEP)
        elif event.key() == Qt.Key.Key_0:
            self.all()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(_WHEEL if event.angleDelta().y() > 0 else 1 / _WHEEL, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held, self._moved = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            here = self._at(event.position())
            self.setToolTip(tip(f"{here.place} · {number(here.count)}") if here and here.place else "")
            self.setCursor(Qt.CursorShape.PointingHandCursor if here else Qt.CursorShape.OpenHandCursor)
            return
        by = self._held - event.position()
        if self._moved or by.manhattanLength() > 4:
            self._moved, self._held = True, event.position()
            self.pan(by.x(), by.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        here = None if self._moved else self._at(event.position())
        self._held = None
        if here is not None:
            self.chosen.emit(here)

    def _at(self, point: QPointF) -> Cluster | None:
        near = [(abs(c.x - point.x()) + abs(c.y - point.y()), n) for n, c in enumerate(self.clusters)]
        best = min(near, default=(1e9, 0))
        return self.clusters[best[1]] if best[0] < _TOGETHER else None


def box_of(south: float, west: float, north: float, east: float) -> tuple[float, float, float, float]:
    """Around rounded places, so that everything that was rounded to them is inside."""
    return (south - _ROUNDED, west - _ROUNDED, north + _ROUNDED, east + _ROUNDED)


def _apart(one: Cluster, other: Cluster) -> float:
    return max(abs(one.x - other.x), abs(one.y - other.y))


def _joined(one: Cluster, other: Cluster) -> Cluster:
    """Where the one with more is."""
    south, west, north, east = zip(one.box, other.box, strict=True)
    box = (min(south), min(west), max(north), max(east))
    return replace(one, count=one.count + other.count, box=box)


def _same(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(abs(a - b) < _ROUNDED for a, b in zip(one, other, strict=True))
