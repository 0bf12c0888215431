"""The main window, driven with real keys under a real X server."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from app.core.api import Forgetting
from app.ui.cards import SourceCard
from app.ui.passphrase import PassphraseDialog

WHEN = datetime(2026, 5, 14, 9, 30, tzinfo=UTC)


def answered(desktop: Any) -> bool:
    chat = desktop.window.chat
    return bool(chat.answers) and chat.answers[-1].finished and chat.job is None


def test_ask_stream_sources_and_preview(desktop: Any, pump: Any, shot: Any) -> None:
    one = desktop(pause=0.1)
    seen: list[str] = []
    pump.type("When does the ferry to Texel leave?")
    pump.keys("Return")
    pump.until(lambda: one.window.chat.answers, what="an answer view")
    view = one.window.chat.answers[-1]
    pump.until(lambda: seen.append(view.text) or len({t for t in seen if t}) > 1, what="streaming")
    pump.until(lambda: answered(one), what="the answer")
    assert "14:30" in view.body.toPlainText()
    assert view.badge.text() == "On this computer" and view.badge.isVisible()
    cards = view.sources.findChildren(SourceCard)
    assert cards and "Ferry to Texel" in cards[0].accessibleName()
    shot(one.window, "answer")
    cards[0].click()
    pump.until(one.window.preview.isVisible, what="the preview")
    marks = one.window.preview.text.extraSelections()
    assert re.search("14:30", marks[0].cursor.selectedText())
    shot(one.window, "preview")
    pump.keys("Escape")
    pump.until(lambda: not one.window.preview.isVisible(), what="Esc closes the preview")
    pump.until(lambda: one.window.sidebar.list.count() == 1, what="the conversation in the list")


def test_stop_keeps_the_words_so_far(desktop: Any, pump: Any) -> None:
    one = desktop(pause=0.3)
    pump.type("ferry Texel cabin keys")
    pump.keys("Return")
    pump.until(lambda: one.window.chat.answers and one.window.chat.answers[-1].text, what="first words")
    pump.keys("Escape")
    pump.until(lambda: answered(one), what="stopped")
    view = one.window.chat.answers[-1]
    assert view.note.text() == "Stopped." and view.text and view.answer is None
    assert not one.window.chat.prompt.streaming


def test_shift_enter_makes_a_line_and_up_brings_back(desktop: Any, pump: Any) -> None:
    one = desktop()
    pump.type("one")
    pump.keys("shift+Return")
    pump.type("two")
    assert one.window.chat.prompt.text() == "one\ntwo"
    pump.keys("Return")
    pump.until(lambda: answered(one), what="the answer")
    assert one.window.chat.prompt.text() == ""
    pump.keys("Up")
    pump.until(lambda: one.window.chat.prompt.text() == "one\ntwo", what="Up")


def test_not_found_says_what_was_searched(desktop: Any, pump: Any, shot: Any) -> None:
    one = desktop()
    one.window.chat.chips["Notes"].click()
    one.window.chat.ask("ferry to Texel")
    pump.until(lambda: answered(one), what="the answer")
    note = one.window.chat.answers[-1].note
    assert note.isVisible() and note.text().startswith("Not found in your data") and "notes" in note.text()
    shot(one.window, "not-found")


def test_conversations_reopen_rename_delete_search(desktop: Any, pump: Any, monkeypatch: Any) -> None:
    from PySide6.QtWidgets import QInputDialog, QPushButton

    one = desktop()
    side, chat = one.window.sidebar, one.window.chat
    chat.ask("ferry to Texel")
    pump.until(lambda: answered(one) and side.list.count() == 1, what="first conversation")
    pump.keys("ctrl+n")
    pump.until(lambda: not chat.answers, what="Ctrl+N")
    chat.ask("boiler service")
    pump.until(lambda: answered(one) and side.list.count() == 2, what="second conversation")
    first = side.list.item(1)
    assert "ferry" in first.text()
    side.chosen.emit(1)
    pump.until(lambda: chat.conversation == 1 and len(chat.answers) == 1, what="reopened")
    pump.until(lambda: "Ines" in chat.answers[0].sources.cards()[0].accessibleName(), what="its cards")
    monkeypatch.setattr(QInputDialog, "getText", staticmethod(lambda *_, **__: ("Island trip", True)))
    side.list.setCurrentRow(1)
    side.rename()
    pump.until(lambda: side.list.item(1).text() == "Island trip", what="renamed")
    side.search.setText("island")
    pump.until(lambda: side.list.count() == 1, what="found")
    side.list.setCurrentRow(0)
    side.list.setFocus()
    pump.keys("Delete")
    pump.until(lambda: side.list.count() == 0 and not chat.answers, what="deleted")
    undo = one.window.toast.findChildren(QPushButton)[-1]
    assert undo.text() == "Undo" and "Island trip" in one.window.toast.text.text()
    undo.click()
    pump.until(
        lambda: side.list.count() == 1 and chat.conversation == 1 and len(chat.answers) == 1, what="Undo"
    )


def asks(one: Any, pump: Any, *questions: str) -> Any:
    for question in questions:
        before = len(one.window.chat.answers)
        one.window.chat.ask(question)
        pump.until(lambda n=before: len(one.window.chat.answers) > n and answered(one), what=question)
    return one.window.chat


def test_again_takes_the_place_of_the_last_answer(desktop: Any, pump: Any) -> None:
    from app.core.api import Conversations

    one = desktop()
    chat = asks(one, pump, "ferry to Texel", "boiler service")
    last = chat.answers[-1]
    last.again_button.click()
    pump.until(lambda: answered(one) and chat.answers[-1] is not last, what="again")
    assert [entry.words for entry in chat.messages.entries] == ["ferry to Texel", "boiler service"]
    assert len(one.session.engine.call(Conversations.turns, id=chat.conversation)) == 4
    chat.answers[0].again_button.click()  # an earlier one is asked once more, at the end
    pump.until(lambda: len(chat.answers) == 3 and answered(one), what="again")
    assert len(one.session.engine.call(Conversations.turns, id=chat.conversation)) == 6


def test_an_edited_question_is_asked_anew_from_there_and_undone(desktop: Any, pump: Any, shot: Any) -> None:
    from PySide6.QtWidgets import QPushButton

    from app.core.api import Conversations

    one = desktop()
    chat = asks(one, pump, "ferry to Texel", "boiler service", "dentist appointment")
    chat.messages.entries[1].question.pencil.click()
    pump.until(lambda: chat._editing.isVisible() and chat.prompt.text() == "boiler service", what="editing")
    shot(one.window, "editing")
    pump.keys("Escape")
    pump.until(lambda: not chat._editing.isVisible() and not chat.prompt.text(), what="Esc leaves it")
    assert len(chat.answers) == 3
    chat.messages.entries[1].question.pencil.click()
    pump.keys("End")
    pump.type(" due")
    pump.keys("Return")
    pump.until(lambda: len(chat.answers) == 2 and answered(one), what="asked anew")
    assert [entry.words for entry in chat.messages.entries] == ["ferry to Texel", "boiler service due"]
    id = chat.conversation
    assert len(one.session.engine.call(Conversations.turns, id=id)) == 4
    undo = one.window.toast.findChildren(QPushButton)[-1]
    assert undo.text() == "Undo"
    undo.click()
    pump.until(lambda: len(chat.answers) == 3, what="Undo")
    assert [entry.words for entry in chat.messages.entries][1:] == ["boiler service", "dentist appointment"]


def test_an_answer_is_inserted_where_the_person_goes_on(desktop: Any, pump: Any) -> None:
    from app.ui.compose import ComposeDialog

    one = desktop()
    chat = asks(one, pump, "When does the ferry to Texel leave?")
    view = chat.answers[0]
    assert view.insert_button.isVisible() and "[1]" in view.text
    view.inserted.emit("question")
    assert "14:30" in chat.prompt.text() and "[1]" not in chat.prompt.text()
    view.inserted.emit("mail")
    pump.until(lambda: one.window.findChildren(ComposeDialog), what="the mail")
    dialog = one.window.findChildren(ComposeDialog)[0]
    assert "14:30" in dialog.say.toPlainText()
    dialog.reject()
    view.inserted.emit("note")
    pump.until(lambda: one.window.deeds.sheet is not None, what="the proposal")
    one.window.deeds.sheet.reject()


def test_who_reads_above_is_not_scrolled_away(desktop: Any, pump: Any) -> None:
    one = desktop(pause=0.02)
    chat = asks(one, pump, "ferry to Texel", "boiler service", "dentist appointment", "invoice paid")
    bar = chat.messages.verticalScrollBar()
    pump.until(lambda: bar.maximum() > 200, what="something to scroll")
    chat.ask("ferry Texel cabin keys Friday car")
    pump.until(lambda: chat.answers[-1].text, what="words")
    bar.setValue(40)
    pump.until(lambda: answered(one), what="the answer")
    pump.for_(0.3)
    assert bar.value() == 40
    chat.ask("boiler")
    pump.until(
        lambda: answered(one) and bar.value() == bar.maximum(), what="a question of one's own is followed"
    )


def test_person_and_time_limit_what_is_asked(desktop: Any, pump: Any, shot: Any) -> None:
    from datetime import date

    one = desktop()
    chat = one.window.chat
    chat.chips["Mail"].click()
    chat.limits.person.edit()
    pump.type("ines")
    pump.keys("Return")
    chat.limits.time.set(date(2026, 5, 1), date(2026, 6, 1))
    scope = chat.scope()
    assert (scope.sources, scope.people) == (("mail",), ("ines",))
    assert scope.after is not None and scope.before is not None and (scope.before - scope.after).days == 31
    assert chat.limits.person.chip.text() == "ines" and "1 May 2026 – 31 May 2026" in chat.limits.time.text()
    shot(one.window, "limits")
    assert chat.limits.clear_button.isVisible()
    chat.limits.clear_button.click()
    chat.chips["Mail"].click()
    assert not (chat.scope().people or chat.scope().after or chat.scope().sources)


def test_a_long_conversation_is_put_up_from_its_end(desktop: Any, pump: Any) -> None:
    from PySide6.QtWidgets import QPushButton

    from app.core.types import Talk, Turn

    one = desktop()
    pairs = [
        Turn(role=role, text=f"{role} {n}", when=WHEN) for n in range(70) for role in ("user", "assistant")
    ]
    one.window.chat.put_back(Talk(id=7, title="Long", when=WHEN, turns=tuple(pairs)))
    chat = one.window.chat
    pump.until(lambda: len(chat.messages.entries) == 20, what="the last of them")
    assert chat.messages.entries[-1].words == "user 69"
    earlier = next(b for b in chat.findChildren(QPushButton) if b.text() == "Show earlier messages")
    earlier.click()
    pump.until(lambda: len(chat.messages.entries) == 60, what="more")


def test_a_start_shows_the_conversations_of_before(desktop: Any, pump: Any) -> None:
    one = desktop()
    one.window.chat.ask("ferry to Texel")
    pump.until(lambda: answered(one), what="the answer")
    one.close()
    another = desktop()
    pump.until(lambda: another.window.sidebar.list.count() == 1, what="the list")


def test_sources_page_adds_indexes_and_shows_what_was_skipped(
    desktop: Any, pump: Any, tmp_path: Any, shot: Any
) -> None:
    from PySide6.QtWidgets import QLabel

    one = desktop(pause=0.4)
    one.window.show_page("sources")
    page = one.window.sources
    page.add("mail", str(tmp_path))
    pump.until(lambda: "Mail: reading" in one.window.status.text.text(), what="progress")
    assert one.window.status.bar.isVisible()
    pump.until(lambda: not one.indexing.busy and one.session.status.items, what="indexed")
    pump.until(lambda: "Ready" in one.window.status.text.text(), what="Ready")
    pump.until(lambda: any("not a PDF" in w.text() for w in page.findChildren(QLabel)), what="reasons")
    shot(one.window, "sources")
    page.add("mail", "/no/such/folder")
    pump.until(one.window.toast.isVisible, what="the toast")
    assert "/no/such/folder" in one.window.toast.text.text()


def test_indexing_pauses_and_resumes(desktop: Any, pump: Any, tmp_path: Any) -> None:
    one = desktop(pause=0.2)
    one.window.sources.add("mail", str(tmp_path))
    pump.until(lambda: one.indexing.busy and one.indexing.progress, what="indexing")
    one.tray.pause.trigger()
    assert one.indexing.paused and "paused" in one.window.status.text.text()
    one.tray.pause.trigger()
    pump.until(lambda: not one.indexing.busy and not one.indexing.paused, what="resumed to the end")


def test_indexing_that_dies_again_and_again_gives_up_and_says_so_twice(
    desktop: Any, pump: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    from app.ui import indexing

    monkeypatch.setattr(indexing, "_AGAIN_MS", (20, 20, 20))
    one = desktop(pause=0.3)
    told: list[str] = []
    one.indexing.failed.connect(lambda error, _: told.append(str(error)))
    one.window.sources.add("mail", str(tmp_path))
    ends: list[str] = []  # it is told for a moment only
    one.indexing.changed.connect(lambda: ends.append(one.indexing.sentence()))
    for left in (3, 2, 1, 0):
        pump.until(lambda: one.indexing.progress, what="indexing")
        ends.clear()
        one.session.engine.kill()
        pump.until(lambda: any(end.startswith("Indexing stopped") for end in ends), what="its end")
        assert any("trying again" in end for end in ends) == bool(left)
        if left:
            pump.until(lambda: one.indexing.running, what="the next try")
    assert len(told) == 2 and not one.indexing.running
    pump.until(lambda: "Indexing stopped ·" in one.window.status.text.text(), what="the status bar")
    one.window.sources._now.click()
    pump.until(lambda: one.indexing.busy and one.indexing.progress, what="indexing")
    pump.until(lambda: not one.indexing.busy, what="a round to its end")
    assert one.indexing.sentence() == "" and len(told) == 2


def test_settings_page_changes_theme_and_text_size(desktop: Any, pump: Any, shot: Any) -> None:
    from app.ui.theme import theme

    one = desktop()
    pump.keys("ctrl+comma")
    pump.until(lambda: "appearance.theme" in one.window.settings.fields, what="Ctrl+,")
    shot(one.window, "settings")
    box = one.window.settings.fields["appearance.theme"]
    box.setCurrentIndex(box.findData("dark"))
    box.activated.emit(box.currentIndex())
    pump.until(lambda: theme.dark, what="dark")
    one.window.settings.fields["appearance.text_size"].setValue(150)
    pump.until(lambda: one.app.font().pointSizeF() > 15, what="larger text")
    one.window.show_page("chat")
    pump.for_(0.2)
    shot(one.window, "dark-large")
    one.session.change("appearance.theme", "light", one.window.fail)
    pump.until(lambda: not theme.dark, what="light")


def test_settings_for_experts_are_shown_on_wish(desktop: Any, pump: Any) -> None:
    one = desktop(settings={"model.memory_mb": "900"})
    one.window.show_page("settings")
    settings = one.window.settings
    pump.until(lambda: "appearance.expert" in settings.fields, what="the settings")
    assert "model.context" not in settings.fields
    assert "model.memory_mb" in settings.fields, "what was changed is never out of sight"
    settings.fields["appearance.expert"].click()
    pump.until(lambda: "model.context" in settings.fields, what="all of them")


def test_palette_and_keys_by_keyboard(desktop: Any, pump: Any, shot: Any) -> None:
    one = desktop()
    pump.keys("ctrl+k")
    pump.until(lambda: one.app.activeModalWidget() is not None, what="the palette")
    shot(one.app.activeModalWidget(), "palette")
    pump.type("activity")
    pump.keys("Return")
    pump.until(lambda: one.window.stack.currentWidget() is one.window.activity, what="the activity")
    pump.keys("F1")
    pump.until(lambda: one.app.activeModalWidget() is not None, what="the keys")
    shot(one.app.activeModalWidget(), "keys")
    pump.keys("Escape")
    pump.until(lambda: one.app.activeModalWidget() is None, what="Esc")
    pump.keys("Escape")
    pump.until(lambda: one.window.stack.currentWidget() is one.window.chat, what="back")


def test_first_run_makes_a_store_and_asks(desktop: Any, pump: Any, shot: Any) -> None:
    one = desktop(vault="new", ready=False)
    pump.until(lambda: one.first_run is not None and one.first_run.isActiveWindow(), what="first run")
    dialog = one.first_run
    shot(dialog, "first-1")
    pump.keys("Return")
    pump.until(lambda: dialog.steps.currentIndex() == 1, what="the recovery code")
    assert dialog.code.text() == "HB-7Q2M-XK4D-PL9A"
    shot(dialog, "first-code")
    pump.keys("Return")
    pump.until(lambda: dialog.steps.currentIndex() == 2, what="folders")
    assert not any(box.isChecked() for box, _, _ in dialog.ticks)
    shot(dialog, "first-2")
    dialog.skip_button.click()
    pump.until(lambda: dialog.steps.currentIndex() == 3 and dialog.models._keys, what="the models")
    assert dialog.models.chosen() == "" and dialog.models._keys[0][0].isChecked()
    shot(dialog, "first-3")
    pump.keys("Return")
    pump.until(lambda: dialog.steps.currentIndex() == 4, what="a question")
    pump.until(lambda: "4 items" in dialog.trial.told.text(), what="what is read already")
    shot(dialog, "first-4")
    pump.type("ferry to Texel")
    pump.keys("Return")
    pump.until(lambda: answered(one), what="the first answer")


def test_passphrase_wrong_then_right(desktop: Any, pump: Any, shot: Any) -> None:
    one = desktop(passphrase="blue cool box", ready=False)
    pump.until(lambda: one.unlock_dialog is not None and one.unlock_dialog.isActiveWindow(), what="unlock")
    dialog = one.unlock_dialog
    pump.type("wrong")
    pump.keys("Return")
    pump.until(dialog.fault.isVisible, what="one line")
    assert "wrong" in dialog.fault.text()
    shot(dialog, "unlock")
    pump.type("blue cool box")
    pump.keys("Return")
    pump.until(lambda: one.session.status.vault == "open", what="open")


def test_locking_asks_again(desktop: Any, pump: Any) -> None:
    one = desktop()
    one.window.chat.ask("ferry to Texel")
    pump.until(lambda: answered(one), what="the answer")
    one.lock()
    pump.until(lambda: one.unlock_dialog is not None, what="the lock")
    assert not one.window.chat.answers and one.window.sidebar.list.count() == 0
    one.unlock_dialog.try_it()
    pump.until(lambda: one.session.status.vault == "open" and one.unlock_dialog is None, what="open")


def test_a_killed_engine_is_one_toast_and_the_next_request_works(desktop: Any, pump: Any) -> None:
    one = desktop(pause=0.3)
    said: list[str] = []
    say = one.window.toast.say
    one.window.toast.say = lambda text, *actions, **how: (said.append(text), say(text, *actions, **how))
    one.window.chat.ask("ferry to Texel")
    pump.until(lambda: one.window.chat.answers and one.window.chat.answers[-1].text, what="words")
    one.session.engine.kill()
    pump.until(lambda: one.window.chat.job is None, what="the end")
    pump.until(one.window.toast.isVisible, what="the toast")
    pump.for_(0.5)
    assert len(set(said)) == 1 and "engine" in said[0]
    one.window.chat.ask("when was the boiler serviced")
    pump.until(lambda: answered(one) and one.window.chat.answers[-1].answer is not None, what="the answer")
    assert "3 March" in one.window.chat.answers[-1].text


def test_closing_quits_unless_there_is_a_tray_to_close_to(desktop: Any, pump: Any, monkeypatch: Any) -> None:
    one = desktop(settings={"desktop.close_to_tray": "true"})
    pump.until(lambda: one.session.flag("desktop.close_to_tray"), what="the setting")
    quits: list[int] = []
    monkeypatch.setattr(one, "quit", lambda: quits.append(1))
    monkeypatch.setattr(one.tray, "there", lambda: True)
    one.window.close()
    pump.for_(0.1)
    assert not one.window.isVisible() and not quits
    one.window.present()
    monkeypatch.setattr(one.tray, "there", lambda: False)
    one.window.close()
    pump.until(lambda: quits, what="quit")


def test_every_icon_only_button_has_a_name(desktop: Any, pump: Any) -> None:
    from PySide6.QtWidgets import QPushButton

    one = desktop()
    for root in (one.window, one.quick, one.popup):
        for target in root.findChildren(QPushButton):
            assert target.text() or target.accessibleName(), target.objectName()


def test_ctrl_enter_acts_and_a_mail_can_be_answered(desktop: Any, pump: Any, monkeypatch: Any) -> None:
    from PySide6.QtWidgets import QInputDialog

    one = desktop()
    pump.type("remind me of the cool box")
    pump.keys("ctrl+Return")
    pump.until(lambda: one.window.deeds.sheet is not None, what="the proposal")
    one.window.deeds.sheet.reject()
    pump.until(lambda: one.window.chat.job is None, what="the end")
    one.window.chat.act("hello there")
    pump.until(lambda: one.window.chat.answers[-1].note.text().startswith("Nothing to do"), what="why")
    pump.until(lambda: one.window.chat.job is None, what="the end")
    one.window.chat.ask("ferry to Texel")
    pump.until(lambda: answered(one), what="the answer")
    one.window.chat.answers[-1].sources.activate(1)
    pump.until(one.window.preview.reply_button.isVisible, what="the mail")
    monkeypatch.setattr(QInputDialog, "getMultiLineText", staticmethod(lambda *_: ("Thanks, Ines", True)))
    one.window.preview.reply_button.click()
    pump.until(lambda: one.window.deeds.sheet is not None, what="the draft's proposal")
    assert one.window.deeds.sheet.proposal.action == "draft_mail"
    assert "Thanks, Ines" in one.window.chat.answers[-1].text
    one.window.deeds.sheet.reject()
    pump.until(lambda: one.window.chat.job is None, what="the end")
    one.window.preview.summary_button.click()
    pump.until(lambda: one.window.chat.answers[-1].text.startswith("In short"), what="the summary")


def test_a_new_mail_is_written_from_the_keyboard(desktop: Any, pump: Any, shot: Any) -> None:
    from app.ui.compose import ComposeDialog

    one = desktop()
    pump.keys("ctrl+m")
    pump.until(lambda: one.window.findChild(ComposeDialog) is not None, what="the dialog")
    dialog = one.window.findChild(ComposeDialog)
    pump.until(dialog.isActiveWindow, what="its focus")
    pump.type("Ines, tom@example.org")
    assert not dialog.yes.isEnabled()
    pump.keys("Tab")
    pump.type("late, start without me")
    assert dialog.yes.isEnabled()
    shot(dialog, "compose")
    pump.keys("ctrl+Return")
    pump.until(lambda: one.window.deeds.sheet is not None, what="the draft's proposal")
    shown = {field.label: field.value for field in one.window.deeds.sheet.proposal.preview}
    assert shown == {"To": "Ines, tom@example.org", "Subject": "", "Text": "late, start without me"}
    assert "late, start without me" in one.window.chat.answers[-1].text
    one.window.deeds.sheet.reject()
    pump.until(lambda: one.window.chat.job is None, what="the end")
    assert "Write a mail" in [command.name for command in one.window.commands.all()]


def test_originals_open_in_the_desktops_own_program(tmp_path: Any, monkeypatch: Any) -> None:
    import time

    import pytest

    from app.core.errors import NotFound
    from app.workers.opener import Opener
    from app.workers.worker import Worker

    opened = tmp_path / "opened"
    program = tmp_path / "bin" / "xdg-open"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > {opened}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    original = tmp_path / "a note; rm -rf.md"
    original.write_text("x")
    opener = Worker("opener", "app.workers.opener:service")
    try:
        opener.call(Opener.open, path=str(original))
        until = time.monotonic() + 10
        while not opened.exists() and time.monotonic() < until:
            time.sleep(0.05)
        assert opened.read_text() == str(original)
        with pytest.raises(NotFound):
            opener.call(Opener.open, path="http://evil.example/")
    finally:
        opener.stop()


def test_forgetting_closes_what_is_shown_and_lists_what_is_never_read(
    desktop: Any, pump: Any, shot: Any
) -> None:
    one = desktop()
    one.window.chat.ask("ferry to Texel")
    pump.until(lambda: answered(one), what="the answer")
    one.window.chat.answers[-1].sources.activate(1)
    pump.until(lambda: one.window.preview.item is not None and one.window.preview.isVisible(), what="preview")
    item = one.window.preview.item
    assert one.window.forgetter.menu(item).actions()[0].text() == "Forget this…"
    one.window.forgetter.forget("item", item.uri)
    pump.until(lambda: not one.window.preview.isVisible() and not one.window.chat.answers, what="it goes")
    one.window.show_page("sources")
    shown = one.window.sources.excluded
    pump.until(lambda: shown.listed, what="the list")
    shot(one.window, "sources-excluded")
    shown.again(excluded(one)[0])
    pump.until(lambda: not shown.listed, what="the list is empty")


def excluded(one: Any) -> Any:
    return one.session.engine.call(Forgetting.exclusions)


def test_another_passphrase_from_the_settings(desktop: Any, pump: Any, shot: Any) -> None:
    one = desktop()
    one.window.show_page("settings")
    said: list[str] = []
    dialog = PassphraseDialog(one.session, one.window)
    dialog.changed.connect(said.append)
    dialog.open()
    shot(dialog, "passphrase")
    dialog.new.setText("short")
    dialog.change()
    assert "8" in dialog.fault.text()
    dialog.new.setText("a few good words")
    dialog.change()
    assert "differ" in dialog.fault.text()
    dialog.again.setText("a few good words")
    dialog.change()
    pump.until(lambda: said, what="it is changed")
    assert said == ["The key is kept under the new passphrase."]
    again = PassphraseDialog(one.session, one.window)
    again.open()
    again.current.setText("wrong")
    again.new.setText("other words")
    again.again.setText("other words")
    again.change()
    pump.until(lambda: "wrong" in again.fault.text(), what="the wrong one is told")
    again.reject()


def test_keys_are_changed_and_a_conflict_is_said(desktop: Any, pump: Any, shot: Any) -> None:
    from PySide6.QtWidgets import QLabel

    one = desktop()
    pump.keys("ctrl+comma")
    settings = one.window.settings
    pump.until(lambda: "keys.library" in settings.fields, what="the settings")

    def say(key: str, value: str) -> None:
        one.session.change(key, value, one.window.fail)
        pump.until(lambda: one.session.value(key) == value, what=f"{key} {value}")

    def told() -> list[str]:
        return [
            each.text() for each in settings.findChildren(QLabel) if "has this key already" in each.text()
        ]

    assert not told()
    say("keys.library", "Ctrl+D")
    pump.until(told, what="the conflict")
    assert told() == ["“Today” has this key already, and keeps it."]
    shot(one.window, "settings-conflict")
    pump.keys("ctrl+d")
    pump.until(lambda: one.window.stack.currentWidget() is one.window.today, what="the first keeps it")
    say("keys.library", "Ctrl+Shift+B")
    pump.keys("ctrl+shift+b")
    pump.until(lambda: one.window.stack.currentWidget() is one.window.library, what="the new key")
    pump.keys("F1")
    pump.until(lambda: one.app.activeModalWidget() is not None, what="the list")
    shown = [each.text() for each in one.app.activeModalWidget().findChildren(QLabel)]
    assert shown[shown.index("Library") + 1] == "Ctrl+Shift+B"
    pump.keys("Escape")


def test_settings_say_what_may_ever_leave(desktop: Any, pump: Any) -> None:
    from PySide6.QtWidgets import QLabel

    one = desktop()
    one.window.show_page("settings")
    settings = one.window.settings

    def told() -> set[str]:
        return {each.text() for each in settings.findChildren(QLabel)}

    pump.until(lambda: "As it is set now, nothing leaves this computer." in told(), what="nothing")
    one.session.change("cloud.enabled", "true", one.window.fail)
    pump.until(lambda: "Something may leave, as listed here." in told(), what="something")
