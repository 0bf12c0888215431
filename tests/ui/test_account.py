"""Adding an account: the server is known by the address, or typed; what is wrong is said in the dialog."""

from __future__ import annotations

from typing import Any

from app.core.types import ItemView, SourceState
from app.ui.account import AccountDialog
from app.ui.cards import guess_kind


def texts(page: Any) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(one.text() for one in page.findChildren(QLabel))


def test_a_known_provider_needs_address_and_password_only(desktop: Any, pump: Any, shot: Any) -> None:
    one = desktop()
    one.window.show_page("sources")
    page = one.window.sources
    page.log_in("imap")
    [dialog] = page.findChildren(AccountDialog)
    assert not dialog.server.isVisible()
    dialog.address.setText("mara@gmail.com")
    assert not dialog.server.isVisible()
    assert "app password" in dialog.note.text()
    assert dialog.where.text() == "Only imap.gmail.com is contacted, and only over TLS."
    dialog.yes.click()
    assert dialog.fault.text() == "Type the password."
    dialog.password.setText("wrong")
    dialog.yes.click()
    pump.until(lambda: "does not take" in dialog.fault.text(), what="the refusal")
    shot(dialog, "account")
    dialog.password.setText("right")
    dialog.yes.click()
    pump.until(lambda: not page.findChildren(AccountDialog), what="the login")  # with it the password goes
    pump.until(lambda: "mara@gmail.com at imap.gmail.com" in texts(page), what="the card")


def test_an_unknown_one_needs_its_server(desktop: Any, pump: Any) -> None:
    one = desktop()
    one.window.show_page("sources")
    page = one.window.sources
    for kind, typed, url in (
        ("imap", "mail.example.org", "imaps://mara%40example.org@mail.example.org/"),
        ("imap", "mail.example.org:143", "imap://mara%40example.org@mail.example.org/"),
        ("caldav", "dav.example.org/cal/", "https://mara%40example.org@dav.example.org/cal/"),
    ):
        dialog = AccountDialog(one.session, kind, parent=page)
        dialog.address.setText("mara@example.org")
        dialog.password.setText("right")
        dialog.show()
        assert dialog.server.isVisible()
        dialog.yes.click()
        assert dialog.fault.text()  # without a server
        dialog.server.setText(typed)
        assert dialog.account().url == url
        dialog.close()
        dialog.deleteLater()


def test_an_account_that_fails_says_why_and_takes_another_password(
    desktop: Any, pump: Any, shot: Any
) -> None:
    one = desktop()
    one.window.show_page("sources")
    page = one.window.sources
    url = "imaps://mara@mail.example.org/"
    page.log_in("imap", SourceState(id=1, kind="imap", path=url))
    [dialog] = page.findChildren(AccountDialog)
    assert not dialog.address.isVisible() and not dialog.server.isVisible()
    dialog.password.setText("no network")
    dialog.yes.click()
    pump.until(lambda: "The server cannot be reached" in texts(page), what="the fault")
    shot(one.window, "account-fault")
    again = next(b for b in page.findChildren(type(dialog.yes)) if b.text() == "Password…")
    again.click()
    second = next(d for d in page.findChildren(AccountDialog) if d.isVisible())
    second.password.setText("right")
    second.yes.click()
    pump.until(lambda: not page.findChildren(AccountDialog), what="the login")
    pump.until(lambda: "cannot be reached" not in texts(page), what="the mended card")


def test_what_lies_in_an_account_is_no_file_to_open(desktop: Any) -> None:
    preview = desktop().window.preview
    for path, here in (
        ("imaps://mara@mail.example.org/INBOX;UIDVALIDITY=7/;UID=1", False),
        ("/tmp/a.eml", True),
    ):
        preview.show_item(_mail(path))
        assert preview.open_button.isVisibleTo(preview) is here
        assert preview.folder_button.isVisibleTo(preview) is here
    assert guess_kind("imaps://mara@mail.example.org/INBOX;UIDVALIDITY=7/;UID=1") == "mail"


