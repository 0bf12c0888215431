"""Servers on loopback that record what they are sent and answer as a test wants."""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Endpoint:
    """A server on loopback; ``seen`` holds every request: path, headers, the body's bytes."""

    port: int
    scheme: str = "http"
    seen: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def url(self, path: str = "/v1/chat/completions") -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"


Reply = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(reply: Reply, *, tls: ssl.SSLContext | None = None) -> Iterator[Endpoint]:
    """A server that records each POST and then lets ``reply`` answer it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            endpoint.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.body = body
            with contextlib.suppress(ConnectionError):  # the courier had heard enough
                reply(self)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # a client that hung up during the handshake

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    endpoint = Endpoint(server.server_address[1], "https" if tls else "http")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answer(
    handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str = "application/json", **headers: str
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def chat(text: str) -> bytes:
    choice = {"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return json.dumps({"model": "m", "choices": [choice]}).encode()
