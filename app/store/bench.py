"""How fast the store finds and keeps, on passages that are made up (app.store.synthetic), beside plain FTS5.

Both sides get the same passages and questions, turn by turn, so that other work on the machine falls
on both alike. Plain FTS5 is Python's own SQLite without encryption: the same columns and tokenizer, no
vectors. Questions come with their vectors: what the embedding model takes is told elsewhere.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import psutil

from app.core.errors import UsageFault
from app.core.paths import Paths
from app.core.targets import beside
from app.core.types import Figure, Record, Scope
from app.store.db import open_index
from app.store.index import Batch, Index
from app.store.search import Searcher
from app.store.synthetic import BLOCK, Question, World
from app.store.vectors import VectorIndex
from app.store.words import content_words, match_any, match_prefix
from indexers.item import Item, Person, Unit

PASSAGES = 100_000  # unless one asks for more
QUESTIONS, WARM = 300, 20  # the first of them only warm the caches
LIMITED = 80
K = 10
_Took = tuple[float, float]
_MODEL = "synthetic"
_START = datetime(2015, 1, 1, tzinfo=UTC)
_NOTE = "made.json"
_FILES = 40  # passages in one file of a source
_PEOPLE = 3_000
_CACHED = "the file is in the system's cache; vectors load meanwhile"
_BOTH = "both sides, the questions and their answers"
_PLAIN = """
    CREATE TABLE passages (id INTEGER PRIMARY KEY, title TEXT, people TEXT, about TEXT, text TEXT);
    CREATE VIRTUAL TABLE fts USING fts5 (
        title, people, about, text, content = 'passages', content_rowid = 'id',
        tokenize = "porter unicode61 remove_diacritics 2"
    );
