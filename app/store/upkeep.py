"""Keeps what the sketch is made from: codes beside the vectors, the codebook, and the change of a model.

All of it is derived. Vectors are coded in the order of their ids, so what a kill left out is what lies
beyond the last code; a codebook that is being replaced is known by there being two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

import numpy as np

from app.store.db import Database
from app.store.sketch import SAMPLE, SEGMENT, Codebook, Rows, Segment, Sketch, numbers

SMALL = 20_000  # vectors up to which all are searched exactly, 8 MB for 384 dimensions
PORTION = 1_024  # vectors coded, or deleted, in one transaction; fewer stay as they are
_GROWN, _ENOUGH = 4, 100_000  # learned anew when that many times as large, unless it was large already
_ROWS = (
    "SELECT id, passage_id, data FROM vectors WHERE id > ? AND embedder_id = ? AND length(data) = ? "
    "ORDER BY id LIMIT ?"
)
_OWN_BOOKS = "SELECT id FROM codebooks WHERE embedder_id = ?1"
_OWN_CODES = f"SELECT vector_id FROM codes WHERE codebook_id IN ({_OWN_BOOKS})"
_LOST = (  # what lies beyond the last code is not lost, only not coded yet
    "SELECT count(*) FROM vectors WHERE embedder_id = ?1 "
    f"AND id < (SELECT max(vector_id) FROM ({_OWN_CODES})) AND id NOT IN ({_OWN_CODES})"
)
_PROBED = 1_000  # codes that the doctor computes again


@dataclass(frozen=True)
class _Book:
    id: int
    trained: int
    codebook: Codebook


def sketches(db: Database, embedder: int, sketch: Sketch) -> Iterator[Sketch]:
    """Better and better ones: with all codes of the file, then with what was not coded yet.

    Begin with ``Sketch()`` or with one made earlier, of which only the end is read again.
    Raises NoSpace where codes cannot be written; what was yielded till then is good.
    """
    dim = dimensions(db, embedder)
    _drop_unfit(db, embedder, dim)
    if not dim:
        yield Sketch()
        return
    books = _books(db, embedder, dim)
    full = tuple(segment for segment in sketch.segments if len(segment) >= SEGMENT)
    sketch = replace(sketch, segments=full) if sketch.segments else sketch
    for segment in _coded(db, books, after=int(full[-1].ids[-1]) if full else 0):
        sketch = _with(sketch, segment)
        yield sketch
    if len(books) > 1 or (books and _outgrown(books[-1], len(sketch))):
        for anew in _learned_anew(db, embedder, dim, books):
            sketch = anew or sketch
            yield sketch
        books = _books(db, embedder, dim)
    end = sketch.segments[-1].ids[-1] if sketch.segments else 0
    if not books:
        if _fewer(db, embedder, SMALL):
            rest = rows(db, embedder, dim, after=int(end), limit=SMALL)
            yield Sketch((), rest)
            return
        books = [_learn(db, embedder, dim)]
    for made in _code_rest(db, embedder, dim, books[-1], after=int(end)):
        sketch = _with(sketch, made) if made else sketch
        yield sketch
    yield replace(sketch, rest=rows(db, embedder, dim, after=_end(sketch), limit=PORTION))


def rows(db: Database, embedder: int, dim: int, *, after: int, limit: int) -> Rows:
    """Vectors as they are, in the order of their ids."""
    return Rows.of(db.tuples(_ROWS, [after, embedder, dim, limit]), dim)


def dimensions(db: Database, embedder: int) -> int:
    """Of this model's vectors; 0 while there is none."""
    size = "SELECT length(data) FROM vectors WHERE embedder_id = ? LIMIT 1"
    return int(db.value(size, [embedder]) or 0)


def retire(db: Database, *, stopped: Callable[[], bool]) -> None:
    """Vectors of models that others took the place of go, a portion a transaction, until ``stopped``."""
    while not stopped():
        old = db.value("SELECT id FROM embedders WHERE role = 0 LIMIT 1")
        if old is None:
            return
        with db.write() as writer:
            gone = writer.conn.execute(
                "DELETE FROM vectors WHERE id IN "
                "(SELECT id FROM vectors WHERE embedder_id = ? ORDER BY id LIMIT ?)",
                (old, PORTION),
            ).rowcount
            if not gone:
                writer.conn.execute("DELETE FROM embedders WHERE id = ?", (old,))


