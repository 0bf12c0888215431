"""Hats measured, trained, carried to another base, brought in and carried out; all processes real."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.cli import table
from app.core.errors import BadModel, HomebodyError, NotFound, UsageFault
from app.core.models import Scores, Verdict, Works
from app.flows import evaluating, hats, opening
from app.flows.candidate import new_of
from app.flows.context import Home
from app.flows.measures.contract import Case
from app.model.contract import LanguageModel
from app.model.supervisor import LLM
from app.training.contract import AdapterBytes
from tests.flows.small import QUICK, SHIPPED, SLOW, STYLE, corrected, fields, recipe, settle, write
from tests.model.lora import written
from tests.training.tiny import tiny


@pytest.fixture
def home(mine: Home, tmp_path: Path) -> Home:
    settle(mine, tmp_path)
    recipe(mine, QUICK)
    return mine


def verdict(steps: Iterable[object]) -> Verdict:
    *_, end = steps
    assert isinstance(end, Verdict)
    return end


def test_trained_judged_worn_measured_carried_out_and_brought_in(home: Home, tmp_path: Path) -> None:
    more = write(tmp_path / "more.jsonl", range(300, 320))
    found = verdict(hats.train(home, task="draft", more=(str(more),)))
    assert found.accepted, found.reasons
    assert hats.state(home, "draft").origin == "trained"
    assert "accepted" in table.verdict(found)

    *steps, measured = evaluating.evaluate(home, task="draft", limit=2)
    assert isinstance(measured, Scores)
    assert measured.wears == "trained"
    assert {s.stage for s in steps if isinstance(s, Works)} == {"bare base", "adapter"}
    bare, worn = (evaluating.find(s, "rouge_l", "cases") for s in (measured.base, measured.adapter))
    assert bare is not None and worn is not None
    assert worn.value > bare.value
    assert worn.cases == 2
    lines = table.scores(measured).splitlines()
    assert lines[1].split("  ")[0] == "set"
    assert any("rouge_l" in line and f"{worn.value:.3f}" in line for line in lines)

    corrected(home, range(1))
    out = tmp_path / "out"
    files = hats.export(home, task="draft", folder=str(out), corrections=True)
    assert {"adapter_model.safetensors", "adapter_config.json"} <= set(files)
    chats = [json.loads(line) for line in (out / "train.chat.jsonl").read_text("utf-8").splitlines()]
    assert chats[0]["messages"][-1] == {"role": "assistant", "content": SHIPPED}
    assert chats[-1]["messages"][-1]["content"] == STYLE
    with pytest.raises(UsageFault, match="not empty"):
        hats.export(home, task="draft", folder=str(out))
    hats.rollback(home, task="draft")
    with pytest.raises(UsageFault, match="by its prompt alone"):
        hats.export(home, task="draft", folder=str(tmp_path / "none"))

    again = verdict(hats.bring(home, task="draft", folder=str(out)))
    assert again.accepted
    assert again.after == found.after
    assert hats.state(home, "draft").origin == "imported"
    with pytest.raises(NotFound):
        list(hats.bring(home, task="draft", folder=str(tmp_path / "nowhere")))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "adapter_config.json").write_text("{", encoding="utf-8")
    with pytest.raises(HomebodyError):
        list(hats.bring(home, task="draft", folder=str(tmp_path / "broken")))
    assert hats.state(home, "draft").origin == "imported"


def test_carried_to_another_base_it_is_worn_there_and_only_there(home: Home, tmp_path: Path) -> None:
    other = str(tiny(tmp_path / "other.gguf", seed=2))
    found = verdict(hats.port(home, task="draft", to=other))
    assert found.accepted, found.reasons
    assert hats.state(home, "draft").origin == "prompt"
    home.user.set("model.base", other)
    opening.configure(home)
    state = hats.state(home, "draft")
    assert (state.origin, state.base) == ("ported", "other")
    info = home.specialists.llm().call(LanguageModel.info)
    assert next(t for t in info.tasks if t.name == "draft").adapter == state.adapter
    with pytest.raises(UsageFault, match="the base in use"):
        list(hats.port(home, task="draft", to=other))


def kept(home: Home, *, gguf: bytes = b"") -> int:
    """An adapter of the person's own on the tiny base, worn from now on; ``gguf`` in place of a whole one."""
    _, _, sha256 = evaluating.base_of(home)
    parts = {"blk.0.attn_q.weight.lora_a": np.ones((4, 64)), "blk.0.attn_q.weight.lora_b": np.ones((64, 4))}
    made = written("draft", parts, rank=4, alpha=8.0, base=sha256)
    place = hats.place_of(home, "draft")
    peft = AdapterBytes(peft=b"", config=b"", gguf=gguf or made.gguf, rank=4, alpha=8.0, targets=("q_proj",))
    return home.adapters.activate(home.adapters.add(new_of(place, "imported", peft))).id


