"""A heavy question through the whole engine: proposed, shown, approved, sent by a courier, journalled."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from courier_endpoints import Endpoint

from app.core.api import Admin, Deeds, Sources, Vault, Verbs
from app.core.errors import Refused
from app.core.types import Answer, Proposal, Scope, Token
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
