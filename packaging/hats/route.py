"""Compares ways to route on the cases of app.flows.measures.route: plain code and two on embeddings.

python packaging/hats/route.py [--corpora FOLDER] [--verbose]

The two learn from adapters/route/train.jsonl and a part of adapters/act/train.jsonl: the nearest mean
of a class, and logistic regression, both on all-MiniLM's vectors. A label is verb, each source, heavy.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from app.core import paths
from app.flows.measures import route as measure
from app.flows.route import routed
from app.model.embed_torch import Original

FOLDER = paths.adapters() / "route"
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
VERBS = ("ask", "summarize", "draft", "rewrite", "act")
SOURCES = ("mail", "notes", "calendar", "photos")
STEPS, RATE, DECAY = 600, 1.0, 1e-3  # of the regression's gradient descent

Vectors = npt.NDArray[np.float32]


def examples() -> list[tuple[str, dict[str, object]]]:
    """Written ones, and as many of act's as of any other verb."""
    lines = (FOLDER / "train.jsonl").read_text(encoding="utf-8").splitlines()
    found = [(row["fields"]["request"], json.loads(row["completion"])) for row in map(json.loads, lines)]
    acts = (paths.adapters() / "act/train.jsonl").read_text(encoding="utf-8").splitlines()
    for line in random.Random(2).sample(acts, 400):
        row = json.loads(line)
        action = json.loads(row["completion"])["action"]
        if action != "none":
            verb = "draft" if action == "draft_mail" else "act"
            found.append((row["fields"]["request"], {"verb": verb, "sources": [], "heavy": False}))
    return found


def by_code(texts: Sequence[str]) -> list[str]:
    routes = [routed(text, NOW) for text in texts]
    return [json.dumps({"verb": r.verb, "sources": r.sources, "heavy": r.heavy}) for r in routes]


def _labels(answers: Sequence[dict[str, object]]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Verb as a number; sources and heaviness as five yes or no."""
    verbs = np.array([VERBS.index(str(a["verb"])) for a in answers])
    flags = [[*(s in str(a["sources"]) for s in SOURCES), bool(a["heavy"])] for a in answers]
    return verbs, np.array(flags, dtype=np.int64)


def _answers(verbs: npt.NDArray[np.int64], flags: npt.NDArray[np.bool_]) -> list[str]:
    return [
        json.dumps(
            {
                "verb": VERBS[verb],
                "sources": [s for s, on in zip(SOURCES, row, strict=False) if on],
                "heavy": bool(row[4]),
            }
        )
        for verb, row in zip(verbs, flags, strict=True)
    ]


def by_means(known: Vectors, answers: Sequence[dict[str, object]], asked: Vectors) -> list[str]:
    """The class whose mean is nearest (Rocchio 1971)."""
    verbs, flags = _labels(answers)
    means = np.stack([known[verbs == n].mean(axis=0) for n in range(len(VERBS))])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    sides = [np.stack([known[flags[:, n] == on].mean(axis=0) for on in (0, 1)]) for n in range(5)]
    sides = [side / np.linalg.norm(side, axis=1, keepdims=True) for side in sides]
    near = np.stack([asked @ side[1] > asked @ side[0] for side in sides], axis=1)
    return _answers((asked @ means.T).argmax(axis=1), near)


def by_regression(known: Vectors, answers: Sequence[dict[str, object]], asked: Vectors) -> list[str]:
    """Multinomial for the verb, five binary for the rest."""
    verbs, flags = _labels(answers)
    verb = _fit(known, np.eye(len(VERBS))[verbs])
    found = _fit_flags(known, flags)
    inputs = _with_one(asked)
    return _answers((inputs @ verb).argmax(axis=1), (inputs @ found) > 0)


def _with_one(vectors: Vectors) -> npt.NDArray[np.float64]:
    return np.hstack([vectors * 8, np.ones((len(vectors), 1))])


def _fit(vectors: Vectors, wanted: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    inputs = _with_one(vectors)
    weights = np.zeros((inputs.shape[1], wanted.shape[1]))
    for _ in range(STEPS):
        scores = np.exp(inputs @ weights)
        slope = inputs.T @ (scores / scores.sum(axis=1, keepdims=True) - wanted) / len(inputs)
        weights -= RATE * (slope + DECAY * weights)
    return weights


def _fit_flags(vectors: Vectors, flags: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    inputs = _with_one(vectors)
    weights = np.zeros((inputs.shape[1], flags.shape[1]))
    for _ in range(STEPS):
        slope = inputs.T @ (1 / (1 + np.exp(-inputs @ weights)) - flags) / len(inputs)
        weights -= RATE * (slope + DECAY * weights)
    return weights


def main() -> None:
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("--corpora", type=Path)
    reader.add_argument("--verbose", action="store_true")
    options = reader.parse_args()
    cases = [*measure.own(FOLDER)]
    if options.corpora:
        cases += measure.home(options.corpora / "act_nlu_home")
        cases += measure.clinc(options.corpora / "act_clinc150")
    texts = [case.fields["request"] for case in cases]
    learned = examples()
    model = Original()

    def vectors(of: Sequence[str]) -> Vectors:
        found = model.embed(texts=tuple(of))
        return np.frombuffer(found.data, dtype="<f4").reshape(found.count, found.dim)

    known, answers, asked = vectors([t for t, _ in learned]), [a for _, a in learned], vectors(texts)
    ways: dict[str, Callable[[], list[str]]] = {
        "plain code": lambda: by_code(texts),
        "nearest mean": lambda: by_means(known, answers, asked),
        "regression": lambda: by_regression(known, answers, asked),
    }
    for name, way in ways.items():
        found = way()
        for one in measure.scores(cases, found):
            interval = f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}] {one.cases}"
            print(f"{name:13} {one.set:9} {one.name:13} {interval}")
        if options.verbose:
            for case, answer in zip(cases, found, strict=True):
                if json.loads(case.expected)["verb"] != json.loads(answer)["verb"]:
                    print(f"   {case.set}: {case.fields['request']} | {case.expected} | {answer}")


if __name__ == "__main__":
    main()
