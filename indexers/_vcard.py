"""vCards of all versions (2.1, RFC 2426, RFC 6350), line by line, so that a broken card spoils no other."""

from __future__ import annotations

import codecs
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from indexers._text import clean, decode, month, one_line, short_day

MAX_BYTES = 20_000_000
MAX_LINES = 600_000
MAX_CARDS = 20_000
MAX_PROPERTIES = 1_000  # of one card
MAX_VALUE = 20_000  # bytes of one value
MAX_VALUES = 50  # of one name in a card: addresses, phones
_PROPERTY = re.compile(r"(?:[A-Za-z0-9_-]{1,64}\.)?([A-Za-z][A-Za-z0-9-]{0,63})(?=[;:])")
_PARAMETER = re.compile(r';[ \t]*(?:([A-Za-z0-9-]{1,64})[ \t]*=)?((?:"[^"]*"|[^";:])*)')
_ESCAPED = re.compile(r"\\(.)", re.S)
_BINARY = frozenset(("PHOTO", "LOGO", "SOUND", "KEY"))
_PLACES = ("home", "work", "school", "other", "cell", "fax", "pager", "main")
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T.*)?")
_YEARLESS = re.compile(r"--(\d\d)-?(\d\d)")


@dataclass
class Property:
    """One line: its name in capitals, its parameters by lower-case name, its value as bytes."""

    name: str
    parameters: dict[str, str]
    value: bytes

    def text(self) -> str:
        """The value decoded and with its escapes resolved."""
        return _plain(self._decoded()).strip()

    def parts(self) -> list[str]:
        """The components of a structured value (N, ADR, ORG), each on one line."""
        return [
            one_line(_plain(part), 500)
            for part in re.split(r"(?<!\\);", self._decoded(), maxsplit=MAX_VALUES)
        ]

    def listed(self) -> list[str]:
        """The values of a list (NICKNAME, CATEGORIES)."""
        parts = re.split(r"(?<!\\),", self._decoded(), maxsplit=MAX_VALUES)
        return [word for part in parts if (word := one_line(_plain(part)))]

    def label(self) -> str:
        """What kind of address or number it is, as a person says it."""
        types = self.parameters.get("type", "").lower()
        return ", ".join(place for place in _PLACES if re.search(rf"\b{place}\b", types))

    def _decoded(self) -> str:
        data = self.value
        if self.parameters.get("encoding", "").lower() == "quoted-printable":
            data = quopri.decodestring(data)
        return decode(data, self.parameters.get("charset"))


@dataclass
class Card:
    """One contact; every list is in the order of the card."""

    uid: str = ""
    name: str = ""
    plain_name: str = ""  # given and family name, without titles
    nicknames: list[str] = field(default_factory=list)
    emails: list[tuple[str, str]] = field(default_factory=list)  # address, label
    phones: list[tuple[str, str]] = field(default_factory=list)
    organization: str = ""
    title: str = ""
    addresses: list[tuple[str, str]] = field(default_factory=list)
    birthday: str = ""  # in words
    websites: list[str] = field(default_factory=list)
    notes: str = ""
    categories: list[str] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    group: bool = False  # a list of people, not a person


