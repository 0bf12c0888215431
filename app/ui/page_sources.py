"""The Sources page: what is read, how much of it, what was skipped and why; add, remove, index now."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.core.accounts import parse
from app.core.api import Sources
from app.core.errors import HomebodyError
from app.core.types import CalendarState, SourceState
from app.ui.account import ACCOUNTS, AccountDialog
from app.ui.finding import NAMES, Found
from app.ui.forgetting import ExclusionList
from app.ui.indexing import Indexing
from app.ui.language import tr, within
from app.ui.pages import Page
from app.ui.reading import how_far, rest, show
from app.ui.session import Session
from app.ui.skipped import SkippedList
from app.ui.text import visible
from app.ui.theme import icon, pixmap
from app.ui.widgets import Elided, button, column, empty, frame, icon_button, label, row, sure


class SourcesPage(Page):
    changed = Signal()  # the list of sources

    def __init__(self, session: Session, indexing: Indexing) -> None:
        self._add = QPushButton(tr("Add source"))
        self._add.setObjectName("primary")
        self._add.setMenu(self._menu())
        self._now = button(tr("Index now"), indexing.start, picture="again")
        super().__init__(
            tr("Sources"),
            tr(
                "Homebody reads these folders, files and accounts, and follows their changes. "
                "It writes to them only what you said yes to."
            ),
            self._now,
            self._add,
        )
        self.session, self.indexing = session, indexing
        self.states: tuple[SourceState, ...] = ()
        self._bars: dict[tuple[str, str], tuple[QProgressBar, QLabel]] = {}
        self._cards = QVBoxLayout()
        self._cards.setSpacing(10)
        self.body.addLayout(self._cards)
        self.body.addSpacing(12)
        self.found = Found(session, self._broke)
        self.found.wanted.connect(self._add_all)
        self.body.addLayout(self.found)
        self.body.addSpacing(12)
        self.skipped = SkippedList(session, self._broke, self._after)
        self.body.addLayout(self.skipped)
        self.body.addSpacing(12)
        self.excluded = ExclusionList(session, self._broke, self._after)
        self.body.addLayout(self.excluded)
        indexing.changed.connect(self._progress)
        indexing.finished.connect(lambda _: self.refresh())

    def refresh(self) -> None:
        if self.session.status.vault != "open":
            return
        self.session.run(Sources.list, self._show, self._broke)
        self.skipped.refresh()
        self.excluded.refresh()

    def add(self, kind: str, path: str) -> None:
        """Start reading ``path``."""
        self.session.run(Sources.add, lambda _: self._after(), self._broke, kind=kind, path=path)

    def _add_all(self, chosen: list[tuple[str, str]]) -> None:
        """One after another; the first that cannot be one is told, and the rest are not tried."""
        if not chosen:
            self._after()
            return
        (kind, path), *rest = chosen
        self.session.run(Sources.add, lambda _: self._add_all(rest), self._broke, kind=kind, path=path)

    def remove(self, state: SourceState) -> None:
        self.session.run(
            Sources.remove, lambda _: self._after(), self._broke, kind=state.kind, path=state.path
        )

    def _after(self) -> None:
        self.refresh()
        self.changed.emit()
        self.indexing.start()

    # --- adding --------------------------------------------------------------------------------

    def _menu(self) -> QMenu:
        menu = QMenu()
        for kind, (title, picture, what) in NAMES.items():
            menu.addAction(
                icon(picture),
                tr("{title}: folder…  ({what})", title=tr(title), what=tr(what)),
                partial(self._choose, kind, True),
            )
        menu.addSeparator()
        for kind, (title, picture, what) in ACCOUNTS.items():
            menu.addAction(icon(picture), f"{tr(title)}…  ({tr(what)})", partial(self.log_in, kind))
        menu.addSeparator()
        for kind in ("mail", "calendar", "messages", "health"):
            title, picture, _ = NAMES[kind]
            menu.addAction(
                icon(picture), tr("{title}: file…", title=tr(title)), partial(self._choose, kind, False)
            )
        return menu

    def _choose(self, kind: str, folder: bool) -> None:
        home = str(Path.home())
        title = tr("Add {source}", source=within(tr(NAMES[kind][0])))
        if folder:
            path = QFileDialog.getExistingDirectory(self, title, home)
        else:
            path, _ = QFileDialog.getOpenFileName(self, title, home)
        if path:
            self.add(kind, path)

    def log_in(self, kind: str, state: SourceState | None = None) -> None:
        """Ask for an account, or for another password of one that is there."""
        dialog = AccountDialog(self.session, kind, state, self)
        dialog.added.connect(self._after)
        dialog.open()

    # --- showing -------------------------------------------------------------------------------

    def _show(self, states: tuple[SourceState, ...]) -> None:
        self.states = states
        empty(self._cards)
        self._bars.clear()
        self._now.setEnabled(bool(states))
        for state in states:
            self._cards.addWidget(self._card(state))
        if not states:
            self._cards.addWidget(_nothing())
        self._progress()

    def _card(self, state: SourceState) -> QFrame:
        title, picture, _ = (NAMES | ACCOUNTS).get(state.kind, (state.kind, "folder", ""))
        title = tr(title)
        image = QLabel()
        image.setPixmap(pixmap(picture, 24, "accent"))
        place = str(parse(state.kind, state.path)) if state.kind in ACCOUNTS else state.path
        path = Elided(place, "small")
        words = column(label(title, "strong"), path, gap=2)
        numbers = label(rest(state), "small")
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setAccessibleName(tr("Indexing {title}", title=title))
        bar.hide()
        self._bars[state.kind, state.path] = (bar, numbers)
        numbers.setProperty("said", numbers.text())
        remove = icon_button(
            "trash",
            tr("Remove {title} {path}", title=title, path=state.path),
            lambda: self._ask_remove(state),
        )
        head = row(image, margins=(16, 12, 10, 12), gap=14)
        head.addLayout(words, 1)
        head.addWidget(numbers)
        if state.kind == "caldav":
            head.addWidget(self._new_events(state))
        head.addWidget(remove)
        body = column(head, gap=0)
        if state.fault:
            again = button(tr("Password…"), lambda: self.log_in(state.kind, state))
            again.setAccessibleName(tr("Another password for {path}", path=visible(state.path)))
            line = row(margins=(54, 0, 12, 12))
            line.addWidget(label(state.fault[:1].upper() + state.fault[1:], "bad", wrap=True), 1)
            line.addWidget(again)
            body.addLayout(line)
        holder = QWidget()
        holder.setLayout(row(bar, margins=(16, 0, 16, 10)))
        holder.setVisible(False)
        bar.setProperty("holder", holder)
        body.addWidget(holder)
        return frame("card", body)

    def _new_events(self, state: SourceState) -> QPushButton:
        """Where new events go: into one of the calendars that are read, or into a folder."""
        picked = button(
            tr("New events…"), lambda: self._ask_where(picked.mapToGlobal(picked.rect().bottomLeft()))
        )
        picked.setAccessibleName(tr("Where new events go: {path}", path=visible(state.path)))
        return picked

    def _ask_where(self, place: QPoint) -> None:
        """Below the button, which may be another one by the time the calendars are told."""

        def show(calendars: tuple[CalendarState, ...]) -> None:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            folder = CalendarState(
                address="",
                name=tr("Into a folder of this computer"),
                chosen=not any(one.chosen for one in calendars),
            )
            for one in (*calendars, folder):
                entry = menu.addAction(one.name.replace("&", "&&"), partial(self._go_to, one.address))
                entry.setCheckable(True)
                entry.setChecked(one.chosen)
            menu.popup(place)

        self.session.run(Sources.calendars, show, self._broke)

    def _go_to(self, address: str) -> None:
        self.session.change("actions.calendar", address, self._broke)

    def _progress(self) -> None:
        for (kind, path), (bar, numbers) in self._bars.items():
            progress = self.indexing.of(path, kind)
            on = self.indexing.busy and progress is not None
            if progress is not None and on:
                show(bar, progress)
                numbers.setText(how_far(progress))
            elif numbers.text() != numbers.property("said"):
                numbers.setText(numbers.property("said"))
            bar.setVisible(on)
            bar.property("holder").setVisible(on)

    def _ask_remove(self, state: SourceState) -> None:
        text = tr("Forget this source and everything indexed from it?")
        more = tr("{path}\nThe files themselves stay as they are.", path=state.path)
        if sure(self, tr("Remove source"), text, more, yes=tr("Remove")):
            self.remove(state)

    def _broke(self, error: HomebodyError, retry: Callable[[], None] | None = None) -> None:
        self.failed.emit(error, retry)


def _nothing() -> QFrame:
    words = tr(
        "No sources yet. Add a folder or an account, or let Homebody look for what is on this computer."
    )
    text = label(words, "muted", wrap=True)
    return frame("card", column(text, margins=(24, 32, 24, 32)))
