"""Search: the passages for a question, as one list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy.typing as npt

from app.core.errors import UsageFault
from app.core.types import Hit, Scope
from app.flows import asked
from app.flows.context import Home
from app.store.search import Searcher
from indexers.registry import sources


def search(home: Home, *, query: str, scope: Scope, k: int = 10) -> tuple[Hit, ...]:
    """The ``k`` best passages for a query. Time words in it are a third ranking, not a filter.

    What lies in the time that was said is ranked once more among itself and fused with the rest:
    the right day rises, and a mail that speaks of that day but is older still shows.
    """
    if not query.strip():
        return ()
    _check(home, scope)
    return find(home.searcher, query, vector=home.embed((query,))[0], scope=scope, k=k, now=home.now())


def find(
    searcher: Searcher, query: str, *, vector: npt.NDArray[Any] | None, scope: Scope, k: int, now: datetime
) -> tuple[Hit, ...]:
    """The same with the parts it needs."""
    wishes = asked.wishes(query, now, searcher)
    return searcher.search(query, vector=vector, scope=scope, wishes=wishes, k=k)


def _check(home: Home, scope: Scope) -> None:
    known = home.index.sources() if scope.sources else ()
    for name in scope.sources:
        if name not in sources() and name not in (source.path for source in known):
            raise UsageFault("no such source", where=name, remedy=f"one of: {', '.join(sources())}")
