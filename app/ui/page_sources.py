"""The Sources page: what is read, how much of it, what was skipped and why; add, remove, index now."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QLabel,
    QMenu,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.core.accounts import parse
from app.core.api import Sources
from app.core.errors import HomebodyError
from app.core.types import SkippedFile, SourceState
from app.ui.account import ACCOUNTS, AccountDialog
from app.ui.forgetting import ExclusionList
from app.ui.indexing import Indexing
from app.ui.pages import Page
from app.ui.session import Session
from app.ui.theme import icon, pixmap
from app.ui.widgets import Elided, button, column, count, empty, frame, icon_button, label, moment, row

KINDS = {
    "mail": ("Mail", "mail", "mbox files, Maildir folders, .eml files"),
    "notes": ("Notes", "note", "folders of Markdown and text"),
    "calendar": ("Calendar", "event", ".ics files and folders"),
    "photos": ("Photos", "photo", "folders of pictures"),
    "contacts": ("Contacts", "contact", ".vcf files and folders"),
    "documents": ("Documents", "document", "PDF, Word, Excel, books, code and text"),
    "messages": ("Messages", "message", "exports of WhatsApp, Signal, Telegram, Slack, SMS"),
    "browser": ("Browser", "webpage", "history and bookmarks of Firefox, Chromium, Safari"),
    "health": ("Health", "health", "an export of Apple Health"),
}
_SKIPPED_SHOWN = 50


class SourcesPage(Page):
    failed = Signal(object, object)
    changed = Signal()  # the list of sources

    def __init__(self, session: Session, indexing: Indexing) -> None:
        self._add = QPushButton("Add source")
        self._add.setObjectName("primary")
        self._add.setMenu(self._menu())
        self._now = button("Index now", indexing.start, picture="again")
        super().__init__(
            "Sources",
            "Homebody reads these folders, files and accounts, and follows their changes. "
            "It never writes to them.",
            self._now,
            self._add,
        )
        self.session, self.indexing = session, indexing
        self.states: tuple[SourceState, ...] = ()
        self._bars: dict[str, tuple[QProgressBar, QLabel]] = {}
        self._cards = QVBoxLayout()
        self._cards.setSpacing(10)
        self._skipped = QVBoxLayout()
        self._skipped.setSpacing(4)
        self.body.addLayout(self._cards)
        self.body.addSpacing(12)
        self.body.addLayout(self._skipped)
        self.body.addSpacing(12)
        self.excluded = ExclusionList(session, self._broke, self._after)
        self.body.addLayout(self.excluded)
        indexing.changed.connect(self._progress)
        indexing.finished.connect(lambda _: self.refresh())

    def refresh(self) -> None:
        if self.session.status.vault != "open":
            return
        self.session.run(Sources.list, self._show, self._broke)
        self.session.run(Sources.skipped, self._show_skipped, self._broke)
        self.excluded.refresh()

    def add(self, kind: str, path: str) -> None:
        """Start reading ``path``."""
        self.session.run(Sources.add, lambda _: self._after(), self._broke, kind=kind, path=path)

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
        for kind, (title, picture, what) in KINDS.items():
            menu.addAction(icon(picture), f"{title}: folder…  ({what})", partial(self._choose, kind, True))
        menu.addSeparator()
        for kind, (title, picture, what) in ACCOUNTS.items():
            menu.addAction(icon(picture), f"{title}…  ({what})", partial(self.log_in, kind))
        menu.addSeparator()
        for kind in ("mail", "calendar", "messages", "health"):
            title, picture, _ = KINDS[kind]
            menu.addAction(icon(picture), f"{title}: file…", partial(self._choose, kind, False))
        return menu

    def _choose(self, kind: str, folder: bool) -> None:
        home = str(Path.home())
        title = f"Add {KINDS[kind][0].lower()}"
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
        title, picture, _ = (KINDS | ACCOUNTS).get(state.kind, (state.kind, "folder", ""))
        image = QLabel()
        image.setPixmap(pixmap(picture, 24, "accent"))
        parts = [count(state.items, "item")]
        if state.skipped:
            parts.append(f"{state.skipped:,} skipped")
        if state.missing:
            parts = ["not there now; what is known of it is kept", *parts]
        elif state.last_indexed:
            parts.append(f"read {moment(state.last_indexed)}")
        place = str(parse(state.kind, state.path)) if state.kind in ACCOUNTS else state.path
        path = Elided(place, "small")
        words = column(label(title, "strong"), path, gap=2)
        numbers = label(" · ".join(parts), "small")
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setAccessibleName(f"Indexing {title}")
        bar.hide()
        self._bars[state.kind] = (bar, numbers)
        remove = icon_button("trash", f"Remove {title} {state.path}", lambda: self._ask_remove(state))
        head = row(image, margins=(16, 12, 10, 12), gap=14)
        head.addLayout(words, 1)
        head.addWidget(numbers)
        head.addWidget(remove)
        body = column(head, gap=0)
        if state.fault:
            again = button("Password…", lambda: self.log_in(state.kind, state))
            again.setAccessibleName(f"Another password for {state.path}")
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

    def _progress(self) -> None:
        for kind, (bar, _) in self._bars.items():
            progress = self.indexing.progress.get(kind)
            on = self.indexing.busy and progress is not None
            holder = bar.property("holder")
            if progress is not None:
                bar.setRange(0, progress.total)
                bar.setValue(progress.done)
            bar.setVisible(on)
            holder.setVisible(on)

    def _show_skipped(self, files: tuple[SkippedFile, ...]) -> None:
        empty(self._skipped)
        if not files:
            return
        self._skipped.addWidget(label(f"Skipped ({len(files):,})", "caps"))
        lines = QVBoxLayout()
        lines.setContentsMargins(16, 12, 16, 12)
        lines.setSpacing(8)
        for file in files[:_SKIPPED_SHOWN]:
            name = Elided(file.uri)
            lines.addLayout(column(name, label(file.reason, "small", wrap=True), gap=0))
        if len(files) > _SKIPPED_SHOWN:
            lines.addWidget(label(f"and {len(files) - _SKIPPED_SHOWN:,} more", "small"))
        self._skipped.addWidget(frame("card", lines))

    def _ask_remove(self, state: SourceState) -> None:
        box = QMessageBox(self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle("Remove source")
        box.setText("Forget this source and everything indexed from it?")
        box.setInformativeText(f"{state.path}\nThe files themselves stay as they are.")
        yes = box.addButton("Remove", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.exec()
        if box.clickedButton() is yes:
            self.remove(state)

    def _broke(self, error: HomebodyError, retry: Callable[[], None] | None = None) -> None:
        self.failed.emit(error, retry)


def _nothing() -> QFrame:
    text = label("No sources yet. Add a folder of mail, notes, calendar files or photos.", "muted", wrap=True)
    return frame("card", column(text, margins=(24, 32, 24, 32)))
