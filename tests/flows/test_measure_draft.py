"""The measure of drafts: the written replies score in full, others do not."""

from __future__ import annotations

import pytest

from app.core import paths, tasks
from app.flows.measures import draft
from app.flows.measures.contract import OWN, Case


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return list(draft.cases(tasks.read(paths.adapters() / "draft"), None))


def values(cases: list[Case], answers: list[str], of: str = OWN) -> dict[str, float]:
    return {score.name: score.value for score in draft.scores(cases, answers) if score.set == of}


def test_the_written_replies_keep_every_fact_and_invent_nothing(cases: list[Case]) -> None:
    for of in (OWN, draft.NEW, draft.SUBJECTS):
        found = values(cases, [case.expected for case in cases], of)
        assert found["facts_raw"] == found["all_facts_raw"] == found["rouge_l_raw"] == 1.0
        assert found["invented_raw"] == 0.0
        assert found["facts"] == 1.0
    assert found["own_words"] == found["long_raw"] == 0.0


def test_the_control_a_reply_to_another_mail_loses_and_invents(cases: list[Case]) -> None:
    answers = [case.expected for case in cases]
    for of in (OWN, draft.NEW, draft.SUBJECTS):
        found = values(cases, answers[5:] + answers[:5], of)
        assert found["facts_raw"] < 0.3
        assert found["own_words"] > 0.8
    found = values(cases, answers[5:] + answers[:5])
    assert found["invented_raw"] > 0.5
    assert found["facts"] == 1.0  # the check puts the person's own words in its place


def test_an_empty_reply_becomes_the_own_words(cases: list[Case]) -> None:
    found = values(cases, ["" for _ in cases])
    assert found["own_words"] == 1.0
    assert found["facts"] == 1.0
