"""Write a mail: whom it goes to and a few words of what it should say; the hat writes the rest."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from app.ui.edit import Words
from app.ui.language import tr
from app.ui.widgets import button, column, label, row, scaled


class ComposeDialog(QDialog):
    """``write`` is called with the people, the words and the subject, once there are people and words."""

    def __init__(
        self, parent: QWidget, write: Callable[[tuple[str, ...], str, str], None], *, say: str = ""
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Write a mail"))
        self.setModal(True)
        self.setMinimumWidth(scaled(480))
        self._write = write
        self.to = _line(tr("To"), tr("To: names from your mails, or addresses"))
        self.subject = _line(tr("Subject"), tr("Subject; leave it empty to have it written"))
        self.say = Words(say, tr("What should the mail say?"))
        self.say.setPlaceholderText(tr("What should it say? A few words are enough."))
        self.yes = button(tr("Write"), self._done, "primary")
        self.yes.setDefault(True)
        leave = button(tr("Cancel"), self.reject)
        leave.setAutoDefault(False)
        foot = row(label(tr("Nothing is sent: you get a draft to check."), "small"), 1, leave, self.yes)
        self.setLayout(
            column(
                label(tr("Write a mail"), "heading"),
                self.to,
                self.say,
                self.subject,
                foot,
                margins=(24, 24, 24, 20),
                gap=12,
            )
        )
        for field in (self.to, self.subject, self.say):
            field.textChanged.connect(self._arm)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self._done)
        self._arm()
        self.to.setFocus()

    def _people(self) -> tuple[str, ...]:
        return tuple(who for part in re.split("[,;]", self.to.text()) if (who := part.strip()))

    def _arm(self) -> None:
        self.yes.setEnabled(bool(self._people() and self.say.toPlainText().strip()))

    def _done(self) -> None:
        if self.yes.isEnabled():
            self.accept()
            self._write(self._people(), self.say.toPlainText().strip(), self.subject.text().strip())


def _line(name: str, placeholder: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(placeholder)
    return field
