"""How good answers are: right, tied to a passage that holds them, and "not found" where nothing does.

Every passage is read by itself, as the flow reads it, so a question with four passages is four cases.
Its answer is that of the passage nearest to the question among those in which the model found one.
Sets beside the task's own cases: questions on what people told an assistant (BFCL memory, Patil et al.
2025), and XQuAD (Artetxe et al. 2020) in English and German, each passage among three others of its
article; of both, every third question comes without the passage that answers it. Never trained on.
"""

from __future__ import annotations

import json
import random
import re
import string
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from app.core.tasks import Task
from app.core.types import Hit
from app.flows import evidence, grounding
from app.flows.measures.contract import OWN, Case, Score, score
from app.store.passages import MAX_CHARS, chunk
from app.training.evaluate import holds

MAIN = "right"
MEMORY, XQUAD = "bfcl_memory", ("xquad_en", "xquad_de")
NOT_FOUND = "Not found."
OTHERS = 3  # passages that do not answer, beside the one that does
EVERY = 3  # so many questions, one comes without its passage
SAMPLED = 10  # one of so many questions of XQuAD is asked

_DATE = re.compile(r"\b[A-Z][a-z]{2} \d\d [A-Z][a-z]{2} \d{4}\b")
_ARTICLE = re.compile(r"\b(?:a|an|the)\b")


def cases(task: Task, corpora: Path | None) -> Iterator[Case]:
    """The task's own cases, and passage by passage the questions of the sets under ``corpora``."""
    for number, row in enumerate(_lines(task.folder / "cases.jsonl"), 1):
        yield _case(
            OWN, str(number), row["fields"]["question"], row["fields"]["passages"], [row["completion"]]
        )
    if corpora is None:
        return
    if (folder := corpora / "qa_bfcl_memory").is_dir():
        yield from _memory(folder)
    for name in XQUAD:
        path = corpora / "qa_xquad" / f"xquad.{name[-2:]}.json"
        if path.is_file():
            yield from _xquad(name, path, at=0)


def scores(cases: Sequence[Case], answers: Sequence[str]) -> tuple[Score, ...]:
    asked: dict[tuple[str, str], _Asked] = {}
    for case, answer in zip(cases, answers, strict=True):
        question = asked.setdefault((case.set, case.notes["text"]), _Asked(case.fields["question"]))
        question.wanted += [w for w in json.loads(case.expected) if w not in question.wanted]
        question.read.append((case.fields["passages"], answer.strip(), bool(case.notes.get("holds"))))
    sets = dict.fromkeys(case.set for case in cases)
    return tuple(s for name in sets for s in _of_set(name, [q for (of, _), q in asked.items() if of == name]))


@dataclass
class _Asked:
    """A question, what would be right (nothing: it cannot be answered), and what was said of each passage."""

    question: str
    wanted: list[str] = field(default_factory=list)
    read: list[tuple[str, str, bool]] = field(default_factory=list)  # passage, answer, whether it answers

    @property
    def answerable(self) -> bool:
        return any(there for *_, there in self.read)

    def said(self, *, checked: bool = True) -> tuple[str, bool]:
        """The answer, empty for none, and whether the passage it is from holds what was asked."""
        found = [(p, a, there) for p, a, there in self.read if not not_found(a)]
        if not found:
            return "", False
        passage, answer, there = max(found, key=lambda one: _near(self.question, one[0]))
        if checked:
            answer = grounding.without_marks(grounding.cite(answer, (_hit(passage),), self.question)[0])
        return answer, there


def _of_set(name: str, asked: Sequence[_Asked]) -> Iterator[Score]:
    pairs = [(q, *q.said()) for q in asked]
    raw = [q.said(checked=False)[0] for q in asked]
    with_answer = [(q, said, there) for q, said, there in pairs if q.answerable]
    yield score(name, MAIN, [_right(q, said) for q, said, _ in pairs])
    yield score(name, "right_raw", [_right(q, said) for q, said in zip(asked, raw, strict=True)], better=0)
    yield score(name, "answered_right", [_right(q, said) for q, said, _ in with_answer])
    yield score(name, "f1", [max(f1(w, said) for w in q.wanted) for q, said, _ in with_answer])
    yield score(name, "cited", [there for _, said, there in pairs if said])
    yield score(name, "told", [not said for q, said, _ in pairs if not q.answerable])
    yield score(name, "told_rightly", [not q.answerable for q, said, _ in pairs if not said])
    yield score(name, "words", [float(len(said.split())) for _, said, _ in pairs if said], better=0)


