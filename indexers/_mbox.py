"""A streaming mbox reader: one message in memory at a time, whatever the size of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MAX_MESSAGE = 25_000_000  # bytes
MAX_HEADERS = 262_144  # bytes kept of a message that is too big
_LINE = 1_000_000  # bytes read at once of an endless line

_HEADER_LINE = re.compile(rb"[!-9;-~]{1,80}[ \t]*:|>?From |\s*$")
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,10})[ \t]*\r?$", re.I | re.M)
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.M)


@dataclass(frozen=True)
class Raw:
    """One message: where its bytes begin in the file, and the bytes without the ``From `` line.

    ``size`` counts all its bytes; where it is over the limit, ``data`` ends with the headers.
    """

    offset: int
    size: int
    data: bytes
    envelope: str = ""

    @property
    def whole(self) -> bool:
        return self.size <= MAX_MESSAGE


def messages(path: Path) -> Iterator[Raw]:
    """Every message of an mbox (mboxo, mboxrd, mboxcl), in the file's order."""
    with path.open("rb") as file:
        yield from _Reader(file).messages()


def single(path: Path) -> Raw:
    """A file that holds one message; only its beginning is kept where it is over the limit."""
    size = path.stat().st_size
    with path.open("rb") as file:
        data = file.read(MAX_MESSAGE if size <= MAX_MESSAGE else MAX_HEADERS)
    return Raw(offset=0, size=size, data=data if size <= MAX_MESSAGE else only_headers(data))


def only_headers(data: bytes) -> bytes:
    """The header block at the beginning of ``data``, at most 256 kB of it."""
    end = re.search(rb"\r?\n\r?\n", data[:MAX_HEADERS])
    return data[: end.end()] if end else data[:MAX_HEADERS]


class _Reader:
    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.at = 0  # of the next line
        self.peeked: bytes | None = None

    def messages(self) -> Iterator[Raw]:
        line = self._line()
        while line and not line.startswith(b"From "):
            line = self._line()
        while line:
            envelope = line.decode("ascii", "replace")[5:].strip()
            offset, kept, size, line = self._message()
            data = _QUOTED_FROM.sub(rb"\1", kept) if b"\n>" in kept else kept
            yield Raw(offset=offset, size=size, data=data, envelope=envelope)

    def _message(self) -> tuple[int, bytes, int, bytes]:
        """(offset, bytes, size) of the message that begins here, and the next ``From `` line."""
        offset, lines, size, kept = self.at, list[bytes](), 0, 0
        blank, in_headers = False, True
        while line := self._line():
            if line.startswith(b"From ") and (blank or not lines) and self._begins_message():
                break
            size += len(line)
            if kept + len(line) <= MAX_MESSAGE:
                lines.append(line)
                kept += len(line)
            blank = line in (b"\n", b"\r\n")
            if blank and in_headers:
                in_headers = False
                body = self._counted_body(b"".join(lines)) if size < MAX_HEADERS else None
                if body is not None:
                    lines.append(body)
                    size, kept, blank = size + len(body), kept + len(body), True
        data = b"".join(lines)
        if size > MAX_MESSAGE:
            return offset, only_headers(data), size, line
        return offset, data.removesuffix(b"\n").removesuffix(b"\r") if blank else data, size, line

    def _line(self) -> bytes:
        line, self.peeked = (self.peeked, None) if self.peeked is not None else (self._read(), None)
        self.at += len(line or b"")
        return line or b""

    def _read(self) -> bytes:
        return self.file.readline(_LINE)

    def _begins_message(self) -> bool:
        """Whether a header follows; a sentence may begin with "From " too."""
        if self.peeked is None:
            self.peeked = self._read()
        return bool(_HEADER_LINE.match(self.peeked))

    def _counted_body(self, headers: bytes) -> bytes | None:
        """The body by Content-Length, if the next message begins just where that says (mboxcl)."""
        match = _LENGTH.search(headers)
        length = int(match[1]) if match else 0
        if not 0 < length <= MAX_MESSAGE or self.peeked is not None or not self.file.seekable():
            return None
        self.file.seek(self.at + length)
        after = self.file.read(8)
        self.file.seek(self.at)
        if after.strip() and not after.lstrip(b"\r\n").startswith(b"From "):
            return None
        body = self.file.read(length)
        self.at += len(body)
        return body
