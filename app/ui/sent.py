"""What left this computer, exactly as it did: the request that a line of the journal stands for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from app.core.types import JournalEntry, Proposal
from app.ui.language import number, said, tr
from app.ui.text import LongText
from app.ui.widgets import button, column, frame, label, moment, row

_LONG, _SEEN = 1_000, 8  # characters from which a value scrolls, and the lines of it that are seen
_WHOLE = ("body", "request")  # the arguments that are the bytes themselves


class SentDialog(QDialog):
    """Every field the person said yes to, and the bytes of the request."""

    def __init__(self, parent: QWidget, entry: JournalEntry, proposal: Proposal) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("What was sent"))
        self.setModal(True)
        self.resize(640, 620)
        self.request = next((str(proposal.arguments[n]) for n in _WHOLE if proposal.arguments.get(n)), "")
        grid = QGridLayout()
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        shown = [field for field in proposal.preview if field.value != self.request or not self.request]
        for at, field in enumerate(shown):
            grid.addWidget(label(said(field.label), "muted"), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_value(said(field.label), field.value), at, 1)
        when = tr("{when} · {bytes} bytes", when=moment(entry.when), bytes=number(entry.bytes_out))
        body = column(
            label(said(entry.summary), "heading", wrap=True),
            label(when, "muted"),
            frame("card", grid),
            margins=(24, 20, 24, 16),
            gap=12,
        )
        if self.request:
            body.addWidget(label(tr("The whole request"), "caps"))
            self.box = LongText(tr("The whole request"))
            self.box.show_text(self.request)
            body.addWidget(self.box, 1)
        close = button(tr("Close"), self.accept, "primary")
        close.setDefault(True)
        foot = row(1, close)
        if self.request:
            copy = button(
                tr("Copy"), lambda: QGuiApplication.clipboard().setText(self.request), picture="copy"
            )
            copy.setAutoDefault(False)
            foot.insertWidget(0, copy)
        body.addLayout(foot)
        self.setLayout(body)


def _value(name: str, value: str) -> QWidget:
    if len(value) <= _LONG:
        return label(value or "—", wrap=True)
    box = LongText(name)
    box.setFixedHeight(_SEEN * box.fontMetrics().lineSpacing())
    box.show_text(value)
    return box
