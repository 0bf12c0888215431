"""Text from bytes in any charset, made safe to store; digests; links; dates in words."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

import msgspec

from indexers.item import Item

MAX_TEXT = 2_000_000  # characters of one item that are indexed
MAX_LINKS = 100

_WIDER = {  # what senders call it → the superset they mean
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "cp950",
    "iso2022_jp": "iso2022_jp_ext",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
}
_NAMES = {
    "ks_c_5601-1987": "cp949",
    "x-gbk": "gb18030",
    "x-sjis": "cp932",
    "x-euc-jp": "euc_jp",
    "unicode-1-1-utf-7": "utf-7",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "windows-874": "cp874",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
}
# Codecs that are not charsets, or that cost more than linear time on hostile input.
_REFUSED = {"idna", "punycode", "unicode-escape", "unicode_escape", "raw-unicode-escape", "undefined"}
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff]")
_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r"))  # of those, the ones in ASCII
_NOT_IN_TEXT = bytes({*range(9), *range(14, 27), *range(28, 32)})
_URL = re.compile(r"https?://[^\s<>\"'\]\[{}|\\^`]+")
_BLANK_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")


def codec(charset: str | None) -> str | None:
    """Python's name of a charset as senders write it, or None where there is no such text codec."""
    name = (charset or "").strip().strip("\"'").lower()
    return _codec(name) if name and len(name) <= 40 else None


@lru_cache(256)
def _codec(name: str) -> str | None:
    try:
        found = codecs.lookup(_NAMES.get(name, name))
    except (LookupError, ValueError, UnicodeError):
        return None
    if not found._is_text_encoding or found.name in _REFUSED:
        return None
    return _WIDER.get(found.name, found.name)


def decode(data: bytes, charset: str | None = None) -> str:
    """``data`` as clean text: the charset named, else UTF-8, else Windows-1252; never raises."""
    name = codec(charset)
    if name in (None, "utf-8", "cp1252"):
        try:  # a wrong "iso-8859-1" over UTF-8 is common, the reverse cannot pass for UTF-8
            return clean(data.decode("utf-8"))
        except UnicodeDecodeError:
            return clean(data.decode("cp1252", "replace"))
    try:
        return clean(data.decode(name or "utf-8"))
    except (UnicodeError, ValueError):
        return clean(data.decode(name or "utf-8", "replace"))


def decode_file(data: bytes) -> str | None:
    """The text of a file with no declared charset (byte-order mark, UTF-8, Windows-1252); None if binary."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return clean(data.decode(name, "replace"))
    sample = data[:8192]
    if b"\0" in sample:
        return _unmarked_utf16(data)
    controls = len(sample) - len(sample.translate(None, _NOT_IN_TEXT))
    return None if controls * 50 > len(sample) else decode(data)


def _unmarked_utf16(data: bytes) -> str | None:
    sample = data[:8192]
    half = len(sample) // 2 or 1
    for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        other = sample[::2] if name == "utf-16-le" else sample[1::2]
        if zeros.count(0) > half * 0.6 and other.count(0) < half * 0.05:
            return clean(data.decode(name, "replace"))
    return None


def clean(text: str) -> str:
    """``text`` with Unix line ends and without NULs, control characters and lone surrogates."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if _is_clean(text) else _UNSTORABLE.sub(_stored, text)


def _is_clean(text: str) -> bool:
    """Whether there is nothing to be taken out, which is told of bytes ten times as soon."""
    try:
        data = text.encode()
    except UnicodeEncodeError:  # lone surrogates
        return False
    return len(data.translate(None, _CONTROLS)) == len(data) and (text.isascii() or "\ufeff" not in text)


def _stored(match: re.Match[str]) -> str:
    return "\ufffd" if match[0] >= "\ud800" and match[0] != "\ufeff" else ""


def one_line(text: str, limit: int = 500) -> str:
    """``text`` on one line with single spaces, at most ``limit`` characters."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip(" ")
    return " ".join(clean(text[: limit * 4]).split())[:limit]


def tidy(text: str) -> str:
    """``text`` within the limit, stripped, with at most one blank line in a row."""
    text = text[:MAX_TEXT]
    if "\n\n\n" in text or " \n" in text or "\t\n" in text:
        text = _BLANK_LINES.sub("\n\n", text)
    return text.strip()


def urls(text: str, already: Iterable[str] = ()) -> tuple[str, ...]:
    """Web links named in ``text`` after those given, each once, in order."""
    found = dict.fromkeys(already)
    if "http" in text:
        for match in _URL.finditer(text):
            found[match[0].rstrip(".,;:!?)*'_")[:2000]] = None
            if len(found) >= MAX_LINKS:
                break
    return tuple(found)[:MAX_LINKS]


def seal(item: Item, *, volatile: frozenset[str] = frozenset()) -> Item:
    """``item`` with its digest: SHA-256 over what is indexed.

    Where the item lies (uri, path, and the ``volatile`` keys of meta) is left out, so a copy
    elsewhere has the same digest.
    """
    told = (
        item.kind,
        item.title,
        item.text,
        item.when,
        item.until,
        item.people,
        item.place,
        item.links,
        item.thread,
        sorted((key, value) for key, value in item.meta.items() if key not in volatile),
    )
    return msgspec.structs.replace(item, digest=hashlib.sha256(msgspec.json.encode(told)).hexdigest())


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = "January February March April May June July August September October November December".split()


def day_in_words(day: date) -> str:
    """``Tuesday 2 June 2026``, whatever the locale of the process."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def weekday(number: int) -> str:
    return _DAYS[number % 7]


def month(number: int) -> str:
    return _MONTHS[(number - 1) % 12]


def time_in_words(moment: datetime) -> str:
    return f"{moment.hour:02}:{moment.minute:02}"
