"""Checking what a model wrote against what it was given: support, citations, names and numbers.

The checks are code, not a second opinion of the model. A sentence is supported by the passage that
holds most of its content words; words taken over from the question count less, since an answer
repeats what was asked in the asker's words. Whatever number or name the sentence adds to the
question must stand in that very passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from app.core.types import Citation, Hit

SUPPORT = 0.6  # share of a sentence's content words that its passage must hold, or else
ADDED, ALL = 0.8, 0.35  # of the words it adds to the question, and of all its words
NEAR = 0.5  # share of what an answer adds to the question that a sentence must hold to be quoted for it
QUOTE_CHARS = 280

_WORD = re.compile(r"\w+(?:[.,:'’]\w+)*", re.UNICODE)
_SENTENCE = re.compile(r"(?<=[.!?…])([\"'”’)\]]*)\s+(?=[\w\"'“(\[])|\n+", re.UNICODE)
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_MARK = re.compile(r"\s*\[\d{1,2}\]")
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs|e\.g|i\.e|approx|ca|bzw|z\.B|Sr|Sra|\d{1,2})\.$")
_ABBREVIATED = 8  # characters of one at most, with its point

_STOP = frozenset(
    """a about after all also am an and any are as at be because been before being but by can could did do
    does doing down during each either few for from had has have having he her here him his how however i if
    in into is it its just may me might more most must my no nor not of off on once one only or other our out
    over own please same she should so some such than that the their them then there these they this those
    through to too under until up us very was we were what when where which while who whom whose why will
    with would you your yours says said states according passage passages source sources based mail email
    note message information provided mentioned mentions
    """.split()
)


def sentences(text: str) -> list[str]:
    """Sentences and list lines in order; abbreviations and ordinals do not end one."""
    return [text[start:end] for start, end in spans(text)]


def spans(text: str) -> list[tuple[int, int]]:
    """Where each of the sentences begins and ends in ``text``."""
    found: list[tuple[int, int]] = []
    start = 0
    for mark in _SENTENCE.finditer(text):
        end = mark.end(1) if mark[1] is not None else mark.start()
        before = max(start, mark.start() - _ABBREVIATED)
        if "\n" in mark[0] or not _ABBREVIATION.search(text, before, mark.start()):
            found.append((start, end))
            start = mark.end()
    return [_bare(text, start, end) for start, end in [*found, (start, len(text))] if text[start:end].strip()]


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the white space around it."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())


def without_marks(text: str) -> str:
    """``text`` without ``[n]``, which in a source would read as one of our citations."""
    return _MARK.sub("", text)


def without_signature(text: str) -> str:
    """``text`` up to the line ``-- `` that opens a signature (RFC 3676, section 4.3)."""
    return _SIGNATURE.split(text, maxsplit=1)[0].rstrip()


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A light English stem, enough for 'books' to meet 'book' and 'confirmed' 'confirm'."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    for ending in ("ingly", "edly", "ing", "ied", "ies", "ed", "es", "s", "ly", "e"):
        if len(word) - len(ending) >= 3 and word.endswith(ending):
            return word[: -len(ending)] + ("y" if ending in ("ied", "ies") else "")
    return word


def content_words(text: str) -> set[str]:
    return {stem(w) for w in _WORD.findall(text) if w.lower() not in _STOP and (len(w) > 1 or w.isdigit())}


def figures(text: str) -> set[str]:
    """Every number in ``text``, in a form in which 1,200.50 and 1200.50 are equal."""
    return {re.sub(r"[,\s](?=\d{3}\b)", "", n).strip(".,:/") for n in re.findall(r"\d[\d.,:/]*", text)}


def names(text: str) -> set[str]:
    """Capitalised words inside sentences: what reads as a name and must not be made up."""
    found: set[str] = set()
    for sentence in sentences(text):
        for match in list(_WORD.finditer(sentence))[1:]:
            if match[0][0].isupper() and len(match[0]) > 1 and match[0].lower() not in _STOP:
                found.add(stem(match[0]))
    return found


def _share(words: set[str], held: set[str]) -> float:
    return len(words & held) / len(words) if words else 1.0


def unfounded(sentence: str, source: str, question: str = "") -> bool:
    """Whether ``sentence`` holds a number or a name that stands in neither of the others."""
    words = content_words(source) | content_words(question)
    numbers = figures(source) | figures(question)
    return bool(figures(sentence) - numbers) or bool(names(sentence) - words)


def supporting(sentence: str, hits: Sequence[Hit], question: str = "") -> Hit | None:
    """The passage that supports the sentence best, or None when none does."""
    said, asked = content_words(sentence), content_words(question)
    best, most = None, 0.0
    for hit in hits:
        source = evidence(hit)
        held = content_words(source)
        covered, added = _share(said, held), _share(said - asked, held)
        enough = covered >= SUPPORT or (bool(said - asked) and added >= ADDED and covered >= ALL)
        if enough and covered + added > most and not unfounded(sentence, source, question):
            best, most = hit, covered + added
    return best


def differ(one: str, other: str, question: str) -> bool:
    """Whether two answers say the same thing with other figures: one of them is old, or wrong.

    What they add to the question has no figure in common, and half of the shorter one's words.
    """
    asked = _numbers(question)
    numbers = [_numbers(text) - asked for text in (one, other)]
    if not all(numbers) or numbers[0] & numbers[1]:
        return False
    words = [{w for w in content_words(text) if not w[0].isdigit()} for text in (one, other)]
    return all(words) and len(words[0] & words[1]) >= min(map(len, words)) / 2


def _numbers(text: str) -> set[str]:
    """Runs of digits, whatever is between them, so that 9:00 is 9 and 05.03.2026 is of 5 March; of a
    year only where there is nothing else."""
    found = {run.lstrip("0") for run in re.findall(r"\d+", text)} - {""}
    return {run for run in found if not re.fullmatch(r"(?:19|20)\d\d", run)} or found


def evidence(hit: Hit) -> str:
    """What a passage says including what stands beside it: title, date, place and people."""
    when = hit.when.strftime("%A %d %B %Y %H:%M %Y-%m-%d") if hit.when else ""
    day = str(hit.when.day) if hit.when else ""
    return "\n".join((hit.title, when, day, hit.place, ", ".join(hit.people), hit.text))


def nearest(sentence: str, hits: Sequence[Hit], question: str = "") -> tuple[str, Hit] | None:
    """The passages' own sentence that has most of what ``sentence`` adds to the question: half at least."""
    said = content_words(sentence)
    words = said - content_words(question) or said
    own = [(part, hit) for hit in hits for part in sentences(without_marks(hit.text))]
    short = [one for one in own if len(one[0]) <= QUOTE_CHARS]
    best = max(short, key=lambda one: _share(words, content_words(one[0])), default=None)
    return best if best and _share(words, content_words(best[0])) >= NEAR else None


