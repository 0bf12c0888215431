"""WebDAV for calendars: one request at a time to one account, its answer bounded and checked."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import httpx
import truststore

from app.core.accounts import Account, same_path
from app.core.errors import Busy, HomebodyError, NotFound, Refused, WrongPassword
from app.courier.client import certificate_fault

D, C, S = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}", "{http://calendarserver.org/ns/}"
MAX_ANSWER = 64 * 1024 * 1024
_LONGEST_S = 600.0  # for one answer, however slowly it drips
_REDIRECTS = 5
_KEPT_S = 60.0  # that a connection may be silent; servers end theirs after 5 to 75
_NAMES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/"'
_REGISTRIES = {
    "ac",
    "co",
    "com",
    "edu",
    "go",
    "gob",
    "gov",
    "gv",
    "ltd",
    "me",
    "ne",
    "net",
    "or",
    "org",
    "plc",
}
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_STATUS = re.compile(r"HTTP/\S+ (\d{3})")


@dataclass(frozen=True)
class Entry:
    """One resource of a multi-status answer (RFC 4918, 13): its whole address, its status, its properties."""

    url: str
    status: int
    properties: dict[str, ElementTree.Element]

    def text(self, name: str) -> str:
        found = self.properties.get(name)
        return (found.text or "").strip() if found is not None else ""

    def hrefs(self, name: str) -> list[str]:
        found = self.properties.get(name)
        return [] if found is None else [(one.text or "").strip() for one in found.iter(f"{D}href")]

    def has(self, name: str, kind: str) -> bool:
        found = self.properties.get(name)
        return found is not None and found.find(kind) is not None


@dataclass(frozen=True)
class Answer:
    entries: tuple[Entry, ...]
    token: str  # of a sync-collection report


class Missing(NotFound):
    """The server has nothing at that address, or does not know the question."""


class Broke(HomebodyError):
    """The server was reached and did not come to the end of its answer, or has a fault of its own."""


class Overasked(Busy):
    """The server wants fewer requests, and none within ``after`` seconds."""

    def __init__(self, message: str, *, where: str, after: float) -> None:
        remedy = f"try again in {after:.0f} s" if after else "try again later"
        super().__init__(message, where=where, remedy=remedy)
        self.after = after


class Dav:
    """Requests as one account. Raises HomebodyError in words; ``sent`` and ``received`` count bytes.

    One that is ``kept`` asks again and again over the same connection.
    """

    def __init__(self, account: Account, secret: str, *, kept: bool = False) -> None:
        if not secret or not secret.isprintable():
            raise WrongPassword(
                "there is no password for this account", where=str(account), remedy="enter it again"
            )
        self._account = account
        self.base = f"{account.scheme}://{_netloc(account)}"
        self.sent = self.received = 0
        headers = {"User-Agent": "homebody", "Accept-Encoding": "identity"}
        if account.oauth:
            headers["Authorization"] = f"Bearer {_header(secret, account)}"
        self._client = httpx.Client(
            verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),  # also where http leads on to https
            auth=None if account.oauth else httpx.BasicAuth(account.user.encode(), secret.encode()),
            trust_env=False,
            follow_redirects=False,
            headers=headers,
            timeout=httpx.Timeout(60.0, connect=10.0),
            limits=httpx.Limits(max_connections=1, keepalive_expiry=_KEPT_S if kept else 5.0),
        )

    def close(self) -> None:
        self._client.close()

    def propfind(self, url: str, names: Iterable[str], *, depth: int) -> Answer:
        body = f"<d:propfind {_NAMES}><d:prop>{_tags(names)}</d:prop></d:propfind>"
        return self._multi("PROPFIND", url, body, depth)

    def changes(self, url: str, token: str) -> Answer:
        """What changed since ``token``, with ETags (RFC 6578); everything for an empty one."""
        body = (
            f"<d:sync-collection {_NAMES}><d:sync-token>{escape(token)}</d:sync-token>"
            "<d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>"
        )
        return self._multi("REPORT", url, body, 0)

    def events(self, url: str, hrefs: Iterable[str]) -> Answer:
        """The calendar data at these addresses (RFC 4791, 7.9)."""
        wanted = "".join(f"<d:href>{escape(urlsplit(href).path)}</d:href>" for href in hrefs)
        body = (
            f"<c:calendar-multiget {_NAMES}><d:prop><d:getetag/><c:calendar-data/></d:prop>{wanted}"
            "</c:calendar-multiget>"
        )
        return self._multi("REPORT", url, body, 1)

    def get(self, url: str) -> tuple[str, bytes]:
        """(ETag, the event). Raises NotFound where it is not there."""
        response, content = self._request("GET", url, b"", {})
        return str(response.headers.get("etag", "")), content

    def put(self, url: str, data: bytes, *, etag: str) -> str:
        """Write a new event, or over the one that has this ``etag``; returns the new one, where it is told.

        Raises Refused where there is one already, or one with another ETag.
        """
        condition = {"If-Match": etag} if etag else {"If-None-Match": "*"}
        headers = {"Content-Type": "text/calendar; charset=utf-8", **condition}
        return str(self._request("PUT", url, data, headers)[0].headers.get("etag", ""))

    def delete(self, url: str, *, etag: str) -> None:
        """Remove the event that has this ``etag``; Refused where it has another."""
        self._request("DELETE", url, b"", {"If-Match": etag})

    # --- one request -----------------------------------------------------------------------------

    def _multi(self, method: str, url: str, body: str, depth: int) -> Answer:
        data = b'<?xml version="1.0" encoding="utf-8"?>' + body.encode()
        headers = {"Depth": str(depth), "Content-Type": "application/xml; charset=utf-8"}
        response, content = self._request(method, url, data, headers)
        if response.status_code != 207:
            raise Missing("the server knows nothing of calendars there", where=self._where(url))
        return _read(content, str(response.url), self._where(url))

    def _request(
        self, method: str, url: str, body: bytes, headers: dict[str, str]
    ) -> tuple[httpx.Response, bytes]:
        try:
            for _ in range(_REDIRECTS):
                response, content = self._once(method, url, body, headers)
                if not 300 <= response.status_code < 400:
                    self._check(response)
                    return response, content
                url = self._elsewhere(str(response.url), response.headers.get("location", ""))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._translated(error, url) from None
        raise Refused("the server sends us from place to place", where=self._where(url))

    def _once(
        self, method: str, url: str, body: bytes, headers: dict[str, str]
    ) -> tuple[httpx.Response, bytes]:
        self.sent += len(body)
        pieces: list[bytes] = []
        size, began = 0, time.monotonic()
        with self._client.stream(method, url, content=body, headers=headers) as response:
            for piece in response.iter_raw():
                pieces.append(piece)
                size += len(piece)
                if size > MAX_ANSWER:
                    raise HomebodyError("the server sends more than a calendar holds", where=self._where(url))
                if time.monotonic() - began > _LONGEST_S:
                    raise HomebodyError("the server does not come to an end", where=self._where(url))
        self.received += size
        return response, b"".join(pieces)

    def _check(self, response: httpx.Response) -> None:
        status, where = response.status_code, self._where(str(response.url))
        what = "token" if self._account.oauth else "password"
        match status:
            case 200 | 201 | 204 | 207:
                return
            case 401:
                raise WrongPassword(
                    f"the server does not take this {what}",
                    where=str(self._account),
                    remedy=f"enter the {what} again; some providers want one made for programs",
                )
            case 412:
                raise Refused(
                    "the event was changed elsewhere meanwhile",
                    where=where,
                    remedy="look at it there, then try again",
                )
            case 403 | 405 | 409 | 415 | 507 if response.request.method in ("PUT", "DELETE"):
                raise Refused(
                    f"the server does not let that be written ({status})",
                    where=where,
                    remedy="choose a calendar that you may change",
                )
            case 403 | 404 | 405 | 409 | 410 | 415 | 501 | 507:
                raise Missing(
                    f"the server does not give that ({status})", where=where, remedy="check the address"
                )
            case 429 | 503:
                after = _after(response.headers.get("retry-after", ""))
                raise Overasked(f"the server wants fewer requests ({status})", where=where, after=after)
        raise Broke(f"the server has a fault of its own ({status})", where=where, remedy="try again later")

    def _elsewhere(self, url: str, said: str) -> str:
        """Where a redirect or an address leads: the same server, or another of the same provider over TLS."""
        try:
            there = urljoin(url, said)
            parts = urlsplit(there)
        except ValueError:  # brackets that hold no address
            there, parts = "", urlsplit("")
        here = urlsplit(self.base)
        same = (parts.scheme, parts.netloc) == (here.scheme, here.netloc)
        family = self._account.host.partition(".")[2]
        kin = _is_owned(family) and (parts.hostname or "").endswith(f".{family}")
        if not said or not (
            same or (parts.scheme == "https" and (kin or parts.hostname == self._account.host))
        ):
            raise Refused(
                "the server sends us elsewhere, and we do not follow",
                where=f"{self._account.host} to {parts.hostname or 'nowhere'}",
                remedy="if you trust that address, add it instead",
            )
        return there

    def address(self, href: str, base: str) -> str:
        """The whole address of what an answer names; Refused where it is not the provider's."""
        return self._elsewhere(base, href)

    def name(self, url: str) -> str:
        """What an address is called in the account: its path, with the host where that is another one."""
        parts = urlsplit(url)
        path = same_path(parts.path)
        return path if f"{parts.scheme}://{parts.netloc}" == self.base else f"//{parts.netloc}{path}"

    def _where(self, url: str) -> str:
        parts = urlsplit(url)
        return f"{parts.hostname}{parts.path}"[:200]

    def _translated(self, error: Exception, url: str) -> HomebodyError:
        where = f"{urlsplit(url).hostname}"
        if why := certificate_fault(error):
            return Refused(
                "the server's certificate cannot be trusted: nothing was sent",
                where=f"{where}: {why}",
                remedy="check the server's name; do not give the password there otherwise",
            )
        match error:
            case httpx.ConnectError() | httpx.ConnectTimeout():
                return HomebodyError(
                    "the server cannot be reached", where=where, remedy="check the name and the network"
                )
            case httpx.TimeoutException():
                return HomebodyError("the server does not answer", where=where, remedy="try again later")
        return Broke("the server broke off", where=where, remedy="try again later")


