"""Corrections become an adapter that is measured, worn, gone back from and forgotten; all processes real."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.actions import registry
from app.cli.show import _hat
from app.core import paths as places
from app.core import tasks
from app.core.errors import HomebodyError, NotFound, UsageFault
from app.core.models import Correction, Verdict, Works
from app.core.types import Nothing, Proposal
from app.flows import amending, candidate, deeds, hats, teach
from app.flows.context import Home
from app.flows.draft import REPLY
from app.flows.evaluating import find, task_of
from app.flows.gate import Decision
from app.flows.traces import Trace
from app.flows.wear import quietly
from app.model.power import Reading
from app.training.contract import AdapterBytes
from tests.flows.small import QUICK, SHIPPED, SLOW, STYLE, corrected, fields, recipe, settle


@pytest.fixture
def home(mine: Home, tmp_path: Path) -> Home:
    settle(mine, tmp_path)
    recipe(mine, QUICK)
    return mine


def taught(home: Home) -> Verdict:
    *steps, end = teach.teach(home, task="draft", recipe=QUICK)
    assert isinstance(end, Verdict), end
    assert {s.stage for s in steps if isinstance(s, Works)} == {"training", "now", "new"}
    return end


def said(home: Home) -> str:
    """By the language model people talk to."""
    steps = quietly(home, "draft", fields(31), max_tokens=24)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return str(end.value.text)


def test_it_comes_closer_to_corrections_it_never_saw_and_is_gone_back_from(home: Home) -> None:
    at_first = said(home)
    corrected(home, range(30))
    assert hats.state(home, "draft").origin == "prompt"
    verdict = taught(home)
    assert said(home) == STYLE
    assert at_first != STYLE
    before, after = (find(s, teach.LIKENESS, teach.YOURS) for s in (verdict.before, verdict.after))
    assert before is not None and after is not None
    assert verdict.accepted
    assert after.value > before.value + 0.5
    assert after.cases == sum(c.held_back for c in home.corrections.list())
    state = hats.state(home, "draft")
    assert (state.origin, state.can_go_back, state.new, state.missing) == ("taught", True, 0, 0)
    assert state.scores == verdict.after
    entry = home.journal.list()[0]
    assert (entry.what, entry.state) == ("hat:draft", "done")
    assert f"{before.value:.3f} → {after.value:.3f}" in entry.summary
    assert "Moin" not in entry.summary
    assert not list((home.paths.data / "training").rglob("checkpoint*"))
    [learned] = [own.learned for own in home.adapters.list("draft")]
    assert set(learned) == {c.id for c in home.corrections.list() if not c.held_back}
    assert list(teach.teach(home, task="draft")) == [
        Nothing(reason="It has learned from all corrections already.")
    ]
    assert hats.rollback(home, task="draft").origin == "prompt"
    assert said(home) == at_first
    assert home.journal.list()[0].summary == "draft: back to what came with it"
    with pytest.raises(NotFound, match="nothing to go back from"):
        hats.rollback(home, task="draft")


def test_it_waits_for_mains_power_and_what_learned_nothing_is_refused(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    corrected(home, range(30))
    battery = iter([True] * 3)
    monkeypatch.setattr(teach, "_POWER_S", 0.0)
    monkeypatch.setattr(
        teach.power, "read", lambda: Reading(total=1, available=1, battery=next(battery, False))
    )
    *steps, end = teach.teach(home, task="draft", recipe=SLOW)
    assert any(s.paused for s in steps if isinstance(s, Works))
    assert isinstance(end, Verdict)
    assert not end.accepted
    assert hats.state(home, "draft").origin == "prompt"
    assert home.journal.list()[0].state == "refused"
    assert [own.state for own in home.adapters.list("draft")] == ["refused"]


def test_where_all_that_was_learned_is_refused_less_of_it_is_tried(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gate's word alone is changed here: it refuses what it is asked first."""
    corrected(home, range(30))
    taught(home)
    corrected(home, range(30, 60))
    decide, judged = candidate.decide, []

    def strict(*args: Any, **named: Any) -> Decision:
        judged.append(decide(*args, **named))
        return msgspec.structs.replace(judged[-1], accepted=len(judged) == passes)

    monkeypatch.setattr(candidate, "decide", strict)
    passes = 3
    *_, end = teach.teach(home, task="draft", recipe=QUICK)
    assert isinstance(end, Verdict)
    assert end.accepted
    assert len(judged) == 3
    assert end.reasons[-2] == "it goes 60% of the way from what was worn to what it learned"
    assert end.reasons[-1].startswith("as it was trained it was refused: likeness on yours")
    owns = home.adapters.list("draft")
    assert [own.state for own in owns if own.id == end.adapter] == ["active"]
    assert len(owns) == 2  # what was refused on the way there is not kept
    corrected(home, range(60, 90))
    judged.clear()
    passes = 0
    *_, end = teach.teach(home, task="draft", recipe=QUICK)
    assert isinstance(end, Verdict)
    assert not end.accepted
    assert len(judged) == 1 + len(teach.SHARES)
    assert home.journal.list()[0].state == "refused"


