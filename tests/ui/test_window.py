"""The main window, driven with real keys under a real X server."""

from __future__ import annotations

import re
from typing import Any

from app.ui.cards import SourceCard


def answered(desktop: Any) -> bool:
    chat = desktop.window.chat
    return bool(chat.answers) and chat.answers[-1].finished and chat.job is None


def test_ask_stream_sources_and_preview(desktop: Any, pump: Any, shot: Any) -> None:
    one = desktop(pause=0.02)
    seen: list[str] = []
    pump.type("When does the ferry to Texel leave?")
    pump.keys("Return")
    pump.until(lambda: one.window.chat.answers, what="an answer view")
    view = one.window.chat.answers[-1]
    pump.until(lambda: seen.append(view.text) or len({t for t in seen if t}) > 3, what="streaming")
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
