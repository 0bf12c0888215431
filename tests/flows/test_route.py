"""Words find their verb and their sources; the cases of the task say how often."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.core import paths
from app.flows.measures import route as measure
from app.flows.measures.contract import Case
from app.flows.route import routed

NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "verb", "sources"),
    [
        ("who borrowed the ladder?", "ask", ()),
        ("did Omar email me about the flat", "ask", ("mail",)),
        ("photos of the lake", "ask", ("photos",)),
        ("what did I note about the paint", "ask", ("notes",)),
        ("what do I have on Friday", "ask", ("calendar",)),
        ("remind me what we agreed on the rent", "ask", ()),
        ("sum up the thread with Priya", "summarize", ("mail",)),
        ("make this more polite", "rewrite", ()),
        ("reply to Ana that Tuesday works", "draft", ("mail",)),
        ("write to Nora that the keys are under the mat", "draft", ()),
        ("write down that the keys are under the mat", "act", ()),
        ("dentist next Tuesday at nine", "act", ()),
        ("remind me tomorrow at 8 to take out the bins", "act", ()),
        ("add milk to my shopping list", "act", ()),
        ("Zahnarzt nächsten Dienstag um 9", "act", ()),
        ("", "ask", ()),
    ],
)
def test_where_words_go(text: str, verb: str, sources: tuple[str, ...]) -> None:
    found = routed(text, NOW)
    assert (found.verb, found.sources, found.heavy) == (verb, sources, False)


def test_much_work_is_named() -> None:
    assert routed("compare the offers step by step and recommend the best with reasons", NOW).heavy
    assert not routed("which offer was the cheapest", NOW).heavy


def test_what_is_unsure_says_so() -> None:
    sure, bare, left = (routed(text, NOW) for text in ("wake me at six", "yoga monday 6pm", "the blue door"))
    assert sure.confidence > bare.confidence > left.confidence > routed(" ", NOW).confidence == 0


def _values(cases: Sequence[Case]) -> dict[str, float]:
    routes = [routed(case.fields["request"], NOW) for case in cases]
    answers = [json.dumps({"verb": r.verb, "sources": r.sources, "heavy": r.heavy}) for r in routes]
    return {f"{s.set} {s.name}": s.value for s in measure.scores(cases, answers)}


def test_own_cases() -> None:
    found = _values(list(measure.own(paths.adapters() / "route")))
    assert found["cases verb"] >= 0.95
    assert found["cases sources"] >= 0.9
    assert found["cases heavy"] >= 0.95


def test_words_of_others(corpus: Callable[[str], Path]) -> None:
    cases = [*measure.home(corpus("act_nlu_home")), *measure.clinc(corpus("act_clinc150"))]
    found = _values(cases)
    assert found["nlu_home verb"] >= 0.85
    assert found["clinc150 verb"] >= 0.85


def test_a_broken_answer_is_a_wrong_one() -> None:
    case = Case(
        set="cases", fields={"request": "x"}, expected='{"verb": "ask", "sources": [], "heavy": false}'
    )
    assert [s.value for s in measure.scores([case], ["no JSON"])] == [0.0, 1.0, 0.0]
