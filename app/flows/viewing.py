"""View: a small upright version of a stored picture, made by a process that is gone after it."""

from __future__ import annotations

from app.core.errors import UsageFault
from app.flows.context import Home
from app.workers.viewer import LIMITS, Viewer
from app.workers.worker import Worker

SIDE = 1_000  # pixels: for a pane beside the answer, on a screen of twice the usual density


def picture(home: Home, *, uri: str) -> bytes:
    """As a JPEG. Raises NotFound for an item there is not, and HomebodyError for what cannot be shown."""
    item = home.index.item(uri)
    if item.kind != "photo" or not item.path:
        raise UsageFault("that is no picture", where=uri, remedy="choose a photo")
    viewer = Worker("viewer", "app.workers.viewer:service", limits=LIMITS)
    try:
        return viewer.call(Viewer.picture, path=item.path, side=SIDE)
    finally:
        viewer.stop()
