"""Signing in with a provider, in the person's own browser, and new tokens when the old ones have ended.

The authorization code flow for programs on a computer (RFC 8252): the browser comes back to an address of
this computer alone, on a port that is open only meanwhile, and the code it brings is worth nothing without
the verifier that never left this process (PKCE, RFC 7636).
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import queue
import secrets
import ssl
import threading
import time
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import truststore

from app.core.errors import HomebodyError, Refused, WrongPassword
from app.core.oauth import Grant
from app.core.policy import endpoint
from app.core.types import Consent
from app.courier.client import certificate_fault
from app.courier.signing import Ask, Granted, Pending

HOST = "127.0.0.1"
PATIENCE_S = 600.0  # for a person to sign in
PULSE_S = 2.0
_LARGEST = 64 * 1024  # bytes of an answer of the token endpoint
_LONGEST_S = 60.0
_TOLD = "You are back from signing in. Homebody goes on; this page can be closed."
_ENDED = ("invalid_grant", "interaction_required", "consent_required", "login_required")


class OAuth:
    """Implements :class:`app.courier.signing.SignIn`."""

    def authorize(self, *, ask: Ask) -> Iterator[Consent | Pending | Granted]:
        grant, state, verifier = ask.grant, secrets.token_urlsafe(24), secrets.token_urlsafe(64)
        host = endpoint(grant.authorize_url).host
        with _door(state) as (port, came):
            back = f"http://{HOST}:{port}/"
            yield Consent(url=_address(ask, back, state, verifier), host=host)
            until = time.monotonic() + PATIENCE_S
            found: dict[str, str] | None = None
            while found is None:
                if time.monotonic() > until:
                    raise HomebodyError("nobody signed in", where=host, remedy="try again")
                yield Pending()
                with contextlib.suppress(queue.Empty):
                    found = came.get(timeout=PULSE_S)
        if "code" not in found:
            raise Refused(
                "the provider did not let you in, or you said no",
                where=f"{host}: {_word(found.get('error', ''))}",
                remedy="try again",
            )
        form = {
            "grant_type": "authorization_code",
            "code": found["code"],
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        yield _asked(grant, form)

    def refresh(self, *, grant: Grant, token: str) -> Granted:
        return _asked(grant, {"grant_type": "refresh_token", "refresh_token": token})


def _address(ask: Ask, back: str, state: str, verifier: str) -> str:
    """Where the browser is to go (RFC 6749, 4.1.1, with RFC 7636, 4.3)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    words = {
        "response_type": "code",
        "client_id": ask.grant.client,
        "redirect_uri": back,
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "login_hint": ask.user,
    }
    if ask.grant.scope:
        words["scope"] = ask.grant.scope
    joint = "&" if urlsplit(ask.grant.authorize_url).query else "?"
    return f"{ask.grant.authorize_url}{joint}{urlencode(words)}"


# --- where the browser comes back ----------------------------------------------------------------


