"""The Journal page: what was done, when, what left this computer; with Undo where that is possible."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from app.core.api import Deeds
from app.core.errors import HomebodyError
from app.core.types import JournalEntry
from app.ui.language import number, said, tr
from app.ui.pages import Page
from app.ui.session import Session
from app.ui.theme import pixmap
from app.ui.widgets import button, column, empty, frame, label, moment, row

_LIMIT = 200
_PICTURES = {"cloud": "cloud", "hat": "hat", "undo": "undo", "unlock": "shield", "source": "folder"}


class JournalPage(Page):
    failed = Signal(object, object)
    undone = Signal(object)  # JournalEntry

    def __init__(self, session: Session) -> None:
        super().__init__(
            tr("Journal"),
            tr(
                "Everything Homebody did for you, and every byte that left this computer. "
                "It holds what happened, never the text of your messages."
            ),
        )
        self.session = session
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self.body.addLayout(self._lines)

    def refresh(self) -> None:
        if self.session.status.vault == "open":
            self.session.run(Deeds.journal, self._show, self._broke, limit=_LIMIT)

    def undo(self, id: int) -> None:
        self.session.run(Deeds.undo, self._undone, self._broke, journal_id=id)

    def _undone(self, entry: JournalEntry) -> None:
        self.undone.emit(entry)
        self.refresh()

    def _show(self, entries: tuple[JournalEntry, ...]) -> None:
        empty(self._lines)
        for entry in entries:
            self._lines.addWidget(self._line(entry))
        if not entries:
            text = label(tr("Nothing yet. What Homebody does for you is listed here, with Undo."), "muted")
            self._lines.addWidget(frame("card", column(text, margins=(24, 32, 24, 32))))

    def _line(self, entry: JournalEntry) -> QFrame:
        image = QLabel()
        image.setPixmap(pixmap(_PICTURES.get(entry.what.partition(":")[0], "check"), 20, "accent"))
        parts = [moment(entry.when), entry.what.replace("_", " ").replace("action:", "")]
        if entry.state != "done":
            parts.append(entry.state)
        if entry.bytes_out:
            parts.append(tr("{bytes_out} bytes sent", bytes_out=number(entry.bytes_out)))
        words = column(
            label(said(entry.summary[:1].upper() + entry.summary[1:]), wrap=True),
            label(" · ".join(parts), "small"),
            gap=2,
        )
        line = row(image, margins=(16, 10, 12, 10), gap=14)
        line.addLayout(words, 1)
        if entry.undoable:
            line.addWidget(button(tr("Undo"), partial(self.undo, entry.id), picture="undo"))
        return frame("card", line)

    def _broke(self, error: HomebodyError) -> None:
        self.failed.emit(error, None)
