"""Exact answers of the store: every item that fulfils typed conditions, and how many there are.

Search ranks and cuts off; here nothing is left out and nothing is guessed. Full text only narrows what
is then compared word by word, since its stemming would count "row F" among the mails on rowing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from app.core.types import ItemView, Record
from app.store import filling
from app.store.agenda import IN_CALENDAR
from app.store.db import Database
from app.store.holdings import epoch
from app.store.index import view
from app.store.passages import fold
from app.store.people import Known
from app.store.words import match_all, words
from indexers.item import Person

_WORD = re.compile(r"[^\W_]+")
_NEAR = "near "
_WITH_WORD = "SELECT p.item_id FROM fts JOIN passages p ON p.id = fts.rowid WHERE fts MATCH ?"
_ATTACHED = "SELECT json_extract(a.links, '$[0]') FROM items a WHERE a.kind = 'attachment'"


class Query(Record, frozen=True, kw_only=True):
    """Conditions that must all hold; what is empty limits nothing. Times are [after, before)."""

    kinds: tuple[str, ...] = ()
    sender: Known | None = None
    receiver: Known | None = None
    party: Known | None = None  # in any role
    but_from: Known | None = None  # not sent by
    after: datetime | None = None
    before: datetime | None = None
    words: tuple[str, ...] = ()  # all of them stand in the title or the text
    titled: tuple[str, ...] = ()  # one of them stands in the title
    place: str = ""  # all its words stand in the place
    placeless: bool = False  # no place is known, or only what it is near to
    suffixes: tuple[str, ...] = ()  # of a file's name
    category: str = ""  # by which program a message came; a bookmark among pages
    attached: bool = False  # has an attachment


class Inventory:
    """Reads the index; makes no difference to it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def any(self, kinds: tuple[str, ...]) -> bool:
        """Whether the store holds an item of one of ``kinds`` at all."""
        return bool(self._db.rows(f"SELECT 1 FROM items WHERE kind IN ({_marks(kinds)}) LIMIT 1", kinds))

    def items(self, query: Query, *, limit: int = -1, oldest: bool = False) -> tuple[ItemView, ...]:
        """What fulfils ``query``, the newest first or the oldest; all of it where ``limit`` is negative."""
        where, values = self._where(query)
        order = "i.at, i.id" if oldest else "i.at DESC, i.id"
        cut = -1 if _by_words(query) else limit
        rows = self._db.rows(
            f"SELECT i.* FROM items i WHERE {where} ORDER BY {order} LIMIT ?", [*values, cut]
        )
        held = [row for row in rows if _holds(query, row)]
        return tuple(view(row) for row in (held if limit < 0 else held[:limit]))

    def count(self, query: Query) -> int:
        """How many they are; texts are read only where words are asked for."""
        if _by_words(query):
            return len(self.items(query))
        where, values = self._where(query)
        return int(self._db.value(f"SELECT count(*) FROM items i WHERE {where}", values))

    def _where(self, query: Query) -> tuple[str, list[Any]]:
        return _where(query, narrowed=filling.complete(self._db))

    def unread(self, query: Query) -> bool:
        """Whether a mail that fulfils ``query`` has an attachment that could not be read, and is no item."""
        mails = msgspec.structs.replace(query, kinds=("mail",), suffixes=(), attached=False)
        where, values = self._where(mails)
        rows = self._db.rows(
            "SELECT 1 FROM skipped s JOIN items i ON i.uri = substr(s.uri, 1, instr(s.uri, '#') - 1) "
            f"WHERE {where} LIMIT 1",
            values,
        )
        return bool(rows)

    def places(self, kinds: tuple[str, ...] = ("photo",)) -> tuple[str, ...]:
        """Every place that an item of one of ``kinds`` names."""
        sql = f"SELECT DISTINCT place FROM items WHERE kind IN ({_marks(kinds)}) AND place <> ''"
        return tuple(str(row["place"]) for row in self._db.rows(sql, kinds))

    def messages(self, query: Query) -> tuple[int, tuple[ItemView, ...]] | None:
        """How many messages there are in the days of conversation that fulfil ``query``, and the days.

        With a sender only theirs count. None where a day does not tell how many each wrote.
        """
        total, held = 0, []
        names = self._names(query.sender) if query.sender else frozenset[str]()
        for item in self.items(query):
            said = item.meta.get("said", "").split()
            if len(said) != len(item.people):
                return None
            counted = sum(
                int(n) for n, who in zip(said, item.people, strict=True) if not names or who in names
            )
            total += counted
            held += [item] if counted else []
        return total, tuple(held)

    def _names(self, known: Known) -> frozenset[str]:
        """Everything that the person is written as among an item's people."""
        sql = f"SELECT name, address FROM people WHERE id IN ({_marks(known.ids)})"
        return frozenset(str(Person(row["name"], row["address"])) for row in self._db.rows(sql, known.ids))

    def contacts(self, known: Known) -> tuple[ItemView, ...]:
        """The cards of a person in address books."""
        sql = (
            "SELECT * FROM items WHERE kind = 'contact' AND id IN (SELECT item_id FROM item_people "
            f"WHERE role = 'contact' AND person_id IN ({_marks(known.ids)})) ORDER BY id"
        )
        return tuple(view(row) for row in self._db.rows(sql, known.ids))

    def days(self, category: str, after: datetime | None, before: datetime | None) -> tuple[ItemView, ...]:
        """The months of measurements of one sort that have a day in [after, before)."""
        limits = " AND i.until >= ?" * (after is not None) + " AND i.at < ?" * (before is not None)
        values = [epoch(one) for one in (after, before) if one is not None]
        sql = "SELECT * FROM items i WHERE kind = 'health' AND meta ->> '$.category' = ?"
        rows = self._db.rows(f"{sql}{limits} ORDER BY at, id", [category, *values])
        return tuple(view(row) for row in rows)

    def events(self) -> tuple[ItemView, ...]:
        """Every event of a calendar, a series as one item; oldest first."""
        rows = self._db.rows(f"SELECT * FROM items WHERE kind = 'event' AND {IN_CALENDAR} ORDER BY at, id")
        return tuple(view(row) for row in rows)