def repair(db: Database) -> int:
    """Codes that are lost or do not fit their vectors are dropped, to be made again; returns how many.

    Raises nothing where there is no codebook yet. Of a large store it recomputes a sample.
    """
    return sum(_repaired(db, row[0]) for row in db.tuples("SELECT id FROM embedders"))


def _repaired(db: Database, embedder: int) -> int:
    dim = dimensions(db, embedder)
    _drop_unfit(db, embedder, dim)
    books = _books(db, embedder, dim)
    if not books:
        return 0
    bad = int(db.value(_LOST, [embedder]) or 0) + sum(_misfits(db, embedder, book) for book in books)
    if bad:
        with db.write() as writer:
            writer.conn.execute(f"DELETE FROM codes WHERE codebook_id IN ({_OWN_BOOKS})", (embedder,))
            writer.conn.execute("DELETE FROM codebooks WHERE embedder_id = ?", (embedder,))
    return bad


def _misfits(db: Database, embedder: int, book: _Book) -> int:
    """Of codes taken evenly, how many are not what their vectors are coded as."""
    found = db.tuples(
        "SELECT v.id, v.passage_id, v.data, c.code, c.passage_id FROM codes c JOIN vectors v "
        "ON v.id = c.vector_id WHERE c.codebook_id = ?1 AND c.vector_id % "
        "(1 + (SELECT count(*) FROM codes) / ?2) = 0 LIMIT ?2",
        [book.id, _PROBED],
    )
    if not found:
        return 0
    codes = book.codebook.encode(Rows.of(found, book.codebook.dim).data)
    return sum(row[3] != code.tobytes() or row[1] != row[4] for row, code in zip(found, codes, strict=True))


def _coded(db: Database, books: list[_Book], *, after: int) -> Iterator[Segment]:
    """Codes of the file from there on; those made with one codebook lie together."""
    known = {book.id: book.codebook for book in books}
    while found := db.tuples(
        "SELECT vector_id, passage_id, codebook_id, code FROM codes WHERE vector_id > ? "
        "ORDER BY vector_id LIMIT ?",
        [after, SEGMENT],
    ):
        after = found[-1][0]
        for id, part in groupby(found, key=itemgetter(2)):
            if id in known:
                yield _segment(known[id], [(row[0], row[1], row[3]) for row in part])


def _segment(book: Codebook, rows: list[tuple[int, int, bytes]]) -> Segment:
    ids, passages, codes = zip(*rows, strict=True)
    matrix = np.frombuffer(b"".join(codes), np.uint8).reshape(len(rows), book.code_size)
    return Segment(book, numbers(ids), numbers(passages), matrix)


def _code_rest(db: Database, embedder: int, dim: int, book: _Book, *, after: int) -> Iterator[Segment | None]:
    """Code what lies beyond, a portion a transaction; a last part smaller than that is left as it is.

    None after each portion, so that the caller can stop there.
    """
    made: list[tuple[int, int, bytes]] = []
    while len(found := rows(db, embedder, dim, after=after, limit=PORTION)) == PORTION:
        after = int(found.ids[-1])
        made += _write(db, book, found)
        yield None
        if len(made) >= SEGMENT:
            yield _segment(book.codebook, made)
            made = []
    if made:
        yield _segment(book.codebook, made)


def _write(db: Database, book: _Book, found: Rows) -> list[tuple[int, int, bytes]]:
    codes = book.codebook.encode(found.data)
    made = [
        (int(id), int(passage), code.tobytes())
        for id, passage, code in zip(found.ids, found.passages, codes, strict=True)
    ]
    with db.write() as writer:
        # a vector may have gone while it was being coded
        writer.conn.executemany(
            "INSERT OR REPLACE INTO codes (vector_id, passage_id, codebook_id, code) "
            "SELECT ?1, ?2, ?4, ?3 WHERE EXISTS (SELECT 1 FROM vectors WHERE id = ?1)",
            [(*row, book.id) for row in made],
        )
    return made


