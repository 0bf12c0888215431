"""The desktop's portals over D-Bus: what a program may ask for under Wayland, with the person's consent.

After the specification of org.freedesktop.portal: a request's answer is a signal on a handle whose path is
known before it is sent, so it is listened for first. Each function here waits; none is for the GUI thread.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from app.core.errors import HomebodyError, Unsupported

APP_ID = "homebody"  # the name of the installed .desktop file
BUS = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_PREFIX = "org.freedesktop.portal"
_REQUEST = f"{_PREFIX}.Request"
_CALL_S = 5.0
PERSON_S = 300.0  # that a person may take to answer
_LARGEST = 100_000_000


class Portal:
    """One connection to the session bus, for one thread."""

    def __init__(self) -> None:
        """Raises Unsupported where there is no session bus, or nobody on it offers portals."""
        try:
            self.connection: DBusConnection = open_dbus_connection("SESSION")
        except (OSError, KeyError, ValueError) as error:
            raise Unsupported("there is no session bus here", where=str(error)) from error
        self._token = secrets.token_hex(6)
        self._asked = 0
        try:
            self._register()
            self.owner = str(self._reply(message_bus.GetNameOwner(BUS))[0])
        except HomebodyError as error:
            self.close()
            raise Unsupported("this desktop offers no portals", where=error.message) from error
        except BaseException:
            self.close()
            raise

    def wake(self) -> None:
        """From another thread: who waits on it ends, and closes it."""
        with contextlib.suppress(OSError):
            self.connection.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.wake()
        with contextlib.suppress(OSError):
            self.connection.close()

    def version(self, interface: str) -> int:
        """Of one portal; raises Unsupported where this desktop has none."""
        call = new_method_call(
            DBusAddress(_PATH, BUS, "org.freedesktop.DBus.Properties"),
            "Get",
            "ss",
            (f"{_PREFIX}.{interface}", "version"),
        )
        try:
            (_, value), *_ = self._reply(call)
        except HomebodyError as error:
            raise Unsupported(
                f"this desktop offers no portal for it ({interface})", where=error.message
            ) from error
        return int(value)

    def ask(
        self, interface: str, method: str, signature: str, arguments: tuple[Any, ...], patience_s: float
    ) -> dict[str, Any]:
        """Call a method whose last argument is its options, and wait for the answer to its request.

        Raises HomebodyError where the person, or the desktop, says no.
        """
        self._asked += 1
        token = f"homebody_{self._token}_{self._asked}"
        name = self.connection.unique_name[1:].replace(".", "_")
        handle = f"{_PATH}/request/{name}/{token}"
        rule = self.rule(_REQUEST, "Response", path=handle)
        options = {**arguments[-1], "handle_token": ("s", token)}
        call = new_method_call(
            DBusAddress(_PATH, BUS, f"{_PREFIX}.{interface}"), method, signature, (*arguments[:-1], options)
        )
        with self.listening(rule) as signals:
            self._reply(call)
            code, results = self._next(signals, patience_s).body
        if code:
            raise HomebodyError(
                "it was not allowed" if code == 1 else "the desktop refused it",
                where=f"{interface}.{method}",
                remedy="say yes when the desktop asks",
            )
        return {key: value for key, (_, value) in results.items()}

    def rule(self, interface: str, member: str, *, path: str = _PATH) -> MatchRule:
        """A signal of the portal's own: any program on the bus can send one that looks the same."""
        return MatchRule(type="signal", sender=self.owner, interface=interface, member=member, path=path)

    @contextlib.contextmanager
    def listening(self, rule: MatchRule) -> Iterator[Any]:
        """Signals that fit ``rule``, collected from now on."""
        self._reply(message_bus.AddMatch(rule))
        with self.connection.filter(rule, bufsize=100) as queue:
            yield queue

    def wait(self, queue: Any) -> Message:
        """The next signal, however long it takes. Raises OSError once the connection is closed."""
        return self.connection.recv_until_filtered(queue)

    def _register(self) -> None:
        """Say who we are: outside a sandbox the portal knows us by nothing else. Older ones take no name."""
        call = new_method_call(
            DBusAddress(_PATH, BUS, "org.freedesktop.host.portal.Registry"),
            "Register",
            "sa{sv}",
            (APP_ID, {}),
        )
        with contextlib.suppress(HomebodyError):
            self._reply(call)

    def _next(self, queue: Any, patience_s: float) -> Message:
        try:
            return self.connection.recv_until_filtered(queue, timeout=patience_s)
        except TimeoutError as error:
            raise HomebodyError("the desktop did not answer", remedy="try again") from error

    def _reply(self, call: Message) -> tuple[Any, ...]:
        try:
            reply = self.connection.send_and_get_reply(call, timeout=_CALL_S)
        except TimeoutError as error:
            raise HomebodyError("the desktop did not answer", remedy="try again") from error
        if reply.header.message_type is MessageType.error:
            what = reply.header.fields.get(HeaderFields.error_name, "")
            said = str(reply.body[0]) if reply.body else ""
            raise HomebodyError(f"the desktop refused it: {said or what}", where=str(what))
        return tuple(reply.body)


def screenshot() -> bytes:
    """A picture of what the person chooses in the desktop's own dialog, as a file's bytes.

    The portal hands it over as a file; that is gone before this returns, also where it could not be read.
    Raises Unsupported, and HomebodyError where the person thought better of it.
    """
    portal = Portal()
    try:
        portal.version("Screenshot")
        results = portal.ask(
            "Screenshot", "Screenshot", "sa{sv}", ("", {"interactive": ("b", True)}), PERSON_S
        )
    finally:
        portal.close()
    return _taken(str(results.get("uri", "")))


def _taken(uri: str) -> bytes:
    parts = urlsplit(uri)
    path = Path(unquote(parts.path))
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or not path.is_absolute():
        raise HomebodyError("the desktop gave no picture", where=uri[:200])
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(number, "rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise HomebodyError("the picture cannot be read", where=str(path)) from error
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
    if len(data) > _LARGEST:
        raise HomebodyError("the picture is too large", where=str(path), remedy="choose a smaller part")
    return data
