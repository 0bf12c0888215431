"""A service on a user-only Unix socket, so that a second program can use a running engine."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
from pathlib import Path

import msgspec

from app.core.errors import AnotherInstance
from app.workers.frames import Channel
from app.workers.peer import Peer, Reached
from app.workers.service import Server, Service


def listen(path: Path, service: Service) -> None:
    """Serve ``service`` to programs of this user, in the background, until the process ends."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.bind(str(path))
    path.chmod(0o600)
    door.listen(8)
    threading.Thread(target=_accept, args=(door, service), name="door", daemon=True).start()


def _accept(door: socket.socket, service: Service) -> None:
    while True:
        connection, _ = door.accept()
        if not _same_user(connection):
            connection.close()
            continue
        threading.Thread(target=_serve, args=(service, connection), name="door-client", daemon=True).start()


def _serve(service: Service, connection: socket.socket) -> None:
    channel = _channel(connection)
    with contextlib.suppress(msgspec.DecodeError, OSError):  # not one of ours: it is shown the door
        Server(service, channel).run()
    channel.finish()


def _same_user(connection: socket.socket) -> bool:
    if not hasattr(socket, "SO_PEERCRED"):
        return True  # the socket's own mode keeps others out
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return bool(struct.unpack("3i", credentials)[1] == os.getuid())


def _channel(connection: socket.socket) -> Channel:
    """The channel owns the connection; its files alone would not end it for the other side."""

    def shut() -> None:
        with contextlib.suppress(OSError):  # it has ended already
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    return Channel(connection.makefile("rb"), connection.makefile("wb"), shut=shut)


class Attached(Reached):
    """Calls to an engine that another program of this user started."""

    def __init__(self, path: Path) -> None:
        """Raises AnotherInstance where nobody answers at ``path``."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(path))
        except OSError as error:
            connection.close()
            raise AnotherInstance(
                "another Homebody is using this data folder and does not answer",
                where=str(path),
                remedy="close it, or wait until it has started",
            ) from error
        super().__init__(Peer("engine", _channel(connection)))
