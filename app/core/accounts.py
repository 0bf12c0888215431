"""Accounts elsewhere that can be a source: one is written as an address, and that is all that is kept of it.

A mailbox is an IMAP URL (RFC 5092): ``imaps://vera@imap.example.org/`` is all of it, ``imaps://…/Work``
one folder; ``imap://`` begins in the clear and turns to TLS at once (STARTTLS). A calendar account is
a web address with the user in it. ``;AUTH=…`` after the user says that the secret is an OAuth2 token.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, unquote_to_bytes, urlsplit

from app.core import paths
from app.core.errors import Refused, UsageFault
from app.core.policy import is_loopback, visible
from app.core.types import Record

READS = {"imap": "mail", "caldav": "calendar"}  # kind of account → the indexer for what lies there
_PORTS = {"imaps": 993, "imap": 143, "https": 443, "http": 80}
_SCHEMES = {"imap": ("imaps", "imap"), "caldav": ("https", "http")}
_OAUTH = {"imap": "XOAUTH2", "caldav": "BEARER"}
_URL = re.compile(
    r"(?P<scheme>imaps?|https?)://(?P<user>[A-Za-z0-9._~%+!$'()*,=&-]{1,600})(?P<oauth>;AUTH=(XOAUTH2|BEARER))?"
    r"@(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253})(:(?P<port>[0-9]{1,5}))?"
    r"(?P<rest>/[A-Za-z0-9._~%/+=,:!$'()*@&-]{0,1000})?",
    re.IGNORECASE,
)


class Account(Record, frozen=True, kw_only=True):
    """Who logs in where. ``place`` is an IMAP folder as it is called (empty: all), or a path on the web."""

    kind: str  # imap | caldav
    scheme: str
    host: str
    port: int
    user: str
    place: str = ""
    oauth: bool = False

    @property
    def root(self) -> str:
        """The address of the server, with the user: what every address of a member begins with."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        auth = f";AUTH={_OAUTH[self.kind]}" if self.oauth else ""
        return f"{self.scheme}://{quote(self.user, safe='')}{auth}@{host}{port}"

    @property
    def url(self) -> str:
        place = self.place if self.kind == "caldav" else "/" + quote(self.place, safe="/")
        return self.root + (place or "/")

    @property
    def secret(self) -> str:
        """The name its password or token is kept under."""
        return f"account {self.root}"

    @property
    def loopback(self) -> bool:
        return is_loopback(self.host)

    def __str__(self) -> str:
        return f"{self.user} at {self.host}"


def parse(kind: str, url: str) -> Account:
    """The account that ``url`` names. UsageFault for what is none; Refused where others could read along."""
    match = _URL.fullmatch(url)
    scheme = match["scheme"].lower() if match else ""
    port = int(match["port"] or _PORTS[scheme]) if match else 0
    if match is None or scheme not in _SCHEMES[kind] or not 0 < port < 65536:
        raise _none(kind, url)
    host, rest = match["host"].lower().strip("[]"), match["rest"] or "/"
    if scheme == "http" and not is_loopback(host):
        raise Refused(
            "without https everything could be read on the way",
            where=host,
            remedy="use https:// (http:// only to this computer)",
        )
    return Account(
        kind=kind,
        scheme=scheme,
        host=host,
        port=port,
        user=_text(match["user"], kind, url),
        place=rest if kind == "caldav" else _text(rest.strip("/"), kind, url),
        oauth=bool(match["oauth"]),
    )


def _none(kind: str, url: str) -> UsageFault:
    """Without what stands before the host, where a password may have been typed."""
    example = "imaps://name@imap.example.org" if kind == "imap" else "https://name@dav.example.org"
    user = url.rpartition("@")[0].partition("://")[2] if "://" in url else ""
    shown = url.replace(user, user.partition(":")[0] + ":…", 1) if ":" in user else url
    return UsageFault(
        "that is no address of an account", where=visible(shown[:200]), remedy=f"as in {example}"
    )


def _text(quoted: str, kind: str, url: str) -> str:
    text = unquote(quoted, errors="replace")
    if not text.isprintable() or "\ufffd" in text:
        raise _none(kind, url)
    return text


def imap(
    *, host: str, user: str, port: int = 0, starttls: bool = False, folder: str = "", oauth: bool = False
) -> Account:
    """The account as it is typed in parts. Raises UsageFault where they do not make one."""
    auth = f";AUTH={_OAUTH['imap']}" if oauth else ""
    at = f"[{host}]" if ":" in host and not host.startswith("[") else host.strip()
    number = f":{port}" if port else ""
    scheme = "imap" if starttls else "imaps"
    name = quote(user.strip(), safe="")
    return parse("imap", f"{scheme}://{name}{auth}@{at}{number}/{quote(folder, safe='/')}")


def caldav(*, url: str, user: str = "", oauth: bool = False) -> Account:
    """The same for a calendar's web address; ``https://`` may be left out, and the user stand in it."""
    address = url.strip() if "://" in url else f"https://{url.strip()}"
    try:
        parts = urlsplit(address)
    except ValueError:  # brackets that hold no address
        raise _none("caldav", url) from None
    name = quote(user.strip(), safe="") or (parts.username or "")
    if not name:
        raise UsageFault("whose calendar is it?", where=visible(url[:200]), remedy="give the user's name")
    auth = f";AUTH={_OAUTH['caldav']}" if oauth else ""
    at = parts.netloc.rpartition("@")[2]
    return parse("caldav", f"{parts.scheme}://{name.partition(';')[0]}{auth}@{at}{parts.path or '/'}")


def same_path(path: str) -> str:
    """One spelling of a path on the web for all that name the same bytes (RFC 3986, 6.2.2).

    A slash that is written %2F stands in a name and parts none (2.2).
    """
    return "/".join(quote(unquote_to_bytes(name), safe="@:!$'()*,;=&+~") for name in path.split("/"))


class Provider(Record, frozen=True, kw_only=True):
    """Where a well-known provider keeps mail and calendars; ``note`` is what one has to know before."""

    name: str
    domains: tuple[str, ...]
    imap: str = ""
    port: int = 0
    starttls: bool = False
    caldav: str = ""
    note: str = ""
    authorize: str = ""  # where one signs in (OAuth 2.0), and where tokens come from
    token: str = ""
    scope: str = ""
    caldav_scope: str = ""


def provider(address: str) -> Provider | None:
    """Who serves this mail address, by the table in resources/providers.toml; None where it does not say."""
    import tomllib

    import msgspec

    domain = address.strip().lower().rpartition("@")[2]
    table = tomllib.loads((paths.resources() / "providers.toml").read_text(encoding="utf-8"))
    known = msgspec.convert(table["provider"], tuple[Provider, ...])
    return next((one for one in known if domain in one.domains), None)
