"""A real engine process on the demo person's data, indexed once for all tests of a session."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.api import Sources, Vault
from app.core.paths import Paths, demo_sources
from app.core.types import Done
from app.workers.worker import Worker

PASSPHRASE = "correct horse battery staple"


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hb-engine-") as place:
        yield Path(place)


@pytest.fixture(scope="session")
def engine(folder: Path) -> Iterator[Worker]:
    """Unlocked, with the demo data indexed; tests may add to it but take nothing away."""
    worker = Worker("engine", "app.engine:service", config={"data": str(Paths(folder / "data").data)})
    worker.call(Vault.create, passphrase=PASSPHRASE)
    for kind, path in demo_sources():
        worker.call(Sources.add, kind=kind, path=str(path))
    steps = list(worker.stream(Sources.index))
    assert isinstance(steps[-1], Done)
    yield worker
    worker.stop()
