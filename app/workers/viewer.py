"""The viewer process: a small upright picture of a file, under a reader's limits, for one request."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from app.core.errors import HomebodyError
from app.workers.sandbox import Limits
from app.workers.service import Service
from indexers import pixels

LIMITS = Limits(memory=1536 * 1024 * 1024, cpu=10, wall=15.0, writes=False)


class Viewer(Protocol):
    def picture(self, *, path: str, side: int) -> bytes:
        """A JPEG of at most ``side`` pixels on its long side. Raises HomebodyError for what is no picture."""
        ...


class _Viewer:
    """Implements :class:`Viewer`."""

    def picture(self, *, path: str, side: int) -> bytes:
        try:
            return pixels.thumbnail(Path(path), side=side)
        except pixels.Unusable as error:
            raise HomebodyError(f"it cannot be shown: {error}", where=path) from error


def service(config: dict[str, Any]) -> Service:
    return Service({Viewer: _Viewer()})
