"""Two rankings become one, and what both together bring is looked at more closely.

**Fused.** A passage's score is the mean of its BM25 and its cosine, each as a share of the best in its
list (a convex combination: Bruch, Gai, Ingber 2023). Its weight is chosen by the question: the model
that makes the vectors reads English, so where the question is in another language words count more;
and where the best passages by words hold most of the question's weight, they are to be believed.
Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009) threw away how much better a passage is.

**Refined**, for the first hundred only: the share of the question's words a passage holds, each by its
rarity; the share of neighbouring words that stand beside each other there too; and the words of the
passages before and after it, since an answer often lies beside the sentence that names its subject.

Mean nDCG@10 of the 25 sets of tests/quality/ranking.py: words .718, vectors .456, fused .743, refined
.755; it was .627 with reciprocal ranks and at most two passages an item. In a language that the
embedding model does not know the vectors add nothing to words, so fused is no better than these; a
Russian or Chinese question finds next to nothing in English text (.15, .13).

Tried on the same sets and left out, since the mean rose by less than .002 or fell: cosines between the
list's worst and best, or above its mean; BM25 as a share of what it could be at most; the share of
words times the cosine; the next best passage of the same item or thread; the neighbours' vectors; the
vectors of the first three added to the question's; the nearest always among the first five; the question
embedded without its stop words; more stop words; Snowball's stemmers instead of the words' beginnings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from app.store.passages import fold
from app.store.words import CUT_FROM, Tongue, beginning, spaced, tongue, words

WORDS = {Tongue.ENGLISH: 0.55, Tongue.LATIN: 0.78, Tongue.OTHER: 0.95}  # the weight of words
TRUSTED, USUAL, LEAST, MOST = 0.3, 0.7, 0.1, 0.95  # how it follows the share of words the best hold
TOP = 3  # by words, that share is looked for in
STEM = 0.75  # of a longer word, that any form of it begins with
HELD, BESIDE, AROUND = 0.4, 0.4, 0.15  # what refining adds at most

UNASKED = ("newsletter", "auto-reply", "bounce", "receipt")  # mails that nobody wrote to the person
ASIDE = 0.95  # what such a mail is worth beside one that says the same

_WORD = re.compile(r"\w+")


@dataclass
class Found:
    """A passage on its way through the ranking."""

    row: dict[str, Any]
    bm25: float  # 0 where no word is in it, or it is far down that list
    cosine: float
    score: float = 0.0
    folded: set[int] = field(default_factory=set)  # items that show the same, which it stands for
    text: str = field(init=False)  # its words and those of title, people and place: " a b c "

    def __post_init__(self) -> None:
        said = " ".join((self.row["title"], self.row["people"], self.row["about"], self.row["passage"]))
        self.text = f" {' '.join(_WORD.findall(fold(said)))} "


def rough(bm25: Mapping[int, float], cosines: Mapping[int, float], spoken: Tongue) -> dict[int, float]:
    """What the two lists alone say by id: enough to choose what is looked at."""
    best, nearest = max(bm25.values(), default=0.0), max(cosines.values(), default=0.0)
    weight = _weight(spoken, USUAL, best=best, nearest=nearest)
    return {
        id: _mixed(weight, bm25.get(id, 0.0), best, cosines.get(id, 0.0), nearest)
        for id in bm25.keys() | cosines.keys()
    }


def fuse(found: Sequence[Found], query: str, rarity: Mapping[str, float], *, refined: bool) -> None:
    """Give each its score; ``rarity`` is that of the question's words."""
    best = max((one.bm25 for one in found), default=0.0)
    nearest = max((one.cosine for one in found), default=0.0)
    forms = [(_form(word), weight) for word, weight in rarity.items()]
    shares = [_share(one.text, forms) for one in found]
    top = sorted(range(len(found)), key=lambda n: -found[n].bm25)[:TOP]
    trust = max((shares[n] for n in top if found[n].bm25), default=0.0)
    weight = _weight(tongue(query), trust, best=best, nearest=nearest)
    pairs = _pairs(query) if refined else []
    around = _around(found, best) if refined else {}
    for one, share in zip(found, shares, strict=True):
        one.score = _mixed(weight, one.bm25, best, one.cosine, nearest)
        if refined:
            beside = sum(pair in one.text for pair in pairs) / len(pairs) if pairs else 0.0
            one.score += HELD * share + BESIDE * beside + AROUND * around.get(one.row["id"], 0.0)
            one.score *= ASIDE if one.row.get("bulk") in UNASKED else 1.0


def _weight(spoken: Tongue, trust: float, *, best: float, nearest: float) -> float:
    """Of words, 0 … 1; of one list alone where the other is empty."""
    if best <= 0 or nearest <= 0:
        return float(best > 0)
    return min(MOST, max(LEAST, WORDS[spoken] + TRUSTED * (trust - USUAL)))


def _mixed(weight: float, bm25: float, best: float, cosine: float, nearest: float) -> float:
    by_words = weight * bm25 / best if best > 0 else 0.0
    if nearest > 0:
        return by_words + (1 - weight) * cosine / nearest
    return by_words if best > 0 else (1 + cosine) / 2  # all point away from the question, some less


def _share(text: str, forms: Sequence[tuple[str, float]]) -> float:
    """How much of the question's words, by their weights, the text holds in some form."""
    total = sum(weight for _, weight in forms)
    if not total:
        return 0.0
    return sum(weight for form, weight in forms if form in text) / total


def _form(word: str) -> str:
    """As it is looked for in a folded text: a longer word by its beginning."""
    folded = fold(word)
    if not spaced(word):
        return folded
    return f" {beginning(folded, STEM)}" if len(folded) >= CUT_FROM else f" {folded} "


def _pairs(query: str) -> list[str]:
    """Neighbouring words of the question, as they are looked for."""
    return [f" {one} {other} " for one, other in pairwise(fold(word) for word in words(query))]


def _around(found: Sequence[Found], best: float) -> dict[int, float]:
    """id → mean BM25, as a share of the best, of the passages before and after it in its item."""
    known = {one.row["id"]: one for one in found}
    around: dict[int, float] = {}
    for id, one in known.items():
        beside = [known[n] for n in (id - 1, id + 1) if n in known]
        held = sum(other.bm25 for other in beside if other.row["item_id"] == one.row["item_id"])
        around[id] = held / (2 * best) if best > 0 else 0.0
    return around
