"""The derived model: made once, light from then on, never trusted unseen, and whole whoever is killed.

HOMEBODY_FULL=1 kills twenty derivations at random moments in place of one.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from app.core.errors import BadModel
from app.model import embed
from app.model import embed_derived as derived
from app.model.contract import Embedder, Vectors
from app.workers.worker import Worker, environment
from tests.model.embed_probe import Probe

FULL = os.environ.get("HOMEBODY_FULL") == "1"
HEAVY = ("sentence_transformers", "torch", "transformers")
TEXTS = (
    *derived.SAMPLES,
    "Where did I park the car?",
    "word " * 2000,
    *(f"Room {n}: {'x ' * n}" for n in range(40)),
)


def rows(found: Vectors) -> npt.NDArray[np.float32]:
    return np.frombuffer(found.data, "<f4").reshape(found.count, found.dim)


def started(*roots: Path, dtype: str = "", threads: int = 0) -> Worker:
    config = {"roots": [str(root) for root in roots], "dtype": dtype, "threads": threads}
    return Worker("embedder", "tests.model.embed_probe:service", config=config)


def embedded(worker: Worker) -> npt.NDArray[np.float32]:
    return rows(worker.call(Embedder.embed, texts=TEXTS))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a first start has derived the model."""
    found = tmp_path_factory.mktemp("derived") / "models"
    worker = started(found)
    try:
        first = embedded(worker)
        imported = worker.call(Probe.modules)
    finally:
        worker.stop()
    assert set(HEAVY) <= set(imported)
    assert np.allclose(np.linalg.norm(first, axis=1), 1, atol=1e-5)
    derived.read(derived.place(found))
    return found


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> npt.NDArray[np.float32]:
    """sentence-transformers' own vectors, which serves where nothing can be derived: its folder is a file."""
    blocked = tmp_path_factory.mktemp("blocked") / "file"
    blocked.write_bytes(b"")
    worker = started(blocked, dtype="float32")
    try:
        return embedded(worker)
    finally:
        worker.stop()


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Iterator[Path]:
    shutil.copytree(root, tmp_path / "models")
    yield derived.place(tmp_path / "models")


def test_a_second_start_needs_neither_torch_nor_the_network(root: Path) -> None:
    worker = started(root)
    try:
        embedded(worker)
        imported = worker.call(Probe.modules)
    finally:
        worker.stop()
    assert "openvino" in imported
    unwanted = (*HEAVY, "http", "requests", "ssl", "openvino_telemetry", "huggingface_hub")
    assert not set(unwanted) & set(imported)


@pytest.mark.parametrize("dtype", ["", "float32", "bfloat16"])
def test_every_number_format_gives_the_vectors_of_sentence_transformers(
    root: Path, exact: npt.NDArray[np.float32], dtype: str
) -> None:
    worker = started(root, dtype=dtype)
    try:
        found = embedded(worker)
    finally:
        worker.stop()
    assert ((found * exact).sum(axis=1) > derived.AGREE).all()


def test_more_threads_than_texts_and_no_text_at_all(root: Path, exact: npt.NDArray[np.float32]) -> None:
    worker = started(root, threads=3)
    try:
        alone = rows(worker.call(Embedder.embed, texts=TEXTS[:1]))
        none = worker.call(Embedder.embed, texts=())
    finally:
        worker.stop()
    assert float((alone[0] * exact[0]).sum()) > derived.AGREE
    assert (none.count, none.dim, none.data) == (0, 384, b"")


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("harm", [flipped, halved, Path.unlink])
@pytest.mark.parametrize("name", [derived.GRAPH, derived.WEIGHTS, derived.TOKENIZER])
def test_damage_to_any_file_is_noticed(copy: Path, name: str, harm: Callable[[Path], None]) -> None:
    derived.read(copy)
    harm(copy / name)
    with pytest.raises(BadModel, match="derived model"):
        derived.read(copy)


