"""Adapter files from anywhere: whatever is wrong with one is said, and the process lives."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from app.core import tasks
from app.core.errors import BadModel
from app.core.paths import Paths
from app.model import adapters, gguf
from app.model.contract import Finished, LanguageModel
from app.workers.worker import Worker
from tests.model.conftest import config_for

MUTATIONS = 30
ASK = {"request": "remind me to call Ben tomorrow"}


def _weights_file(folder: Path) -> Path:
    return folder / tasks.read(folder).weights[0].gguf


def _rebind(folder: Path) -> None:
    """Make the folder vouch for its file as it is now: only the structure can tell that it is broken."""
    task = tasks.read(folder)
    path = _weights_file(folder)
    sha256 = tasks.sha256_file(path) if path.exists() else "0" * 64
    tasks.save_weights(task, msgspec.structs.replace(task.weights[0], gguf_sha256=sha256))


def _mutate(path: Path, chance: random.Random) -> None:
    """Most damage goes to the header, where it can do harm; some cuts the file."""
    data = bytearray(path.read_bytes())
    match chance.randrange(4):
        case 0:
            del data[chance.randrange(len(data)) :]
        case 1:
            at = chance.randrange(4, 400)
            data[at : at + 8] = chance.randbytes(8)
        case 2:
            at = chance.randrange(4, 12_000)
            data[at : at + 4] = b"\xff\xff\xff\xff"
        case _:
            for _ in range(20):
                data[chance.randrange(12_000)] = chance.randrange(256)
    path.write_bytes(data)


@pytest.fixture
def damaged(tmp_path: Path, copied: Callable[..., Path]) -> Path:
    chance = random.Random(2)
    for number in range(MUTATIONS):
        folder = copied("act", f"m{number:02d}")
        _mutate(_weights_file(folder), chance)
        _rebind(folder)
    copied("act")
    return tmp_path / "adapters"


@pytest.fixture
def worker(damaged: Path, data: Paths, base: Path) -> Iterator[Worker]:
    config = msgspec.to_builtins(config_for(data, base, damaged))
    worker = Worker("llm", "app.model.llamacpp:service", config=config)
    yield worker
    worker.stop()


def test_no_damaged_file_ends_the_process(worker: Worker) -> None:
    states = {task.name: task for task in worker.call(LanguageModel.info).tasks}
    pid = worker.pid
    assert states["act"].state == "ready"  # the control: what was not damaged is worn
    refused = [task for task in states.values() if task.state == "refused"]
    assert len(refused) > MUTATIONS / 2
    assert all(task.faults for task in refused)
    for name, task in states.items():
        asked = worker.stream(LanguageModel.generate, task=name, fields=ASK, max_tokens=2)
        if task.state == "refused":
            with pytest.raises(BadModel, match="refused"):
                list(asked)
        else:
            assert isinstance(list(asked)[-1], Finished)
    assert worker.pid == pid


def _faults(folder: Path, base: Path) -> str:
    task = tasks.read(folder)
    return "; ".join(adapters.faults(task, task.weights[0], gguf.read(base)))


def test_a_missing_or_changed_file_is_named(copied: Callable[..., Path], base: Path) -> None:
    folder = copied("act")
    assert _faults(folder, base) == ""
    path = _weights_file(folder)
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    assert "not the one this task was checked with" in _faults(folder, base)
    assert tasks.state(tasks.read(folder), tasks.read(folder).weights[0].base_sha256).state == "refused"
    path.unlink()
    assert "No such file" in _faults(folder, base)


def test_wrong_rank_alpha_and_kind_are_named(copied: Callable[..., Path], base: Path) -> None:
    folder = copied("act")
    task = tasks.read(folder)
    right = task.weights[0]
    wrong = msgspec.structs.replace(right, rank=right.rank * 2, alpha=right.alpha + 1)
    assert "rank" in (said := "; ".join(adapters.faults(task, wrong, gguf.read(base))))
    assert "alpha" in said
    shutil.copy(base, _weights_file(folder))
    _rebind(folder)
    assert "general.type" in _faults(folder, base)


def test_values_that_are_not_finite_are_refused(copied: Callable[..., Path], base: Path) -> None:
    folder = copied("act")
    path = _weights_file(folder)
    data = bytearray(path.read_bytes())
    data[-2:] = b"\x00\x7e"  # a half-precision NaN
    path.write_bytes(data)
    _rebind(folder)
    assert "not finite" in _faults(folder, base)


def test_a_weights_path_cannot_leave_its_folder(copied: Callable[..., Path], base: Path) -> None:
    task = tasks.read(copied("act"))
    weights = msgspec.structs.replace(task.weights[0], gguf="../../elsewhere.gguf")
    assert "outside" in "; ".join(adapters.faults(task, weights, gguf.read(base)))


def test_every_fault_of_a_folder_is_listed_at_once(copied: Callable[..., Path]) -> None:
    folder = copied("act")
    (folder / "prompt.txt").write_text("no turns here", encoding="utf-8")
    (folder / "schema.json").write_text("{", encoding="utf-8")
    (folder / "task.toml").write_text(
        'title = ""\nsentence = "x"\n[decoding]\nmax_tokens = -1\n', encoding="utf-8"
    )
    with pytest.raises(BadModel) as error:
        tasks.read(folder)
    for part in ("prompt.txt", "schema.json", "max_tokens", "title"):
        assert part in error.value.message
