"""What is found on this computer that could be read: told with its size, read only once it is ticked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.core.api import Sources
from app.core.errors import HomebodyError
from app.core.types import Candidate
from app.ui.jobs import Job
from app.ui.language import mark, number, tr
from app.ui.session import Session
from app.ui.theme import pixmap
from app.ui.widgets import Elided, button, column, count, empty, frame, label, row

NAMES = {
    "mail": (mark("Mail"), "mail", mark("mbox files, Maildir folders, Thunderbird, .eml files")),
    "notes": (mark("Notes"), "note", mark("Obsidian, Markdown, text, exports of note programs")),
    "calendar": (mark("Calendar"), "event", mark(".ics files and folders")),
    "photos": (mark("Photos"), "photo", mark("folders of pictures")),
    "contacts": (mark("Contacts"), "contact", mark("address books, .vcf, .ldif and .csv files")),
    "documents": (mark("Documents"), "document", mark("PDF, Word, Excel, books, code and text")),
    "messages": (mark("Messages"), "message", mark("exports of WhatsApp, Signal, Telegram, Slack, SMS")),
    "browser": (mark("Browser"), "webpage", mark("history and bookmarks of Firefox, Chromium, Safari")),
    "health": (mark("Health"), "health", mark("an export of Apple Health")),
}
_FEW = 5  # that are shown before the person asks for all


class Finds(QVBoxLayout):
    """Looks when asked to, and lists what it finds, each with a box to tick. ``changed`` with every tick."""

    changed = Signal()
    looked = Signal()

    def __init__(self, session: Session, failed: Callable[[HomebodyError], None]) -> None:
        super().__init__()
        self.session, self._failed = session, failed
        self.setSpacing(2)
        self.ticks: list[tuple[QCheckBox, str, str]] = []
        self._found: list[Candidate] = []
        self._all = False
        self._job: Job | None = None

    @property
    def looking(self) -> bool:
        return self._job is not None

    def look(self) -> None:
        """Again, from the beginning."""
        if self._job is not None:
            return
        self._found.clear()
        self._job = self.session.stream(Sources.discover, self._step, self._ended, self._broke)
        self._show()

    def offer(self, kind: str, path: str) -> None:
        """Something that the person chose themselves, ticked."""
        self._line(
            Candidate(kind=kind, path=path, name=path.rpartition("/")[2], files=0, bytes=0), ticked=True
        )
        self.changed.emit()

    def chosen(self) -> list[tuple[str, str]]:
        """(kind, path) of all that are ticked."""
        return [(kind, path) for box, kind, path in self.ticks if box.isChecked()]

    def _step(self, step: object) -> None:
        if isinstance(step, Candidate) and not step.known:
            self._found.append(step)
            self._show()

    def _ended(self) -> None:
        self._job = None
        self._show()
        self.looked.emit()

    def _broke(self, error: HomebodyError) -> None:
        self._ended()
        self._failed(error)

    def _more(self) -> None:
        self._all = True
        self._show()

    def _show(self) -> None:
        kept = {(kind, path) for kind, path in self.chosen()}
        own = [tick for tick in self.ticks if not any(tick[2] == one.path for one in self._found)]
        empty(self)
        self.ticks.clear()
        for _, kind, path in own:
            if (kind, path) in kept:
                self.offer(kind, path)
        shown = self._found if self._all else self._found[:_FEW]
        for one in shown:
            self._line(one, ticked=(one.kind, one.path) in kept)
        if len(shown) < len(self._found):
            more = button(
                tr("Show {more} more", more=number(len(self._found) - len(shown))), self._more, "flat"
            )
            more.setAutoDefault(False)
            self.addLayout(row(more, 1))
        if self.looking:
            self.addWidget(label(tr("Looking in the usual places …"), "muted"))
        elif not self.ticks:
            self.addWidget(label(tr("Nothing else was found in the usual places."), "muted"))

    def _line(self, one: Candidate, *, ticked: bool) -> None:
        title, picture, _ = NAMES.get(one.kind, (one.kind.capitalize(), "folder", ""))
        title = tr(title)
        box = QCheckBox()
        box.setChecked(ticked)
        box.setAccessibleName(tr("Read {title}: {name}, {path}", title=title, name=one.name, path=one.path))
        box.toggled.connect(lambda _: self.changed.emit())
        self.ticks.append((box, one.kind, one.path))
        image = QLabel()
        image.setPixmap(pixmap(picture, 18, "muted"))
        line = row(box, image, gap=10, margins=(0, 4, 0, 4))
        line.addLayout(column(Elided(f"{title} · {one.name}"), Elided(one.path, "small"), gap=0), 1)
        if one.files:
            line.addWidget(label(size(one), "small"))
        self.insertWidget(len(self.ticks) - 1, _Row(line, box))


class _Row(QWidget):
    """A click anywhere on the line is one on its box."""

    def __init__(self, line: QHBoxLayout, box: QCheckBox) -> None:
        super().__init__()
        self.setLayout(line)
        self._box = box
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: object) -> None:
        self._box.toggle()


class Found(QVBoxLayout):
    """The part of the Sources page that offers what is found. ``wanted`` carries what is to be read."""

    wanted = Signal(object)  # list of (kind, path)

    def __init__(self, session: Session, failed: Callable[[HomebodyError], None]) -> None:
        super().__init__()
        self.setSpacing(4)
        self.finds = Finds(session, failed)
        self._look = button(tr("Look for more"), self.look, picture="search")
        self._read = button(tr("Read what is ticked"), self._take, "primary")
        self._read.hide()
        head = row(Elided(tr("Found on this computer"), "caps"), self._read, self._look)
        head.setStretch(0, 1)
        self.addLayout(head)
        inner = column(margins=(16, 8, 16, 8))
        inner.addLayout(self.finds)
        self._card = frame("card", inner)
        self._card.hide()
        self.addWidget(self._card)
        self.finds.changed.connect(self._ticked)
        self.finds.looked.connect(partial(self._look.setEnabled, True))

    def look(self) -> None:
        self._card.show()
        self._look.setEnabled(False)
        self.finds.look()

    def _ticked(self) -> None:
        self._read.setVisible(bool(self.finds.chosen()))

    def _take(self) -> None:
        self.wanted.emit(self.finds.chosen())
        self._read.hide()
        self._card.hide()


def source_name(sort: str) -> str:
    known = NAMES.get(sort)
    return tr(known[0]) if known else sort.capitalize()


def size(one: Candidate) -> str:
    """``812 files, 3.4 MB``."""
    value, unit = float(one.bytes), "bytes"
    for larger in ("kB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    amount = number(value, 0 if value >= 10 or unit == "bytes" else 1)
    files = count(one.files, "file")
    files = tr("over {files}", files=files) if one.more else files
    return f"{files}, {amount} {unit}"
