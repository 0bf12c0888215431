"""The dialog that makes an account elsewhere a source: address, password, and the server if need be."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QWidget

from app.core.accounts import Account, Provider, caldav, imap, parse, provider
from app.core.api import Sources
from app.core.errors import HomebodyError
from app.core.types import Consent, SourceState
from app.ui.language import mark, said, tr, within
from app.ui.session import Session
from app.ui.signing import SignInFields, field
from app.ui.widgets import button, column, label, row, scaled, sentence

ACCOUNTS = {
    "imap": (mark("Mail account"), "mail", mark("any provider, by IMAP")),
    "caldav": (mark("Calendar account"), "event", mark("any provider, by CalDAV")),
}
_SERVER = {
    "imap": mark("Mail server, as imap.example.org"),
    "caldav": mark("Calendar address, as dav.example.org"),
}
_ABOUT = {
    "imap": mark(
        "Homebody reads your mail there and changes nothing without your yes. The password stays in this "
        "computer's keyring, or encrypted in your store."
    ),
    "caldav": mark(
        "Homebody reads your calendars there and changes nothing without your yes. The password stays in "
        "this computer's keyring, or encrypted in your store."
    ),
}
_STARTTLS_PORT = 143


class AccountDialog(QDialog):
    """``added`` once the account could be logged in to; what is wrong is one line in here.

    With ``state`` it asks for another password of that account.
    """

    added = Signal()

    def __init__(
        self, session: Session, kind: str, state: SourceState | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.session, self.kind = session, kind
        self.known = parse(kind, state.path) if state is not None else None
        title = tr(ACCOUNTS[kind][0])
        self.setWindowTitle(title)
        self.setModal(True)
        self.setFixedWidth(scaled(480))
        self.address = field(tr("Mail address") if kind == "imap" else tr("Mail address or user name"))
        self.server = field(tr(_SERVER[kind]))
        self.password = field(tr("Password"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.token = QCheckBox(tr("This is an OAuth2 token"))
        self.browser = QCheckBox(tr("Sign in with my browser instead (OAuth2)"))
        self.signing = SignInFields(session)
        self.note = label("", "muted", wrap=True)
        self.where = label("", "small", wrap=True)
        self.fault = label("", "bad", wrap=True)
        self.fault.hide()
        self._logs_in = False  # what came of it is heard also when the dialog was left meanwhile
        self.finished.connect(self.password.clear)
        self.finished.connect(self.signing.stop)
        self.finished.connect(self._over)
        self.yes = button(tr("Log in and read"), self.log_in, "primary")
        self.yes.setDefault(True)
        leave = button(tr("Cancel"), self.reject)
        leave.setAutoDefault(False)
        text = tr(_ABOUT[kind])
        self.setLayout(
            column(
                label(
                    tr("Another password for {known}", known=self.known)
                    if self.known
                    else tr("Add a {account}", account=within(title)),
                    "heading",
                ),
                label(text, "muted", wrap=True),
                self.address,
                self.server,
                self.password,
                self.token,
                self.browser,
                self.signing,
                self.note,
                self.where,
                self.fault,
                row(1, leave, self.yes),
                margins=(24, 24, 24, 20),
                gap=12,
            )
        )
        for one in (self.address, self.server):
            one.textChanged.connect(self._look)
            one.setVisible(self.known is None)
        if self.known is not None:
            self.token.setChecked(self.known.oauth)
            self.browser.setChecked(self.known.oauth)
            self.browser.setVisible(self.known.oauth)
        self.browser.toggled.connect(self._look)
        self._look()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as the lines are that say something."""
        if (layout := self.layout()) is not None:
            self.where.setVisible(bool(self.where.text()))
            layout.activate()
            self.setFixedHeight(layout.totalHeightForWidth(self.width()))

    def account(self) -> Account:
        """What is typed. Raises UsageFault where it is not enough."""
        if self.known is not None:
            return self.known
        address, typed, oauth = (
            self.address.text().strip(),
            self.server.text().strip(),
            self.token.isChecked(),
        )
        known = provider(address)
        if self.kind == "caldav":
            return caldav(url=typed or (known.caldav if known else ""), user=address, oauth=oauth)
        host, _, port = typed.rpartition(":") if typed.rpartition(":")[2].isdecimal() else (typed, "", "")
        if not typed and known is not None:
            return imap(host=known.imap, user=address, port=known.port, starttls=known.starttls, oauth=oauth)
        number = int(port or 0)
        return imap(host=host, user=address, port=number, starttls=number == _STARTTLS_PORT, oauth=oauth)

    def log_in(self) -> None:
        try:
            account = self.account()
        except HomebodyError as error:
            self._broke(error)
            return
        if self.browser.isChecked():
            self._sign_in(account)
            return
        if not self.password.text():
            self._say(tr("Type the password."))
            return
        self.fault.hide()
        self.yes.setEnabled(False)
        self.where.setText(tr("Logging in at {host}…", host=account.host))
        self._logs_in = True
        self.session.run(
            Sources.add_account,
            self._added,
            self._broke,
            kind=self.kind,
            url=account.url,
            secret=self.password.text(),
        )

    def _sign_in(self, account: Account) -> None:
        if self.known is None and not self.signing.client.text().strip():
            self._say(tr("Type the client id."))
            return
        self.fault.hide()
        self.yes.setEnabled(False)
        self.signing.begin(self.kind, account, self._asked, self._signed_in, self._broke)

    def _asked(self, told: Consent) -> None:
        self.where.setText(tr("Your browser shows a page of {host}: sign in there.", host=told.host))
        self._fit()

    def _signed_in(self) -> None:
        self.added.emit()
        self.accept()

    def _added(self, _: SourceState) -> None:
        self._logs_in = False
        self.added.emit()
        self.accept()

    def _look(self) -> None:
        """What the address tells: the server, and what one has to know before."""
        known = provider(self.known.user if self.known else self.address.text())
        browser = self.browser.isChecked()
        yes = tr("Open my browser") if browser else tr("Log in and read")
        self.yes.setText(yes)
        self.yes.setAccessibleName(yes)
        self.password.setVisible(not browser)
        self.token.setVisible(not browser and self.known is None)
        self.signing.setVisible(browser)
        self.signing.know(known)
        served = bool(known and self._served(known))
        if self.known is None:
            self.server.setVisible("@" in self.address.text() and not served)
        self.note.setText(said(known.note) if known and served and not browser else "")
        self.note.setVisible(bool(self.note.text()))
        try:
            account = self.account()
        except HomebodyError:
            self.where.setText("")
            self._fit()
            return
        self.where.setText(tr("Only {host} is contacted, and only over TLS.", host=account.host))
        if browser and known is not None and known.token:
            login = urlsplit(known.token).hostname
            self.where.setText(
                tr(
                    "Only {host} and {login} are contacted, and only over TLS.",
                    host=account.host,
                    login=login,
                )
            )
        if account.loopback:
            self.where.setText(tr("This computer itself is asked."))
        self._fit()

    def _served(self, known: Provider) -> bool:
        return bool(known.imap if self.kind == "imap" else known.caldav)

    def _broke(self, error: HomebodyError) -> None:
        self._logs_in = False
        self.yes.setEnabled(True)
        self._look()
        self._say(sentence(error))
        self._over()

    def _over(self) -> None:
        """Closed, and nothing under way: it is not held any longer."""
        if not (self.isVisible() or self._logs_in):
            self.deleteLater()

    def _say(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.show()
        self._fit()
