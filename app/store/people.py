"""Who is known from mails and events: the address behind a name a person says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from app.core.types import Record
from app.store.db import Database
from app.store.passages import fold

_MINE = 0.75  # of all mails name the person whose mailbox it is; the rest came through lists
_SHARED = 3  # names at one address; where there are more it is a list that writes for others


class Known(Record, frozen=True, kw_only=True):
    """One person or one organisation, under all names and addresses the index knows of them."""

    name: str
    ids: tuple[int, ...]  # rows of ``people``
    addresses: tuple[str, ...] = ()


class People:
    """Reads what the index knows of people."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def address(self, name: str) -> str:
        """``Name <address>`` of whom ``name`` most likely means, empty when nobody has that name.

        Every word of ``name`` must begin a word of the person's; among several the one who is in
        most items is meant.
        """
        return next(iter(self._matches(name)), "")

    def called(self, name: str) -> tuple[str, ...]:
        """Everyone whom ``name`` can mean, one ``Name <address>`` an address, those in most items first.

        Whoever has all its words in full goes before those whose names only begin with them.
        """
        words = set(fold(name).split())
        matches = self._matches(name)
        exact = [who for who in matches if words <= set(fold(who.rpartition("<")[0]).split())]
        addresses = {who.rpartition("<")[2].rstrip(">").lower(): who for who in reversed(exact or matches)}
        return tuple(reversed(addresses.values()))

    def one(self, name: str) -> Known | None:
        """Whom ``name`` means, when that is beyond doubt: one person, or one sender of one domain.

        Every word must be one of the person's name in full, or it is an address of theirs. Who
        shares a name or an address is the same; two who have no more than ``name`` in common are not.
        """
        asked = fold(name).strip()
        rows = self._rows(asked.split()[:1])
        if "@" in asked:
            found = [row for row in rows if row["address"].lower() == asked]
        else:
            wanted = _words(asked)
            found = [row for row in rows if wanted and set(wanted) <= set(_words(fold(row["name"])))]
        if not found:
            return None
        everyone = self._same(found)
        if len({_person(row, everyone) for row in found}) > 1 and not _organisation(found, asked):
            return None
        return _known(everyone)

    def me(self) -> Known | None:
        """Whose mailbox it is: the one name that stands in most mails, None where none stands out."""
        rows = self._db.rows(
            "SELECT p.folded, p.id, p.name, p.address, count(DISTINCT ip.item_id) AS n FROM people p "
            "JOIN item_people ip ON ip.person_id = p.id JOIN items i ON i.id = ip.item_id "
            "WHERE i.kind = 'mail' AND p.address <> '' GROUP BY p.id ORDER BY n DESC LIMIT 1"
        )
        if not rows:
            return None
        mine = _known(self._same(rows))
        marks = ",".join("?" * len(mine.ids))
        with_me, sent = (
            self._db.value(
                "SELECT count(DISTINCT ip.item_id) FROM item_people ip JOIN items i ON i.id = ip.item_id "
                f"WHERE i.kind = 'mail' AND {role} AND ip.person_id IN ({marks})",
                mine.ids,
            )
            for role in ("1", "ip.role = 'from'")
        )
        mails = self._db.value("SELECT count(*) FROM items WHERE kind = 'mail'")
        return mine if sent and with_me >= _MINE * mails else None

    def _rows(self, begins: Iterable[str]) -> list[dict[str, Any]]:
        words = list(begins)
        where = " AND ".join("folded LIKE ? ESCAPE '!'" for _ in words) or "1"
        return self._db.rows(
            f"SELECT id, name, address, folded FROM people WHERE {where} ORDER BY id",
            [f"%{_plain(word)}%" for word in words],
        )

    def _same(self, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """With all rows that share a whole name (of two words or more) or an address with them."""
        known = {row["id"]: row for row in found}
        while True:
            names = [n for n in {row["name"] for row in known.values()} if len(n.split()) > 1]
            addresses = [a for a in {row["address"] for row in known.values()} if a]
            rows = self._db.rows(
                "SELECT id, name, address, folded FROM people WHERE "
                f"name IN ({','.join('?' * len(names))}) OR address IN (SELECT address FROM people WHERE "
                f"address IN ({','.join('?' * len(addresses))}) GROUP BY address HAVING count(*) <= ?)",
                [*names, *addresses, _SHARED],
            )
            if {row["id"] for row in rows} <= known.keys():
                return [known[id] for id in sorted(known)]
            known |= {row["id"]: row for row in rows}

    def _matches(self, name: str) -> list[str]:
        words = fold(name).split()
        if not words:
            return []
        where = " AND ".join("(' ' || p.folded) LIKE ? ESCAPE '!'" for _ in words)
        rows = self._db.rows(
            "SELECT p.name, p.address, count(*) AS n FROM people p "
            "JOIN item_people ip ON ip.person_id = p.id "
            f"WHERE p.address <> '' AND {where} GROUP BY p.id ORDER BY n DESC, p.id",
            [f"% {_plain(word)}%" for word in words],
        )
        return [f"{row['name']} <{row['address']}>" if row["name"] else str(row["address"]) for row in rows]


def _plain(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def _person(row: dict[str, Any], everyone: list[dict[str, Any]]) -> frozenset[int]:
    """The ids of all rows that are the same person as ``row`` by name or address."""
    same = {row["id"]}
    while True:
        inside = [other for other in everyone if other["id"] in same]
        names = {other["name"] for other in inside if len(other["name"].split()) > 1}
        addresses = {other["address"] for other in inside if other["address"]}
        addresses = {a for a in addresses if sum(o["address"] == a for o in everyone) <= _SHARED}
        more = {o["id"] for o in everyone if o["name"] in names or o["address"] in addresses}
        if more <= same:
            return frozenset(same)
        same |= more


def _organisation(found: list[dict[str, Any]], asked: str) -> bool:
    """Whether all write from one domain that bears the name, and under names that begin with it."""
    domains = {row["address"].rpartition("@")[2].lower() for row in found}
    bears = "".join(_words(asked)) in re.sub(r"\W", "", next(iter(domains)))
    begins = all(_words(fold(row["name"]))[: len(_words(asked))] == _words(asked) for row in found)
    return len(domains) == 1 and bears and begins


def _known(rows: list[dict[str, Any]]) -> Known:
    name = max((row["name"] for row in rows), key=lambda n: (len(n.split()) > 1, -len(n)), default="")
    return Known(
        name=name or rows[0]["address"],
        ids=tuple(row["id"] for row in rows),
        addresses=tuple(dict.fromkeys(row["address"] for row in rows if row["address"])),
    )
