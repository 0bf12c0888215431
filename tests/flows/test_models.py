"""A model from the hub to the answer: proposed, approved, fetched, used, removed; through the engine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "courier"))
from hub_server import Hub, running  # a module beside the courier's tests

from app.core import paths as places
from app.core import tasks
from app.core.api import Admin, Deeds, Hats, Vault
from app.core.errors import HomebodyError, NotFound, Refused
from app.core.models import ModelState
from app.core.paths import Paths
from app.core.types import Approval, Fetching, Nothing, ProcessState, Proposal, Receipt
from app.courier.download import part_of
from app.model import catalog
from app.model.supervisor import APART, EMBEDDER, LLM, OCR, TRAINER
from app.workers.launcher import start_launcher
from app.workers.worker import Worker

KEY = "gemma3-1b-q8"  # the catalog knows no checksum of it, so any file can stand for it here
FILE = "gemma-3-1b-it-Q8_0.gguf"


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    return Paths(tmp_path_factory.mktemp("models-data"))


@pytest.fixture(scope="module")
def engine(paths: Paths) -> Iterator[Worker]:
    launcher = start_launcher()
    worker = Worker(
        "engine",
        "app.engine:service",
        config={"data": str(paths.data), "launcher": launcher},
        pass_fds=(launcher,),
    )
    worker.call(Vault.create, passphrase="a passphrase for tests")
    yield worker
    worker.stop()
    os.close(launcher)


@pytest.fixture
def hub(engine: Worker, paths: Paths) -> Iterator[Hub]:
    """The default model's own bytes, under another model's name."""
    content = catalog.resolve(paths, catalog.DEFAULT).read_bytes()
    with running(Hub(content, piece=2**20)) as started:
        engine.call(Admin.set, key="model.endpoint", value=f"http://127.0.0.1:{started.port}")
        yield started


def proposed(engine: Worker, key: str = KEY) -> Proposal:
    (found,) = engine.stream(Admin.get_model, key=key)
    assert isinstance(found, Proposal)
    return found


def approved(engine: Worker, proposal: Proposal) -> Approval:
    return engine.call(Deeds.approve, sha256=proposal.sha256)


def state(engine: Worker, key: str) -> ModelState:
    return next(model for model in engine.call(Admin.models) if model.key == key)


def test_what_will_be_fetched_is_shown_in_full(engine: Worker, hub: Hub) -> None:
    proposal = proposed(engine)
    shown = {field.label: field.value for field in proposal.preview}
    assert shown["Goes to"] == "127.0.0.1"
    assert shown["From"].endswith(f"/ggml-org/gemma-3-1b-it-GGUF/resolve/main/{FILE}")
    assert shown["Licence"] == "Gemma Terms of Use · https://ai.google.dev/gemma/terms"
    assert shown["Licence to agree to"] == "yes"
    assert "hub declares" in shown["Checksum (SHA-256)"]
    assert any("licence of its own" in warning for warning in proposal.warnings)
    assert any("only 127.0.0.1 vouches" in warning for warning in proposal.warnings)
    assert hub.seen == []
    known = proposed(engine, "smollm2-360m")
    assert dict(known.arguments)["checksum"] == catalog.entries()["smollm2-360m"].sha256
    assert len(known.warnings) == 1


def test_nothing_is_fetched_without_a_yes_or_for_another_address(engine: Worker, hub: Hub) -> None:
    proposal = proposed(engine)
    with pytest.raises(HomebodyError):
        list(engine.stream(Deeds.perform, token="made up"))
    token = approved(engine, proposal).token
    engine.call(Admin.set, key="model.endpoint", value="http://127.0.0.1:9")
    with pytest.raises(Refused, match="changed since you said yes"):
        list(engine.stream(Deeds.perform, token=token))
    assert hub.seen == []


def test_fetched_used_and_removed(engine: Worker, paths: Paths, hub: Hub) -> None:
    alone = engine.call(Vault.status).prompt_only
    *told, receipt = engine.stream(Deeds.perform, token=approved(engine, proposed(engine)).token)
    assert all(isinstance(step, Fetching) for step in told)
    assert isinstance(receipt, Receipt)
    assert (paths.models / FILE).read_bytes() == hub.content
    entry = engine.call(Deeds.journal, limit=1)[0]
    assert (entry.what, entry.state) == ("action:fetch_model", "done")
    assert 100 < entry.bytes_out < 2000  # two requests, and nothing else
    assert state(engine, KEY).installed
    (nothing,) = engine.stream(Admin.get_model, key=KEY)
    assert isinstance(nothing, Nothing)
    engine.call(Admin.use_model, key=KEY)
    assert state(engine, KEY).active
    assert engine.call(Vault.status).prompt_only == alone  # the same bytes, so the same adapters fit
    with pytest.raises(Refused, match="in use"):
        engine.call(Admin.remove_model, key=KEY)
    engine.call(Admin.use_model, key=catalog.DEFAULT)
    assert not engine.call(Admin.remove_model, key=KEY).installed
    assert list(paths.models.glob(f"{FILE}*")) == []
    with pytest.raises(NotFound, match="nothing of this model"):
        engine.call(Admin.remove_model, key=KEY)
    with pytest.raises(Refused, match="part of Homebody"):
        engine.call(Admin.remove_model, key=catalog.DEFAULT)


def test_stopped_in_the_middle_it_goes_on_from_there(engine: Worker, paths: Paths, hub: Hub) -> None:
    hub.pause = 0.02
    steps = engine.stream(Deeds.perform, token=approved(engine, proposed(engine)).token)
    next(s for s in steps if isinstance(s, Fetching) and s.done > 2**20)
    steps.close()
    part, _ = part_of(paths.models / FILE)
    while engine.call(Deeds.journal, limit=1)[0].state != "failed":
        pass  # the engine has heard of it
    assert part.stat().st_size >= 2**20
    hub.pause = 0.0
    hub.seen.clear()
    *_, receipt = engine.stream(Deeds.perform, token=approved(engine, proposed(engine)).token)
    assert isinstance(receipt, Receipt)
    assert hub.seen[-1][1]["range"].startswith("bytes=")
    engine.call(Deeds.undo, journal_id=receipt.journal_id)
    assert not (paths.models / FILE).exists()


def test_a_base_without_adapters_says_so(engine: Worker, paths: Paths) -> None:
    """The default model with a byte of its metadata changed: a base no adapter was trained on."""
    data = bytearray(catalog.resolve(paths, catalog.DEFAULT).read_bytes())
    at = data.index(b"general.name") + len(b"general.name") + 12
    data[at] ^= 0x20
    other = paths.models / "other.gguf"
    other.write_bytes(data)
    engine.call(Admin.use_model, key=str(other))
    assert engine.call(Vault.status).prompt_only == tasks.names(places.adapters())
    assert {task.state for task in engine.call(Hats.list)} == {"prompt-only"}
    engine.call(Admin.use_model, key=catalog.DEFAULT)


def test_every_specialist_has_its_reason(engine: Worker) -> None:
    found: dict[str, ProcessState] = {p.name: p for p in engine.call(Admin.processes)}
    assert set(found) >= {"engine", LLM, EMBEDDER, OCR, TRAINER, APART}
    assert found[TRAINER].why == "not needed yet"
    with pytest.raises(NotFound, match="no such specialist"):
        engine.call(Admin.pin, name="someone")
    engine.call(Admin.pin, name=LLM)
    assert next(p for p in engine.call(Admin.processes) if p.name == LLM).pinned


def test_a_picture_model_comes_with_its_small_files(engine: Worker, paths: Paths) -> None:
    model = catalog.galleries()["clip-b32"]
    with running(Hub(os.urandom(9_000))) as small:
        engine.call(Admin.set, key="model.endpoint", value=f"http://127.0.0.1:{small.port}")
        proposal = proposed(engine, model.key)
        shown = {field.label: field.value for field in proposal.preview}
        assert shown["With the small files"].splitlines() == list(model.beside)
        assert shown["From"].endswith("/resolve/main/model.safetensors")
        *_, receipt = engine.stream(Deeds.perform, token=approved(engine, proposal).token)
        assert isinstance(receipt, Receipt)
        names = {path.name for path in model.folder(paths).iterdir()}
        assert names == {model.file, *model.beside}
    assert (state(engine, model.key).installed, state(engine, model.key).serves) == (True, "pictures")
    (nothing,) = engine.stream(Admin.get_model, key=model.key)
    assert isinstance(nothing, Nothing)
    assert not engine.call(Admin.remove_model, key=model.key).installed
    assert list(model.folder(paths).iterdir()) == []
    with pytest.raises(NotFound, match="nothing of this model"):
        engine.call(Admin.remove_model, key=model.key)
