"""Vectors of pictures, in a space of their own beside those of texts, searched exactly in memory.

They belong to items, not to passages, and to one model at a time: those of another are made anew. Rows
are 8-bit like those of texts; 100,000 pictures of 512 dimensions take 51 MB while they are searched.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from app.store.db import Database
from app.store.holdings import OCR_WANTED
from app.store.sketch import quantize, unit

_PENDING = """
    SELECT i.id, i.path FROM items i
    LEFT JOIN picture_vectors v ON v.item_id = i.id AND v.model = ? AND v.digest = i.digest
    WHERE i.kind = 'photo' AND i.ocr <> ? AND v.item_id IS NULL ORDER BY i.at DESC LIMIT ?
"""
_FIRST = """
    SELECT item_id, min(id) FROM passages WHERE item_id IN ({}) GROUP BY item_id
"""
_BATCH = 4_096  # rows that are multiplied at once: as floats they take four times their size


class PictureVectors:
    """Nearest pictures by what they show; any thread may call."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = threading.Lock()
        self._known: tuple[object, npt.NDArray[np.int64], npt.NDArray[np.int8]] | None = None

    def pending(self, model: str, limit: int = 2_000) -> list[tuple[int, str]]:
        """(item id, path) of photos that were looked at and have no vector by ``model``, newest first."""
        rows = self._db.tuples(_PENDING, [model, OCR_WANTED, limit])
        return [(int(id), str(path)) for id, path in rows]

    def add(
        self, ids: Sequence[int], matrix: npt.NDArray[Any], *, without: Sequence[int], model: str
    ) -> None:
        """Keep a row of ``matrix`` as the vector of each of ``ids``; ``without`` are items that have none."""
        kept = [(id, b"") for id in without]
        if len(ids):
            rows = quantize(np.asarray(matrix, dtype=np.float32))
            kept += [(id, row.tobytes()) for id, row in zip(ids, rows, strict=True)]
        with self._db.write() as db:
            db.conn.execute("DELETE FROM picture_vectors WHERE model <> ?", (model,))
            db.conn.executemany(
                "INSERT OR REPLACE INTO picture_vectors (item_id, model, digest, data) "
                "SELECT id, ?2, digest, ?3 FROM items WHERE id = ?1",  # it may be gone by now
                [(id, model, data) for id, data in kept],
            )

    def any(self, model: str) -> bool:
        """Whether there is a vector by ``model``."""
        sql = "SELECT 1 FROM picture_vectors WHERE model = ? AND data <> x'' LIMIT 1"
        return bool(self._db.tuples(sql, [model]))

    def near(self, vector: npt.NDArray[Any], model: str, k: int) -> dict[int, float]:
        """First passage of each of the ``k`` nearest pictures → how near, 1 for the best.

        A share of the way from the mean of all pictures to the best: cosines between words and pictures
        are small, and how small differs from model to model.
        """
        ids, rows = self._rows(model)
        query = np.asarray(vector, dtype=np.float32).ravel()
        if not len(ids) or rows.shape[1] != query.size:
            return {}
        query = query / (np.linalg.norm(query) or 1.0)
        parts = (unit(rows[at : at + _BATCH]) @ query for at in range(0, len(rows), _BATCH))
        cosines = np.concatenate(list(parts))
        best = np.argsort(-cosines, kind="stable")[:k]
        mean, top = float(cosines.mean()), float(cosines[best[0]])
        shares = {int(ids[n]): (float(cosines[n]) - mean) / (top - mean) if top > mean else 1.0 for n in best}
        marks = ",".join(map(str, shares))
        return {
            int(p): shares[int(i)] for i, p in self._db.tuples(_FIRST.format(marks)) if shares[int(i)] > 0
        }

    def _rows(self, model: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int8]]:
        """All ids and vectors, kept in memory until one is added or goes."""
        state = (model, *self._db.tuples("SELECT count(*), max(id) FROM picture_vectors")[0])
        with self._lock:
            if self._known is None or self._known[0] != state:
                found = self._db.tuples(
                    "SELECT item_id, data FROM picture_vectors WHERE model = ? AND data <> x''", [model]
                )
                ids = np.array([row[0] for row in found], np.int64)
                data = np.frombuffer(b"".join(row[1] for row in found), np.int8)
                self._known = (
                    state,
                    ids,
                    data.reshape(len(found), -1) if found else np.empty((0, 0), np.int8),
                )
            return self._known[1], self._known[2]
