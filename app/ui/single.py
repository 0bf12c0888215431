"""The running instance's ear: a socket for this user only, over which a second start hands over."""

from __future__ import annotations

from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app.core.errors import HomebodyError
from app.workers.handover import MAX_REQUEST, Request


class Single(QObject):
    """Emits each request that a second start hands over; a malformed one is answered with ``no``."""

    asked = Signal(object)  # Request

    def __init__(self, path: Path) -> None:
        """Raises HomebodyError where the socket cannot be made."""
        super().__init__()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        QLocalServer.removeServer(str(path))  # a dead instance's; a living one was asked before
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        if not self._server.listen(str(path)):
            raise HomebodyError(
                "the socket for a second start cannot be made",
                where=f"{path}: {self._server.errorString()}",
                remedy="check that the folder is yours and writable",
            )

    def close(self) -> None:
        self._server.close()

    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if socket.bytesAvailable() > MAX_REQUEST:
            socket.abort()
        if not socket.canReadLine():
            return
        try:
            request = msgspec.json.decode(bytes(socket.readLine().data()), type=Request)
        except msgspec.DecodeError:
            socket.write(b"no\n")
        else:
            socket.write(b"ok\n")
            self.asked.emit(request)
        socket.flush()
        socket.disconnectFromServer()
