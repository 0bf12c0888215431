"""What a question asks to have counted or listed, where its words leave no doubt; often nothing.

Every word must be accounted for: a form at the beginning ("how many …"), then tails in any order
("from Noor", "in May"). One word that fits nowhere, and it is a question like any other. The words are
data: ``resources/questions.toml``.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.core import paths, when
from app.core.when_atoms import flatten

LANGUAGES = ("en", "de", "fr", "es")
_LONGEST = 200  # characters of a question that may be one of these
_SLOT = 6  # words that a name or a topic may have
_NAMES = ("from", "to", "with", "party")  # slots that may hold what elsewhere begins another tail: "de Wit"
_TOKEN = re.compile(r"[\w.+-]+@[\w.-]+\w|\d+(?:[.,]\d+)*|[€$£¥]|[^\W_]+'?|@")
_JOINS = frozenset(("de", "d'", "du", "del", "of"))


Pattern = tuple[tuple[tuple[str, ...], bool], ...]  # of each word the choices, and whether it may be missing


@dataclass(frozen=True)
class Thing:
    """``kind`` is mail, attachment, pdf, note, photo, event or a concept (invoice); ``words`` of a title."""

    kind: str
    words: tuple[str, ...] = ()
    noun: str = ""  # a name for events of some sort, which may stand in their titles
    droppable: bool = False  # … or be no more than a word for an event


@dataclass(frozen=True)
class Asked:
    """A question in parts.

    ``slots``: from, to, with, party, topic, place, doing, amount → the words as they were written.
    """

    asks: str  # count | list | sum | first | last | next
    language: str
    thing: Thing
    slots: dict[str, str] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()  # sent | got | past | future | attached
    compares: str = ""  # over | under | least | most; the amount is in the slots
    timed: bool = False  # it names a time


@dataclass(frozen=True)
class _Word:
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class _Tail:
    name: str
    pattern: Pattern


@dataclass(frozen=True)
class _Form:
    asks: str
    pattern: Pattern
    ends: tuple[Pattern, ...]
    kind: str
    flags: frozenset[str]


@dataclass(frozen=True)
class _Grammar:
    language: str
    polite: tuple[Pattern, ...]
    forms: tuple[_Form, ...]
    tails: tuple[_Tail, ...]
    times: tuple[Pattern, ...]  # the time with what leads up to it
    marks: frozenset[str]
    articles: frozenset[str]
    things: dict[str, tuple[tuple[str, ...], ...]]


def read(question: str, now: datetime) -> tuple[Asked, ...]:
    """Every reading of ``question``; none where it is not one of these, several where it is not plain."""
    if len(question) > _LONGEST:
        return ()
    words = _words(question, now)
    found: list[Asked] = []
    for language in LANGUAGES:
        found += [one for one in _readings(_grammar(language), words, question) if one not in found]
    return tuple(found)


def data() -> dict[str, Any]:
    """The whole file of words."""
    return _file()


def _readings(grammar: _Grammar, words: Sequence[_Word], question: str) -> Iterator[Asked]:
    for timeless in _timeless(grammar, words):
        bare = _without(grammar.polite, timeless)
        for form in grammar.forms:
            for rest, slots in _match(grammar, form.pattern, bare):
                for body in (left for end in form.ends for left in _without_end(end, rest)):
                    timed = len(timeless) < len(words)
                    yield from _completed(grammar, form, slots, body, question, timed)


def _timeless(grammar: _Grammar, words: Sequence[_Word]) -> Iterator[Sequence[_Word]]:
    """Without the time and what leads up to it ("im", "taken in"), wherever in the question they stand."""
    if all(word.text != "@" for word in words):
        yield words
        return
    for start in range(len(words)):
        for pattern in grammar.times:
            for left, _ in _match(grammar, pattern, words[start:]):
                if any(w.text == "@" for w in words[start : len(words) - len(left)]):
                    yield [*words[:start], *left]


def _completed(
    grammar: _Grammar,
    form: _Form,
    slots: dict[str, Sequence[_Word]],
    rest: Sequence[_Word],
    question: str,
    timed: bool,
) -> Iterator[Asked]:
    named = {name: _said(question, words) for name, words in slots.items() if name != "thing"}
    things = _things(grammar, [w.text for w in slots["thing"]]) if "thing" in slots else [Thing(form.kind)]
    for thing in things:
        begun = Asked(
            asks=form.asks, language=grammar.language, thing=thing, slots=named, flags=form.flags, timed=timed
        )
        yield from _tails(grammar, begun, rest, question)


def _tails(grammar: _Grammar, asked: Asked, rest: Sequence[_Word], question: str) -> Iterator[Asked]:
    """With all that ``rest`` says; nothing where a word of it fits nowhere."""
    if not rest:
        yield asked
        return
    for tail in grammar.tails:
        for after, slots in _match(grammar, tail.pattern, rest, slot=tail.name):
            if (longer := _with(asked, tail.name, slots, question)) is not None and len(after) < len(rest):
                yield from _tails(grammar, longer, after, question)


def _with(asked: Asked, name: str, slots: dict[str, Sequence[_Word]], question: str) -> Asked | None:
    """``asked`` with one more part; None where it has that part already."""
    if name == "none":
        return asked
    if name in ("over", "under", "least", "most"):
        words = {"amount": _said(question, slots[name])}
        return None if asked.compares else replace(asked, compares=name, slots={**asked.slots, **words})
    if not slots:
        return None if name in asked.flags else replace(asked, flags=asked.flags | {name})
    if name in asked.slots:
        return None
    return replace(asked, slots={**asked.slots, name: _said(question, slots[name])})


def _said(question: str, words: Sequence[_Word]) -> str:
    return question[words[0].start : words[-1].end]


# --- things ------------------------------------------------------------------------------------


def _things(grammar: _Grammar, words: Sequence[str]) -> list[Thing]:
    """What the words of a thing can mean: a noun alone, or one for events with what says which."""
    found: list[Thing] = []
    for kind, nouns in grammar.things.items():
        if kind == "generic":
            continue
        for noun in nouns:
            if tuple(words) == noun and kind != "occasion":
                found.append(Thing(kind))
            elif kind == "occasion" and (rest := _around(grammar, words, noun)) is not None:
                generic = noun in grammar.things["generic"]
                found.append(Thing("event", tuple(rest), " ".join(noun), generic))
    return found


def _around(grammar: _Grammar, words: Sequence[str], noun: tuple[str, ...]) -> list[str] | None:
    """The words beside ``noun`` at the beginning or the end; None where it stands at neither."""
    if tuple(words[-len(noun) :]) == noun:
        rest = words[: -len(noun)]
    elif tuple(words[: len(noun)]) == noun:
        rest = words[len(noun) :]
    else:
        return None
    return [word for word in rest if word not in _JOINS and word not in grammar.articles]


# --- patterns ----------------------------------------------------------------------------------


def _match(
    grammar: _Grammar,
    pattern: Pattern,
    words: Sequence[_Word],
    *,
    slot: str = "",
) -> Iterator[tuple[Sequence[_Word], dict[str, Sequence[_Word]]]]:
    """Every way in which ``words`` begin with ``pattern``: what is left of them, and the slots."""
    if not pattern:
        yield words, {}
        return
    (choices, optional), rest = pattern[0], pattern[1:]
    if optional:
        yield from _match(grammar, rest, words, slot=slot)
    if choices[0].startswith("{"):
        name = choices[0].strip("{}") or slot
        for length in range(1, min(len(words), _SLOT) + 1):
            if not _fits(grammar, name, [word.text for word in words[:length]]):
                continue
            for left, slots in _match(grammar, rest, words[length:], slot=slot):
                yield left, {**slots, name: words[:length]}
    elif words and words[0].text in choices:
        yield from _match(grammar, rest, words[1:], slot=slot)


def _fits(grammar: _Grammar, slot: str, words: Sequence[str]) -> bool:
    if "@" in words or (slot not in _NAMES and words[0] in grammar.articles | _JOINS and len(words) == 1):
        return False
    if slot in _NAMES:
        return words[0] not in grammar.marks and words[-1] not in grammar.marks
    if slot == "thing" and any(tuple(words) in nouns for nouns in grammar.things.values()):
        return True  # "pas" is a step too
    joins = _JOINS if slot == "thing" else frozenset[str]()
    return not any(word in grammar.marks and word not in joins for word in words)


def _without(polite: Sequence[Pattern], words: Sequence[_Word]) -> Sequence[_Word]:
    for pattern in polite:
        length = len(pattern)
        if len(words) > length and all(w.text in p for w, (p, _) in zip(words, pattern, strict=False)):
            return _without(polite, words[length:])
    return words


def _without_end(ends: Pattern, words: Sequence[_Word]) -> Iterator[Sequence[_Word]]:
    """What comes before ``ends``, with and without each part that may be missing."""
    if not ends:
        yield words
        return
    (choices, optional), rest = ends[-1], ends[:-1]
    if optional:
        yield from _without_end(rest, words)
    if words and words[-1].text in choices:
        yield from _without_end(rest, words[:-1])


def _words(question: str, now: datetime) -> list[_Word]:
    """The words in lower case without accents; those that name a time are one, ``@``."""
    span = when.parse(question, now)
    flat = flatten(question)
    words: list[_Word] = []
    for match in _TOKEN.finditer(flat):
        if span is not None and span.start <= match.start() < span.end:
            if not words or words[-1].text != "@":
                words.append(_Word("@", span.start, span.end))
        elif match[0] != "@":
            words.append(_Word(match[0], match.start(), match.end()))
    return words


def _pattern(text: str) -> Pattern:
    parts = []
    for part in text.split():
        bare = part.removesuffix("?")
        parts.append((tuple(bare.split("|")), bare != part))
    return tuple(parts)


@functools.cache
def _file() -> dict[str, Any]:
    return tomllib.loads((paths.resources() / "questions.toml").read_text(encoding="utf-8"))


@functools.cache
def _grammar(language: str) -> _Grammar:
    table = _file()[language]
    return _Grammar(
        language=language,
        polite=tuple(map(_pattern, table["polite"])),
        forms=tuple(
            _Form(
                asks=form["asks"],
                pattern=_pattern(form["say"]),
                ends=tuple(map(_pattern, form.get("ends", "").split("/"))),
                kind=form.get("kind", ""),
                flags=frozenset(
                    name for name in ("sent", "past") if form.get(name) or form.get("tense") == name
                ),
            )
            for form in table["forms"]
        ),
        tails=tuple(_Tail(name, _pattern(say)) for name, says in table["tails"].items() for say in says),
        times=tuple(map(_pattern, table["time"])),
        marks=frozenset(table["marks"].split()),
        articles=frozenset(table["articles"].split()),
        things={kind: _nouns(text) for kind, text in table["things"].items()},
    )


def _nouns(text: str) -> tuple[tuple[str, ...], ...]:
    parts = text.split("|") if "|" in text else text.split()
    return tuple(tuple(_TOKEN.findall(part)) for part in parts)
