"""What the calendar holds at a time: for conflicts, and for the question what is on."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.core.types import ItemView
from app.store.db import Database
from app.store.index import view

ASSUMED = timedelta(hours=1)  # the length of an event that does not say when it ends
LONGEST = timedelta(days=32)
IN_CALENDAR = """
    EXISTS (SELECT 1 FROM holds h JOIN units u ON u.id = h.unit_id JOIN sources s ON s.id = u.source_id
            WHERE h.item_id = items.id AND s.kind NOT IN ('mail', 'imap'))
"""  # and not only an invite in a mail


class Agenda:
    """Reads events of the index, recurring ones by the instances their indexer expanded."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def between(self, start: datetime, end: datetime) -> tuple[ItemView, ...]:
        """Events that overlap [start, end), in no particular order; cancelled ones are left out."""
        rows = self._db.rows(
            f"""SELECT * FROM items WHERE kind = 'event' AND {IN_CALENDAR}
               AND (at BETWEEN ? AND ? OR json_extract(meta, '$.instances') IS NOT NULL)""",
            [(start - LONGEST).timestamp(), end.timestamp()],
        )
        events = (view(row) for row in rows)
        return tuple(e for e in events if e.meta.get("status") != "CANCELLED" and _overlaps(e, start, end))

    def calendar(self, address: str) -> str:
        """What the calendar is called whose events lie under ``address``; empty where none is known."""
        sql = (
            "SELECT json_extract(meta, '$.calendar') FROM items WHERE kind = 'event' "
            "AND substr(path, 1, length(?1)) = ?1 AND json_extract(meta, '$.calendar') IS NOT NULL LIMIT 1"
        )
        return str(self._db.value(sql, [address]) or "")


def _overlaps(event: ItemView, start: datetime, end: datetime) -> bool:
    if event.when is None:
        return False
    until = datetime.fromisoformat(event.meta["until"]) if "until" in event.meta else event.when + ASSUMED
    length = max(until - event.when, timedelta(minutes=1))
    begins = [event.when, *map(datetime.fromisoformat, event.meta.get("instances", "").split())]
    return any(_aware(b, start) < end and _aware(b, start) + length > start for b in begins)


def _aware(when: datetime, like: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=like.tzinfo)
