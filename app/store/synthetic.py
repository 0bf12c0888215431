"""Passages, questions and vectors that are made up, as many as one wants, the same for the same seed.

What decides speed and recall is made like the real thing; the sentences mean nothing. Words: those of
the demo data in the order of their frequency, then made-up ones, drawn with Zipf-Mandelbrot
frequencies; each passage is about one of some thousand topics, which has favourite words. Vectors: a
point near its topic's, which lies near its area's, with the falling spectrum of MiniLM's (random pairs
at cosine .05 ± .14, as measured there). A question takes words from a passage, and lies near its vector.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from app.core.paths import resources
from app.store.passages import MAX_CHARS
from app.store.words import content_words

Array = npt.NDArray[Any]
BLOCK = 2_000  # passages that are made together
DIM = 384

_VOCABULARY, _TOPICS, _AREAS, _FAVOURITES = 150_000, 3_000, 60, 60
_ASKED_OF = 30  # blocks that questions are made from
_TOPICAL = 0.3  # share of a passage's words that are its topic's
_SYLLABLES = (
    "ba be bo da do du fa fi ga ge ka ki ko la le li ma me mo na no pa pe po ra re ri sa se ta to va ve"
)
_FRAMES = ("{}", "what about {}?", "when did we talk about {}", "who wrote about {}", "where is the {} from")


@dataclass(frozen=True)
class Question:
    text: str
    vector: Array  # of length 1
    number: int  # of the passage it was made from


class World:
    """Everything is made from ``seed`` and the number of the block, so nothing has to be kept."""

    def __init__(self, seed: int = 1) -> None:
        self._seed = seed
        rng = np.random.default_rng(seed)
        ranks = np.arange(_VOCABULARY) + 2.7
        self._cumulated = np.cumsum(1 / ranks) / np.sum(1 / ranks)
        self._favourites = rng.integers(150, 30_000, (_TOPICS, _FAVOURITES))
        dims = np.arange(DIM)
        spectrum = (np.exp(-dims / 250) / (dims + 4) ** 0.32).astype(np.float32)
        turned, _ = np.linalg.qr(rng.standard_normal((DIM, DIM)))  # no axis is a direction of its own
        self._spread = (spectrum[:, None] * turned).astype(np.float32)
        areas = self._points(rng, _AREAS)
        self._topics = 0.7 * areas[rng.integers(0, _AREAS, _TOPICS)] + 0.9 * self._points(rng, _TOPICS)
        self._middle = 0.35 * self._points(rng, 1)

    def texts(self, block: int) -> list[str]:
        """The passages of one block, of 25 to 85 words, none too long to stay one passage."""
        rng, topics = self._begin(block)
        lengths = rng.integers(25, 86, BLOCK)
        words = np.searchsorted(self._cumulated, rng.random(int(lengths.sum())))
        owner = np.repeat(topics, lengths)
        topical = np.flatnonzero(rng.random(len(words)) < _TOPICAL)
        words[topical] = self._favourites[owner[topical], rng.integers(0, _FAVOURITES, len(topical))]
        every = _vocabulary(self._seed)
        ends = np.cumsum(lengths)
        parts = np.split(words, ends[:-1])
        return [" ".join(map(every.__getitem__, part))[:MAX_CHARS].rstrip() for part in parts]

    def vectors(self, block: int) -> Array:
        """Of the same passages: BLOCK × DIM float32 of length 1."""
        _, topics = self._begin(block)
        rng = np.random.default_rng((self._seed, block, 1))
        return _unit(self._middle + self._topics[topics] + 0.9 * self._points(rng, BLOCK))

    def questions(self, count: int, passages: int) -> Iterator[Question]:
        """Two to five words of a passage, most of them telling ones, in the frame of a question."""
        rng = np.random.default_rng((self._seed, 2))
        blocks = rng.integers(0, -(-passages // BLOCK), min(count, _ASKED_OF)).tolist()
        known = {block: (self.texts(block), self.vectors(block)) for block in blocks}
        for n in range(count):
            block = blocks[n % len(blocks)]
            at = int(rng.integers(0, min(BLOCK, passages - block * BLOCK)))
            texts, vectors = known[block]
            words = content_words(texts[at])
            asked = rng.permutation(words)[: rng.integers(2, 6)].tolist()
            noise = self._points(rng, 1)[0]
            vector = _unit((vectors[at] + 1.0 * noise / np.linalg.norm(noise))[None])[0]
            frame = _FRAMES[int(rng.integers(0, len(_FRAMES)))]
            yield Question(frame.format(" ".join(asked)), vector, block * BLOCK + at)

    def _begin(self, block: int) -> tuple[np.random.Generator, Array]:
        rng = np.random.default_rng((self._seed, block))
        return rng, rng.integers(0, _TOPICS, BLOCK)

    def _points(self, rng: np.random.Generator, count: int) -> Array:
        return np.asarray(rng.standard_normal((count, DIM), dtype=np.float32) @ self._spread)


@cache
def _vocabulary(seed: int) -> list[str]:
    """Most frequent first: the demo's words, then made-up ones, none twice."""
    counted: Counter[str] = Counter()
    for path in sorted((resources() / "demo").rglob("*")):
        if path.suffix in (".eml", ".md", ".txt", ".mbox"):
            text = path.read_text(encoding="utf-8", errors="ignore").lower()
            counted.update(re.findall(r"[a-zäöüßé]{2,14}", text))
    rng = np.random.default_rng(seed)
    syllables = np.array(_SYLLABLES.split())
    real = [word for word, count in counted.most_common() if count > 1]  # else parts of attachments
    every = dict.fromkeys(real)
    while len(every) < _VOCABULARY:  # of three syllables: longer as these run out
        size = 3 if len(every) < _VOCABULARY // 4 else 4
        every |= dict.fromkeys(map("".join, syllables[rng.integers(0, len(syllables), (20_000, size))]))
    return list(every)[:_VOCABULARY]


def _unit(rows: Array) -> Array:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)
