"""How good a task's answers are on its cases: overlap with a reference, and what was made up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from app.core.types import Record

_WORD = re.compile(r"\w+", re.UNICODE)


class AnswerScore(Record, frozen=True, kw_only=True):
    """``right``: of the cases with an answer; ``told``, ``rightly``: recall and precision of not found."""

    cases: int
    right: float
    told: float
    rightly: float
    words: float


def answer_score(expected: Sequence[str], answers: Sequence[str]) -> AnswerScore:
    """An answer is right that has every number and half of the words of the expected one."""
    pairs = list(zip(expected, answers, strict=True))
    absent = [(right, found) for right, found in pairs if _not_found(right)]
    said = [(right, found) for right, found in pairs if _not_found(found)]
    return AnswerScore(
        cases=len(pairs),
        right=_mean([holds(right, found) for right, found in pairs if not _not_found(right)]),
        told=_mean([_not_found(found) for _, found in absent]),
        rightly=_mean([_not_found(right) for right, _ in said]),
        words=_mean([len(_words(found)) for found in answers]),
    )


def holds(expected: str, answer: str) -> bool:
    """Whether ``answer`` has every number and at least half of the words of ``expected``."""
    wanted, said = set(_words(expected)), set(_words(answer))
    numbers = {word for word in wanted if any(c.isdigit() for c in word)}
    return numbers <= said and len(wanted & said) * 2 >= len(wanted)


def _not_found(answer: str) -> bool:
    return not answer.strip() or answer.strip().lower().startswith("not found")


def rouge_l(reference: str, answer: str) -> float:
    """F1 of the longest common subsequence of words (Lin 2004)."""
    right, found = _words(reference), _words(answer)
    common = _longest_common(right, found)
    if not common:
        return 0.0
    recall, precision = common / len(right), common / len(found)
    return 2 * recall * precision / (recall + precision)


def invented(source: str, answer: str) -> float:
    """Share of the answer's numbers and capitalised words inside sentences that the source does not have."""
    said = re.findall(r"\d[\d.,:]*\d|\d|(?<=[a-z,;] )[A-Z]\w+", answer)
    there = source.lower()
    return _mean([word.lower() not in there for word in said]) if said else 0.0


def _longest_common(a: list[str], b: list[str]) -> int:
    row = [0] * (len(b) + 1)
    for left in a:
        diagonal = 0
        for at, right in enumerate(b, 1):
            diagonal, row[at] = row[at], diagonal + 1 if left == right else max(row[at], row[at - 1])
    return row[-1]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
