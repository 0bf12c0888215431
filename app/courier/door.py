"""The loopback HTTP server of `homebody serve`: checks who asks, bounds what they send, passes it on."""

from __future__ import annotations

import contextlib
import hmac
import itertools
import json
import queue
import select
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from app.core.errors import HomebodyError
from app.courier.serving import Asked, Left, Opened

HOST = "127.0.0.1"
NAMES = ("127.0.0.1", "localhost", "[::1]")  # what a Host header may say: a page elsewhere cannot rebind
LARGEST = 2 * 1024 * 1024  # bytes of a request
MOST = 32  # clients at once
PATIENCE_S = 30.0  # for a client to send its request, and to take each piece of the answer
PULSE_S = 5.0  # a sign of life at least so often
LOOK_S = 0.2  # how often to see whether a client that waits is still there


@dataclass(frozen=True)
class _Piece:
    status: int
    kind: str
    data: bytes
    last: bool


@dataclass
class _Waiting:
    """One request inside, and the pieces of its answer that are still to be sent."""

    pieces: queue.Queue[_Piece] = field(default_factory=lambda: queue.Queue(64))
    gone: threading.Event = field(default_factory=threading.Event)


class LocalDoor:
    """Implements :class:`app.courier.serving.Door`."""

    def __init__(self) -> None:
        self._waiting: dict[int, _Waiting] = {}

    def open(self, *, port: int, token: str) -> Iterator[Opened | Asked | Left]:
        steps: queue.SimpleQueue[Asked | Left] = queue.SimpleQueue()
        try:
            server = _Server(port, token, steps, self._waiting)
        except OSError as error:
            raise HomebodyError(
                "the port cannot be used",
                where=f"{HOST}:{port}: {error.strerror}",
                remedy="choose another with --port",
            ) from error
        threading.Thread(target=server.serve_forever, name="door", daemon=True).start()
        try:
            yield (opened := Opened(port=server.server_address[1]))
            while True:
                try:
                    yield steps.get(timeout=PULSE_S)
                except queue.Empty:
                    yield opened
        finally:
            server.shutdown()
            server.server_close()

    def reply(self, *, id: int, status: int, kind: str, data: bytes, last: bool) -> None:
        waiting = self._waiting.get(id)
        while waiting is not None and not waiting.gone.is_set():
            with contextlib.suppress(queue.Full):  # a slow reader slows the writer, until it has left
                waiting.pieces.put(_Piece(status, kind, data, last), timeout=LOOK_S)
                return


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(
        self,
        port: int,
        token: str,
        steps: queue.SimpleQueue[Asked | Left],
        waiting: dict[int, _Waiting],
    ) -> None:
        super().__init__((HOST, port), _Handler)
        self.token, self.steps, self.waiting = token, steps, waiting
        self.ids = itertools.count(1)
        self.room = threading.BoundedSemaphore(MOST)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Homebody", ""
    timeout: ClassVar[float] = PATIENCE_S

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the request's text would be in the line."""

    def _handle(self) -> None:
        if not self.server.room.acquire(blocking=False):
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "too many requests at once; try again")
            return
        try:
            body = self._admitted()
            if body is not None:
                self._pass_on(body)
        except OSError:  # the client went away in the middle of something
            self.close_connection = True
        finally:
            self.server.room.release()

    def _admitted(self) -> bytes | None:
        """The request's body, or None when it was refused here."""
        if fault := self._fault():
            self._refuse(*fault)
            return None
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionError("the request broke off")
        return body

    def _fault(self) -> tuple[HTTPStatus, str] | None:
        """Why the request's body will not be read."""
        host = self.headers.get("Host", "").lower()
        if host.rpartition(":")[0] not in NAMES and host not in NAMES:
            return HTTPStatus.FORBIDDEN, "only this computer's own name is answered here"
        key = self.headers.get("Authorization", "")
        if not hmac.compare_digest(key.encode(), f"Bearer {self.server.token}".encode()):
            return HTTPStatus.UNAUTHORIZED, "the API key is not the one homebody serve showed"
        if self.headers.get("Transfer-Encoding"):
            return HTTPStatus.LENGTH_REQUIRED, "send the request with a Content-Length"
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdecimal()):
            return HTTPStatus.BAD_REQUEST, "Content-Length is not a number"
        if len(length) > 12 or int(length) > LARGEST:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"more than {LARGEST} bytes"
        return None

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        """An error in the form clients of such endpoints read; the unread rest ends the connection."""
        kind = {401: "authentication_error", 503: "overloaded_error"}.get(status, "invalid_request_error")
        error = {"message": message, "type": kind, "param": None, "code": status.phrase.lower()}
        data = json.dumps({"error": error}).encode()
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def _pass_on(self, body: bytes) -> None:
        id, waiting = next(self.server.ids), _Waiting()
        self.server.waiting[id] = waiting
        done = False
        try:
            asked = Asked(id=id, method=self.command, path=self.path.partition("?")[0], body=body)
            self.server.steps.put(asked)
            done = self._send_pieces(waiting)
        finally:
            waiting.gone.set()
            del self.server.waiting[id]
            if not done:
                self.server.steps.put(Left(id=id))

    def _send_pieces(self, waiting: _Waiting) -> bool:
        """Whether the whole answer was sent. One piece goes with its length, several in chunks."""
        piece = self._next(waiting)
        if piece is None:
            return False
        self.send_response(piece.status)
        self.send_header("Content-Type", piece.kind)
        self.send_header("Cache-Control", "no-store")
        if piece.last:
            self.send_header("Content-Length", str(len(piece.data)))
            self.end_headers()
            self.wfile.write(piece.data)
            return True
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while piece is not None:
            if piece.data:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece.data), piece.data))
            if piece.last:
                self.wfile.write(b"0\r\n\r\n")
                return True
            piece = self._next(waiting)
        return False

    def _next(self, waiting: _Waiting) -> _Piece | None:
        """The next piece, or None when the client has gone while it waited."""
        while True:
            with contextlib.suppress(queue.Empty):
                return waiting.pieces.get(timeout=LOOK_S)
            if self._gone():
                self.close_connection = True
                return None

    def _gone(self) -> bool:
        ready, _, _ = select.select([self.connection], [], [], 0)
        return bool(ready) and not self.connection.recv(1, socket.MSG_PEEK)
