"""Writes adapters/answer/train.jsonl and cases.jsonl from groups of passages written for this project.

    python packaging/hats/answer.py [--hard]

With ``--hard`` also from the groups hard-*.txt, which are asked in other words than the passages'; the
adapter trained on them refuses more and was not accepted by the gate (CARD.md).

A group (packaging/hats/answer/*.txt) is a handful of passages on one subject with questions. The task reads
one passage at a time, so an example is a passage with a question that it answers, or with one that it does
not: a question to another passage of the group, one that nobody answered, one whose sentence was cut out, one
about something else. Each copy of a group gets other names, days, places and numbers, and another cut.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from draft import LANGUAGES, POOLS

from app.core.types import Hit
from app.flows.ask import passage
from app.flows.grounding import content_words, figures, sentences

COPIES = 3
SOURCE_CHARS = 480  # as much as a passage of the store has
LONG = 300
ANSWERED, REFUSED = 5, 4  # questions of one passage, at most
NOT_FOUND = "Not found."
WORDS = (
    "Keller",
    "Falk",
    "Costa",
    "Weiss",
    "Linz",
    "Rosa",
)  # names that are words or places in other languages
HERE = Path(__file__).parent
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
    "More about that when we meet.",
    "Nothing else is new here.",
    "One more thing, since you asked.",
    "By the way, the children say hello.",
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

    @property
    def language(self) -> str:
        found = self.name.partition("-")[0]
        return found if found in LANGUAGES else "en"


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
    """The group with other names, places, days and numbers, the same everywhere; headers keep their dates."""
    kept = {str(s.when.day) for s in group.sources} | {f"{s.when:%H:%M}" for s in group.sources}
    dates = {f"{s.when:%A}" for s in group.sources} | {f"{s.when:%B}" for s in group.sources}
    words: dict[str, str] = {}
    english = group.language == "en"  # elsewhere questions in English name the same days and months
    for pool in [*POOLS[:4], *(POOLS[at] for at in LANGUAGES["en"] if english)]:
        free = [word for word in pool if word not in dates and (english or word not in WORDS)]
        words |= dict(zip(free, chance.sample(free, len(free)), strict=True))
    numbers: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        if match[0] not in numbers:
            new = match[0] if match[0] in kept else _number(match[0], chance)
            numbers[match[0]] = match[0] if new in numbers.values() else new
        return numbers[match[0]]

    def other(text: str) -> str:
        text = re.sub(r"\b[^\W\d_]+\b", lambda m: words.get(m[0], m[0]), text)
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
    return re.sub(r"(?!^0)\d", lambda m: str(chance.randint(1, 9)), old)


def dressed(source: Source, other: Source, chance: random.Random) -> str:
    """The text as it comes: cut as passages are, beside other matters, with a greeting or as a list."""
    parts = _SENTENCE_END.split(source.text)
    if len(source.text) > LONG and len(parts) > 3 and chance.random() < 0.4:
        drop = chance.randint(1, len(parts) // 2)
        parts = parts[drop:] if chance.random() < 0.5 else parts[:-drop]
    elif len(source.text) <= LONG and source.kind != "photo" and chance.random() < 0.4:
        beside = _SENTENCE_END.split(other.text)[: chance.randint(2, 5)]
        parts = [*beside, *parts] if chance.random() < 0.5 else [*parts, *beside]
    text = " ".join(parts)
    if source.kind == "note" and chance.random() < 0.35:
        return "\n".join(f"- {part}" for part in _SENTENCE_END.split(text))
    if source.kind != "mail" or not text.isascii() or len(text) > SOURCE_CHARS:
        return text
    if chance.random() < 0.3:
        text = f"{chance.choice(SMALL_TALK)} {text}"
    if chance.random() < 0.3:
        text = f"{text}\n{chance.choice(SMALL_TALK)}"
    if chance.random() < 0.4 and source.people and not text.startswith(("Dear", "Hi", "Hello")):
        to = source.people[1].split()[0] if len(source.people) > 1 else "all"
        text = f"{chance.choice(('Hi', 'Dear', 'Hello'))} {to},\n{text}\n{source.people[0].split()[0]}"
    return text


def shown(source: Source, text: str) -> str:
    """As app.flows.ask gives it to the model."""
    hit = Hit(
        rank=1,
        uri="",
        source="",
        kind=source.kind,
        title=source.title,
        when=source.when,
        people=source.people,
        snippet="",
        score=0.0,
        text=text,
        start=0,
        end=len(text),
        place=source.place,
    )
    return passage(hit)


def holds(asked: Asked, text: str) -> bool:
    """Whether one sentence of ``text``, or its first line, has the answer's numbers and most of its words."""
    numbers, words = figures(asked.answer), content_words(asked.answer) - content_words(asked.question)
    words = words or content_words(asked.answer)
    return any(
        numbers <= figures(part) and len(words & content_words(part)) >= 0.6 * len(words)
        for part in (text, *sentences(text))
    )


