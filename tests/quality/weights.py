"""Learns the weights of app.store.fusion's features: `python tests/quality/weights.py`.

Asked are the questions of the shared sets that tests/quality/ranking.py leaves out, up to 200 of each set;
of the small sets, which it asks whole, every second one is learned from. The demo is not among them. The
loss is the softmax over a question's passages with the gold ones as what is wanted (ListNet's top one
probability: Cao and others 2007), each set counting the same, fitted by L-BFGS.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy as np
import sets
import torch
from ranking import Embeddings, opened
from sets import Question, Store

from app.core.types import Scope
from app.flows.search import begin
from app.store import fusion
from app.store.search import WISH, Searcher
from app.store.words import Tongue, tongue

ASKED, MORE = 100, 200  # questions of each set: those of ranking.py, and at most so many others
SCALE, RIDGE, MOST = 8.0, 2e-3, 160  # of scores in the softmax; of the weights; passages a question
TONGUES = tuple(Tongue)


@contextmanager
def the_others() -> Iterator[None]:
    """Of each set the questions that are left out elsewhere; of a small one every second."""
    before = sets._few

    def others(questions: Iterable[Question], sample: int) -> list[Question]:
        everything = list(questions)
        if len(everything) <= sample:
            return everything[::2]
        asked = set(random.Random(7).sample(range(len(everything)), sample))
        rest = [n for n in range(len(everything)) if n not in asked]
        return [everything[n] for n in random.Random(11).sample(rest, min(MORE, len(rest)))]

    sets._few = others
    try:
        yield
    finally:
        sets._few = before


def examples(
    searcher: Searcher, store: Store, name: str, embeddings: Embeddings
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """Of each question its features, what raises a passage, whether it is gold, and tongue with trust."""
    questions = store.sets[name]
    for question, vector in zip(questions, embeddings.of([q.text for q in questions]), strict=True):
        scope = Scope(sources=(question.folder,)) if question.folder else Scope()
        begun = begin(searcher, question.text, scope=scope, now=store.now)
        found = searcher.candidates(begun, vector=vector, known={})[:MOST]
        table, trust = fusion.features(found, question.text, searcher.rarity(begun))
        gold = [
            any(
                uri == one.row["uri"] and start < max(one.row["end"], 1) and end > one.row["start"]
                for uri, start, end in question.gold
            )
            for one in found
        ]
        if any(gold):
            raised = [
                (fusion.ASIDE if one.row["bulk"] in fusion.UNASKED else 1.0)
                * (1 + WISH * sum(wish.share(one.row) for wish in begun.wishes))
                for one in found
            ]
            spoken = [float(tongue(question.text) is one) for one in TONGUES]
            yield table, np.array(raised), np.array(gold), np.array([*spoken, trust])


def collected() -> tuple[torch.Tensor, ...]:
    """All of them, padded: features, raised, gold, there, tongue and trust, weight."""
    rows: list[tuple[np.ndarray, ...]] = []
    embeddings = Embeddings()
    try:
        with the_others():
            for store in sets.stores(ASKED, ""):
                if "demo" in store.sets:
                    continue
                with opened(store, embeddings) as searcher:
                    for name in store.sets:
                        these = list(examples(searcher, store, name, embeddings))
                        rows += [(*one, np.array(1 / len(these))) for one in these]
                        print(f"{name:<14} {len(these)}", file=sys.stderr, flush=True)
    finally:
        embeddings.close()
    count, width = len(rows), len(fusion.FEATURES)
    table, raised = np.zeros((count, MOST, width)), np.zeros((count, MOST))
    gold, there = np.zeros((count, MOST), bool), np.zeros((count, MOST), bool)
    for n, (features, up, right, _, _) in enumerate(rows):
        here = len(features)
        table[n, :here], raised[n, :here], gold[n, :here], there[n, :here] = features, up, right, True
    asked, share = np.stack([row[3] for row in rows]), np.array([float(row[4]) for row in rows])
    return tuple(torch.tensor(part) for part in (table, raised, gold, there, asked, share))


def fitted(examples: tuple[torch.Tensor, ...]) -> np.ndarray:
    """(tongues and trust) × features."""
    table, raised, gold, there, asked, share = examples
    weights = torch.zeros((len(TONGUES) + 1, len(fusion.FEATURES)), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=500, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        scores = SCALE * raised * torch.einsum("qpf,qf->qp", table, asked @ weights)
        likely = torch.log_softmax(scores.masked_fill(~there, -1e9), 1).masked_fill(~gold, -1e9)
        value = -(torch.logsumexp(likely, 1) * share).sum() / share.sum() + RIDGE * (weights**2).sum()
        value.backward()
        return value

    print(f"loss {float(optimizer.step(loss)):.4f} → {float(loss()):.4f}", file=sys.stderr)
    return weights.detach().numpy()


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    weights = fitted(collected())
    print(f"FEATURES {fusion.FEATURES}")
    for spoken, row in zip([*(one.name for one in TONGUES), "BY_TRUST"], weights, strict=True):
        print(f"{spoken:<9} ({', '.join(f'{value:.2f}' for value in row)})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
