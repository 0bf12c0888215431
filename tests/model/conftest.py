"""One language model in this process, and one set of specialist processes, for the whole session."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from app.core import paths as places
from app.core import tasks
from app.core.models import AdapterFile
from app.core.paths import Paths
from app.model import adapters, catalog
from app.model.llamacpp import Config, LlamaCpp
from app.model.supervisor import Specialists


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    return Paths(tmp_path_factory.mktemp("model-data"))


@pytest.fixture(scope="session")
def base(data: Paths) -> Path:
    return catalog.resolve(data, catalog.DEFAULT)


@pytest.fixture(scope="session")
def model(data: Paths, base: Path, plain: Path) -> LlamaCpp:
    return LlamaCpp(config_for(data, base, places.adapters(), plain))


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one task, "plain", which has a prompt and no adapter."""
    root = tmp_path_factory.mktemp("plain")
    (root / "plain").mkdir()
    (root / "plain" / "task.toml").write_text(
        'title = "Plain"\nsentence = "Says it again."\n', encoding="utf-8"
    )
    (root / "plain" / "prompt.txt").write_text("[user]\nSay it again: {text}\n", encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def specialists(data: Paths) -> Iterator[Specialists]:
    found = Specialists(data)
    yield found
    found.stop_all()


@pytest.fixture
def copied(tmp_path: Path) -> Callable[[str], Path]:
    """A copy of a built-in task's folder that may be damaged."""

    def copy(name: str, new: str = "") -> Path:
        target = tmp_path / "adapters" / (new or name)
        shutil.copytree(places.adapters() / name, target)
        return target

    return copy


def adapter_of(name: str) -> AdapterFile:
    """The adapter that a built-in task ships with."""
    task = tasks.read(places.adapters() / name)
    return adapters.shipped(task, task.weights[0])


def padded(adapter: AdapterFile, size: int) -> AdapterFile:
    """The same adapter in another file: with ``size`` bytes behind its weights."""
    gguf = adapter.gguf + bytes(size)
    return msgspec.structs.replace(adapter, gguf=gguf, gguf_sha256=hashlib.sha256(gguf).hexdigest())


def config_for(data: Paths, base: Path, *adapters: Path) -> Config:
    return Config(
        base=str(base),
        sha256=catalog.sha256_of(data, base),
        models=str(data.models / catalog.DERIVED),
        adapters=tuple(map(str, adapters)),
    )
