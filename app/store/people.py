"""Who is known from mails and events: the address behind a name a person says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from app.core.types import Record
from app.store.db import Database
from app.store.passages import fold

_FEW, _FEW_ADDRESSES = 3, 10  # people a first name may mean, and addresses of theirs that are looked for
_MINE = 0.75  # of all mails name the person whose mailbox it is; the rest came through lists


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

        Every word must be one of the person's name in full, or it is an address of theirs. Who is the
        same under several names and addresses is told by app.store.identities.
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
        if len({row["identity"] for row in found}) > 1 and not _organisation(found, asked):
            return None
        return _known(self._same(found))

    def elsewhere(self, words: Iterable[str]) -> tuple[str, ...]:
        """Addresses of whoever has all ``words`` (folded) in a name, where they go by another name.

        None where the words are those of more than a few people.
        """
        wanted = set(words)
        named = [row for row in self._rows(wanted) if wanted <= set(_words(fold(row["name"])))]
        if not named or len({row["identity"] for row in named}) > _FEW:
            return ()
        known = {row["id"] for row in named}
        others = {row["address"] for row in self._same(named) if row["id"] not in known and row["address"]}
        return tuple(sorted(one for one in others if '"' not in one))[:_FEW_ADDRESSES]

    def me(self) -> Known | None:
        """Whose mailbox it is: the one name that stands in most mails, None where none stands out."""
        rows = self._db.rows(
            "SELECT p.id, d.identity, count(DISTINCT ip.item_id) AS n FROM people p "
            "JOIN item_people ip ON ip.person_id = p.id JOIN items i ON i.id = ip.item_id "
            "JOIN identities d ON d.person_id = p.id "
            "WHERE i.kind = 'mail' AND p.address <> '' GROUP BY p.id ORDER BY n DESC LIMIT 1"
        )
        if not rows:
            return None
        mine = _known(self._same([*rows, *self._mine_too(rows[0])]))
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

    def _mine_too(self, main: dict[str, Any]) -> list[dict[str, Any]]:
        """Of those with the name of whose mailbox it is, whom mails in it are to that are not to ``main``.

        Such a mail came into the mailbox by that other address.
        """
        return self._db.rows(
            "SELECT o.person_id AS id, o.identity FROM identities d JOIN identities o ON o.name = d.name "
            "WHERE d.person_id = ? AND d.name LIKE '% %' AND o.address <> '' AND o.identity <> d.identity "
            "AND EXISTS (SELECT 1 FROM item_people a WHERE a.person_id = o.person_id "
            "AND a.role IN ('to', 'cc') AND NOT EXISTS ("
            "SELECT 1 FROM item_people b JOIN identities e ON e.person_id = b.person_id "
            "WHERE b.item_id = a.item_id AND e.identity = d.identity))",
            [main["id"]],
        )

    def _rows(self, begins: Iterable[str]) -> list[dict[str, Any]]:
        words = list(begins)
        where = " AND ".join("folded LIKE ? ESCAPE '!'" for _ in words) or "1"
        return self._db.rows(
            "SELECT p.id, p.name, p.address, p.folded, d.identity FROM people p "
            f"JOIN identities d ON d.person_id = p.id WHERE {where} ORDER BY p.id",
            [f"%{_plain(word)}%" for word in words],
        )

    def _same(self, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Everything that is known of them, under all their names and addresses."""
        those = ",".join(str(identity) for identity in {row["identity"] for row in found})
        return self._db.rows(
            "SELECT p.id, p.name, p.address FROM people p JOIN identities d ON d.person_id = p.id "
            f"WHERE d.identity IN ({those}) ORDER BY p.id"
        )

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
