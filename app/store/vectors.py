"""Embeddings: kept as 8-bit rows in index.db, searched by a sketch that lives in memory only.

A query finds its nearest few hundred in the sketch (app.store.sketch) and scores those exactly from
the encrypted rows: scanning every row inside SQLCipher would be a hundred times slower. The sketch
loads, grows and is mended by a thread of its own; a search takes what is there and never waits for
it. A row is scaled by its own largest value; cosine does not depend on the scale, so none is kept.
When another embedding model follows (app.store.succession), the one before answers until all is embedded.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.core.errors import Bug, HomebodyError
from app.store import succession, upkeep
from app.store.db import Database
from app.store.passages import to_embed
from app.store.sketch import Sketch, quantize, unit

_LOG = logging.getLogger(__name__)
CANDIDATES = 256  # of the sketch, that are scored exactly
FEW = 4_096  # vectors that a search itself reads in; more are left to the thread
EXACT = 2_000  # allowed passages up to which the sketch is not asked
_SPARSE_FOR_S = 5.0
_TEXTS = """
    SELECT p.id, i.title, substr(i.text, p.start + 1, p."end" - p.start)
    FROM ({}) p JOIN items i ON i.id = p.item_id
"""


@dataclass(frozen=True)
class Within:
    """``test`` says which of some passages are wanted, and is asked of that many of the nearest."""

    test: Callable[[Sequence[int]], set[int]]
    of: int


class VectorIndex:
    """Nearest passages by meaning; any thread may call."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = threading.RLock()  # of the sketches and the thread's state
        self._working = threading.Lock()  # one at a time brings them up to date
        self._sketches: dict[int, Sketch] = {}  # by embedder, once something of it was read
        self._thread: threading.Thread | None = None
        self._due = self._closed = False
        self._stale: set[int] = set()  # embedders whose sketch holds what is gone from the file
        self._added = self._era = 0
        self._sparse = (0.0, False)  # until when that holds

    def model(self) -> str:
        """The embedding model that answers: whose vectors a question's is compared with; empty for none."""
        return succession.of(self._db).serving.name

    def making(self) -> str:
        """The one that what :meth:`pending` lists now is to be embedded with; empty for none.

        While a model follows another what is new is embedded with that before it too, and first, so that
        it can be found at once; then everything with the one that follows.
        """
        models = succession.of(self._db)
        unserved = models.coming and self._db.tuples("SELECT 1 FROM passages WHERE embedded = 0 LIMIT 1")
        return (models.serving if unserved else models.newest).name

    def use(self, model: str) -> bool:
        """From now on vectors are made with ``model``; whether that is a change.

        What the model before has made answers until all is embedded anew: then ``model`` takes its place
        in one transaction, and the thread deletes the rest in portions. Whoever goes back to the model that
        still answers loses nothing but what the other had made.
        """
        if succession.of(self._db).newest.name == model:
            return False
        with self._db.write() as db:
            before = succession.follow(db, model)
        self.warm()
        return before

    def give_up(self, model: str) -> None:
        """``model`` cannot embed questions any more: the one that follows it answers with what it has."""
        with self._db.write() as db:
            gone = succession.of(db).serving.name == model and succession.take_place(db)
        if gone:
            self.warm()

    def settle(self) -> bool:
        """Whether the model that follows has just taken its place, all being embedded with it."""
        models = succession.of(self._db)
        if not models.coming or not succession.complete(self._db):
            return False
        self._work()  # its sketch is there before it is asked
        with self._db.write() as db:
            done = succession.complete(db) and succession.take_place(db)
        if done:
            self.warm()
        return done

    def pending(self, limit: int = 256) -> list[tuple[int, str]]:
        """(passage id, text to embed) of passages that :meth:`making` has no vector of, newest item first."""
        for state in (succession.PENDING, succession.OLDER):
            newest = f"SELECT * FROM passages WHERE embedded = {state} ORDER BY at DESC LIMIT ?"
            if rows := self._db.tuples(f"{_TEXTS.format(newest)} ORDER BY p.at DESC, p.id", [limit]):
                return [(id, to_embed(title, text)) for id, title, text in rows]
        return []

    def remaining(self) -> int:
        """How many passages the newest model has not embedded yet."""
        return sum(
            int(self._db.value(f"SELECT count(*) FROM passages WHERE embedded = {state}"))
            for state in (succession.PENDING, succession.OLDER)
        )

    def lacking(self, ids: Sequence[int]) -> list[tuple[int, str]]:
        """(passage id, text to embed) of those of ``ids`` without a vector, in their order."""
        marks = ",".join(str(int(id)) for id in ids)
        these = f"SELECT * FROM passages WHERE embedded = 0 AND id IN ({marks})"
        texts = {id: to_embed(title, text) for id, title, text in self._db.tuples(_TEXTS.format(these))}
        return [(id, texts[id]) for id in ids if id in texts]

    def sparse(self) -> bool:
        """Whether most passages have no vector yet; looked at again after some seconds."""
        until, sparse = self._sparse
        if time.monotonic() >= until:
            half = int(self._db.value("SELECT count(*) FROM passages")) // 2
            waiting = "SELECT count(*) FROM (SELECT 1 FROM passages WHERE embedded = 0 LIMIT ?)"
            sparse = int(self._db.value(waiting, [half + 1])) > half
            self._sparse = (time.monotonic() + _SPARSE_FOR_S, sparse)
        return sparse

    def add(self, ids: Sequence[int], matrix: npt.NDArray[Any], *, model: str) -> int:
        """Keep one vector (a row of ``matrix``) a passage; returns of how many that still exist.

        A ``model`` other than those of the vectors here is followed from now on, as with :meth:`use`.
        """
        if len(ids) != len(matrix):
            raise Bug("as many vectors as passages are needed")
        if model not in [one.name for one in succession.of(self._db).all()]:
            self.use(model)
        rows = quantize(np.asarray(matrix, dtype=np.float32))
        kept = 0
        with self._db.write() as db:
            models = succession.of(db)
            embedder, state = models.newest.id, succession.DONE
            if model != models.newest.name:  # that before it, which answers till then
                embedder, state = models.serving.id, succession.OLDER
            if model not in (models.newest.name, models.serving.name):
                return 0  # another one was chosen this moment
            for id, row in zip(ids, rows, strict=True):
                # a passage may have been replaced while it was being embedded
                done = db.conn.execute(
                    "UPDATE passages SET embedded = ? WHERE id = ?", (state, int(id))
                ).rowcount
                if done:
                    db.conn.execute(
                        "INSERT OR REPLACE INTO vectors (embedder_id, passage_id, data) VALUES (?, ?, ?)",
                        (embedder, int(id), row.tobytes()),
                    )
                    kept += 1
        self._added += kept
        if self._added >= upkeep.PORTION:
            self._added = 0
            self.warm()
        return kept

    def warm(self) -> None:
        """Bring the sketch up to date in a thread of its own; returns at once."""
        with self._lock:
            self._due = not self._closed
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="sketch", daemon=True)
                self._thread.start()

    def load(self) -> int:
        """Bring the sketch up to date now; returns how many vectors it covers."""
        self._work()
        with self._lock:
            return sum(map(len, self._sketches.values()))

    def nbytes(self) -> int:
        """Memory that the sketch takes."""
        with self._lock:
            return sum(sketch.nbytes for sketch in self._sketches.values())

    def search(
        self,
        vector: npt.NDArray[Any],
        k: int = 50,
        allowed: Collection[int] | npt.NDArray[Any] | None = None,
        *,
        model: str = "",
        within: Within | None = None,
    ) -> list[tuple[int, float]]:
        """The ``k`` nearest passages as (id, cosine), best first, only of ``allowed`` where given.

        Or else only of those that pass ``within``. ``model`` is the one that made ``vector``: :meth:`model`
        unless said. Finds less while the sketch is being loaded, and nothing by a vector of a model that
        has none here.
        """
        query = np.asarray(vector, dtype=np.float32).ravel()
        query = query / (np.linalg.norm(query) or 1.0)
        embedder = self._embedder(model)
        only = None if allowed is None else np.fromiter(allowed, np.int64, len(allowed))
        if not embedder or (only is not None and not len(only)):
            return []
        if only is not None and len(only) <= EXACT:
            return self._score(query, self._of_passages(embedder, only.tolist()))[:k]
        wanted = max(CANDIDATES, k + k // 4)
        sketch = self._followed(embedder, query.size)
        ids, passages = sketch.near(query, within.of if within else wanted, only)
        if within:
            inside = within.test(passages.tolist())
            ids = ids[[passage in inside for passage in passages.tolist()]][:wanted]
        rows = self._of_ids(ids)
        if len(rows) < len(ids):  # some are gone from the file
            self._renew(embedder)
        return self._score(query, rows)[:k]

    def similarities(
        self, vector: npt.NDArray[Any], ids: Sequence[int], *, model: str = ""
    ) -> dict[int, float]:
        """Cosines with these passages, where they have a vector of the same model."""
        embedder = self._embedder(model)
        rows = self._of_passages(embedder, ids) if embedder else []
        return dict(self._score(np.asarray(vector, dtype=np.float32).ravel(), rows))

    def repair(self) -> int:
        """Codes that do not fit are dropped, to be made again; returns how many.

        Waits until the thread has ended what it does to them: one of both must not undo the other's work.
        """
        with self._working:
            return upkeep.repair(self._db)

    def reset(self) -> None:
        """Forget the sketch at once; it is loaded anew."""
        with self._lock:
            self._sketches.clear()
            self._era += 1

    def close(self) -> None:
        """The thread ends before the file is closed."""
        with self._lock:
            self._closed, self._due = True, False
            thread = self._thread
        if thread is not None:
            thread.join()
        self.reset()

    def _embedder(self, model: str) -> int:
        """The number of the one that answers, 0 where that is not ``model``."""
        serving = succession.of(self._db).serving
        return serving.id if model in ("", serving.name) else 0

    def _followed(self, embedder: int, dim: int) -> Sketch:
        """The sketch with the newest few vectors; where there are more the thread is called."""
        with self._lock:
            known, era = self._sketches.get(embedder), self._era
        sketch = known or Sketch()
        more = upkeep.rows(self._db, embedder, dim, after=sketch.last, limit=FEW)
        if len(more) == FEW:
            self.warm()
            return sketch
        if len(more) and sketch.fits(dim):
            sketch = sketch.plus(more)
            with self._lock:
                if self._sketches.get(embedder) is known and self._era == era:
                    self._sketches[embedder] = sketch
        return sketch if sketch.fits(dim) else Sketch()

    def _renew(self, embedder: int) -> None:
        """The one in use stays until the thread has made another."""
        with self._lock:
            self._stale.add(embedder)
        self.warm()

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._due:
                    self._thread = None
                    return
                self._due = False
            try:
                self._work()
            except HomebodyError:  # a full disk, a damaged file: whoever uses it next is told
                continue
            except Exception:  # a fault of ours must not keep the next call from trying again
                _LOG.exception("the sketch of the vectors could not be brought up to date")

    def _work(self) -> None:
        with self._working:
            for embedder in [one.id for one in succession.of(self._db).all()]:
                with self._lock:
                    era = self._era
                    stale = embedder in self._stale
                    self._stale.discard(embedder)
                    begun = Sketch() if stale else self._sketches.get(embedder, Sketch())
                made = begun
                for made in upkeep.sketches(self._db, embedder, begun):
                    if self._closed or not self._taken(embedder, made, era, part=stale):
                        return
                self._taken(embedder, made, era, part=False)
            upkeep.retire(self._db, stopped=lambda: self._closed)
            with self._lock:
                in_use = {one.id for one in succession.of(self._db).all()}
                self._sketches = {id: sketch for id, sketch in self._sketches.items() if id in in_use}

    def _taken(self, embedder: int, sketch: Sketch, era: int, *, part: bool) -> bool:
        """Whether it is still wanted: it takes the place of the one in use, unless it is a part yet."""
        with self._lock:
            if self._era != era:
                self._due = not self._closed
                return False
            if not part:
                self._sketches[embedder] = sketch
            return True

    def _of_ids(self, ids: npt.NDArray[Any]) -> list[tuple[Any, ...]]:
        marks = ",".join(map(str, sorted(ids.tolist())))
        return self._db.tuples(f"SELECT passage_id, data FROM vectors WHERE id IN ({marks})")

    def _of_passages(self, embedder: int, ids: Sequence[int]) -> list[tuple[Any, ...]]:
        marks = ",".join(str(int(id)) for id in ids)
        sql = f"SELECT passage_id, data FROM vectors WHERE passage_id IN ({marks}) AND embedder_id = ?"
        return self._db.tuples(sql, [embedder])

    def _score(self, query: npt.NDArray[Any], rows: list[tuple[Any, ...]]) -> list[tuple[int, float]]:
        rows = [row for row in rows if len(row[1]) == query.size]
        if not rows:
            return []
        data = np.frombuffer(b"".join(row[1] for row in rows), np.int8).reshape(len(rows), -1)
        cosines = unit(data) @ (query / (np.linalg.norm(query) or 1.0))
        order = np.argsort(-cosines, kind="stable")
        return [(int(rows[i][0]), float(cosines[i])) for i in order]
