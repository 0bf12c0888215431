"""Hears from logind that the computer is about to sleep, and holds that up until Homebody is locked.

After the interface org.freedesktop.login1.Manager: a delay inhibitor keeps the signal PrepareForSleep(true)
from being overtaken by the sleep itself; closing its file descriptor lets the computer go on.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.ui.language import tr

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection

_NAME = "org.freedesktop.login1"
_MANAGER = f"{_NAME}.Manager"
_PATH = "/org/freedesktop/login1"
_CALL_S = 5.0


class Suspend(QObject):
    """While ``watch(True)`` it says ``sleeping`` on the GUI thread; ``release()`` lets the computer sleep."""

    sleeping = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._guard = threading.Lock()
        self._bus: DBusConnection | None = None
        self._held: Any = None  # the inhibitor's file descriptor
        self._thread: threading.Thread | None = None

    @property
    def watching(self) -> bool:
        """Whether logind has let us delay the sleep."""
        return self._held is not None

    def watch(self, on: bool) -> None:
        """Where there is no logind this does nothing: nothing can be heard there."""
        if on == (self._thread is not None):
            return
        self.close()
        if on:
            self._thread = threading.Thread(target=self._listen, name="suspend", daemon=True)
            self._thread.start()

    def release(self) -> None:
        """Locked: the computer may sleep."""
        with self._guard:
            held, self._held = self._held, None
        if held is not None:
            held.close()

    def close(self) -> None:
        with self._guard:
            bus, self._bus = self._bus, None
        if bus is not None:
            with contextlib.suppress(OSError):  # who waits on it wakes up
                bus.sock.shutdown(socket.SHUT_RDWR)
        if self._thread is not None:
            self._thread.join(_CALL_S)
            self._thread = None
        self.release()

    # --- on a thread of its own ------------------------------------------------------------------

    def _listen(self) -> None:
        from jeepney import MatchRule
        from jeepney.bus_messages import message_bus
        from jeepney.io.blocking import open_dbus_connection

        try:
            bus = open_dbus_connection(_address(), enable_fds=True)
        except (OSError, KeyError, ValueError) as error:
            logging.getLogger(__name__).info("no system bus: %s", error)
            return
        with self._guard:
            self._bus = bus
        try:
            owner = bus.send_and_get_reply(message_bus.GetNameOwner(_NAME), timeout=_CALL_S).body[0]
            rule = MatchRule(
                type="signal", sender=owner, interface=_MANAGER, member="PrepareForSleep", path=_PATH
            )
            bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=_CALL_S)
            with bus.filter(rule) as signals:
                self._hold(bus)
                while True:
                    (asleep,) = bus.recv_until_filtered(signals).body
                    if asleep:
                        self.sleeping.emit()
                    else:
                        self._hold(bus)  # awake again: for the next time
        except (OSError, EOFError, RuntimeError, TimeoutError) as error:
            logging.getLogger(__name__).info("sleep is not heard of any more: %s", error)
        finally:
            with contextlib.suppress(OSError):
                bus.close()

    def _hold(self, bus: DBusConnection) -> None:
        from jeepney import DBusAddress, MessageType, new_method_call

        manager = DBusAddress(_PATH, _NAME, _MANAGER)
        why = tr("The store is locked before the computer sleeps.")
        call = new_method_call(manager, "Inhibit", "ssss", ("sleep", "Homebody", why, "delay"))
        reply = bus.send_and_get_reply(call, timeout=_CALL_S)
        if reply.header.message_type is MessageType.error:
            logging.getLogger(__name__).info("the sleep cannot be delayed: %s", reply.body)
            return
        with self._guard:
            late = self._bus is None
            if not late:
                self._held = reply.body[0]
        if late:
            reply.body[0].close()


def _address() -> str:
    return os.environ.get("DBUS_SYSTEM_BUS_ADDRESS", "SYSTEM")
