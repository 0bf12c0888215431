"""The part of the account dialog for who signs in with a browser instead of a password."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.accounts import Account, Provider
from app.core.api import Sources
from app.core.errors import HomebodyError
from app.core.types import Consent, SignedIn
from app.ui.jobs import Job
from app.ui.language import tr
from app.ui.session import Session
from app.ui.widgets import column, label


class SignInFields(QWidget):
    """What the provider knows the program by, and for one that is not known here where it asks."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.client = field(tr("Client id, as the provider gave it to you"))
        self.secret = field(tr("Client secret, where there is one"))
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.authorize = field(tr("Address to sign in at, https://…"))
        self.tokens = field(tr("Address that tokens come from, https://…"))
        about = tr(
            "Register Homebody with your provider once, as a program for computers: it gives you a client "
            "id. Then its own page opens in your browser, and only there you type your password."
        )
        self.setLayout(
            column(
                label(about, "small", wrap=True),
                self.client,
                self.secret,
                self.authorize,
                self.tokens,
                gap=12,
            )
        )
        self._job: Job | None = None

    def know(self, provider: Provider | None) -> None:
        """Ask for addresses only where they are not known."""
        known = bool(provider and provider.authorize and provider.token)
        for one in (self.authorize, self.tokens):
            one.setVisible(not known)

    def begin(
        self,
        kind: str,
        account: Account,
        asked: Callable[[Consent], None],
        done: Callable[[], None],
        broke: Callable[[HomebodyError], None],
    ) -> None:
        """The provider's page opens in the browser: ``asked``, and in the end ``done`` or ``broke``."""

        def step(told: object) -> None:
            if isinstance(told, Consent):
                QDesktopServices.openUrl(QUrl(told.url))
                asked(told)
            elif isinstance(told, SignedIn):
                self._job = None
                done()

        self._job = self.session.stream(
            Sources.sign_in,
            step,
            lambda: None,
            broke,
            kind=kind,
            url=account.url,
            client=self.client.text().strip(),
            client_secret=self.secret.text(),
            authorize_url=self.authorize.text().strip() if self.authorize.isVisibleTo(self) else "",
            token_url=self.tokens.text().strip() if self.tokens.isVisibleTo(self) else "",
        )

    def stop(self) -> None:
        """Nobody waits for the browser any more, and the secret is kept nowhere here."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self.secret.clear()


def field(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(name)
    return made