def test_a_forgotten_correction_is_learned_from_no_more(home: Home) -> None:
    corrected(home, range(40))
    first = taught(home).adapter
    gone = next(c for c in home.corrections.list() if not c.held_back)
    state = teach.forget(home, id=gone.id)
    assert (state.origin, state.new) == ("taught", 1)  # it is still worn, and says that there is to learn
    second = taught(home)
    assert second.accepted
    [own] = home.adapters.list("draft")
    assert own.id == second.adapter != first
    assert gone.id not in own.learned
    with pytest.raises(NotFound):
        teach.forget(home, id=gone.id)


@pytest.mark.parametrize("stage", ["training", "new"])
def test_what_is_forgotten_while_it_is_learned_is_never_worn(home: Home, stage: str) -> None:
    corrected(home, range(30))
    gone = next(c for c in home.corrections.list() if not c.held_back)
    forgotten = False
    with pytest.raises(HomebodyError, match="was deleted") as error:
        for step in teach.teach(home, task="draft", recipe=QUICK):
            if isinstance(step, Works) and step.stage == stage and step.done and not forgotten:
                teach.forget(home, id=gone.id)
                forgotten = True
    assert error.value.remedy == "teach it again"
    assert forgotten
    assert home.adapters.list() == ()
    assert not list((home.paths.data / "training").rglob("checkpoint*"))
    assert not hats.state(home, "draft").under_way


def test_a_correction_made_again_is_to_be_learned_and_the_earlier_one_is_gone(home: Home) -> None:
    corrected(home, range(30))
    learned = tuple(c.id for c in home.corrections.list() if not c.held_back)
    made = AdapterBytes(peft=b"", config=b"", gguf=b"", rank=1, alpha=1.0, targets=("q_proj",))
    new = candidate.new_of(candidate.place_of(home, "draft"), "taught", made, learned)
    own = home.adapters.activate(home.adapters.add(new))
    assert hats.state(home, "draft").new == 0
    again = next(c for c in home.corrections.list() if c.id in learned)
    teach.add(home, task="draft", fields=again.fields, accepted=f"{STYLE}!")
    assert hats.state(home, "draft").new == 1
    lesson = teach._lesson(home, candidate.place_of(home, "draft"))
    assert (lesson.start, lesson.stale) == (None, (own,))
    assert [c.accepted for c in lesson.learn if c.fields == again.fields] == [f"{STYLE}!"]


def test_where_too_little_is_left_the_adapter_that_saw_it_goes(home: Home) -> None:
    corrected(home, range(30))
    taught(home)
    for correction in home.corrections.list()[:-5]:
        teach.forget(home, id=correction.id)
    [end] = teach.teach(home, task="draft")
    assert isinstance(end, Nothing)
    assert "more corrections are needed" in end.reason
    assert hats.state(home, "draft").origin == "prompt"
    assert home.adapters.list() == ()


def test_cut_short_it_goes_on_where_it_stood_and_holds_no_text_in_the_clear(home: Home) -> None:
    corrected(home, range(30))
    with closing(teach.teach(home, task="draft", recipe=QUICK)) as steps:
        while not (isinstance(step := next(steps), Works) and step.stage == "training" and step.done == 9):
            with pytest.raises(HomebodyError, match="another adapter is being made"):
                next(iter(teach.teach(home, task="draft")))
    assert hats.state(home, "draft").under_way
    assert not hats.state(home, "act").under_way
    kept = b"".join(p.read_bytes() for p in (home.paths.data / "training").rglob("checkpoint*"))
    assert len(kept) > 10_000
    assert b"weights" not in kept  # torch's own names would stand there unsealed
    again = iter(teach.teach(home, task="draft", recipe=QUICK))
    first = next(s for s in again if isinstance(s, Works) and s.done)
    assert first.done > 5
    rest = list(again)
    assert isinstance(rest[-1], Verdict)
    assert not hats.state(home, "draft").under_way


