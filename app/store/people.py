"""Who is known from mails and events: the address behind a name a person says."""

from __future__ import annotations

from app.store.db import Database
from app.store.passages import fold


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
