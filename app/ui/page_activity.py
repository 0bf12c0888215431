"""The Activity page: what is read now, what is in memory, what left this computer, and what was done."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from app.core.api import Deeds
from app.core.errors import HomebodyError
from app.core.types import JournalEntry, Proposal
from app.ui.gradual import Gradual
from app.ui.indexing import Indexing
from app.ui.language import mark, number, said, tr
from app.ui.memory import Memory
from app.ui.pages import Page
from app.ui.reading import Reading
from app.ui.sent import SentDialog
from app.ui.session import Session
from app.ui.skipped import SkippedList
from app.ui.text import one_line
from app.ui.theme import pixmap
from app.ui.widgets import button, column, empty, frame, label, moment, row

_LIMIT = 200
_PICTURES = {
    "action": "check",
    "caldav": "event",
    "cloud": "cloud",
    "export": "open",
    "forget": "trash",
    "hat": "hat",
    "imap": "mail",
    "key": "shield",
    "model": "spark",
    "source": "folder",
    "undo": "undo",
    "unlock": "shield",
}
_WHATS = {
    "action": mark("done for you"),
    "caldav": mark("calendar account"),
    "cloud": mark("asked elsewhere"),
    "export": mark("export"),
    "forget": mark("forgotten"),
    "hat": mark("hat"),
    "imap": mark("mail account"),
    "key": mark("key"),
    "model": mark("model"),
    "serve": mark("other programs"),
    "source": mark("source"),
    "undo": mark("undone"),
    "unlock": mark("unlocked"),
}
_STATES = {
    "undone": mark("undone since"),
    "failed": mark("failed"),
    "refused": mark("refused"),
    "pending": mark("under way"),
}


class ActivityPage(Page):
    undone = Signal(object)  # JournalEntry

    def __init__(self, session: Session, indexing: Indexing) -> None:
        self._pause = button(tr("Pause indexing"), self._toggle, picture="pause")
        super().__init__(
            tr("Activity"),
            tr(
                "What Homebody is doing, what it did for you, and every byte that left this computer. "
                "The journal holds what happened, never the text of your messages."
            ),
            self._pause,
        )
        self.session, self.indexing = session, indexing
        self.reading = Reading(session, indexing)
        self.reading.setSpacing(8)
        self.skipped = SkippedList(session, self._broke, indexing.start)
        self.memory = Memory(session)
        self._left, self._deeds = QVBoxLayout(), QVBoxLayout()
        self._filling = {True: Gradual(self), False: Gradual(self)}  # by whether it left this computer
        for layout in (self._left, self._deeds):
            layout.setSpacing(8)
        self._part(tr("Reading"), self.reading)
        self.body.addLayout(self.skipped)
        self.body.addSpacing(12)
        self.body.addWidget(label(tr("In memory"), "heading"))
        self.body.addWidget(self.memory)
        self._part(tr("What left this computer"), self._left)
        self._part(tr("What was done"), self._deeds)
        indexing.changed.connect(self._pausing)
        indexing.finished.connect(lambda _: self.refresh() if self.isVisible() else None)

    def refresh(self) -> None:
        self._pausing()
        if self.session.status.vault == "open":
            self.reading.refresh()
            self.skipped.refresh()
            self.session.run(Deeds.journal, self._show, self._broke, limit=_LIMIT)

    def undo(self, id: int) -> None:
        self.session.run(Deeds.undo, self._undone, self._broke, journal_id=id)

    def open_sent(self, entry: JournalEntry) -> None:
        """The exact request that left, as it was approved."""

        def show(proposal: Proposal) -> None:
            SentDialog(self, entry, proposal).open()

        self.session.run(Deeds.shown, show, self._broke, journal_id=entry.id)

    def clear(self) -> None:
        """What stands here was in the store."""
        self.reading.clear()
        self.skipped.clear()
        self._empty()

    def retint(self) -> None:
        self.memory.retint()

    # --- showing -------------------------------------------------------------------------------

    def _empty(self) -> None:
        for filling in self._filling.values():
            filling.stop()
        empty(self._left)
        empty(self._deeds)

    def _part(self, title: str, lines: QVBoxLayout) -> None:
        self.body.addSpacing(12)
        self.body.addWidget(label(title, "heading"))
        self.body.addLayout(lines)

    def _undone(self, entry: JournalEntry) -> None:
        self.undone.emit(entry)
        self.refresh()

    def _show(self, entries: tuple[JournalEntry, ...]) -> None:
        if not self.session.open:
            return
        nothing = (
            (True, self._left, tr("Nothing has left this computer.")),
            (False, self._deeds, tr("Nothing yet. What Homebody does for you is listed here, with Undo.")),
        )
        self._empty()
        for left, layout, text in nothing:
            some = [entry for entry in entries if bool(entry.bytes_out) == left]
            self._filling[left].fill(layout, map(self._line, some))
            if not some:
                words = label(text, "muted", wrap=True)
                layout.addWidget(frame("card", column(words, margins=(20, 16, 20, 16))))

    def _line(self, entry: JournalEntry) -> QFrame:
        kind = entry.what.partition(":")[0]
        image = QLabel()
        image.setPixmap(pixmap(_PICTURES.get(kind, "check"), 20, "accent"))
        parts = [moment(entry.when), tr(_WHATS[kind]) if kind in _WHATS else kind]
        if entry.state in _STATES:
            parts.append(tr(_STATES[entry.state]))
        if entry.bytes_out:
            parts.append(tr("{bytes_out} bytes sent", bytes_out=number(entry.bytes_out)))
        text = one_line(said(entry.summary), 300)
        words = column(
            label(text[:1].upper() + text[1:], wrap=True), label(" · ".join(parts), "small"), gap=2
        )
        line = row(image, margins=(16, 10, 12, 10), gap=14)
        line.addLayout(words, 1)
        if entry.bytes_out and entry.shown:
            open_it = button(tr("Open"), partial(self.open_sent, entry), picture="open")
            open_it.setAccessibleName(tr("Open what was sent: {what}", what=text))
            line.addWidget(open_it)
        if entry.undoable:
            undo = button(tr("Undo"), partial(self.undo, entry.id), picture="undo")
            undo.setAccessibleName(tr("Undo: {what}", what=text))
            line.addWidget(undo)
        return frame("card", line)

    # --- pausing -------------------------------------------------------------------------------

    def _pausing(self) -> None:
        text = tr("Resume indexing") if self.indexing.paused else tr("Pause indexing")
        if self._pause.text() != text:
            self._pause.setText(text)
            self._pause.setAccessibleName(text)

    def _toggle(self) -> None:
        if self.indexing.paused:
            self.indexing.resume()
        else:
            self.indexing.pause()

    def _broke(self, error: HomebodyError) -> None:
        self.failed.emit(error, None)
