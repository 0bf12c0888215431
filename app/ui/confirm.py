"""The confirmation: a proposal in full, as plain text; the person's yes is the only way on."""

from __future__ import annotations

import json
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from app.core.types import Field, Proposal
from app.ui.text import visible
from app.ui.widgets import button, column, frame, label, row

ARMED_MS = 700  # a click or key meant for what was there before cannot approve
_LONG = 240  # characters; longer values get their own scrolling box
_LOCAL = "Homebody will do this on your computer only after you say yes."
_CLOUD = "This question and these passages leave your computer only after you say yes, once."
_FETCH = "Homebody will fetch this file, and send nothing but the request for it, only after you say yes."
_WIDTH, _HEIGHT = 600, 720
_FEW = 8  # fields that need no scrolling
_WHOLE = ("body", "request", "bytes", "payload")  # arguments whose exact bytes are shown


class ConfirmSheet(QDialog):
    """``approved`` runs at most once, after the person pressed the button that says what happens."""

    def __init__(self, parent: QWidget | None, proposal: Proposal, approved: Callable[[], None]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Please confirm")
        self.setModal(True)
        self.setMinimumWidth(_WIDTH)
        self.proposal, self._approved = proposal, approved
        self.yes = button(self._verb(), self._approve, "primary")
        self.yes.setEnabled(False)
        self.yes.setAutoDefault(False)
        self.no = button("Cancel", self.reject)
        self.no.setAutoDefault(True)
        self.no.setDefault(True)
        body = self._body()
        self.setLayout(body)
        self.resize(_WIDTH, min(_HEIGHT, body.totalHeightForWidth(_WIDTH)))
        self.no.setFocus()
        QTimer.singleShot(ARMED_MS, self, lambda: self.yes.setEnabled(True))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter belongs to the button that has the focus, which is Cancel until the person moves it."""
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and focused not in (self.yes, self.no):
            event.accept()
            return
        super().keyPressEvent(event)

    def _verb(self) -> str:
        return {"ask_cloud": "Send this", "fetch_model": "Fetch it"}.get(self.proposal.action, "Yes, do this")

    def _body(self) -> QVBoxLayout:
        body = column(label(self.proposal.title, "heading", wrap=True), margins=(24, 24, 24, 20), gap=14)
        cloud = self.proposal.action == "ask_cloud"
        about = {"ask_cloud": _CLOUD, "fetch_model": _FETCH}.get(self.proposal.action, _LOCAL)
        body.addWidget(label(about, "muted", wrap=True))
        for warning in self.proposal.warnings:
            body.addWidget(label(warning, "warning", wrap=True))
        body.addWidget(self._fields())
        if cloud:
            body.addWidget(label("Exactly this leaves the computer", "caps"))
            body.addWidget(_box(self._bytes(), "Exactly what is sent", 180), 2)
        body.addLayout(row(1, self.no, self.yes))
        return body

    def _fields(self) -> QWidget:
        grid = QGridLayout()
        grid.setContentsMargins(16, 14, 16, 14)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for at, field in enumerate(self.proposal.preview):
            grid.addWidget(label(field.label, "muted"), at, 0, top)
            grid.addWidget(_value(field), at, 1)
            grid.addWidget(label(_origin(field), "small"), at, 2, top)
        if len(self.proposal.preview) <= _FEW:
            return frame("card", grid)
        grid.setRowStretch(len(self.proposal.preview), 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(frame("card", grid))
        area.setMinimumHeight(min(320, grid.sizeHint().height() + 4))
        return area

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
        if self.yes.isEnabled():
            self.yes.setEnabled(False)
            self.accept()
            self._approved()


def _origin(field: Field) -> str:
    return {"you": "from you", "assistant": "suggested"}.get(field.origin, field.origin)


def _value(field: Field) -> QWidget:
    if len(field.value) > _LONG or field.value.count("\n") > 4:
        return _box(field.value, field.label, 110)
    value = label(field.value or "—", wrap=True)
    value.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return value


def _box(text: str, name: str, height: int) -> QPlainTextEdit:
    box = QPlainTextEdit()
    box.setReadOnly(True)
    box.setPlainText(visible(text))
    box.setAccessibleName(name)
    box.setTabChangesFocus(True)
    box.setMinimumHeight(height)
    return box