@contextlib.contextmanager
def _door(state: str) -> Iterator[tuple[int, queue.SimpleQueue[dict[str, str]]]]:
    """A port of this computer, and what the browser that knows ``state`` brought there."""
    came: queue.SimpleQueue[dict[str, str]] = queue.SimpleQueue()
    try:
        server = _Server(state, came)
    except OSError as error:
        raise HomebodyError("no port can be opened here", where=f"{HOST}: {error.strerror}") from error
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    try:
        yield server.server_address[1], came
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, state: str, came: queue.SimpleQueue[dict[str, str]]) -> None:
        super().__init__((HOST, 0), _Handler)
        self.state, self.came = state, came


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version, sys_version = "Homebody", ""
    timeout: ClassVar[float] = 10.0

    def do_GET(self) -> None:
        """Anybody on this computer may knock; only who brings our state is listened to."""
        parts = urlsplit(self.path)
        words = {name: values[0] for name, values in parse_qs(parts.query).items()}
        state = words.get("state", "").encode()
        known = parts.path == "/" and hmac.compare_digest(state, self.server.state.encode())
        good = known and bool(words.get("code") or words.get("error"))
        data = (_TOLD if good else "This page is for signing in only.").encode()
        self.send_response(HTTPStatus.OK if good else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(data)
        if good:
            self.server.came.put(words)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the code would be in the line."""


# --- the token endpoint --------------------------------------------------------------------------


def _asked(grant: Grant, form: dict[str, str]) -> Granted:
    """Raises WrongPassword where what was brought is no good, HomebodyError for all else."""
    place = endpoint(grant.token_url)
    form = form | {"client_id": grant.client}
    if grant.client_secret:
        form["client_secret"] = grant.client_secret
    body = urlencode(form).encode()
    verify = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if place.secure else True
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "homebody",
    }
    timeout = httpx.Timeout(30.0, connect=10.0)
    try:
        with (
            httpx.Client(verify=verify, trust_env=False, follow_redirects=False, timeout=timeout) as client,
            client.stream("POST", grant.token_url, content=body, headers=headers) as response,
        ):
            data = _bounded(response, place.host)
    except httpx.HTTPError as error:
        raise _translated(error, place.host) from None
    return _granted(response.status_code, data, place.host, len(body))


def _bounded(response: httpx.Response, host: str) -> bytes:
    data, began = b"", time.monotonic()
    for piece in response.iter_raw():
        data += piece
        if len(data) > _LARGEST or time.monotonic() - began > _LONGEST_S:
            raise HomebodyError("the provider's answer does not end", where=host, remedy="try again later")
    return data


def _granted(status: int, data: bytes, host: str, sent: int) -> Granted:
    """What is in the answer (RFC 6749, 5.1 and 5.2); what else the provider wrote there is not shown."""
    told: Any = None
    with contextlib.suppress(ValueError, RecursionError):  # nested without end, say
        told = json.loads(data)
    words: dict[str, Any] = told if isinstance(told, dict) else {}
    if status != 200:
        fault = _word(str(words.get("error", "")))
        where = f"{host}: {status} {fault}".strip()
        if fault in _ENDED:
            raise WrongPassword("the provider gives no more tokens", where=where, remedy="sign in again")
        if 400 <= status < 500 and status != 429:
            raise Refused(
                "the provider refuses this program", where=where, remedy="check the client id and its secret"
            )
        raise HomebodyError("the provider gives no token just now", where=where, remedy="try again later")
    access, refresh, seconds = (words.get(name) for name in ("access_token", "refresh_token", "expires_in"))
    kind = str(words.get("token_type", "bearer")).lower()
    if not isinstance(access, str) or not _is_token(access) or kind != "bearer":
        raise HomebodyError(
            "the provider answers what we do not understand", where=host, remedy="try again later"
        )
    return Granted(
        access=access,
        refresh=refresh if isinstance(refresh, str) and _is_token(refresh) else "",
        seconds=float(seconds) if isinstance(seconds, int | float) and 0 < seconds < 1e9 else 0.0,
        sent=sent,
    )


def _is_token(text: str) -> bool:
    return 0 < len(text) <= 16_384 and text.isascii() and text.isprintable() and " " not in text


def _word(text: str) -> str:
    """An error's name as the standard writes them; nothing else of a stranger is shown."""
    return text if text.replace("_", "").isalpha() and text.isascii() and len(text) <= 40 else ""


def _translated(error: httpx.HTTPError, host: str) -> HomebodyError:
    if why := certificate_fault(error):
        return Refused(
            "the provider's certificate cannot be trusted: nothing was sent",
            where=f"{host}: {why}",
            remedy="check the address",
        )
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return HomebodyError(
            "the provider cannot be reached", where=host, remedy="check the address and the network"
        )
    return HomebodyError("the provider does not answer", where=host, remedy="try again later")
