"""How good a task is, in numbers: the cases of a measure, its scores, and their confidence intervals.

A module of this package is a :class:`Measure`: its file's name is the task's. The runner
(:mod:`app.flows.evaluating`) lets the model answer every case with and without the adapter and
hands the answers to :meth:`Measure.scores`; the gate compares two such tables.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean
from typing import Protocol

import msgspec

from app.core.models import Score
from app.core.tasks import Task
from app.core.types import Record

__all__ = ["OWN", "Case", "Measure", "Score", "score"]

OWN = "cases"  # the set that comes with the task: its cases.jsonl
_DRAWS = 1000


class Case(Record, frozen=True, kw_only=True):
    """One thing to do: the prompt's ``fields``, and what is right. ``notes`` is the measure's own."""

    set: str
    fields: dict[str, str]
    expected: str
    notes: dict[str, str] = msgspec.field(default_factory=dict)


class Measure(Protocol):
    """What a module of this package offers."""

    MAIN: str  # name of the score on the set "cases" that the gate wants to see rise

    def cases(self, task: Task, corpora: Path | None) -> Iterator[Case]:
        """Those of ``cases.jsonl``, then those of the sets found under ``corpora``; never trained on."""
        ...

    def scores(self, cases: Sequence[Case], answers: Sequence[str]) -> tuple[Score, ...]:
        """Of all cases together, set by set; ``answers`` in the order of ``cases``."""
        ...


def score(set_: str, name: str, values: Sequence[float], *, better: int = 1) -> Score:
    """The mean of one value a case, with the percentile bootstrap's 95 % interval (Efron 1979)."""
    if not values:
        return Score(set=set_, name=name, value=0.0, low=0.0, high=1.0, cases=0, better=better)
    chance = random.Random(0)
    means = sorted(fmean(chance.choices(values, k=len(values))) for _ in range(_DRAWS))
    return Score(
        set=set_,
        name=name,
        value=fmean(values),
        low=means[round(0.025 * (_DRAWS - 1))],
        high=means[round(0.975 * (_DRAWS - 1))],
        cases=len(values),
        better=better,
    )