def test_one_whose_hashes_are_right_but_whose_vectors_are_not_is_refused(copy: Path) -> None:
    from app.model.embed_openvino import Derived

    Derived(copy)
    weights = copy / derived.WEIGHTS
    data = weights.read_bytes()
    weights.write_bytes(data[:-4_000_000] + bytes(4_000_000))  # the last layer's
    manifest = derived.Manifest(
        **msgspec.structs.asdict(
            msgspec.json.decode((copy / derived.MANIFEST).read_bytes(), type=derived.Manifest)
        )
        | {
            "files": {
                name: derived.sha256(copy / name)
                for name in (derived.GRAPH, derived.WEIGHTS, derived.TOKENIZER)
            }
        }
    )
    (copy / derived.MANIFEST).write_bytes(msgspec.json.encode(manifest))
    with pytest.raises(BadModel, match="differs from its original"):
        Derived(copy)


@pytest.mark.parametrize("change", [{"dim": 385}, {"samples": b"short"}, {"inputs": ("input_ids", "words")}])
def test_a_manifest_that_fits_nothing_is_made_anew(copy: Path, change: dict[str, object]) -> None:
    found = msgspec.json.decode((copy / derived.MANIFEST).read_bytes(), type=derived.Manifest)
    (copy / derived.MANIFEST).write_bytes(msgspec.json.encode(msgspec.structs.replace(found, **change)))
    assert embed._derived(copy, embed.Config()) is None


def test_one_that_disagrees_here_is_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.model import embed_torch

    tried = []

    def disagrees(folder: Path, chosen: str) -> None:
        tried.append(folder)
        raise BadModel("it differs from its original")

    monkeypatch.setattr(embed_torch, "derive", disagrees)
    folder = tmp_path / "embedder-x"
    assert [embed._derive(folder, ""), embed._derive(folder, "")] == [False, False]
    assert tried == [folder]


def test_everybody_may_use_it_and_who_was_faster_stays(tmp_path: Path) -> None:
    folder = tmp_path / "embedder-x"

    def slower(part: Path) -> None:
        derived.write(folder, lambda other: written(other, "faster"))
        written(part, "slower")

    def written(part: Path, text: str) -> None:
        (part / derived.MANIFEST).write_text(text)

    derived.write(folder, slower)
    assert (folder / derived.MANIFEST).read_text() == "faster"
    assert folder.stat().st_mode & 0o777 == 0o755
    derived.write(folder, lambda part: written(part, "anew"))
    assert (folder / derived.MANIFEST).read_text() == "anew"


def test_a_damaged_one_is_made_anew(copy: Path, exact: npt.NDArray[np.float32]) -> None:
    flipped(copy / derived.WEIGHTS)
    worker = started(copy.parent)
    try:
        found = embedded(worker)
    finally:
        worker.stop()
    derived.read(copy)
    assert ((found * exact).sum(axis=1) > derived.AGREE).all()


def test_another_source_or_version_means_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tmp_path / "model"
    shutil.copytree(derived.source(), model)
    monkeypatch.setattr(derived, "source", lambda chosen: model)
    first = derived.place(tmp_path)
    assert derived.place(tmp_path) == first
    os.utime(model / "model.safetensors", ns=(1, 1))
    second = derived.place(tmp_path)
    monkeypatch.setattr(derived, "_version", lambda name: "0")
    assert len({first, second, derived.place(tmp_path)}) == 3


def test_writing_clears_away_what_is_out_of_date(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for name in ("embedder-old", f"embedder-new.x.{dead.pid}.part", f"embedder-new.x.{os.getpid()}.part"):
        (tmp_path / name).mkdir()
    derived.write(tmp_path / "embedder-new", lambda part: (part / "x").touch())
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"embedder-new", f"embedder-new.x.{os.getpid()}.part"}


def test_killed_while_deriving_leaves_nothing_half_done(tmp_path: Path) -> None:
    """Killed while a file grows (or at a random moment of the work on them), then started again."""
    chance = random.Random(7)
    command = [sys.executable, "-P", "-m", "app.model.embed", str(tmp_path)]
    folder = derived.place(tmp_path)
    for _ in range(20 if FULL else 1):
        process = subprocess.Popen(command, env=environment())
        while not list(tmp_path.glob("*.part")) and process.poll() is None:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 4) if FULL else 0.0)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if folder.is_dir():  # it was done already
            derived.read(folder)
            shutil.rmtree(folder)
    assert list(tmp_path.glob("*.part"))  # the control: something was under way
    subprocess.run(command, env=environment(), check=True)
    derived.read(folder)
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