def test_an_adapter_trained_with_another_wording_of_its_task_says_so(home: Home) -> None:
    made = AdapterBytes(peft=b"", config=b"", gguf=b"", rank=1, alpha=1.0, targets=("q_proj",))
    place = candidate.place_of(home, "draft")
    prompt = home.paths.data / "adapters" / "draft" / "prompt.txt"
    wording = prompt.read_text("utf-8")
    for origin, reworded in (("taught", True), ("trained", True), ("imported", False)):
        home.adapters.activate(home.adapters.add(candidate.new_of(place, origin, made)))
        assert not hats.state(home, "draft").reworded
        prompt.write_text(wording.replace("My name", "I am"), encoding="utf-8")
        state = hats.state(home, "draft")
        assert state.reworded is reworded
        assert ("another wording" in _hat(state)) is reworded
        prompt.write_text(wording, encoding="utf-8")


def older(numbers: range) -> list[dict[str, str]]:
    """What the draft was asked before its prompt said which kind of mail it is."""
    return [{k: v for k, v in fields(n).items() if k != "form"} for n in numbers]


def test_corrections_of_an_earlier_prompt_go_on_to_count_where_the_task_says_how(home: Home) -> None:
    for asked in older(range(30)):
        home.corrections.add(task="draft", fields=asked, said=SHIPPED, accepted=STYLE)
    state = hats.state(home, "draft")
    assert (state.corrections, state.unfit, state.new) == (0, 30, 0)
    [none] = teach.teach(home, task="draft")
    assert isinstance(none, Nothing)
    assert "none so far; 30 are of an earlier form of the task" in none.reason
    path = home.paths.data / "adapters" / "draft" / "task.toml"
    path.write_text(path.read_text("utf-8") + f'[defaults]\nform = "{REPLY}"\n', encoding="utf-8")
    state = hats.state(home, "draft")
    assert (state.corrections, state.unfit, state.missing) == (30, 0, 0)
    assert state.new > 8
    assert teach.add(home, task="draft", fields=older(range(1))[0], accepted=STYLE).fields == fields(0)
    shipped = tasks.read(places.adapters() / "draft")
    assert shipped.fitted(older(range(1))[0]) == fields(0)
    assert shipped.fitted({"text": "x"}) is None


def test_what_was_too_long_to_learn_from_is_told_and_not_taken_for_learned(home: Home) -> None:
    corrected(home, range(30))
    unfit = home.corrections.add(task="draft", fields={"mail": "x"}, said=SHIPPED, accepted=STYLE)
    long = next(
        correction
        for n in range(99)
        if not (correction := longer(home, fields(n) | {"say": "yes " * SLOW.longest})).held_back
    )
    *_, end = teach.teach(home, task="draft", recipe=SLOW)
    assert isinstance(end, Verdict)
    assert "1 correction was too long to learn from" in end.reasons
    assert "1 correction is of an earlier form of the task, and left out" in end.reasons
    [own] = home.adapters.list("draft")
    short = {c.id for c in home.corrections.list() if not c.held_back} - {long.id, unfit.id}
    assert set(own.learned) == short
    assert hats.readiness(home, task_of(home.paths, "draft"), own).new == 1


def longer(home: Home, fields: dict[str, str]) -> Correction:
    return teach.add(home, task="draft", fields=fields, accepted=STYLE)


def test_without_enough_corrections_it_says_how_many_are_missing(home: Home) -> None:
    [none] = teach.teach(home, task="draft")
    assert isinstance(none, Nothing)
    assert "none so far" in none.reason
    corrected(home, range(4))
    [few] = teach.teach(home, task="draft")
    assert isinstance(few, Nothing)
    assert "4 so far" in few.reason
    with pytest.raises(NotFound):
        list(teach.teach(home, task="cook"))


# --- where corrections come from ------------------------------------------------------------------------


def test_an_edited_text_is_kept_only_where_the_person_wants_it(home: Home) -> None:
    trace = home.traces.keep(Trace("draft", fields(1), "Hello", "mid:1@example.org"))
    for wish in ("ask", "no"):
        home.user.set(teach.SETTING, wish)
        assert teach.correct(home, trace=trace, accepted=STYLE) is None
    home.user.set(teach.SETTING, "yes")
    assert teach.correct(home, trace="0000", accepted=STYLE) is None
    kept = teach.correct(home, trace=trace, accepted=STYLE)
    assert kept is not None
    assert (kept.fields, kept.said, kept.accepted, kept.uri) == (
        fields(1),
        "Hello",
        STYLE,
        "mid:1@example.org",
    )
    with pytest.raises(UsageFault):
        teach.add(home, task="draft", fields={"mail": "x"}, accepted="y")


def proposal(home: Home, action: str, arguments: dict[str, object], trace: Trace) -> Proposal:
    made = deeds.keep(home, registry.propose(action, arguments, deeds.world(home), {"to": "from a mail"}))
    home.traces.link(made.sha256, trace)
    return made


def do(home: Home, made: Proposal) -> None:
    list(amending.perform(home, token=deeds.approve(home, sha256=made.sha256).token))


