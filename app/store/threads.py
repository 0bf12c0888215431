"""The mails of a conversation: by the mails they name, and by subject where a reply names none.

A subject alone may be two conversations, so what it joins must be near in time and share a person.
"""

from __future__ import annotations

import re
from typing import Any

from app.core.types import ItemView
from app.store.db import Database
from indexers.item import BY_SUBJECT, base_subject

NEAR_S = 90 * 86_400.0  # between two mails of one conversation
_MOST = 200  # mails of one subject that are looked at
_ADDRESS = re.compile(r"[^\s<>;]+@[^\s<>;]+")
_NAMED = "SELECT * FROM items WHERE thread = ? ORDER BY at, id"
_TITLED = """
    SELECT DISTINCT i.* FROM fts JOIN passages p ON p.id = fts.rowid JOIN items i ON i.id = p.item_id
    WHERE fts MATCH ? AND i.kind = 'mail' LIMIT ?
"""


def rows(db: Database, asked: ItemView) -> list[dict[str, Any]]:
    """The items of the conversation ``asked`` belongs to, oldest first."""
    found = db.rows(_NAMED, [asked.thread])
    if asked.kind != "mail":
        return found
    by_subject = asked.thread.startswith(BY_SUBJECT)
    base = asked.thread.removeprefix(BY_SUBJECT) if by_subject else base_subject(asked.title)
    more = _titled(db, base) if by_subject else db.rows(_NAMED, [BY_SUBJECT + base])
    if by_subject:  # others that only share the subject are in the same list
        more += [row for row in found if row["uri"] != asked.uri]
        found = [row for row in found if row["uri"] == asked.uri]
    return _joined(found, more[:_MOST])


def _titled(db: Database, base: str) -> list[dict[str, Any]]:
    """What the replies of this subject may answer."""
    words = re.findall(r"\w+", base)
    if not words:
        return []
    match = f'title : "{" ".join(words)}"'
    titled = [row for row in db.rows(_TITLED, [match, _MOST]) if base_subject(row["title"]) == base]
    threads = dict.fromkeys(row["thread"] for row in titled)
    return [row for thread in threads if thread for row in db.rows(_NAMED, [thread])]


def _joined(found: list[dict[str, Any]], more: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """``found`` with those of ``more`` that are near one of them and share a person with it."""
    known = {row["id"]: row for row in found}
    left = {row["id"]: row for row in more if row["id"] not in known}
    people = {id: set(_ADDRESS.findall(row["people"])) for id, row in (known | left).items()}
    grown = True
    while grown:
        near = [
            id
            for id, row in left.items()
            if any(_near(row, other) and people[id] & people[other["id"]] for other in known.values())
        ]
        known |= {id: left.pop(id) for id in near}
        grown = bool(near)
    return sorted(known.values(), key=lambda row: (row["at"] is not None, row["at"] or 0.0, row["id"]))


def _near(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one["at"] is not None and other["at"] is not None and abs(one["at"] - other["at"]) <= NEAR_S