def runs(home: Home) -> bool:
    return any(p.name == LLM and p.pid for p in home.specialists.processes())


def test_going_back_starts_no_model_and_one_that_runs_is_told_or_that_is_said(home: Home) -> None:
    broken, first, _ = kept(home, gguf=b"GGUF"), kept(home), kept(home)
    assert hats.rollback(home, task="draft").adapter == home.adapters.get(first).gguf_sha256
    assert not runs(home)
    told = home.specialists.llm().call(LanguageModel.info).tasks
    assert next(t for t in told if t.name == "draft").origin == "yours"
    state = hats.rollback(home, task="draft")
    assert state.adapter == home.adapters.get(broken).gguf_sha256
    assert any("did not put it on" in fault for fault in state.faults)
    failed, back = home.journal.list()[:2]
    assert (failed.state, back.state) == ("failed", "done")
    assert back.summary.startswith("draft: back to the imported adapter")
    assert hats.rollback(home, task="draft").faults == ()
    assert runs(home)


def test_wearing_and_its_journal_entry_are_written_together_or_not_at_all(home: Home) -> None:
    first = kept(home)
    entries = home.journal.list()
    with pytest.raises(ValueError, match="no state"), home.user.together():
        kept(home)
        home.journal.add("hat:draft", "draft: worn", "no such state")
    assert [own.id for own in home.adapters.list()] == [first]
    assert home.adapters.get(first).state == "active"
    assert home.journal.list() == entries


def test_what_is_no_better_is_refused(home: Home) -> None:
    recipe(home, SLOW)
    assert not verdict(hats.train(home, task="draft")).accepted
    assert hats.state(home, "draft").origin == "prompt"


def test_wrong_input_is_a_clear_error(home: Home, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"fields": {}, "completion": "x"}\n{"fields": 3}\n', encoding="utf-8")
    with pytest.raises(BadModel, match="a line is no example") as error:
        list(hats.train(home, task="draft", more=(str(bad),)))
    assert "bad.jsonl:2" in error.value.where
    for steps in (
        hats.train(home, task="draft", more=("/no/such/file",)),
        hats.train(home, task="cook"),
        hats.port(home, task="draft", to="no-such-model"),
        evaluating.evaluate(home, task="cook"),
        evaluating.evaluate(home, task="draft", corpora="/no/such/folder"),
    ):
        with pytest.raises(NotFound):
            list(steps)
    assert home.training.acquire(blocking=False)  # none of them holds on to it


def test_while_one_is_measured_none_is_made_and_none_else_measured(home: Home) -> None:
    begun = (lambda: evaluating.evaluate(home, task="draft"), lambda: hats.train(home, task="draft"))
    for first in begun:
        with closing(first()) as steps:
            next(steps)
            for second in begun:
                with pytest.raises(HomebodyError, match="being made or measured"):
                    next(second())


def test_a_task_nobody_has_a_measure_for_is_not_judged(home: Home) -> None:
    with pytest.raises(NotFound, match="no measure"):
        evaluating.measure_of("contract")
    with pytest.raises(NotFound, match="no measure"):
        evaluating.measure_of("cook")


def test_a_sample_is_the_same_each_time_and_keeps_the_cases_of_a_text_together() -> None:
    cases = [
        Case(set=name, fields=fields(n), expected="", notes={"text": str(n // 3)} if name == "long" else {})
        for name in ("cases", "long")
        for n in range(30)
    ]
    few = evaluating.sample(cases, 4)
    assert few == evaluating.sample(cases, 4)
    assert [c.set for c in few] == ["cases"] * 4 + ["long"] * 12
    texts = [c.notes["text"] for c in few if c.set == "long"]
    assert len(set(texts)) == 4
    assert evaluating.sample(cases, 0) == tuple(cases)