def _right(asked: _Asked, said: str) -> bool:
    """It has every number and half of the words of what is right, or rightly says nothing."""
    return any(holds(w, said) for w in asked.wanted) if asked.answerable else not said


def _near(question: str, passage: str) -> float:
    """Share of the question's telling words that ``passage`` holds."""
    asked = {grounding.stem(word) for word in evidence.telling(question)}
    return len(asked & grounding.content_words(passage)) / len(asked) if asked else 0.0


def not_found(answer: str) -> bool:
    return not answer or answer.lower().startswith("not found")


def f1(expected: str, answer: str) -> float:
    """Of the words without articles and marks, as for SQuAD (Rajpurkar et al. 2016)."""
    right, found = _plain(expected), _plain(answer)
    common = sum((Counter(right) & Counter(found)).values())
    return 2 * common / (len(right) + len(found)) if common else 0.0


def _plain(text: str) -> list[str]:
    bare = "".join(" " if c in string.punctuation + "–—’“”„«»" else c for c in text.lower())
    return _ARTICLE.sub(" ", bare).split()


def _case(set_: str, number: str, question: str, passage: str, wanted: Iterable[str]) -> Case:
    """``wanted`` is what the passage answers; "Not found." where it does not."""
    right = [w for w in wanted if not not_found(w)]
    return Case(
        set=set_,
        fields={"passages": passage, "question": question},
        expected=json.dumps(right, ensure_ascii=False),
        notes={"text": number, "holds": "yes" if right else ""},
    )


def _memory(folder: Path) -> Iterator[Case]:
    """Each turn of a talk is a passage of a note; the shortest that has the answer among three others."""
    known = _lines(folder / "possible_answer_BFCL_v4_memory.json")
    said: dict[str, list[str]] = {}
    for path in sorted((folder / "memory_prereq_conversation").glob("*.json")):
        for talk in _lines(path):
            turns = [turn[0]["content"][:MAX_CHARS] for turn in talk["question"]]
            said.setdefault(talk["scenario"], []).extend(turns)
    chance = random.Random(3)
    for number, (case, right) in enumerate(zip(_lines(folder / "BFCL_v4_memory.json"), known, strict=True)):
        texts, wanted = said[case["scenario"]], [str(a) for a in right["ground_truth"]]
        told = [t for t in texts if any(_stands(a, t) for a in wanted)]
        if not told:
            continue
        shown = [(t, [""]) for t in chance.sample([t for t in texts if t not in told], OTHERS)]
        if number % EVERY != EVERY - 1:
            own = min(told, key=len)
            shown.append((own, [a for a in wanted if _stands(a, own)]))
        chance.shuffle(shown)
        question = case["question"][0][0]["content"]
        for text, answers in shown:
            yield _case(MEMORY, str(number), question, f"note · {case['scenario']}\n{text}", answers)


def _stands(answer: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(answer)}\b", text, re.IGNORECASE) is not None


def _xquad(name: str, path: Path, *, at: int) -> Iterator[Case]:
    """One of SAMPLED questions from the one ``at`` on, with passages of its article."""
    chance, number = random.Random(5), -1
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        pieces = [_pieces(paragraph["context"]) for paragraph in article["paragraphs"]]
        for own, paragraph in zip(pieces, article["paragraphs"], strict=True):
            for asked in paragraph["qas"]:
                number += 1
                if number % SAMPLED != at:
                    continue
                start, answer = asked["answers"][0]["answer_start"], asked["answers"][0]["text"]
                text = next((t for first, t in reversed(own) if first <= start), own[0][1])
                if answer not in text:  # cut in two
                    continue
                others = [t for piece in pieces if piece is not own for _, t in piece]
                shown = [(t, [""]) for t in chance.sample(others, OTHERS)]
                if number // SAMPLED % EVERY != EVERY - 1:
                    shown.append((text, [answer]))
                chance.shuffle(shown)
                question, title = asked["question"], article["title"].replace("_", " ")
                for text, answers in shown:
                    yield _case(name, str(number), question, f"note · {title}\n{text}", answers)


def _pieces(context: str) -> list[tuple[int, str]]:
    return [(start, context[start:end]) for start, end in chunk(context)]


def _hit(passage: str) -> Hit:
    """As it was found: the date of its first line is known as a date."""
    dated = _DATE.search(passage.partition("\n")[0])
    return Hit(
        rank=1,
        uri="",
        source="",
        kind="",
        title="",
        when=datetime.strptime(dated[0][:15], "%a %d %b %Y") if dated else None,
        people=(),
        snippet="",
        score=0.0,
        text=passage,
        start=0,
        end=len(passage),
    )


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
