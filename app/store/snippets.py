"""The part of a passage that shows why it was found."""

from __future__ import annotations

from collections.abc import Sequence

from app.store.passages import fold
from app.store.words import WORD

WIDTH = 200


def snippet(text: str, words: Sequence[str], *, width: int = WIDTH) -> str:
    """About ``width`` characters around the densest match, cut at words, on one line."""
    start = _densest(text, frozenset(map(fold, words)), width) if len(text) > width else 0
    end = min(len(text), start + width)
    if end < len(text):
        cut = text.rfind(" ", start + width // 2, end)
        end = cut if cut > 0 else end
    shown = " ".join(text[start:end].split())
    return ("…" if start > 0 else "") + shown + ("…" if end < len(text) else "")


def _densest(text: str, words: frozenset[str], width: int) -> int:
    """Where the window with the most different query words begins."""
    # the same word, or one form of it: what the index's stemming would match, roughly
    begun = tuple(word[: max(4, len(word) - 2)] for word in words if len(word) > 3)
    if text.isascii():  # lower case moves no letter
        tokens = [(m.start(), m.group()) for m in WORD.finditer(text.lower())]
    else:
        tokens = [(m.start(), fold(m.group())) for m in WORD.finditer(text)]
    matches = [(at, word) for at, word in tokens if word in words or word.startswith(begun)]
    if not matches:
        return 0
    best = max(
        (at for at, _ in matches),
        key=lambda at: (len({w for p, w in matches if at <= p < at + width - 40}), -at),
    )
    lead = max(0, best - 40)
    begin = text.find(" ", lead, best) + 1 if lead else 0
    return begin or lead
