"""Two rankings become one, and what both together bring is looked at more closely.

**Fused.** A passage's score is the mean of its BM25 and its cosine, each as a share of the best in its
list (a convex combination: Bruch, Gai, Ingber 2023). Its weight is chosen by the question: the model
that makes the vectors reads English, so where the question is in another language words count more;
and where the best passages by words hold most of the question's weight, they are to be believed.
Beside both stands the share of the question's letter trigrams a passage holds, which sees other forms
of a word in languages that have no stemmer here, and parts of compounds.

**Refined**, for the first fifty only: a sum of features whose weights are learned (a linear ranking
by the softmax over a question's passages: Cao and others 2007) for each kind of language, and follow the
trust in words. To BM25, cosine and trigrams come neighbouring words that stand beside each other there
too; the words of the passages before and after it, since an answer often lies beside the sentence that
names its subject; and the largest share of the question's words, by their rarity, within some 120
characters. `tests/quality/weights.py` learns them, on questions that `tests/quality/ranking.py` does not
ask, and none of the demo's.

Mean recall@5 / nDCG@10 of the 25 sets of tests/quality/ranking.py: words .803 / .724, vectors .540 / .458,
fused .836 / .758, refined .852 / .779. By nDCG fused is better than both its parts on 24 sets (not where a
question names a person and a month, of which the lists know nothing), and refined is better than fused on
24. A Russian or Chinese question finds next to nothing in English text (.15, .13): the model reads neither.

Tried on the same sets and left out, since the mean rose by less than .002 or fell: the weight of words by
the gap in either list, by the pieces of words that the model's tokenizer makes, or by what both lists have
in common; reciprocal ranks; cosines between the list's worst and best, or above its mean; BM25 as a share
of what it could be at most; the share of words times the cosine; the share of the title; a number where
one is asked for; the next best passage of the same item or thread; the neighbours' vectors; the vectors of
the first three added to the question's; the nearest always among the first five; the question embedded
without its stop words; more stop words; Snowball's stemmers instead of the words' beginnings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from app.store.passages import fold
from app.store.words import CUT_FROM, MARKS, Tongue, beginning, spaced, tongue, words

WORDS = {Tongue.ENGLISH: 0.55, Tongue.LATIN: 0.78, Tongue.OTHER: 0.95}  # the weight of words
TRUSTED, USUAL, LEAST, MOST = 0.3, 0.7, 0.1, 0.95  # how it follows the share of words the best hold
GRAMS = {Tongue.ENGLISH: 0.2, Tongue.LATIN: 0.5, Tongue.OTHER: 0.5}  # what trigrams add at most
TOP = 3  # by words, that share is looked for in
STEM = 0.75  # of a longer word, that any form of it begins with
WINDOW = 120  # characters that words stand close together in

FEATURES = ("bm25", "cosine", "grams", "beside", "around", "close")
WEIGHTS = {  # of the features, where nothing speaks for trust in words
    Tongue.ENGLISH: (0.16, 0.66, 0.83, 0.31, 0.10, 0.72),
    Tongue.LATIN: (0.41, 0.43, 1.18, 0.22, 0.27, 0.41),
    Tongue.OTHER: (0.52, 0.20, 1.45, -0.17, 0.32, 0.29),
}
BY_TRUST = (-0.15, -0.24, -0.50, -0.02, 0.02, 0.32)  # what full trust adds to each


UNASKED = ("newsletter", "auto-reply", "bounce", "receipt")  # mails that nobody wrote to the person
ASIDE = 0.95  # what such a mail is worth beside one that says the same

_NO_WORD = re.compile(f"[^\\w{MARKS}]+")


@dataclass
class Found:
    """A passage on its way through the ranking."""

    row: dict[str, Any]
    bm25: float  # 0 where no word is in it, or it is far down that list
    cosine: float
    score: float = 0.0
    folded: set[int] = field(default_factory=set)  # items that show the same, which it stands for

    @cached_property
    def text(self) -> str:
        """Its words and those of title, people and place, without accents: " a b c "."""
        return _spread(fold(self._said()))

    @cached_property
    def accented(self) -> str:
        return _spread(unicodedata.normalize("NFC", self._said()).lower())

    def _said(self) -> str:
        return " ".join((self.row["title"], self.row["people"], self.row["about"], self.row["passage"]))


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
    if refined:
        table, trust = features(found, query, rarity)
        weights = np.array(WEIGHTS[tongue(query)]) + trust * np.array(BY_TRUST)
        for one, score in zip(found, (table @ weights).tolist(), strict=True):
            one.score = score * (ASIDE if one.row.get("bulk") in UNASKED else 1.0)
        return
    spoken, best, nearest = tongue(query), *_bests(found)
    weight = _weight(spoken, _trust(found, _forms(rarity)), best=best, nearest=nearest)
    grams = _gram_shares(found, rarity) if 0 < weight < 1 else [0.0] * len(found)
    for one, share in zip(found, grams, strict=True):
        mixed = _mixed(weight, one.bm25, best, one.cosine, nearest)
        one.score = mixed + GRAMS[spoken] * share


def features(
    found: Sequence[Found], query: str, rarity: Mapping[str, float]
) -> tuple[npt.NDArray[np.float64], float]:
    """len(found) × len(FEATURES), each about 0 … 1; and the trust in words, 0 … 1."""
    best, nearest = _bests(found)
    forms, pairs = _forms(rarity), _pairs(query)
    around = _around(found, best)
    columns = [
        [one.bm25 / best if best > 0 else 0.0 for one in found],
        [_near(one.cosine, nearest) for one in found],
        _gram_shares(found, rarity),
        [sum(pair in one.text for pair in pairs) / len(pairs) if pairs else 0.0 for one in found],
        [around[one.row["id"]] for one in found],
        [_close(one.text, forms) for one in found],
    ]
    return np.array(columns, np.float64).reshape(len(FEATURES), len(found)).T, _trust(found, forms)


def _bests(found: Sequence[Found]) -> tuple[float, float]:
    """The highest BM25 and the highest cosine."""
    return (
        max((one.bm25 for one in found), default=0.0),
        max((one.cosine for one in found), default=0.0),
    )


def _weight(spoken: Tongue, trust: float, *, best: float, nearest: float) -> float:
    """Of words, 0 … 1; of one list alone where the other is empty."""
    if best <= 0 or nearest <= 0:
        return float(best > 0)
    return min(MOST, max(LEAST, WORDS[spoken] + TRUSTED * (trust - USUAL)))


def _mixed(weight: float, bm25: float, best: float, cosine: float, nearest: float) -> float:
    by_words = weight * bm25 / best if best > 0 else 0.0
    if nearest > 0:
        return by_words + (1 - weight) * _near(cosine, nearest)
    return by_words if best > 0 else _near(cosine, nearest)


def _near(cosine: float, nearest: float) -> float:
    """A share of the best; where all point away from the question, some do less."""
    return cosine / nearest if nearest > 0 else (1 + cosine) / 2


def _trust(found: Sequence[Found], forms: Sequence[tuple[str, float]]) -> float:
    """How much of the question the best by words hold, 0 … 1."""
    top = sorted((one for one in found if one.bm25), key=lambda one: -one.bm25)[:TOP]
    return max((_share(one.text, forms) for one in top), default=0.0)


def _share(text: str, forms: Sequence[tuple[str, float]]) -> float:
    """How much of the question's words, by their weights, the text holds in some form."""
    total = sum(weight for _, weight in forms)
    if not total:
        return 0.0
    return sum(weight for form, weight in forms if form in text) / total


