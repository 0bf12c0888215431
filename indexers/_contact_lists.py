"""Contacts exported as a list: LDIF (RFC 2849), and CSV as Google, Outlook and Thunderbird write it."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from indexers._content import Unreadable
from indexers._text import clean, decode_file, one_line
from indexers._vcard import MAX_CARDS, MAX_VALUE, MAX_VALUES, Card, add_email, append, birthday, named

_MOST_COLUMNS, _MOST_LINES = 500, 2_000_000
_TOO_MANY = f"only the first {MAX_CARDS:,} contacts of this file were read"
_OTHER_TABLE = "a table without the columns of names and addresses that Google, Outlook or Thunderbird write"
_LONG = "a contact with a cell that is far too long, perhaps for want of a quotation mark"
_NOBODY = "a contact without a name, an address or a number"
_ENTRY = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s++|#[^\n]*+\n|version:[^\n]*+\n)*+dn::? ", re.I)
_ATTRIBUTE = re.compile(r"([A-Za-z][A-Za-z0-9.-]{0,63})(?:;[^:]{0,100})?:(:?) ?(.*)", re.S)


def is_ldif(head: bytes) -> bool:
    return _ENTRY.match(head) is not None


def is_table(head: bytes) -> bool:
    """Whether the first line of a file has the columns of an export of contacts."""
    line = (decode_file(head) or "").lstrip("\r\n").partition("\n")[0]
    header = next(_table(line), None)
    return header is not None and _Columns.of(header).whole


def ldif(data: bytes) -> Iterator[Card | str]:
    """The people and groups of a directory; entries of other sorts are passed over."""
    text = decode_file(data)
    if text is None:
        raise Unreadable("not a text")
    for number, entry in enumerate(_entries(text), start=1):
        if number > MAX_CARDS:
            yield _TOO_MANY
            return
        classes = {name.lower() for name in entry["objectclass"]}
        if "organizationalunit" in classes or not entry.keys() - {"dn", "objectclass"}:
            continue
        card = _directory_entry(entry, group="groupofnames" in classes)
        yield card if card.name else _NOBODY


def table(data: bytes) -> Iterator[Card | str]:
    """The people of a table. Raises Unreadable where it is not one of contacts."""
    text = decode_file(data)
    if text is None:
        raise Unreadable("not a text")
    rows = _table(text)
    header = next(rows, None)
    columns = _Columns.of(header or [])
    if not columns.whole:
        raise Unreadable(_OTHER_TABLE)
    for number, row in enumerate(rows, start=1):
        if number > MAX_CARDS:
            yield _TOO_MANY
            return
        if row is None:
            yield _LONG
        elif any(cell.strip() for cell in row):
            card = columns.card(row[:_MOST_COLUMNS])
            yield card if card.name else _NOBODY


# --- LDIF ----------------------------------------------------------------------------------------


def _entries(text: str) -> Iterator[dict[str, list[str]]]:
    """The values of each entry by attribute, in lower case; lines folded as RFC 2849 has it."""
    entry: dict[str, list[str]] = defaultdict(list)
    pieces: list[str] = []
    lines = text.split("\n", _MOST_LINES)
    for line in [*lines[:_MOST_LINES], ""]:
        if line[:1] == " " and pieces:
            if len(pieces) < MAX_VALUE // 40:
                pieces.append(line[1:])
            continue
        if pieces and (found := _attribute("".join(pieces)[:MAX_VALUE])) and len(entry[found[0]]) < 1000:
            entry[found[0]].append(found[1])
        pieces = [line] if line and line[0] not in "# " else []
        if not line.strip() and entry:
            if "dn" in entry:
                yield entry
            entry = defaultdict(list)
    if "dn" in entry:
        yield entry


def _attribute(line: str) -> tuple[str, str] | None:
    found = _ATTRIBUTE.match(line)
    if found is None or found[3].startswith("<"):  # a value that lies elsewhere is never fetched
        return None
    value = found[3]
    if found[2]:
        try:
            value = base64.b64decode(value, validate=False).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return None
    return found[1].lower(), clean(value).strip()


def _directory_entry(entry: dict[str, list[str]], *, group: bool) -> Card:
    """The attributes of inetOrgPerson (RFC 2798) and of Thunderbird's own schema."""
    first: Callable[..., str] = lambda *names: next(  # noqa: E731 - short for below
        (one_line(value, 300) for name in names for value in entry.get(name, ()) if value), ""
    )
    card = Card(uid=first("entryuuid"), group=group, title=first("title"))
    card.plain_name = one_line(f"{first('givenname', 'gn')} {first('sn', 'surname')}")
    card.nicknames = [name] if (name := first("mozillanickname", "xmozillanickname")) else []
    card.organization = ", ".join(filter(None, (first("o", "company"), first("ou", "department"))))
    for name in ("mail", "mozillasecondemail", "xmozillasecondemail"):
        for value in entry.get(name, ())[:MAX_VALUES]:
            add_email(card, value)
    for member in entry.get("member", ()) if group else ():
        add_email(card, re.sub(r"^.*\bmail=", "", member, flags=re.I).partition(",")[0])
    for name, label in _LDAP_PHONES:
        for value in entry.get(name, ())[:MAX_VALUES]:
            append(card.phones, (one_line(value, 100), label))
    for label, parts in _LDAP_PLACES.items():
        append(card.addresses, (", ".join(part for name in parts if (part := first(name))), label))
    card.websites = [site for name in _LDAP_SITES if (site := first(name))]
    card.notes = "\n".join(entry.get("description", []))[:MAX_VALUE]
    card.birthday = _birthday(first("birthyear"), first("birthmonth"), first("birthday"))
    return named(card, first("cn", "displayname"))


