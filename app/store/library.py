"""The library's shelves: all items in order of time, as days to scroll through and portions to show.

The index ``items_shown`` holds what is filtered and ordered by, so that finding the ten-thousandth item
reads no item before it: only the portion that is shown is fetched.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime, time, tzinfo
from typing import Any

import numpy as np
import numpy.typing as npt

from app.core.library import Held, Row, Shelf, Spine, Spot, Threads
from app.core.types import Scope
from app.store.db import Database
from app.store.filters import Filter
from app.store.holdings import epoch
from app.store.words import content_words, goes_on, match_all, words

_SHOWN = (
    "i.uri, i.source, i.kind, i.title, i.iso, i.people, i.place, i.path, i.thread, "
    "i.meta ->> '$.all-day' AS all_day, CAST(i.meta ->> '$.seconds' AS INTEGER) AS seconds"
)
_FROM = "FROM items i INDEXED BY items_shown"
_ORDER = "ORDER BY i.at DESC, i.kind DESC, i.source DESC, i.id DESC"  # the index's own
_PICTURED = """
    SELECT b.id FROM items b WHERE b.kind IN ('photo', 'video')
    AND CAST(b.meta ->> '$.lat' AS REAL) BETWEEN ? AND ? AND CAST(b.meta ->> '$.lon' AS REAL) BETWEEN ? AND ?
