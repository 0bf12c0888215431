"""A compressed copy of the vectors in memory, in which a query finds its few hundred nearest in milliseconds.

Product quantization (Jégou, Douze, Schmid 2011): four dimensions at a time become one of sixteen
values learned from a sample, so 384 dimensions take 48 bytes; a query's distances to the sixteen
are tables that fit the processor's registers (André, Kermarrec, Le Scouarnec 2015), read with
faiss' fast scan. What is not coded yet, and all of a small store, is searched exactly.
Nothing here knows of files; vectors are 8-bit rows as :func:`quantize` makes them.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

SEGMENT = 65_536  # vectors that are packed together
SAMPLE = 8_192  # vectors a codebook is learned from: four times as many find no more
_ITERATIONS = 10
_BITS = 4
_WIDE = 512  # dimensions from which eight are coded together instead of four


def quantize(matrix: Array) -> Array:
    """n × d float32 → n × d int8, each row scaled so that its largest value is 127."""
    top = np.abs(matrix).max(axis=1, keepdims=True)
    return np.rint(matrix * (127.0 / np.where(top == 0, 1.0, top))).astype(np.int8)


def unit(rows: Array) -> Array:
    """Rows of any length as float32 of length 1; zero stays zero."""
    floats = rows.astype(np.float32)
    norms = np.linalg.norm(floats, axis=1, keepdims=True)
    floats /= np.where(norms == 0, 1.0, norms)
    return floats


@dataclass(frozen=True)
class Rows:
    """Vectors with their numbers: ``ids`` in the file, ``passages`` they belong to, n × d int8."""

    ids: Array
    passages: Array
    data: Array

    @classmethod
    def of(cls, rows: Sequence[tuple[Any, ...]], dim: int) -> Rows:
        """From (id, passage id, ``dim`` bytes), in the order of the ids."""
        data = np.frombuffer(b"".join(row[2] for row in rows), np.int8).reshape(len(rows), dim)
        return cls(numbers(row[0] for row in rows), numbers(row[1] for row in rows), data)

    def __len__(self) -> int:
        return len(self.ids)

    def after(self, id: int) -> Rows:
        start = int(np.searchsorted(self.ids, id, side="right"))
        return Rows(self.ids[start:], self.passages[start:], self.data[start:])

    def join(self, more: Rows) -> Rows:
        if not len(self):
            return more
        return Rows(
            np.concatenate([self.ids, more.ids]),
            np.concatenate([self.passages, more.passages]),
            np.concatenate([self.data, more.data]),
        )

    def near(self, query: Array, n: int) -> tuple[Array, Array]:
        """(positions, squared distances) of the ``n`` nearest, exactly."""
        distances = np.empty(len(self), np.float32)
        for at in range(0, len(self), 4096):  # float copies of all at once would cost four times the rows
            part = slice(at, at + 4096)
            distances[part] = 2 - 2 * (unit(self.data[part]) @ query)
        positions = np.argpartition(distances, n)[:n] if n < len(self) else np.arange(len(self))
        return positions, distances[positions]


class Codebook:
    """The sixteen values of each group of dimensions, and what turns vectors into their numbers."""

    def __init__(self, dim: int, centroids: Array) -> None:
        self.dim, self._width = dim, 4 if dim <= _WIDE else 8
        self._padded = -(-dim // self._width) * self._width
        self._quantizer = _faiss().ProductQuantizer(self._padded, self._padded // self._width, _BITS)
        if centroids.size:
            flat = np.ascontiguousarray(centroids, np.float32).ravel()
            _faiss().copy_array_to_vector(flat, self._quantizer.centroids)
        self.code_size = int(self._quantizer.code_size)  # bytes a vector

    @classmethod
    def learn(cls, sample: Array) -> Codebook:
        """From n × d int8 by k-means in each group; n should be some thousands."""
        book = cls(sample.shape[1], np.empty(0))
        book._quantizer.cp.niter = _ITERATIONS
        book._quantizer.cp.min_points_per_centroid = 1  # it would print a warning
        book._quantizer.train(book._floats(sample))
        return book

    @classmethod
    def load(cls, dim: int, data: bytes) -> Codebook:
        return cls(dim, np.frombuffer(data, "<f4"))

    @staticmethod
    def size(dim: int) -> int:
        """Bytes that :meth:`dump` gives for vectors of so many dimensions."""
        width = 4 if dim <= _WIDE else 8
        return 4 * (1 << _BITS) * width * -(-dim // width)

    def dump(self) -> bytes:
        return bytes(_faiss().vector_to_array(self._quantizer.centroids).astype("<f4").tobytes())

    def encode(self, data: Array) -> Array:
        """n × d int8 → n × ``code_size`` uint8, always the same for the same row."""
        _faiss()
        return np.asarray(self._quantizer.compute_codes(self._floats(data)))

    def pack(self, codes: Array) -> Any:
        """n × ``code_size`` codes in the order in which they are scanned."""
        faiss = _faiss()
        plain = faiss.IndexPQ(self._padded, self._padded // self._width, _BITS, faiss.METRIC_L2)
        plain.pq, plain.is_trained = self._quantizer, True
        faiss.copy_array_to_vector(np.ascontiguousarray(codes).ravel(), plain.codes)
        plain.ntotal = len(codes)
        return faiss.IndexPQFastScan(plain)

    def padded(self, query: Array) -> Array:
        """d → 1 × what the packed codes are searched with."""
        return self._pad(query[None])

    def _floats(self, data: Array) -> Array:
        return self._pad(unit(data))

    def _pad(self, floats: Array) -> Array:
        return np.pad(floats, ((0, 0), (0, self._padded - self.dim)))


class Segment:
    """Vectors by their codes alone; never changes."""

    def __init__(self, book: Codebook, ids: Array, passages: Array, codes: Array) -> None:
        self.ids, self.passages = ids, passages
        self.dim = book.dim
        self._book, self._packed = book, book.pack(codes)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def nbytes(self) -> int:
        return int(self._packed.codes.size()) + self.ids.nbytes + self.passages.nbytes

    def near(self, query: Array, n: int) -> tuple[Array, Array]:
        """(positions, squared distances, approximately) of the ``n`` nearest."""
        _faiss()
        distances, positions = self._packed.search(self._book.padded(query), min(n, len(self)))
        found = positions[0] >= 0
        return positions[0][found], distances[0][found]


@dataclass(frozen=True)
class Sketch:
    """All vectors of one embedding model: coded ones in segments, the newest as they are."""

    segments: tuple[Segment, ...] = ()
    rest: Rows = field(default_factory=lambda: Rows(numbers(()), numbers(()), np.empty((0, 0), np.int8)))

    def __len__(self) -> int:
        return sum(map(len, self.segments)) + len(self.rest)

    @property
    def _parts(self) -> list[Segment | Rows]:
        every: list[Segment | Rows] = [*self.segments, self.rest]
        return [part for part in every if len(part)]

    @property
    def last(self) -> int:
        """The newest vector in it."""
        return int(max((part.ids[-1] for part in self._parts), default=0))

    def fits(self, dim: int) -> bool:
        """Whether it is of vectors of so many dimensions, or empty."""
        if self.segments:
            return self.segments[0].dim == dim
        return not len(self.rest) or self.rest.data.shape[1] == dim

    def plus(self, more: Rows) -> Sketch:
        return Sketch(self.segments, self.rest.join(more))

    @property
    def nbytes(self) -> int:
        own = self.rest.data.nbytes + self.rest.ids.nbytes + self.rest.passages.nbytes
        return own + sum(segment.nbytes for segment in self.segments)

    def near(self, query: Array, n: int, allowed: Array | None = None) -> tuple[Array, Array]:
        """(ids, passages) of about the ``n`` nearest to a unit vector, of ``allowed`` ones only."""
        wide = n if allowed is None else -(-2 * n * len(self) // max(1, len(allowed)))
        keep = None if allowed is None else _members(allowed)
        found: list[tuple[Array, Array, Array]] = []
        for part in self._parts:
            positions, far = part.near(query, wide)
            passages = part.passages[positions]
            if keep is not None:
                inside = keep[np.minimum(passages, len(keep) - 1)]
                positions, passages, far = positions[inside], passages[inside], far[inside]
            found.append((part.ids[positions], passages, far))
        if not found:
            return numbers(()), numbers(())
        ids, passages, far = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.argsort(far, kind="stable")[:n]
        return ids[order], passages[order]


def _members(ids: Array) -> Array:
    """Whether a number is one of ``ids``, by the number; what is beyond the last element is not."""
    members = np.zeros(int(ids.max(initial=0)) + 2, np.bool_)
    members[ids] = True
    return members


def numbers(values: Iterable[int]) -> Array:
    """Row ids in half the memory of 64 bits; raises OverflowError beyond four thousand million."""
    return np.array(list(values), np.uint32)


def _faiss() -> Any:
    """Imported when a store is large enough to need it; a thread of ours uses one core, not all."""
    faiss = _module()
    faiss.omp_set_num_threads(1)
    return faiss


@functools.cache
def _module() -> Any:
    import faiss

    return faiss
