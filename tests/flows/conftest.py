"""A real engine process on the demo person's data, indexed once for all tests of a session."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.core.api import Sources, Vault
from app.core.paths import Paths, demo_sources
from app.core.types import Done
from app.flows import opening
from app.flows.context import Home
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


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Home]:
    """An open, empty home in this process, in Berlin on Wednesday 18 March 2026 at noon.

    Its processes start when something asks for them, so tests without a model stay quick.
    """
    paths = Paths(tmp_path / "data")
    paths.make()
    _, opened = opening.create(paths, PASSPHRASE, -1)
    noon = datetime(2026, 3, 18, 11, 0, tzinfo=UTC)
    yield replace(opened, zone=ZoneInfo("Europe/Berlin"), clock=lambda: noon)
    opening.close(opened)
