"""Writes adapters/answer/train.jsonl and cases.jsonl from groups of passages written for this project.

A group (packaging/hats/answer/*.txt) is a handful of passages on one subject with questions. Each copy of a
group gets other names and numbers, leaves passages out and mixes a foreign one in, so that a question
whose passage is missing becomes one to answer with "Not found.".
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from app.core.types import Hit
from app.flows.ask import passage
from app.flows.grounding import content_words, figures

COPIES = 6
ANSWERED = 5  # questions of one set of passages, at most
STRAY = 0.25  # how often a question on something else altogether is asked as well
NOT_FOUND = "Not found."
HERE = Path(__file__).parent
FEMALE = (
    "Hilde Maren Sabine Keiko Nadia Elif Priya Grete Dolores Amina Ruth Birgit Colette Ximena Freya Leila "
    "Tova Marta Judith Agnes Zofia Hannah Yasmin Celia Ingrid Pilar Noor Chiara Wendy"
)
MALE = (
    "Knut Omar Felix Anders Hugo Tomasz Ravi Bernd Emil Karim Lukas Oscar Mateo Piet Stefan Gareth Yusuf "
    "Viktor Marek Leon Henrik Diego Samir Ralph Nils Jorge Kofi Alan Simon"
)
LAST = (
    "Aas Berg Lindholm Okafor Haddad Kowalski Meier Santos Vidal Renard Castellan Holm Petrov Novak Weiss "
    "Dubois Moran Pereira Sato Ortega Falk Quist Arnold Baker Hughes Tanaka Rossi Kaya Ferrer Lund"
)
SMALL_TALK = [
    "I hope you are well.",
    "Sorry for the late answer, it was a busy week.",
    "Thanks again for Sunday, it was lovely to see you all.",
    "How is the new place? You must tell me more.",
    "It has been raining here for days.",
    "Greetings from the others as well.",
    "Let me know if anything is unclear.",
    "Please write back when you find the time.",
    "I am on the train, so excuse the typing.",
    "Many thanks in advance.",
]
_NUMBER = re.compile(r"\d+(?::\d\d|(?:[.,]\d+)*)")
_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z0-9])")


@dataclass(frozen=True)
class Asked:
    question: str
    answer: str
    shared: bool  # other passages speak of it too: the newest of them holds


@dataclass
class Source:
    kind: str
    title: str
    people: tuple[str, ...]
    when: datetime
    place: str
    text: str = ""
    asked: list[Asked] = field(default_factory=list)


@dataclass
class Group:
    name: str
    sources: list[Source] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def groups(path: Path) -> list[Group]:
    found: list[Group] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "=":
            found.append(Group(rest))
        elif mark == "@":
            found[-1].sources.append(_source([part.strip() for part in rest.split("|")]))
        elif mark in ("?", "?="):
            question, answer = rest.rsplit(" > ", 1)
            found[-1].sources[-1].asked.append(Asked(question, answer, mark == "?="))
        elif mark == "!":
            found[-1].missing.append(rest)
        elif line and mark != "#":
            found[-1].sources[-1].text += ("\n" if found[-1].sources[-1].text else "") + line
    return found


def _source(parts: list[str]) -> Source:
    kind, title, people, when, place = [*parts, ""][:5]
    names = tuple(p.strip() for p in people.split(",") if p.strip())
    return Source(kind, title, names, datetime.fromisoformat(when), place)


def altered(group: Group, chance: random.Random) -> Group:
    """The group with other names and numbers, everywhere the same ones."""
    kept = {str(s.when.day) for s in group.sources} | {f"{s.when:%H:%M}" for s in group.sources}
    words: dict[str, str] = {}
    for names in (FEMALE.split(), MALE.split(), LAST.split()):
        words |= dict(zip(names, chance.sample(names, len(names)), strict=True))
    numbers: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        if match[0] not in numbers:
            new = match[0] if match[0] in kept else _number(match[0], chance)
            numbers[match[0]] = match[0] if new in numbers.values() else new
        return numbers[match[0]]

    def other(text: str) -> str:
        text = re.sub(r"\b[A-Z][a-z]+\b", lambda m: words.get(m[0], m[0]), text)
        return _NUMBER.sub(number, text)

    return Group(
        group.name,
        [
            replace(
                s,
                title=other(s.title),
                people=tuple(other(p) for p in s.people),
                place=other(s.place),
                text=other(s.text),
                asked=[Asked(other(a.question), other(a.answer), a.shared) for a in s.asked],
            )
            for s in group.sources
        ],
        [other(q) for q in group.missing],
    )


def _number(old: str, chance: random.Random) -> str:
    """Of the same shape: an hour, a day, an amount; years stay."""
    if ":" in old:
        return f"{chance.randint(6, 21)}:{old.split(':')[1]}"
    if re.fullmatch(r"(19|20)\d\d", old):
        return old
    if old.isdigit() and len(old) == 1:
        return old if old in "01" else str(chance.randint(2, 9))
    if old.isdigit() and len(old) == 2:
        return str(chance.randint(10, 28) if int(old) <= 31 else chance.randint(29, 59))
    return re.sub(r"\d", lambda m: str(chance.randint(1, 9)), old)


def dressed(source: Source, chance: random.Random) -> str:
    """The text as it comes: a greeting and a name around a mail, lines in a note."""
    text = source.text
    if source.kind == "note" and chance.random() < 0.5:
        return "\n".join(f"- {part}" for part in _SENTENCE_END.split(text))
    if source.kind != "mail" or not text.isascii():
        return text
    if chance.random() < 0.35:
        text = f"{chance.choice(SMALL_TALK)} {text}"
    if chance.random() < 0.35:
        text = f"{text}\n{chance.choice(SMALL_TALK)}"
    if chance.random() < 0.5 and source.people:
        to = source.people[1].split()[0] if len(source.people) > 1 else "all"
        text = f"{chance.choice(('Hi', 'Dear', 'Hello'))} {to},\n{text}\n{source.people[0].split()[0]}"
    return text


def shown(sources: list[Source], texts: list[str]) -> str:
    """As app.flows.ask gives them to the model."""
    hits = [
        Hit(
            rank=n,
            uri="",
            source="",
            kind=s.kind,
            title=s.title,
            when=s.when,
            people=s.people,
            snippet="",
            score=0.0,
            text=text,
            start=0,
            end=len(text),
            place=s.place,
        )
        for n, (s, text) in enumerate(zip(sources, texts, strict=True), 1)
    ]
    return "\n\n".join(passage(n, hit) for n, hit in enumerate(hits, 1))


def holds(asked: Asked, passages: str) -> bool:
    """Whether the passages seem to say it after all, in another place than the question's own."""
    numbers, words = figures(asked.answer), content_words(asked.answer)
    shared = len(words & content_words(passages))
    return numbers <= figures(passages) and (bool(numbers) or shared >= 0.6 * len(words))


