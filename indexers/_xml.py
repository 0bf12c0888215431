"""XML of strangers: read piece by piece, without entities, outside files, or more elements than fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser
from xml.parsers import expat

from indexers import _pulse
from indexers._content import Unreadable

MAX_ELEMENTS = 1_000_000
MAX_DEPTH = 1_000
_CHUNK = 65_536
_HEAD = 1_000_000  # bytes before the first element
_TRAP = "it defines its own entities, as only traps do"
_TOO_LARGE = "its XML is larger or deeper than that of any honest document"
_DAMAGED = "damaged: the XML in it is not well formed"
_SURROGATES = re.compile(rb"&#(5[5-6]\d{3});&#(5[6-7]\d{3});")
_REFERENCE = re.compile(rb"&#(\d{1,7});|&#[xX]([0-9a-fA-F]{1,6});")
_MAY_GO_ON = re.compile(  # the first half of a pair, and what is cut in two
    rb"(?:&#5(?:5[2-9]\d\d|6[0-2]\d\d|63[01]\d);)?+(?:&#?[0-9a-zA-Z]{0,8})?+\Z"
)


class TooLarge(Unreadable):
    """More elements than fit, or deeper; those before were given."""


def local(tag: str) -> str:
    """A tag or attribute without its namespace."""
    return tag.rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """The value of an attribute in whatever namespace, empty when there is none."""
    for key, value in element.items():
        if local(key) == name:
            return value
    return ""


def ended(
    data: bytes, *, most: int = MAX_ELEMENTS, without: frozenset[str] = frozenset()
) -> Iterator[Element]:
    """Every element as it ends, children before parents, which still hold them unless they were cleared.

    Elements named in ``without`` are passed over with all that is in them; raises as :func:`events`.
    """
    return (element for _, element in events(data, most=most, without=without, starts=False))


def events(
    data: bytes, *, most: int = MAX_ELEMENTS, without: frozenset[str] = frozenset(), starts: bool = True
) -> Iterator[tuple[bool, Element]]:
    """(whether it begins, the element), for the beginning and the end of each; ``without`` as above.

    Raises Unreadable where the XML is damaged or declares a document type, TooLarge where it has more
    than ``most`` elements or nests them deeper than any honest document does.
    """
    begun = depth = hidden = 0
    for batch in _parsed(data):
        _pulse.beat()
        for event, element in batch:
            if event == "start":
                begun, depth = begun + 1, depth + 1
                if begun > most or depth > MAX_DEPTH:
                    raise TooLarge(_TOO_LARGE)
                if without and not hidden and local(element.tag) in without:
                    hidden = depth
                if starts and not hidden:
                    yield True, element
                continue
            if not hidden:
                yield False, element
            elif hidden == depth:
                hidden = 0
                element.clear()
            depth -= 1


def _parsed(data: bytes) -> Iterator[Iterator[tuple[str, Element]]]:
    """What the parser says of each piece of ``data``."""
    parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
    head: bytes | None = b""  # what came before the first element
    try:
        for at in range(0, len(data) + _CHUNK, _CHUNK):
            if at < len(data):
                parser.feed(data[at : at + _CHUNK])
            else:
                parser.close()
            batch = iter(cast("Iterator[tuple[str, Element]]", parser.read_events()))
            if head is not None:
                head += data[at : at + _CHUNK]
                if b"<!DOCTYPE" in head.replace(b"\0", b""):
                    raise Unreadable(_TRAP)
                if len(head) > _HEAD:
                    raise TooLarge(_TOO_LARGE)
                first = next(batch, None)
                if first is not None:
                    head = None
                    yield iter((first,))
            yield batch
    except (ParseError, ValueError, LookupError):
        raise Unreadable(_DAMAGED) from None


def tree(data: bytes) -> Element:
    """The root of a small document; raises as :func:`ended`."""
    last: Element | None = None
    for last in ended(data, most=200_000):  # noqa: B007 - the last to end is the root
        pass
    if last is None:
        raise Unreadable(_DAMAGED)
    return last


def stream(
    file: IO[bytes],
    begin: Callable[[str, dict[str, str]], None],
    *,
    most: int,
    end: Callable[[str], None] | None = None,
) -> Iterator[int]:
    """Call ``begin(tag, attributes)`` for each element of a file of any size; yields bytes read so far.

    For formats that say everything in attributes. A document type may be declared, entities may not.
    Raises Unreadable where the XML is damaged, or one piece of it is larger than ``most`` bytes.
    """
    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    if end is not None:
        parser.EndElementHandler = end
    parser.EntityDeclHandler = _refuse
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    total, rest, given, used = 0, b"", 0, 0
    while chunk := file.read(1 << 20):
        total += len(chunk)
        piece, rest = _whole(rest + chunk)
        piece = _references(piece)
        try:
            parser.Parse(piece, False)
        except (expat.ExpatError, ValueError, LookupError):
            raise Unreadable(_DAMAGED) from None
        given += len(piece)
        index = parser.CurrentByteIndex
        used = max(used, index)
        if given - used > most:
            raise Unreadable("one piece of it is larger than any honest one")
        yield total
    try:
        parser.Parse(_references(rest), True)
    except (expat.ExpatError, ValueError, LookupError):
        raise Unreadable("damaged, or it ends in the middle: the XML in it is not well formed") from None


def _refuse(*_: object) -> None:
    raise Unreadable(_TRAP)


def _whole(data: bytes) -> tuple[bytes, bytes]:
    """``data`` up to where a character reference, or a pair of them, may be cut in two; and the rest."""
    found = _MAY_GO_ON.search(data, max(0, len(data) - 20))
    at = found.start() if found else len(data)
    return data[:at], data[at:]


def _references(data: bytes) -> bytes:
    """References to characters that XML has not, which some programs write, as what they mean.

    Two to the halves of a surrogate pair are one character; those to control characters are nothing.
    """
    if b"&#" not in data:
        return data
    return _REFERENCE.sub(_reference, _SURROGATES.sub(_pair, data))


def _pair(match: re.Match[bytes]) -> bytes:
    high, low = int(match[1]), int(match[2])
    if 0xD800 <= high < 0xDC00 <= low < 0xE000:
        return chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00).encode()
    return b""


def _reference(match: re.Match[bytes]) -> bytes:
    number = int(match[1]) if match[1] else int(match[2], 16)
    honest = number in (9, 10, 13) or 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE
    return match[0] if honest or 0x10000 <= number < 0x110000 else b""
