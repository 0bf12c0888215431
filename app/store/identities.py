"""One person under many names and addresses: which rows of ``people`` are the same, as items come and go.

The same address is one person, unless it writes for many (a list). What a contact card lists is one person.
The same full name at two addresses is not: these may be two people, and only an address that says more than
the name (its number, a subdomain) makes them one. A name without an address belongs to the only person who
has it. Only what a change can touch is looked at again: triggers note whose rows came, went or were joined.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import msgspec
import sqlite_utils

from app.store.passages import fold

SHARED = 3  # names at one address; where there are more it is a list that writes for others
_NAMESAKES = 50  # rows with one name that are compared
_WORDS = re.compile(r"[^\W_]+")
_TITLES = frozenset("mr mrs ms miss dr prof herr frau mme sr sra jr ing mag".split())
_DOTLESS = frozenset(("gmail.com", "googlemail.com"))  # dots in the local part mean nothing there

SCHEMA = """
    -- identity: the least person_id of those who are the same; name and address as they are compared
    CREATE TABLE identities (
        person_id INTEGER PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
        identity INTEGER NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL
    ) STRICT;
    CREATE INDEX identities_identity ON identities (identity);
    CREATE INDEX identities_address ON identities (address, name) WHERE address <> '';
    CREATE INDEX identities_name ON identities (name) WHERE name <> '';
    CREATE TABLE shared_addresses (address TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE TABLE stale_identities (person_id INTEGER PRIMARY KEY) STRICT;
    CREATE INDEX item_people_contact ON item_people (person_id) WHERE role = 'contact';

    CREATE TRIGGER people_came AFTER INSERT ON people BEGIN
        INSERT OR IGNORE INTO stale_identities VALUES (new.id);
    END;
    CREATE TRIGGER people_went BEFORE DELETE ON people BEGIN
        INSERT OR IGNORE INTO stale_identities SELECT person_id FROM identities
            WHERE identity = (SELECT identity FROM identities WHERE person_id = old.id);
        -- an address may not be shared any more, a name may be one person's only: a few lead to the rest
        INSERT OR IGNORE INTO stale_identities SELECT o.person_id FROM identities d
            JOIN identities o ON o.address = d.address AND o.address <> '' AND o.person_id <> d.person_id
            WHERE d.person_id = old.id LIMIT 4;
        INSERT OR IGNORE INTO stale_identities SELECT o.person_id FROM identities d
            JOIN identities o ON o.name = d.name AND o.name <> '' AND o.person_id <> d.person_id
            WHERE d.person_id = old.id LIMIT 4;
    END;
    CREATE TRIGGER contact_came AFTER INSERT ON item_people WHEN new.role = 'contact' BEGIN
        INSERT OR IGNORE INTO stale_identities VALUES (new.person_id);
    END;
    CREATE TRIGGER contact_went AFTER DELETE ON item_people WHEN old.role = 'contact' BEGIN
        INSERT OR IGNORE INTO stale_identities SELECT person_id FROM identities
            WHERE identity = (SELECT identity FROM identities WHERE person_id = old.person_id);
    END;
    INSERT INTO stale_identities SELECT id FROM people;
"""


class _Row(NamedTuple):
    id: int
    identity: int
    name: str
    address: str


def name_key(name: str) -> str:
    """A name as names are compared: folded, family name last, without titles; empty for none."""
    name = re.sub(r"\([^)]*\)", " ", name)
    family, comma, given = name.partition(",")
    if comma and "," not in given and len(given.split()) <= 3:
        name = f"{given} {family}"
    words = _WORDS.findall(fold(name))
    return " ".join(word for word in words if word not in _TITLES) or " ".join(words)


def address_key(address: str) -> str:
    """A mailbox: lower case, without what follows a plus sign; empty where it is no address."""
    local, _, domain = address.lower().strip().rpartition("@")
    if not local or not domain:
        return ""
    local = local.partition("+")[0] or local
    if domain in _DOTLESS:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


def refresh(db: sqlite_utils.Database) -> None:
    """Inside a transaction: put right who is the same person, as far as something changed."""
    stale = [row[0] for row in db.conn.execute("SELECT person_id FROM stale_identities")]
    if not stale:
        return
    _note(db, stale)
    rows = _touched(db, stale)
    found = _same(db, rows)
    db.conn.executemany(
        "UPDATE identities SET identity = ? WHERE person_id = ?",
        [(found[row.id], row.id) for row in rows.values() if found[row.id] != row.identity],
    )
    if not rows.keys() >= set(stale):  # of addresses that went with those who had them nothing stays
        db.conn.execute(
            "DELETE FROM shared_addresses WHERE NOT EXISTS (SELECT 1 FROM identities d "
            "WHERE d.address = shared_addresses.address AND d.address <> '')"
        )
    db.conn.execute("DELETE FROM stale_identities")


def _note(db: sqlite_utils.Database, stale: Sequence[int]) -> None:
    """Those who are new, each a person of their own for now."""
    new = _each(
        db,
        "SELECT p.id, p.name, p.address FROM people p LEFT JOIN identities d ON d.person_id = p.id "
        "WHERE d.person_id IS NULL AND p.id",
        stale,
    )
    db.conn.executemany(
        "INSERT INTO identities (person_id, identity, name, address) VALUES (?1, ?1, ?2, ?3)",
        [(id, name_key(name), address_key(address)) for id, name, address in new],
    )


def _touched(db: sqlite_utils.Database, stale: Iterable[int]) -> dict[int, _Row]:
    """All whose identity can differ now: whole identities, as they were and as they may become."""
    found: dict[int, _Row] = {}
    todo, addresses, names = set(stale), set[str](), set[str]()
    # what is not empty is said to be so, else SQLite does not use an index that holds only such rows
    by_address = "SELECT person_id FROM identities WHERE address <> '' AND address"
    by_name = "SELECT person_id FROM identities WHERE name <> '' AND name = ? ORDER BY address <> ''"
    columns = "SELECT person_id, identity, name, address FROM identities WHERE"
    while todo:
        rows = [_Row(*row) for row in _each(db, f"{columns} person_id", todo)]
        found |= {row.id: row for row in rows}
        more = set(_ids(db, "SELECT person_id FROM identities WHERE identity", {r.identity for r in rows}))
        new = {row.address for row in rows if row.address} - addresses
        more |= set(_ids(db, by_address, _to_look_at(db, new)))
        addresses |= new
        called = {row.name for row in rows if " " in row.name} - names
        for name in called:
            limit = f"LIMIT {_NAMESAKES}"
            more |= {id for (id,) in db.conn.execute(f"{by_name} {limit}", (name,))}
        names |= called
        more |= {id for pair in _on_cards(db, [row.id for row in rows]) for id in pair}
        todo = more - found.keys()
    return found


def _to_look_at(db: sqlite_utils.Database, addresses: Iterable[str]) -> list[str]:
    """Of addresses those whose rows are, or were until now, one person."""
    listed = list(addresses)
    names = "SELECT DISTINCT address, name FROM identities WHERE name <> '' AND address <> '' AND address"
    shared = {
        address
        for address, count in Counter(row[0] for row in _each(db, names, listed)).items()
        if count > SHARED
    }
    taken = [address for address in listed if address not in shared]
    _each(db, "DELETE FROM shared_addresses WHERE address", taken)
    for address in sorted(shared):
        if db.conn.execute("INSERT OR IGNORE INTO shared_addresses VALUES (?)", (address,)).rowcount:
            taken.append(address)
    return taken


def _on_cards(db: sqlite_utils.Database, ids: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of those whom one contact card lists, the first of them in ``ids``."""
    return _each(
        db,
        "SELECT a.person_id, b.person_id FROM item_people a JOIN item_people b ON b.item_id = a.item_id "
        "WHERE a.role = 'contact' AND b.role = 'contact' AND a.person_id",
        ids,
    )


class _Groups:
    """Disjoint sets of ids; each is known by its least."""

    def __init__(self, ids: Iterable[int]) -> None:
        self._parents = {id: id for id in ids}

    def of(self, id: int) -> int:
        while self._parents[id] != id:
            self._parents[id] = self._parents[self._parents[id]]
            id = self._parents[id]
        return id

    def join(self, ids: Iterable[int]) -> None:
        roots = sorted({self.of(id) for id in ids})
        for root in roots[1:]:
            self._parents[root] = roots[0]


def _same(db: sqlite_utils.Database, rows: dict[int, _Row]) -> dict[int, int]:
    """person_id → identity of all ``rows``, which are whole identities."""
    groups = _Groups(rows)
    addresses = {row.address for row in rows.values()}
    shared = {row[0] for row in _each(db, "SELECT address FROM shared_addresses WHERE address", addresses)}
    by_address, by_name = defaultdict[str, list[int]](list), defaultdict[str, list[_Row]](list)
    for row in rows.values():
        if row.address and row.address not in shared:
            by_address[row.address].append(row.id)
        if " " in row.name:
            by_name[row.name].append(row)
    for ids in by_address.values():
        groups.join(ids)
    for pair in _on_cards(db, list(rows)):
        groups.join(pair)
    for namesakes in by_name.values():
        for one, other in combinations(
            [row for row in namesakes if row.address not in shared][:_NAMESAKES], 2
        ):
            if _alike(one, other):
                groups.join((one.id, other.id))
    for namesakes in by_name.values():  # now that it is known who they are
        bare = [row.id for row in namesakes if not row.address]
        if len(known := {groups.of(row.id) for row in namesakes if row.address}) < 2:
            groups.join((*bare, *known))
    return {id: groups.of(id) for id in rows}


def _alike(one: _Row, other: _Row) -> bool:
    """Whether the addresses of two with the same full name cannot well be two people's."""
    local, _, domain = one.address.rpartition("@")
    same, _, elsewhere = other.address.rpartition("@")
    if not local or local != same:
        return False
    below = domain.endswith(f".{elsewhere}") or elsewhere.endswith(f".{domain}")
    return below or sum(letter.isdigit() for letter in local) >= 2


def _each(db: sqlite_utils.Database, sql: str, values: Iterable[object]) -> list[Any]:
    """All rows for which what ``sql`` ends with is one of ``values``."""
    listed = msgspec.json.encode(list(values)).decode()
    return db.conn.execute(f"{sql} IN (SELECT value FROM json_each(?))", (listed,)).fetchall()


def _ids(db: sqlite_utils.Database, sql: str, values: Iterable[object]) -> list[int]:
    return [int(row[0]) for row in _each(db, sql, values)]
