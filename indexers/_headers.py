"""Mail headers: decoded words, addresses and dates, as broken as they come in real mail."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.errors import MessageError
from email.header import decode_header
from email.utils import getaddresses, parsedate_tz
from functools import lru_cache
from urllib.parse import quote

from indexers._text import clean, decode, one_line
from indexers.item import Person

MAX_HEADER = 16_384  # characters
MAX_ADDRESSES = 200
_CACHED = 400  # characters of a header that is worth remembering

_ENCODED = re.compile(r"=\?[^?\s]{1,60}\?[bq]\?", re.I)
_BASE64_WORD = re.compile(r"=\?([^?\s]{1,60})\?[bB]\?([^?]*)\?=")
_SIMPLE = re.compile(r'(?:"([^"\\]*)"|([^"<>@,:;()\\\[\]]*+))\s*+<([^<>@\s",;:()]+@[^<>@\s",;:()]+)>')
_BARE = re.compile(r"[^<>@\s\",;:()]+@[^<>@\s\",;:()]+")
_DATE = re.compile(  # as RFC 5322 has it, and nearly everybody
    r"\s*(?:[a-z]{3},\s*)?(\d{1,2}) (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) (\d{4}) "
    r"(\d\d):(\d\d)(?::(\d\d))? ([+-])(\d\d)(\d\d)(?=\s|\Z)",
    re.I | re.A,
)
_MONTHS = {
    name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
_PLAIN_ID = re.compile(r"[\w@!$&'()*+,;=:.~-]*", re.A)  # nothing of it is quoted in a url
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,500})>")


def text(raw: str, charset: str | None = None) -> str:
    """A header's words on one line, encoded words decoded in any charset; never raises.

    ``charset`` is that of the body, in which bytes are that are no UTF-8 and came unencoded.
    """
    return one_line(_unpack(raw[:MAX_HEADER], charset), 2000)


def _unpack(raw: str, charset: str | None = None) -> str:
    if "=?" not in raw or not _ENCODED.search(raw):
        return _unencoded(raw, charset)
    try:
        chunks = decode_header(raw)
    except (MessageError, ValueError, LookupError, AssertionError):  # broken base64, odd charsets
        whole = decode(raw.encode("utf-8", "surrogateescape"))
        return _BASE64_WORD.sub(_broken_word, whole)
    return "".join(_chunk(words, charset) for words, charset in chunks)


def _unencoded(raw: str, charset: str | None) -> str:
    if raw.isascii():
        return decode(raw.encode(), "iso-2022-jp") if "\x1b$" in raw else raw
    data = raw.encode("utf-8", "surrogateescape")
    try:
        return clean(data.decode("utf-8"))
    except UnicodeDecodeError:
        return decode(data, charset)


def _broken_word(match: re.Match[str]) -> str:
    """What can be read of an encoded word whose base64 is damaged."""
    letters = re.sub(r"[^A-Za-z0-9+/]", "", match[2])
    return decode(base64.b64decode(letters[: len(letters) // 4 * 4]), match[1])


def _chunk(words: bytes | str, charset: str | None) -> str:
    if isinstance(words, str):
        return decode(words.encode("utf-8", "surrogateescape"))
    return decode(words, (charset or "").partition("*")[0])  # RFC 2231 appends a language


def people(raw: Iterable[str], role: str, limit: int = MAX_ADDRESSES) -> list[Person]:
    """The correspondents named in address headers, each address once."""
    found: dict[tuple[str, str], Person] = {}
    for value in raw:
        named = _known_people(value, role) if len(value) <= _CACHED else _people(value[:MAX_HEADER], role)
        for person in named:
            found.setdefault((person.address or person.name, role), person)
            if len(found) >= limit:
                return list(found.values())
    return list(found.values())


def _people(value: str, role: str) -> Iterator[Person]:
    for name, address in _addresses(value):
        person = Person(name=_name(name, address), address=_address(address), role=role)
        if person.name or person.address:
            yield person


@lru_cache(1024)
def _known_people(value: str, role: str) -> tuple[Person, ...]:
    """Most mails are from and to the same few."""
    return tuple(_people(value, role))


def _addresses(value: str) -> list[tuple[str, str]]:
    flat = value.replace("\r", "").replace("\n", " ").strip()
    if match := _SIMPLE.fullmatch(flat):
        return [(match[1] or match[2] or "", match[3])]
    if _BARE.fullmatch(flat):
        return [("", flat)]
    try:
        return getaddresses([flat])
    except (ValueError, IndexError, TypeError, RecursionError):
        return [("", match) for match in _BARE.findall(flat)]


def _name(raw: str, address: str) -> str:
    name = text(raw).strip("\"' ")
    return "" if name.lower() == address.lower() else name[:200]


def _address(raw: str) -> str:
    return one_line(_unpack(raw), 320).lower() if "@" in raw else ""


def ids(raw: Iterable[str]) -> list[str]:
    """Message ids without their angle brackets, each once, in order."""
    found: dict[str, None] = {}
    for value in raw:
        joined = "".join(value[:MAX_HEADER].splitlines()) if "\n" in value else value[:MAX_HEADER]
        for message_id in _MESSAGE_ID.findall(joined):
            found[message_id if _PLAIN_ID.fullmatch(message_id) else one_line(message_id)] = None
    return list(found)


def message_id(raw: str) -> str:
    """The id of a Message-ID header, also where the brackets are missing; empty if there is none."""
    if named := ids([raw]):
        return named[0]
    word = one_line(raw).strip("<> ")
    return word if word and " " not in word else ""


def mid(identifier: str) -> str:
    """RFC 2392 url of a message id."""
    if _PLAIN_ID.fullmatch(identifier):
        return "mid:" + identifier
    return "mid:" + quote(identifier, safe="@!$&'()*+,;=:-._~")


def date(raw: str) -> datetime | None:
    """The moment a Date header names, with its zone (UTC where it names none), or None."""
    if written := _DATE.match(raw):
        day, month, year, hour, minute, second, sign, hours, minutes = written.groups()
        parts = (int(year), _MONTHS[month.lower()], int(day), int(hour), int(minute), int(second or 0))
        offset = (int(hours) * 3600 + int(minutes) * 60) * (-1 if sign == "-" else 1)
        return _moment(parts, offset)
    try:
        told = parsedate_tz(raw[:200])
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return _moment(told[:6], told[9] or 0) if told else None


def _moment(parts: tuple[int, ...], offset: int) -> datetime | None:
    try:
        year, month, day, hour, minute, second = parts
        moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=_zone(offset))
        moment.astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None
    return moment if 1970 <= moment.year <= 2200 else None


@lru_cache(256)
def _zone(offset: int) -> timezone:
    return timezone(timedelta(seconds=offset)) if abs(offset) < 86_400 else UTC
