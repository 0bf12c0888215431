"""Search: the passages for a question, as one list."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import numpy.typing as npt

from app.core.errors import UsageFault
from app.core.types import Hit, Scope
from app.flows import asked, showing
from app.flows.context import Home
from app.store.search import Begun, Searcher
from indexers.registry import sources

ON_DEMAND_S, ON_DEMAND_BATCH = 0.4, 10  # seconds after which no other batch of passages is embedded


def search(home: Home, *, query: str, scope: Scope, k: int = 10, words: bool = False) -> tuple[Hit, ...]:
    """The ``k`` best passages for a query, found by its words and by its meaning.

    With ``words`` by these alone, without the embedder, whose start takes about a second. A time, a person,
    a kind of thing or a folder that it names is a wish, not a filter: what fulfils it rises, and nothing is
    hidden. Only ``scope`` hides. Raises UsageFault for a source there is not.
    """
    if not query.strip():
        return ()
    _check(home, scope)
    begun = begin(home.searcher, query, scope=scope, now=home.now())
    if words:
        return home.searcher.finish(begun, k=k)
    vector, model = _embedded(home, query)
    return home.searcher.finish(
        begun,
        vector=vector,
        k=k,
        model=model,
        known=_on_demand(home, begun, vector, model),
        shown=showing.near(home, query, begun.wishes),
    )


def _embedded(home: Home, query: str) -> tuple[npt.NDArray[Any], str]:
    """Its vector, by the model that answers: also where another one takes its place just now."""
    while True:
        before = home.vectors.model()
        vector = home.embed((query,))[0]
        if home.vectors.model() == before:
            return vector, before


def begin(searcher: Searcher, query: str, *, scope: Scope, now: datetime) -> Begun:
    """What its words find, and what it wishes for."""
    return searcher.begin(query, scope=scope, wishes=asked.wishes(query, now, searcher))


def _on_demand(home: Home, begun: Begun, vector: npt.NDArray[Any], model: str) -> dict[int, float]:
    """While most of the store has no vectors: cosines of the best by words, as many as there is time for."""
    cosines: dict[int, float] = {}
    until = time.monotonic() + ON_DEMAND_S
    lacking = home.searcher.lacking(begun)
    for at in range(0, len(lacking), ON_DEMAND_BATCH):
        if time.monotonic() >= until:
            break
        part = lacking[at : at + ON_DEMAND_BATCH]
        near = home.embed(tuple(text for _, text in part), model) @ vector
        cosines |= {id: float(cosine) for (id, _), cosine in zip(part, near, strict=True)}
    return cosines


def _check(home: Home, scope: Scope) -> None:
    known = home.index.sources() if scope.sources else ()
    for name in scope.sources:
        if name not in sources() and name not in (source.path for source in known):
            raise UsageFault("no such source", where=name, remedy=f"one of: {', '.join(sources())}")
