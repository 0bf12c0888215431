"""Mails as they stand in the index: a thread by Ana to Vera, with Ben in copy."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.core.types import ItemView
from app.flows.context import Home
from indexers.item import Item, Person, Unit

ANA = Person("Ana Lindström", "ana@example.org", "from")
ME = Person("Vera Moss", "vera@example.org", "to")
BEN = Person("", "ben@example.org", "cc")


def mail(n: int, text: str = "Hello", **fields: object) -> Item:
    """The mail ``mid:<n>@example.org`` of 1 March 2026, ``n`` hours after midnight."""
    values: dict[str, object] = {
        "uri": f"mid:{n}@example.org",
        "source": "mail",
        "kind": "mail",
        "title": "Plans",
        "text": text,
        "digest": hashlib.sha256(f"{n}{text}".encode()).hexdigest(),
        "when": datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=n),
        "people": (ANA, ME, BEN),
        "thread": "mid:1@example.org",
    }
    return Item(**(values | fields))


def put(home: Home, folder: Path, *items: Item) -> list[ItemView]:
    """Store ``items`` under a mail source at ``folder``, which is made; as they are shown."""
    folder.mkdir()
    source = home.index.add_source(kind="mail", path=folder)
    home.index.put(source.id, Unit(path=str(folder / "mbox"), stamp="1"), list(items), [])
    return [home.index.item(item.uri) for item in items]
