"""The running instance's ear: a user-only socket at which later starts hand their request over."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal

from app.core.errors import HomebodyError
from app.workers.handover import MAX_REQUEST, Request

_PATIENCE_S = 3.0  # with one that does not say all it wants
_PIECE = 64 * 1024


class Single(QObject):
    """Emits each request that a second start hands over; a malformed one is answered with ``no``.

    By the standard library's sockets and not Qt's, for which a library for all of the network is loaded.
    """

    asked = Signal(object)  # Request

    def __init__(self, path: Path) -> None:
        """Raises HomebodyError where the socket cannot be made; where there is no such thing none is."""
        super().__init__()
        self._path, self._door, self._guests = path, None, set[_Guest]()
        if not hasattr(socket, "AF_UNIX"):
            return
        try:
            self._door = _listening(path)
        except OSError as error:
            raise HomebodyError(
                "the socket for a second start cannot be made",
                where=f"{path}: {error.strerror or error}",
                remedy="check that the folder is yours and writable",
            ) from error
        self._rings = QSocketNotifier(self._door.fileno(), QSocketNotifier.Type.Read, self)
        self._rings.activated.connect(self._greet)

    def close(self) -> None:
        for guest in tuple(self._guests):
            guest.leave()
        if self._door is not None:
            self._rings.setEnabled(False)
            self._door.close()
            self._door = None
            self._path.unlink(missing_ok=True)

    def _greet(self) -> None:
        if self._door is None:
            return
        with contextlib.suppress(OSError):  # it has gone again
            connection, _ = self._door.accept()
            connection.setblocking(False)
            self._guests.add(_Guest(self, connection))

    def heard(self, guest: _Guest, line: bytes) -> None:
        """What one of them said, all of it."""
        try:
            request = msgspec.json.decode(line, type=Request)
        except msgspec.DecodeError:
            guest.leave(b"no\n")
        else:
            guest.leave(b"ok\n")
            self.asked.emit(request)

    def gone(self, guest: _Guest) -> None:
        self._guests.discard(guest)


class _Guest(QObject):
    """One start that speaks: a line, of which it may take some time to say all."""

    def __init__(self, host: Single, connection: socket.socket) -> None:
        super().__init__(host)
        self._host, self._connection, self._said = host, connection, bytearray()
        self._hears = QSocketNotifier(connection.fileno(), QSocketNotifier.Type.Read, self)
        self._hears.activated.connect(self._listen)
        QTimer.singleShot(round(_PATIENCE_S * 1000), self, self.leave)

    def leave(self, answer: bytes = b"") -> None:
        if self._connection.fileno() < 0:
            return
        self._hears.setEnabled(False)
        with contextlib.suppress(OSError):  # it does not listen any more
            self._connection.sendall(answer)
        self._connection.close()
        self._host.gone(self)
        self.deleteLater()

    def _listen(self) -> None:
        until = time.monotonic() + 0.01
        while time.monotonic() < until and self._connection.fileno() >= 0:
            try:
                piece = self._connection.recv(_PIECE)
            except BlockingIOError:
                return
            except OSError:
                piece = b""
            self._said += piece
            line, end, _ = self._said.partition(b"\n")
            if end and len(line) <= MAX_REQUEST:
                self._host.heard(self, bytes(line))
            elif not piece or len(self._said) > MAX_REQUEST:
                self.leave()


def _listening(path: Path) -> socket.socket:
    """A dead instance's is taken away; a living one was asked before."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        before = os.umask(0o177)
        try:
            door.bind(str(path))
        finally:
            os.umask(before)
        door.listen(8)
        door.setblocking(False)
    except BaseException:
        door.close()
        raise
    return door
