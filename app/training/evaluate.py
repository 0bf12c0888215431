"""How near an answer is to a reference: overlap of words, and whether it holds what was asked for."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+", re.UNICODE)


def holds(expected: str, answer: str) -> bool:
    """Whether ``answer`` has every number and at least half of the words of ``expected``."""
    wanted, said = set(_words(expected)), set(_words(answer))
    numbers = {word for word in wanted if any(c.isdigit() for c in word)}
    return numbers <= said and len(wanted & said) * 2 >= len(wanted)


def rouge_l(reference: str, answer: str) -> float:
    """F1 of the longest common subsequence of words (Lin 2004)."""
    right, found = _words(reference), _words(answer)
    common = _longest_common(right, found)
    if not common:
        return 0.0
    recall, precision = common / len(right), common / len(found)
    return 2 * recall * precision / (recall + precision)


def _longest_common(a: list[str], b: list[str]) -> int:
    row = [0] * (len(b) + 1)
    for left in a:
        diagonal = 0
        for at, right in enumerate(b, 1):
            diagonal, row[at] = row[at], diagonal + 1 if left == right else max(row[at], row[at - 1])
    return row[-1]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
