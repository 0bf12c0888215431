"""Adapter files from anywhere: whatever is wrong with one is said, and the process lives."""

from __future__ import annotations

import collections
import hashlib
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from app.core import tasks
from app.core.errors import BadModel
from app.core.models import AdapterFile
from app.core.paths import Paths, program
from app.model import adapters, gguf
from app.model.contract import Finished, LanguageModel
from app.workers.worker import Worker
from tests.model import mutations
from tests.model.conftest import adapter_of, config_for

MUTATIONS, MUTATIONS_FULL = 100, 1000
ASK = {"request": "remind me to call Ben tomorrow"}


@pytest.fixture
def worker(data: Paths, base: Path, tmp_path: Path, copied: Callable[..., Path]) -> Iterator[Worker]:
    """The process people talk to, over a folder with one sound task and some damaged ones."""
    for name, change in _DAMAGED.items():
        folder = copied("act", name)
        change(_weights_file(folder))
        _rebind(folder)
    copied("act")
    config = msgspec.to_builtins(config_for(data, base, tmp_path / "adapters"))
    worker = Worker("llm", "app.model.llamacpp:service", config=config)
    yield worker
    worker.stop()


_DAMAGED: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "short": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "folder": lambda path: (path.unlink(), path.mkdir()),
}


def _weights_file(folder: Path) -> Path:
    return folder / tasks.read(folder).weights[0].gguf


def _rebind(folder: Path) -> None:
    """Make the folder vouch for its file as it is now: only the structure can tell that it is broken."""
    task = tasks.read(folder)
    path = _weights_file(folder)
    sha256 = tasks.sha256_file(path) if path.is_file() else "0" * 64
    tasks.save_weights(task, msgspec.structs.replace(task.weights[0], gguf_sha256=sha256))


def test_damaged_folders_are_listed_with_their_faults(worker: Worker) -> None:
    states = {task.name: task for task in worker.call(LanguageModel.info).tasks}
    pid = worker.pid
    assert states.pop("act").state == "ready"  # the control: what was not damaged is worn
    assert {name: task.state for name, task in states.items()} == dict.fromkeys(_DAMAGED, "refused")
    for name, task in states.items():
        assert task.faults
        with pytest.raises(BadModel, match="refused"):
            list(worker.stream(LanguageModel.generate, task=name, fields=ASK, max_tokens=2))
    assert worker.pid == pid


def test_no_mutated_file_ends_the_process(worker: Worker, full: bool) -> None:
    """1,000 of them: HOMEBODY_FULL=1 pytest tests/model/test_adapters.py -k mutated -s"""
    sound = adapter_of("act")
    before = _answer(worker)
    pid, chance = worker.pid, random.Random(3)
    seen: collections.Counter[str] = collections.Counter()
    for kind in _kinds(MUTATIONS_FULL if full else MUTATIONS):
        seen[_put_on(worker, mutations.mutated(sound, kind, chance))] += 1
        assert worker.pid == pid, f"{kind} ended the process"
    worker.call(LanguageModel.adopt, task="act", adapter=None)
    print(f"mutated adapters: {dict(seen)}, processes that died: 0")
    assert seen["refused"] > 0.7 * seen.total()
    assert _answer(worker) == before


def _kinds(count: int) -> list[str]:
    names = sorted(mutations.KINDS)
    return [names[n % len(names)] for n in range(count)]


def _put_on(worker: Worker, adapter: AdapterFile) -> str:
    try:
        worker.call(LanguageModel.adopt, task="act", adapter=adapter)
    except BadModel as error:
        assert error.message.startswith("the adapter cannot be worn: ")
        assert error.remedy
        return "refused"
    try:
        _answer(worker)
    except BadModel as error:
        assert "not finite" in error.message
        return "worn, and its answer refused"
    return "worn: other weights, but sound"


def _answer(worker: Worker) -> str:
    *_, end = worker.stream(LanguageModel.generate, task="act", fields=ASK, max_tokens=2)
    assert isinstance(end, Finished)
    return end.text


_UNCHECKED = """
import sys
from pathlib import Path
from app.model.runtime import Base

base = Base(Path(sys.argv[1]), context=256, threads=1)
handle = base.load_adapter(Path(sys.argv[2]).read_bytes())
base.wear([(handle, 1.0)])
base.decode([1, 2, 3])
print("lived")
"""


