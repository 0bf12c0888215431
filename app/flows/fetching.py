"""What a yes to fetching a model does: a courier for this one file, and gone after it.

The courier writes the file itself; no other process has a network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

from app.core.errors import Refused
from app.core.types import Fetching
from app.courier.download import Hub
from app.flows.context import Home
from app.model import catalog


def fetch(home: Home, count: Callable[[int], None], url: str, path: str) -> Iterator[Fetching]:
    """``count`` hears how many bytes were sent so far. Raises Refused for what the catalog does not have."""
    hub = home.setting("model.endpoint")
    entry = next((e for e in catalog.entries().values() if e.repository and e.url(hub) == url), None)
    if entry is None or str(entry.place(home.paths)) != path:
        raise Refused(
            "the catalog or the hub's address has changed since you said yes",
            where=url,
            remedy="ask for it again",
        )
    courier = home.courier()
    try:
        with closing(
            courier.stream(Hub.fetch, url=url, path=path, sha256=entry.sha256, size=entry.size)
        ) as steps:
            for step in steps:
                count(step.sent)
                if isinstance(step, Fetching):
                    yield step
    finally:
        courier.stop()