def cite(
    text: str, hits: Sequence[Hit], question: str = ""
) -> tuple[str, tuple[Citation, ...], tuple[str, ...]]:
    """Put ``[n]`` behind every sentence of ``text``; one that no passage supports gives way to a near one.

    Such a sentence is a passage's own, in quotation marks. Returns the marked text, the citations
    numbered by first mention and merged by passage, and the sentences nothing was found for.
    """
    cited: dict[tuple[str, int], Citation] = {}
    marked: list[str] = []
    bare: list[str] = []
    for sentence in sentences(without_marks(text)):
        if not content_words(sentence):  # it says nothing that could be cited or be wrong
            marked.append(sentence)
            continue
        said, hit = _said(sentence, hits, question)
        if hit is None:
            marked.append(said)
            bare.append(said)
            continue
        citation = cited.setdefault((hit.uri, hit.start), _citation(len(cited) + 1, hit))
        marked.append(f"{said} [{citation.n}]")
    return " ".join(marked), tuple(cited.values()), tuple(bare)


def _said(sentence: str, hits: Sequence[Hit], question: str) -> tuple[str, Hit | None]:
    """The sentence with what supports it, or the quotation that takes its place, or it alone."""
    hit = supporting(sentence, hits, question)
    if hit is None and (near := nearest(sentence, hits, question)):
        return f"“{near[0]}”", near[1]
    return sentence, hit


def used(hits: Iterable[Hit]) -> tuple[Citation, ...]:
    """The passages that were given to the model, for an answer of which nothing could be tied."""
    return tuple(_citation(n, hit) for n, hit in enumerate(hits, 1))


def _citation(n: int, hit: Hit) -> Citation:
    return Citation(
        n=n, uri=hit.uri, start=hit.start, end=hit.end, title=hit.title, quote=hit.text, page=hit.page
    )


def loose(text: str, source: str) -> tuple[str, ...]:
    """The sentences of a summary or draft with names or numbers that stand nowhere in the source."""
    return tuple(sentence for sentence in sentences(text) if unfounded(sentence, source))