def words_of(text: str) -> frozenset[str]:
    """The words of ``text`` as they are compared: lower case, without accents."""
    return frozenset(_WORD.findall(fold(text)))


def says(wanted: str, held: frozenset[str]) -> bool:
    """Whether ``wanted`` (folded) is among the words ``held``, in its singular or its plural."""
    forms = {wanted, f"{wanted}s", f"{wanted}es", wanted.removesuffix("s"), wanted.removesuffix("es")}
    if wanted.endswith("ies"):
        forms.add(f"{wanted[:-3]}y")
    return any(len(form) > 1 and form in held for form in forms)


def in_place(asked: str, place: str) -> bool:
    """Whether ``place`` is in ``asked``; a town 30 km away or more, of which it says "near", is not."""
    return not place.startswith(_NEAR) and words_of(asked) <= words_of(place)


def _where(query: Query, *, narrowed: bool) -> tuple[str, list[Any]]:
    """What SQL can decide; :func:`_holds` decides the rest, also of what is not ``narrowed`` by its words."""
    conditions: list[tuple[str, tuple[Any, ...]]] = list(_of_people(query))
    if query.kinds:
        conditions.append((f"i.kind IN ({_marks(query.kinds)})", query.kinds))
    if query.after is not None:
        conditions.append(("i.at >= ?", (epoch(query.after),)))
    if query.before is not None:
        conditions.append(("i.at < ?", (epoch(query.before),)))
    if query.suffixes:
        name = "lower(coalesce(i.meta ->> '$.filename', i.title))"
        named = " OR ".join(f"{name} LIKE ?" for _ in query.suffixes)
        conditions.append((named, tuple(f"%{suffix}" for suffix in query.suffixes)))
    if query.category:
        conditions.append(("lower(i.meta ->> '$.category') = ?", (query.category,)))
    if query.placeless:
        conditions.append((f"i.place = '' OR i.place LIKE '{_NEAR}%'", ()))
    if query.attached:
        conditions.append((f"i.uri IN ({_ATTACHED})", ()))
    for match in filter(None, (match_all(words(word)) for word in query.words if narrowed)):
        conditions.append((f"i.id IN ({_WITH_WORD})", (match,)))
    text = " AND ".join(f"({sql})" for sql, _ in conditions) or "1"
    return text, [value for _, values in conditions for value in values]


def _of_people(query: Query) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for known, test in (
        (query.sender, "IN (SELECT item_id FROM item_people WHERE role IN ('from', 'author') AND {})"),
        (query.receiver, "IN (SELECT item_id FROM item_people WHERE role IN ('to', 'cc') AND {})"),
        (query.party, "IN (SELECT item_id FROM item_people WHERE {})"),
        (query.but_from, "NOT IN (SELECT item_id FROM item_people WHERE role = 'from' AND {})"),
    ):
        if known is not None:
            these = f"person_id IN ({_marks(known.ids)})"
            yield f"i.id {test.format(these)}", known.ids


def _by_words(query: Query) -> bool:
    return bool(query.words or query.titled or query.place)


def _holds(query: Query, row: dict[str, Any]) -> bool:
    title = words_of(row["title"])
    if query.titled and not any(word in title for word in query.titled):
        return False
    if query.place and not in_place(query.place, row["place"]):
        return False
    if not query.words:
        return True
    held = title | words_of(row["text"])
    return all(says(word, held) for word in query.words)


def _marks(values: tuple[Any, ...]) -> str:
    return ",".join("?" * len(values))