def _learn(db: Database, embedder: int, dim: int) -> _Book:
    """A codebook from vectors taken evenly from all of them, and the first in case that hits gaps."""
    ends = [
        int(db.value(f"SELECT id FROM vectors WHERE embedder_id = ? ORDER BY id {order} LIMIT 1", [embedder]))
        for order in ("ASC", "DESC")
    ]
    wanted = np.linspace(ends[0], ends[1], SAMPLE).astype(np.int64).tolist()
    sample: list[tuple[int, int, bytes]] = []
    for at in range(0, SAMPLE, PORTION):
        marks = ",".join(str(id) for id in wanted[at : at + PORTION])
        sample += db.tuples(
            f"SELECT id, passage_id, data FROM vectors WHERE id IN ({marks}) AND embedder_id = ? "
            "AND length(data) = ?",
            [embedder, dim],
        )
    found = Rows.of(sample, dim).join(rows(db, embedder, dim, after=ends[0] - 1, limit=SAMPLE // 4))
    codebook = Codebook.learn(found.data)
    count = db.value("SELECT count(*) FROM vectors WHERE embedder_id = ?", [embedder])
    with db.write() as writer:
        id = writer.conn.execute(
            "INSERT INTO codebooks (embedder_id, data, trained) VALUES (?, ?, ?)",
            (embedder, codebook.dump(), count),
        ).lastrowid
    return _Book(int(id or 0), count, codebook)


def _learned_anew(db: Database, embedder: int, dim: int, books: list[_Book]) -> Iterator[Sketch | None]:
    """All codes by the newest codebook, while the sketch in use goes on; resumes where it was cut short.

    None after each portion, so that the caller can stop there.
    """
    book = books[-1] if len(books) > 1 else _learn(db, embedder, dim)
    old = "SELECT id FROM codebooks WHERE embedder_id = ? AND id <> ?"
    portion = (
        f"SELECT vector_id FROM codes WHERE codebook_id IN ({old}) AND vector_id > ? "
        "ORDER BY vector_id LIMIT ?"
    )
    after = 0
    while True:
        stale = [row[0] for row in db.tuples(portion, [embedder, book.id, after, PORTION])]
        if not stale:
            break
        found = rows(db, embedder, dim, after=stale[0] - 1, limit=PORTION)
        _write(db, book, found)
        after = int(found.ids[-1]) if len(found) else stale[-1]
        yield None
    with db.write() as writer:
        writer.conn.execute("DELETE FROM codebooks WHERE embedder_id = ? AND id <> ?", (embedder, book.id))
    sketch = Sketch()
    for segment in _coded(db, [book], after=0):
        sketch = _with(sketch, segment)
    yield sketch


def _books(db: Database, embedder: int, dim: int) -> list[_Book]:
    found = db.tuples("SELECT id, trained, data FROM codebooks WHERE embedder_id = ? ORDER BY id", [embedder])
    return [_Book(id, trained, Codebook.load(dim, data)) for id, trained, data in found]


def _drop_unfit(db: Database, embedder: int, dim: int) -> None:
    """Codebooks of other dimensions than the vectors, or whose vectors are gone, go with their codes."""
    size = Codebook.size(dim) if dim else -1
    unfit = "SELECT id FROM codebooks WHERE embedder_id = ? AND length(data) <> ?"
    if not db.tuples(unfit, [embedder, size]):
        return
    with db.write() as writer:
        writer.conn.execute(f"DELETE FROM codes WHERE codebook_id IN ({unfit})", (embedder, size))
        writer.conn.execute(f"DELETE FROM codebooks WHERE id IN ({unfit})", (embedder, size))


def _outgrown(book: _Book, now: int) -> bool:
    return book.trained < _ENOUGH and now >= _GROWN * book.trained


def _fewer(db: Database, embedder: int, than: int) -> bool:
    sql = "SELECT count(*) FROM (SELECT 1 FROM vectors WHERE embedder_id = ? LIMIT ?)"
    return int(db.value(sql, [embedder, than])) < than


def _with(sketch: Sketch, segment: Segment) -> Sketch:
    """With one more segment, and without what of the rest it holds now."""
    kept = sketch.rest.after(int(segment.ids[-1]))
    return Sketch((*sketch.segments, segment), kept)


def _end(sketch: Sketch) -> int:
    return int(sketch.segments[-1].ids[-1]) if sketch.segments else 0
