"""Steps of the first run that know nothing of the others: which model, and a first question."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QRadioButton, QScrollArea, QVBoxLayout, QWidget

from app.core.api import Admin, Library
from app.core.library import Row, Shelf, Spine
from app.core.models import ModelState
from app.core.types import Scope
from app.ui.language import number, tr
from app.ui.session import Session
from app.ui.text import one_line
from app.ui.widgets import Suggestion, column, count, empty, label, short_person

_OFFERED = 3  # models beside the one that is here
_AGAIN_MS = 1_500
_TITLE = 48  # characters of a title that makes a question
_ABOUT = ("event", "mail", "note")


class ModelChoice(QWidget):
    """The one that is here works at once; others are offered with what they cost."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._seen = False
        self._keys: list[tuple[QRadioButton, str]] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(14)
        self._lines.setContentsMargins(0, 0, 0, 0)
        lines = QWidget()
        lines.setLayout(self._lines)
        page = page_of(
            tr("Which model should answer?"),
            tr("One is here already and works at once, offline. The settings change it at any time."),
            lines,
        )
        self.setLayout(column(page))

    def look(self) -> None:
        self._seen = True
        if not self._keys:
            self.session.run(Admin.models, self._show, lambda _: None)

    def hideEvent(self, event: QHideEvent) -> None:
        """What comes after the dialog has gone has nowhere to go."""
        self._seen = False

    def chosen(self) -> str:
        """The key of what is to be fetched, empty for the one that is here."""
        return next((key for choice, key in self._keys if choice.isChecked()), "")

    def _show(self, models: tuple[ModelState, ...]) -> None:
        if not self._seen:
            return
        empty(self._lines)
        self._keys.clear()
        speaking = [model for model in models if model.serves == "language"]
        here = next((model for model in speaking if model.active), None)
        if here is not None:
            self._offer(here, "", here=True)
        others = sorted((m for m in speaking if not m.installed), key=lambda model: model.size)
        for model in others[:_OFFERED]:
            self._offer(model, model.key)
        self._lines.addStretch(1)

    def _offer(self, model: ModelState, key: str, *, here: bool = False) -> None:
        needs = tr("{size} MB, needs {ram} GB", size=number(model.size / 1e6), ram=number(model.ram / 1e9, 1))
        parts = [tr("here, works at once") if here else tr("to be fetched"), needs, model.licence]
        fits = model.ram <= memory()
        if not fits:
            parts.append(tr("more memory than this computer has"))
        choice = QRadioButton(model.title)
        choice.setChecked(here)
        choice.setEnabled(fits or here)
        about = label(" · ".join(parts), "small", wrap=True)
        about.setContentsMargins(28, 0, 0, 0)
        choice.setAccessibleDescription(about.text())
        self._keys.append((choice, key))
        self._lines.addLayout(column(choice, about, gap=2))


class Trial(QWidget):
    """A first question: examples, and some of what has been read so far."""

    asked = Signal()

    def __init__(self, session: Session, examples: Sequence[str]) -> None:
        super().__init__()
        self.session, self._examples = session, tuple(tr(example) for example in examples)
        self.question = QLineEdit()
        self.question.setPlaceholderText(tr("Ask something"))
        self.question.setAccessibleName(tr("Your first question"))
        self.question.returnPressed.connect(self.asked)
        self.told = label("", "small")
        self._offers = QVBoxLayout()
        self._offers.setSpacing(8)
        self._offers.setContentsMargins(0, 0, 0, 0)
        offers = QWidget()
        offers.setLayout(self._offers)
        self._timer = QTimer(self, interval=_AGAIN_MS)
        self._timer.timeout.connect(self._look)
        self._shown: tuple[str, ...] = ()
        self._seen = False
        text = tr("Indexing goes on meanwhile; words are found as soon as they are read.")
        self.setLayout(column(page_of(tr("Try a question"), text, self.question, self.told, offers)))

    def enter(self) -> None:
        self._seen = True
        self._offer(self._examples)
        self.question.setFocus()
        self._timer.start()
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        self._seen = False
        self._timer.stop()

    def _look(self) -> None:
        """How much has been read, and until there is enough of it, what could be asked of it."""
        self.session.run(Library.spine, self._tell, lambda _: None, shelf=Shelf())
        for kind in _ABOUT:
            scope = Scope(kinds=(kind,), after=datetime.now(UTC) if kind == "event" else None)
            self.session.run(
                Library.page,
                partial(self._about, kind),
                lambda _: None,
                shelf=Shelf(scope=scope),
                day=datetime.max.toordinal() - 3,
                limit=8,
            )

    def _tell(self, spine: Spine) -> None:
        if self._seen:
            self.told.setText(tr("Read so far: {items}", items=count(spine.total, "item")))

    def _about(self, kind: str, rows: tuple[Row, ...]) -> None:
        if not self._seen:
            return
        asked = next((question for row in rows if (question := ask_about(row))), "")
        if asked and asked not in self._shown:
            mine = [one for one in self._shown if one not in self._examples]
            self._offer((*mine, asked, *self._examples)[:5])

    def _offer(self, questions: Sequence[str]) -> None:
        """Nothing is put under the pointer of who is about to choose: new ones come while there is room."""
        if tuple(questions) == self._shown or len(self._shown) > len(questions):
            return
        self._shown = tuple(questions)
        empty(self._offers)
        for text in questions:
            offer = Suggestion(text, partial(self.question.setText, text))
            self._offers.addWidget(offer)


def ask_about(row: Row) -> str:
    """A question that this item answers; empty for a title that makes none."""
    title = one_line(row.title, _TITLE + 1)
    if not 3 < len(title) <= _TITLE or "⟨" in title or title.endswith("…"):
        return ""
    if row.kind == "event":
        return tr("When is {title}?", title=title)
    if row.kind == "mail":
        who = one_line(short_person(row.people), 40)
        return tr("What does {who} write about “{title}”?", who=who, title=title) if who else ""
    return tr("What do my notes say about “{title}”?", title=title)


def memory() -> int:
    """Bytes this computer has; where it does not say, more than any model needs."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 1 << 62


def page_of(title: str, text: str, *parts: QWidget) -> QWidget:
    page = QWidget()
    body = column(label(title, "title", wrap=True), gap=12)
    if text:
        body.addWidget(label(text, "muted", wrap=True))
    body.addSpacing(6)
    for part in parts:
        body.addWidget(part)
    body.addStretch(1)
    page.setLayout(body)
    return page


def scrolled(page: QWidget) -> QScrollArea:
    """Where the text is large, nothing is out of reach."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(page)
    return area
