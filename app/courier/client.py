"""One request to the endpoint: exactly the approved bytes out, a bounded reply in, one clear error else."""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import truststore

from app.core.errors import HomebodyError, Refused, UsageFault
from app.core.policy import Endpoint, endpoint
from app.core.types import Token
from app.courier.cloud import CloudEnd, Reply, events, fault, malformed, quoted

_RETRIES = 2  # more attempts, and only while not one byte of a reply was received
_PAUSE = 0.5  # seconds before the first of them, then twice that


@dataclass(frozen=True)
class Bounds:
    """Seconds, and bytes of the reply."""

    connect: float = 10.0
    read: float = 60.0  # between two pieces of the reply
    total: float = 300.0
    size: int = 4 * 1024 * 1024


class Client:
    """Implements :class:`app.courier.cloud.Cloud`."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds

    def complete(self, *, url: str, body: str, key: str) -> Iterator[Token | CloudEnd]:
        place = endpoint(url)
        request = _request(url, body, key)
        began = time.monotonic()
        with self._client(place) as client:
            response, attempts = self._send(client, request, place)
            try:
                reply = Reply(place.host)
                self._check(response, place)
                pieces = _Pieces(response, place.host, self._bounds, began)
                yield from (Token(text=text) for text in _texts(pieces, reply) if text)
            except httpx.HTTPError as error:
                raise _translated(error, place) from error
            finally:
                response.close()
        if not reply.stop:
            raise malformed(place.host, "the reply broke off before its end")
        yield CloudEnd(
            stop=reply.stop,
            bytes_out=attempts * len(request.content),
            bytes_in=pieces.size,
            attempts=attempts,
            model=reply.model,
            prompt_tokens=reply.prompt_tokens,
            tokens=reply.tokens,
            seconds=time.monotonic() - began,
        )

    def _client(self, place: Endpoint) -> httpx.Client:
        """The certificates of this computer, nothing of the environment, and no going elsewhere."""
        verify = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if place.secure else True
        bounds = self._bounds
        return httpx.Client(
            verify=verify,
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(bounds.read, connect=bounds.connect),
        )

    def _send(
        self, client: httpx.Client, request: httpx.Request, place: Endpoint
    ) -> tuple[httpx.Response, int]:
        for attempt in range(_RETRIES + 1):
            try:
                return client.send(request, stream=True), attempt + 1
            except httpx.HTTPError as error:
                if attempt == _RETRIES or not _nothing_received(error):
                    raise _translated(error, place) from error
            time.sleep(_PAUSE * 2**attempt)
        raise AssertionError("unreachable")

    def _check(self, response: httpx.Response, place: Endpoint) -> None:
        status = response.status_code
        if status == 200:
            if response.headers.get("content-encoding", "identity") != "identity":
                raise malformed(place.host, "it is compressed although that was not asked for")
            return
        if 300 <= status < 400:
            raise Refused(
                "the endpoint sends us elsewhere, and we do not follow",
                where=f"{place.host}: {status} to {quoted(response.headers.get('location', ''))}",
                remedy="if you trust that address, write it into the settings",
            )
        message, remedy = _STATUS.get(status) or _STATUS[500 if status >= 500 else 400]
        wait = response.headers.get("retry-after", "")
        if status in (429, 503) and wait.isdecimal():
            remedy = f"try again in {int(wait[:6])} s"
        where = f"{place.host}: {status}, {quoted(_reason(response))}"
        raise HomebodyError(message, where=where, remedy=remedy)


_STATUS = {
    400: ("the endpoint does not take this request", "check address and model in the settings"),
    401: ("the endpoint does not know the key", "enter the key again in the settings"),
    403: ("the key may not do that", "check at the provider what the key is for"),
    404: ("the endpoint has no such address or model", "check both in the settings"),
    408: ("the endpoint waited too long", "try again"),
    413: ("the request is too large for the endpoint", "ask with fewer passages"),
    429: ("the endpoint wants fewer requests, or the credit is used up", "try again later"),
    500: ("the endpoint has a fault of its own", "try again later"),
}


def _request(url: str, body: str, key: str) -> httpx.Request:
    headers = {
        "Content-Type": "application/json",
        "Accept": "text/event-stream, application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "homebody",
    }
    if key:
        if not key.isascii() or not key.isprintable() or " " in key:
            raise UsageFault(
                "the key has characters no key has", remedy="enter the key again in the settings"
            )
        headers["Authorization"] = f"Bearer {key}"
    return httpx.Request("POST", url, headers=headers, content=body.encode())


class _Pieces:
    """The reply's bytes as they arrive, within the bounds."""

    def __init__(self, response: httpx.Response, host: str, bounds: Bounds, began: float) -> None:
        self.response, self.size = response, 0
        self._host, self._bounds, self._began = host, bounds, began

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.response.iter_raw():
            self.size += len(piece)
            if self.size > self._bounds.size:
                raise HomebodyError(
                    f"the reply is longer than {self._bounds.size:,} bytes and was cut off",
                    where=self._host,
                    remedy="ask something smaller, or another endpoint",
                )
            if time.monotonic() - self._began > self._bounds.total:
                raise HomebodyError(
                    f"the reply was not complete after {self._bounds.total:g} s",
                    where=self._host,
                    remedy="try again later",
                )
            yield piece


def _texts(pieces: _Pieces, reply: Reply) -> Iterator[str]:
    if not pieces.response.headers.get("content-type", "").startswith("text/event-stream"):
        yield reply.take(b"".join(pieces))
        return
    for event in events(iter(pieces)):
        if event == "[DONE]":
            return
        yield reply.take(event)


def _reason(response: httpx.Response) -> str:
    """What an error reply says; its reading is bounded, since it too is a stranger's."""
    data = b""
    with contextlib.suppress(httpx.HTTPError):
        for piece in response.iter_raw():
            data += piece
            if len(data) > 8192:
                break
    return fault(data)


def _nothing_received(error: httpx.HTTPError) -> bool:
    """Connection refused, or closed before the first byte of a reply; a wrong certificate stays wrong."""
    if isinstance(error, httpx.RemoteProtocolError):
        return "without sending a response" in str(error)
    if isinstance(error, httpx.ConnectError):
        return not certificate_fault(error)
    return isinstance(error, httpx.ReadError | httpx.WriteError)


def certificate_fault(error: BaseException) -> str:
    """What is wrong with the certificate, empty where that is not the reason."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message or "not valid"
        if isinstance(cause, ssl.SSLError):
            return str(cause.reason or "no TLS")
        cause = cause.__cause__ or cause.__context__
    return ""


def _translated(error: httpx.HTTPError, place: Endpoint) -> HomebodyError:
    where = f"{place.host}:{place.port}"
    if why := certificate_fault(error):
        return Refused(
            "the connection is not safe: nothing was sent",
            where=f"{where}: {why}",
            remedy="check the address; do not send anything there otherwise",
        )
    match error:
        case httpx.ConnectTimeout() | httpx.ConnectError():
            return HomebodyError(
                "the endpoint cannot be reached", where=where, remedy="check address and network"
            )
        case httpx.TimeoutException():
            return HomebodyError("the endpoint stopped answering", where=where, remedy="try again later")
        case httpx.RemoteProtocolError():
            return HomebodyError("the endpoint broke off its reply", where=where, remedy="try again")
        case _:
            return HomebodyError(
                "the connection broke", where=f"{where}: {type(error).__name__}", remedy="try again"
            )
