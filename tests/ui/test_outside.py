"""Beyond our windows on X11: keys, results while typing, replacing, reading the screen."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.ui.native_x11 import X11
from tests.ui import other_program

ROOT = Path(__file__).resolve().parents[2]
LETTER = "The harbour office closes at noon on Saturdays."


class Other:
    """The second program, in front, with its whole text selected."""

    def __init__(self, pump: Any, text: str, *more: str) -> None:
        self.heard: list[dict[str, Any]] = []
        self.process = subprocess.Popen(
            [sys.executable, str(Path(other_program.__file__)), text, *more], stdout=subprocess.PIPE, cwd=ROOT
        )
        threading.Thread(target=self._listen, daemon=True).start()
        pump.until(lambda: any("ready" in line for line in self.heard), 30, "the other program")
        pump.tool(
            "search", "--sync", "--onlyvisible", "--name", "Letter to Lotte", "windowactivate", "--sync"
        )
        pump.keys("ctrl+a")
        pump.until(lambda: X11().selected() == text, what="the selection")

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.heard.append(json.loads(line))

    @property
    def text(self) -> str:
        return next((line["text"] for line in reversed(self.heard) if "text" in line), "")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


@pytest.fixture
def other(pump: Any) -> Iterator[Callable[..., Other]]:
    made: list[Other] = []

    def make(text: str = LETTER, *more: str) -> Other:
        made.append(Other(pump, text, *more))
        return made[-1]

    yield make
    for one in made:
        one.close()
    pump.for_(0.2)


def held(one: Any, name: str) -> str:
    return str(one.outside.hotkeys.held(name))


def summoned(one: Any, pump: Any, keys: str = "ctrl+alt+space") -> None:
    pump.until(lambda: held(one, "quick"), what="the key")
    pump.keys(keys)
    pump.until(lambda: one.quick.isActiveWindow() and one.quick.prompt.editor.hasFocus(), what="focus")


def test_the_key_brings_the_quick_prompt_and_takes_it_away(desktop: Any, pump: Any, other: Any) -> None:
    one = desktop()
    other()
    summoned(one, pump)
    pump.keys("ctrl+alt+space")
    pump.until(lambda: not one.quick.isVisible(), what="the same key")
    one.session.change("desktop.quick_hotkey", "Ctrl+Alt+J", lambda error: pytest.fail(str(error)))
    pump.until(lambda: held(one, "quick") == "Ctrl+Alt+J", what="another key, at once")
    pump.keys("ctrl+alt+space")
    pump.for_(0.3)
    assert not one.quick.isVisible()
    summoned(one, pump, "ctrl+alt+j")


def test_results_come_while_typing_and_open_by_keyboard(desktop: Any, pump: Any, shot: Any) -> None:
    one = desktop()
    one.quick.summon()
    pump.until(one.quick.prompt.editor.hasFocus, what="focus")
    top = one.quick.pos()
    pump.type("boiler service")
    pump.until(lambda: one.quick.found.count() > 0, what="results")
    shot(one.quick, "quick-results")
    assert one.quick.pos() == top, "it grows downwards, under the pointer nothing moves"
    assert "Boiler" in one.quick.found.item(0).text()
    assert one.quick.found.marked is None
    pump.keys("Down")
    assert one.quick.found.marked is not None
    pump.keys("Up")
    assert one.quick.found.marked is None and one.quick.prompt.text() == "boiler service"
    pump.keys("Down", "Return")
    pump.until(lambda: one.window.preview.isVisible() and not one.quick.isVisible(), what="the source")
    one.quick.summon()
    pump.until(one.quick.prompt.editor.hasFocus, what="focus")
    pump.type("ferry")  # the draft was selected: typing begins anew
    pump.until(lambda: one.quick.found.count() > 0 and one.quick.prompt.text() == "ferry", what="results")
    pump.keys("Return")  # nothing is marked: it is asked
    pump.until(lambda: one.quick.view is not None and one.quick.view.finished, what="an answer")
    assert not one.quick.found.isVisible()
    pump.type("keys")
    pump.until(lambda: one.quick.view is None and one.quick.found.count() > 0, what="results again")
    pump.keys("ctrl+a", "BackSpace", "Up")
    assert one.quick.prompt.text() == "ferry"


def test_an_empty_box_shows_what_was_asked_and_an_answer_goes_on_in_the_window(
    desktop: Any, pump: Any, shot: Any
) -> None:
    from PySide6.QtWidgets import QPushButton

    one = desktop()
    quick = one.quick
    quick.summon()
    quick.prompt.set_text("Where are the cabin keys?")
    quick.prompt.submit()
    pump.until(lambda: quick.job is None and quick.view is not None, what="an answer")
    assert quick.asked.text() == "Where are the cabin keys?" and quick.further.isVisible()
    assert not quick.recent.isVisible()
    quick.further.click()
    pump.until(lambda: one.window.chat.answers, what="the conversation")
    assert not quick.isVisible() and one.window.stack.currentWidget() is one.window.chat
    quick.summon()
    pump.until(quick.recent.isVisible, what="what was asked")
    shot(quick, "quick-recent")
    (again,) = quick.recent.findChildren(QPushButton)
    again.click()
    assert quick.prompt.text() == "Where are the cabin keys?" and not quick.recent.isVisible()


def test_earlier_conversations_are_brought_back_with_up(desktop: Any, pump: Any) -> None:
    one = desktop()
    one.window.ask("Where are the cabin keys?")
    pump.until(lambda: one.window.chat.answers and one.window.chat.answers[-1].finished, what="answer")
    one.quick.prompt.editor.history.clear()
    one._recall()
    pump.until(lambda: one.quick.prompt.editor.history, what="the history")
    one.quick.summon()
    pump.until(one.quick.prompt.editor.hasFocus, what="focus")
    pump.keys("Up")
    assert one.quick.prompt.text() == "Where are the cabin keys?"


def test_replace_previews_pastes_and_gives_the_clipboard_back(
    desktop: Any, pump: Any, other: Any, shot: Any
) -> None:
    one = desktop()
    program = other(LETTER, "--copies")
    clipboard = one.app.clipboard()
    pump.until(lambda: other_program.CUSTOM in clipboard.mimeData().formats(), what="the clipboard")
    pump.until(lambda: held(one, "selection"), what="the key")
    pump.keys("ctrl+alt+s")
    pump.until(lambda: one.popup.view is not None and one.popup.view.finished, what="the summary")
    assert one.popup.text() == LETTER and "Letter to Lotte" in one.popup.about.text()
    one.popup.rewrite("formal")
    pump.until(lambda: one.popup.job is None and one.popup.replace_button.isEnabled(), what="the rewriting")
    pump.until(one.popup.isActiveWindow, what="the popup in front")
    one.popup.replace_button.click()
    pump.until(lambda: one.popup.preview is not None, what="the preview")
    shot(one.popup, "replace")
    pump.for_(0.2)
    assert not program.text, "nothing is touched before the yes"
    pump.keys("Escape")
    pump.until(lambda: one.popup.preview is None, what="Esc closes the preview alone")
    assert one.popup.isVisible()
    one.popup.replace_button.click()
    pump.until(lambda: one.popup.preview is not None and one.popup.preview.yes.hasFocus(), what="preview")
    pump.keys("Return")
    pump.until(lambda: program.text == f"{LETTER} (formal)", what="the new words")
    pump.until(lambda: one.outside.loan is None, what="the clipboard")
    back = clipboard.mimeData()
    assert back.text() == "what was copied before" and "<b>" in back.html()
    assert back.data(other_program.CUSTOM).data() == b"\0\1\2beds"
    assert back.hasImage() and clipboard.image().size().toTuple() == (3, 2)
    assert clipboard.image().pixelColor(0, 0).name() == "#336699"


def test_tasks_of_the_popup(desktop: Any, pump: Any, other: Any, shot: Any) -> None:
    one = desktop()
    other()
    pump.until(lambda: held(one, "selection"), what="the key")
    pump.keys("ctrl+alt+s")
    pump.until(lambda: one.popup.isActiveWindow() and one.popup.line.hasFocus(), what="focus")
    pump.until(lambda: one.popup.job is None, what="the summary")
    pump.type("When does it close?")
    pump.keys("Return")
    pump.until(lambda: one.popup.view is not None and one.popup.view.answer is not None, what="an answer")
    one.popup.view.sources.cards()[0].click()
    assert one.popup.origin.textCursor().selectedText() == LETTER
    shot(one.popup, "selection-asked")
    one.popup._ask_for("reply")
    pump.type("yes, I know")
    pump.keys("Return")
    pump.until(lambda: one.popup.job is None and "yes, I know" in one.popup.view.text, what="the reply")
    pump.type("note this")
    pump.keys("Return")
    pump.until(lambda: one.window.deeds.sheet is not None, what="the confirmation")
    assert "Letter to Lotte" in one.window.deeds.sheet.proposal.preview[0].origin
    one.window.deeds.sheet.reject()


def test_the_screen_is_read_by_keyboard_and_by_mouse(desktop: Any, pump: Any, other: Any, shot: Any) -> None:
    one = desktop()
    other()
    pump.until(lambda: held(one, "screen"), what="the key")
    pump.keys("ctrl+alt+r")
    pump.until(lambda: one.outside.overlay is not None and one.outside.overlay.isActiveWindow(), what="it")
    overlay = one.outside.overlay
    pump.until(overlay.hasFocus, what="focus")
    assert abs(overlay.chosen.width() - 520) < 8, "the window in front is chosen first"
    shot(overlay, "region")
    start = overlay.chosen
    pump.keys("Down")
    assert overlay.chosen.top() == start.top() + 16
    pump.keys("shift+Left")
    assert overlay.chosen.width() == start.width() - 16
    pump.keys("Tab")
    assert overlay.chosen == overlay.rect()
    pump.keys("Escape")
    pump.until(lambda: one.outside.overlay is None, what="Esc")
    assert not one.popup.isVisible()
    pump.keys("ctrl+alt+r")
    pump.until(lambda: one.outside.overlay is not None and one.outside.overlay.hasFocus(), what="again")
    pump.tool("mousemove", "100", "520", "mousedown", "1", "mousemove", "400", "600", "mouseup", "1")
    pump.until(lambda: one.popup.isVisible() and one.popup.text(), what="the text of the picture")
    assert "ferry leaves at 14:30" in one.popup.text()
    pump.until(lambda: one.popup.isActiveWindow() and one.popup.line.hasFocus(), 10, "the keyboard")
    pump.keys("Escape")
    pump.until(lambda: not one.popup.isVisible(), what="Esc")
    pump.keys("ctrl+alt+r")
    pump.until(lambda: one.outside.overlay is not None and one.outside.overlay.hasFocus(), what="again")
    pump.keys("Return")
    pump.until(lambda: one.popup.isActiveWindow() and one.popup.line.hasFocus(), 10, "the keyboard")
    pump.until(lambda: one.popup.job is None, what="the summary")
    assert not one.popup.replace_button.isEnabled() and "screen" in one.popup.about.text()


def test_a_key_that_another_program_has_is_said_with_a_way_out(desktop: Any, pump: Any) -> None:
    one = desktop()
    pump.until(lambda: held(one, "quick"), what="the key")
    said: list[tuple[str, Any]] = []
    one.window.say = lambda text, actions=(): said.append((text, actions))
    one.outside.taken.disconnect()
    one.outside.taken.connect(one._key_taken)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys\nfrom PySide6.QtWidgets import QApplication\napp = QApplication(sys.argv)\n"
            "from app.ui.hotkey_x11 import X11Hotkey\nkey = X11Hotkey(lambda: None)\n"
            "key.register('Ctrl+Alt+U')\nprint('held', flush=True)\napp.exec()",
        ],
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
    one.session.change("desktop.quick_hotkey", "Ctrl+Alt+U", lambda error: pytest.fail(str(error)))
    pump.until(lambda: said, what="the conflict")
    holder.kill()
    holder.communicate()
    [(text, actions)] = said
    assert "Ctrl+Alt+U" in text and "already" in text
    actions[0][1]()
    assert one.window.stack.currentWidget() is one.window.settings
    assert held(one, "selection") == "Ctrl+Alt+S", "the others work"


def test_a_lock_leaves_nothing_in_the_boxes(desktop: Any, pump: Any) -> None:
    one = desktop()
    one.quick.summon()
    one.quick.prompt.set_text("boiler")
    one.quick.prompt.submit()
    pump.until(lambda: one.quick.job is None and one.quick.view is not None, what="an answer")
    one.popup.show_text(LETTER)
    pump.until(lambda: one.popup.job is None, what="the summary")
    one.lock()
    pump.until(lambda: one.unlock_dialog is not None, what="the lock")
    assert not one.quick.isVisible() and not one.popup.isVisible()
    assert one.quick.view is None and not one.quick.prompt.editor.history and not one.quick.prompt.text()
    assert one.popup.view is None and not one.popup.text() and not one.popup.about.text()