def examples(group: Group, strange: Group, chance: random.Random) -> list[dict[str, object]]:
    """Questions to every passage of a group: those it answers, and some that it does not."""
    rows = []
    shared = [s.when for s in group.sources if any(a.shared for a in s.asked)]
    for source in group.sources:
        read = shown(source, dressed(source, chance.choice(strange.sources), chance))
        own = [a for a in source.asked if not a.shared or source.when == max(shared)]
        kept = [a for a in own if _still(a, source, read)]
        gone = [a for a in own if a not in kept and not holds(a, read)]
        others = [a for s in group.sources if s is not source for a in s.asked if not a.shared]
        near = [a.question for a in (*gone, *others) if not holds(a, read)]
        far = [a.question for s in strange.sources for a in s.asked if not holds(a, read)]
        none = chance.sample(near, min(len(near), 2)) + chance.sample(group.missing, 1)
        if chance.random() < 0.3 and far:
            none.append(chance.choice(far))
        picked = chance.sample(kept, min(len(kept), ANSWERED))
        refused = (none + [a.question for a in gone])[:REFUSED]
        rows += [_row(read, a.question, a.answer) for a in picked]
        rows += [_row(read, question, NOT_FOUND) for question in dict.fromkeys(refused)]
    return [{**row, "group": group.name} for row in rows]


def _still(asked: Asked, source: Source, read: str) -> bool:
    """The sentence the answer was taken from is among those that are read."""
    wanted = content_words(asked.answer) | figures(asked.answer)
    parts = [source.title, *_SENTENCE_END.split(source.text)]
    from_ = max(parts, key=lambda part: len(wanted & (content_words(part) | figures(part))))
    if from_ is source.title:
        return True
    if not wanted & (content_words(from_) | figures(from_)):  # the header, or another tongue
        return source.text in read
    return " ".join(from_.split()) in " ".join(read.replace("\n- ", " ").split())


def calendar(events: list[str], chance: random.Random) -> Group:
    """Events without text: when and where is what their header says."""
    group = Group("calendar", missing=["Who organises it?", "What does it cost?", "How long does it take?"])
    for event in chance.sample(events, 8):
        title, _, place = (part.strip() for part in event.partition("|"))
        hour, minute = chance.randint(7, 20), 15 * chance.randint(0, 3)
        when = datetime(2025, chance.randint(1, 12), chance.randint(1, 28), hour, minute)
        source = Source("event", title, (), when, place, chance.choice(("", "", "Confirmed.")))
        name = title[0].lower() + title[1:]
        asked = chance.choice(("When is the {}?", "what day is {}", "At what time is {}?", "when's my {}"))
        day = f"{when:%A} {when.day} {when:%B %Y} at {when:%H:%M}"
        source.asked.append(Asked(asked.format(name), f"{title} is on {day}.", False))
        if place:
            asked = chance.choice(("Where is {}?", "where do I have to go for {}"))
            at = "" if place.startswith("At ") else "at "
            source.asked.append(Asked(asked.format(name), f"{title} is {at}{place}.", False))
        group.sources.append(source)
    return group


def cases(group: Group, chance: random.Random) -> list[dict[str, object]]:
    """Every question to the passage that answers it; the others, and three more, to one that does not."""
    rows, newest = [], max((s.when for s in group.sources if any(a.shared for a in s.asked)), default=None)
    for source in group.sources:
        own = [a for a in source.asked if not a.shared or source.when == newest]
        rows += [_row(shown(source, source.text), a.question, a.answer) for a in own]
    asked = [a for s in group.sources for a in s.asked if not a.shared]
    for question in [*group.missing, *(a.question for a in chance.sample(asked, 3))]:
        words = content_words(question)
        silent = [s for s in group.sources if all(a.question != question for a in s.asked)]
        closest = max(silent, key=lambda s: len(words & content_words(f"{s.title} {s.text}")))
        rows.append(_row(shown(closest, closest.text), question, NOT_FOUND))
    return rows


def _row(passages: str, question: str, answer: str) -> dict[str, object]:
    return {"fields": {"passages": passages, "question": question}, "completion": answer}


def _text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hard", action="store_true", help="with the harder groups too")
    hard = parser.parse_args().hard
    chance = random.Random(7)
    events = [line for line in _text("answer-events.txt").splitlines() if line[:1] != "#"]
    files = [p for p in sorted((HERE / "answer").glob("*.txt")) if hard or not p.name.startswith("hard-")]
    written = [g for path in files for g in groups(path)]
    rows = []
    for copy in range(COPIES):
        current = [altered(g, chance) if copy else g for g in written]
        current += [calendar(events, chance) for _ in range(3)]
        for at, group in enumerate(current):
            short = all(len(s.text) < LONG for s in group.sources)
            if short and copy % 2 and group.name != "calendar":  # what is long teaches more
                continue
            strange = current[(at + chance.randint(1, len(current) - 1)) % len(current)]
            rows += examples(group, strange, chance)
    chance = random.Random(11)  # the cases stay the same whatever the training data becomes
    held_out = [row for g in groups(HERE / "answer-cases.txt") for row in cases(g, chance)]
    for name, found in (("train.jsonl", rows), ("cases.jsonl", held_out)):
        out = HERE.parents[1] / "adapters/answer" / name
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in found)
        out.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
