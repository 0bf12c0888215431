"""Prints how well search ranks, set by set and part by part: `python tests/quality/ranking.py`.

Each set is asked of a store of its own, four ways: words only, vectors only, both fused, and the full
pipeline. recall@k is the share of questions with a gold place among the first k (95 % Wilson
interval); nDCG@10 counts every gold place once (binary gains); MRR is over the first 10; their
intervals are bootstrapped over the questions. The demo is not in the mean, since nothing is tuned on
it. Embeddings are kept in the temporary folder between runs.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import numpy as np
from sets import Question, Store, stores

from app.core.paths import Paths
from app.core.types import Hit, Scope
from app.flows.search import begin
from app.model.contract import Embedder, TextReader
from app.store.db import open_index
from app.store.index import Batch, Index
from app.store.search import Searcher
from app.store.vectors import VectorIndex
from app.workers.worker import Worker
from indexers.item import Unit

K = 10
MODES = ("words", "vectors", "fused", "full")
CACHE = Path(tempfile.gettempdir()) / f"homebody-ranking-{os.getuid()}.npz"


class Embeddings:
    """Vectors by text; what was embedded once is not embedded again."""

    def __init__(self) -> None:
        self._worker: Worker | None = None
        self._reader: Worker | None = None
        self._known: dict[str, np.ndarray] = {}
        self._texts: dict[str, str] = {}
        if CACHE.exists():
            with np.load(CACHE) as file:
                self._known = dict(zip(file["keys"].tolist(), file["rows"], strict=True))
                self._texts = dict(zip(file["paths"].tolist(), file["texts"].tolist(), strict=True))
        self._before = len(self._known) + len(self._texts)

    def of(self, texts: Sequence[str]) -> np.ndarray:
        """n × dim, unit rows."""
        keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32] for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        for at in range(0, len(missing), 32):
            part = dict(list(missing.items())[at : at + 32])
            self._worker = self._worker or Worker("embedder", "app.model.embed:service")
            found = self._worker.call(Embedder.embed, texts=tuple(part.values()))
            rows = np.frombuffer(found.data, "<f4").reshape(found.count, found.dim)
            self._known |= dict(zip(part, rows, strict=True))
        return np.vstack([self._known[key] for key in keys])

    def text_in(self, path: str) -> str:
        """What stands in a photo."""
        if path not in self._texts:
            self._reader = self._reader or Worker("ocr", "app.model.ocr:service")
            self._texts[path] = self._reader.call(TextReader.read, path=path)
        return self._texts[path]

    def close(self) -> None:
        for worker in filter(None, (self._worker, self._reader)):
            worker.stop()
        if len(self._known) + len(self._texts) > self._before:
            half = CACHE.with_suffix(".half.npz")
            np.savez(
                half,
                keys=np.array(list(self._known)),
                rows=np.array(list(self._known.values())),
                paths=np.array(list(self._texts)),
                texts=np.array(list(self._texts.values())),
            )
            half.replace(CACHE)


@contextmanager
def opened(store: Store, embeddings: Embeddings) -> Iterator[Searcher]:
    """A real encrypted store with all items, their words and their vectors."""
    with tempfile.TemporaryDirectory(prefix="hb-ranking-") as folder:
        paths, key = Paths(Path(folder)), os.urandom(32)
        paths.make()
        db = open_index(paths, key)
        index, vectors = Index(db), VectorIndex(db)
        for (kind, place), items in store.items.items():
            source = index.add_source(kind=kind, path=Path(place))
            index.put_many(source.id, [Batch(Unit(path=place, stamp="1"), items)])
        while store.photos and (wanting := index.wanting_ocr()):
            for uri, path in wanting:
                index.set_text(uri, embeddings.text_in(path))
        while pending := vectors.pending(limit=1024):
            vectors.add(
                [id for id, _ in pending], embeddings.of([text for _, text in pending]), model="cached"
            )
        yield Searcher(db, vectors)
        db.close()


def asked(
    searcher: Searcher, question: Question, vector: np.ndarray, mode: str, now: datetime
) -> tuple[Hit, ...]:
    scope = Scope(sources=(question.folder,)) if question.folder else Scope()
    if mode == "words":
        return searcher.search(question.text, scope=scope, k=K, refined=False)
    if mode == "vectors":
        return searcher.search("", vector=vector, scope=scope, k=K, refined=False)
    if mode == "fused":
        return searcher.search(question.text, vector=vector, scope=scope, k=K, refined=False)
    begun = begin(searcher, question.text, scope=scope, now=now)
    return searcher.finish(begun, vector=vector, k=K)


def gains(searcher: Searcher, question: Question, hits: Iterable[Hit]) -> tuple[list[int], int]:
    """Of each hit whether it is a gold place not yet seen; and how many gold places there are."""
    whole = all(end > 1 << 39 for _, _, end in question.gold)
    seen: set[tuple[str, int]] = set()
    found = []
    for hit in hits:
        place = (hit.uri, 0 if whole else hit.start)
        good = place not in seen and any(
            uri == hit.uri and start < max(hit.end, 1) and end > hit.start
            for uri, start, end in question.gold
        )
        found.append(int(good))
        seen.add(place)
    return found, len(question.gold) if whole else places(searcher, question)


def places(searcher: Searcher, question: Question) -> int:
    """How many passages touch the gold ranges."""
    sql = "SELECT count(*) FROM passages p JOIN items i ON i.id = p.item_id WHERE 0"
    values: list[object] = []
    for uri, start, end in question.gold:
        sql += ' OR (i.uri = ? AND p.start < ? AND p."end" > ?)'
        values += [uri, end, start]
    return int(searcher._db.value(sql, values))


def measures(found: Sequence[int], places: int) -> tuple[float, ...]:
    """recall@5, recall@10, nDCG@10, reciprocal rank of one question."""
    gained = sum(g / math.log2(n + 2) for n, g in enumerate(found[:K]))
    ideal = sum(1 / math.log2(n + 2) for n in range(min(K, places))) or 1.0
    first = next((n for n, g in enumerate(found[:K], 1) if g), 0)
    return float(any(found[:5])), float(any(found[:10])), gained / ideal, 1 / first if first else 0.0


def wilson(values: np.ndarray) -> tuple[float, float]:
    p, n, z = float(values.mean()), len(values), 1.96
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def bootstrap(values: np.ndarray) -> tuple[float, float]:
    rng = np.random.default_rng(7)
    means = values[rng.integers(0, len(values), (1000, len(values)))].mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return float(low), float(high)


def line(name: str, mode: str, table: np.ndarray) -> str:
    cells = []
    for column, interval in enumerate((wilson, wilson, bootstrap, bootstrap)):
        low, high = interval(table[:, column])
        cells.append(f"{table[:, column].mean():.3f} [{low:.2f} {high:.2f}]")
    return f"{name:<14} {len(table):>4} {mode:<8} " + "  ".join(cells)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=100, help="questions of each set")
    parser.add_argument("--only", default="", help="part of the sets' names")
    parser.add_argument("--modes", default=",".join(MODES))
    parser.add_argument("--misses", action="store_true", help="demo questions not among the first 5")
    options = parser.parse_args()
    embeddings = Embeddings()
    print(f"{'set':<14} {'n':>4} {'ranking':<8} recall@5           recall@10          nDCG@10            MRR")
    means: dict[str, list[np.ndarray]] = {}
    try:
        for store in stores(options.sample, options.only):
            for name, mode, mean in measure(
                store, embeddings, options.modes.split(","), misses=options.misses
            ):
                if name != "demo":
                    means.setdefault(mode, []).append(mean)
    finally:
        embeddings.close()
    for mode, of in means.items():
        cells = "  ".join(f"{value:.3f}{'':12}" for value in np.mean(of, axis=0))
        print(f"{'mean of sets':<14} {len(of):>4} {mode:<8} {cells}")
    return 0


def measure(
    store: Store, embeddings: Embeddings, modes: Sequence[str], *, misses: bool
) -> Iterator[tuple[str, str, np.ndarray]]:
    """(set, ranking, its four means), each printed with its intervals."""
    with opened(store, embeddings) as searcher:
        for name, questions in store.sets.items():
            vectors = embeddings.of([q.text for q in questions])
            for mode in modes:
                rows = []
                for question, vector in zip(questions, vectors, strict=True):
                    hits = asked(searcher, question, vector, mode, store.now)
                    rows.append(measures(*gains(searcher, question, hits)))
                    if misses and name == "demo" and mode == "full" and not rows[-1][0]:
                        print(f"  miss: {question.text} → {[h.title for h in hits[:5]]}", file=sys.stderr)
                table = np.array(rows)
                print(line(name, mode, table), flush=True)
                yield name, mode, table.mean(axis=0)


if __name__ == "__main__":
    sys.exit(main())
