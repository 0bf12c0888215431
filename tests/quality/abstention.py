"""Prints how well "the store does not hold it" is told apart, on XQuAD: `python tests/quality/abstention.py`.

Every English question is asked twice: with all paragraphs there, and with its own taken out. The
score of ``app.flows.evidence`` is compared with its two parts by the area under the ROC curve;
then, for several thresholds, the share of each half that comes out right.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from app.flows.evidence import telling
from app.flows.grounding import content_words, stem
from app.model.contract import Embedder
from app.store.passages import chunk
from app.workers.worker import Worker

DATA = Path(os.environ.get("HOMEBODY_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
SHOWN = 8


def load() -> tuple[list[str], np.ndarray, list[tuple[str, int]]]:
    """Passages, the paragraph each belongs to, and questions with theirs."""
    passages, owner, questions = [], [], []
    articles = json.loads((DATA / "qa_xquad" / "xquad.en.json").read_text())["data"]
    paragraphs = [p for article in articles for p in article["paragraphs"]]
    for n, paragraph in enumerate(paragraphs):
        text = paragraph["context"]
        pieces = [text[start:end] for start, end in chunk(text)]
        passages += pieces
        owner += [n] * len(pieces)
        questions += [(qa["question"], n) for qa in paragraph["qas"]]
    return passages, np.array(owner), questions


def embed(worker: Worker, texts: list[str]) -> np.ndarray:
    rows = []
    for at in range(0, len(texts), 32):
        vectors = worker.call(Embedder.embed, texts=tuple(texts[at : at + 32]))
        rows.append(np.frombuffer(vectors.data, "<f4").reshape(vectors.count, vectors.dim))
    return np.vstack(rows)


def area(scores: np.ndarray, answerable: np.ndarray) -> float:
    """Area under the ROC curve, as the Mann-Whitney statistic."""
    ranks = scores.argsort().argsort()
    n, m = answerable.sum(), (~answerable).sum()
    return float((ranks[answerable].sum() - n * (n - 1) / 2) / (n * m))


def main() -> int:
    passages, owner, questions = load()
    worker = Worker("embedder", "app.model.embed:service")
    cosines = embed(worker, [q for q, _ in questions]) @ embed(worker, passages).T
    worker.stop()
    words = [content_words(p) for p in passages]
    holding = Counter(w for one in words for w in one)
    rows = []
    for (question, own), row in zip(questions, cosines, strict=True):
        idf = {w: math.log(1 + len(passages) / (1 + holding[stem(w)])) for w in telling(question)}
        total = sum(idf.values()) or 1.0
        for answerable in (True, False):
            left = np.where((owner != own) | answerable, row, -1)
            top = np.argsort(-left)[:SHOWN]
            held = [sum(v for w, v in idf.items() if stem(w) in words[i]) / total for i in top]
            product = max(float(left[i]) * h for i, h in zip(top, held, strict=True))
            rows.append((answerable, float(left[top[0]]), max(held), product))
    table = np.array(rows)
    answerable = table[:, 0] == 1
    for name, column in (("cosine", 1), ("words", 2), ("product", 3)):
        print(f"area under the curve, {name:<8} {area(table[:, column], answerable):.3f}")
    for threshold in (0.10, 0.12, 0.15, 0.19, 0.22, 0.25):
        kept = (table[answerable, 3] >= threshold).mean()
        away = (table[~answerable, 3] < threshold).mean()
        print(f"threshold {threshold:.2f}  answered {kept:.3f}  turned away {away:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
