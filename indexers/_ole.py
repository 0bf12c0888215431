"""Word, PowerPoint and other documents of Office 97 to 2003 (MS-DOC, MS-PPT; the container is MS-CFB)."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime

import olefile

from indexers._content import Content, Unreadable
from indexers._text import MAX_TEXT

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAX_STREAM = 100_000_000
_WORD_97 = 0x00C1
_LOCKED = "this document is locked with a password"
_FIELD_BEGINS, _FIELD_RESULT, _FIELD_ENDS = "\x13", "\x14", "\x15"
_SIGNS = str.maketrans(
    {
        "\r": "\n",
        "\x0b": "\n",
        "\x07": " | ",
        "\x0c": "\n",
        "\x1e": "-",
        "\x1f": "",
        "\x01": "",
        "\x08": "",
        "\x02": "",
    }
)
_TEXT_CHARS, _TEXT_BYTES = 0x0FA0, 0x0FA8
_UNSAID = frozenset((0x03F8, 0x0FC9, 0x0FF5))  # main masters, handouts, user edits
_MOST_RECORDS = 500_000


class Compound:
    """A compound file: streams by name, and what the document says of itself. Close it after use."""

    def __init__(self, data: bytes) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._file = olefile.OleFileIO(io.BytesIO(data))
        except Exception as error:  # olefile raises many kinds on damaged files
            raise Unreadable("damaged: its inner directory cannot be read") from error

    def __enter__(self) -> Compound:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __contains__(self, name: str) -> bool:
        return bool(self._file.exists(name))

    def read(self, name: str) -> bytes:
        """A whole stream; Unreadable where it is missing, damaged or too large."""
        try:
            if self._file.get_size(name) > _MAX_STREAM:
                raise Unreadable("a document of more than 100 MB")
            return bytes(self._file.openstream(name).read())
        except Unreadable:
            raise
        except Exception as error:
            raise Unreadable(f"damaged: its part “{name}” cannot be read") from error

    def told(self, pages: list[str]) -> Content:
        """With title, author and date from the document's summary (MS-OLEPS)."""
        content = Content(pages)
        try:
            told = self._file.get_metadata()
        except Exception:  # a damaged summary says nothing; the document may be sound
            return content
        page = told.codepage  # olefile takes it for a number with a sign: 65001 comes as -535
        charset = f"cp{page % 65_536}" if isinstance(page, int) else "cp1252"
        content.title, content.author = _string(told.title, charset), _string(told.author, charset)
        when = told.last_saved_time or told.create_time
        if isinstance(when, datetime) and 1980 < when.year < 2200:
            content.when = when.replace(tzinfo=UTC)
        return content


def _string(value: object, charset: str) -> str:
    if isinstance(value, bytes):
        try:
            return value.decode(charset, "replace").strip("\0 ")
        except LookupError:
            return value.decode("cp1252", "replace").strip("\0 ")
    return value.strip("\0 ") if isinstance(value, str) else ""


def doc(data: bytes) -> Content:
    """The text of a Word document: its pieces, put together in order (MS-DOC 2.4.1)."""
    with Compound(data) as file:
        stream = file.read("WordDocument")
        if len(stream) < 0x60 or stream[:2] not in (b"\xec\xa5", b"\xdc\xa5"):
            raise Unreadable("not a Word document: it does not begin like one")
        version, flags = struct.unpack_from("<H", stream, 2)[0], struct.unpack_from("<H", stream, 10)[0]
        if flags & 0x0100:
            raise Unreadable(_LOCKED)
        if version < _WORD_97:
            start, end = struct.unpack_from("<II", stream, 0x18)
            text = stream[start : min(end, start + MAX_TEXT)].decode("cp1252", "replace")
        else:
            table = file.read("1Table" if flags & 0x0200 else "0Table")
            text = "".join(_pieces(stream, table))
        return file.told([_without_fields(text).translate(_SIGNS)])


def _pieces(stream: bytes, table: bytes) -> Iterator[str]:
    try:
        at, size = struct.unpack_from("<II", stream, 0x01A2)
        end = min(at + size, len(table))
        while at < end and table[at] == 1:  # formatting that pieces share
            at += 3 + struct.unpack_from("<H", table, at + 1)[0]
        if at >= end or table[at] != 2:
            raise Unreadable("damaged: it does not say where its text is")
        count = (struct.unpack_from("<I", table, at + 1)[0] - 4) // 12
        at += 5
        total = 0
        for number in range(min(count, 100_000)):
            first, last = struct.unpack_from("<II", table, at + 4 * number)
            place = struct.unpack_from("<I", table, at + 4 * (count + 1) + 8 * number + 2)[0]
            length = min(max(0, last - first), MAX_TEXT - total)
            total += length
            if place & 0x40000000:
                start = (place & 0x3FFFFFFF) // 2
                yield stream[start : start + length].decode("cp1252", "replace")
            else:
                yield stream[place : place + 2 * length].decode("utf-16-le", "replace")
    except struct.error:
        raise Unreadable("damaged: it ends in the middle") from None


def _without_fields(text: str) -> str:
    """Without the instructions of fields (``PAGE``, ``HYPERLINK …``); what they show stays."""
    if _FIELD_BEGINS not in text:
        return text
    out: list[str] = []
    hidden: list[bool] = []  # for each open field, whether we are in its instruction
    start = 0
    for at, char in enumerate(text):
        if char not in (_FIELD_BEGINS, _FIELD_RESULT, _FIELD_ENDS):
            continue
        if not any(hidden[-50:]):
            out.append(text[start:at])
        start = at + 1
        if char == _FIELD_BEGINS:
            hidden.append(True)
        elif hidden:
            hidden[-1:] = [False] if char == _FIELD_RESULT else []
    out.append("" if any(hidden[-50:]) else text[start:])
    return "".join(out)


def ppt(data: bytes) -> Content:
    """The texts of a presentation in the order they are stored, each once (MS-PPT 2.9.41)."""
    with Compound(data) as file:
        if "PowerPoint Document" not in file:
            raise Unreadable("not a presentation: its slides are missing")
        stream = file.read("PowerPoint Document")
        if "EncryptedSummary" in file:
            raise Unreadable(_LOCKED)
        texts = dict.fromkeys(text for text in _texts(stream) if text.strip() and text.strip() != "*")
        return file.told(["\n".join(texts)])


def _texts(stream: bytes) -> Iterator[str]:
    at = total = 0
    for _ in range(_MOST_RECORDS):
        if at + 8 > len(stream) or total > MAX_TEXT:
            return
        version, kind, size = struct.unpack_from("<HHI", stream, at)
        body = (
            stream[at + 8 : at + 8 + min(size, 2 * MAX_TEXT)] if kind in (_TEXT_CHARS, _TEXT_BYTES) else b""
        )
        if body:
            text = body.decode("utf-16-le" if kind == _TEXT_CHARS else "cp1252", "replace").translate(_SIGNS)
            total += len(text)
            yield text
        inside = version & 0xF == 0xF and kind not in _UNSAID
        at += 8 if inside else 8 + size


def locked(data: bytes) -> bool:
    """Whether this is what a newer Office document becomes under a password (MS-OFFCRYPTO)."""
    with Compound(data) as file:
        return "EncryptedPackage" in file
