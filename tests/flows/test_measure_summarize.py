"""The measure of summaries: the written ones score in full, what is made up is seen, raw and checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.core import paths, tasks
from app.flows.measures import summarize
from app.flows.measures.contract import OWN, Case
from app.flows.measures.summarize import BC3, BC3_WHOLE, QMSUM

TASK = tasks.read(paths.adapters() / "summarize")


def values(cases: list[Case], answers: list[str], on: str = OWN) -> dict[str, float]:
    return {score.name: score.value for score in summarize.scores(cases, answers) if score.set == on}


@pytest.fixture(scope="module")
def short() -> list[Case]:
    """Those of the own cases that are one reading."""
    found = list(summarize.cases(TASK, None))
    return [c for c in found if sum(o.notes["text"] == c.notes["text"] for o in found) == 1]


def test_the_written_summaries_are_right(short: list[Case]) -> None:
    found = values(short, [case.expected for case in short])
    assert found["rouge_l_raw"] == 1.0
    assert found["in_source_raw"] > 0.98
    assert found["in_source"] == 1.0
    assert found["unfinished"] == 0.0


def test_the_control_summaries_of_other_texts_are_seen_and_not_shown(short: list[Case]) -> None:
    answers = [case.expected for case in short]
    found = values(short, answers[5:] + answers[:5])
    assert found["in_source_raw"] < 0.3
    assert found["rouge_l_raw"] < 0.25
    assert found["in_source"] == 1.0
    assert found["own_words"] < 0.2


def test_a_long_text_is_several_cases_and_one_score() -> None:
    found = list(summarize.cases(TASK, None))
    texts = {case.notes["text"] for case in found}
    assert len(texts) >= 40
    assert len(found) > len(texts)
    assert {
        score.cases for score in summarize.scores(found, ["Yes."] * len(found)) if score.name == "words"
    } == {len(texts)}


def test_a_persons_own_corrections_are_scored_too(short: list[Case]) -> None:
    yours = [Case(set="yours", fields=case.fields, expected=case.expected) for case in short[:4]]
    assert values(yours, [case.expected for case in yours], "yours")["rouge_l_raw"] == 1.0


def test_the_public_sets_are_read_and_never_trained_on(corpus: Callable[[str], Path]) -> None:
    folder = corpus("sum_bc3_email_threads").parent
    found = list(summarize.cases(TASK, folder))
    threads = {case.notes["text"]: case for case in found if case.set == BC3_WHOLE}
    assert len(threads) == 20
    assert {case.notes["text"] for case in found if case.set == BC3} == set(threads)
    held = {case.fields["text"] for case in found if case.set == QMSUM}
    learned = {text for text, _ in summarize.qmsum(folder / "sum_qmsum_meetings", held=False)}
    assert len(held) >= 15
    assert not held & learned
