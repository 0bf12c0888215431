"""A scope as SQL over ``items i``: every value is a parameter, never part of the statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.core.types import Scope
from app.store.holdings import epoch
from app.store.passages import fold


@dataclass(frozen=True)
class Filter:
    """Conditions that must all hold, with their parameters; false when there is none."""

    conditions: tuple[tuple[str, tuple[Any, ...]], ...]

    @classmethod
    def of(cls, scope: Scope) -> Filter:
        conditions = [*_sources(scope.sources), *_kinds(scope.kinds), *(_person(p) for p in scope.people)]
        # an event counts when any part of it lies in the range
        if scope.after is not None:
            conditions.append(("coalesce(i.until, i.at) >= ?", (epoch(scope.after),)))
        if scope.before is not None:
            conditions.append(("i.at < ?", (epoch(scope.before),)))
        return cls(tuple(conditions))

    def __bool__(self) -> bool:
        return bool(self.conditions)

    def sql(self) -> tuple[str, list[Any]]:
        """The condition (``1`` when there is none) and its parameters."""
        text = " AND ".join(f"({sql})" for sql, _ in self.conditions) or "1"
        return text, [value for _, values in self.conditions for value in values]


def both(filters: Sequence[Filter]) -> tuple[str, list[Any]]:
    """All of them as one condition with its parameters."""
    return Filter(tuple(condition for one in filters for condition in one.conditions)).sql()


def _sources(sources: tuple[str, ...]) -> list[tuple[str, tuple[Any, ...]]]:
    """A source is named by its kind (mail) or by its folder."""
    if not sources:
        return []
    marks = ",".join("?" * len(sources))
    sql = (
        f"i.source IN ({marks}) OR i.id IN (SELECT h.item_id FROM sources s "
        f"JOIN units u ON u.source_id = s.id JOIN holds h ON h.unit_id = u.id WHERE s.path IN ({marks}))"
    )
    return [(sql, (*sources, *sources))]


def _kinds(kinds: tuple[str, ...]) -> list[tuple[str, tuple[Any, ...]]]:
    return [(f"i.kind IN ({','.join('?' * len(kinds))})", kinds)] if kinds else []


def _person(part: str) -> tuple[str, tuple[Any, ...]]:
    """Every word of ``part`` stands in the person's name or address, in any order."""
    words = fold(part).split() or [""]
    test = " AND ".join("instr(q.folded, ?) > 0" for _ in words)
    sql = f"i.id IN (SELECT ip.item_id FROM people q JOIN item_people ip ON ip.person_id = q.id WHERE {test})"
    return sql, tuple(words)
