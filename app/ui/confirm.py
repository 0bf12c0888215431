"""The confirmation: a proposal in full, as plain text; the person's yes is the only way on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QEvent, QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.core import policy
from app.core.policy import EDITABLE
from app.core.types import Envelope, Field, Proposal
from app.ui.edit import LearnBox, Words
from app.ui.envelope import EnvelopeBox
from app.ui.language import mark, said, tr
from app.ui.text import lines, one_line, visible, wrappable
from app.ui.widgets import button, column, frame, label, row, scaled

ARMED_MS = 700  # a click or key meant for what was there before cannot approve
_LINE = 90  # characters; longer words are edited in a box
_LONG = 240  # characters; longer values get their own scrolling box
_LOCAL = mark("Homebody will do this on your computer only after you say yes.")
_CLOUD = mark("This question and these passages leave your computer only after you say yes, once.")
_ELSEWHERE = mark("This event leaves your computer only after you say yes.")
_FETCH = mark(
    "Homebody will fetch this file, and send nothing but the request for it, only after you say yes."
)
_VERBS = {
    "ask_cloud": mark("Send this"),
    "fetch_model": mark("Fetch it"),
    "create_event": mark("Create the event"),
    "create_note": mark("Keep the note"),
    "draft_mail": mark("Keep the draft"),
    "reminder": mark("Set the reminder"),
}
_ORIGINS = {
    "you": mark("from you"),
    "assistant": mark("suggested"),
    "default": mark("as usual"),
    "your settings": mark("from your settings"),
    "the catalog": mark("from the catalog"),
    "your question and passages of your data": mark("your question and passages of your data"),
    "from your mails and events": mark("from your mails and events"),
    "from the selected text": mark("from the selected text"),
    "assistant: nine in the morning": mark("suggested: nine in the morning"),
}
_BY = (
    mark("from the mail by {who}"),
    mark("from a mail by {who}"),
    mark("from the text selected in {who}"),
)
# As app.actions writes a moment.
_DAY = re.compile(r"[A-Z][a-z]{5,8} (\d{4}-\d\d-\d\d)( \d\d:\d\d(?::\d\d)?)")
_NOTHING = "—"  # what stands for an empty value
_WIDTH = 600
_AROUND = 80  # pixels of the screen around a sheet
_HEIGHT = 720  # pixels, of a sheet whose words are not edited
_LEAST, _MOST = 160, 16_777_215  # pixels of what is read: the latter is Qt's own limit
_TITLE, _WARNING, _FROM = 300, 600, 240  # characters; what is in them is in the fields, whole
_ORIGIN = 170  # pixels
_WHOLE = ("body", "request", "bytes", "payload")  # arguments whose exact bytes are shown


class ConfirmSheet(QDialog):
    """``approved`` runs at most once, after the person pressed the button that says what happens."""

    held = Signal(tuple)  # the words of the envelope that are to be kept back
    never = Signal(str)  # the source that nothing is to be sent from

    def __init__(
        self,
        parent: QWidget | None,
        proposal: Proposal,
        approved: Callable[[], None],
        amend: Callable[[dict[str, str], bool], None] | None = None,
        *,
        asks: bool = False,
    ) -> None:
        """``amend`` is called with the words the person changed, and whether to learn from them.

        Where the proposal has an envelope, what the person changes in it is told by ``held`` and ``never``,
        and :meth:`take` shows what was made of it.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Please confirm"))
        self.setModal(True)
        self.setMinimumWidth(scaled(_WIDTH))
        self.proposal, self._approved, self._amend = proposal, approved, amend
        self.editors: dict[str, QLineEdit | Words] = {}
        self.envelope: EnvelopeBox | None = None
        self._bytes_box: QPlainTextEdit | None = None
        self._card: QFrame
        self.learn = LearnBox(asks)
        self.learn.hide()
        self.edit_button = button(tr("Edit…"), self.edit, picture="edit")
        self.edit_button.setAutoDefault(False)
        by_hand = amend is not None and proposal.envelope is None and bool(editable(proposal))
        self.edit_button.setVisible(by_hand)
        self.yes = button(self._verb(), self._approve, "primary")
        self.yes.setEnabled(False)
        self.yes.setAutoDefault(False)
        self.no = button(tr("Cancel"), self.reject)
        self.no.setAutoDefault(True)
        self.no.setDefault(True)
        body = self._body()
        self.setLayout(body)
        for part in self.findChildren(QWidget):
            part.ensurePolished()  # letters have the size that they are shown in
        self._fit()
        self.no.setFocus()
        self._arming = QTimer(self, singleShot=True, interval=ARMED_MS)
        self._arming.timeout.connect(lambda: self.yes.setEnabled(True))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arming.start()

    def changeEvent(self, event: QEvent) -> None:
        """Counted from when it takes the keys: what was typed until then was meant for another window."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and self._arming.isActive():
            self._arming.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter belongs to the button that has the focus, which is Cancel until the person moves it."""
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and focused not in (self.yes, self.no):
            event.accept()
            return
        super().keyPressEvent(event)

    def take(self, proposal: Proposal) -> None:
        """The same request made anew: with its own bytes, and its own time to read them."""
        self.yes.setEnabled(False)
        self.proposal = proposal
        self._heading.setText(wrappable(self._title()))
        old = self._card
        self._card = self._fields()
        self._slot.replaceWidget(old, self._card)
        old.hide()
        old.deleteLater()
        self._fit()
        if self._bytes_box is not None:
            self._bytes_box.setPlainText(lines(visible(self._bytes())))
        was, envelope = self.envelope, proposal.envelope
        if was is not None and envelope is not None and not was.take(envelope):
            self._slot.replaceWidget(was, self._envelope_box(envelope))
            was.hide()
            was.deleteLater()
            self.no.setFocus()
        self._arming.start()

    def edit(self) -> None:
        """Put its words into the person's hands; what they make of it is proposed anew."""
        self.edit_button.hide()
        grid, top = self._grid, Qt.AlignmentFlag.AlignTop
        for at, name in editable(self.proposal).items():
            label = self.proposal.preview[at].label
            editor = _editor(policy.visible(str(self.proposal.arguments[name] or "")), label)
            self.editors[name] = editor
            item = grid.itemAtPosition(at, 1)
            if item is not None and (shown := item.widget()) is not None:
                shown.hide()
                grid.removeWidget(shown)
            grid.addWidget(editor, at, 1, top)
        self.learn.setVisible(self.learn.asks)
        self.yes.setText(tr("Use these words"))
        self.yes.setAccessibleName(tr("Use these words"))
        self.yes.setEnabled(True)
        self._fit()
        next(iter(self.editors.values())).setFocus()

    def _amended(self) -> None:
        said = {name: _said(editor) for name, editor in self.editors.items()}
        changed = {name: text for name, text in said.items() if text != (self.proposal.arguments[name] or "")}
        self.accept()
        if self._amend is not None:
            self._amend(changed, self.learn.wanted and bool(changed))

    def _verb(self) -> str:
        return tr(_VERBS.get(self.proposal.action, mark("Yes, do this")))

    def _title(self) -> str:
        return one_line(said(self.proposal.title), _TITLE)

    def _fit(self) -> None:
        """As high as what it says; where there is no room for all of it, that scrolls above the buttons."""
        room = QGuiApplication.primaryScreen().availableGeometry()
        width = min(scaled(_WIDTH), room.width() - _AROUND)
        most = room.height() - _AROUND
        if self.proposal.envelope is None and not self.editors:
            most = min(most, scaled(_HEIGHT))
        outer = self.layout()
        assert outer is not None
        margins = outer.contentsMargins()
        for layout in (self._grid, self._slot, outer):
            layout.invalidate()
        inside = self._slot.totalHeightForWidth(width - margins.left() - margins.right()) + 2
        self._area.setFixedHeight(0)
        rest = outer.totalHeightForWidth(width)
        self._area.setMinimumHeight(min(inside, _LEAST))
        self._area.setMaximumHeight(_MOST)
        self.setMinimumWidth(width)
        self.resize(width, min(most, rest + inside))

    def _envelope_box(self, envelope: Envelope) -> EnvelopeBox:
        self.envelope = made = EnvelopeBox(envelope)
        made.held.connect(self._disarm)
        made.held.connect(self.held)
        made.never.connect(self._disarm)
        made.never.connect(self.never)
        return made

    def _disarm(self) -> None:
        """What is shown is about to be another request."""
        self._arming.stop()
        self.yes.setEnabled(False)

    def _body(self) -> QVBoxLayout:
        self._heading = label(self._title(), "heading", wrap=True)
        self._slot = self._words()
        holder = QWidget()
        holder.setLayout(self._slot)
        self._area = area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(holder)
        body = column(self._heading, margins=(24, 24, 24, 20), gap=14)
        body.addWidget(area, 1)
        body.addWidget(self.learn)
        body.addLayout(row(self.edit_button, 1, self.no, self.yes))
        return body

    def _words(self) -> QVBoxLayout:
        """All that is to be read before a yes."""
        body = column(gap=14)
        cloud = self.proposal.action == "ask_cloud"
        about = {"ask_cloud": _CLOUD, "fetch_model": _FETCH}.get(self.proposal.action, _LOCAL)
        if "://" in str(self.proposal.arguments.get("calendar", "")):
            about = _ELSEWHERE
        body.addWidget(label(tr(about), "muted", wrap=True))
        for warning in self.proposal.warnings:
            body.addWidget(label(one_line(said(warning), _WARNING), "warning", wrap=True))
        self._card = self._fields()
        body.addWidget(self._card)
        if self.proposal.envelope is not None:
            body.addWidget(self._envelope_box(self.proposal.envelope))
        if cloud:
            body.addWidget(label(tr("Exactly this leaves the computer"), "caps"))
            self._bytes_box = _box(self._bytes(), tr("Exactly what is sent"), 180)
            body.addWidget(self._bytes_box, 2)
        body.addStretch(1)
        return body

    def _fields(self) -> QFrame:
        self._grid = grid = QGridLayout()
        grid.setContentsMargins(16, 14, 16, 14)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        shown = self._preview()
        given = tuple(self.proposal.arguments.values())
        arguments = given if len(given) == len(shown) else (None,) * len(shown)
        for at, field in enumerate(shown):
            grid.addWidget(label(said(field.label), "muted"), at, 0, top)
            grid.addWidget(_value(field, arguments[at]), at, 1)
            origin = label(one_line(_origin(field), _FROM), "small", wrap=True)
            origin.setMaximumWidth(scaled(_ORIGIN))
            origin.setMinimumWidth(
                min(scaled(_ORIGIN), origin.fontMetrics().horizontalAdvance(origin.text()) + 8)
            )
            grid.addWidget(origin, at, 2, top)
        return frame("card", grid)

    def _preview(self) -> tuple[Field, ...]:
        """All fields but the request itself, which stands below in full."""
        if self.proposal.action != "ask_cloud":
            return self.proposal.preview
        return tuple(field for field in self.proposal.preview if field.value != self._bytes())

    def _bytes(self) -> str:
        """The request itself: what the approval's digest is over and what the courier sends."""
        arguments = self.proposal.arguments
        for name in _WHOLE:
            if isinstance(value := arguments.get(name), str):
                return value
            if isinstance(value, bytes):
                return value.decode("utf-8", "backslashreplace")
        return json.dumps(arguments, ensure_ascii=False, indent=2, default=str)

    def _approve(self) -> None:
        if self.editors:
            self._amended()
        elif self.yes.isEnabled():
            self.yes.setEnabled(False)
            self.accept()
            self._approved()


