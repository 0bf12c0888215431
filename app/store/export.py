"""Reading all of the store, for an export in open formats."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.core.types import ItemView
from app.store.db import Database
from app.store.index import view

TABLES = ("settings", "sources", "journal", "conversations", "drafts", "corrections", "exclusions")
_AT_ONCE = 200


@dataclass(frozen=True)
class Whole:
    """An item with everybody in it: (role, name, address)."""

    item: ItemView
    people: tuple[tuple[str, str, str], ...]


def items(index: Database) -> Iterator[Whole]:
    """All of them, in the order they came."""
    last = 0
    while rows := index.rows("SELECT * FROM items WHERE id > ? ORDER BY id LIMIT ?", [last, _AT_ONCE]):
        for row in rows:
            last = row["id"]
            people = index.rows(
                "SELECT ip.role, p.name, p.address FROM item_people ip JOIN people p ON p.id = ip.person_id "
                "WHERE ip.item_id = ? ORDER BY ip.role, p.id",
                [last],
            )
            yield Whole(view(row), tuple((p["role"], p["name"], p["address"]) for p in people))


def rows(user: Database, table: str) -> list[dict[str, Any]]:
    """A table of user.db as it is, without secrets; of conversations with all that was said."""
    found = user.rows(f"SELECT * FROM {table} ORDER BY 1")
    if table == "conversations":
        for row in found:
            turns = user.rows("SELECT body FROM turns WHERE conversation_id = ? ORDER BY id", [row["id"]])
            row["turns"] = [json.loads(turn["body"]) for turn in turns]
    return found
