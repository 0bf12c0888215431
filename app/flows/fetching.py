"""What a yes to fetching a model does: a courier for this one file, and gone after it.

The courier writes the file itself; no other process has a network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import NamedTuple

from app.core.errors import Refused
from app.core.types import Fetching
from app.courier.download import Hub
from app.flows.context import Home
from app.model import catalog


class _File(NamedTuple):
    """One file of the catalog; ``size`` 0: not known."""

    path: str
    sha256: str
    size: int


def _known(home: Home, hub: str) -> dict[str, _File]:
    """Everything that the catalog has, by its URL."""
    language = {
        entry.url(hub): _File(str(entry.place(home.paths)), entry.sha256, entry.size)
        for entry in catalog.entries().values()
        if entry.repository
    }
    pictures = {
        url: _File(str(place), "", model.size if place.name == model.file else 0)
        for model in catalog.galleries().values()
        for url, place in model.files(home.paths, hub).items()
    }
    return language | pictures


def fetch(home: Home, count: Callable[[int], None], url: str, path: str) -> Iterator[Fetching]:
    """``count`` hears how many bytes were sent so far. Raises Refused for what the catalog does not have."""
    hub = home.setting("model.endpoint")
    known = _known(home, hub).get(url)
    if known is None or known.path != path:
        raise Refused(
            "the catalog or the hub's address has changed since you said yes",
            where=url,
            remedy="ask for it again",
        )
    courier = home.courier()
    try:
        with closing(
            courier.stream(Hub.fetch, url=url, path=path, sha256=known.sha256, size=known.size)
        ) as steps:
            for step in steps:
                count(step.sent)
                if isinstance(step, Fetching):
                    yield step
    finally:
        courier.stop()
