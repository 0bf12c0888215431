"""Workers that serve ``worker_probe``, a module beside the tests."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.workers.worker import Worker

HERE = str(Path(__file__).parent)
sys.path.insert(0, HERE)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Worker]]:
    """``start(limits=…, config=…)`` gives a worker on the probe; it is stopped after the test."""
    monkeypatch.setenv("PYTHONPATH", HERE)
    workers: list[Worker] = []

    def begin(**options: Any) -> Worker:
        workers.append(Worker("probe", "worker_probe:service", **options))
        return workers[-1]

    yield begin
    for worker in workers:
        worker.stop()
