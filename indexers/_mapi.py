"""A mail as Outlook keeps it: MAPI properties, recipients, files ([MS-OXCDATA], [MS-OXRTFCP])."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from indexers._text import codec, decode

MAX_LEVELS = 8  # mails within mails
MAX_FILES = 500
MAX_RECIPIENTS = 1_000
MAX_RTF = 4_000_000  # bytes, unpacked

# Property ids ([MS-OXPROPS])
CLASS, SUBJECT, HEADERS, SUBMITTED = 0x001A, 0x0037, 0x007D, 0x0039
SENT_FOR_NAME, SENT_FOR_ADDRESS, SENT_FOR_SMTP = 0x0042, 0x0065, 0x5D02
SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP, REPLY_TO = 0x0C1A, 0x0C1F, 0x5D01, 0x0050
DELIVERED, SHOWN_TO, SHOWN_CC = 0x0E06, 0x0E04, 0x0E03
BODY, RTF, HTML = 0x1000, 0x1009, 0x1013
MESSAGE_ID, REFERENCES, IN_REPLY_TO = 0x1035, 0x1039, 0x1042
NAME, ADDRESS, SMTP, ROLE = 0x3001, 0x3003, 0x39FE, 0x0C15
DATA, SHORT_NAME, METHOD, LONG_NAME, MIME_TYPE = 0x3701, 0x3704, 0x3705, 0x3707, 0x370E
CODE_PAGE, INTERNET_CODE_PAGE = 0x3FFD, 0x3FDE

# Property types
INTEGER16, INTEGER32, BOOLEAN, OBJECT, STRING8, UNICODE = 0x0002, 0x0003, 0x000B, 0x000D, 0x001E, 0x001F
TIME, BINARY = 0x0040, 0x0102

_PAGES = {20127: "ascii", 20866: "koi8-r", 21866: "koi8-u", 50220: "iso-2022-jp", 50221: "iso-2022-jp"}
_PAGES |= {51932: "euc-jp", 51949: "euc-kr", 65000: "utf-7", 65001: "utf-8", 936: "gb18030", 54936: "gb18030"}
_PAGES |= {28590 + n: f"iso-8859-{n}" for n in (*range(1, 12), 13, 14, 15, 16)}
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_START = (  # what a packed text may refer to before it has words of its own
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)

Value = str | bytes | int | datetime


class Unreadable(Exception):
    """Not what it claims to be, or damaged beyond reading; the message is for a person."""


@dataclass
class File:
    """An attached file, or an attached mail."""

    name: str = ""
    content_type: str = ""
    data: bytes = b""
    message: Message | None = None


@dataclass
class Message:
    """A mail's properties by id, those of its recipients, and what is attached."""

    properties: dict[int, Value] = field(default_factory=dict)
    recipients: list[dict[int, Value]] = field(default_factory=list)
    files: list[File] = field(default_factory=list)

    def text(self, *ids: int) -> str:
        return text(self.properties, *ids)

    def moment(self, *ids: int) -> datetime | None:
        found = (self.properties.get(id) for id in ids)
        return next((value for value in found if isinstance(value, datetime)), None)

    def rtf(self) -> bytes:
        packed = self.properties.get(RTF)
        return unpacked(packed) if isinstance(packed, bytes) else b""


def text(properties: dict[int, Value], *ids: int) -> str:
    """The first of these properties that is text and not empty."""
    found = (properties.get(id) for id in ids)
    return next((value for value in found if isinstance(value, str) and value.strip()), "")


def charset(page: Value | None) -> str | None:
    """The charset of a code page, None where it is unknown."""
    if not isinstance(page, int):
        return None
    return codec(_PAGES.get(page, f"cp{page}"))


def value(kind: int, data: bytes, page: str | None) -> Value | None:
    """One property out of its bytes; None for kinds that say nothing of a mail."""
    if kind == UNICODE:
        return decode(data, "utf-16-le").rstrip("\0").replace("\0", "")
    if kind == STRING8:
        return decode(data.rstrip(b"\0"), page)
    if kind in (BINARY, OBJECT):
        return data
    if kind == TIME and len(data) >= 8:
        return moment(*struct.unpack_from("<Q", data))
    if kind in (INTEGER16, INTEGER32, BOOLEAN) and len(data) >= 2:
        return int.from_bytes(data[: 2 if kind != INTEGER32 else 4], "little")
    return None


def moment(ticks: int) -> datetime | None:
    """A FILETIME: tenths of microseconds since 1601."""
    try:
        found = _EPOCH + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None
    return found if 1970 <= found.year <= 2200 else None


def unpacked(packed: bytes) -> bytes:
    """Compressed RTF, unpacked ([MS-OXRTFCP] 3.1.3); what is damaged ends where the damage is."""
    if len(packed) < 16:
        return b""
    size, raw_size, kind = struct.unpack_from("<III", packed)
    raw_size = min(raw_size, MAX_RTF)
    if kind == 0x414C454D:  # "MELA": stored as it is
        return packed[16 : 16 + raw_size]
    if kind != 0x75465A4C:  # "LZFu"
        return b""
    return _expand(packed[16 : 4 + size], raw_size)


def _expand(packed: bytes, raw_size: int) -> bytes:
    """Runs of literal bytes, and references into the last 4,096 bytes written."""
    out = bytearray(_START)
    want, at, end = raw_size + len(_START), 0, len(packed)
    while at < end and len(out) < want:
        control = packed[at]
        at += 1
        for bit in range(8):
            if not control >> bit & 1:
                out += packed[at : at + 1]
                at += 1
                continue
            pair = int.from_bytes(packed[at : at + 2], "big")
            at += 2
            offset, length = pair >> 4, (pair & 15) + 2
            back = (len(out) - offset) % 4096 or 4096
            if offset == len(out) % 4096 or back > len(out) or at > end:  # the mark of the end, or damage
                return bytes(out[len(_START) : want])
            run = out[-back:] if back < length else out[len(out) - back : len(out) - back + length]
            out += (run * (length // back + 1))[:length]  # it may repeat what it has just written
    return bytes(out[len(_START) : want])
