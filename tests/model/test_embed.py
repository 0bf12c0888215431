"""The embedder: unit vectors, meaning, and the two number formats agree."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from app.model.contract import Embedder, Vectors
from app.model.supervisor import Specialists
from app.workers.worker import Worker

TEXTS = (
    "The flight to Lisbon leaves at 10:40.",
    "Our aeroplane to Portugal departs in the morning.",
    "A cheese cake needs four eggs.",
    "Größe der Wohnung: drei Zimmer",
    "",
    "word " * 2000,
)


def rows(found: Vectors) -> npt.NDArray[np.float32]:
    return np.frombuffer(found.data, "<f4").reshape(found.count, found.dim)


@pytest.fixture
def vectors(specialists: Specialists) -> npt.NDArray[np.float32]:
    specialists.configure(base="", idle_s=0, budget=10**12)
    return rows(specialists.embedder().call(Embedder.embed, texts=TEXTS))


def test_unit_vectors_that_know_what_is_alike(vectors: npt.NDArray[np.float32]) -> None:
    assert vectors.shape == (len(TEXTS), 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > 0.5 > vectors[0] @ vectors[2]


def test_the_order_and_company_of_texts_change_nothing_much(
    specialists: Specialists, vectors: npt.NDArray[np.float32]
) -> None:
    alone = np.vstack([rows(specialists.embedder().call(Embedder.embed, texts=(text,))) for text in TEXTS])
    assert ((alone * vectors).sum(axis=1) > 0.999).all()


def test_fast_numbers_agree_with_exact_ones(vectors: npt.NDArray[np.float32]) -> None:
    exact = Worker("embedder", "app.model.embed:service", config={"dtype": "float32"})
    try:
        right = rows(exact.call(Embedder.embed, texts=TEXTS))
    finally:
        exact.stop()
    assert ((right * vectors).sum(axis=1) > 0.999).all()


def test_nothing_in_nothing_out(specialists: Specialists) -> None:
    found = specialists.embedder().call(Embedder.embed, texts=())
    assert (found.count, found.dim, found.data) == (0, 384, b"")