@pytest.mark.parametrize(("kind", "lives"), [("", True), ("alpha of another type", False)])
def test_control_unchecked_a_mutated_file_ends_its_loader(
    base: Path, tmp_path: Path, kind: str, lives: bool
) -> None:
    sound = adapter_of("act")
    adapter = mutations.mutated(sound, kind, random.Random(1)) if kind else sound
    path = tmp_path / "adapter.gguf"
    path.write_bytes(adapter.gguf)
    child = subprocess.run(
        [sys.executable, "-c", _UNCHECKED, str(base), str(path)],
        cwd=program(),
        capture_output=True,
        check=False,
    )
    assert (child.returncode == 0, b"lived" in child.stdout) == (lives, lives)
    assert lives or child.returncode < 0  # by a signal
    assert (adapters.faults(adapter, gguf.read(base), adapter.base_sha256) == ()) is lives


# --- what is said ---------------------------------------------------------------------------------


def _faults(adapter: AdapterFile, base: Path) -> str:
    return "; ".join(adapters.faults(adapter, gguf.read(base), adapter_of("act").base_sha256))


def _with(adapter: AdapterFile, data: bytes) -> AdapterFile:
    return msgspec.structs.replace(adapter, gguf=data, gguf_sha256=hashlib.sha256(data).hexdigest())


def test_every_fault_is_named_at_once(base: Path) -> None:
    sound = adapter_of("act")
    assert _faults(sound, base) == ""
    data = bytearray(sound.gguf)
    at = data.index(b"blk.7.attn_k.weight.lora_a")
    data[at : at + 5] = b"blk.9"  # there is one of that name, and lora_b has lost its half
    at = data.index(b"blk.3.attn_q.weight.lora_b") + len(b"blk.3.attn_q.weight.lora_b") + 4
    data[at] = 5  # rank
    data = bytearray(data.replace(b"\x05\0\0\0\0\0\0\0llama", b"\x05\0\0\0\0\0\0\0gemma"))
    data[-2:] = b"\x00\x7e"  # a half-precision NaN
    wrong = msgspec.structs.replace(
        sound, gguf=bytes(data), base_sha256="0" * 64, alpha=sound.alpha + 1, scale=9.0
    )
    said = _faults(wrong, base)
    for fault in (
        "not the one this task was checked with",
        "another base",
        "scale 9.0",
        "general.architecture is 'gemma', not 'llama'",
        "adapter.lora.alpha",
        "blk.9.attn_k.weight.lora_a is there twice",
        "blk.7.attn_k.weight: one of the two factors is missing",
        "blk.3.attn_q.weight: shapes",
        "not finite",
    ):
        assert fault in said


def test_a_file_of_another_kind_is_named(base: Path) -> None:
    sound = adapter_of("act")
    assert "general.type" in _faults(_with(sound, base.read_bytes()), base)
    assert "not a GGUF file" in _faults(_with(sound, b"%PDF-1.7"), base)
    assert "not a GGUF file" in _faults(_with(sound, b""), base)
    assert "big-endian" in _faults(_with(sound, b"GGUF\0\0\0\x03" + sound.gguf[8:]), base)
    assert "no weights" in _faults(_with(sound, b"GGUF\3\0\0\0" + bytes(16)), base)


def test_the_loader_gets_what_was_checked_and_nothing_else() -> None:
    sound = adapter_of("act")
    data = adapters.plain(sound)
    made, original = gguf.parse(data, where=""), gguf.parse(sound.gguf, where="")
    assert made.faults == ()
    assert set(made.metadata) == {
        "general.type",
        "general.architecture",
        "adapter.type",
        "adapter.lora.alpha",
    }
    assert made.metadata.items() <= original.metadata.items()
    assert {name: tensor.shape for name, tensor in made.tensors.items()} == {
        name: tensor.shape for name, tensor in original.tensors.items()
    }
    for name, tensor in made.tensors.items():
        same = adapters.values(original.tensors[name], sound.gguf)
        assert (adapters.values(tensor, data) == same).all()


def test_many_faults_are_counted_not_all_told(base: Path) -> None:
    sound = msgspec.structs.replace(adapter_of("act"), rank=9)
    found = adapters.faults(sound, gguf.read(base), sound.base_sha256)
    assert len(found) == adapters.MOST_FAULTS + 1
    assert found[-1].endswith("faults more")


def test_a_changed_file_is_told_without_a_model(copied: Callable[..., Path]) -> None:
    folder = copied("act")
    path = _weights_file(folder)
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    task = tasks.read(folder)
    assert tasks.state(task, task.weights[0].base_sha256).state == "refused"


def test_a_weights_path_cannot_leave_its_folder(copied: Callable[..., Path]) -> None:
    task = tasks.read(copied("act"))
    weights = msgspec.structs.replace(task.weights[0], gguf="../../elsewhere.gguf")
    with pytest.raises(BadModel, match="outside"):
        adapters.shipped(task, weights)


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
