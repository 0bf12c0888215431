"""One look at all sources, and what its end says."""

from __future__ import annotations

from app.core.types import Done
from app.flows import index
from app.flows.context import Home


def read(home: Home) -> list[index.Step]:
    return list(index.index(home, words=True))


def done(steps: list[index.Step]) -> Done:
    assert isinstance(steps[-1], Done)
    return steps[-1]
