"""Today: what is on, who waits for an answer, and what this day was in earlier years, with sources."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout

from app.core.api import Library
from app.core.errors import HomebodyError
from app.core.library import Brief, Line
from app.ui.cards import Source, kind_icon, kind_name
from app.ui.language import tr
from app.ui.pages import Page
from app.ui.pictures import Thumbnails
from app.ui.session import Session
from app.ui.text import one_line, tip
from app.ui.theme import pixmap
from app.ui.widgets import CardButton, Elided, button, column, day, empty, label, row, short_person

_TILES = 4
_TILE = QSize(168, 128)


class TodayPage(Page):
    opened = Signal(object)  # Source
    page = Signal(str)

    def __init__(self, session: Session) -> None:
        self.again = button(tr("Look again"), self.refresh, picture="again")
        super().__init__(
            tr("Today"),
            tr(
                "Made on this computer from your calendar, mail, notes and photos; no model has a part in it."
            ),
            self.again,
        )
        self.session = session
        self.brief: Brief | None = None
        self.thumbnails = Thumbnails(session)
        self.thumbnails.came.connect(self._came)
        self._tiles: dict[str, QPushButton] = {}
        self._items = 0
        session.status_changed.connect(self._grown)

    def _grown(self) -> None:
        """What was indexed meanwhile may be of today."""
        if self.isVisible() and self.session.status.items != self._items:
            self.refresh()

    def refresh(self) -> None:
        if self.session.status.vault == "open":
            self.session.run(Library.today, self._show, self._broke)

    def clear(self) -> None:
        """Nothing of a locked store stays on the screen, or in memory."""
        self.brief = None
        empty(self.body)
        self._tiles.clear()
        self.thumbnails.forget()

    def _show(self, brief: Brief) -> None:
        if not self.session.open:
            return
        self.brief, self._items = brief, self.session.status.items
        empty(self.body)
        self._tiles.clear()
        self.body.addWidget(label(_long(brief.now), "heading"))
        self._part(
            tr("Today and the next seven days"),
            [LineButton(one, _when(one, brief.now), self._open) for one in brief.events],
            tr("Nothing is in your calendar."),
        )
        self._part(
            tr("May be waiting for your answer"),
            [LineButton(one, day(one.when), self._open) for one in brief.waiting],
            tr("Nobody asks you anything in a mail that you have not answered.")
            if brief.known
            else tr("It cannot be told which address is yours: no mail of your own is indexed."),
        )
        self._earlier(brief)
        self.body.addStretch(1)

    def _part(self, title: str, lines: list[LineButton], nothing: str) -> None:
        self.body.addSpacing(6)
        self.body.addWidget(label(title, "caps"))
        for each in lines:
            self.body.addWidget(each)
        if not lines:
            self.body.addWidget(label(nothing, "muted", wrap=True))

    def _earlier(self, brief: Brief) -> None:
        self.body.addSpacing(6)
        self.body.addWidget(label(tr("On this day"), "caps"))
        if not brief.earlier:
            nothing = tr("No notes or photos of this day in earlier years.")
            self.body.addWidget(label(nothing, "muted", wrap=True))
        years = dict.fromkeys(_year(one) for one in brief.earlier)
        for year in years:
            those = [one for one in brief.earlier if _year(one) == year]
            self.body.addWidget(label(str(year), "strong"))
            for one in those:
                if one.kind != "photo":
                    self.body.addWidget(LineButton(one, kind_name(one.kind), self._open))
            if photos := [one for one in those if one.kind == "photo"]:
                self.body.addLayout(self._photos(photos))

    def _photos(self, photos: list[Line]) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        for n, one in enumerate(photos):
            tile = QPushButton()
            tile.setObjectName("tile")
            tile.setCursor(Qt.CursorShape.PointingHandCursor)
            tile.setFixedSize(_TILE)
            tile.setIconSize(_TILE - QSize(12, 12))
            tile.setIcon(QIcon(pixmap("photo", 32)))
            what = ", ".join(part for part in (one_line(one.title, 80), one_line(one.place, 80)) if part)
            tile.setAccessibleName(f"{kind_name(one.kind)}, {what}, {day(one.when)}")
            tile.setToolTip(tip(what))
            tile.clicked.connect(partial(self._clicked, one))
            self._tiles[one.uri] = tile
            grid.addWidget(tile, n // _TILES, n % _TILES)
            if shown := self.thumbnails.get(one.uri):
                tile.setIcon(QIcon(shown))
        grid.setColumnStretch(_TILES, 1)
        return grid

    def _came(self, uri: str) -> None:
        if (tile := self._tiles.get(uri)) is not None and (shown := self.thumbnails.get(uri)) is not None:
            tile.setIcon(QIcon(shown))

    def _clicked(self, one: Line, _checked: bool = False) -> None:
        self._open(one)

    def _open(self, one: Line) -> None:
        self.opened.emit(
            Source(
                n=0,
                uri=one.uri,
                start=one.start,
                end=one.end,
                kind=one.kind,
                title=one.title,
                quote=one.said,
                person=one.person,
                when=one.when,
            )
        )

    def _broke(self, error: HomebodyError) -> None:
        self.failed.emit(error, self.refresh)


class LineButton(CardButton):
    """icon · title · when; below it who, what they ask, or where."""

    def __init__(self, one: Line, when: str, chosen: Callable[[Line], None]) -> None:
        super().__init__()
        title = one_line(one.title) or tr("Untitled")
        who = one_line(short_person((one.person,)), 60) if one.person else ""
        below = " · ".join(part for part in (who, one_line(one.said, 240), one_line(one.place, 100)) if part)
        self.setAccessibleName(", ".join(part for part in (kind_name(one.kind), title, when) if part))
        self.setAccessibleDescription(below)
        picture = QLabel()
        picture.setPixmap(pixmap(kind_icon(one.kind), 18))
        head = row(picture, Elided(title, "strong"), label(when, "small"), gap=10)
        head.setStretch(1, 1)
        body: QVBoxLayout = column(head, margins=(12, 8, 12, 9), gap=4)
        if below:
            about = Elided(below, "small")
            about.setContentsMargins(28, 0, 0, 0)
            body.addWidget(about)
        self.fill(body)
        self.clicked.connect(lambda: chosen(one))


def _year(one: Line) -> int:
    return one.when.year if one.when else 0


def _long(now: datetime) -> str:
    """``Wednesday, 14 May 2026``."""
    name = QLocale().standaloneDayName(now.isoweekday())
    return tr("{weekday}, {day}", weekday=name, day=day(now))


def _when(one: Line, now: datetime) -> str:
    """``now, until 12:30``, ``today 14:00``, ``Fri 16 May, 09:00``."""
    if one.when is None:
        return ""
    begins = one.when.astimezone(now.tzinfo)
    time = "" if one.all_day else f"{begins:%H:%M}"
    if begins <= now and not one.all_day:
        ends = one.ends.astimezone(now.tzinfo) if one.ends else begins + timedelta(hours=1)
        return tr("now, until {time}", time=f"{ends:%H:%M}")
    apart = (begins.date() - now.date()).days
    if apart <= 0:
        return tr("today {time}", time=time).strip()
    if apart == 1:
        return tr("tomorrow {time}", time=time).strip()
    name = QLocale().standaloneDayName(begins.isoweekday(), QLocale.FormatType.ShortFormat)
    return f"{name} {day(begins)}" + (f", {time}" if time else "")
