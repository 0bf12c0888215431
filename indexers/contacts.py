"""Contacts: vCard files of any version, one card or many in a file, become one item a card."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from indexers import _files
from indexers._text import seal
from indexers._vcard import MAX_BYTES, Card, cards
from indexers.item import Item, Person, Skipped, Unit

SUFFIXES = frozenset((".vcf", ".vcard"))


def likely(path: Path, head: bytes) -> int:
    """How much a file looks like contacts: 0 not at all … 3 certainly."""
    begins = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:11].upper() == b"BEGIN:VCARD"
    return 3 if begins else int(path.suffix.lower() in SUFFIXES)


concerned = _files.concerned


def scan(root: Path) -> Iterator[Unit | Skipped]:
    """The vCard files under ``root``; every other visible file comes as Skipped."""
    for found in _files.walk(root):
        if isinstance(found, Skipped):
            yield found
        elif found.suffix.lower() in SUFFIXES:
            yield _files.unit(found)
        else:
            yield Skipped(uri=_files.uri(found), reason="not a contact: its name does not end in .vcf")


def read(path: Path) -> Iterator[Item | Skipped]:
    """The contacts of one file."""
    uri = _files.uri(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        yield Skipped(uri=uri, reason=f"this file could not be read: {_files.why(error)}")
        return
    if not data.strip() or len(data) > MAX_BYTES:
        reason = f"a file over the limit of {MAX_BYTES // 1_000_000} MB" if data.strip() else "an empty file"
        yield Skipped(uri=uri, reason=reason)
        return
    found = False
    for number, card in enumerate(cards(data), start=1):
        found = True
        if isinstance(card, str):
            yield Skipped(uri=f"{uri}#{number}", reason=card)
        else:
            yield _item(card, path)
    if not found:
        yield Skipped(uri=uri, reason="not a file of contacts: it has no BEGIN:VCARD")


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
            place=card.addresses[0][0] if card.addresses else "",
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
