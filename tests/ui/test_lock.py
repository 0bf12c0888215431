"""The lock, by hand, before sleep, and by the engine itself: nothing of the store stays on the screen."""

from __future__ import annotations

import os
import select
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, HeaderFields, MessageType, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection
from PySide6.QtWidgets import QLabel, QListWidget, QPushButton, QTextEdit

from app.core.api import Vault
from app.core.errors import HomebodyError

NAME = "org.freedesktop.login1"
PATH = "/org/freedesktop/login1"
WORDS = ("Texel", "ferry", "14:30")


class Logind:
    """A login manager of our own on a bus of our own: it lets sleep be delayed, and says when it is near."""

    def __init__(self, address: str) -> None:
        self.bus = open_dbus_connection(address, enable_fds=True)
        self.bus.send_and_get_reply(message_bus.RequestName(NAME))
        self.delays: list[int] = []  # read ends: at their end once the other side is closed everywhere
        self.asked: list[tuple[Any, ...]] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                call = self.bus.receive()
            except (OSError, EOFError):
                return
            if call.header.message_type is not MessageType.method_call:
                continue
            assert call.header.fields[HeaderFields.member] == "Inhibit"
            near, far = os.pipe()
            self.bus.send(new_method_return(call, "h", (far,)))
            os.close(far)
            self.asked.append(call.body)
            self.delays.append(near)

    def say(self, asleep: bool) -> None:
        emitter = DBusAddress(PATH, NAME, f"{NAME}.Manager")
        self.bus.send(new_signal(emitter, "PrepareForSleep", "b", (asleep,)))

    def may_sleep(self) -> bool:
        """Nobody delays it any more."""
        ready, _, _ = select.select(self.delays[-1:], [], [], 0)
        return bool(ready)

    def close(self) -> None:
        self.bus.sock.shutdown(2)
        self._thread.join(5)
        self.bus.close()
        for end in self.delays:
            os.close(end)


@pytest.fixture
def logind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Logind]:
    told, tell = os.pipe()
    command = [
        "dbus-daemon",
        "--session",
        "--nofork",
        f"--print-address={tell}",
        f"--address=unix:dir={tmp_path}",
    ]
    daemon = subprocess.Popen(command, pass_fds=(tell,))
    os.close(tell)
    with os.fdopen(told) as said:
        address = said.readline().strip()
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    made = Logind(address)
    yield made
    made.close()
    daemon.terminate()
    daemon.wait()


def on_screen(one: Any, *, seen: bool = False) -> str:
    """All words in every widget of the window, or in those that are seen."""
    every = one.window.findChildren
    kinds = (QLabel, QPushButton)
    found = [each.text() for kind in kinds for each in every(kind) if each.isVisible() or not seen]
    found += [each.toPlainText() for each in every(QTextEdit) if each.isVisible() or not seen]
    for listed in one.window.findChildren(QListWidget):
        found += [listed.item(n).text() for n in range(listed.count())]
    return "\n".join(found)


def asked(one: Any, pump: Any) -> None:
    one.window.chat.ask("When does the ferry to Texel leave?")
    pump.until(lambda: one.window.chat.answers and one.window.chat.answers[-1].answer, what="an answer")
    pump.until(one.window.sidebar.list.count, what="the conversation in the list")
    assert all(word in on_screen(one) for word in WORDS)


def hidden(one: Any, pump: Any) -> None:
    pump.until(
        lambda: one.unlock_dialog is not None and one.unlock_dialog.isVisible(), what="the lock screen"
    )
    pump.until(lambda: not any(word in on_screen(one) for word in WORDS), 3, what="nothing of the store")


def test_locked_by_hand_nothing_of_the_store_stays(desktop: Any, pump: Any, shot: Any) -> None:
    one = desktop()
    asked(one, pump)
    one.lock()
    assert not any(word in on_screen(one, seen=True) for word in WORDS)  # before anybody could look
    hidden(one, pump)
    shot(one.window, "locked")
    shot(one.unlock_dialog, "unlock")
    one.unlock_dialog.try_it()
    pump.until(lambda: one.session.status.vault == "open" and one.unlock_dialog is None, what="open again")


def test_it_locks_before_the_computer_sleeps(desktop: Any, pump: Any, logind: Logind) -> None:
    one = desktop(settings={"lock.suspend": "true"})
    pump.until(lambda: one.suspend.watching, what="the delay")
    assert logind.asked[0][0] == "sleep" and logind.asked[0][3] == "delay"
    asked(one, pump)
    assert not logind.may_sleep()
    logind.say(True)
    hidden(one, pump)
    pump.until(logind.may_sleep, 5, what="sleep")
    with pytest.raises(HomebodyError):  # a locked engine answers nothing
        one.session.engine.call(Vault.unlock)
    logind.say(False)
    pump.until(lambda: len(logind.asked) == 2, what="the delay for the next time")
    assert not logind.may_sleep()


def test_without_the_wish_nothing_is_delayed(desktop: Any, pump: Any, logind: Logind) -> None:
    one = desktop()
    pump.for_(0.3)
    assert not logind.asked and not one.suspend.watching
    one.session.change("lock.suspend", "true", one.window.fail)
    pump.until(lambda: one.suspend.watching, what="the delay")
    one.session.change("lock.suspend", "false", one.window.fail)
    pump.until(logind.may_sleep, what="no delay")
    assert "suspend" not in {thread.name for thread in threading.enumerate()}


def test_an_engine_that_locked_itself_is_the_lock_screen(desktop: Any, pump: Any) -> None:
    one = desktop()
    asked(one, pump)
    one.session.engine.call(Vault.lock)  # as it does after minutes without use: nobody told the window
    hidden(one, pump)
    assert one.window.toast.isHidden()


def test_the_key_of_the_quick_prompt_asks_for_the_lock_first(desktop: Any, pump: Any) -> None:
    one = desktop()
    one.lock()
    pump.until(lambda: one.unlock_dialog is not None, what="the lock")
    one.quick.summon()
    one.outside.summarize()
    assert not one.quick.isVisible() and not one.popup.isVisible()
    pump.until(one.unlock_dialog.isActiveWindow, what="the lock in front")
    one.unlock_dialog.yes.click()
    pump.until(lambda: one.unlock_dialog is None, what="open")
    pump.until(lambda: one.quick.isVisible() and one.popup.isVisible(), what="what was wanted")


def test_what_went_wrong_stays_where_it_was_asked(desktop: Any, pump: Any) -> None:
    from app.core.errors import Refused
    from app.ui.jobs import Job

    one = desktop()
    one.quick.summon()
    view = one.quick._begin("ferry")
    one.quick.job = Job()
    one.quick._broke(Refused("the model has gone"), "ferry")
    assert one.quick.view is view and "The model has gone" in view.note.text()
    assert one.quick.prompt.text() == "ferry"
