"""The parts of a well-formed message, found without looking at every line of it.

What is out of the ordinary in any way (a line among the headers that is none, a boundary that never
comes or never ends, parts by the thousand, reports of delivery, digests) is left to the standard
library's forgiving parser, which gives the same result for everything else and takes six times as long.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from email.message import Message
from functools import lru_cache

from indexers._headers import MAX_HEADER

Headers = dict[str, list[str]]

MOST_PARTS, MOST_LEVELS, MOST_HEADERS = 100, 20, 500
_NEWLINE, _RETURN = b"\n\r"
_FOLD = "\0"
_CACHED = 400  # characters of a header that is worth remembering

_BLOCK = re.compile(rb"(?:[!-9;-~]++:[^\n]*+\n(?:[ \t][^\n]*+\n)*+)++(?=\r?\n|\Z)")
_BLANK = re.compile(rb"\r?\n")
_FIELD_ENDS = re.compile(r"\n(?![ \t])")
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_TYPE = re.compile(r"\s*([a-z0-9.+-]+/[a-z0-9.+-]+)\s*(?:;|\Z)", re.I)
_BOUNDARY = re.compile(
    r";\s*boundary\s*=\s*(?:\"([^\"\\\r\n]{1,200})\"|([^\s\";\\]{1,200}))\s*(?=;|\Z)", re.I
)
_AFTER_BOUNDARY = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
_PLAIN = frozenset(("", "7bit", "8bit", "binary"))
_WANTED = frozenset(
    "from to cc bcc subject date message-id in-reply-to references reply-to list-id received "
    "content-type content-transfer-encoding content-disposition status x-status x-mozilla-status "
    "x-mozilla-status2 list-post list-unsubscribe precedence auto-submitted x-autoreply "
    "x-failed-recipients".split()
)


class Irregular(Exception):
    """Not a message that can be read here."""


class Part:
    """A message or one of its parts, with as much of the interface of ``email.message.Message`` as is used.

    Of its headers those are known that say something of mails.
    """

    __slots__ = ("body", "headers", "parts")

    def __init__(self, headers: Headers, body: bytes, parts: list[Part] | None = None) -> None:
        self.headers, self.body, self.parts = headers, body, parts

    def first(self, name: str) -> str | None:
        values = self.headers.get(name)
        return values[0] if values else None

    def get_content_type(self) -> str:
        return content_type(self.first("content-type"))

    def get_content_charset(self) -> str | None:
        value = self.first("content-type")
        return None if value is None else charset(value)

    def get_content_disposition(self) -> str | None:
        value = self.first("content-disposition")
        return None if value is None else value.partition(";")[0].strip().lower()

    def get_filename(self) -> str | None:
        return _filename(self.first("content-disposition"), self.first("content-type"))

    def decoded(self) -> bytes:
        """The bytes of a leaf without the encoding they travelled in."""
        encoding = (self.first("content-transfer-encoding") or "").strip().lower()
        if encoding in _PLAIN:
            return self.body
        if encoding == "quoted-printable":
            return binascii.a2b_qp(self.body)
        message = Message()
        message["content-transfer-encoding"] = encoding
        message.set_payload(self.body.decode("ascii", "surrogateescape"))
        data = message.get_payload(decode=True)
        return data if isinstance(data, bytes) else b""


def parse(data: bytes) -> Part:
    """The whole of a message. Raises Irregular where something in it is not as it should be."""
    return _Reading(data).part(0, len(data), 0)


class _Reading:
    """One message on its way; it counts what hostile mails have too much of.

    Parts are told by where they lie in ``data``, so that a deep nest is not copied at every level.
    """

    def __init__(self, data: bytes) -> None:
        self.data, self.left = data, MOST_PARTS

    def part(self, begin: int, end: int, depth: int) -> Part:
        self.left -= 1
        if self.left < 0 or depth > MOST_LEVELS:
            raise Irregular
        headers, at = self._headers(begin, end, inside=depth > 0)
        value = headers["content-type"][0] if "content-type" in headers else None
        kind = content_type(value)
        if kind.startswith("multipart/"):
            mark = self._mark(kind, value or "", at, end)
            return Part(headers, b"", [self.part(*piece, depth + 1) for piece in self._split(mark, at, end)])
        if kind == "message/rfc822":
            encoding = headers.get("content-transfer-encoding", [""])[0].strip().lower()
            if encoding not in _PLAIN:
                raise Irregular
            return Part(headers, b"", [self.part(at, end, depth + 1)])
        if kind.startswith("message/"):
            raise Irregular
        return Part(headers, self.data[at:end])

    def _headers(self, begin: int, end: int, *, inside: bool) -> tuple[Headers, int]:
        """What the header block says, and where the body begins; a part within a mail may have none."""
        if inside and (blank := _BLANK.match(self.data, begin, end)):
            return {}, blank.end()
        block = _BLOCK.match(self.data, begin, end)
        if block is None or _LONE_RETURN.search(self.data, begin, block.end()):
            raise Irregular
        found = _fields(self.data[begin : block.end() - 1].decode("ascii", "surrogateescape"))
        if not found and not inside:
            raise Irregular
        blank = _BLANK.match(self.data, block.end(), end)
        return found, blank.end() if blank else block.end()

    def _mark(self, kind: str, value: str, begin: int, end: int) -> bytes:
        """How the lines begin that separate the parts."""
        found = _BOUNDARY.search(value)
        if found is None or kind == "multipart/digest" or _LONE_RETURN.search(self.data, begin, end):
            raise Irregular
        boundary = (found[1] or found[2]).rstrip()
        if not boundary.isascii() or "<" in boundary or value.count('"', 0, found.start()) % 2:
            raise Irregular
        return b"--" + boundary.encode()

    def _lines(self, mark: bytes, begin: int, end: int) -> Iterator[int]:
        """Where lines begin with ``mark``."""
        if self.data.startswith(mark, begin, end):
            yield begin
        at = begin
        while (at := self.data.find(b"\n" + mark, at, end)) >= 0:
            at += 1
            yield at

    def _split(self, mark: bytes, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """Where the parts lie: between the lines that consist of ``mark``, up to the one that ends it all."""
        data, start = self.data, -1
        for at in self._lines(mark, begin, end):
            line = _AFTER_BOUNDARY.match(data, at + len(mark), end)
            if line is None:
                continue
            if start >= 0:
                stop = (
                    at - 2 if data[at - 2] == _RETURN else at - 1
                )  # the line end before belongs to the mark
                if stop < start:
                    raise Irregular
                yield start, stop
            elif line[1]:
                raise Irregular
            if line[1]:
                return
            start = line.end()
        raise Irregular


def _fields(block: str) -> Headers:
    """The headers that are wanted; those of hostile length lose their end."""
    if "\r" in block:
        block = block.replace("\r\n", "\n").removesuffix("\r")
    fields, folded = _lines(block)
    if len(fields) > MOST_HEADERS:
        raise Irregular
    found: Headers = {}
    for field in fields:
        name, _, value = field.partition(":")
        name = name.lower()
        if name in _WANTED:
            if folded:
                value = value.replace(_FOLD, "\n")
            found.setdefault(name, []).append(value.lstrip(" \t")[:MAX_HEADER])
    return found


def _lines(block: str) -> tuple[list[str], bool]:
    """The fields of a header block, and whether ``_FOLD`` stands there where one goes on in the next line."""
    if "\n " not in block and "\n\t" not in block:
        return block.split("\n"), False
    if _FOLD in block:
        return _FIELD_ENDS.split(block), False
    return block.replace("\n ", f"{_FOLD} ").replace("\n\t", f"{_FOLD}\t").split("\n"), True


def content_type(value: str | None) -> str:
    """As ``Message.get_content_type`` has it, text/plain where none is given."""
    if value is None:
        return "text/plain"
    return _known_type(value) if len(value) <= _CACHED else _type(value)


def _type(value: str) -> str:
    if match := _TYPE.match(value):
        return match[1].lower()
    return _message(value).get_content_type()


@lru_cache(512)
def _known_type(value: str) -> str:
    return _type(value)


def _message(content_type: str | None, disposition: str | None = None) -> Message:
    message = Message()
    if content_type is not None:
        message["content-type"] = content_type
    if disposition is not None:
        message["content-disposition"] = disposition
    return message


def charset(value: str) -> str | None:
    """The charset that a Content-Type header names."""
    return _known_charset(value) if len(value) <= _CACHED else _message(value).get_content_charset()


@lru_cache(512)
def _known_charset(value: str) -> str | None:
    return _message(value).get_content_charset()


def _filename(disposition: str | None, value: str | None) -> str | None:
    if disposition is None and (value is None or "name" not in value.lower()):
        return None
    return _message(value, disposition).get_filename()
