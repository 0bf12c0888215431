"""Texts of any length and any characters: shown at once, whole or with a word of how much more, and plain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QInputDialog, QLabel, QMessageBox, QWidget

from app.core.library import Row
from app.core.types import Answer, ConversationState, Field, JournalEntry, Proposal, Status, Turn
from app.ui.answer import AnswerView, QuestionView
from app.ui.sent import SentDialog
from app.ui.shelf_view import clock, playing
from app.ui.text import LongText, one_line, tip, visible
from app.ui.widgets import sure

WHEN = datetime(2026, 5, 14, 9, 30, tzinfo=UTC)
MILLION = 1_000_000


@pytest.mark.parametrize(
    "text",
    ["👨‍👩‍👧 ❤️‍🔥 1️⃣ 🏃🏽‍♀️ ☎️", "نمی‌خواهم", "क्‍ष", "葛\U000e0100", "naïve – “x” … ⟨y⟩\tz\n"],
)
def test_what_only_shapes_the_character_before_it_stays(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u200d", "\u2065", "\ufe01", "\U000e0041", "\U000e0100", "\u180b", "\ufff0"]
)
def test_what_shows_nothing_is_shown(hidden: str) -> None:
    assert visible(f"a{hidden}b") == f"a⟨U+{ord(hidden):04X}⟩b"
    assert visible(f"👨{hidden}{hidden}") == f"👨{2 * f'⟨U+{ord(hidden):04X}⟩'}"


def test_titles_are_cut_before_they_are_made_visible() -> None:
    assert one_line("a" * 200, 10) == "a" * 9 + "…"
    assert one_line("a\u202e" * MILLION, 12) == "a⟨U+202E⟩a⟨…"
    assert one_line("  a \n b  ", 10) == "a b"


def test_tooltips_are_never_read_as_html() -> None:
    assert tip("") == "" and "<img" not in tip("<img src='file:///etc/passwd'>\u202e")
    assert "&lt;img" in tip("<img>") and "⟨U+202E⟩" in tip("\u202e")


def test_a_pasted_million_is_a_question_that_scrolls(app: Any, pump: Any) -> None:
    asked = QuestionView("word\u202e " * (MILLION // 6))
    asked.resize(700, 300)
    asked.show()
    pump.until(asked.isVisible, what="the question")
    box = asked.findChild(LongText)
    assert box.toPlainText().startswith("word⟨U+202E⟩ word") and "more characters" in box.toPlainText()
    assert asked.height() < 600 and "\u202e" not in asked.accessibleName()
    asked.deleteLater()
    short = QuestionView("Where is it?")
    assert short.findChild(LongText) is None
    short.deleteLater()


def test_an_answer_of_any_length_is_shown_and_a_short_one_after_it(app: Any, pump: Any) -> None:
    view = AnswerView()
    view.resize(700, 300)
    view.show()
    view.step(Answer(text="x" * MILLION, citations=(), supported=True))
    pump.until(lambda: view.long is not None and view.long.isVisible(), what="the long text")
    assert not view.body.isVisible() and "more characters" in view.long.toPlainText()
    view.show_turn(Turn(role="assistant", text="Short.", when=WHEN))
    pump.until(view.body.isVisible, what="the short text")
    assert not view.long.isVisible() and view.body.toPlainText().strip() == "Short."
    view.deleteLater()


def test_what_was_sent_fits_a_screen_however_long_it_is(app: Any, pump: Any) -> None:
    host = QWidget()
    host.show()
    entry = JournalEntry(id=1, when=WHEN, what="cloud", summary="Asked", state="done", bytes_out=MILLION)
    fields = (Field(label="Text", value="line\n" * 20_000), Field(label="To", value="models.example"))
    proposal = Proposal(
        action="ask_cloud", arguments={"body": "y" * MILLION}, title="Asked", preview=fields, sha256=""
    )
    dialog = SentDialog(host, entry, proposal)
    dialog.show()
    pump.until(dialog.isVisible, what="the dialog")
    assert dialog.height() < 900 and len(dialog.findChildren(LongText)) == 2
    dialog.close()
    host.deleteLater()


def test_a_question_before_something_goes_is_plain_in_both_its_texts(
    app: Any, pump: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtCore import Qt

    shown: list[QLabel] = []

    def look(box: QMessageBox) -> int:
        shown.extend(each for each in box.findChildren(QLabel) if each.text())
        assert all(each.textFormat() == Qt.TextFormat.PlainText for each in shown)
        assert [each.text() for each in shown] == ["<b>this</b>⟨U+202E⟩", "<img src='file:///x'>"]
        return 0

    monkeypatch.setattr(QMessageBox, "exec", look)
    host = QWidget()
    assert not sure(host, "Forget", "<b>this</b>\u202e", "<img src='file:///x'>", yes="Forget")
    assert len(shown) == 2
    host.deleteLater()


def test_events_without_a_clock_say_so_and_films_how_long_they_play() -> None:
    local = datetime(2026, 5, 14).astimezone()

    def row(kind: str, when: datetime, **more: Any) -> Row:
        return Row(uri="x", source="s", kind=kind, title="t", when=when, **more)

    assert clock(row("event", local, all_day=True)) == "all day"
    assert clock(row("event", local)) == "00:00"
    assert clock(row("note", local)) == ""  # a date alone
    assert clock(row("mail", local + timedelta(hours=9, minutes=5))) == "09:05"
    assert (playing(5), playing(125), playing(3_725)) == ("0:05", "2:05", "1:02:05")


def test_a_conversation_is_renamed_while_its_list_is_made_anew(
    desktop: Any, pump: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = desktop().window
    window.chat.ask("ferry to Texel & back, " + "which is a long question " * 3)
    side = window.sidebar
    pump.until(lambda: window.chat.job is None and side.list.count() == 1, what="the conversation")
    side.list.setCurrentRow(0)
    offered: list[str] = []

    def ask(*_: Any, text: str = "", **__: Any) -> tuple[str, bool]:
        offered.append(text)
        other = ConversationState(id=99, title="Another", when=WHEN)
        side._show((other, *(side._shown or ())))
        return "Ferry", True

    monkeypatch.setattr(QInputDialog, "getText", ask)
    side.rename()
    assert not offered[0].endswith("…"), "the title as it is, not as it is shown"
    pump.until(
        lambda: [side.list.item(n).text() for n in range(side.list.count())] == ["Ferry"], what="its name"
    )
    first = side.list.item(0)
    side._show(side._shown)
    assert side.list.item(0) is first, "what has not changed is not made anew"


def test_a_locked_library_keeps_no_words(desktop: Any, pump: Any) -> None:
    window = desktop().window
    window.show_page("library")
    page = window.library
    page.words.setText("ferry")
    pump.until(lambda: page.model.items == 1 and page.told.text(), what="the shelf")
    page.scope.person.set("Ines")
    window.clear()
    assert not page.words.text() and not page.told.text() and not page.scope.limits()
    assert window.preview.item is None and not window.preview.text.toPlainText()


def test_what_comes_after_the_lock_is_not_shown(desktop: Any, pump: Any) -> None:
    """Answers under way when the store is locked; and of two sources, the one that was asked for last."""
    one = desktop()
    window, session = one.window, one.session
    window.chat.ask("ferry to Texel")
    pump.until(lambda: window.chat.job is None and window.chat.conversation, what="the conversation")
    known = window.chat.conversation
    for name in ("today", "activity"):
        window.show_page(name)
    held: list[Any] = []
    usual = session.run

    def later(function: Any, done: Any, failed: Any, /, **given: Any) -> None:
        usual(function, lambda found: held.append(lambda: done(found)), failed, **given)

    session.run = later
    source = window.chat.answers[-1].sources.cards()[0].source
    window.open_source(source)
    window.chat.open(known)
    window.today.refresh()
    window.activity.refresh()
    pump.until(lambda: len(held) >= 5, what="answers")
    session.run = usual
    session.status = Status(vault="locked")
    window.clear()
    for each in held:
        each()
    assert window.preview.isHidden() and not window.chat.answers and window.today.brief is None
    assert not window.activity._deeds.count() and not window.activity.reading.count()
    session.status = Status(vault="open")
    window.open_source(source)
    window.show_page("settings")
    pump.for_(0.3)
    assert window.preview.isHidden(), "not over another page"
