"""Confirmations of whatever strangers wrote: all of it shown as it is, nothing hidden, nothing too wide."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from app.core.types import Field, Proposal
from app.ui.confirm import ConfirmSheet

HOSTILE = {
    "markup": "<b>bold</b> <img src='file:///etc/passwd'> <a href='http://evil.example/'>x</a> &amp; &lt;",
    "markdown": "[click](file:///etc/hosts) ![x](http://evil.example/p.png)",
    "hidden": "pay \u202egnp.exe\u202c to zero\u200bwidth \u2066x\u2069\u00ad \u3164\x00 \x1b[31m\x7f\ufeff",
    "lines": "one\u2028two\u2029three\rfour\x0bfive",
    "word": "w" * 200,
    "million": "m" * 1_000_000,
    "many": "line\n" * 5_000,
    "mnemonic": "Tom && Jerry & Co",
}
Show = Callable[..., Any]


@pytest.fixture
def show(app: Any, pump: Any) -> Any:
    made: list[Any] = []

    def do(*values: str, origin: str = "you", title: str = "Make a note", action: str = "create_note") -> Any:
        fields = tuple(Field(label=f"Field {n}", value=v, origin=origin) for n, v in enumerate(values))
        arguments: dict[str, object] = {f"field{n}": v for n, v in enumerate(values)}
        proposal = Proposal(
            action=action,
            arguments=arguments,
            title=title,
            preview=fields,
            sha256="0" * 64,
            warnings=(origin,) if origin != "you" else (),
        )
        approved: list[str] = []
        sheet = ConfirmSheet(None, proposal, lambda: approved.append("yes"))
        sheet.approvals = approved
        sheet.ended = []
        sheet.finished.connect(sheet.ended.append)
        made.append(sheet)
        sheet.show()
        pump.until(sheet.isActiveWindow, what="the sheet")
        return sheet

    yield do
    for sheet in made:
        if not sheet.ended:
            sheet.close()


def shown(sheet: Any) -> str:
    """All words on the sheet, with the places where a widget may break them taken out again."""
    from PySide6.QtWidgets import QLabel, QPlainTextEdit

    texts = [each.text() for each in sheet.findChildren(QLabel)]
    texts += [each.toPlainText() for each in sheet.findChildren(QPlainTextEdit)]
    return "\n".join(texts).replace("\u200b", "")


@pytest.mark.parametrize("name", HOSTILE)
def test_everything_is_shown_as_it_is(show: Show, name: str, pump: Any, shot: Any) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QLabel, QPlainTextEdit

    from app.ui.text import visible

    value = HOSTILE[name]
    began = time.monotonic()
    sheet = show(value, value, origin=f"from a mail by {value[:400]}", title=f"Note {value[:4000]}")
    print(f"{name}: {1000 * (time.monotonic() - began):.0f} ms until it is active")
    pump.for_(0.2)
    shot(sheet, f"confirm-{name}")
    labels = sheet.findChildren(QLabel)
    assert all(each.textFormat() == Qt.TextFormat.PlainText for each in labels)
    assert visible(value).replace("\n", "") in shown(sheet).replace("\n", "")
    if name == "hidden":
        assert shown(sheet).count("⟨U+FEFF⟩") == 6, "title, warning, and twice the value and its origin"
    for raw in "\u202e\u2066\u00ad\u3164\x00\x1b\x7f\ufeff\u2028\u2029\r\x0b":
        assert raw not in shown(sheet)
    screen = sheet.screen().availableGeometry()
    assert sheet.width() <= 900 and sheet.height() <= screen.height()
    assert not [each for each in sheet.findChildren(QPlainTextEdit) if not each.isReadOnly()]


def test_nothing_but_a_late_press_of_yes_approves_and_only_once(show: Show, pump: Any) -> None:
    sheet = show("x")
    began = time.monotonic()
    assert sheet.no.hasFocus() and sheet.no.isDefault() and not sheet.yes.isDefault()
    for key in ("space", "Return"):
        assert not sheet.yes.isEnabled() or time.monotonic() - began >= 0.7
        sheet.yes.setFocus()
        sheet.yes.click()
        assert not sheet.approvals, key
    pump.until(sheet.yes.isEnabled, what="armed")
    assert time.monotonic() - began >= 0.65
    sheet.yes.setFocus()
    pump.keys("space")
    pump.until(lambda: sheet.approvals == ["yes"], what="approved")
    pump.keys("space")
    pump.for_(0.2)
    assert sheet.approvals == ["yes"] and sheet.ended == [1]


def test_return_in_a_field_of_the_sheet_approves_nothing(show: Show, pump: Any) -> None:
    sheet = show("line\n" * 30)
    pump.until(sheet.yes.isEnabled, what="armed")
    from PySide6.QtWidgets import QPlainTextEdit

    sheet.findChildren(QPlainTextEdit)[0].setFocus()
    pump.keys("Return", "KP_Enter", "ctrl+Return")
    pump.for_(0.2)
    assert not sheet.approvals
    pump.keys("Escape")
    pump.until(lambda: sheet.ended == [0], what="Esc")
    assert not sheet.approvals


def test_many_long_fields_scroll(show: Show, pump: Any, shot: Any) -> None:
    sheet = show(*(f"{n} " + "text " * 200 for n in range(7)))
    pump.for_(0.2)
    shot(sheet, "confirm-long")
    assert sheet.height() <= 760 and all(f"{n} text" in shown(sheet) for n in range(7))


def test_a_button_shows_an_ampersand(app: Any) -> None:
    from app.ui.widgets import button

    made = button(HOSTILE["mnemonic"], lambda: None)
    assert made.text().replace("&&", "&") == HOSTILE["mnemonic"] and made.shortcut().isEmpty()


def test_what_is_edited_hides_nothing_and_stays_what_it_was(app: Any, pump: Any) -> None:
    from app.ui.edit import Words

    body = "Dear Ines,\n\npay \u202egnp.exe to zero\u200bwidth"
    proposal = Proposal(
        action="create_note",
        arguments={"title": "Note", "text": body},
        title="Create the note",
        preview=(Field(label="Title", value="Note"), Field(label="Text", value="x")),
        sha256="0" * 64,
    )
    told: list[dict[str, str]] = []
    for more in ("", " soon"):
        sheet = ConfirmSheet(None, proposal, lambda: None, lambda changed, _: told.append(changed))
        sheet.show()
        pump.until(sheet.isActiveWindow, what="the sheet")
        sheet.edit()
        editor = sheet.editors["text"]
        assert isinstance(editor, Words)
        words = editor.toPlainText()
        assert "\\u{202E}gnp" in words and "zero\\u{200B}width" in words and "\u202e" not in words
        editor.setPlainText(words + more)
        sheet.yes.click()
    assert told == [{}, {"text": f"{body} soon"}]


@pytest.mark.parametrize("percent", [100, 200])
def test_of_no_field_a_letter_is_cut(show: Show, app: Any, pump: Any, shot: Any, percent: int) -> None:
    from PySide6.QtWidgets import QLabel

    from app.ui.theme import theme

    theme.apply(app, wish="light", percent=percent)
    try:
        sheet = show(
            "Ines Vogel <ines@example.org>", "Dear Ines,\n\nthe ferry leaves at 14:30.\n\nMara", "x " * 90
        )
        pump.for_(0.2)
        shot(sheet, f"confirm-{percent}")
        cut = [
            each.text()
            for each in sheet.findChildren(QLabel)
            if each.isVisible() and each.wordWrap() and each.height() + 2 < each.heightForWidth(each.width())
        ]
        assert not cut
    finally:
        sheet.close()
        theme.apply(app, wish="light", percent=100)
