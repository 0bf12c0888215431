"""The library: everything that is indexed, as lines, by day, as threads, as photos, and on a map."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QSplitter, QVBoxLayout, QWidget

from app.core.api import Library
from app.core.errors import HomebodyError
from app.core.library import Held, Row, Shelf, Spine, Spot, Threads
from app.ui.cards import Source, kind_name
from app.ui.finding import source_name
from app.ui.flow_layout import FlowLayout
from app.ui.indexing import Indexing
from app.ui.language import mark, number, tr
from app.ui.map_pane import MapPane
from app.ui.pages import Shown
from app.ui.pictures import Thumbnails
from app.ui.scope import ScopeBar
from app.ui.session import Session
from app.ui.shelf_model import PORTION, ShelfModel
from app.ui.shelf_view import ShelfView
from app.ui.text import one_line
from app.ui.widgets import button, column, dress, label, row, short_person

MODES = (
    ("list", mark("List"), "list"),
    ("timeline", mark("Timeline"), "timeline"),
    ("threads", mark("Threads"), "threads"),
    ("photos", mark("Photos"), "photo"),
    ("map", mark("Map"), "map"),
)
_PHOTOS = ("photo", "video")
_WRITTEN = ("mail", "message")
_TYPED_MS = 220
_AGAIN_MS = 2_500  # while items are being indexed, the shelf is put up anew so often at most …
_SHARE = 20  # … and for a twentieth of the time


class LibraryPage(Shown):
    """``opened`` carries the Source to be previewed; ``item`` is asked of the engine by the window."""

    opened = Signal(object)

    def __init__(self, session: Session, indexing: Indexing) -> None:
        super().__init__()
        self.setObjectName("page")
        self.session, self.indexing = session, indexing
        self.mode, self._thread = "list", ""
        self._box: tuple[float, float, float, float] | None = None
        self._turn, self._at_uri, self._asked = 0, "", 0.0
        self.thumbnails = Thumbnails(session)
        self.model = ShelfModel(self)
        self.view = ShelfView(self.model, self.thumbnails)
        self.words = self._words_field()
        self.scope = ScopeBar(kinds=True)
        self.months = QComboBox()
        self.map = MapPane()
        self.modes = {name: self._mode_button(name, tr(title), pic) for name, title, pic in MODES}
        self.back = button(tr("All threads"), self._all_threads, "flat")
        self.told = label("", "small")
        self.nothing = label("", "muted", wrap=True)
        self._typed = QTimer(self, singleShot=True, interval=_TYPED_MS)
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._arrange()
        self._connect()

    # --- what the window calls -----------------------------------------------------------------

    def refresh(self) -> None:
        """Called each time the page is shown; where the person was, they stay."""
        if self.session.status.vault == "open":
            self.session.run(Library.held, self._offer, self._broke)
            self._put_up()

    def enter(self) -> None:
        self.view.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Pictures that nobody looks at are not held."""
        super().hideEvent(event)
        self.thumbnails.forget()

    def clear(self) -> None:
        """Nothing of a locked store stays on the screen, or in memory."""
        self._turn += 1
        self._thread, self._box, self._at_uri = "", None, ""
        self.words.clear()
        self.scope.clear()
        self._typed.stop()
        self._again.stop()
        self.model.show(Spine(), None, headings=False)
        self._list_months()
        self.told.setText("")
        self.map.show_spots(())
        self.thumbnails.forget()

    def show_mode(self, mode: str) -> None:
        self.mode, self._thread, self._box = mode, "", None
        for name, target in self.modes.items():
            target.setChecked(name == mode)
        self.map.setVisible(mode == "map")
        self.view.arrange("photos" if mode in ("photos", "map") else mode)
        self._put_up()

    def leave(self) -> bool:
        """What Esc goes back from inside the page; False where there is nothing."""
        if self._thread:
            self._all_threads()
            return True
        if self.mode == "map" and self._box is not None:
            self._look_in(None)
            return True
        if self.words.text() or self.scope.limits():
            self.words.clear()
            self.scope.clear()
            return True
        return False

    def shelf(self) -> Shelf:
        scope = self.scope.scope()
        if self.mode in ("photos", "map"):
            kinds = tuple(kind for kind in _PHOTOS if not scope.kinds or kind in scope.kinds)
            scope = msgspec.structs.replace(scope, kinds=kinds or _PHOTOS)
        elif self.mode == "threads" and not scope.kinds:
            scope = msgspec.structs.replace(scope, kinds=_WRITTEN)
        return Shelf(scope=scope, words=self.words.text().strip(), box=self._box)

    # --- putting a shelf up --------------------------------------------------------------------

    def _put_up(self) -> None:
        self._turn += 1
        self._asked = time.monotonic()
        turn, shelf = self._turn, self.shelf()
        current = self.view.row()
        self._at_uri = current.uri if current else ""
        self.back.setVisible(bool(self._thread))

        def only(take: Callable[[object], None]) -> Callable[[object], None]:
            """What was asked for another shelf is not shown on this one."""
            return lambda found: take(found) if turn == self._turn else None

        if self._thread:
            self.session.run(Library.thread, only(self._show_thread), self._broke, thread=self._thread)
            return
        if self.mode == "threads":
            take = only(partial(self._show_threads, shelf))
            self.session.run(Library.threads, take, self._broke, shelf=shelf, limit=PORTION)
            return
        if self.mode == "map" and self._box is None:
            self.session.run(Library.spots, only(self._show_spots), self._broke, shelf=shelf)
        self.session.run(Library.spine, only(partial(self._show, shelf)), self._broke, shelf=shelf)

    def _show(self, shelf: Shelf, spine: object) -> None:
        if not isinstance(spine, Spine):
            return
        # Of a large store it takes a moment, which is to be a small part of what indexing takes.
        self._again.setInterval(max(_AGAIN_MS, round(_SHARE * 1000 * (time.monotonic() - self._asked))))

        def fetch(day: int, skip: int, done: Callable[..., None], failed: Callable[..., None]) -> None:
            self.session.run(Library.page, done, failed, shelf=shelf, day=day, skip=skip, limit=PORTION)

        self.model.show(spine, fetch, headings=self.mode == "timeline")
        self._list_months()
        self._tell(tr("%Ln item(s)", "", spine.total), spine.total)

    def _show_threads(self, shelf: Shelf, first: object) -> None:
        if not isinstance(first, Threads):
            return

        def fetch(day: int, skip: int, done: Callable[..., None], failed: Callable[..., None]) -> None:
            def take(found: Threads) -> None:
                done(found.rows)

            self.session.run(Library.threads, take, failed, shelf=shelf, skip=skip, limit=PORTION)

        self.model.show(Spine(undated=first.total), fetch, headings=False)
        self._list_months()
        self._tell(tr("%Ln thread(s)", "", first.total), first.total)

    def _show_thread(self, rows: object) -> None:
        held = rows if isinstance(rows, tuple) else ()

        def fetch(day: int, skip: int, done: Callable[..., None], failed: Callable[..., None]) -> None:
            done(held[skip : skip + PORTION])

        self.model.show(Spine(undated=len(held)), fetch, headings=False)
        self._list_months()
        title = (one_line(held[0].title, 80) or tr("Untitled")) if held else ""
        self._tell(tr("{title}: {count}, oldest first", title=title, count=number(len(held))), len(held))

    def _show_spots(self, spots: object) -> None:
        if isinstance(spots, tuple):
            self.map.show_spots(tuple(one for one in spots if isinstance(one, Spot)))

    def _tell(self, text: str, total: int) -> None:
        self.told.setText(text)
        self.view.setVisible(total > 0)
        self.nothing.setVisible(total == 0)
        self.nothing.setText(self._why_nothing())
        if self._at_uri and (at := self.model.find(self._at_uri)) >= 0:
            self.view.setCurrentIndex(self.model.place_of(at))

    def _why_nothing(self) -> str:
        if self.words.text().strip() or self.scope.limits():
            return tr("Nothing here has all of this. Take away a filter, or press Esc.")
        if self.mode == "threads":
            return tr("Mails and messages that belong together appear here as one line.")
        if self.mode == "map":
            return tr("Photos that know where they were taken appear here.")
        if self.mode == "photos":
            return tr("No photos yet. Add a folder of them on the Sources page.")
        return tr("Nothing is indexed yet. Choose what Homebody reads on the Sources page.")

    # --- what the person does ------------------------------------------------------------------

    def _chosen(self, item: Row) -> None:
        if self.mode == "threads" and not self._thread and item.thread:
            self._thread = item.thread
            self._put_up()
            self.view.setFocus()
            return
        self.opened.emit(source_of(item))

    def _all_threads(self) -> None:
        self._thread = ""
        self._put_up()
        self.view.setFocus()

    def _look_in(self, box: tuple[float, float, float, float] | None) -> None:
        self._box = box
        self.map.mark(box)
        self._put_up()

    def _jump(self, at: int) -> None:
        if (month := self.months.itemData(at)) is not None:
            self.view.go(self.model.line_of_month(*month))
            self.view.setFocus()

    def _month(self, by: int) -> None:
        """The next month in which there is something."""
        here = self.model.month_at(self.view.line_in_view())
        months = [self.months.itemData(n) for n in range(self.months.count()) if self.months.itemData(n)]
        if here in months and 0 <= (n := months.index(here) - by) < len(months):
            self.view.go(self.model.line_of_month(*months[n]))

    def _letter(self, text: str) -> None:
        self.words.setFocus()
        self.words.insert(text)

    def _list_months(self) -> None:
        self.months.clear()
        self.months.addItem(tr("Jump to a month"), None)
        for year, month, count in self.model.months():
            name = self.locale().standaloneMonthName(month)
            self.months.addItem(
                tr("{month} {year}", month=name, year=year) + f" · {number(count)}", (year, month)
            )
        self.months.setVisible(self.mode != "map" and self.months.count() > 2)

    def _offer(self, held: tuple[Held, ...]) -> None:
        kinds = sorted({one.kind for one in held}, key=kind_name)
        self.scope.kinds.offer([(kind, kind_name(kind)) for kind in kinds])
        sources = sorted({one.source for one in held})
        self.scope.sources.offer([(one, source_name(one)) for one in sources])

    def _grown(self) -> None:
        """Something was indexed: seen soon, but nothing moves under the pointer of who looks at it."""
        if self.isVisible() and not self._again.isActive() and not self._thread:
            self._again.start()

    def _renew(self) -> None:
        bar = self.view.verticalScrollBar()
        if self.isVisible() and (bar.value() == 0 or not self.indexing.busy):
            place = bar.value()
            self._put_up()
            QTimer.singleShot(_TYPED_MS, self, lambda: bar.setValue(place) if bar.value() == 0 else None)

    def _broke(self, error: HomebodyError) -> None:
        self.failed.emit(error, self.refresh)

    # --- building ------------------------------------------------------------------------------

    def _words_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("search")
        field.setPlaceholderText(tr("Only what has these words"))
        field.setAccessibleName(tr("Only what has these words"))
        field.setClearButtonEnabled(True)
        field.setMinimumWidth(260)
        return field

    def _mode_button(self, name: str, title: str, picture: str) -> QPushButton:
        made = button(title, partial(self.show_mode, name), "chip")
        made.setCheckable(True)
        made.setChecked(name == self.mode)
        dress(made, picture)
        return made

    def _arrange(self) -> None:
        self.months.setAccessibleName(tr("Jump to a month"))
        self.months.setMinimumContentsLength(18)
        head = row(label(tr("Library"), "title"), 1, self.words, margins=(24, 24, 24, 0), gap=12)
        modes = QWidget()
        modes.setLayout(FlowLayout(*self.modes.values(), self.months))
        how = row(modes, margins=(24, 0, 24, 0))
        limits = row(self.scope, margins=(24, 0, 24, 0))
        told = row(self.back, self.told, 1, margins=(24, 0, 24, 0), gap=6)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        below = QWidget()
        below.setLayout(column(self.nothing, self.view, margins=(16, 0, 16, 0), gap=0))
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(6)
        self.split.addWidget(self.map)
        self.split.addWidget(below)
        self.split.setSizes([420, 300])
        self.map.hide()
        self.nothing.hide()
        whole: QVBoxLayout = column(head, how, limits, told, gap=8)
        whole.addWidget(self.split, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.words.textChanged.connect(lambda _: self._typed.start())
        self._typed.timeout.connect(self._put_up)
        self._again.timeout.connect(self._renew)
        self.scope.changed.connect(self._typed.start)
        self.months.activated.connect(self._jump)
        self.view.chosen.connect(self._chosen)
        self.view.looked.connect(lambda item: self.opened.emit(source_of(item)) if self._beside() else None)
        self.view.month.connect(self._month)
        self.view.typed.connect(self._letter)
        self.map.chosen.connect(self._look_in)
        self.model.stale.connect(self._grown)
        self.model.failed.connect(self._broke)
        self.indexing.changed.connect(self._grown)
        for n, (name, _, _) in enumerate(MODES, 1):
            shortcut = QShortcut(QKeySequence(f"Alt+{n}"), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.show_mode, name))

    def _beside(self) -> bool:
        """Going from line to line changes what is shown beside, where something is."""
        return self.mode != "threads" or bool(self._thread)


def source_of(item: Row) -> Source:
    return Source(
        n=0,
        uri=item.uri,
        start=0,
        end=0,
        kind=item.kind,
        title=item.title,
        quote="",
        person=short_person(item.people),
        when=item.when,
    )
