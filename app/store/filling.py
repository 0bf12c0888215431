"""The word index of an older store, which was laid out otherwise, is filled again beside everything else.

From the newest passage down, in portions, so that a search finds by words what is there already; after a
kill it goes on where it was. What comes or goes meanwhile is put in and taken out as ever.
"""

from __future__ import annotations

import logging
import threading

from app.core.errors import HomebodyError
from app.store import holdings
from app.store.db import Database

_LOG = logging.getLogger(__name__)
PORTION = 1_000  # passages in one transaction, about 0.1 s
_PAUSE_S = 0.02  # in which others get to write


def complete(db: Database) -> bool:
    """Whether every passage can be found by words: the oldest is the last to be put in."""
    oldest = db.value("SELECT min(id) FROM passages")
    return oldest is None or bool(db.value("SELECT 1 FROM fts_docsize WHERE id = ?", [oldest]))


class Filling:
    """A thread that ends when nothing is lacking."""

    def __init__(self, db: Database) -> None:
        self._db, self._over = db, threading.Event()
        self._thread = threading.Thread(target=self._run, name="words", daemon=True)

    def start(self) -> None:
        """Returns at once; where nothing is lacking there is nothing to do."""
        if not complete(self._db) and self._db.writable:
            self._thread.start()

    def close(self) -> None:
        """It stops after the portion it is at."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        last = int(self._db.value("SELECT max(id) FROM passages") or 0)
        try:
            while not self._over.is_set() and last > 0:
                with self._db.write() as db:
                    last = holdings.fill(db, last, PORTION)
                self._over.wait(_PAUSE_S)
        except HomebodyError:  # a full disk, a damaged file: the next start goes on, and the doctor tells
            _LOG.warning("the word index could not be filled to its end", exc_info=True)