def example(group: Group, foreign: Group, chance: random.Random) -> list[dict[str, object]]:
    """Several questions to one set of passages."""
    own = chance.sample(group.sources, min(len(group.sources), chance.choice((2, 3, 3, 4))))
    mixed = [*own, chance.choice(foreign.sources)] if chance.random() < 0.4 and len(own) < 4 else list(own)
    chance.shuffle(mixed)
    passages = shown(mixed, [dressed(s, chance) for s in mixed])
    shared = [s.when for s in own if any(a.shared for a in s.asked)]
    good = [a for s in mixed for a in s.asked if not a.shared or s.when == max(shared, default=s.when)]
    gone = [
        a.question
        for s in group.sources
        if s not in own
        for a in s.asked
        if not a.shared and not holds(a, passages)
    ]
    none = [chance.choice(gone if gone and chance.random() < 0.5 else group.missing)]
    stray = [s for s in foreign.sources if s not in mixed and s.asked]
    if chance.random() < STRAY:
        none.append(chance.choice(chance.choice(stray).asked).question)
    rows = [_row(passages, a.question, a.answer) for a in chance.sample(good, min(len(good), ANSWERED))]
    return rows + [_row(passages, question, NOT_FOUND) for question in none]


def cases(group: Group, chance: random.Random) -> list[dict[str, object]]:
    """Every question of a group to all its passages, in one order."""
    sources = chance.sample(group.sources, len(group.sources))
    passages = shown(sources, [s.text for s in sources])
    newest = max((s.when for s in sources if any(a.shared for a in s.asked)), default=None)
    asked = [a for s in sources for a in s.asked if not a.shared or s.when == newest]
    rows = [_row(passages, a.question, a.answer) for a in asked]
    return rows + [_row(passages, question, NOT_FOUND) for question in group.missing]


def _row(passages: str, question: str, answer: str) -> dict[str, object]:
    return {"fields": {"passages": passages, "question": question}, "completion": answer}


def main() -> None:
    chance = random.Random(7)
    written = [g for path in sorted((HERE / "answer").glob("*.txt")) for g in groups(path)]
    rows = []
    for copy in range(COPIES):
        current = [altered(g, chance) if copy else g for g in written]
        for at, group in enumerate(current):
            foreign = current[(at + chance.randint(1, len(current) - 1)) % len(current)]
            rows += example(group, foreign, chance)
    chance = random.Random(11)  # the cases stay the same whatever the training data becomes
    held_out = [row for g in groups(HERE / "answer-cases.txt") for row in cases(g, chance)]
    for name, found in (("train.jsonl", rows), ("cases.jsonl", held_out)):
        out = HERE.parents[1] / "adapters/answer" / name
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in found)
        out.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