def _close(text: str, forms: Sequence[tuple[str, float]]) -> float:
    """The largest such share of any part of the text."""
    held = [one for one in forms if one[0] in text]
    step = WINDOW // 2
    starts = range(0, max(1, len(text) - step), step) if held else ()
    most = max((sum(w for form, w in held if form in text[at : at + WINDOW]) for at in starts), default=0.0)
    return most / sum(weight for _, weight in forms) if most else 0.0


def _gram_shares(found: Sequence[Found], rarity: Iterable[str]) -> list[float]:
    """How much of the letter trigrams of the question's words each holds, by their rarity among ``found``.

    With accents where the question has some: they tell words apart, most of all in Vietnamese.
    """
    these = list(rarity)
    accents = any(not word.isascii() for word in these) and tongue(" ".join(these)) is not Tongue.OTHER
    grams = _grams(these if accents else map(fold, these))
    texts = [one.accented if accents else one.text for one in found]
    held = np.array([[gram in text for gram in grams] for text in texts], np.float64)
    held = held.reshape(len(texts), len(grams))
    weights = np.log1p(len(texts) / (1 + held.sum(axis=0)))
    shares: list[float] = (held @ weights / (weights.sum() or 1.0)).tolist()
    return shares


def _grams(these: Iterable[str]) -> list[str]:
    """Their trigrams, with a space where a word begins and ends; signs that stand for words as they are."""
    found: dict[str, None] = {}
    for word in these:
        if not spaced(word):
            found[word] = None
            continue
        whole = f" {word} "
        found |= dict.fromkeys(whole[at : at + 3] for at in range(len(whole) - 2))
    return list(found)


def _forms(rarity: Mapping[str, float]) -> list[tuple[str, float]]:
    return [(_form(word), weight) for word, weight in rarity.items()]


def _form(word: str) -> str:
    """As it is looked for in a folded text: a longer word by its beginning."""
    folded = fold(word)
    if not spaced(word):
        return folded
    return f" {beginning(folded, STEM)}" if len(folded) >= CUT_FROM else f" {folded} "


def _pairs(query: str) -> list[str]:
    """Neighbouring words of the question, as they are looked for."""
    return [f" {one} {other} " for one, other in pairwise(fold(word) for word in words(query))]


def _spread(text: str) -> str:
    return f" {_NO_WORD.sub(' ', text).strip()} "


def _around(found: Sequence[Found], best: float) -> dict[int, float]:
    """id → mean BM25, as a share of the best, of the passages before and after it in its item."""
    known = {one.row["id"]: one for one in found}
    around: dict[int, float] = {}
    for id, one in known.items():
        beside = [known[n] for n in (id - 1, id + 1) if n in known]
        held = sum(other.bm25 for other in beside if other.row["item_id"] == one.row["item_id"])
        around[id] = held / (2 * best) if best > 0 else 0.0
    return around
