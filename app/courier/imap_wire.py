"""One IMAP connection: opened safely, every answer bounded, and read into plain values.

The standard library's imaplib frames lines and literals; what is added is what it leaves out:
limits, TLS that cannot be talked down, and commands of later RFCs.
"""

from __future__ import annotations

import contextlib
import imaplib
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import truststore

from app.core.accounts import Account
from app.core.errors import HomebodyError, Refused, WrongPassword
from app.courier.client import certificate_fault
from app.courier.imap_values import Value, items

CONNECT_S, READ_S = 10.0, 60.0
MAX_LITERAL = 4 * 1024 * 1024  # bytes of one value; we ask for no larger piece
MAX_ANSWER = 256 * 1024 * 1024  # bytes that the answer to one command takes here, about
_LINE = 64  # bytes that a line takes besides what it says
_LONGEST_S = 600.0  # for one answer, however slowly it drips

imaplib.Commands.setdefault("NOTIFY", ("AUTH", "SELECTED"))


class Wire(imaplib.IMAP4):
    """An authenticated connection. Raises HomebodyError from its making; later imaplib's own errors."""

    def __init__(self, account: Account, secret: str, *, unbuffered: bool = False) -> None:
        self._account, self._unbuffered = account, unbuffered
        self.sent = self.received = 0
        self._answer = 0
        with translated(account), self._in_time():
            super().__init__(account.host, account.port)
            try:
                self._secure()
                self._log_in(secret)
                self.sock.settimeout(READ_S)
                self.is_readonly = True  # only EXAMINE is ever used, and the server says so
            except BaseException:
                self.close_now()
                raise

    # --- the transport, as imaplib lets one replace it ------------------------------------------

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((self._account.host, self._account.port), CONNECT_S)
        plain.settimeout(READ_S / 2)
        _keep_alive(plain)
        self.sock = plain
        if self._account.scheme == "imap":
            return plain
        try:
            return _tls().wrap_socket(plain, server_hostname=self._account.host)
        except BaseException:
            plain.close()
            raise

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        self.sock = self._create_socket(timeout)
        self.file = self._file()

    def _file(self) -> Any:
        """Unbuffered where somebody waits on the socket: what came must not hide in a buffer."""
        return self.sock.makefile("rb", buffering=0) if self._unbuffered else self.sock.makefile("rb")

    def read(self, size: int) -> bytes:
        if size > MAX_LITERAL:
            raise self.abort("a value that is too large")
        self._count(size)
        file: Any = self.file
        data = b""
        while len(data) < size and (piece := file.read(size - len(data))):
            data += piece
        return data

    def readline(self) -> bytes:
        file: Any = self.file
        line: bytes = file.readline(MAX_LITERAL)
        self._count(len(line))
        return line

    def send(self, data: Any) -> None:
        self.sent += len(data)
        self.sock.sendall(data)

    @contextlib.contextmanager
    def _in_time(self) -> Iterator[None]:
        """A timeout of the socket ends what is silent; this ends what drips."""
        timer = threading.Timer(_LONGEST_S, self._hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _hang_up(self) -> None:
        """From any thread: whoever reads finds the end. (A close would wait until they have read.)"""
        with contextlib.suppress(OSError, AttributeError):
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def _count(self, size: int) -> None:
        self._answer += size + _LINE
        self.received += size
        if self._answer > MAX_ANSWER:
            raise self.abort("an answer that is too large")

    # --- coming in -------------------------------------------------------------------------------

    def _secure(self) -> None:
        """Over TLS before anything is said; in the clear only to this computer."""
        if self._account.scheme == "imaps":
            return
        if "STARTTLS" in self.capabilities:
            self.starttls(_tls())
            self.file = self._file()
        elif not self._account.loopback:
            raise Refused(
                "the server offers no encryption: nothing was sent",
                where=self._account.host,
                remedy="try without STARTTLS",
            )

    def _log_in(self, secret: str) -> None:
        account = self._account
        if not secret or not secret.isprintable():
            raise WrongPassword(
                "there is no password for this account", where=str(account), remedy="enter it again"
            )
        try:
            if account.oauth:
                self._bear(secret)
            elif account.user.isascii() and secret.isascii() and "LOGINDISABLED" not in self.capabilities:
                self.login(self._quote(account.user), secret)
            else:
                self.authenticate("PLAIN", lambda _: f"\0{account.user}\0{secret}".encode())
        except self.abort:
            raise
        except self.error as error:
            if b"UNAVAILABLE" in _said(error):
                raise HomebodyError(
                    "the server cannot check passwords just now", where=account.host, remedy="try again later"
                ) from None
            what = "token" if account.oauth else "password"
            raise WrongPassword(
                f"the server does not take this {what}",
                where=str(account),
                remedy=f"enter the {what} again; some providers want one made for programs",
            ) from None
        self._get_capabilities()

    def _bear(self, token: str) -> None:
        """A token as the server takes it: as most providers do, or as RFC 7628 has it."""
        account = self._account
        words = f"auth=Bearer {token}\1\1"
        if "AUTH=OAUTHBEARER" in self.capabilities and "AUTH=XOAUTH2" not in self.capabilities:
            user = account.user.replace("=", "=3D").replace(",", "=2C")
            told = f"n,a={user},\1host={account.host}\1port={account.port}\1{words}"
            self.authenticate("OAUTHBEARER", _once(told.encode(), b"\1"))
        else:
            self.authenticate("XOAUTH2", _once(f"user={account.user}\1{words}".encode(), b""))

    # --- commands --------------------------------------------------------------------------------

    def has(self, name: str) -> bool:
        return name in self.capabilities

    def ask(self, name: str, *words: str | bytes, literal: bytes = b"") -> dict[str, list[Any]]:
        """Run a command; its untagged answers by name. Raises ``error`` where the server says no.

        ``literal`` goes at its end, once the server is ready for it.
        """
        self._answer = 0
        if literal:
            self.literal = literal  # type: ignore[assignment]  # imaplib sends bytes, whatever its types say
        self.untagged_responses = {}
        with self._in_time():
            kind, data = self._simple_command(name, *words)  # type: ignore[attr-defined, unused-ignore]
        if kind != "OK":
            raise self.error(data[-1])
        answers = self.untagged_responses
        self.untagged_responses = {}
        if name in ("EXAMINE", "SELECT"):
            self.state = "SELECTED"
        return answers

    def fetched(self, *words: str | bytes) -> Iterator[dict[bytes, Value]]:
        """The answers to ``UID FETCH``: item → value, each with its ``UID``."""
        yield from items(self.ask("UID", "FETCH", *words))

    def rescued(self) -> Iterator[dict[bytes, Value]]:
        """What came whole of the answer to a ``FETCH`` before the connection broke."""
        with contextlib.suppress(self.error):
            yield from items(self.untagged_responses)

    def examine(self, key: str, more: str = "") -> dict[str, list[Any]]:
        """Open a folder without the right to change it."""
        return self.ask("EXAMINE", quoted(key), *([more] if more else []))

    def leave(self) -> None:
        """Close the folder that is open, if one is: of that one a server tells only what it told before."""
        if self.state == "SELECTED":
            self.ask("CLOSE")
            self.state = "AUTH"

    def idle(self, seconds: float, pulse: float) -> Iterator[bool]:
        """Wait in IDLE (RFC 2177): True once the server said something, False every ``pulse`` until then."""
        tag = self._new_tag()  # type: ignore[attr-defined, unused-ignore]
        self._answer, self.untagged_responses = 0, {}
        self.send(tag + b" IDLE\r\n")
        while self._get_response() is not None:  # type: ignore[attr-defined, unused-ignore]  # None: "+ idling"
            if self.tagged_commands.get(tag):
                raise self.error("the server does not wait")
        until = time.monotonic() + seconds
        while not self._news() and (left := until - time.monotonic()) > 0:
            if self._readable(min(pulse, left)):
                self._get_response()  # type: ignore[attr-defined, unused-ignore]
            else:
                yield False
        self.send(b"DONE\r\n")
        while not self.tagged_commands.get(tag):
            self._get_response()  # type: ignore[attr-defined, unused-ignore]
        del self.tagged_commands[tag]
        yield self._news()

    def _news(self) -> bool:
        """Whether the server told of anything but that it still lives."""
        return any(name not in ("OK", "CAPABILITY") for name in self.untagged_responses)

    def _readable(self, seconds: float) -> bool:
        pending = getattr(self.sock, "pending", None)
        return bool((pending and pending()) or select.select([self.sock], [], [], seconds)[0])

    def close_now(self) -> None:
        with contextlib.suppress(Exception):
            self.shutdown()


def _tls() -> ssl.SSLContext:
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _keep_alive(plain: socket.socket) -> None:
    """A dead line (another network, a router that forgot it) is known in two minutes, also in IDLE."""
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4)):
        if hasattr(socket, name):
            plain.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _once(words: bytes, last: bytes) -> Callable[[bytes], bytes]:
    """For an authentication of one answer: a second question is the server saying why not, to be ended."""
    left = [words]
    return lambda _: left.pop() if left else last


