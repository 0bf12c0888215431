"""The measure of rewriting: the written texts score in full, untouched and foreign ones do not."""

from __future__ import annotations

import pytest

from app.core import paths, tasks
from app.flows.measures import rewrite
from app.flows.measures.contract import OWN, Case

TASK = tasks.read(paths.adapters() / "rewrite")


def values(cases: list[Case], answers: list[str], on: str = OWN) -> dict[str, float]:
    return {score.name: score.value for score in rewrite.scores(cases, answers) if score.set == on}


@pytest.fixture(scope="module")
def whole() -> list[Case]:
    """Those of the own cases that are one piece."""
    found = list(rewrite.cases(TASK, None))
    assert len({case.notes["text"] for case in found}) >= 60
    return [case for case in found if case.notes["source"] == case.fields["text"]]


def test_the_written_texts_are_right(whole: list[Case]) -> None:
    found = values(whole, [case.expected for case in whole])
    assert found["correct_unchanged"] == 1.0
    assert found["errors_fixed"] > 0.98
    assert found["rest_kept"] > 0.98
    assert found["done_raw"] > 0.95
    assert found["done"] > 0.85  # a check in code may refuse a bold rewriting, never the other way round
    assert found["facts_kept_raw"] == 1.0
    assert found["invented_raw"] == 0.0


def test_the_control_an_untouched_text_is_not_done(whole: list[Case]) -> None:
    found = values(whole, [case.fields["text"] for case in whole])
    assert found["errors_fixed"] == 0.0
    assert found["correct_unchanged"] == 1.0
    assert found["rest_kept"] > 0.98
    assert found["shorter_done"] == found["friendlier_done"] == found["formal_done"] == 0.0
    assert found["as_it_was"] == 1.0


def test_the_control_another_text_is_refused_and_the_persons_own_stays(whole: list[Case]) -> None:
    answers = [case.expected for case in whole]
    found = values(whole, answers[7:] + answers[:7])
    assert found["done_raw"] < 0.1
    assert found["as_it_was"] > 0.9
    assert found["facts_kept"] == 1.0


def test_a_persons_own_corrections_are_scored_too(whole: list[Case]) -> None:
    yours = [Case(set="yours", fields=case.fields, expected=case.expected) for case in whole[:6]]
    assert values(yours, [case.expected for case in yours], "yours")["errors_fixed"] == 1.0
