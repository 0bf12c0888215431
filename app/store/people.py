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
        words = fold(name).split()
        if not words:
            return ""
        where = " AND ".join("(' ' || p.folded) LIKE ? ESCAPE '!'" for _ in words)
        rows = self._db.rows(
            "SELECT p.name, p.address, count(*) AS n FROM people p "
            "JOIN item_people ip ON ip.person_id = p.id "
            f"WHERE p.address <> '' AND {where} GROUP BY p.id ORDER BY n DESC, p.id LIMIT 1",
            [f"% {_plain(word)}%" for word in words],
        )
        if not rows:
            return ""
        person = rows[0]
        return f"{person['name']} <{person['address']}>" if person["name"] else str(person["address"])


def _plain(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