_LDAP_PHONES = (
    ("telephonenumber", "work"),
    ("homephone", "home"),
    ("mobile", "cell"),
    ("cellphone", "cell"),
    ("facsimiletelephonenumber", "fax"),
    ("fax", "fax"),
    ("pager", "pager"),
)
_LDAP_PLACES = {
    "home": (
        "mozillahomestreet",
        "mozillahomestreet2",
        "mozillahomepostalcode",
        "mozillahomelocalityname",
        "mozillahomestate",
        "mozillahomecountryname",
    ),
    "work": (
        "street",
        "streetaddress",
        "postaladdress",
        "mozillaworkstreet2",
        "postalcode",
        "l",
        "st",
        "c",
        "countryname",
    ),
}
_LDAP_SITES = ("mozillahomeurl", "mozillaworkurl", "homeurl", "workurl", "labeleduri")


def _birthday(year: str, month: str, day: str) -> str:
    if not (month.isdecimal() and day.isdecimal()):
        return ""
    return birthday(
        f"{year}-{month.zfill(2)}-{day.zfill(2)}" if year.isdecimal() else f"--{month.zfill(2)}{day.zfill(2)}"
    )


# --- tables --------------------------------------------------------------------------------------


class _Meaning(NamedTuple):
    """What a column holds: a field of a card, and its kind; ``label`` is the column that says so instead."""

    field: str
    kind: str = ""
    label: int = -1


# Columns by their name in small letters, of exports in English, German, French and Spanish.
_NAMED = {
    "name": "name|display name|file as|full name|anzeigename|nom complet|nombre completo|nombre para mostrar",
    "given": "first name|given name|vorname|prénom|nombre",
    "middle": "middle name|additional name|weitere vornamen|deuxième prénom|segundo nombre",
    "family": "last name|family name|surname|nachname|nom|nom de famille|apellidos|apellido",
    "nickname": "nickname|spitzname|surnom|apodo|sobrenombre",
    "organization": "company|organization|organization name|firma|organisation|société|entreprise"
    "|organización|compañía",
    "department": "department|organization department|abteilung|service|departamento",
    "title": "job title|organization title|position|funktion|titre du poste|fonction|puesto|cargo",
    "birthday": "birthday|geburtstag|anniversaire|cumpleaños",
    "year": "birth year|geburtsjahr|année de naissance|año de nacimiento",
    "month": "birth month|geburtsmonat|mois de naissance|mes de nacimiento",
    "day": "birth day|geburtstag (tag)|jour de naissance|día de nacimiento",
    "notes": "notes|note|notizen|notas",
    "tags": "labels|categories|group membership|kategorien|catégories|categorías|gruppenmitgliedschaft",
    "site": "web page|web page 1|web page 2|website|webseite|page web|página web|personal web page"
    "|business web page",
    "email": "mail|primary email|secondary email|adresse de messagerie|primäre e-mail-adresse"
    "|sekundäre e-mail-adresse",
    "phone home": "home phone|home phone 2|telefon privat|telefon (privat)|téléphone (domicile)"
    "|particular: teléfono",
    "phone work": "business phone|business phone 2|work phone|telefon geschäftlich|téléphone (bureau)"
    "|trabajo: teléfono|company main phone|assistant's phone",
    "phone cell": "mobile phone|mobile number|mobile|mobiltelefon|tél. mobile|teléfono móvil|móvil|handy",
    "phone fax": "home fax|business fax|fax number|fax privat|fax geschäftlich|télécopie (bureau)"
    "|fax del trabajo",
    "phone pager": "pager|pager number",
    "phone": "phone|phone number|primary phone|other phone|car phone|telefon|téléphone|teléfono",
}
_BY_NAME = {
    name: _Meaning(field.partition(" ")[0], field.partition(" ")[2])
    for field, names in _NAMED.items()
    for name in names.split("|")
}
_NUMBERED = re.compile(r"(e-mail|phone|website|organization|address|relation) (\d{1,2}) - (.+)")
_MAILS = re.compile(
    r"e-?mail(?:[ -]?\d{1,2})?:?(?:[ -]?address|[ -]?adresse)?|adresse e-?mail(?: \d{1,2})?"
    r"|(?:dirección de )?correo(?: electrónico)?(?: \d{1,2})?"
)
_PLACE = re.compile(
    r"(home|business|work|other) (?:(?:address|street)(?: \d)?|city|state|zipcode|postal code|country"
    r"(?:/region)?)"
    r"|(?:straße|ort|bundesland/kanton|postleitzahl|land/region) (privat|geschäftlich)(?: \d)?"
)
_FIELD = {"e-mail": "email", "phone": "phone", "website": "site", "relation": "related"}
_PARTS = ("street", "extended address", "po box", "city", "region", "postal code", "country")
_MANY = " ::: "  # between several values in one cell of Google's


