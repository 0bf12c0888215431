"""Mails that nobody wrote to the person stand behind those that say the same; nothing is hidden."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from app.store.index import Index
from app.store.search import Searcher
from app.store.vectors import VectorIndex
from indexers.item import Item, Unit


@pytest.mark.parametrize(("bulk", "first"), [("newsletter", 1), ("bounce", 1), ("list", 2), ("", 2)])
def test_a_newsletter_stands_behind(
    index: Index, vectors: VectorIndex, source: int, make: Callable[..., Item], bulk: str, first: int
) -> None:
    when = datetime(2026, 6, 1, tzinfo=UTC)
    mails = [
        make(1, "the tulip fields are open on Monday", when=when),
        make(2, "tulip fields: on Monday they are open", when=when + timedelta(days=1), meta={"bulk": bulk}),
    ]
    index.put(source, Unit(path="/box", stamp="1"), mails, [])
    hits = Searcher(index.db, vectors).search("tulip fields Monday")
    assert hits[0].uri == mails[first - 1].uri
