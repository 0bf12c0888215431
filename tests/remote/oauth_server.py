"""A small OAuth 2.0 provider over TLS on loopback, and a browser of somebody who signs in with it."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT, CLIENT_SECRET = "a-program-of-vera", "not really one"


@dataclass
class Provider:
    """What it has given, and how it behaves; ``asked`` are the forms that the token endpoint got."""

    folder: Path
    user: str
    port: int = 0
    lives: float = 3600.0  # seconds of an access token
    rotates: bool = True  # a refresh token is good once
    consents: bool = True
    fault: tuple[int, str] | None = None  # an answer of the token endpoint, whatever is asked
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    access: dict[str, float] = field(default_factory=dict)  # token → until when
    refresh: set[str] = field(default_factory=set)
    asked: list[dict[str, str]] = field(default_factory=list)
    introspected: int = 0

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def authorize(self, words: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        assert words["response_type"] == "code"
        assert words["client_id"] == CLIENT
        assert words["code_challenge_method"] == "S256"
        assert urlsplit(words["redirect_uri"]).hostname == "127.0.0.1"
        told = {"state": words["state"]}
        if self.consents:
            told["code"] = secrets.token_urlsafe(16)
            self.codes[told["code"]] = words
        else:
            told["error"] = "access_denied"
        return f"{words['redirect_uri']}?{urlencode(told)}"

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        self.asked.append(form)
        if self.fault is not None:
            return self.fault[0], {"error": self.fault[1], "error_description": "words of a stranger"}
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, CLIENT_SECRET):
            return 401, {"error": "invalid_client"}
        if form["grant_type"] == "authorization_code":
            words = self.codes.pop(form["code"], None)
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            good = words and (words["code_challenge"], words["redirect_uri"]) == (
                challenge,
                form["redirect_uri"],
            )
        else:
            good = form["refresh_token"] in self.refresh
        if not good:
            return 400, {"error": "invalid_grant"}
        told: dict[str, object] = {"token_type": "Bearer", "expires_in": self.lives}
        told["access_token"] = access = f"at-{secrets.token_urlsafe(24)}"
        self.access[access] = time.time() + self.lives
        if self.rotates or form["grant_type"] == "authorization_code":
            self.refresh.discard(form.get("refresh_token", ""))
            told["refresh_token"] = refresh = f"rt-{secrets.token_urlsafe(24)}"
            self.refresh.add(refresh)
        return 200, told

    def introspect(self, token: str) -> dict[str, object]:
        """What a resource server is told of a token (RFC 7662)."""
        self.introspected += 1
        active = self.access.get(token, 0.0) > time.time()
        return {"active": active, "username": self.user} if active else {"active": False}

    def end_tokens(self) -> None:
        """As of now none is good any more, whatever was told of its life."""
        for token in self.access:
            self.access[token] = 0.0


@contextmanager
def provider(folder: Path, user: str, *, cert: Path, key: Path) -> Iterator[Provider]:
    """With introspection in the clear on a port of its own (``folder/introspection``), for servers."""
    made = Provider(folder, user)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            words = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", made.authorize(words))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif parts.path == "/introspect":
                self._json(200, made.introspect(words["token"]))
            else:
                self._json(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._json(*made.token(form))

        def _json(self, status: int, told: dict[str, object]) -> None:
            data = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cert, key)
    here = ("127.0.0.1", 0)
    with ThreadingHTTPServer(here, Handler) as outside, ThreadingHTTPServer(here, Handler) as inside:
        outside.socket = tls.wrap_socket(outside.socket, server_side=True)
        made.port = int(outside.server_address[1])
        (folder / "introspection").write_text(str(inside.server_address[1]))
        for server in (outside, inside):
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield made
        finally:
            for server in (outside, inside):
                server.shutdown()


def browse(url: str, cert: Path) -> str:
    """Open an address as a browser does, and follow where it leads; the text of the last page."""
    context = ssl.create_default_context(cafile=str(cert))
    with urllib.request.urlopen(url, context=context, timeout=20) as page:
        return str(page.read().decode())
