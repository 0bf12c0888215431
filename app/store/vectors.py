"""Embeddings: kept as 8-bit rows in index.db, searched by a 1-bit sketch that lives in memory only.

The sketch is one sign bit a dimension (48 bytes for 384). A query XORs it against all, takes the
nearest few hundred by Hamming distance and scores those exactly from the encrypted rows: scanning
every row inside SQLCipher would be a hundred times slower. A row is scaled by its own largest
value; cosine does not depend on the scale, so none is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from app.core.errors import Bug
from app.store.db import Database
from app.store.passages import to_embed

CANDIDATES = 200
_ROWS_AT_ONCE = 20_000
_MODEL = "embedding_model"


class VectorIndex:
    """Nearest passages by meaning; any thread may call. All vectors are of one embedding model."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = threading.RLock()
        self._ids: npt.NDArray[Any] = np.empty(0, np.int64)
        self._bits: npt.NDArray[Any] = np.empty((0, 0), np.uint64)
        self._last = 0  # the newest row of the file that the sketch covers

    def model(self) -> str:
        """The embedding model's name, empty while there is no vector."""
        return str(self._db.value("SELECT value FROM facts WHERE name = ?", [_MODEL]) or "")

    def use(self, model: str) -> bool:
        """From now on vectors are of ``model``; those of another are dropped (True) and pending again."""
        with self._db.write() as db:
            row = db.conn.execute("SELECT value FROM facts WHERE name = ?", (_MODEL,)).fetchone()
            if row and row[0] == model:
                return False
            db.conn.execute("DELETE FROM vectors")
            db.conn.execute("UPDATE passages SET embedded = 0 WHERE embedded = 1")
            db.conn.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (_MODEL, model))
        self.reset()
        return row is not None

    def pending(self, limit: int = 256) -> list[tuple[int, str]]:
        """(passage id, text to embed) of passages without a vector, newest item first."""
        rows = self._db.rows(
            """SELECT p.id, i.title, substr(i.text, p.start + 1, p."end" - p.start) AS text
               FROM (SELECT id, item_id, start, "end", at FROM passages
                     WHERE embedded = 0 ORDER BY at DESC LIMIT ?) p
               JOIN items i ON i.id = p.item_id ORDER BY p.at DESC, p.id""",
            [limit],
        )
        return [(row["id"], to_embed(row["title"], row["text"])) for row in rows]

    def add(self, ids: Sequence[int], matrix: npt.NDArray[Any], *, model: str) -> int:
        """Keep one vector (a row of ``matrix``) a passage; returns how many passages still exist.

        A ``model`` other than that of the vectors here replaces them all.
        """
        if len(ids) != len(matrix):
            raise Bug("as many vectors as passages are needed")
        self.use(model)
        rows = quantize(np.asarray(matrix, dtype=np.float32))
        with self._db.write() as db:
            kept = 0
            for id, row in zip(ids, rows, strict=True):
                # a passage may have been replaced while it was being embedded
                done = db.conn.execute("UPDATE passages SET embedded = 1 WHERE id = ?", (int(id),)).rowcount
                if done:
                    db.conn.execute(
                        "INSERT OR REPLACE INTO vectors (passage_id, data) VALUES (?, ?)",
                        (int(id), row.tobytes()),
                    )
                    kept += 1
        return kept

    def load(self) -> int:
        """Bring the sketch up to date with the file; returns how many vectors it covers."""
        with self._lock:
            while rows := self._fetch(self._last):
                self._last = rows[-1]["id"]
                data = np.frombuffer(b"".join(r["data"] for r in rows), np.int8).reshape(len(rows), -1)
                self._ids = np.concatenate([self._ids, np.array([r["passage_id"] for r in rows], np.int64)])
                bits = np.packbits(data >= 0, axis=1)
                self._bits = np.concatenate([self._bits, _words(bits)]) if len(self._bits) else _words(bits)
            return len(self._ids)

    def search(
        self, vector: npt.NDArray[Any], k: int = 50, allowed: Collection[int] | npt.NDArray[Any] | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` nearest passages as (id, cosine), best first, only of ``allowed`` where given."""
        self.load()
        with self._lock:
            ids, bits = self._ids, self._bits
        if allowed is not None:
            keep = np.isin(ids, np.fromiter(allowed, np.int64, len(allowed)))
            ids, bits = ids[keep], bits[keep]
        if not len(ids):
            return []
        query = np.asarray(vector, dtype=np.float32).ravel()
        if query.size != bits.shape[1] * 64:
            return []  # a vector of another model: no order would mean anything
        near = _nearest(query, bits, max(CANDIDATES, 2 * k))
        scored = self._score(query, ids[near])
        if len(scored) < len(near):
            self._compact(ids[near], scored)
        return scored[:k]

    def similarities(self, vector: npt.NDArray[Any], ids: Sequence[int]) -> dict[int, float]:
        """Cosines with these passages, where they have a vector."""
        return dict(self._score(np.asarray(vector, dtype=np.float32).ravel(), np.array(ids, np.int64)))

    def _score(self, query: npt.NDArray[Any], ids: npt.NDArray[Any]) -> list[tuple[int, float]]:
        rows = self._db.rows(
            f"SELECT passage_id, data FROM vectors WHERE passage_id IN ({','.join('?' * len(ids))})",
            [int(id) for id in ids],
        )
        rows = [r for r in rows if len(r["data"]) == query.size]
        if not rows:
            return []
        matrix = np.frombuffer(b"".join(r["data"] for r in rows), np.int8).reshape(len(rows), -1)
        floats = matrix.astype(np.float32)
        norms = np.linalg.norm(floats, axis=1) * (np.linalg.norm(query) or 1.0)
        cosines = floats @ query / np.where(norms == 0, 1.0, norms)
        order = np.argsort(-cosines, kind="stable")
        return [(int(rows[i]["passage_id"]), float(cosines[i])) for i in order]

    def _fetch(self, after: int) -> list[dict[str, Any]]:
        return self._db.rows(
            "SELECT id, passage_id, data FROM vectors WHERE id > ? ORDER BY id LIMIT ?",
            [after, _ROWS_AT_ONCE],
        )

    def _compact(self, asked: npt.NDArray[Any], found: list[tuple[int, float]]) -> None:
        """Passages that are gone leave the sketch when a search comes across them."""
        gone = np.setdiff1d(asked, np.array([id for id, _ in found], np.int64))
        with self._lock:
            keep = ~np.isin(self._ids, gone)
            self._ids, self._bits = self._ids[keep], self._bits[keep]

    def reset(self) -> None:
        """Forget the sketch; the next search loads it anew."""
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        self._ids, self._bits, self._last = np.empty(0, np.int64), np.empty((0, 0), np.uint64), 0


def quantize(matrix: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """n × d float32 → n × d int8, each row scaled so that its largest value is 127."""
    top = np.abs(matrix).max(axis=1, keepdims=True)
    return np.rint(matrix * (127.0 / np.where(top == 0, 1.0, top))).astype(np.int8)


def _words(bits: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Packed bits as 64-bit words, which are counted eight times faster than bytes."""
    return np.ascontiguousarray(bits).view(np.uint64)


def _nearest(query: npt.NDArray[Any], bits: npt.NDArray[Any], n: int) -> npt.NDArray[Any]:
    """Positions of the ``n`` sketches nearest to the query's by Hamming distance."""
    sketch = _words(np.packbits(quantize(query[None]) >= 0, axis=1))
    distance = np.bitwise_count(bits ^ sketch).sum(axis=1, dtype=np.uint16)
    if len(distance) <= n:
        return np.arange(len(distance))
    return np.argpartition(distance, n)[:n]
