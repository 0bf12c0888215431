"""Base models are found, named and checked before anything loads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import BadModel, NotFound
from app.core.paths import Paths
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
    with pytest.raises(NotFound, match="no checked hash") as error:
        catalog.resolve(data, "smollm2-360m")
    assert "smollm2-360m-instruct-q8_0.gguf" in error.value.remedy
    with pytest.raises(NotFound, match="no such model"):
        catalog.resolve(data, "/nowhere/x.gguf")


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
