"""A copy of somebody's words put right from the original: a small model changes words while it copies."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

ALIKE = 0.82  # of a copy and the words it stands for, by their letters (Ratcliff and Metzener 1988)

LONGEST, LONGEST_COPY = 200, 16  # words of an original and a copy that are compared, run by run

_WORD = re.compile(r"\S+")


def as_said(copy: str, original: str) -> str:
    """The run of words in ``original`` that ``copy`` stands for, or ``copy`` where there is none."""
    copy = copy.strip()
    if not copy:
        return ""
    at = original.lower().find(copy.lower())
    if at >= 0:
        return original[at : at + len(copy)]
    words = list(_WORD.finditer(original))
    count = len(copy.split())
    if len(words) > LONGEST or count > LONGEST_COPY:
        return copy
    best, most = copy, ALIKE
    matcher = SequenceMatcher(None, "", copy.lower(), autojunk=False)
    for length in range(max(1, count - 1), count + 2):
        for first in range(len(words) - length + 1):
            run = original[words[first].start() : words[first + length - 1].end()]
            matcher.set_seq1(run.lower())
            if matcher.quick_ratio() > most and (alike := matcher.ratio()) > most:
                best, most = run, alike
    return best