def _said(error: BaseException) -> bytes:
    first = error.args[0] if error.args else b""
    return first if isinstance(first, bytes) else str(first).encode("utf-8", "replace")


def quoted(key: str) -> bytes:
    """A folder's name as it was listed."""
    raw = key.encode("latin-1")
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


@contextlib.contextmanager
def translated(account: Account) -> Iterator[None]:
    """Every way a connection can fail, in words; what the server wrote is left out: it may quote mail."""
    where = f"{account.host}:{account.port}"
    try:
        yield
    except HomebodyError:
        raise
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
        raise HomebodyError("the server broke off", where=where, remedy="try again later") from None
    except ssl.SSLError as error:
        why = certificate_fault(error) or "no TLS"
        raise Refused(
            "the server's certificate cannot be trusted: nothing was sent",
            where=f"{where}: {why}",
            remedy="check the server's name; do not give the password there otherwise",
        ) from None
    except socket.gaierror:
        raise HomebodyError(
            "no network, or no server of that name", where=where, remedy="check the name and the network"
        ) from None
    except TimeoutError:
        raise HomebodyError("the server does not answer", where=where, remedy="try again later") from None
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise HomebodyError(
            "the server cannot be reached", where=f"{where}: {why}", remedy="check the network"
        ) from None
    except imaplib.IMAP4.abort:
        raise HomebodyError("the server broke off", where=where, remedy="try again later") from None
    except (imaplib.IMAP4.error, ValueError, IndexError, KeyError, TypeError):
        raise HomebodyError(
            "the server answers what we do not understand", where=where, remedy="try again later"
        ) from None
