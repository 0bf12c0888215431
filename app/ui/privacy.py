"""What may ever leave this computer, as it is set now: one line for each way there is, most of them shut."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtWidgets import QVBoxLayout

from app.core.accounts import parse
from app.core.api import Sources
from app.core.types import SourceState
from app.ui.account import ACCOUNTS
from app.ui.language import tr
from app.ui.session import Session
from app.ui.widgets import column, empty, label, row


class Privacy(QVBoxLayout):
    """Fills itself once the sources are known, which name the accounts that are read."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setSpacing(12)
        self.setContentsMargins(0, 12, 0, 12)
        self._show(())
        if session.status.vault == "open":
            session.run(Sources.list, self._show, lambda _: None)

    def lines(self, states: tuple[SourceState, ...]) -> tuple[tuple[str, str, bool], ...]:
        """Way out, what goes there, and whether it is open."""
        session = self.session
        cloud = session.flag("cloud.enabled")
        host = urlsplit(session.value("cloud.url")).netloc or tr("no endpoint")
        accounts = sorted({str(parse(s.kind, s.path)) for s in states if s.kind in ACCOUNTS})
        calendar = session.value("actions.calendar")
        own = "://" in calendar
        return (
            (
                tr("Questions to a larger model"),
                tr("To {host}, each only after you have read it and said yes.", host=host)
                if cloud
                else tr("Never: it is switched off."),
                cloud,
            ),
            (
                tr("Accounts that are read"),
                tr(
                    "Your name and password, and requests for mails and events: {accounts}.",
                    accounts=", ".join(accounts),
                )
                if accounts
                else tr("None: no account is added."),
                bool(accounts),
            ),
            (
                tr("New events"),
                tr("To {calendar}, each only after you have read it and said yes.", calendar=calendar)
                if own
                else tr("Written to this computer only."),
                own,
            ),
            (
                tr("Models"),
                tr("Only the request for the file, and only when you confirm a download."),
                False,
            ),
            (tr("Usage, crash reports, updates"), tr("Never. There is no code for it."), False),
        )

    def _show(self, states: tuple[SourceState, ...]) -> None:
        empty(self)
        lines = self.lines(states)
        whole = tr("Something may leave, as listed here.") if any(line[2] for line in lines) else ""
        self.addWidget(
            label(whole or tr("As it is set now, nothing leaves this computer."), "strong", wrap=True)
        )
        for title, text, is_open in lines:
            line = row(gap=24)
            line.addLayout(column(label(title, wrap=True), label(text, "small", wrap=True), gap=2), 1)
            line.addWidget(label(tr("open") if is_open else tr("shut"), "warning" if is_open else "badge"))
            self.addLayout(line)
