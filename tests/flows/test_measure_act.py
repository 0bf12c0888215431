"""What act is measured on: intents become our actions, what is held back stays so, scores count right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.core import paths, tasks
from app.flows.measures import act
from app.flows.measures.contract import OWN, Case, Score

_RIGHT = '{"action": "reminder", "title": "the bins", "when": "Friday"}'


def _case(expected: str, request: str = "remind me on Friday of the bins", set_: str = OWN) -> Case:
    return Case(set=set_, fields={"request": request}, expected=expected)


def _value(scores: tuple[Score, ...], name: str) -> float:
    return next(s.value for s in scores if s.name == name)


def test_scores_of_right_and_wrong_answers() -> None:
    none = _case('{"action": "none"}', "thanks")
    cases = [_case(_RIGHT), none]
    good = act.scores(cases, [_RIGHT, none.expected])
    assert [_value(good, n) for n in ("action", "valid", "all slots exact", "slots F1")] == [1, 1, 1, 1]
    assert _value(good, "false actions") == 0
    bad = act.scores(cases, ["no JSON", _RIGHT])
    assert [_value(bad, n) for n in ("action", "valid", "all slots exact", "slots F1")] == [0, 0.5, 0, 0]
    assert _value(bad, "false actions") == 1
    assert next(s.better for s in bad if s.name == "false actions") == -1


def test_half_of_the_slots_and_what_the_checks_keep() -> None:
    loose = '{"action": "reminder", "title": "the bins", "when": "on Friday", "where": "Paris"}'
    scores = act.scores([_case(_RIGHT)], [loose])
    assert _value(scores, "slots F1") == 2 / 5
    assert _value(scores, "slots F1, kept") == 1  # "on" led up to it, and nobody said Paris
    assert _value(scores, "all slots exact") == 0
    assert _value(scores, "all slots exact, kept") == 1


def test_the_same_words_are_always_on_the_same_side() -> None:
    texts = [f"wake me at {n}" for n in range(400)]
    held = [t for t in texts if act.held_back(t)]
    assert 50 < len(held) < 110
    assert all(act.held_back(t.upper() + "!") for t in held)


def test_intents_of_the_corpora(corpus: Callable[[str], Path]) -> None:
    home = {s.text: s.action for s in act.home(corpus("act_nlu_home"))}
    assert home["alarm five pm tuesday"] == "reminder"
    assert home["add eggs to the list"] == "create_note"
    assert home["lower lights"] == "none"
    clinc = act.clinc(corpus("act_clinc150"), "val")
    assert {s.action for s in clinc if s.intent in ("oos", "calendar", "reminder")} == {"none"}
    assert {s.action for s in clinc if s.intent == "alarm"} == {"reminder"}
    assert {s.action for s in act.workbench(corpus("act_workbench"))} == {"draft_mail", "none"}


def test_what_is_measured_is_not_trained_on(corpus: Callable[[str], Path]) -> None:
    task = tasks.read(paths.adapters() / "act")
    measured = {
        " ".join(c.fields["request"].lower().split()) for c in act.cases(task, corpus("act_nlu_home").parent)
    }
    assert len(measured) > 800
    trained = (task.folder / "train.jsonl").read_text(encoding="utf-8").lower().splitlines()
    requests = {line.split('"request": "', 1)[1].split('"}', 1)[0] for line in trained}
    both = {words for words in measured & requests if len(words.split()) > 3}
    assert not both
