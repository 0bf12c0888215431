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
    suffix: str = ""  # of an attachment's name
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
        mails = msgspec.structs.replace(query, kinds=("mail",), suffix="", attached=False)
        where, values = self._where(mails)
        rows = self._db.rows(
            "SELECT 1 FROM skipped s JOIN items i ON i.uri = substr(s.uri, 1, instr(s.uri, '#') - 1) "
            f"WHERE {where} LIMIT 1",
            values,
        )
        return bool(rows)

    def places(self) -> tuple[str, ...]:
        """Every place that a photo names."""
        rows = self._db.rows("SELECT DISTINCT place FROM items WHERE kind = 'photo' AND place <> ''")
        return tuple(str(row["place"]) for row in rows)

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
    if query.suffix:
        conditions.append(("lower(i.title) LIKE ?", (f"%.{query.suffix}",)))
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
        (query.sender, "IN (SELECT item_id FROM item_people WHERE role = 'from' AND {})"),
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