def _mail(path: str) -> ItemView:
    return ItemView(
        uri="mid:1@example.org",
        source="mail",
        kind="mail",
        title="A",
        text="b",
        when=None,
        people=(),
        place="",
        path=path,
        thread="",
        links=(),
        meta={},
    )


def test_signing_in_with_the_browser_asks_for_no_password(desktop: Any, pump: Any, shot: Any) -> None:
    from PySide6.QtCore import QObject, QUrl, Slot
    from PySide6.QtGui import QDesktopServices

    class Browser(QObject):
        """In place of the person's own."""

        def __init__(self) -> None:
            super().__init__()
            self.opened: list[str] = []

        @Slot(QUrl)
        def open(self, url: QUrl) -> None:
            self.opened.append(url.toString())

    one = desktop()
    one.window.show_page("sources")
    page, browser = one.window.sources, Browser()
    page.log_in("imap")
    [dialog] = page.findChildren(AccountDialog)
    QDesktopServices.setUrlHandler("https", browser, "open")
    try:
        dialog.address.setText("mara@outlook.com")
        dialog.browser.click()
        assert not dialog.password.isVisible()
        assert not dialog.token.isVisible()
        assert not dialog.signing.authorize.isVisible()  # it is known
        dialog.yes.click()
        assert dialog.fault.text() == "Type the client id."
        dialog.signing.client.setText("refused")
        dialog.signing.secret.setText("no secret")
        shot(dialog, "account-sign-in")
        dialog.yes.click()
        pump.until(lambda: "did not let you in" in dialog.fault.text(), what="the refusal")
        dialog.signing.client.setText("mine")
        dialog.yes.click()
        pump.until(lambda: not page.findChildren(AccountDialog), what="the login")
        assert browser.opened[-1] == "https://login.example.org/?client=mine"
        pump.until(lambda: "mara@outlook.com at outlook.office365.com" in texts(page), what="the card")
        other = AccountDialog(one.session, "caldav", parent=page)
        other.address.setText("mara@example.org")
        other.show()
        other.browser.click()
        assert other.signing.authorize.isVisible()
        assert other.signing.tokens.isVisible()
        shot(other, "account-sign-in-unknown")
        other.close()
        other.deleteLater()
    finally:
        QDesktopServices.unsetUrlHandler("https")


def test_new_events_can_go_to_a_calendar_that_is_read(desktop: Any, pump: Any, shot: Any) -> None:
    from PySide6.QtWidgets import QMenu, QPushButton

    one = desktop()
    one.window.show_page("sources")
    page = one.window.sources
    page.log_in("caldav")
    [dialog] = page.findChildren(AccountDialog)
    dialog.address.setText("mara@example.org")
    dialog.server.setText("https://dav.example.org/mara/")
    dialog.password.setText("right")
    dialog.yes.click()

    def asks() -> QPushButton | None:
        return next((b for b in page.findChildren(QPushButton) if b.text() == "New events…"), None)

    pump.until(lambda: asks() is not None and not page.findChildren(AccountDialog), what="the card")

    def opened() -> QMenu:
        asked = asks()
        assert asked is not None
        asked.click()
        pump.until(lambda: any(m.isVisible() for m in page.findChildren(QMenu)), what="the calendars")
        return next(m for m in page.findChildren(QMenu) if m.isVisible())

    menu = opened()
    entries = menu.actions()
    assert [entry.text() for entry in entries] == ["home", "office", "Into a folder of this computer"]
    assert [entry.isChecked() for entry in entries] == [False, False, True]
    shot(one.window, "new-events")
    entries[1].trigger()
    menu.close()
    pump.until(lambda: one.session.value("actions.calendar").endswith("/office/"), what="the setting")
    menu = opened()
    assert [entry.isChecked() for entry in menu.actions()] == [False, True, False]
    menu.actions()[2].trigger()
    menu.close()
    pump.until(lambda: one.session.value("actions.calendar") == "", what="the setting")
