"""The dialog that puts the store under another passphrase, or its key into this computer's keyring."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from app.core.api import Keys
from app.core.errors import HomebodyError
from app.core.types import Status
from app.ui.session import Session
from app.ui.widgets import button, column, label, row, sentence


class PassphraseDialog(QDialog):
    """What is wrong is one line in here; ``changed`` once the key is kept the new way."""

    changed = Signal(str)  # what to say

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Passphrase")
        self.setModal(True)
        self.setMinimumWidth(440)
        self.session = session
        under = session.status.key_place == "passphrase"
        self.current, self.new, self.again = (
            _field("Passphrase in use"),
            _field("New passphrase"),
            _field("Once more"),
        )
        self.current.setVisible(under)
        self.fault = label("", "bad", wrap=True)
        self.fault.hide()
        self.yes = button("Change", self.change, "primary")
        self.yes.setDefault(True)
        self.keyring = button("Use the keyring instead", self.use_keyring)
        self.keyring.setVisible(under)
        leave = button("Cancel", self.reject)
        for other in (self.keyring, leave):
            other.setAutoDefault(False)
        text = "The store opens with the new passphrase from now on. Your recovery code stays as it is."
        self.setLayout(
            column(
                label("Another passphrase" if under else "A passphrase instead of the keyring", "heading"),
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
        if not self.new.text():
            self._say("Type the new passphrase.")
        elif self.new.text() != self.again.text():
            self._say("The two passphrases differ.")
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
        where = "in this computer's keyring" if status.key_place == "keyring" else "under the new passphrase"
        self.changed.emit(f"The key is kept {where}.")
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
