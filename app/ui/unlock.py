"""The lock's dialog: the passphrase (or the keyring's key, asked for again) opens the store."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from app.core.api import Vault
from app.core.errors import HomebodyError
from app.core.types import Status
from app.ui.language import tr
from app.ui.session import Session
from app.ui.widgets import button, column, label, row, scaled, sentence


class UnlockDialog(QDialog):
    """A wrong passphrase is one line in here; ``opened`` once the store is open."""

    opened = Signal()
    quit_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Homebody is locked"))
        self.setModal(True)
        self.setMinimumWidth(scaled(440))
        self.session = session
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(tr("Passphrase or recovery code"))
        self.field.setPlaceholderText(tr("Passphrase, or recovery code"))
        self.fault = label("", "bad", wrap=True)
        self.fault.hide()
        self.yes = button(tr("Unlock"), self.try_it, "primary")
        self.yes.setDefault(True)
        leave = button(tr("Quit"), self._leave)
        leave.setAutoDefault(False)
        text = tr("Your store is encrypted. Enter your passphrase to open it.")
        if session.status.key_place == "keyring":
            text = tr("Unlock with the key in this computer's keyring, or enter your recovery code.")
            self.field.setAccessibleName(tr("Recovery code"))
            self.field.setPlaceholderText(tr("Recovery code, if the keyring fails"))
        self.setLayout(
            column(
                label(tr("Homebody is locked"), "heading"),
                label(text, "muted", wrap=True),
                self.field,
                self.fault,
                row(leave, 1, self.yes),
                margins=(24, 24, 24, 20),
                gap=14,
            )
        )
        self.field.setFocus()

    def try_it(self) -> None:
        self.yes.setEnabled(False)
        self.fault.hide()
        self.session.run(Vault.unlock, self._opened, self._broke, passphrase=self.field.text(), asked=True)

    def _opened(self, status: Status) -> None:
        self.session.status = status
        self.opened.emit()
        self.accept()

    def _broke(self, error: HomebodyError) -> None:
        self.yes.setEnabled(True)
        self.field.selectAll()
        self.field.setFocus()
        self.fault.setText(sentence(error))
        self.fault.show()

    def _leave(self) -> None:
        self.quit_wanted.emit()
        self.reject()
