"""The mails of a conversation: by the mails they name, and by subject where a reply names none.

A subject alone may be two conversations, so what it joins must be near in time and have two people in
common: one is whose mailbox it is. Between mails through a list, or where one names nobody else, one will do.
"""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import Any

from app.core.types import ItemView
from app.store.db import Database
from indexers.item import BY_SUBJECT, base_subject

NEAR_S = 90 * 86_400.0  # between two mails of one conversation
_FAR = 4  # times as far from the mail that is asked for are others looked for
_MOST = 200  # mails of one subject that are looked at
_ADDRESS = re.compile(r"[^\s<>;]+@[^\s<>;]+")
_NAMED = "SELECT * FROM items WHERE thread = ? ORDER BY at, id"
_TITLED = """
    SELECT DISTINCT i.title, i.thread, i.at, i.id FROM fts
    JOIN passages p ON p.id = fts.rowid JOIN items i ON i.id = p.item_id
    WHERE fts MATCH ? AND i.kind = 'mail' AND i.at BETWEEN ? AND ? ORDER BY abs(i.at - ?), i.id
"""


def rows(db: Database, asked: ItemView) -> list[dict[str, Any]]:
    """The items of the conversation ``asked`` belongs to, oldest first."""
    found = db.rows(_NAMED, [asked.thread])
    if asked.kind != "mail":
        return found
    by_subject = asked.thread.startswith(BY_SUBJECT)
    base = asked.thread.removeprefix(BY_SUBJECT) if by_subject else base_subject(asked.title)
    at = asked.when.timestamp() if asked.when else 0.0
    more = _titled(db, base, at) if by_subject else db.rows(_NAMED, [BY_SUBJECT + base])
    if by_subject:  # others that only share the subject are in the same list
        more += [row for row in found if row["uri"] != asked.uri]
        found = [row for row in found if row["uri"] == asked.uri]
    more.sort(key=lambda row: abs((row["at"] or 0.0) - at))
    return _joined(found, more[:_MOST])


def _titled(db: Database, base: str, at: float) -> list[dict[str, Any]]:
    """What the replies of this subject may answer, written not too long before or after ``at``."""
    words = re.findall(r"\w+", base)
    if not words:
        return []
    match = f'title : "{" ".join(words)}"'
    near = db.rows(_TITLED, [match, at - _FAR * NEAR_S, at + _FAR * NEAR_S, at])
    titled = islice((row for row in near if base_subject(row["title"]) == base), _MOST)
    threads = dict.fromkeys(row["thread"] for row in titled)
    return [row for thread in threads if thread for row in db.rows(_NAMED, [thread])]


def _joined(found: list[dict[str, Any]], more: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """``found`` with those of ``more`` that are near one of them and share people with it."""
    known = {row["id"]: row for row in found}
    left = {row["id"]: row for row in more if row["id"] not in known}
    people = {id: _people(row) for id, row in (known | left).items()}
    grown = True
    while grown:
        near = [
            id
            for id, row in left.items()
            if any(_near(row, other) and _shared(people[id], people[other["id"]]) for other in known.values())
        ]
        known |= {id: left.pop(id) for id in near}
        grown = bool(near)
    return sorted(known.values(), key=lambda row: (row["at"] is not None, row["at"] or 0.0, row["id"]))


def _people(row: dict[str, Any]) -> tuple[set[str], bool]:
    """Addresses of those in a mail, and whether it came through a list."""
    return set(_ADDRESS.findall(row["people"].lower())), json.loads(row["meta"]).get("bulk") == "list"


def _shared(one: tuple[set[str], bool], other: tuple[set[str], bool]) -> bool:
    needed = 1 if one[1] and other[1] else max(1, min(2, len(one[0]), len(other[0])))
    return len(one[0] & other[0]) >= needed


def _near(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one["at"] is not None and other["at"] is not None and abs(one["at"] - other["at"]) <= NEAR_S
