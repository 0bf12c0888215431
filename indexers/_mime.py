"""MIME by the standard library's forgiving parser, with caps on what a hostile mail may contain."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Policy, compat32
from typing import Any

from indexers import _documents, _headers, _parts
from indexers._html import html_to_text
from indexers._mbox import MAX_HEADERS as MAX_HEADER_BLOCK
from indexers._parts import Headers
from indexers._text import MAX_TEXT, decode, tidy

MAX_HEADER_COUNT = 1_000
MAX_LEVELS = 100
MAX_PARTS = 1_000
_NESTED = 1_000_000  # bytes looked at of a mail that declares very many parts

_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_SIGNATURES = frozenset(
    ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
)
_TYPES = mimetypes.MimeTypes(filenames=())  # the same on every machine
_REPORTS = frozenset(("text/rfc822-headers", "message/disposition-notification"))

Part = Message | _parts.Part


class TooComplex(Exception):
    """More parts or deeper nesting than any honest mail has; the message is for a person."""


@dataclass(frozen=True)
class Attached:
    """A part that is an item of its own; ``text`` is already known where it is another mail."""

    part: Part
    name: str
    content_type: str
    text: str | None = None


@dataclass
class Content:
    """What one message holds: headers by lower-case name, its words, web links, what is attached."""

    headers: Headers
    text: str = ""
    links: list[str] = field(default_factory=list)
    attached: list[Attached] = field(default_factory=list)
    fault: str = ""  # why the body was left out

    def first(self, name: str) -> str:
        values = self.headers.get(name)
        return values[0] if values else ""


class _Part(Message):
    """A message or part whose headers are capped as they are parsed, at every level."""

    def __init__(self, policy: Policy[Any] = compat32) -> None:
        super().__init__(policy=policy)
        self.count = 0

    def set_raw(self, name: str, value: str) -> None:
        self.count += 1
        if self.count <= MAX_HEADER_COUNT:
            super().set_raw(name, value[: _headers.MAX_HEADER])


def _counting() -> Callable[..., _Part]:
    """A factory of parts that gives up when there are too many."""
    made = 0

    def make(*, policy: Policy[Any] = compat32) -> _Part:
        nonlocal made
        made += 1
        if made > MAX_PARTS + 2:
            raise TooComplex(f"a mail of more than {MAX_PARTS:,} parts, as only traps are")
        return _Part(policy)

    return make


def content(data: bytes, *, headers_only: bool = False) -> Content:
    """The parts of a message; what is wrong with its body is named in ``fault``, never raised."""
    data = _cap_headers(data)
    fault = ""
    if not headers_only:
        try:
            return _whole(data)
        except TooComplex as error:
            fault = str(error)
        except RecursionError:
            fault = f"parts nested more than {MAX_LEVELS} deep, as only traps are"
        except MemoryError:
            fault = "this mail needs more memory than it may take"
        except Exception as error:  # the parser raises many kinds on damaged mail
            fault = f"damaged MIME structure: {type(error).__name__}"
    message = BytesHeaderParser(_Part, policy=compat32).parsebytes(_head(data))
    return Content(headers=_headers_of(message), fault=fault)


def _whole(data: bytes) -> Content:
    message = _regular(data) or _many_parts(data)
    found = Content(headers=_headers_of(message))
    found.text = _render(_collect(message, found, 0), found)
    return found


def _regular(data: bytes) -> Part | None:
    try:
        return _parts.parse(data)
    except _parts.Irregular:
        return None


def _many_parts(data: bytes) -> Message:
    lower = data.lower()
    if lower.count(b"boundary") + lower.count(b"message/rfc822") > MAX_LEVELS:
        data = data[:_NESTED]  # parsing costs lines × depth
    return message_from_bytes(data, _counting(), policy=compat32)


def _head(data: bytes) -> bytes:
    end = _END_OF_HEADERS.search(data)
    return data[: end.end()] if end else data[:MAX_HEADER_BLOCK]


def _cap_headers(data: bytes) -> bytes:
    """A header block over the limit loses its end; the body stays."""
    if len(data) <= MAX_HEADER_BLOCK or _END_OF_HEADERS.search(data, 0, MAX_HEADER_BLOCK):
        return data
    end = _END_OF_HEADERS.search(data, MAX_HEADER_BLOCK - 4)
    return data[:MAX_HEADER_BLOCK] + (data[end.start() :] if end else b"\n\n")


def _headers_of(message: Part) -> Headers:
    if isinstance(message, _parts.Part):
        return message.headers
    found: Headers = {}
    for name, value in message.raw_items():
        found.setdefault(name.lower(), []).append(str(value))
    return found


@dataclass(frozen=True)
class _Block:
    kind: str  # plain | html
    text: str


def _inside(part: Part) -> list[Part] | None:
    """The parts of one that has some, None for a leaf."""
    if isinstance(part, _parts.Part):
        return None if part.parts is None else [*part.parts]
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else None


def _collect(part: Part, found: Content, depth: int) -> list[_Block]:
    """The blocks of readable text in ``part``; what is attached goes to ``found``."""
    if depth > MAX_LEVELS:
        raise TooComplex(f"parts nested more than {MAX_LEVELS} deep, as only traps are")
    content_type = part.get_content_type()
    inside = _inside(part)
    if inside is not None and not content_type.startswith("message/"):
        below = [_collect(child, found, depth + 1) for child in inside]
        if content_type == "multipart/alternative":
            return _best(below)
        return [block for blocks in below for block in blocks]
    if content_type in _SIGNATURES:
        return []
    name = file_name(part)
    if content_type == "message/delivery-status" and inside is not None:
        return [_Block("plain", _status(inside))]
    if content_type == "message/rfc822" and inside is not None:
        if inside:
            _collect_mail(part, inside[0], name, found, depth)
        return []
    if content_type in _REPORTS and not name:
        return []
    is_text = content_type.startswith(("text/", "multipart/")) and content_type != "text/calendar"
    if is_text and (depth == 0 or (not name and part.get_content_disposition() != "attachment")):
        kind = "html" if content_type == "text/html" else "plain"
        return [_Block(kind, text_of(part))]
    if name or part.get_content_disposition() == "attachment" or _documents.kind(content_type, ""):
        found.attached.append(Attached(part, name, content_type))
    return []


def _status(groups: list[Part]) -> str:
    """Why a mail could not be delivered, as the fields of the report say it (RFC 3464)."""
    fields = [
        f"{name}: {_headers.text(str(value))}"
        for group in groups[:50]
        if isinstance(group, Message)
        for name, value in group.raw_items()
        if name.lower() in ("final-recipient", "action", "status", "diagnostic-code")
    ]
    return "\n".join(fields)


def _collect_mail(part: Part, inner: Part, name: str, found: Content, depth: int) -> None:
    """A mail within the mail is one attachment; what is attached to it follows."""
    at = len(found.attached)
    blocks = _collect(inner, found, depth + 1)
    text = _render(blocks, Content(headers={}))
    found.attached.insert(at, as_attached(part, _headers_of(inner), text, name))


def as_attached(part: Part, headers: Headers, text: str, name: str = "") -> Attached:
    """A mail that is attached to another, with those headers and that text."""
    lines = [
        f"{label}: {_headers.text(headers[label.lower()][0])}"
        for label in ("From", "To", "Date", "Subject")
        if label.lower() in headers
    ]
    subject = _headers.text(headers.get("subject", [""])[0])
    whole = "\n".join(lines) + "\n\n" + text
    return Attached(part, name or subject or "mail", "message/rfc822", whole.strip())


def file(name: str, content_type: str, data: bytes) -> Attached:
    """A file that is attached, however it came."""
    return Attached(_parts.Part({"content-type": [content_type]}, data), name, content_type)


def _best(alternatives: list[list[_Block]]) -> list[_Block]:
    """Plain text where it says anything, else the richest, which comes last (RFC 2046)."""
    for blocks in alternatives:
        if any(block.kind == "plain" and any(map(str.isalnum, block.text)) for block in blocks):
            return blocks
    return next((blocks for blocks in reversed(alternatives) if blocks), [])


def _render(blocks: list[_Block], found: Content) -> str:
    texts = []
    for block in blocks:
        texts.append(words_of_page(block.text, found.links) if block.kind == "html" else block.text)
    return tidy("\n\n".join(texts))


def words_of_page(page: str, links: list[str]) -> str:
    """The text of an HTML body; the web links in it are added to ``links``."""
    text, more = html_to_text(page, quotes=True)
    links += more
    return text


def file_name(part: Part) -> str:
    """The name of an attached file, without any folders a sender put into it."""
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError, IndexError):
        name = ""
    return re.split(r"[/\\]", _headers.text(name))[-1].strip()[:255] if name else ""


def payload_of(part: Part) -> bytes:
    """The decoded bytes of a leaf part; what cannot be decoded comes as it is."""
    if isinstance(part, _parts.Part):
        return part.decoded()
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        data = str(part.get_payload()).encode("utf-8", "surrogateescape")
    return data if isinstance(data, bytes) else b""


def encoded(part: Part, data: bytes) -> bytes:
    """What ``data`` is where it travelled as the body of ``part``."""
    headers = {name: values for name, values in _headers_of(part).items() if name.startswith("content-")}
    return _parts.Part(headers, data).decoded()


def type_of(name: str) -> str:
    """The type of a file that tells none, by its name."""
    return _TYPES.guess_type(name)[0] or "application/octet-stream"


def charset_of(part: Part) -> str | None:
    try:
        return part.get_content_charset()
    except (ValueError, LookupError, TypeError, IndexError):
        return None


def text_of(part: Part) -> str:
    """The words of a text part."""
    text = decode(payload_of(part)[: 2 * MAX_TEXT], charset_of(part))
    kind = part.first("content-type") if isinstance(part, _parts.Part) else part.get("content-type")
    return _unflow(text) if "flowed" in str(kind or "").lower() else text


def _unflow(text: str) -> str:
    """Lines broken softly by format=flowed (RFC 3676) joined again."""
    pieces: list[str] = []
    open_line = False
    for line in text.split("\n"):
        quoted = line.startswith(">")
        if pieces and not (open_line and not quoted):
            pieces.append("\n")
        pieces.append(line)
        open_line = line.endswith(" ") and line != "-- " and not quoted
    return "".join(pieces)
