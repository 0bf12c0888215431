"""The map with its places in words beside it: what is drawn can also be read, and reached by keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.core.library import Spot
from app.ui.language import number, tr
from app.ui.text import one_line
from app.ui.widgets import column, icon_button, row
from app.ui.world import Cluster, WorldMap, box_of

_BOX = Qt.ItemDataRole.UserRole
_LISTED = 500
Box = tuple[float, float, float, float]


class MapPane(QWidget):
    """``chosen`` carries the box of degrees that is to be looked into."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.world = WorldMap()
        self.places = QListWidget()
        self.places.setAccessibleName(tr("Places"))
        self.places.setMaximumWidth(240)
        self.places.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.places.setTextElideMode(Qt.TextElideMode.ElideRight)
        zooms = column(
            icon_button("new", tr("Closer (+)"), lambda: self.world.zoom(1.6)),
            icon_button("minus", tr("Further away (-)"), lambda: self.world.zoom(1 / 1.6)),
            icon_button("map", tr("Everything (0)"), self.world.all),
            gap=2,
        )
        zooms.addStretch(1)
        line = row(self.world, margins=(24, 0, 24, 0), gap=6)
        line.addLayout(zooms)
        line.addWidget(self.places)
        line.setStretch(0, 1)
        self.setLayout(line)
        self.world.chosen.connect(self._take)
        self.places.itemClicked.connect(self._place)
        self.places.itemActivated.connect(self._place)

    def show_spots(self, spots: Sequence[Spot]) -> None:
        self.world.show_spots(spots)
        self.places.clear()
        for name, count, box in _named(spots)[:_LISTED]:
            item = QListWidgetItem(f"{one_line(name, 60)} · {number(count)}")
            item.setData(_BOX, box)
            self.places.addItem(item)

    def mark(self, box: Box | None) -> None:
        self.world.mark(box)
        if box is None:
            self.places.clearSelection()

    def _take(self, cluster: Cluster) -> None:
        self.chosen.emit(cluster.box)

    def _place(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_BOX))


def _named(spots: Sequence[Spot]) -> list[tuple[str, int, Box]]:
    """Every place once, those with the most pictures first; where it has no name, its degrees."""
    found: dict[str, list[Spot]] = {}
    for spot in spots:
        found.setdefault(spot.place or f"{spot.lat:.2f}, {spot.lon:.2f}", []).append(spot)
    named = [
        (
            name,
            sum(spot.count for spot in those),
            box_of(
                min(s.lat for s in those),
                min(s.lon for s in those),
                max(s.lat for s in those),
                max(s.lon for s in those),
            ),
        )
        for name, those in found.items()
    ]
    return sorted(named, key=lambda one: (-one[1], one[0]))