def _netloc(account: Account) -> str:
    host = f"[{account.host}]" if ":" in account.host else account.host
    usual = {"https": 443, "http": 80}[account.scheme]
    return host if account.port == usual else f"{host}:{account.port}"


def _is_owned(domain: str) -> bool:
    """Whether a domain is somebody's: strangers have theirs in ``uk`` and in ``co.uk``."""
    *_, second, last = ["", "", *domain.split(".")]
    return bool(second) and not (domain.count(".") == 1 and len(last) == 2 and second in _REGISTRIES)


def _header(secret: str, account: Account) -> str:
    if not secret.isascii() or " " in secret:
        raise Refused("that is no token", where=str(account), remedy="enter it again")
    return secret


def _after(said: str) -> float:
    """Seconds that a Retry-After header names, as a number or a date (RFC 9110, 10.2.3); 0 for none."""
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        moment = parsedate_to_datetime(said)
        return max(0.0, moment.timestamp() - time.time())
    except (ValueError, OverflowError):
        return 0.0


def _tags(names: Iterable[str]) -> str:
    prefixes = {D: "d", C: "c", S: "s"}
    return "".join(
        f"<{prefix}:{name.removeprefix(space)}/>"
        for name in names
        for space, prefix in prefixes.items()
        if name.startswith(space)
    )


