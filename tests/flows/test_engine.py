"""The engine's own state, in this process: settings that reach the models, and the end of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors import BadModel, Locked, NotFound
from app.core.paths import Paths
from app.core.types import Route
from app.engine import Engine, _Admin, _Verbs
from tests.flows.conftest import PASSPHRASE


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(Paths(tmp_path / "data"), -1)
    engine.create(PASSPHRASE)
    yield engine
    engine.close()


def test_a_base_model_that_cannot_be_one_is_not_set(own: Engine, tmp_path: Path) -> None:
    admin, before = _Admin(own), own.home.setting("model.base")
    (tmp_path / "fake.gguf").write_bytes(b"GGUF but not really")
    with pytest.raises(NotFound):
        admin.set(key="model.base", value="no-such-model")
    with pytest.raises(BadModel):
        admin.use_model(key=str(tmp_path / "fake.gguf"))
    assert own.home.setting("model.base") == before
    assert admin.use_model(key=before).key == before


def test_words_are_told_where_they_go(own: Engine) -> None:
    verbs = _Verbs(own)
    assert verbs.route(text="did Omar email me about the flat") == Route(
        verb="ask", sources=("mail",), confidence=0.95
    )
    assert verbs.route(text="yoga monday 6pm").verb == "act"


def test_after_closing_nothing_opens_any_more(own: Engine) -> None:
    own.close()
    with pytest.raises(Locked):
        _ = own.home
    with pytest.raises(Locked):
        own.unlock(PASSPHRASE, asked=True)
    own.close()  # twice is as good as once