"""


@dataclass
class Built:
    """A store on disk with its key, the plain one beside it, and what exact search finds."""

    folder: Path
    key: bytes
    questions: list[Question]
    passages: int
    exact: list[frozenset[int]]  # numbers of the K nearest passages of each question
    cpu: dict[str, float] = field(default_factory=dict)  # seconds, by what they were spent on

    @contextmanager
    def spending(self, on: str) -> Iterator[None]:
        started = time.process_time()
        yield
        self.cpu[on] = self.cpu.get(on, 0.0) + time.process_time() - started

    @property
    def paths(self) -> Paths:
        return Paths(self.folder)

    @property
    def plain(self) -> Path:
        return self.folder / "plain.db"


def bench(folder: Path, passages: int) -> Iterator[Figure]:
    """Makes ``passages`` of them in ``folder`` and yields every figure as it is measured.

    Where they were made there before, they are taken as they are.
    """
    started = time.perf_counter()
    built = _made_before(folder, passages)
    if built is None:
        built = build(folder, passages)
        yield from _building(built, passages)
        _note(built)
        yield Figure(name="making both stores", value=_since(started), unit="s", how=f"{passages:,} passages")
    yield from (beside(figure, passages=passages) for figure in measure(built))
    yield Figure(name="all of it", value=_since(started), unit="s", how=f"{_peak():.0f} MB of memory at most")


def build(folder: Path, passages: int) -> Built:
    """Both stores, block by block; only questions and their nearest are kept in memory."""
    folder.mkdir(parents=True, exist_ok=True)
    world, key = World(), os.urandom(32)
    questions = list(world.questions(QUESTIONS, passages))
    built = Built(folder, key, questions, passages, [])
    built.paths.make()
    nearest = _Nearest(np.stack([question.vector for question in questions]))
    with (
        closing(open_index(built.paths, key)) as database,
        closing(sqlite3.connect(built.plain, isolation_level=None)) as plain,
    ):
        index, vectors = Index(database), VectorIndex(database)
        source = index.add_source(kind="mail", path=folder).id
        plain.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + _PLAIN)
        for block in range(-(-passages // BLOCK)):
            items = _items(world, block)[: passages - block * BLOCK]
            rows = world.vectors(block)[: len(items)]
            nearest.see(rows)
            with built.spending("plain"):
                _keep_plain(plain, items)
            with built.spending("words"):
                index.put_many(source, _batches(items))
            ids = range(block * BLOCK + 1, block * BLOCK + len(items) + 1)
            with built.spending("vectors"):
                vectors.add(ids, rows, model=_MODEL)
                vectors.load()  # codes are made by a thread, whose time would fall on the others
        vectors.close()
    built.exact = nearest.numbers()
    return built


class _Note(Record, frozen=True):
    """What is kept beside made-up stores; their key guards nothing."""

    passages: int
    key: str
    exact: tuple[frozenset[int], ...]


def _note(built: Built) -> None:
    note = _Note(built.passages, built.key.hex(), tuple(built.exact))
    (built.folder / _NOTE).write_bytes(msgspec.json.encode(note))


def _made_before(folder: Path, passages: int) -> Built | None:
    try:
        note = msgspec.json.decode((folder / _NOTE).read_bytes(), type=_Note)
    except (OSError, msgspec.DecodeError):
        return None
    if note.passages != passages:
        raise UsageFault(
            f"there are {note.passages:,} passages already", where=str(folder), remedy="give another folder"
        )
    questions = list(World().questions(QUESTIONS, passages))
    return Built(folder, bytes.fromhex(note.key), questions, passages, list(note.exact))


def measure(built: Built) -> Iterator[Figure]:
    """Start, load, then every question to both sides in turn."""
    started, before = time.perf_counter(), psutil.Process().memory_info().rss
    with (
        closing(open_index(built.paths, built.key)) as database,
        closing(VectorIndex(database)) as vectors,
        closing(sqlite3.connect(built.plain)) as plain,
    ):
        searcher = Searcher(database, vectors)
        vectors.warm()
        searcher.search(built.questions[0].text, k=K)
        yield Figure(name="start to the first search by words", value=_since(started), unit="s", how=_CACHED)
        count = vectors.load()
        yield Figure(name="start to all vectors", value=_since(started), unit="s", how=f"{count:,} of them")
        yield Figure(name="sketch of the vectors", value=vectors.nbytes() / 2**20, unit="MB")
        yield from _searches(searcher, vectors, plain, built)
        yield from _limited(searcher, built)
        yield from _typing(searcher, plain, built.questions)
        grown = psutil.Process().memory_info().rss - before
        yield Figure(name="memory, grown since the start", value=grown / 2**20, unit="MB", how=_BOTH)


def _searches(
    searcher: Searcher, vectors: VectorIndex, plain: sqlite3.Connection, built: Built
) -> Iterator[Figure]:
    """The whole, its parts alone, and the plain side, question after question."""
    took: dict[str, list[_Took]] = {}
    right = []
    for number, question in enumerate(built.questions):
        turn: dict[str, Callable[[], Any]] = {
            "search, words and vectors": lambda q=question: searcher.search(q.text, vector=q.vector, k=K),  # type: ignore[misc]
            "search, words alone": lambda q=question: searcher.search(q.text, k=K),  # type: ignore[misc]
            "vectors alone": lambda q=question: vectors.search(q.vector, K),  # type: ignore[misc]
            "plain FTS5": lambda q=question: _plain_search(plain, match_any(content_words(q.text))),  # type: ignore[misc]
        }
        for name, work in turn.items():
            found, spent = _timed(work)
            if number >= WARM:
                took.setdefault(name, []).append(spent)
            if name == "vectors alone":
                right.append(len(built.exact[number] & {id - 1 for id, _ in found}) / K)
    for name, seconds in took.items():
        yield from _percentiles(name, seconds)
    yield Figure(name=f"vectors: recall@{K} of exact search", value=statistics.fmean(right), unit="")


def _limited(searcher: Searcher, built: Built) -> Iterator[Figure]:
    """Within a day, a tenth, half and all but a tenth of the time, of a person, and of a source."""
    passages = built.passages
    took = []
    for number, question in enumerate(built.questions[WARM : WARM + LIMITED]):
        share = (1 / 365, 0.1, 0.5, 0.9)[number % 4]
        begins = int((1 - share) * passages * (number % 7) / 7)
        after, before = (_when(at) for at in (begins, begins + int(share * passages)))
        scopes = {
            "time": Scope(after=after, before=before),
            "person": Scope(people=(f"p{number * 31 % _PEOPLE}@example.org",)),
            "source": Scope(sources=("mail",)),
        }
        for scope in scopes.values():
            search = partial(searcher.search, question.text, vector=question.vector, scope=scope, k=K)
            took.append(_timed(search)[1])
    yield from _percentiles("search within limits", took)


def _typing(searcher: Searcher, plain: sqlite3.Connection, questions: Sequence[Question]) -> Iterator[Figure]:
    """What is shown after each letter of a few words."""
    took, theirs = [], []
    for question in questions[WARM : WARM + 20]:
        words = " ".join(content_words(question.text)[:3])
        for end in range(2, len(words) + 1):
            typed = words[:end]
            took.append(_timed(lambda: searcher.as_you_type(typed))[1])  # noqa: B023
            theirs.append(_timed(lambda: _plain_search(plain, match_prefix(typed)))[1])  # noqa: B023
    yield from _percentiles("as you type", took)
    yield from _percentiles("as you type, plain FTS5 by rank", theirs)


def _building(built: Built, passages: int) -> Iterator[Figure]:
    names = {
        "words": "indexing words",
        "plain": "indexing words, plain FTS5",
        "vectors": "keeping and coding vectors",
    }
    for name, text in names.items():
        yield Figure(name=text, value=passages / built.cpu[name], unit="passages per CPU second")
    yield Figure(name="index.db", value=built.paths.index_db.stat().st_size / 2**20, unit="MB")
    yield Figure(name="plain.db", value=built.plain.stat().st_size / 2**20, unit="MB")


def _timed(work: Callable[[], Any]) -> tuple[Any, _Took]:
    """What it returns, and how long it took: by the clock, and on the processor."""
    clock, cpu = time.perf_counter(), time.thread_time()
    found = work()
    return found, (time.perf_counter() - clock, time.thread_time() - cpu)


def _percentiles(name: str, took: Sequence[_Took]) -> Iterator[Figure]:
    cuts = np.percentile(np.array(took) * 1000, [50, 95], axis=0)
    for percent, (clock, cpu) in zip((50, 95), cuts.tolist(), strict=True):
        how = f"{len(took)} calls; on the processor {cpu:.1f} ms"
        yield Figure(name=f"{name}, p{percent}", value=clock, unit="ms", how=how)


def _since(started: float) -> float:
    return time.perf_counter() - started


def _peak() -> float:
    """MB of this process at its largest; 0 where the system does not tell."""
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset / 2**20)
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)


def _when(number: int) -> datetime:
    return _START + timedelta(minutes=5 * number)


def _items(world: World, block: int) -> list[Item]:
    """Mails of one passage each, five minutes apart."""
    made = []
    for at, text in enumerate(world.texts(block)):
        number = block * BLOCK + at
        person = number * 7919 % _PEOPLE
        made.append(
            Item(
                uri=f"mid:{number}@synthetic",
                source="mail",
                kind="mail",
                title=" ".join(text.split(" ", 5)[:5]),
                text=text,
                digest=str(number),
                when=_when(number),
                people=(Person(f"Person {person}", f"p{person}@example.org", "from"),),
                path=f"/mail/{number // _FILES}",
            )
        )
    return made


def _batches(items: Sequence[Item]) -> list[Batch]:
    files = {item.path: [i for i in items if i.path == item.path] for item in items[::_FILES]}
    return [Batch(unit=Unit(path=path, stamp="1"), items=part) for path, part in files.items()]


def _keep_plain(plain: sqlite3.Connection, items: Sequence[Item]) -> None:
    plain.execute("BEGIN")
    for item in items:
        row = (item.title, str(item.people[0]), "", item.text)
        id = plain.execute(
            "INSERT INTO passages (title, people, about, text) VALUES (?, ?, ?, ?)", row
        ).lastrowid
        plain.execute(
            "INSERT INTO fts (rowid, title, people, about, text) VALUES (?, ?, ?, ?, ?)", (id, *row)
        )
    plain.execute("COMMIT")


def _plain_search(plain: sqlite3.Connection, match: str) -> list[Any]:
    """As one would write it: the best by BM25, with their texts."""
    sql = (
        "SELECT p.title, p.text FROM (SELECT rowid AS id FROM fts WHERE fts MATCH ? ORDER BY rank LIMIT ?) f "
        "JOIN passages p ON p.id = f.id"
    )
    return plain.execute(sql, (match, K)).fetchall()


class _Nearest:
    """The K nearest of all that was seen, exactly, for each question."""

    def __init__(self, queries: npt.NDArray[Any]) -> None:
        self._queries, self._seen = queries, 0
        self._best = np.full((len(queries), K), -2.0, np.float32)
        self._numbers = np.zeros((len(queries), K), np.int64)

    def see(self, rows: npt.NDArray[Any]) -> None:
        scores = np.concatenate([self._best, self._queries @ rows.T], axis=1)
        fresh = np.broadcast_to(np.arange(self._seen, self._seen + len(rows)), (len(scores), len(rows)))
        numbers = np.concatenate([self._numbers, fresh], axis=1)
        top = np.argpartition(-scores, K, axis=1)[:, :K]
        self._best = np.take_along_axis(scores, top, axis=1)
        self._numbers = np.take_along_axis(numbers, top, axis=1)
        self._seen += len(rows)

    def numbers(self) -> list[frozenset[int]]:
        return [frozenset(row.tolist()) for row in self._numbers]
