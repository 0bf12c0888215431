"""A scope as SQL over ``items i``: every value is a parameter, never part of the statement.

A condition is put in two ways. As a test of an item at hand it uses no index (hence the ``+``), and costs
some microseconds; as a list of all items that meet it, it costs as much for each of them. Whether a search
goes through what is within limits, or through what has its words, depends on which is less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from app.core.types import Scope
from app.store.db import Database
from app.store.holdings import epoch
from app.store.passages import fold

FEW = 20_000  # items that are listed rather than tested, about a microsecond each
PASSAGES = 100_000  # of theirs, 3 µs each to rank: a few thousand books have more


@dataclass(frozen=True)
class Condition:
    """``test`` holds or not for an item ``i``; ``items`` selects the ids of all for which it does."""

    test: str
    items: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Filter:
    """Conditions that must all hold; false when there is none."""

    conditions: tuple[Condition, ...] = ()

    @classmethod
    def of(cls, scope: Scope) -> Filter:
        found = [
            *_sources(scope.sources),
            *_kinds(scope.kinds),
            *(_person(person) for person in scope.people),
            *_span(scope.after, scope.before),
        ]
        return cls(tuple(found))

    def __bool__(self) -> bool:
        return bool(self.conditions)

    def test(self) -> tuple[str, list[Any]]:
        """The condition of an item ``i`` (``1`` when there is none) and its parameters."""
        text = " AND ".join(f"({one.test})" for one in self.conditions) or "1"
        return text, [value for one in self.conditions for value in one.values]

    def few(self, db: Database) -> npt.NDArray[np.int64] | None:
        """Ids of all passages within, where one of the conditions leaves few items; None where none does."""
        least, count = None, FEW + 1
        for one in self.conditions:
            some = f"SELECT count(*) FROM (SELECT 1 FROM ({one.items}) LIMIT {count})"
            if (fewer := int(db.value(some, one.values))) < count:
                least, count = one, fewer
        if least is None or self._beyond(db, least):
            return None
        test, values = Filter(tuple(one for one in self.conditions if one is not least)).test()
        sql = (
            "SELECT p.id FROM items i CROSS JOIN passages p ON p.item_id = i.id "
            f"WHERE i.id IN ({least.items}) AND {test}"
        )
        return np.array([id for (id,) in db.tuples(sql, [*least.values, *values])], np.int64)

    @staticmethod
    def _beyond(db: Database, least: Condition) -> bool:
        """Whether these items are so long that there are too many passages to be listed."""
        some = f"SELECT 1 FROM passages p WHERE p.item_id IN ({least.items}) LIMIT {PASSAGES + 1}"
        return int(db.value(f"SELECT count(*) FROM ({some})", least.values)) > PASSAGES


NO_LIMITS = Filter()


def both(filters: Sequence[Filter]) -> Filter:
    """What is within all of them."""
    return Filter(tuple(condition for one in filters for condition in one.conditions))


def _span(after: datetime | None, before: datetime | None) -> list[Condition]:
    """What lies in the time with any part of it: an event may have begun before."""
    parts: list[str] = []
    values: list[float | None] = []
    if after is not None:
        parts.append("({0}i.at >= ? OR {0}i.until >= ?)")
        values += [epoch(after), epoch(after)]
    if before is not None:
        parts.append("{0}i.at < ?")
        values.append(epoch(before))
    where = " AND ".join(parts)
    listed = f"SELECT i.id FROM items i WHERE {where.format('')}"
    return [Condition(where.format("+"), listed, tuple(values))] if parts else []


def _sources(sources: tuple[str, ...]) -> list[Condition]:
    """A source is named by its kind (mail) or by where it is."""
    folders = tuple(name for name in sources if "/" in name or "\\" in name)
    names = tuple(name for name in sources if name not in folders)
    found: list[Condition] = []
    if names:
        is_one = f"i.source IN ({_marks(names)})"
        found.append(Condition(f"+{is_one}", f"SELECT i.id FROM items i WHERE {is_one}", names))
    if folders:
        held = f"s.path IN ({_marks(folders)})"
        test = (
            "EXISTS (SELECT 1 FROM holds h JOIN units u ON u.id = h.unit_id "
            f"JOIN sources s ON s.id = u.source_id WHERE h.item_id = i.id AND {held})"
        )
        listed = (
            "SELECT h.item_id FROM sources s CROSS JOIN units u ON u.source_id = s.id "
            f"CROSS JOIN holds h ON h.unit_id = u.id WHERE {held}"
        )
        found.append(Condition(test, listed, folders))
    if len(found) < 2:
        return found
    one, other = found
    return [
        Condition(
            f"{one.test} OR {other.test}", f"{one.items} UNION ALL {other.items}", one.values + other.values
        )
    ]


def _kinds(kinds: tuple[str, ...]) -> list[Condition]:
    is_one = f"i.kind IN ({_marks(kinds)})"
    return [Condition(f"+{is_one}", f"SELECT i.id FROM items i WHERE {is_one}", kinds)] if kinds else []


def _person(part: str) -> Condition:
    """Every word of ``part`` stands in a name or address of the person, in any order."""
    words = fold(part).split() or [""]
    named = " AND ".join("instr(q.folded, ?) > 0" for _ in words)
    those = f"IN (SELECT e.identity FROM people q JOIN identities e ON e.person_id = q.id WHERE {named})"
    return Condition(
        "EXISTS (SELECT 1 FROM item_people ip JOIN identities d ON d.person_id = ip.person_id "
        f"WHERE ip.item_id = i.id AND d.identity {those})",
        "SELECT ip.item_id FROM identities d CROSS JOIN item_people ip ON ip.person_id = d.person_id "
        f"WHERE d.identity {those}",
        tuple(words),
    )


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
