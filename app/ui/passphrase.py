"""The dialog that puts the store under another passphrase, or its key into this computer's keyring."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from app.core.api import Keys
from app.core.errors import HomebodyError
from app.core.types import Status
from app.ui.language import tr
from app.ui.session import Session
from app.ui.widgets import button, column, label, row, scaled, sentence

SHORTEST = 8  # characters of a passphrase


class PassphraseDialog(QDialog):
    """What is wrong is one line in here; ``changed`` once the key is kept the new way."""

    changed = Signal(str)  # what to say

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Passphrase"))
        self.setModal(True)
        self.setMinimumWidth(scaled(440))
        self.session = session
        under = session.status.key_place == "passphrase"
        self.current, self.new, self.again = (
            _field(tr("Passphrase in use")),
            _field(tr("New passphrase")),
            _field(tr("Once more")),
        )
        self.current.setVisible(under)
        self.fault = label("", "bad", wrap=True)
        self.fault.hide()
        self.yes = button(tr("Change"), self.change, "primary")
        self.yes.setDefault(True)
        self.keyring = button(tr("Use the keyring instead"), self.use_keyring)
        self.keyring.setVisible(under)
        leave = button(tr("Cancel"), self.reject)
        for other in (self.keyring, leave):
            other.setAutoDefault(False)
        text = tr("The store opens with the new passphrase from now on. Your recovery code stays as it is.")
        self.setLayout(
            column(
                label(
                    tr("Another passphrase") if under else tr("A passphrase instead of the keyring"),
                    "heading",
                ),
                label(text, "muted", wrap=True),
                self.current,
                self.new,
                self.again,
                self.fault,
                row(self.keyring, 1, leave, self.yes),
                margins=(24, 24, 24, 20),
                gap=14,
            )
        )

    def change(self) -> None:
        if len(self.new.text()) < SHORTEST:
            self._say(tr("The passphrase needs at least {least} characters.", least=SHORTEST))
        elif self.new.text() != self.again.text():
            self._say(tr("The two passphrases differ."))
        else:
            self._move(self.new.text())

    def use_keyring(self) -> None:
        self._move("")

    def _move(self, new: str) -> None:
        self.yes.setEnabled(False)
        self.fault.hide()
        self.session.run(Keys.move, self._moved, self._broke, current=self.current.text(), new=new)

    def _moved(self, status: Status) -> None:
        self.session.status = status
        where = (
            tr("in this computer's keyring")
            if status.key_place == "keyring"
            else tr("under the new passphrase")
        )
        self.changed.emit(tr("The key is kept {where}.", where=where))
        self.accept()

    def _broke(self, error: HomebodyError) -> None:
        self.yes.setEnabled(True)
        self._say(sentence(error))

    def _say(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.show()


def _field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setAccessibleName(name)
    field.setPlaceholderText(name)
    return field
