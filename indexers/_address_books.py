"""Address books that programs keep as databases: Thunderbird's, Apple's Contacts and Evolution's.

Thunderbird keeps the properties of its cards, since version 102 with the whole vCard among them
(comm/mailnews/addrbook of its source code). Apple's is a Core Data store; its tables are as public readers
agree on them, and columns that a version lacks are empty. Evolution keeps vCards.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from indexers._content import Unreadable
from indexers._sqlite import Copy
from indexers._text import clean, one_line
from indexers._vcard import MAX_CARDS, MAX_VALUE, MAX_VALUES, Card, add_email, append, birthday, cards, named

NAMES = re.compile(r"(?:(?:abook|history)(?:-\d{1,3})?\.sqlite|AddressBook-v\d{2}\.abcddb|contacts\.db)")
OLD = re.compile(r"(?:abook|history|impab)(?:-\d{1,3})?\.mab")
_MAX_ROWS = 100 * MAX_CARDS
_APPLE = datetime(2001, 1, 1, tzinfo=UTC)
_APPLE_LABEL = re.compile(r"_\$!<(.{1,60})>!\$_")
_APPLE_TABLES = {
    "ZABCDEMAILADDRESS": "ZOWNER, ZADDRESS, ZLABEL",
    "ZABCDPHONENUMBER": "ZOWNER, ZFULLNUMBER, ZLABEL",
    "ZABCDURLADDRESS": "ZOWNER, ZURL, ZLABEL",
    "ZABCDRELATEDNAME": "ZOWNER, ZNAME, ZLABEL",
    "ZABCDPOSTALADDRESS": "ZOWNER, ZSTREET, ZZIPCODE, ZCITY, ZSTATE, ZCOUNTRYNAME, ZLABEL",
    "ZABCDNOTE": "ZCONTACT, ZTEXT",
}
_PLACES = ("Address", "Address2", "City", "State", "ZipCode", "Country")

Row = dict[str, str]


def people(path: Path) -> Iterator[Card | str]:
    """The cards of a database, a sentence in place of a damaged one. Raises Unreadable where it is none."""
    with Copy(path) as copy:
        for number, card in enumerate(_kind(copy)(copy)):
            if number >= MAX_CARDS:
                yield f"only the first {MAX_CARDS:,} contacts of this address book were read"
                return
            yield card if isinstance(card, str) or card.name else "a contact without a name or an address"


def _kind(copy: Copy) -> Callable[[Copy], Iterator[Card | str]]:
    tables = copy.tables()
    if {"properties", "lists"} <= tables:
        return _thunderbird
    if "ZABCDRECORD" in tables:
        return _apple
    if any({"uid", "vcard"} <= _columns(copy, table) for table in tables):
        return _evolution
    raise Unreadable("a database that is no address book")


def _columns(copy: Copy, table: str) -> frozenset[str]:
    quoted = table.replace('"', '""')
    return frozenset(str(row[1]) for row in copy.rows(f'PRAGMA table_info("{quoted}")'))


def _rows(copy: Copy, table: str, columns: str) -> Iterator[Row]:
    """Each row as text; a column that is not there is empty, as is every one of a table that is not."""
    there, wanted = _columns(copy, table), columns.split(", ")
    if not there:
        return
    named_ = ", ".join(f'"{name}"' if name in there else "NULL" for name in wanted)
    quoted = table.replace('"', '""')
    for count, row in enumerate(copy.rows(f'SELECT {named_} FROM "{quoted}"')):
        if count >= _MAX_ROWS:
            raise Unreadable("more rows than any address book has")
        yield dict(
            zip(wanted, ("" if value is None else str(value)[:MAX_VALUE] for value in row), strict=True)
        )


def _whole(text: str, uid: str) -> Card | str:
    """The card of a vCard that is kept under ``uid``."""
    card = next(cards(text.encode("utf-8", "replace")), "a damaged contact: what is kept of it is no vCard")
    if isinstance(card, Card):
        card.uid = card.uid or one_line(uid, 500)
    return card


# --- Thunderbird -------------------------------------------------------------------------------


def _thunderbird(copy: Copy) -> Iterator[Card | str]:
    told: dict[str, Row] = defaultdict(dict)
    for row in _rows(copy, "properties", "card, name, value"):
        told[row["card"]][row["name"]] = row["value"]
    found: dict[str, Card] = {}
    for uid, one in told.items():
        card = _whole(one["_vCard"], uid) if one.get("_vCard") else _mozilla(one, uid)
        if isinstance(card, Card):
            found[uid] = card
        yield card
    members: dict[str, list[str]] = defaultdict(list)
    for row in _rows(copy, "list_cards", "list, card"):
        members[row["list"]].append(row["card"])
    for row in _rows(copy, "lists", "uid, name, nickName, description"):
        group = Card(uid=one_line(row["uid"], 500), group=True, notes=clean(row["description"]))
        for uid in members[row["uid"]]:
            if uid in found and found[uid].emails:
                append(group.emails, found[uid].emails[0])
        group.nicknames = [one_line(row["nickName"], 200)] if row["nickName"].strip() else []
        yield named(group, one_line(row["name"], 300))


def _mozilla(one: Row, uid: str) -> Card:
    """A card of a version before 102."""
    told: Callable[[str], str] = lambda name: one_line(one.get(name, ""), 300)  # noqa: E731 - short for below
    card = Card(uid=one_line(uid, 500), title=told("JobTitle"), notes=clean(one.get("Notes", "")).strip())
    card.plain_name = one_line(f"{told('FirstName')} {told('LastName')}")
    card.nicknames = [told("NickName")] if told("NickName") else []
    card.organization = ", ".join(filter(None, (told("Company"), told("Department"))))
    for name in ("PrimaryEmail", "SecondEmail"):
        add_email(card, told(name))
    for name, label in (
        ("WorkPhone", "work"),
        ("HomePhone", "home"),
        ("CellularNumber", "cell"),
        ("FaxNumber", "fax"),
        ("PagerNumber", "pager"),
    ):
        append(card.phones, (told(name), label))
    for label in ("Home", "Work"):
        append(card.addresses, (", ".join(filter(None, (told(label + p) for p in _PLACES))), label.lower()))
    card.websites = [site for name in ("WebPage1", "WebPage2") if (site := told(name))]
    day = f"{told('BirthYear').zfill(4)}-{told('BirthMonth').zfill(2)}-{told('BirthDay').zfill(2)}"
    if told("BirthMonth") and told("BirthDay"):
        card.birthday = birthday(day if told("BirthYear") else f"-{day[4:]}")
    return named(card, told("DisplayName"))


# --- Apple -------------------------------------------------------------------------------------


def _apple(copy: Copy) -> Iterator[Card | str]:
    kinds = {row["Z_ENT"]: row["Z_NAME"] for row in _rows(copy, "Z_PRIMARYKEY", "Z_ENT, Z_NAME")}
    columns = (
        "Z_PK, Z_ENT, ZUNIQUEID, ZFIRSTNAME, ZMIDDLENAME, ZLASTNAME, ZMAIDENNAME, ZNICKNAME, ZNAME, "
        "ZORGANIZATION, ZDEPARTMENT, ZJOBTITLE, ZBIRTHDAY"
    )
    more = {table: _by_owner(copy, table, wanted) for table, wanted in _APPLE_TABLES.items()}
    rows = {row["Z_PK"]: row for row in _rows(copy, "ZABCDRECORD", columns)}
    groups = {key: row for key, row in rows.items() if kinds.get(row["Z_ENT"], "").endswith("Group")}
    member_of = _apple_groups(copy)
    for key, row in rows.items():
        if kinds.get(row["Z_ENT"], "ABCDContact") == "ABCDContact":
            card = _apple_card(row, {table: held[key] for table, held in more.items()})
            names = (one_line(groups[g]["ZNAME"], 100) for g in member_of[key] if g in groups)
            card.categories = [name.replace(" ", "-") for name in names if name][:MAX_VALUES]
            if card.name:  # a record of Contacts' own has none
                yield card


def _by_owner(copy: Copy, table: str, columns: str) -> dict[str, list[Row]]:
    held: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(copy, table, columns):
        held[row[columns.partition(",")[0]]].append(row)
    return held


def _apple_groups(copy: Copy) -> dict[str, list[str]]:
    """The groups of each contact; the numbers in the names of table and columns differ between versions."""
    found: dict[str, list[str]] = defaultdict(list)
    for table in sorted(name for name in copy.tables() if re.fullmatch(r"Z_\d{1,3}PARENTGROUPS", name)):
        there = _columns(copy, table)
        contact = next((name for name in there if re.fullmatch(r"Z_\d{1,3}CONTACTS", name)), "")
        group = next((name for name in there if re.fullmatch(r"Z_\d{1,3}PARENTGROUPS\d?", name)), "")
        if contact and group:
            for row in _rows(copy, table, f"{contact}, {group}"):
                found[row[contact]].append(row[group])
    return found


def _apple_card(row: Row, more: dict[str, list[Row]]) -> Card:
    told: Callable[[str], str] = lambda name: one_line(row[name], 300)  # noqa: E731 - short for below
    card = Card(uid=told("ZUNIQUEID").removesuffix(":ABPerson"), title=told("ZJOBTITLE"))
    card.plain_name = one_line(f"{told('ZFIRSTNAME')} {told('ZLASTNAME')}")
    card.nicknames = [name for key in ("ZNICKNAME", "ZMAIDENNAME") if (name := told(key))]
    card.organization = ", ".join(filter(None, (told("ZORGANIZATION"), told("ZDEPARTMENT"))))
    for one in more["ZABCDEMAILADDRESS"]:
        add_email(card, one["ZADDRESS"], _apple_label(one))
    for one in more["ZABCDPHONENUMBER"]:
        append(card.phones, (one_line(one["ZFULLNUMBER"], 100), _apple_label(one)))
    for one in more["ZABCDPOSTALADDRESS"]:
        parts = ("ZSTREET", "ZZIPCODE", "ZCITY", "ZSTATE", "ZCOUNTRYNAME")
        address = ", ".join(part for key in parts if (part := one_line(one[key], 300)))
        append(card.addresses, (address, _apple_label(one)))
    card.websites = [one_line(one["ZURL"], 1000) for one in more["ZABCDURLADDRESS"]][:MAX_VALUES]
    card.related = [
        one_line(f"{one['ZNAME']} ({label})" if (label := _apple_label(one)) else one["ZNAME"], 200)
        for one in more["ZABCDRELATEDNAME"]
    ][:MAX_VALUES]
    card.notes = "\n".join(clean(one["ZTEXT"]).strip() for one in more["ZABCDNOTE"])[:MAX_VALUE]
    card.birthday = _apple_day(row["ZBIRTHDAY"])
    return named(card, one_line(" ".join(map(told, ("ZFIRSTNAME", "ZMIDDLENAME", "ZLASTNAME"))), 300))


def _apple_label(row: Row) -> str:
    label = _APPLE_LABEL.sub(r"\1", row["ZLABEL"]).strip().lower()
    return one_line({"mobile": "cell"}.get(label, label), 40)


def _apple_day(seconds: str) -> str:
    """A birthday: seconds since 2001 at noon UTC; the year 1604 where none is told."""
    try:
        day = _APPLE + timedelta(seconds=float(seconds))
    except (ValueError, OverflowError):
        return ""
    return birthday(f"{day:%Y-%m-%d}" if day.year > 1604 else f"--{day:%m-%d}")


# --- Evolution ---------------------------------------------------------------------------------


def _evolution(copy: Copy) -> Iterator[Card | str]:
    for table in sorted(copy.tables()):
        if {"uid", "vcard"} <= _columns(copy, table):
            for row in _rows(copy, table, "uid, vcard"):
                if row["vcard"].strip():
                    yield _whole(row["vcard"], row["uid"])