def _read(content: bytes, base: str, where: str) -> Answer:
    """Raises HomebodyError for what is no multi-status answer; entities are not expanded but refused."""
    try:
        # a NUL: of UTF-16, in which a declaration would not be seen
        if _DOCTYPE.search(content[:4096]) or b"<!ENTITY" in content or b"\0" in content:
            raise ValueError
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError):
        raise HomebodyError(
            "the server answers what we do not understand", where=where, remedy="try again later"
        ) from None
    entries = tuple(entry for one in root.findall(f"{D}response") for entry in _entries(one, base))
    return Answer(entries, (root.findtext(f"{D}sync-token") or "").strip())


def _entries(response: ElementTree.Element, base: str) -> Iterator[Entry]:
    href = (response.findtext(f"{D}href") or "").strip()
    if not href:
        return
    try:
        url = urljoin(base, href)
        urlsplit(url)
    except ValueError:  # brackets that hold no address
        return
    properties: dict[str, ElementTree.Element] = {}
    for found in response.findall(f"{D}propstat"):
        if _status(found.findtext(f"{D}status")) == 200:
            properties |= {one.tag: one for holder in found.findall(f"{D}prop") for one in holder}
    yield Entry(url, _status(response.findtext(f"{D}status")) or 200, properties)


def _status(line: str | None) -> int:
    match = _STATUS.match(line or "")
    return int(match[1]) if match else 0
