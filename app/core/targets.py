"""What `homebody bench` is to reach, beside what it measures."""

from __future__ import annotations

import msgspec

from app.core.types import Figure

_SMALL, _LARGE = 100_000, 1_000_000  # passages that the targets of the store are for
_STORE: dict[str, dict[int, float]] = {  # at most, by the number of passages
    "search, words and vectors, p50": {_SMALL: 20, _LARGE: 60},
    "search, words and vectors, p95": {_SMALL: 60, _LARGE: 200},
    "search within limits, p95": {_SMALL: 60},
    "as you type, p95": {_SMALL: 16},
    "start to the first search by words": {_SMALL: 1, _LARGE: 1},
    "sketch of the vectors": {_SMALL: 6.4, _LARGE: 64},
}
_MAIL_LEAST = {
    "mail, speed: homebody / notmuch": 8.0,
    "mail, speed: homebody / mu": 5.0,
    "summary, while mail is indexed / alone": 0.9,
    "vectors: recall@10 of exact search": 0.97,
}
_MAIL_MOST = {
    "mail, memory: homebody / the leanest": 0.4,
    "mail, index: homebody / mu": 0.8,
    "mail, nothing changed: homebody / mu": 0.25,
}


def beside(figure: Figure, *, passages: int = 0) -> Figure:
    """``figure`` with its target in ``how``, and whether it is met; as it is where there is none.

    The store's targets hold for so many passages and fewer.
    """
    most = _MAIL_MOST.get(figure.name)
    of_store = _STORE.get(figure.name, {})
    if passages and (sizes := [size for size in of_store if size >= passages]):
        most = of_store[min(sizes)]
    least = _MAIL_LEAST.get(figure.name)
    if most is None and least is None:
        return figure
    met = figure.value <= most if most is not None else figure.value >= (least or 0)
    target = f"target: {f'at most {most:g}' if most is not None else f'at least {least:g}'}"
    told = f"{target}, {'met' if met else 'not met'}"
    return msgspec.structs.replace(figure, how=f"{figure.how}; {told}" if figure.how else told)