def test_an_amended_draft_is_a_correction_once_it_is_kept(home: Home) -> None:
    draft = {"to": ["Ana <ana@example.org>"], "subject": "Re: x", "body": "Hello"}
    made = proposal(home, "draft_mail", draft, Trace("draft", fields(1), "Hello", "mid:1"))
    amended = amending.amend(home, sha256=made.sha256, arguments={"body": STYLE})
    assert amended.sha256 != made.sha256
    origins = {f.label: f.origin for f in amended.preview}
    assert (origins["To"], origins["Text"]) == ("from a mail", "you")
    assert home.corrections.list() == ()
    do(home, amended)
    [kept] = home.corrections.list("draft")
    assert (kept.said, kept.accepted) == ("Hello", STYLE)
    for wrong in ({"to": "x@example.org"}, {"nothing": "x"}):
        with pytest.raises(UsageFault, match="cannot be edited"):
            amending.amend(home, sha256=made.sha256, arguments=wrong)


def test_only_an_edited_body_of_a_draft_is_a_correction(home: Home) -> None:
    """Not one that code put together from the person's own words, which the model never said."""
    draft = {"to": ["Ana <ana@example.org>"], "subject": "Re: x", "body": "Omar,\n\nYes.\n\nVera"}
    made = proposal(home, "draft_mail", draft, Trace("draft", fields(1), "Hello", "mid:1"))
    do(home, amending.amend(home, sha256=made.sha256, arguments={"subject": "Re: y"}))
    assert home.corrections.list() == ()
    body = amending.amend(home, sha256=made.sha256, arguments={"body": STYLE})
    do(home, amending.amend(home, sha256=body.sha256, arguments={"subject": "Re: z"}))
    [kept] = home.corrections.list("draft")
    assert kept.accepted == STYLE


REQUEST = "Dinner with Ana at the harbour on Friday at 19:00"
PLAN = '{"action": "create_event", "title": "Ana", "when": "Friday at 19:00"}'
EVENT = {"title": "Ana", "start": "2026-03-20T19:00:00"}


@pytest.fixture
def event(home: Home) -> Iterator[Proposal]:
    yield proposal(home, "create_event", EVENT, Trace("act", {"request": REQUEST}, PLAN))


def test_an_amended_title_becomes_the_plan_the_model_should_have_made(home: Home, event: Proposal) -> None:
    do(home, amending.amend(home, sha256=event.sha256, arguments={"title": "dinner with Ana"}))
    [kept] = home.corrections.list("act")
    assert kept.accepted == PLAN.replace('"Ana"', '"Dinner with Ana"')


def test_words_that_were_not_in_the_request_teach_nothing(home: Home, event: Proposal) -> None:
    do(home, amending.amend(home, sha256=event.sha256, arguments={"title": "Birthday"}))
    do(home, event)  # and what was not amended was no correction
    assert home.corrections.list() == ()


@pytest.mark.parametrize(
    ("wanted", "found", "least", "most"),
    [
        ("Moin Ana,\n\nJa.\n\n— Vera", "Moin Ana,\n\nJa.\n\n— Vera", 1.0, 1.0),
        ("Moin Ana,\n\nJa.\n\n— Vera", "", 0.0, 0.0),
        ("Moin Ana,\n\nJa.\n\n— Vera", "Moin Ana,\n\nNein.\n\n— Vera", 0.8, 0.95),
        ("Moin Ana,\n\nJa.\n\n— Vera", "Hi Ana,\n\nJa.\n\nBest wishes\nVera", 0.4, 0.8),
    ],
)
def test_likeness_counts_words_marks_and_line_breaks(
    wanted: str, found: str, least: float, most: float
) -> None:
    assert least <= teach.likeness(wanted, found) <= most


def test_a_gain_counts_as_sure_only_where_it_is_seen_again_and_again() -> None:
    """Over the same corrections before and after: one that rises much is no gain of the others."""
    before = [0.2, 0.5, 0.4, 0.6, 0.3, 0.5]
    assert teach.least_gain(before, [b + 0.02 for b in before]) == pytest.approx(0.02)
    assert teach.least_gain(before, [1.0, *before[1:]]) == 0
    assert teach.least_gain(before, [1.0, *(b - 0.01 for b in before[1:])]) < 0
    assert teach.least_gain(before, before) == 0


def test_likeness_of_data_counts_members() -> None:
    assert teach.likeness('{"a": 1, "b": 2}', '{"b": 2, "a": 1}', data=True) == 1
    assert teach.likeness('{"a": 1, "b": 2}', '{"a": 1, "c": 3}', data=True) == pytest.approx(1 / 3)
    assert teach.likeness('{"a": 1}', "no json", data=True) == 0
