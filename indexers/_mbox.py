"""A streaming mbox reader: one message in memory at a time, whatever the size of the file.

Of the four variants (https://www.loc.gov/preservation/digital/formats/fdd/fdd000383.shtml and its
siblings), mboxo and mboxrd put a ``>`` before lines that begin with ``From ``, mboxcl does so too and
tells each message's length, mboxcl2 tells the length and puts nothing before such lines.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from typing import BinaryIO

MAX_MESSAGE = 25_000_000  # bytes
MAX_HEADERS = 262_144  # bytes kept of a message that is too big
_CHUNK = 1_000_000  # bytes read at once
_LOOKAHEAD = 2_000  # bytes after "From " that tell a message from a sentence

# An envelope names a sender with a time, only a sender, or (Netscape) a hyphen, and a header follows:
# a sentence may begin with "From " too. Some programs leave out the blank line before it. Where it is
# there and the time is written as in every mbox, what follows may be damaged.
_STRICT = rb"\S{1,400} {1,3}[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d(?::\d\d)? [^\n]{0,30}\d{4}\r?\n"
_SENDER = rb"[^\s@]{1,400}+@\S{1,400}+[ \t\r]*+"
_BEGINS = re.compile(
    rb"\nFrom (?:(?:-[^\n]{0,80}|\S{1,400}[ \t][^\n]{0,60}\d:\d\d[^\n]{0,60}|" + _SENDER + rb")\n"
    rb"(?=[!-9;-~]{1,80}[ \t]*:|>From )|(?<=\n\nFrom )" + _STRICT + rb"|(?<=\n\r\nFrom )" + _STRICT + rb")"
)
_FIRST = re.compile(rb"From [^\n]{0,998}(?:\n|\Z)")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.M)
_LENGTH = re.compile(rb"\n[Cc]ontent-[Ll]ength[ \t]*:[ \t]*(\d{1,9})[ \t]*\r?\n")
_LINE_ENDS = re.compile(rb"(?:\r?\n){0,2}")
_BLANK = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True)
class Raw:
    """One message: where its bytes begin in the file, and the bytes without the ``From `` line.

    ``size`` counts all its bytes; where it is over the limit, ``data`` ends with the headers.
    ``mark`` says where its ``From `` line begins and how the file quotes: reading can go on from there.
    """

    offset: int
    size: int
    data: bytes
    envelope: str = ""
    mark: str = ""

    @property
    def whole(self) -> bool:
        return self.size <= MAX_MESSAGE


def read(file: BinaryIO | FileIO, head: bytes) -> Iterator[Raw]:
    """The messages of a file of which ``head`` was read: an mbox, or one message as it is."""
    size = os.fstat(file.fileno()).st_size
    if head.startswith(b"From "):
        yield from messages(file, size, head)
    else:
        yield single(file, size, head)


def single(file: BinaryIO | FileIO, size: int, head: bytes = b"") -> Raw:
    """A file that holds one message; only its beginning is kept where it is over the limit."""
    data = head + _more(file, (size if size <= MAX_MESSAGE else MAX_HEADERS) - len(head))
    return Raw(offset=0, size=size, data=data if size <= MAX_MESSAGE else only_headers(data))


def _more(file: BinaryIO | FileIO, size: int) -> bytes:
    """Up to ``size`` bytes, fewer only at the end of the file."""
    pieces: list[bytes] = []
    while size > 0 and (piece := file.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def only_headers(data: bytes) -> bytes:
    """The header block at the beginning of ``data``, at most 256 kB of it."""
    end = _BLANK.search(data, 0, MAX_HEADERS)
    return data[: end.end()] if end else data[:MAX_HEADERS]


def messages(file: BinaryIO | FileIO, size: int, head: bytes = b"", *, after: str = "") -> Iterator[Raw]:
    """Every message of an mbox of ``size`` bytes, in the file's order; with ``after`` from that mark on."""
    window = _Window(file, min(_CHUNK, size + 1), head, after)
    while window.envelope:
        offset, envelope = window.offset, window.envelope
        quotes = f"{'c' * window.counted}{'v' * window.verbatim}"
        data, size = window.message()
        if data.endswith((b"\n\n", b"\n\r\n")):
            data = data.removesuffix(b"\n").removesuffix(b"\r")
        if b">From " in data and not window.verbatim:
            data = _QUOTED_FROM.sub(rb"\1", data)
        yield Raw(
            offset=offset,
            size=size,
            data=data,
            envelope=envelope.decode("ascii", "replace")[5:].strip(),
            mark=f"{offset - len(envelope)}{quotes}",
        )


