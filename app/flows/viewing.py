"""View: small upright versions of stored pictures, made by a process that nobody else depends on.

Whoever shows them gets pixels, so that a stranger's file is decoded in that process alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.core.errors import HomebodyError, UsageFault, WorkerDied
from app.core.library import Picture, Thumbnail
from app.core.paths import there
from app.flows.context import Home
from app.workers.viewer import LIMITS, Viewer
from app.workers.worker import Worker

SIDE = 1_000  # pixels: for a pane beside the answer, on a screen of twice the usual density
THUMB = 192
_ONE_PROCESS = 24  # pictures, so that its seconds suffice


def picture(home: Home, *, uri: str) -> Picture:
    """Raises NotFound for an item there is not, and HomebodyError for what cannot be shown."""
    path = _path(home, uri)
    if not path:
        raise UsageFault("that is no picture", where=uri, remedy="choose a photo")
    viewer = _viewer()
    try:
        return viewer.call(Viewer.picture, path=path, side=SIDE)
    finally:
        viewer.stop()


def thumbnails(home: Home, *, uris: tuple[str, ...], side: int = THUMB) -> Iterator[Thumbnail]:
    """One for each of ``uris``, in their order; a file that kills the process costs the others nothing."""
    viewer = _viewer()
    try:
        for n, uri in enumerate(uris, 1):
            yield Thumbnail(uri=uri, picture=_small(home, viewer, uri, side))
            if n % _ONE_PROCESS == 0:
                viewer.stop()
    finally:
        viewer.stop()


def _small(home: Home, viewer: Worker, uri: str, side: int) -> Picture | None:
    """Tried again where the process died: those before may have used up its time."""
    try:
        path = _path(home, uri)
        if not path or not there(path):
            return None
        try:
            return viewer.call(Viewer.picture, path=path, side=side)
        except WorkerDied:
            return viewer.call(Viewer.picture, path=path, side=side)
    except HomebodyError:
        return None


def _path(home: Home, uri: str) -> str:
    """Of a photo's file, empty for anything else."""
    item = home.index.item(uri)
    return item.path if item.kind == "photo" else ""


def _viewer() -> Worker:
    return Worker("viewer", "app.workers.viewer:service", limits=LIMITS)
