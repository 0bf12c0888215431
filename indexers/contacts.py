"""Contacts: vCard files, address books of mail programs and exported lists become one item a card."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from indexers import _address_books, _contact_lists, _files, _pulse, _sqlite
from indexers._content import Unreadable
from indexers._text import seal
from indexers._vcard import MAX_BYTES, Card, cards
from indexers.item import Item, Person, Skipped, Unit

SUFFIXES = frozenset((".vcf", ".vcard", ".ldif", ".ldi", ".csv"))
_PROFILE = ("prefs.js", "profiles.ini")  # of Thunderbird
_SHOWN = 5  # places of one person that are searched by
_LOGS = ("-wal", "-shm", "-journal")
_OLD = (
    "an address book as Thunderbird kept it until 2020; open it once in a newer Thunderbird, "
    "or export it there as vCard"
)


def likely(path: Path, head: bytes) -> int:
    """How much a file looks like contacts: 0 not at all … 3 certainly."""
    suffix = path.suffix.lower()
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:11].upper() == b"BEGIN:VCARD":
        return 3
    if suffix == ".csv":
        return 3 if _contact_lists.is_table(head) else 0
    if suffix in (".ldif", ".ldi"):
        return 3 if _contact_lists.is_ldif(head) else 0
    if head.startswith(b"SQLite format 3\0"):
        return 3 if _address_books.NAMES.fullmatch(path.name) else 0
    return int(suffix in SUFFIXES)


def concerned(root: Path, changed: Path) -> Path | None:
    """A file by itself, a database where its log changed; nothing where a full scan passes over it."""
    place = _files.concerned(root, changed)
    if place is None or place == root:
        return place
    of_log = next((place.name.removesuffix(log) for log in _LOGS if place.name.endswith(log)), "")
    if _address_books.NAMES.fullmatch(of_log):
        return place.with_name(of_log)
    above = (folder for folder in place.parents if folder == root or root in folder.parents)
    inside = any(_is_store(each.name for each in _listed(folder)) for folder in above)
    return None if place.is_file() and _beside(place.name, inside=inside) else place


def scan(root: Path) -> Iterator[Unit | Skipped]:
    """The address books and files of contacts under ``root``; every other visible file comes as Skipped.

    In a folder where a program keeps its address book all other kinds of files are that program's, and are
    passed over.
    """
    if not root.is_dir():
        for found in _files.walk(root):
            yield found if isinstance(found, Skipped) else _unit(found)
        return
    stores: list[Path] = []
    for listed in _files.folders(root):
        if isinstance(listed, Skipped):
            yield listed
            continue
        folder, entries = listed
        if _is_store(entry.name for entry in entries):
            stores.append(folder)
        inside = any(store in (folder, *folder.parents) for store in stores)
        for entry in entries:
            if not _beside(entry.name, inside=inside):
                for found in _files.regular(Path(entry.path)):
                    yield found if isinstance(found, Skipped) else _unit(found)


def _is_store(names: Iterable[str]) -> bool:
    """Whether files of these names lie in a profile of Thunderbird or beside a program's address book."""
    return any(name in _PROFILE or _address_books.NAMES.fullmatch(name) for name in names)


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _beside(name: str, *, inside: bool) -> bool:
    """What lies beside contacts: logs of databases, and the rest of a program's folder."""
    if name.endswith(_LOGS):
        return True
    book = _address_books.NAMES.fullmatch(name) or _address_books.OLD.fullmatch(name)
    return inside and not book and not name.lower().endswith(tuple(SUFFIXES))


def _unit(path: Path) -> Unit | Skipped:
    if _address_books.NAMES.fullmatch(path.name):
        return Unit(path=_files.absolute(path), stamp=_sqlite.stamp(path))
    if _address_books.OLD.fullmatch(path.name):
        beside = path.with_suffix(".sqlite").is_file()
        reason = f"the same address book as in {path.stem}.sqlite, before Thunderbird 78" if beside else _OLD
        return Skipped(uri=_files.uri(path), reason=reason)
    if path.suffix.lower() in SUFFIXES:
        return _files.unit(path)
    return Skipped(uri=_files.uri(path), reason="not a contact: its name does not end in .vcf, .ldif or .csv")