"""
_WORDED = "SELECT p.item_id FROM fts JOIN passages p ON p.id = fts.rowid WHERE fts MATCH ?"
_DAY_S = 86_400.0
_FIRST, _LAST = date.min.toordinal() + 2, date.max.toordinal() - 2  # what lies beyond is shown under these
_MOST = 1_000  # rows of one portion
_TITLE = 300  # characters of a title or name that a line has room for, at most
_NEAR = 2  # decimals of a degree that tell two spots apart: about a kilometre


class Shelves:
    """Reads the index; any thread may call."""

    def __init__(self, db: Database, zone: tzinfo) -> None:
        """Days are those of ``zone``."""
        self._db, self._zone = db, zone

    def spine(self, shelf: Shelf) -> Spine:
        """Every day on which there is something, with how much."""
        where, values = _where(shelf)
        times = [at for (at,) in self._db.tuples(f"SELECT i.at {_FROM} WHERE {where}", values)]
        dated = np.sort(np.array([at for at in times if at is not None], np.float64))
        return Spine(days=self._days(dated), undated=len(times) - len(dated))

    def page(self, shelf: Shelf, *, day: int, skip: int, limit: int) -> tuple[Row, ...]:
        """``limit`` items, newest first, from the ``skip``-th of ``day`` on; day 0 are those without one."""
        where, values = _where(shelf)
        rows: list[Row] = []
        skip, limit = max(skip, 0), max(0, min(limit, _MOST))
        if day > 0:
            before = self._midnight(day + 1) if day < _LAST else math.inf
            dated = f"i.at < ? AND {where}"
            rows = self._rows(f"SELECT i.id {_FROM} WHERE {dated} {_ORDER}", [before, *values], limit, skip)
            if skip and not rows:
                skip -= int(self._db.value(f"SELECT count(*) {_FROM} WHERE {dated}", [before, *values]))
            else:
                skip = 0
        if len(rows) < limit:
            left = f"SELECT i.id {_FROM} WHERE i.at IS NULL AND {where} {_ORDER}"
            rows += self._rows(left, values, limit - len(rows), skip)
        return tuple(rows)

    def threads(self, shelf: Shelf, *, skip: int, limit: int) -> Threads:
        """Conversations of two or more, the one that was written in last first."""
        where, values = _where(shelf)
        plain, kinds = _where(
            Shelf(scope=Scope(kinds=shelf.scope.kinds))
        )  # attachments have their mail's time
        limited = "" if where == "1" else f"AND i.id IN (SELECT i.id {_FROM} WHERE {where})"
        grouped = (
            "SELECT i.thread, max(i.at) AS at, count(*) AS n FROM items i INDEXED BY items_threads "
            f"WHERE i.thread > '' {limited} GROUP BY i.thread HAVING n > 1"
        )
        found = self._db.tuples(f"{grouped} ORDER BY at DESC, i.thread", values)
        skip, limit = max(skip, 0), max(0, min(limit, _MOST))
        newest = (
            f"SELECT {_SHOWN} FROM items i INDEXED BY items_threads WHERE i.thread = ? AND i.at IS ? "
            f"AND {plain} ORDER BY i.id DESC LIMIT 1"
        )
        rows = [
            _row(row, count=n)
            for thread, at, n in found[skip : skip + limit]
            for row in self._db.rows(newest, [thread, at, *kinds])  # none where it went meanwhile
        ]
        return Threads(total=len(found), rows=tuple(rows))

    def thread(self, thread: str) -> tuple[Row, ...]:
        """All of one thread, oldest first."""
        sql = f"SELECT {_SHOWN} FROM items i WHERE i.thread = ? ORDER BY i.at, i.id"
        return tuple(_row(row) for row in self._db.rows(sql, [thread]))

    def held(self) -> tuple[Held, ...]:
        """What there is, by kind and sort of source."""
        rows = self._db.rows("SELECT kind, source, count(*) AS items FROM items GROUP BY kind, source")
        return tuple(Held(**row) for row in rows)

    def spots(self, shelf: Shelf) -> tuple[Spot, ...]:
        """Where pictures were taken, the most of them first."""
        where, values = _where(shelf)
        rows = self._db.tuples(
            f"SELECT round(i.meta ->> '$.lat', {_NEAR}) AS lat, round(i.meta ->> '$.lon', {_NEAR}) AS lon, "
            "count(*), max(i.place) FROM items i WHERE i.kind IN ('photo', 'video') "
            f"AND i.meta ->> '$.lat' IS NOT NULL AND i.id IN (SELECT i.id {_FROM} WHERE {where}) "
            "GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
            values,
        )
        return tuple(Spot(lat=lat, lon=lon, count=n, place=place or "") for lat, lon, n, place in rows)

    def _rows(self, ids: str, values: list[Any], limit: int, skip: int) -> list[Row]:
        sql = f"SELECT {_SHOWN} FROM ({ids} LIMIT ? OFFSET ?) k JOIN items i ON i.id = k.id {_ORDER}"
        return [_row(row) for row in self._db.rows(sql, [*values, limit, skip])]

    def _midnight(self, day: int) -> float:
        return datetime.combine(date.fromordinal(day), time(), self._zone).timestamp()

    def _days(self, times: npt.NDArray[np.float64]) -> tuple[tuple[int, int], ...]:
        """A day of UTC lies within three of any zone: only their midnights are worked out."""
        if not len(times):
            return ()
        epoch_day = date(1970, 1, 1).toordinal()
        utc = np.unique(np.floor(times / _DAY_S).astype(np.int64)) + epoch_day
        near = np.concatenate([utc - 1, utc, utc + 1, utc + 2])
        days = np.unique(np.clip(near, _FIRST, _LAST))
        begins = np.array([self._midnight(int(day)) for day in days])
        counts = np.bincount(
            np.clip(np.searchsorted(begins, times, "right") - 1, 0, None), minlength=len(days)
        )
        return tuple((int(days[n]), int(counts[n])) for n in np.flatnonzero(counts)[::-1])


def on_this_day(
    db: Database, days: Iterable[tuple[float, float]], kinds: tuple[str, ...], most: int
) -> list[Row]:
    """The newest ``most`` items of ``kinds`` in each of the times [from, to)."""
    marks = ",".join("?" * len(kinds))
    sql = (
        f"SELECT {_SHOWN} FROM (SELECT i.id {_FROM} WHERE i.at >= ? AND i.at < ? AND i.kind IN ({marks}) "
        "ORDER BY i.at DESC LIMIT ?) k JOIN items i ON i.id = k.id"
    )
    return [_row(row) for begins, ends in days for row in db.rows(sql, [begins, ends, *kinds, most])]


def oldest(db: Database) -> float | None:
    """When the oldest item with a time is from."""
    found = db.value(f"SELECT min(i.at) {_FROM}")
    return None if found is None else float(found)


def _row(row: dict[str, Any], *, count: int = 1) -> Row:
    return Row(
        uri=row["uri"],
        source=row["source"],
        kind=row["kind"],
        title=row["title"][:_TITLE],
        when=datetime.fromisoformat(row["iso"]) if row["iso"] else None,
        people=tuple(who[:_TITLE] for who in row["people"].split("; ")[:2]) if row["people"] else (),
        place=row["place"],
        path=row["path"],
        thread=row["thread"],
        count=count,
        all_day=bool(row["all_day"]),
        seconds=max(0, row["seconds"] or 0),
    )


def _where(shelf: Shelf) -> tuple[str, list[Any]]:
    """Conditions on ``items i`` that the index answers by itself; what it cannot is a list of ids."""
    parts: list[tuple[str, tuple[Any, ...]]] = []
    scope = shelf.scope
    for column, wanted in (("kind", scope.kinds), ("source", _named(scope))):
        if wanted:
            parts.append((f"+i.{column} IN ({','.join('?' * len(wanted))})", wanted))
    if scope.after is not None:
        parts.append(("i.at >= ?", (epoch(scope.after),)))
    if scope.before is not None:
        parts.append(("i.at < ?", (epoch(scope.before),)))
    folders = tuple(name for name in scope.sources if name not in _named(scope))
    for one in Filter.of(Scope(people=scope.people, sources=folders)).conditions:
        parts.append((f"+i.id IN ({one.items})", one.values))
    parts += [(f"+i.id IN ({_WORDED})", (match,)) for match in _matches(shelf.words)]
    if shelf.box is not None:
        south, west, north, east = shelf.box
        parts.append((f"+i.id IN ({_PICTURED})", (south, north, west, east)))
    text = " AND ".join(f"({sql})" for sql, _ in parts) or "1"
    return text, [value for _, values in parts for value in values]


def _matches(text: str) -> list[str]:
    """One for each word, since they may stand in different passages; the last one may be only begun."""
    these = content_words(text)
    matches = [match_all([word]) for word in these]
    if these and goes_on(text) and these[-1] == words(text)[-1]:
        matches[-1] += "*"
    return matches


def _named(scope: Scope) -> tuple[str, ...]:
    """Sources named by their sort; the others are named by where they are."""
    return tuple(name for name in scope.sources if "/" not in name and "\\" not in name)
