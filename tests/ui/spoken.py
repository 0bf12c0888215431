"""What a screen reader is told: the tree of the accessibility bus (AT-SPI), read over D-Bus with jeepney."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, MatchRule, MessageType, Properties, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

_LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
_ACCESSIBLE = "org.a11y.atspi.Accessible"
_ROOT = "/org/a11y/atspi/accessible/root"
# of <atspi/atspi-constants.h>: AtspiStateType
_ENABLED, _FOCUSABLE, _FOCUSED, _SHOWING, _VISIBLE = 8, 11, 12, 25, 30


@dataclass
class Told:
    """One object of the tree."""

    role: str
    name: str
    states: int
    text: str = ""
    children: list[Told] = field(default_factory=list)

    def has(self, state: int) -> bool:
        return bool(self.states >> state & 1)

    @property
    def showing(self) -> bool:
        return self.has(_SHOWING) and self.has(_VISIBLE)

    @property
    def reached(self) -> bool:
        """By the keyboard, now."""
        return self.showing and self.has(_FOCUSABLE) and self.has(_ENABLED)

    @property
    def focused(self) -> bool:
        return self.has(_FOCUSED)

    def walk(self) -> Iterator[Told]:
        yield self
        for child in self.children:
            yield from child.walk()


class Bus:
    """A session bus of our own with the accessibility bus beside it."""

    def __init__(self, folder: Path) -> None:
        launcher = next((path for path in _LAUNCHERS if Path(path).exists()), None)
        assert launcher and shutil.which("dbus-daemon"), "at-spi2-core or dbus is not installed"
        told, tell = os.pipe()
        address = f"--address=unix:dir={folder}"
        daemon = ["dbus-daemon", "--session", "--nofork", f"--print-address={tell}", address]
        self.processes = [subprocess.Popen(daemon, pass_fds=(tell,), stderr=subprocess.DEVNULL)]
        os.close(tell)
        with os.fdopen(told) as said:
            self.env = {"DBUS_SESSION_BUS_ADDRESS": said.readline().strip()}
        self.processes.append(
            subprocess.Popen(
                [launcher, "--launch-immediately"],
                env={**os.environ, **self.env},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        self.bus = self._accessibility()

    def _accessibility(self) -> DBusConnection:
        session = open_dbus_connection(self.env["DBUS_SESSION_BUS_ADDRESS"])
        call = new_method_call(DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus"), "GetAddress")
        until = time.monotonic() + 20
        while True:
            reply = session.send_and_get_reply(call, timeout=10)
            if reply.header.message_type is not MessageType.error:
                session.close()
                return open_dbus_connection(reply.body[0])
            assert time.monotonic() < until, reply.body
            time.sleep(0.1)

    def close(self) -> None:
        self.bus.close()
        for process in reversed(self.processes):
            process.terminate()
            process.wait()

    @contextlib.contextmanager
    def hearing(self) -> Iterator[Callable[[str], None]]:
        """Like a screen reader: ``wait(words)`` until they are part of what is announced."""
        ear = self._accessibility()
        registry = DBusAddress(
            "/org/a11y/atspi/registry", "org.a11y.atspi.Registry", "org.a11y.atspi.Registry"
        )
        wanted = ("object:announcement", [], "")
        ear.send_and_get_reply(new_method_call(registry, "RegisterEvent", "sass", wanted), timeout=10)
        rule = MatchRule(type="signal", interface="org.a11y.atspi.Event.Object", member="Announcement")
        ear.send_and_get_reply(message_bus.AddMatch(rule), timeout=10)

        def wait(words: str) -> None:
            until = time.monotonic() + 20
            while words not in str(
                ear.recv_until_filtered(heard, timeout=until - time.monotonic()).body[3][1]
            ):
                pass

        with ear.filter(rule, bufsize=100) as heard:
            yield wait
        ear.close()

    def programs(self) -> list[tuple[str, str]]:
        return [tuple(child) for child in self._ask("org.a11y.atspi.Registry", _ROOT, "GetChildren")]

    def tree(self, *, seen: bool = True) -> Told:
        """The whole of the first program; with ``seen`` only what is showing."""
        name, path = self.programs()[0]
        return self._told(name, path, seen=seen, depth=0)

    def _told(self, name: str, path: str, *, seen: bool, depth: int) -> Told:
        low, high = self._ask(name, path, "GetState")
        found = Told(
            self._ask(name, path, "GetRoleName"), self._property(name, path, "Name"), low | high << 32
        )
        if depth > 1 and seen and not found.showing:
            return found
        for child_name, child_path in self._ask(name, path, "GetChildren"):
            with contextlib.suppress(LookupError):  # it went meanwhile
                found.children.append(self._told(child_name, child_path, seen=seen, depth=depth + 1))
        return found

    def _ask(self, name: str, path: str, method: str) -> Any:
        reply = self.bus.send_and_get_reply(
            new_method_call(DBusAddress(path, name, _ACCESSIBLE), method), timeout=10
        )
        if reply.header.message_type is MessageType.error:
            raise LookupError(reply.body)
        return reply.body[0]

    def _property(self, name: str, path: str, what: str) -> str:
        get = Properties(DBusAddress(path, name, _ACCESSIBLE)).get(what)
        reply = self.bus.send_and_get_reply(get, timeout=10)
        if reply.header.message_type is MessageType.error:
            raise LookupError(reply.body)
        return str(reply.body[0][1])
