"""kill -9 of any process during work: one clear error, the rest goes on, the next request works."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from app.core.api import Admin, Sources, Vault, Verbs
from app.core.errors import WorkerDied
from app.core.types import Answer, Done, Indexed, Scope, Text, Token
from app.workers.worker import Worker
from tests.flows.conftest import PASSPHRASE

LONG = "The committee met on Monday and talked about the bridge, the school and the budget. " * 12


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def running(engine: Worker, name: str) -> int:
    """Its process number, 0 while it does not run."""
    return next((p.pid for p in engine.call(Admin.processes) if p.name == name), 0)


def pid_of(engine: Worker, name: str) -> int:
    for _ in range(200):
        if pid := running(engine, name):
            return pid
        time.sleep(0.02)
    raise AssertionError(f"{name} does not run")


def test_the_language_model_in_the_middle_of_a_sentence(engine: Worker) -> None:
    with pytest.raises(WorkerDied) as death:
        for step in engine.stream(Verbs.summarize, text=LONG):
            if isinstance(step, Token):
                kill(pid_of(engine, "llm"))
    assert "\n" not in str(death.value)
    assert isinstance(list(engine.stream(Verbs.summarize, text=LONG))[-1], Text)


def test_the_embedder(engine: Worker) -> None:
    engine.call(Verbs.search, query="flight", scope=Scope(), k=1)
    kill(pid_of(engine, "embedder"))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            assert engine.call(Verbs.search, query="flight", scope=Scope(), k=1)
            return
        except WorkerDied:
            continue  # the request that was under way ends in exactly this
    raise AssertionError("search does not come back")


def test_a_reader_in_the_middle_of_a_folder(engine: Worker, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for n in range(400):
        (folder / f"{n}.md").write_text(f"# Note {n}\nThe number is {n}.\n" * 50)
    engine.call(Sources.add, kind="notes", path=str(folder))
    stop = threading.Event()
    killed: list[int] = []

    def killer() -> None:
        while len(killed) < 3 and not stop.wait(0.1):
            if (pid := running(engine, "reader")) and pid not in killed:
                kill(pid)
                killed.append(pid)

    thread = threading.Thread(target=killer)
    steps = []
    for step in engine.stream(Sources.index):
        steps.append(step)
        if len(steps) == 1:
            thread.start()
    stop.set()
    thread.join()
    assert killed
    assert isinstance(steps[-1], Done)
    again = list(engine.stream(Sources.index))
    read = {s.uri for s in [*steps, *again] if isinstance(s, Indexed)}
    skipped = {s.uri for s in engine.call(Sources.skipped) if s.source == "notes" and "/many/" in s.uri}
    assert len({u for u in read if "/many/" in u} | skipped) == 400
    assert engine.call(Sources.remove, kind="notes", path=str(folder)) > 0


def test_the_engine(tmp_path: Path) -> None:
    engine = Worker("engine", "app.engine:service", config={"data": str(tmp_path / "data")})
    engine.call(Vault.create, passphrase=PASSPHRASE)
    with pytest.raises(WorkerDied) as death:
        for step in engine.stream(Verbs.summarize, text=LONG):
            if isinstance(step, Token):
                kill(engine.pid)
    assert "\n" not in str(death.value)
    assert engine.call(Vault.status).vault == "locked"
    assert engine.call(Vault.unlock, passphrase=PASSPHRASE).vault == "open"
    last = list(engine.stream(Verbs.ask, question="anything?", scope=Scope()))[-1]
    assert isinstance(last, Answer)
    engine.stop()