def position(mark: str) -> int:
    """Where in the file a mark is; the beginning where there is none."""
    return int(mark.rstrip("cv") or 0)


class _Window:
    """The part of the file in memory, and where in it the current message begins.

    ``envelope`` is the ``From `` line of the message at ``offset``, empty at the end of the file.
    ``counted``: the first message's Content-Length is true, so those of the others are believed where
    they end at an envelope; in a file of another kind, a stranger's could hide the mail that follows.
    ``verbatim``: a line that begins with ``From `` was found inside a message, as only mboxcl2 has them.
    """

    def __init__(self, file: BinaryIO | FileIO, first: int, head: bytes, after: str = "") -> None:
        self.file = file
        self.base = position(after)  # of the buffer in the file
        if after:
            file.seek(self.base)
        self.buffer = head + _more(file, first - len(head))
        self.ended = len(self.buffer) < first
        self.at = 0  # of the message in the buffer
        self.counted = self.verbatim = False
        self.envelope = b""
        envelope = _FIRST.match(self.buffer)
        if envelope is None:
            self.message()
        else:
            self.envelope, self.at = envelope[0], envelope.end()
        self.counted = "c" in after if after else self._told() is not None
        self.verbatim = "v" in after

    @property
    def offset(self) -> int:
        return self.base + self.at

    def message(self) -> tuple[bytes, int]:
        """The message at ``offset`` and its size; only its headers where it is over the limit."""
        if self.counted and (told := self._told()):
            return self._take(*told)
        headers, start, search = b"", self.offset, max(0, self.at - 1)
        while (found := self._next(search)) is None and not self.ended:
            if len(self.buffer) - self.at > MAX_MESSAGE:
                headers = headers or only_headers(self.buffer[self.at :])
                self.at = len(self.buffer) - _LOOKAHEAD
            search = self._more(max(search, len(self.buffer) - _LOOKAHEAD))
        end = found.start() + 1 if found else len(self.buffer)
        size = self.base + end - start
        data = self.buffer[self.at : end]
        self.envelope = found[0][1:] if found else b""
        self.at = end + len(self.envelope)
        return (data, size) if size <= MAX_MESSAGE else (headers or only_headers(data), size)

    def _take(self, end: int, envelope: bytes) -> tuple[bytes, int]:
        data = self.buffer[self.at : end]
        self.verbatim = self.verbatim or b"\nFrom " in data
        self.envelope, self.at = envelope, end + len(envelope)
        return data, len(data)

    def _told(self) -> tuple[int, bytes] | None:
        """Where the message ends by its Content-Length and what envelope follows, if that is so."""
        while not self.ended and len(self.buffer) - self.at < MAX_HEADERS:
            self._more(self.at)
        end = self._end_of_headers()
        length = _LENGTH.search(self.buffer, max(0, self.at - 1), end) if end else None
        if length is None or int(length[1]) > MAX_MESSAGE:
            return None
        past = end - self.at + int(length[1])
        while not self.ended and len(self.buffer) - self.at < past + _LOOKAHEAD:
            self._more(self.at)
        lines = _LINE_ENDS.match(self.buffer, self.at + past)
        if lines is None or self.at + past > len(self.buffer):
            return None
        if lines.end() == len(self.buffer):
            return lines.end(), b""
        found = _BEGINS.match(self.buffer, lines.end() - 1)
        return (lines.end(), found[0][1:]) if found else None

    def _end_of_headers(self) -> int:
        """Where the body begins, 0 where that is not in sight."""
        line = self.buffer.find(b"\n", self.at)
        blank = b"\n\r\n" if self.buffer[line - 1 : line] == b"\r" else b"\n\n"
        found = self.buffer.find(blank, self.at, self.at + MAX_HEADERS)
        return found + len(blank) if found >= 0 else 0

    def _next(self, search: int) -> re.Match[bytes] | None:
        found = _BEGINS.search(self.buffer, search)
        if found and not self.ended and len(self.buffer) - found.start() < _LOOKAHEAD:
            return None  # what follows decides, and is not read yet
        return found

    def _more(self, search: int) -> int:
        """Read on, let go of what is done; where to go on searching."""
        keep = max(0, min(self.at, search) - 4)  # a blank line before stays in sight
        chunk = _more(self.file, _CHUNK)
        self.ended = len(chunk) < _CHUNK
        self.buffer = self.buffer[keep:] + chunk
        self.base += keep
        self.at -= keep
        return search - keep
