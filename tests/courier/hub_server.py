"""A model hub on loopback: one file, redirects and declarations as the real one makes, and faults."""

from __future__ import annotations

import contextlib
import hashlib
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Hub:
    """What it serves and how; a test may change it between two requests."""

    content: bytes
    port: int = 0
    declares: bool = True  # X-Linked-Etag and X-Linked-Size, as for files the hub keeps elsewhere
    etag: str = ""  # of the reply that carries the file; empty: its digest
    ranges: bool = True
    lengths: bool = True  # says how long the reply is
    moved: str = "/store/file"  # where the hub redirects to; empty: it serves the file itself
    cut: list[int] = field(default_factory=list)  # the next replies end after so many bytes
    wrong: bytes = b""  # what is sent in place of the content's last bytes
    more: bytes = b""  # what is sent beyond its end
    piece: int = 16 * 1024  # bytes sent at once
    pause: float = 0.0  # seconds after each piece
    statuses: list[int] = field(default_factory=list)  # of the next replies, before any good one
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sending: threading.Event = field(default_factory=threading.Event)  # some of the body has left

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/owner/model/resolve/main/file.gguf"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.seen.append((handler.path, {name.lower(): value for name, value in handler.headers.items()}))
        if self.statuses:
            _end(handler, self.statuses.pop(0), {})
        elif "/resolve/" in handler.path and self.moved:
            _end(handler, 302, {"Location": self.moved, **self._declared()})
        else:
            self._file(handler)

    def _declared(self) -> dict[str, str]:
        if not self.declares:
            return {}
        return {"X-Linked-Etag": f'"{self.sha256}"', "X-Linked-Size": str(len(self.content))}

    def _file(self, handler: BaseHTTPRequestHandler) -> None:
        etag = self.etag or f'"{self.sha256}"'
        start, status = 0, 200
        asked = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
        if self.ranges and asked and handler.headers.get("If-Range", etag) == etag:
            start, status = int(asked[1]), 206
            if start >= len(self.content):
                _end(handler, 416, {"Content-Range": f"bytes */{len(self.content)}"})
                return
        body = self.content[: len(self.content) - len(self.wrong)] + self.wrong + self.more
        headers = {"ETag": etag} | (self._declared() if not self.moved else {})
        if self.lengths:
            headers["Content-Length"] = str(len(body) - start)
        if status == 206:
            headers["Content-Range"] = f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        self._send(handler, body[start : start + self.cut.pop(0)] if self.cut else body[start:])

    def _send(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        for at in range(0, len(body), self.piece):
            handler.wfile.write(body[at : at + self.piece])
            handler.wfile.flush()
            self.sending.set()
            time.sleep(self.pause)
        handler.close_connection = True


def _end(handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str]) -> None:
    handler.send_response(status)
    for name, value in (headers | {"Content-Length": "0"}).items():
        handler.send_header(name, value)
    handler.end_headers()


@contextmanager
def running(hub: Hub) -> Iterator[Hub]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with contextlib.suppress(ConnectionError):  # whoever asked has heard enough
                hub.answer(self)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    hub.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
