"""Tray menu, quick prompt, global hotkey and the selection popup, with real keys and a second program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import HomebodyError, UsageFault
from app.ui.hotkey_x11 import X11Hotkey, parse
from app.workers.handover import Request, hand_over

SELECTED = "The harbour office closes at noon on Saturdays. Ask for Lotte."


def test_tray_menu_opens_the_quick_prompt_which_answers(desktop: Any, pump: Any, shot: Any) -> None:
    one = desktop(pause=0.02)
    pump.open_from_tray(one)
    pump.type("Where are the cabin keys?")
    pump.keys("Return")
    pump.until(lambda: one.quick.view is not None and one.quick.view.finished, what="an answer")
    assert "harbour office" in one.quick.view.body.toPlainText()
    assert one.quick.view.sources.cards()
    shot(one.quick, "quick")
    pump.keys("Escape")
    pump.until(lambda: not one.quick.isVisible(), what="Esc")


def test_quick_prompt_keeps_its_draft_and_tab_acts(desktop: Any, pump: Any) -> None:
    one = desktop()
    one.quick.summon()
    pump.until(one.quick.prompt.editor.hasFocus, what="focus")
    pump.type("remind me of the keys")
    pump.keys("Escape")
    pump.until(lambda: not one.quick.isVisible(), what="Esc")
    one.quick.summon()
    pump.until(one.quick.prompt.editor.hasFocus, what="focus")
    assert one.quick.prompt.text() == "remind me of the keys"
    pump.keys("Tab")
    pump.until(lambda: one.window.deeds.sheet is not None, what="the confirmation")
    assert one.window.deeds.sheet.proposal.action == "create_note"
    one.window.deeds.sheet.reject()


def test_hotkey_summarizes_the_selection_of_another_program(
    desktop: Any, pump: Any, select: Any, shot: Any
) -> None:
    one = desktop(pause=0.02)
    pump.until(lambda: one.outside.hotkeys.held("selection") == "Ctrl+Alt+S", what="the hotkey")
    select(SELECTED)
    pump.keys("ctrl+alt+s")
    pump.until(lambda: one.popup.view is not None and one.popup.view.finished, what="the summary")
    assert one.popup.text() == SELECTED
    assert "harbour office closes at noon" in one.popup.view.body.toPlainText()
    shot(one.popup, "selection")
    one.popup.view.copy_button.click()
    assert "harbour office" in one.app.clipboard().text()
    pump.until(one.popup.isActiveWindow, what="the popup in front")
    pump.keys("Escape")
    pump.until(lambda: not one.popup.isVisible(), what="Esc")


def test_lock_keys_do_not_matter_to_the_hotkey(app: Any, pump: Any) -> None:
    pressed: list[int] = []
    key = X11Hotkey(lambda: pressed.append(1))
    key.register("Ctrl+Alt+Y")
    pump.keys("ctrl+alt+y")
    pump.until(lambda: len(pressed) == 1, 5)
    pump.keys("Num_Lock", "ctrl+alt+y", "Num_Lock")
    pump.until(lambda: len(pressed) == 2, 5)
    key.close()
    pump.keys("ctrl+alt+y")
    pump.for_(0.3)
    assert len(pressed) == 2


def test_a_taken_hotkey_is_said(app: Any, pump: Any) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; sys.path.insert(0, '.')\n"
            "from PySide6.QtWidgets import QApplication\n"
            "app = QApplication(sys.argv)\n"
            "from app.ui.hotkey_x11 import X11Hotkey\n"
            "key = X11Hotkey(lambda: None); key.register('Ctrl+Alt+J')\n"
            "print('held', flush=True); app.exec()",
        ],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
    key = X11Hotkey(lambda: None)
    try:
        with pytest.raises(HomebodyError, match="already"):
            key.register("Ctrl+Alt+J")
        key.register("Ctrl+Alt+K")  # another one is free
    finally:
        key.close()
        holder.kill()
        holder.communicate()


@pytest.mark.parametrize("keys", ["A", "Shift+A", "Ctrl", "Ctrl+Alt+", "nonsense"])
def test_no_hotkey(app: Any, keys: str) -> None:
    with pytest.raises(UsageFault):
        parse(keys)


def test_empty_selection_is_said(desktop: Any, pump: Any) -> None:
    one = desktop()
    one.popup.show_text("")
    pump.until(one.popup.isVisible, what="the popup")
    assert one.popup.about.text().startswith("Nothing is selected")
    assert one.popup.job is None


def test_a_second_start_hands_over(desktop: Any, pump: Any) -> None:
    from app.ui.single import Single

    one = desktop()
    path = one._start.paths.socket("ui")
    assert not hand_over(path, Request())
    single = Single(path)
    single.asked.connect(one.handle)
    program = (
        "import sys; from pathlib import Path; from app.workers.handover import *\n"
        "taken = hand_over(Path(sys.argv[1]), Request(verb='ask', text='ferry to Texel'))\n"
        "assert taken and 'PySide6' not in sys.modules"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], cwd=Path(__file__).resolve().parents[2]
    )
    pump.until(lambda: other.poll() is not None, what="the second start")
    assert other.returncode == 0
    pump.until(lambda: one.window.chat.answers and one.window.chat.answers[-1].finished, what="answer")
    assert path.stat().st_mode & 0o077 == 0
    single.close()
    assert not path.exists()