def cards(data: bytes) -> Iterator[Card | str]:
    """The cards of a file; a sentence in place of one that is damaged, or of what is too much."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode()
    if data.count(b"\n") + data.count(b"\r") > 2 * MAX_LINES:
        yield f"a file of more than {MAX_LINES:,} lines"
        return
    blocks = _blocks(data.removeprefix(codecs.BOM_UTF8).decode("latin-1"))
    for count, lines in enumerate(blocks, start=1):
        if count > MAX_CARDS:
            yield f"only the first {MAX_CARDS:,} contacts of this file were read"
            return
        card = _card(_properties(lines))
        yield card if card.name else "a contact without a name, an address or a number"


def _blocks(text: str) -> Iterator[list[str]]:
    """The lines of each card; a card within a card (AGENT) is left out, a missing END is forgiven."""
    lines: list[str] | None = None
    inside = 0
    for line in re.split(r"\r\n?|\n", text):
        border = line[:16].strip().upper().replace(" ", "")
        if border == "BEGIN:VCARD":
            if lines is not None and lines and lines[-1].upper().startswith("AGENT"):
                inside += 1
                continue
            if lines:
                yield lines
            lines, inside = [], 0
        elif border == "END:VCARD":
            if inside:
                inside -= 1
                continue
            if lines is not None:
                yield lines
            lines = None
        elif lines is not None and not inside:
            lines.append(line)
    if lines:
        yield lines


def _properties(lines: list[str]) -> Iterator[Property]:
    """The lines unfolded; what is binary is left out unread."""
    found: Property | None = None
    pieces: list[str] = []
    size = 0  # of the pieces
    soft = False  # the line before ended in a soft break of quoted-printable
    left = MAX_PROPERTIES
    old = any(re.match(r"VERSION:\s*2", line, re.I) for line in lines[:20])
    for line in lines:
        match = None if soft or line[:1] in (" ", "\t") else _PROPERTY.match(line)
        if match is None:
            if found is not None and found.name not in _BINARY and size < MAX_VALUE:
                size += 1 + len(line)
                if soft:
                    pieces[-1] = pieces[-1].removesuffix("=")
                    pieces.append(line)
                elif line[:1] in (" ", "\t"):
                    pieces.append(f" {line[1:]}" if old else line[1:])
            soft = soft and line.endswith("=")
            continue
        if found is not None:
            yield _finished(found, pieces)
        left -= 1
        if left < 0:
            return
        parameters, begins = _parameters(line, match.end())
        found, pieces = Property(match[1].upper(), parameters, b""), [line[begins:]]
        size = len(line)
        soft = parameters.get("encoding", "").lower() == "quoted-printable" and line.endswith("=")
    if found is not None:
        yield _finished(found, pieces)


def _finished(found: Property, pieces: list[str]) -> Property:
    joined = "".join(pieces)[:MAX_VALUE]
    return Property(found.name, found.parameters, joined.encode("latin-1", "replace"))


def _parameters(line: str, at: int) -> tuple[dict[str, str], int]:
    """(parameters by lower-case name, where the value begins); version 2.1 leaves out the names."""
    found: dict[str, str] = {}
    for _ in range(MAX_VALUES):
        if line[at : at + 1] != ";" or (match := _PARAMETER.match(line, at)) is None:
            break
        name, value = (match[1] or "").lower(), match[2].strip().strip('"')
        if not name:
            bare = value.lower()
            name = "encoding" if bare in ("quoted-printable", "base64", "8bit", "b") else "type"
        found[name] = f"{found[name]},{value[:40]}" if name in found and name == "type" else value
        at = match.end()
    return found, line.find(":", at) + 1 or len(line)


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def _card(properties: Iterator[Property]) -> Card:
    card = Card()
    formatted = ""
    for one in properties:
        match one.name:
            case "FN":
                formatted = formatted or one_line(one.text(), 300)
            case "N":
                family, given = [*one.parts(), "", ""][:2]
                card.plain_name = card.plain_name or one_line(f"{given} {family}", 300)
            case "UID":
                card.uid = one_line(one.text(), 500).removeprefix("urn:uuid:")
            case "KIND" | "X-ADDRESSBOOKSERVER-KIND":
                card.group = one.text().lower() == "group"
            case "ORG":
                card.organization = card.organization or ", ".join(filter(None, one.parts()))
            case "TITLE" | "ROLE":
                card.title = card.title or one_line(one.text(), 300)
            case "BDAY":
                card.birthday = card.birthday or birthday(one.text())
            case "NOTE":
                card.notes = f"{card.notes}\n{clean(one.text())}".strip()[:MAX_VALUE]
            case _:
                _add(card, one)
    return named(card, formatted)


def named(card: Card, formatted: str = "") -> Card:
    """``card`` under the best name that it has."""
    numbers = [value for value, _ in (*card.emails, *card.phones)]
    card.name = next(
        filter(None, (formatted, card.plain_name, *card.nicknames, card.organization, *numbers)), ""
    )
    return card


def _add(card: Card, one: Property) -> None:
    """Properties of which a card may have many."""
    match one.name:
        case "EMAIL":
            add_email(card, re.sub(r"^mailto:", "", one.text(), flags=re.I), one.label())
        case "TEL":
            append(card.phones, (one_line(re.sub(r"^tel:", "", one.text(), flags=re.I), 100), one.label()))
        case "ADR":
            append(
                card.addresses,
                (", ".join(filter(None, (part.strip(", ") for part in one.parts()))), one.label()),
            )
        case "NICKNAME":
            card.nicknames += one.listed()[: MAX_VALUES - len(card.nicknames)]
        case "CATEGORIES":
            card.categories += one.listed()[: MAX_VALUES - len(card.categories)]
        case "URL" if len(card.websites) < MAX_VALUES:
            card.websites.append(one_line(one.text(), 1000))
        case "X-ABRELATEDNAMES" | "X-SPOUSE" | "X-EVOLUTION-SPOUSE" if len(card.related) < MAX_VALUES:
            card.related.append(one_line(one.text(), 200))


def add_email(card: Card, address: str, label: str = "") -> None:
    address = one_line(address, 320).lower()
    if "@" in address:
        append(card.emails, (address, label))


def append(values: list[tuple[str, str]], value: tuple[str, str]) -> None:
    """One more address or number with its label, unless it is there already."""
    if value[0] and len(values) < MAX_VALUES and all(value[0] != known for known, _ in values):
        values.append(value)


def birthday(value: str) -> str:
    """``22 March 1980``, or ``3 February`` where the year is not told; text as it is."""
    try:
        if match := _DAY.fullmatch(value):
            year, number, day = map(int, match.groups())
            return short_day(date(year, number, day)) if year > 1604 else f"{day} {month(number)}"
        if match := _YEARLESS.fullmatch(value):
            return f"{int(match[2])} {month(int(match[1]))}"
    except ValueError:
        pass
    return one_line(value, 100)