def editable(proposal: Proposal) -> dict[int, str]:
    """The lines of the preview whose words can be changed, with the names of their arguments."""
    if len(proposal.preview) != len(proposal.arguments):
        return {}
    return {at: name for at, name in enumerate(proposal.arguments) if name in EDITABLE}


def _editor(text: str, name: str) -> QLineEdit | Words:
    if "\n" in text or len(text) > _LINE:
        return Words(text, name)
    line = QLineEdit(text)
    line.setAccessibleName(name)
    return line


def _said(editor: QLineEdit | Words) -> str:
    """What was typed; what would not show was written as an escape, and is itself again."""
    words = editor.text() if isinstance(editor, QLineEdit) else editor.toPlainText()
    return policy.original(words.strip())


def _origin(field: Field) -> str:
    if field.value in ("", _NOTHING) and field.origin == "default":
        return ""
    if field.origin in _ORIGINS:
        return tr(_ORIGINS[field.origin])
    for form in _BY:
        begins = form.partition("{")[0]
        if field.origin.startswith(begins):
            return tr(form, who=field.origin.removeprefix(begins))
    return said(field.origin)


def _boxed(field: Field) -> bool:
    return len(field.value) > _LONG or field.value.count("\n") > 4


def _spoken(value: str, argument: object) -> str:
    """The value in the window's language where it has words of ours: yes, no, the name of a day."""
    if isinstance(argument, bool):
        return tr("yes") if argument else tr("no")
    if match := _DAY.fullmatch(value):
        day = date.fromisoformat(match[1]).isoweekday()
        return f"{QLocale().standaloneDayName(day, QLocale.FormatType.LongFormat)} {match[1]}{match[2]}"
    return value


def _value(field: Field, argument: object) -> QWidget:
    if _boxed(field):
        return _box(field.value, field.label, 110)
    value = label(_spoken(field.value, argument) or _NOTHING, wrap=True)
    value.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return value


def _box(text: str, name: str, height: int) -> QPlainTextEdit:
    box = QPlainTextEdit()
    box.setReadOnly(True)
    box.setPlainText(lines(visible(text)))
    box.setAccessibleName(name)
    box.setTabChangesFocus(True)
    box.setMinimumHeight(height)
    return box
