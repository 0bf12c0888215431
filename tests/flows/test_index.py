"""Indexing while other things happen: sources that go, runs that are cancelled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.core.types import Indexed, Scope
from app.flows import files, forget, index, search
from app.flows.context import Home
from app.model import embed_derived


def notes(folder: Path, *, count: int) -> Path:
    folder.mkdir()
    for n in range(count):
        (folder / f"{n}.md").write_text(f"# Note {n}\nIt is about {folder.name}.\n")
    return folder


@pytest.mark.parametrize("broken", [False, True])
def test_a_source_that_is_removed_meanwhile_does_not_stop_the_others(
    mine: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    monkeypatch.setattr(files, "BATCH_UNITS", 1)
    first, second = notes(tmp_path / "first", count=4), notes(tmp_path / "second", count=1)
    if broken:
        (first / "link.md").symlink_to(first / "nowhere")
    index.add_source(mine, kind="notes", path=str(first))
    index.add_source(mine, kind="notes", path=str(second))
    steps = index.index(mine)
    assert isinstance(next(s for s in steps if isinstance(s, Indexed)), Indexed)
    assert forget.source(mine, kind="notes", path=str(first)) >= 1
    assert next(s for s in steps if isinstance(s, Indexed)).uri == (second / "0.md").as_uri()
    steps.close()
    assert mine.index.counts().items == 1
    assert not mine.index.skipped()


def test_another_embedding_model_is_followed_though_nothing_is_new(mine: Home, tmp_path: Path) -> None:
    index.add_source(mine, kind="notes", path=str(notes(tmp_path / "few", count=3)))
    for _ in index.index(mine, words=True):
        pass
    ids = [id for id, _ in mine.vectors.pending()]
    mine.vectors.add(ids, np.eye(len(ids), 384, dtype=np.float32), model="another")
    for _ in index.index(mine):
        pass
    assert mine.vectors.model() == embed_derived.NAME
    assert not mine.vectors.pending()
    (hit,) = search.search(mine, query="Note 1", scope=Scope(), k=1)
    assert hit.similarity > 0.5


def test_a_cancelled_run_keeps_what_it_had_and_goes_on_from_there(
    mine: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BATCH_UNITS", 2)
    index.add_source(mine, kind="notes", path=str(notes(tmp_path / "many", count=6)))
    steps = index.index(mine)
    known = {next(s for s in steps if isinstance(s, Indexed)).uri}
    steps.close()
    assert not mine.indexing.locked()
    assert mine.index.counts().items == 2
    again = index.index(mine)
    read = {next(s for s in again if isinstance(s, Indexed)).uri for _ in range(4)}
    again.close()
    assert not known & read
    assert mine.index.counts().items == 6
