"""Base models are found, named and checked before anything loads them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.core.errors import BadModel, NotFound
from app.core.paths import Paths
from app.core.policy import endpoint
from app.core.prompt import FAMILIES
from app.model import catalog, gguf


def test_the_default_is_here_and_is_what_the_catalog_says(data: Paths, base: Path) -> None:
    entry = catalog.entries()[catalog.DEFAULT]
    assert base.stat().st_size == entry.size
    assert catalog.sha256_of(data, base) == entry.sha256
    active = [model for model in catalog.models(data) if model.active]
    assert [(model.key, model.installed) for model in active] == [(catalog.DEFAULT, True)]


def test_a_file_of_the_person_s_own_is_listed(data: Paths, base: Path, tmp_path: Path) -> None:
    own = tmp_path / "mine.gguf"
    own.symlink_to(base)
    listed = {model.key: model for model in catalog.models(data, active=str(own))}
    assert listed[str(own)].active
    assert listed[str(own)].sha256 == catalog.entries()[catalog.DEFAULT].sha256


def test_what_is_not_here_is_said_with_its_remedy(data: Paths) -> None:
    with pytest.raises(NotFound, match="not here yet") as error:
        catalog.resolve(data, "smollm2-360m")
    assert error.value.remedy == "homebody models get smollm2-360m"
    with pytest.raises(NotFound, match="no such model"):
        catalog.resolve(data, "/nowhere/x.gguf")
    with pytest.raises(NotFound, match="no language model"):
        catalog.resolve(data, "clip-b32")


@pytest.mark.parametrize("entry", catalog.entries().values(), ids=lambda entry: entry.key)
def test_an_entry_says_all_a_person_decides_by(entry: catalog.Entry) -> None:
    assert entry.family in FAMILIES
    assert entry.ram > entry.size * 1.1
    assert entry.context >= 8192
    assert bool(entry.package) != bool(entry.repository)
    own = entry.licence in ("Gemma Terms of Use", "Llama 3.2 Community License")
    assert own == entry.agree == bool(entry.licence_url)
    assert own or entry.licence == "Apache-2.0"
    assert (entry.key.partition("3")[0] in ("gemma", "llama")) == own
    if entry.sha256:
        assert re.fullmatch(r"[0-9a-f]{64}", entry.sha256)
        assert entry.size % 32 == 0, "not a whole GGUF file's size"
    if entry.repository:
        url = endpoint(entry.url("https://huggingface.co/"))
        assert (url.host, url.secure) == ("huggingface.co", True)


@pytest.mark.parametrize("model", catalog.galleries().values(), ids=lambda model: model.key)
def test_a_picture_model_says_all_as_well(model: catalog.PictureModel, data: Paths) -> None:
    assert model.licence in ("MIT", "Apache-2.0")
    assert model.ram > model.size * 1.1
    assert model.file.endswith(".safetensors"), "no weights that can run code"
    assert {"config.json", "preprocessor_config.json", "tokenizer.json"} <= set(model.beside)
    assert not model.installed(data)
    assert model.key not in catalog.entries()


def test_files_and_keys_are_each_of_one_model_only() -> None:
    known = catalog.entries()
    assert len({entry.file for entry in known.values()}) == len(known)
    assert {"smollm2-1.7b", "smollm3-3b", "qwen3-4b", "gemma3-4b", "llama3.2-3b"} <= set(known)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7 not a model", "not a GGUF file"),
        (b"GGUF" + b"\xff" * 60, "not one we know"),
        (b"GGUF\x03\x00\x00\x00" + b"\xff" * 60, "header is damaged"),
        (b"GGUF", "header is damaged"),
    ],
)
def test_a_file_that_is_not_what_it_claims(data: Paths, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "x.gguf"
    path.write_bytes(content)
    with pytest.raises(BadModel, match=said):
        catalog.resolve(data, str(path))


def test_a_file_that_is_cut_off(data: Paths, base: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.gguf"
    with base.open("rb") as file:
        path.write_bytes(file.read(base.stat().st_size // 2))
    with pytest.raises(BadModel, match="cut off"):
        gguf.read(path)
    assert gguf.read(base).metadata["general.architecture"] == "llama"
