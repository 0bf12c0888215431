"""A heavy question through the whole engine: proposed, shown, approved, sent by a courier, journalled."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from courier_endpoints import Endpoint

from app.core.api import Admin, Deeds, Sources, Vault, Verbs
from app.core.errors import Refused, UsageFault
from app.core.types import Answer, Nothing, Proposal, Scope, Token
from app.workers.launcher import start_launcher
from app.workers.worker import Worker

KEY = "sk-example-0123456789"
QUESTION = "What is the frame number of my bicycle?"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Worker]:
    """An engine without a network of its own, with one note."""
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "bicycle.md").write_text("# Bicycle\nThe frame number of my bicycle is WX4411.\n")
    launcher = start_launcher()
    worker = Worker(
        "engine",
        "app.engine:service",
        config={"data": str(tmp_path / "data"), "launcher": launcher},
        pass_fds=(launcher,),
    )
    worker.call(Vault.create, passphrase="correct horse battery")
    worker.call(Sources.add, kind="notes", path=str(notes))
    list(worker.stream(Sources.index))
    yield worker
    worker.stop()
    os.close(launcher)


def switch_on(engine: Worker, endpoint: Endpoint) -> None:
    engine.call(Admin.set, key="cloud.url", value=endpoint.url("/v1"))
    engine.call(Admin.set, key="cloud.model", value="smollm2")
    engine.call(Admin.set, key="cloud.enabled", value="true")
    engine.call(Admin.cloud_key, key=KEY)


def test_exactly_what_was_shown_is_sent_and_the_answer_says_where_it_was_made(
    engine: Worker, recording: Endpoint
) -> None:
    switch_on(engine, recording)
    proposal = list(engine.stream(Verbs.heavy, question=QUESTION, scope=Scope()))[-1]
    assert isinstance(proposal, Proposal)
    assert recording.seen == []  # a proposal sends nothing
    shown = next(f.value for f in proposal.preview if f.label == "The whole request")
    approval = engine.call(Deeds.approve, sha256=proposal.sha256)
    steps = list(engine.stream(Deeds.perform, token=approval.token))
    answer = steps[-1]
    assert isinstance(answer, Answer)
    assert any(isinstance(step, Token) for step in steps)
    assert answer.made == f"Sent to 127.0.0.1:{recording.port}"
    [(_, headers, body)] = recording.seen
    assert body.decode() == proposal.arguments["body"] == shown
    assert QUESTION in body.decode()
    assert headers["authorization"] == f"Bearer {KEY}"
    entry = next(e for e in engine.call(Deeds.journal, limit=10) if e.what == "action:ask_cloud")
    assert (entry.state, entry.bytes_out) == ("done", len(body))
    assert "WX4411" not in entry.summary
    with pytest.raises(Refused):  # once
        list(engine.stream(Deeds.perform, token=approval.token))
    assert len(recording.seen) == 1


def test_switched_off_after_the_proposal_nothing_is_sent(engine: Worker, recording: Endpoint) -> None:
    switch_on(engine, recording)
    proposal = list(engine.stream(Verbs.heavy, question=QUESTION, scope=Scope()))[-1]
    assert isinstance(proposal, Proposal)
    approval = engine.call(Deeds.approve, sha256=proposal.sha256)
    engine.call(Admin.set, key="cloud.enabled", value="false")
    with pytest.raises(Refused):
        list(engine.stream(Deeds.perform, token=approval.token))
    assert recording.seen == []
    entry = next(e for e in engine.call(Deeds.journal, limit=10) if e.what == "action:ask_cloud")
    assert (entry.state, entry.bytes_out) == ("failed", 0)


def test_what_is_kept_back_is_not_sent_and_stands_in_the_answer_again(
    engine: Worker, recording: Endpoint, tmp_path: Path
) -> None:
    switch_on(engine, recording)
    engine.call(Admin.set, key="cloud.price_in", value="300")
    (tmp_path / "notes" / "dealer.md").write_text("# Bicycle dealer\nFrame of my bicycle: kim@example.org.\n")
    list(engine.stream(Sources.index))
    first = list(engine.stream(Verbs.heavy, question=QUESTION, scope=Scope()))[-1]
    assert isinstance(first, Proposal) and first.envelope is not None
    assert [(w.kind, w.text, w.held) for w in first.envelope.words] == [("address", "kim@example.org", True)]
    assert "kim@example.org" not in str(first.arguments) and "[address 1]" in str(first.arguments["body"])
    assert first.envelope.cents == first.envelope.tokens * 300 / 1e6
    open_ = engine.call(Deeds.withhold, sha256=first.sha256, words=())
    assert "kim@example.org" in str(open_.arguments["body"]) and open_.sha256 != first.sha256
    again = engine.call(Deeds.withhold, sha256=open_.sha256, words=("kim@example.org",))
    assert again.sha256 == first.sha256
    with pytest.raises(UsageFault):
        engine.call(Deeds.withhold, sha256=first.sha256, words=("nobody@example.org",))
    approval = engine.call(Deeds.approve, sha256=again.sha256)
    answer = list(engine.stream(Deeds.perform, token=approval.token))[-1]
    assert isinstance(answer, Answer) and "[address" not in answer.text
    [(_, _, body)] = recording.seen
    assert b"kim@example.org" not in body


def test_a_source_that_is_never_sent_stays_here(engine: Worker, recording: Endpoint, tmp_path: Path) -> None:
    switch_on(engine, recording)
    other = tmp_path / "odd; 100%3B"
    other.mkdir()
    (other / "garage.md").write_text("# Garage\nMy bicycle with the frame stands in garage nine.\n")
    engine.call(Sources.add, kind="notes", path=str(other))
    list(engine.stream(Sources.index))
    first = list(engine.stream(Verbs.heavy, question=QUESTION, scope=Scope()))[-1]
    assert isinstance(first, Proposal) and "garage nine" in str(first.arguments["body"])
    left = engine.call(Deeds.never, sha256=first.sha256, source=str(other))
    assert isinstance(left, Proposal)
    assert "garage nine" not in str(left.arguments["body"]) and "WX4411" in str(left.arguments["body"])
    anew = list(engine.stream(Verbs.heavy, question=QUESTION, scope=Scope()))[-1]
    assert isinstance(anew, Proposal) and anew.arguments["body"] == left.arguments["body"]
    none = engine.call(Deeds.never, sha256=left.sha256, source=str(tmp_path / "notes"))
    assert isinstance(none, Nothing)
    assert isinstance(list(engine.stream(Verbs.heavy, question=QUESTION, scope=Scope()))[-1], Nothing)
    assert recording.seen == []
