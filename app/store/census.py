"""How many passages there are: counted, since the ids of those that went are never used again."""

from __future__ import annotations

import time

from app.store.db import Database

_SMALL = 20_000  # passages that are counted each time, in under a millisecond
_FOR_S = 60.0  # for which a larger count is taken to hold


class Census:
    """Any thread may ask."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known = (0.0, 0)  # until when, and the count

    def passages(self) -> int:
        """Exact in a small store, else as of the last minute."""
        newest = int(self._db.value("SELECT max(id) FROM passages") or 0)
        until, count = self._known
        if newest <= _SMALL or time.monotonic() >= until:
            count = int(self._db.value("SELECT count(*) FROM passages"))
            self._known = (time.monotonic() + _FOR_S, count)
        return min(count, newest)
