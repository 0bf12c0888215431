"""Activity: what is read, what is in memory, what left (openable to the byte), and what was done."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QPushButton

from app.ui.idle import FRONT_MS
from app.ui.sent import SentDialog


def words(widget: Any) -> list[str]:
    return [each.text() for each in widget.findChildren(QLabel)]


def named(widget: Any, name: str) -> QPushButton | None:
    return next((b for b in widget.findChildren(QPushButton) if b.accessibleName() == name), None)


def test_memory_is_sampled_only_while_it_can_be_seen(desktop: Any, pump: Any, shot: Any) -> None:
    one = desktop()
    memory = one.window.activity.memory
    assert not memory.timer.isActive() and not memory.memory.values
    one.window.show_page("activity")
    pump.until(lambda: len(memory.memory.values) >= 3, what="three samples")
    assert {"Language model", "Text recognition", "not in memory", "This window"} <= set(words(memory))
    assert memory.memory.values[-1] > 96 + 312  # the engine and the model, and this window
    pump.until(lambda: memory.memory.drawn() == tuple(memory.memory.values), what="the chart")
    shot(one.window, "activity")
    one.window.show_page("chat")
    assert not memory.timer.isActive()
    sampled = len(memory.memory.values)
    pump.for_(2.5)
    assert len(memory.memory.values) == sampled
    one.window.show_page("activity")
    assert memory.timer.isActive()
    one.window.showMinimized()
    pump.until(lambda: not memory.timer.isActive(), what="no timer in a minimized window")
    one.window.present()
    pump.until(memory.timer.isActive, what="the timer again")


def test_tokens_are_counted_as_they_come(desktop: Any, pump: Any) -> None:
    one = desktop(pause=0.2)
    one.window.show_page("activity")
    memory = one.window.activity.memory
    pump.until(lambda: memory.speed.values, what="a sample")
    assert memory.speed.values[-1] == 0
    one.window.chat.ask("ferry Texel cabin keys")
    pump.until(lambda: max(memory.speed.values) > 0.5, what="tokens a second")
    assert one.session.tokens > 0


def test_what_left_is_opened_to_the_byte(desktop: Any, pump: Any, shot: Any) -> None:
    one = desktop()
    page = one.window.activity
    one.window.show_page("activity")
    pump.until(lambda: "Nothing has left this computer." in words(page), what="the empty list")
    one.session.change("cloud.enabled", "true", one.window.fail)
    one.window.show_page("chat")
    one.window.chat.ask("ferry Texel cabin keys")
    pump.until(lambda: one.window.chat.answers and one.window.chat.answers[-1].answer, what="an answer")
    one.window.chat.answers[-1].bigger.emit()
    pump.until(lambda: one.window.deeds.sheet is not None, what="the sheet")
    sheet = one.window.deeds.sheet
    pump.until(sheet.yes.isEnabled, what="armed")
    body = str(sheet.proposal.arguments["body"])
    sheet.yes.click()
    chat = one.window.chat
    pump.until(lambda: len(chat.answers) == 2 and chat.answers[-1].finished, what="the cloud's answer")
    one.window.show_page("activity")
    name = f"Open what was sent: {sheet.proposal.title}"
    pump.until(lambda: named(page, name), what="the line")
    assert any(f"{len(body)} bytes sent" in text for text in words(page))
    button = named(page, name)
    assert button is not None
    button.click()
    pump.until(lambda: page.findChildren(SentDialog), what="the request")
    dialog = page.findChildren(SentDialog)[0]
    assert dialog.request == body and dialog.box.toPlainText() == body
    shot(dialog, "sent")
    dialog.accept()


def test_skipped_files_and_progress_stand_on_the_page(desktop: Any, pump: Any) -> None:
    one = desktop(skipped=True)
    one.window.show_page("activity")
    page = one.window.activity
    pump.until(lambda: any("Skipped (" in text for text in words(page)), what="what was skipped")
    assert named(page, "Pause indexing") is not None
    one.indexing.pause()
    pump.until(lambda: named(page, "Resume indexing"), what="paused")


def test_a_window_at_rest_wakes_nothing_up(desktop: Any, pump: Any) -> None:
    one = desktop()
    clock = one.idle._timer
    pump.until(
        lambda: not one.indexing.busy and (clock.interval() >= FRONT_MS or not clock.isActive()), what="rest"
    )
    one.caret.still()
    assert one.app.cursorFlashTime() == 0
    pump.type("a")
    pump.until(lambda: one.app.cursorFlashTime() > 0, what="the caret blinks for who types")
    timers = [t for t in one.window.findChildren(QTimer) if t.isActive() and not t.isSingleShot()]
    assert not timers
