"""The measure of answers: a right answer scores, a wrong or untimely one does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core import paths, tasks
from app.flows.measures import answer
from app.flows.measures.contract import OWN, Case

READ = "note · Cellar · Sun 17 Nov 2024\nThe manual is in the drawer. Pressure must stay below 1.8 bar."


def case(question: str, *wanted: str, passage: str = READ, text: str = "1") -> Case:
    return answer._case("own", text, question, passage, wanted)


def values(cases: list[Case], *answers: str) -> dict[str, float]:
    return {score.name: score.value for score in answer.scores(cases, answers)}


def right_answers(cases: list[Case]) -> list[str]:
    return [(json.loads(one.expected) or [answer.NOT_FOUND])[0] for one in cases]


def test_right_answers_and_refusals_score_in_full() -> None:
    cases = list(answer.cases(tasks.read(paths.adapters() / "answer"), None))
    assert {one.set for one in cases} == {OWN}
    found = {s.name: s.value for s in answer.scores(cases, right_answers(cases))}
    assert found["right"] == found["f1"] == found["cited"] == found["told"] == found["told_rightly"] == 1.0


def test_the_control_what_another_passage_answers_does_not() -> None:
    cases = list(answer.cases(tasks.read(paths.adapters() / "answer"), None))
    answers = right_answers(cases)
    found = {s.name: s.value for s in answer.scores(cases, answers[1:] + answers[:1])}
    assert found["answered_right"] < 0.2
    assert found["told"] < 1.0


def test_every_set_is_read_passage_by_passage(corpus: Callable[[str], Path]) -> None:
    corpus("qa_bfcl_memory")
    cases = list(answer.cases(tasks.read(paths.adapters() / "answer"), corpus("qa_xquad").parent))
    for name in (answer.MEMORY, *answer.XQUAD):
        listed = [one for one in cases if one.set == name]
        texts = {one.notes["text"] for one in listed}
        without = [t for t in texts if not any(o.notes["holds"] for o in listed if o.notes["text"] == t)]
        assert len(texts) > 50
        assert 0.25 < len(without) / len(texts) < 0.42
        wanted = [(w.lower(), one) for one in listed for w in json.loads(one.expected)[:1]]
        there = [word in one.fields["passages"].lower() for word, one in wanted]
        assert sum(there) >= 0.9 * len(there)  # a few lie in a sentence that is not read


def test_the_passage_nearest_to_the_question_answers() -> None:
    cases = [
        case("Where is the manual?", "drawer"),
        case("Where is the manual?", passage="note · Shed · Sun 17 Nov 2024\nThe spade is in the shed."),
    ]
    found = values(cases, "The manual is in the drawer.", "The spade is in the shed.")
    assert found["right"] == found["cited"] == 1.0
    assert values(cases, "Not found.", "The spade is in the shed.")["right"] == 0.0
    assert values(cases, "Not found.", "Not found.")["told_rightly"] == 0.0


def test_what_the_passage_says_takes_the_place_of_an_invented_number() -> None:
    cases = [case("What pressure is right?", "below 1.8 bar")]
    found = values(cases, "Pressure must stay below 2.5 bar.")
    assert found["right"] == 1.0
    assert found["right_raw"] == 0.0


@pytest.mark.parametrize(
    ("expected", "said", "f1"),
    [
        ("the drawer", "Drawer.", 1.0),
        ("in the drawer", "It is in the drawer.", 4 / 6),
        ("in the drawer", "Under the stairs.", 0.0),
    ],
)
def test_f1_is_that_of_words_without_articles(expected: str, said: str, f1: float) -> None:
    assert answer.f1(expected, said) == pytest.approx(f1)
