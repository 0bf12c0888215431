"""Show: vectors of what pictures show, and the pictures that show what a question is about.

Only where the person has got a model for it: without one nothing of this happens.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.core.errors import HomebodyError
from app.core.paths import there
from app.flows.context import Home
from app.model import catalog
from app.model.contract import Gallery, Vectors
from app.model.supervisor import GALLERY
from app.store.wishes import Wish

PENDING = 2_000  # pictures that are listed at once
PORTION = 8  # of them that are looked at in one call
NEAREST = 40


def embed(home: Home) -> Iterator[None]:
    """Once after each portion of pictures; nothing without a model.

    Those that are away wait for another run.
    """
    found = catalog.gallery(home.paths)
    if found is None:
        return
    store, model = home.searcher.pictures, found.key
    away: set[int] = set()
    while wanting := [one for one in store.pending(model, PENDING + len(away)) if one[0] not in away]:
        away.update(id for id, path in wanting if not there(path))
        here = [one for one in wanting if one[0] not in away]
        for at in range(0, len(here), PORTION):
            part = here[at : at + PORTION]
            paths = tuple(path for _, path in part)
            try:
                vectors, which = home.specialists.gallery().call(Gallery.pictures, paths=paths)
            except HomebodyError:
                return  # no memory for it, or its files are damaged: the next run tries again
            seen = [part[n][0] for n in which]
            without = [id for id, _ in part if id not in seen]
            store.add(seen, _matrix(vectors), without=without, model=model)
            yield


def near(home: Home, query: str, wishes: tuple[Wish, ...]) -> dict[int, float]:
    """Passages of the pictures that show what is asked for, and how far each does: 1 for the best.

    Its model takes seconds to start, so who asks for no picture gets this only while it is there.
    """
    found = catalog.gallery(home.paths)
    if found is None or not (home.specialists.keeper.all[GALLERY].pid or _asks_for_pictures(wishes)):
        return {}
    store = home.searcher.pictures
    if not store.any(found.key):
        return {}
    try:
        vectors = home.specialists.gallery().call(Gallery.words, texts=(query,))
    except HomebodyError:
        return {}  # words and texts answer
    return store.near(_matrix(vectors)[0], found.key, NEAREST)


def _asks_for_pictures(wishes: tuple[Wish, ...]) -> bool:
    return any("photo" in wish.kinds for wish in wishes)


def _matrix(vectors: Vectors) -> np.ndarray:
    return np.frombuffer(vectors.data, dtype="<f4").reshape(vectors.count, vectors.dim)
