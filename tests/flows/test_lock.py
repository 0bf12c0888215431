"""The lock: every process of ours ends at once, and after minutes without use it locks by itself."""

from __future__ import annotations

import time
from pathlib import Path

import psutil
import pytest

from app import owner
from app.core.api import Admin, Vault, Verbs
from app.core.errors import HomebodyError, Locked
from app.core.paths import Paths
from app.core.types import Thinking, Token
from app.owner import Engine
from app.workers.worker import Worker
from tests.flows.conftest import PASSPHRASE

LONG = "The committee met on Monday and talked about the bridge, the school and the budget. " * 12


def test_locking_ends_every_process_whatever_it_is_doing(tmp_path: Path) -> None:
    engine = Worker("engine", "app.engine:service", config={"data": str(tmp_path / "data")})
    engine.call(Vault.create, passphrase=PASSPHRASE)
    engine.call(Verbs.search, query="anything")  # the embedder runs
    steps = engine.stream(Verbs.summarize, text=LONG)
    assert isinstance(next(steps), Thinking | Token)  # and the model is at work
    ours = [psutil.Process(p.pid) for p in engine.call(Admin.processes) if p.pid]
    assert len(ours) >= 3
    begun = time.monotonic()
    engine.call(Vault.lock)
    gone, alive = psutil.wait_procs(ours, timeout=20)
    print(f"{len(gone)} processes gone after {time.monotonic() - begun:.2f} s")
    assert not alive
    with pytest.raises(HomebodyError):
        list(steps)
    with pytest.raises(Locked):
        engine.call(Vault.unlock, passphrase="")
    assert engine.call(Vault.unlock, passphrase=PASSPHRASE).vault == "open"
    engine.stop()


def test_it_locks_by_itself_when_nothing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(owner.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(owner, "LOOK_S", 3600.0)  # the test looks itself
    paths, locked = Paths(tmp_path / "data"), []
    engine = Engine(paths, -1)
    engine.create(PASSPHRASE)

    def looked(minutes: float) -> bool:
        now[0] += 60 * minutes
        return engine.lock_if_idle(lambda: locked.append(True))

    assert not looked(24 * 60)  # it is off at first
    engine.home.user.set("lock.minutes", "10")
    assert not looked(9)
    engine.home.index.counts()
    assert not looked(9)  # something was asked meanwhile
    engine.held.index.counts()
    assert looked(2)  # following changes puts nothing off
    assert paths.locked_mark.exists()
    with pytest.raises(Locked):
        engine.home.index.counts()
    for _ in range(100):
        if locked:
            break
        time.sleep(0.02)
    assert locked
