"""The Hats page and editing: what is corrected, taught, gone back from and deleted, with real windows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.core.api import Admin, Teaching
from app.core.models import Score, Verdict
from app.core.tasks import Gate

WROTE = ("Moin Ana,\n\nFriday works.\n\n— Vera", "Moin Ben,\n\nno.\n\n— Vera", "Moin,\n\nlater.\n\n— Vera")
YES = {"teach.enabled": "yes"}


def words(page: Any) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def named(page: Any, name: str) -> Any:
    from PySide6.QtWidgets import QPushButton

    found = [b for b in page.findChildren(QPushButton) if b.accessibleName() == name and b.isVisible()]
    return found[0] if found else None


def test_taught_while_one_does_something_else_and_gone_back(
    desktop: Callable[..., Any], pump: Any, shot: Any, monkeypatch: Any
) -> None:
    one = desktop(settings=YES, corrections=WROTE, pause=0.3)  # time to see it learn
    window = one.window
    window.show_page("hats")
    pump.until(lambda: named(window.hats, "Teach Draft"), what="the page")
    assert "3 corrections to learn from" in words(window.hats)
    assert "No corrections yet" in words(window.hats)
    shot(window, "hats")
    named(window.hats, "Teach Draft").click()
    pump.until(lambda: "Learning: " in words(window.hats), what="progress")
    assert named(window.hats, "Cancel")
    shot(window, "hats-teaching")
    window.show_page("chat")
    pump.until(window.toast.isVisible, what="its end")
    window.show_page("hats")
    pump.until(lambda: "Yours, taught" in words(window.hats), what="the new adapter")
    assert "Like your corrections 0.43 → 0.81" in words(window.hats)
    assert named(window.hats, "Teach Draft") is None
    shot(window, "hats-taught")
    monkeypatch.setattr(window.hats, "_sure", lambda *_: True)
    named(window.hats, "Go back: Draft").click()
    pump.until(lambda: "Yours, taught" not in words(window.hats), what="going back")


def test_a_refusal_is_told_with_its_reason() -> None:
    from app.flows.gate import decide
    from app.ui.page_hats import _told

    before, after = (
        (Score(set="yours", name="likeness", value=v, low=0, high=1, cases=5),) for v in (0.5, 0.6)
    )
    for sure, words in ((0.1, "Like your corrections 0.50 → 0.60"), (-0.1, "may be chance")):
        found = decide(before, after, Gate(gain=0.2), "likeness", on="yours", sure=sure)
        end = Verdict(task="draft", accepted=False, reasons=found.reasons, before=before, after=after)
        assert _told("Draft", end).startswith("Draft stays as it was. ")
        assert words in _told("Draft", end)


def test_a_teaching_is_cancelled(desktop: Callable[..., Any], pump: Any) -> None:
    window = desktop(settings=YES, corrections=WROTE, pause=0.2).window
    window.show_page("hats")
    pump.until(lambda: named(window.hats, "Teach Draft"), what="the page")
    named(window.hats, "Teach Draft").click()
    pump.until(lambda: named(window.hats, "Cancel"), what="progress")
    named(window.hats, "Cancel").click()
    pump.until(lambda: named(window.hats, "Teach Draft"), what="the end")
    assert not window.teacher.task


def test_corrections_are_listed_and_deleted(
    desktop: Callable[..., Any], pump: Any, shot: Any, monkeypatch: Any
) -> None:
    window = desktop(settings=YES, corrections=WROTE).window
    window.show_page("hats")
    pump.until(lambda: named(window.hats, "Show 3 corrections: Draft"), what="the page")
    named(window.hats, "Show 3 corrections: Draft").click()
    delete = "Delete the correction of 14 May 2026"
    pump.until(lambda: delete in words_of_buttons(window.hats), what="the list")
    shot(window, "hats-corrections")
    monkeypatch.setattr(window.hats, "_sure", lambda *_: False)
    first_button(window.hats, delete).click()
    pump.for_(0.2)
    assert len(window.session.engine.call(Teaching.corrections, task="draft")) == 3
    monkeypatch.setattr(window.hats, "_sure", lambda *_: True)
    first_button(window.hats, delete).click()
    pump.until(lambda: "2 corrections so far" in words(window.hats), what="one less")


def words_of_buttons(page: Any) -> str:
    from PySide6.QtWidgets import QPushButton

    return "\n".join(b.accessibleName() for b in page.findChildren(QPushButton) if b.isVisible())


def first_button(page: Any, start: str) -> Any:
    from PySide6.QtWidgets import QPushButton

    return next(b for b in page.findChildren(QPushButton) if b.accessibleName().startswith(start))


def test_one_is_asked_once_and_an_edited_text_is_kept_to_learn_from(
    desktop: Callable[..., Any], pump: Any, shot: Any
) -> None:
    one = desktop()
    window, engine = one.window, one.session.engine
    chat = window.chat
    chat.summarize("mid:ferry@example.org")
    pump.until(lambda: chat.job is None, what="the summary")
    view = chat.answers[-1]
    assert view.edit_button.isVisible() and view.asks
    view.edit_button.click()
    pump.until(lambda: view.edit_box is not None and view.edit_box.words.hasFocus(), what="the editor")
    shot(window, "edit")
    view.edit_box.words.selectAll()
    pump.type("Ferry on Friday.")
    pump.keys("Escape")
    pump.until(lambda: view.edit_box is None, what="Esc")
    assert "Ferry on Friday." not in view.text
    assert window.stack.currentWidget() is chat
    view.edit()
    view.edit_box.words.selectAll()
    pump.type("Ferry on Friday.")
    pump.keys("ctrl+Return")
    pump.until(lambda: view.text == "Ferry on Friday.", what="Keep")
    pump.until(lambda: engine.call(Teaching.corrections), what="the correction")
    [kept] = engine.call(Teaching.corrections)
    assert kept.accepted == "Ferry on Friday."
    assert next(s.value for s in engine.call(Admin.settings) if s.key == "teach.enabled") == "yes"
    view.edit()
    assert not view.edit_box.learn.isVisible()


def test_no_word_is_kept_where_the_person_does_not_want_it(desktop: Callable[..., Any], pump: Any) -> None:
    one = desktop()
    chat, engine = one.window.chat, one.session.engine
    chat.summarize("mid:ferry@example.org")
    pump.until(lambda: chat.job is None, what="the summary")
    chat.answers[-1].edit()
    chat.answers[-1].edit_box.learn.setChecked(False)
    chat.answers[-1].edit_box.words.setPlainText("Ferry.")
    chat.answers[-1].edit_box.keep_button.click()
    pump.until(lambda: chat.answers[-1].text == "Ferry.", what="Keep")
    pump.for_(0.3)
    assert engine.call(Teaching.corrections) == ()


def test_a_proposal_is_put_into_other_words_and_confirmed_anew(
    desktop: Callable[..., Any], pump: Any, shot: Any
) -> None:
    window = desktop().window
    window.chat.draft("mid:ferry@example.org", "yes, I will bring it")
    pump.until(lambda: window.deeds.sheet is not None, what="the sheet")
    sheet = window.deeds.sheet
    pump.until(sheet.yes.isEnabled, what="arming")
    assert sheet.edit_button.isVisible()
    sheet.edit_button.click()
    [editor] = sheet.editors.values()
    assert sheet.yes.text() == "Use these words" and sheet.learn.isVisible()
    shot(sheet, "confirm-edit")
    editor.setText("Moin, I bring it.")
    sheet.yes.click()
    pump.until(lambda: window.deeds.sheet not in (None, sheet), what="the new sheet")
    again = window.deeds.sheet
    assert again.proposal.arguments["text"] == "Moin, I bring it."
    assert again.proposal.sha256 != sheet.proposal.sha256
    assert not again.yes.isEnabled()
    pump.until(again.yes.isEnabled, what="arming")
    again.yes.click()
    pump.until(window.toast.isVisible, what="the deed")
    assert window.session.value("teach.enabled") == "yes"
