"""One IMAP connection: opened safely, every answer bounded, and read into plain values.

The standard library's imaplib frames lines and literals; what is added is what it leaves out:
limits, TLS that cannot be talked down, commands of later RFCs, and a reader for their answers.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import select
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import truststore

from app.core.accounts import Account
from app.core.errors import HomebodyError, Refused, WrongPassword
from app.courier.client import certificate_fault

CONNECT_S, READ_S = 10.0, 60.0
MAX_LITERAL = 4 * 1024 * 1024  # bytes of one value; we ask for no larger piece
MAX_ANSWER = 128 * 1024 * 1024  # bytes in answer to one command
_MAX_NAME = 1_000  # bytes of a folder's name
_TOKEN = re.compile(rb'\s*(?:(\()|(\))|"((?:[^"\\]|\\.)*)"|((?:[^\s()"\[]|\[[^\]]*\])+))')
_UTF7 = re.compile(r"&([^-]*)-")

Value = Any  # bytes | None | list of values
imaplib.Commands.setdefault("NOTIFY", ("AUTH", "SELECTED"))


class Wire(imaplib.IMAP4):
    """An authenticated connection. Raises HomebodyError from its making; later imaplib's own errors."""

    def __init__(self, account: Account, secret: str, *, unbuffered: bool = False) -> None:
        self._account, self._unbuffered = account, unbuffered
        self.sent = self.received = 0
        self._answer = 0
        with translated(account):
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

    def _count(self, size: int) -> None:
        self._answer += size
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
                words = f"user={account.user}\1auth=Bearer {secret}\1\1".encode()
                self.authenticate("XOAUTH2", _once(words))
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

    # --- commands --------------------------------------------------------------------------------

    def has(self, name: str) -> bool:
        return name in self.capabilities

    def ask(self, name: str, *words: str | bytes) -> dict[str, list[Any]]:
        """Run a command; its untagged answers by name. Raises ``error`` where the server says no."""
        self._answer = 0
        self.untagged_responses = {}
        kind, data = self._simple_command(name, *words)  # type: ignore[attr-defined, unused-ignore]
        if kind != "OK":
            raise self.error(data[-1])
        answers = self.untagged_responses
        self.untagged_responses = {}
        if name == "EXAMINE":
            self.state = "SELECTED"
        return answers

    def fetched(self, *words: str | bytes) -> Iterator[dict[bytes, Value]]:
        """The answers to ``UID FETCH``: item → value, each with its ``UID``."""
        yield from items(self.ask("UID", "FETCH", *words))

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


def items(answers: dict[str, list[Any]]) -> Iterator[dict[bytes, Value]]:
    """What FETCH told: item → value, each with its ``UID``."""
    for values in parsed(answers.get("FETCH", [])):
        inner = values[1] if len(values) > 1 and isinstance(values[1], list) else []
        item = dict(zip(map(_upper, inner[::2]), inner[1::2], strict=False))
        if number(item.get(b"UID")):
            yield item


def _tls() -> ssl.SSLContext:
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _once(words: bytes) -> Callable[[bytes], bytes]:
    """For an authentication of one answer: a second question is the server saying why not."""
    left = [words]
    return lambda _: left.pop() if left else b""


def _said(error: BaseException) -> bytes:
    first = error.args[0] if error.args else b""
    return first if isinstance(first, bytes) else str(first).encode("utf-8", "replace")


def quoted(key: str) -> bytes:
    """A folder's name as it was listed."""
    raw = key.encode("latin-1")
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def parsed(answers: Iterable[Any]) -> Iterator[list[Value]]:
    """Each untagged answer as a list of values: bytes, None for NIL, lists. Raises imaplib's error."""
    pieces: list[Any] = []
    for answer in answers:
        pieces.append(answer)
        if not isinstance(answer, tuple):  # a tuple goes on after its literal
            yield _values(pieces)
            pieces = []


def _values(pieces: list[Any]) -> list[Value]:
    stack: list[list[Value]] = [[]]
    for piece in pieces:
        text, literal = piece if isinstance(piece, tuple) else (piece, None)
        if literal is not None:
            text = text[: text.rindex(b"{")].removesuffix(b"~")
        at = 0
        while match := _TOKEN.match(text, at):
            at = match.end()
            if match[1]:
                stack.append([])
                if len(stack) > 20:
                    raise imaplib.IMAP4.error("an answer nested too deep")
            elif match[2]:
                if len(stack) < 2:
                    raise imaplib.IMAP4.error("an answer that does not close")
                inner = stack.pop()
                stack[-1].append(inner)
            elif match[3] is not None:
                stack[-1].append(re.sub(rb"\\(.)", rb"\1", match[3]))
            else:
                stack[-1].append(None if match[4].upper() == b"NIL" else match[4])
        if literal is not None:
            stack[-1].append(literal)
    if len(stack) != 1:
        raise imaplib.IMAP4.error("an answer that does not end")
    return stack[0]


def _upper(value: Value) -> bytes:
    return value.upper() if isinstance(value, bytes) else b""


def number(value: Value) -> int:
    """0 where it is none."""
    return int(value) if isinstance(value, bytes) and value.isdigit() and len(value) < 20 else 0


def folder_name(raw: bytes) -> str | None:
    """A folder's name in words, out of modified UTF-7 (RFC 3501, 5.1.3); None where it is none."""
    if len(raw) > _MAX_NAME or any(byte < 32 or byte == 127 for byte in raw):
        return None
    text = raw.decode("utf-8", "replace")

    def part(match: re.Match[str]) -> str:
        shifted = "+" + match[1].replace(",", "/") + "-"
        return shifted.encode().decode("utf-7", "replace") if match[1] else "&"

    try:
        return _UTF7.sub(part, text)
    except UnicodeError:
        return text


def numbers(text: bytes) -> set[int]:
    """A sequence set such as ``1:5,9``; what is none of it counts for nothing."""
    found: set[int] = set()
    for piece in text.split(b","):
        low, _, high = piece.partition(b":")
        first, last = number(low), number(high or low)
        first, last = min(first, last), max(first, last)
        if first and last - first < 50_000_000 and len(found) < 50_000_000:
            found.update(range(first, last + 1))
    return found


def sequence(uids: Iterable[int]) -> str:
    """The shortest sequence set of these numbers."""
    runs: list[list[int]] = []
    for uid in sorted(uids):
        if runs and uid == runs[-1][1] + 1:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return ",".join(f"{low}" if low == high else f"{low}:{high}" for low, high in runs)


@contextlib.contextmanager
def translated(account: Account) -> Iterator[None]:
    """Every way a connection can fail, in words; what the server wrote is left out: it may quote mail."""
    where = f"{account.host}:{account.port}"
    try:
        yield
    except HomebodyError:
        raise
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