class _Columns:
    """What each column of a table means."""

    def __init__(self, meanings: Sequence[_Meaning]) -> None:
        self._meanings = meanings

    @classmethod
    def of(cls, header: Sequence[str]) -> _Columns:
        names = [one_line(name, 100).lower() for name in header[:_MOST_COLUMNS]]
        return cls([_meaning(name, names) for name in names])

    @property
    def whole(self) -> bool:
        """Whether somebody is named and can be reached: other tables have a column of names too."""
        fields = {one.field for one in self._meanings}
        return bool(fields & {"name", "given", "family"}) and bool(fields & {"email", "phone", "place"})

    def card(self, row: Sequence[str]) -> Card:
        card, told, places = Card(), defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
        for written, one in zip(row, self._meanings, strict=False):
            cell = clean(written[:MAX_VALUE]).strip()
            if not cell or not one.field:
                continue
            label = _label(row[one.label]) if 0 <= one.label < len(row) else one.kind
            if one.field == "place":
                places[one.kind].append(one_line(cell.replace("\n", ", "), 300))
            elif one.field in ("email", "phone", "site", "related"):
                for value in cell.split(_MANY)[:MAX_VALUES]:
                    _reach(card, one.field, value, label)
            else:
                told[one.field].append(cell)
        return _filled(card, told, places)


def _meaning(name: str, names: Sequence[str]) -> _Meaning:
    if found := _NUMBERED.fullmatch(name):
        what, number, part = found.groups()
        if what == "address":
            formatted = f"address {number} - formatted" in names
            wanted = part == "formatted" if formatted else part in _PARTS
            return _Meaning("place", number) if wanted else _Meaning("")
        if what == "organization":
            return _Meaning(
                {"name": "organization", "title": "title", "department": "department"}.get(part, "")
            )
        labels = (f"{what} {number} - {word}" for word in ("label", "type"))
        label = next((names.index(one) for one in labels if one in names), -1)
        return _Meaning(_FIELD[what], "", label) if part == "value" else _Meaning("")
    if found := _PLACE.fullmatch(name):
        own = {"business": "work", "geschäftlich": "work", "privat": "home"}
        kind = found[1] or found[2]
        return _Meaning("place", own.get(kind, kind))
    if name in _BY_NAME:
        return _BY_NAME[name]
    return _Meaning("email") if _MAILS.fullmatch(name) else _Meaning("")


def _label(text: str) -> str:
    label = one_line(text, 40).lstrip("* ").lower()
    return {"mobile": "cell"}.get(label, label)


def _reach(card: Card, field: str, value: str, label: str) -> None:
    value = one_line(value, 300)
    match field:
        case "email":
            add_email(card, value, label)
        case "phone":
            append(card.phones, (value, label))
        case "site" if len(card.websites) < MAX_VALUES and value:
            card.websites.append(value)
        case "related" if len(card.related) < MAX_VALUES and value:
            card.related.append(f"{value} ({label})" if label else value)


def _filled(card: Card, told: dict[str, list[str]], places: dict[str, list[str]]) -> Card:
    first: Callable[[str], str] = lambda field: one_line(told[field][0], 300) if told[field] else ""  # noqa: E731
    whole = " ".join(filter(None, (first("given"), first("middle"), first("family"))))
    card.plain_name = one_line(f"{first('given')} {first('family')}")
    card.nicknames = [one_line(name, 200) for name in told["nickname"]][:MAX_VALUES]
    card.organization = ", ".join(filter(None, (first("organization"), first("department"))))
    card.title, card.notes = first("title"), "\n".join(told["notes"])[:MAX_VALUE]
    for kind, parts in places.items():
        append(card.addresses, (", ".join(dict.fromkeys(parts)), "" if kind.isdecimal() else kind))
    tags = re.split(r" ::: |[;,]", " ::: ".join(told["tags"]))
    words = (one_line(tag, 100).lstrip("* ") for tag in tags[:MAX_VALUES])
    card.categories = [word.replace(" ", "-") for word in words if word and word.lower() != "mycontacts"]
    card.birthday = _birthday(first("year"), first("month"), first("day")) or _told_day(first("birthday"))
    return named(card, first("name") or whole)


def _told_day(text: str) -> str:
    """As Google writes it (1980-03-22, --03-22), else as it is; Outlook's 0/0/00 is none."""
    return birthday(text.replace(" --", "--")) if text.strip("0/.- ") else ""


def _table(text: str) -> Iterator[list[str] | None]:
    """The rows, whatever separates their cells: what the first line has most of.

    None in place of one with a cell longer than the csv module takes; it goes on in the next line.
    """
    text = text.lstrip("\r\n")
    line = text.partition("\n")[0]
    separator = max(",;\t", key=line.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    while True:
        try:
            yield next(rows)
        except csv.Error:
            yield None
        except StopIteration:
            return
