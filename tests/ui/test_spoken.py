"""What a screen reader is told: each control has a name, and each is reached with the keyboard."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.ui.spoken import Bus, Told

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAGES = ("chat", "today", "library", "sources", "hats", "activity", "settings", "about")
# Roles that only hold others; a name there would be read out for nothing.
HOLDERS = {"filler", "panel", "scroll pane", "viewport", "split pane", "layered pane", "frame", "unknown"}


class Spoken:
    """The app in a process of its own, and what its accessibility tree says."""

    def __init__(self, folder: Path, display: str) -> None:
        self.bus = Bus(folder)
        env = {
            **os.environ,
            **self.bus.env,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "QT_ACCESSIBILITY": "1",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}",
        }
        env.pop("NO_AT_BRIDGE", None)
        self.app = subprocess.Popen(
            [sys.executable, str(HERE / "wayland_app.py"), str(folder)],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.app.stdout is not None
        assert json.loads(self.app.stdout.readline())["platform"] == "xcb"
        self.until(lambda: self("one.session.status.vault") == "open", "the store")
        self.until(lambda: bool(self.bus.programs()), "the program on the accessibility bus")

    def __call__(self, expression: str) -> Any:
        assert self.app.stdin is not None and self.app.stdout is not None
        self.app.stdin.write(f"{expression}\n")
        self.app.stdin.flush()
        return json.loads(self.app.stdout.readline())

    def until(self, done: Callable[[], bool], what: str, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < end, what
            time.sleep(0.1)

    def shows(self, name: str) -> bool:
        return any(told.showing and told.name == name for told in self.bus.tree().walk())

    def key(self, *keys: str) -> None:
        subprocess.run(["xdotool", "key", "--delay", "20", *keys], check=True)

    def close(self) -> None:
        assert self.app.stdin is not None
        self.app.stdin.write("quit\n")
        self.app.stdin.flush()
        self.app.wait(20)
        self.app.stdin.close()
        assert self.app.stdout is not None
        self.app.stdout.close()
        self.bus.close()


@pytest.fixture(scope="module")
def spoken(display: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spoken]:
    made = Spoken(tmp_path_factory.mktemp("spoken"), display)
    yield made
    made.close()


def nameless(tree: Told) -> list[str]:
    """Controls that show, and that a screen reader could only call by their role."""
    return [
        f"{told.role} in {parent.role} {parent.name!r} beside {[c.name for c in parent.children]}"
        for parent in tree.walk()
        for told in parent.children
        if told.reached and not told.name.strip() and told.role not in HOLDERS
    ]


@pytest.mark.parametrize("page", PAGES)
def test_every_control_of_a_page_has_a_name(spoken: Spoken, page: str) -> None:
    spoken(f"one.window.show_page({page!r})")
    time.sleep(0.7)  # what the engine answers is there
    tree = spoken.bus.tree()
    assert sum(told.reached for told in tree.walk()) > 8
    assert not nameless(tree)


def test_dialogs_have_names_too(spoken: Spoken) -> None:
    spoken("one.window.show_page('chat')")
    names = {"ctrl+k": "Find a command", "F1": "Keys", "ctrl+m": "What should the mail say?"}
    for keys, name in names.items():
        spoken("one.window.activateWindow()")
        spoken.key(keys)
        spoken.until(partial(spoken.shows, name), name)
        assert not nameless(spoken.bus.tree()), keys
        spoken.key("Escape")


def test_an_answer_is_told_with_its_sources(spoken: Spoken) -> None:
    spoken("one.window.show_page('chat')")
    spoken("one.window.chat.ask('When does the ferry to Texel leave?')")
    spoken.until(lambda: bool(spoken("one.window.chat.answers[-1].finished")), "the answer")
    time.sleep(0.5)
    names = [told.name for told in spoken.bus.tree().walk() if told.showing]
    assert any(name.startswith("Source 1") and "Ferry to Texel" in name for name in names)
    assert "On this computer" in names and not nameless(spoken.bus.tree())


def test_messages_and_answers_are_announced(spoken: Spoken) -> None:
    spoken("one.window.show_page('chat')")
    with spoken.bus.hearing() as wait:
        time.sleep(0.5)  # the program has heard that somebody listens
        spoken("one.window.say('Another program has this key')")
        wait("Another program has this key")
        spoken("one.window.chat.ask('When is the dentist?')")
        wait("Dentist")


@pytest.mark.parametrize("page", PAGES)
def test_tab_reaches_every_control(spoken: Spoken, page: str) -> None:
    spoken("one.window.activateWindow()")
    spoken(f"one.window.show_page({page!r})")
    time.sleep(0.5)
    assert spoken("__import__('focusing').missed(one.window)") == []
    assert spoken("__import__('focusing').unreachable(one.window)") == []
