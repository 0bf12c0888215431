"""Search: the passages for a question, as one list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import numpy.typing as npt

from app.core import when
from app.core.errors import UsageFault
from app.core.types import Hit, Scope
from app.flows.context import Home
from app.store.search import RRF_K, Searcher
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
    hits = searcher.search(query, vector=vector, scope=scope, k=k)
    span = None if scope.after or scope.before else when.span(query, now)
    if span is None:
        return hits
    within = msgspec.structs.replace(scope, after=span.after, before=span.before)
    return _fused(hits, searcher.search(query, vector=vector, scope=within, k=k))[:k]


def _check(home: Home, scope: Scope) -> None:
    known = home.index.sources() if scope.sources else ()
    for name in scope.sources:
        if name not in sources() and name not in (source.path for source in known):
            raise UsageFault("no such source", where=name, remedy=f"one of: {', '.join(sources())}")


def _fused(*rankings: Sequence[Hit]) -> tuple[Hit, ...]:
    """Reciprocal rank fusion of rankings that are fused already (see app.store.search)."""
    scores: dict[tuple[str, int], float] = {}
    hits: dict[tuple[str, int], Hit] = {}
    for ranking in rankings:
        for hit in ranking:
            key = (hit.uri, hit.start)
            hits.setdefault(key, hit)
            scores[key] = scores.get(key, 0.0) + 1 / (RRF_K + hit.rank)
    best = sorted(scores, key=lambda key: -scores[key])
    return tuple(
        msgspec.structs.replace(hits[key], rank=n, score=scores[key]) for n, key in enumerate(best, 1)
    )