def read(path: Path) -> Iterator[Item | Skipped]:
    """The contacts of one file."""
    uri = _files.uri(path)
    try:
        yield from _numbered(_cards(path), path)
    except OSError as error:
        yield Skipped(uri=uri, reason=f"this file could not be read: {_files.why(error)}")
    except Unreadable as error:
        yield Skipped(uri=uri, reason=f"not read as contacts: {error}")


def _cards(path: Path) -> Iterator[Card | str]:
    """Raises Unreadable for a file that holds none, OSError for one that cannot be read."""
    head = _files.head(path)
    if head.startswith(b"SQLite format 3\0"):
        return _address_books.people(path)
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Unreadable(f"a file over the limit of {MAX_BYTES // 1_000_000} MB")
    if not data.strip():
        raise Unreadable("an empty file")
    if path.suffix.lower() == ".csv":
        return _contact_lists.table(data)
    return _contact_lists.ldif(data) if _contact_lists.is_ldif(head) else cards(data)


def _numbered(found: Iterator[Card | str], path: Path) -> Iterator[Item | Skipped]:
    """Each card; the ones that are damaged are told by their number."""
    none = True
    for number, card in enumerate(found, start=1):
        none = False
        _pulse.beat()
        yield (
            Skipped(uri=f"{_files.uri(path)}#{number}", reason=card)
            if isinstance(card, str)
            else _item(card, path)
        )
    if none:
        book = _address_books.NAMES.fullmatch(path.name)
        raise Unreadable("there is nobody in this address book" if book else "there is no contact in it")


def _uri(card: Card) -> str:
    """``contact:<UID>``; who and how to reach them stands in for a missing UID, so that notes may change."""
    if card.uid:
        return "contact:" + quote(card.uid, safe="@!$&'()*+,;=:-._~{}")
    told = "\n".join([card.name, *(value for value, _ in (*card.emails, *card.phones))])
    return f"contact:sha256-{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()}"


def _item(card: Card, path: Path) -> Item:
    meta = {
        "birthday": card.birthday,
        "phone": "; ".join(value for value, _ in card.phones)[:500],
        "tags": " ".join(card.categories)[:500],
        "group": "1" if card.group else "",
    }
    return seal(
        Item(
            uri=_uri(card),
            source="contacts",
            kind="contact",
            title=card.name,
            text=_told(card),
            digest="",
            people=_people(card),
            place="; ".join(address for address, _ in card.addresses[:_SHOWN]),
            links=tuple(site for site in card.websites if site.startswith(("http://", "https://"))),
            path=_files.absolute(path),
            meta={key: value for key, value in meta.items() if value},
        )
    )


def _people(card: Card) -> tuple[Person, ...]:
    """The person under every name and address of the card, which is what says that these are one."""
    if card.group:
        return tuple(Person(address=address, role="member") for address, _ in card.emails)
    addresses = [address for address, _ in card.emails] or [""]
    found = [Person(name=card.name, address=address, role="contact") for address in addresses]
    known = card.name.casefold()
    others = dict.fromkeys(name for name in (card.plain_name, *card.nicknames) if name.casefold() != known)
    return (*found, *(Person(name=name, address=addresses[0], role="contact") for name in others if name))


def _told(card: Card) -> str:
    """The card as a person would read it out."""
    lines = [card.name]
    for label, values in (
        ("Also called", [", ".join(card.nicknames)]),
        ("Works as", [card.title]),
        ("Organization", [card.organization]),
        ("Email", [_labelled(one) for one in card.emails]),
        ("Phone", [_labelled(one) for one in card.phones]),
        ("Address", [_labelled(one) for one in card.addresses]),
        ("Birthday", [card.birthday]),
        ("Website", card.websites),
        ("Related", [", ".join(card.related)]),
    ):
        lines += [f"{label}: {value}" for value in values if value]
    return "\n".join(lines) + (f"\n\n{card.notes}" if card.notes else "")


def _labelled(value: tuple[str, str]) -> str:
    return f"{value[0]} ({value[1]})" if value[1] else value[0]
