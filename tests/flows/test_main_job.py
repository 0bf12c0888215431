"""The main job on the demo data, through the real engine, store, model, embedder and recogniser."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.core.api import Admin, Conversations, Deeds, Sources, Vault, Verbs
from app.core.errors import Locked, NotFound, Refused, UsageFault
from app.core.types import Answer, Done, Found, Nothing, Proposal, Receipt, Scope, Text, Token
from app.workers.worker import Worker


def questions(demo: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (demo / "questions.jsonl").read_text().splitlines() if line]


def gold(demo: Path, question: dict[str, Any]) -> set[str]:
    return {
        (demo / uri.removeprefix("demo:")).as_uri() if uri.startswith("demo:") else uri
        for uri in question["gold"]
    }


def test_a_second_index_adds_nothing(engine: Worker) -> None:
    done = list(engine.stream(Sources.index))[-1]
    assert isinstance(done, Done)
    assert (done.added, done.updated, done.removed) == (0, 0, 0)
    assert done.items > 0
    assert done.unchanged > 0


def test_everything_is_embedded(engine: Worker) -> None:
    status = engine.call(Vault.status)
    assert status.embedded == status.passages > 0


def test_the_gold_item_is_among_the_first_five(engine: Worker, demo: Path) -> None:
    asked = [q for q in questions(demo) if q["gold"]]
    found = 0
    for question in asked:
        hits = engine.call(Verbs.search, query=question["question"], scope=Scope(), k=5)
        found += bool({hit.uri for hit in hits} & gold(demo, question))
    assert found / len(asked) >= 0.85, f"{found} of {len(asked)}"


def test_ask_streams_sources_first_and_cites_stored_text(engine: Worker, demo: Path) -> None:
    question = json.loads((demo / "tour.json").read_text())["questions"][0]
    steps = list(engine.stream(Verbs.ask, question=question, scope=Scope()))
    assert isinstance(steps[0], Found)
    assert any(isinstance(step, Token) for step in steps)
    answer = steps[-1]
    assert isinstance(answer, Answer)
    assert answer.citations
    for citation in answer.citations:
        item = engine.call(Verbs.item, uri=citation.uri)
        assert item.text[citation.start : citation.end] == citation.quote != ""
    turns = engine.call(Conversations.turns, id=answer.conversation)
    assert [turn.role for turn in turns] == ["user", "assistant"]
    assert turns[1].text == answer.text


def test_nothing_of_the_kind_is_not_found(engine: Worker) -> None:
    steps = list(
        engine.stream(Verbs.ask, question="What did the zeppelin captain pay for quinoa?", scope=Scope())
    )
    answer = steps[-1]
    assert isinstance(answer, Answer)
    assert answer.text.startswith("Not found")
    assert not answer.supported
    assert not any(isinstance(step, Token) for step in steps)


def test_stop_ends_the_generation_and_the_next_question_works(engine: Worker, demo: Path) -> None:
    question = json.loads((demo / "tour.json").read_text())["questions"][0]
    with closing(engine.stream(Verbs.ask, question=question, scope=Scope())) as steps:
        assert any(isinstance(step, Token) for step in steps)  # stops at the first word
    assert isinstance(list(engine.stream(Verbs.ask, question=question, scope=Scope()))[-1], Answer)


def test_scope_limits_sources_and_time(engine: Worker) -> None:
    hits = engine.call(Verbs.search, query="dinner", scope=Scope(sources=("photos",)), k=10)
    assert {hit.source for hit in hits} <= {"photos"}


def test_summarize_draft_and_keep(engine: Worker, demo: Path) -> None:
    tour = json.loads((demo / "tour.json").read_text())
    summary = list(engine.stream(Verbs.summarize, uri=tour["thread"]))[-1]
    assert isinstance(summary, Text)
    assert summary.text
    proposal = list(engine.stream(Verbs.draft, reply_to=tour["reply_to"], say=tour["say"]))[-1]
    assert isinstance(proposal, Proposal)
    assert proposal.action == "draft_mail"
    assert any(f.label == "To" and f.origin.startswith("from the mail") for f in proposal.preview)
    approval = engine.call(Deeds.approve, sha256=proposal.sha256)
    receipt = list(engine.stream(Deeds.perform, token=approval.token))[-1]
    assert isinstance(receipt, Receipt)
    assert Path(receipt.path).read_bytes().count(b"In-Reply-To") == 1
    with pytest.raises(Refused):
        list(engine.stream(Deeds.perform, token=approval.token))
    engine.call(Deeds.undo, journal_id=receipt.journal_id)
    assert not Path(receipt.path).exists()


def test_an_event_from_words(engine: Worker) -> None:
    steps = list(
        engine.stream(Verbs.act, text="Put dentist on Tuesday 1 December 2026 at 9:30 into my calendar")
    )
    proposal = steps[-1]
    assert isinstance(proposal, Proposal)
    assert proposal.action == "create_event"
    assert str(proposal.arguments["start"]).startswith("2026-12-01T09:30")


def test_nothing_to_do_is_nothing(engine: Worker) -> None:
    last = list(engine.stream(Verbs.act, text="What is the capital of France?"))[-1]
    assert isinstance(last, Nothing)


def test_unapproved_deeds_and_foreign_tokens_are_refused(engine: Worker) -> None:
    with pytest.raises(NotFound):
        engine.call(Deeds.approve, sha256="0" * 64)
    with pytest.raises(Refused):
        list(engine.stream(Deeds.perform, token="made up"))


def test_the_cloud_is_off(engine: Worker) -> None:
    with pytest.raises(Refused):
        list(engine.stream(Verbs.heavy, question="anything", scope=Scope()))


def test_wrong_input_is_one_clear_error(engine: Worker) -> None:
    for call in (
        lambda: engine.call(Sources.add, kind="fax", path="/"),
        lambda: engine.call(Admin.set, key="appearance.theme", value="pink"),
        lambda: engine.call(Admin.set, key="no.such", value="1"),
        lambda: list(engine.stream(Verbs.act, text="  ")),
        lambda: list(engine.stream(Verbs.rewrite, text="x", style="rude")),
    ):
        with pytest.raises(UsageFault) as fault:
            call()
        assert "\n" not in str(fault.value)
    with pytest.raises(NotFound):
        engine.call(Verbs.item, uri="mid:nobody@example.org")


def test_a_locked_store_answers_nothing(folder: Path) -> None:
    other = Worker("engine", "app.engine:service", config={"data": str(folder / "other")})
    try:
        with pytest.raises(Locked):
            other.call(Sources.list)
        assert other.call(Vault.status).vault == "new"
    finally:
        other.stop()


def test_no_sentence_of_the_index_is_readable_on_disk(engine: Worker, folder: Path, demo: Path) -> None:
    hit = engine.call(Verbs.search, query="flight", scope=Scope(), k=1)[0]
    needle = max(hit.text.splitlines(), key=len).strip()[:40].encode()
    files = [path for path in (folder / "data").rglob("*") if path.is_file()]
    assert not [path for path in files if needle in path.read_bytes()]
    assert not [path for path in files if path.read_bytes()[:15] == b"SQLite format 3"]
    assert needle in hit.text.encode()  # the control: it is there to be found
