"""The viewer process: small upright pictures of files, as pixels, under a reader's limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from app.core.errors import HomebodyError
from app.core.library import Picture
from app.workers.sandbox import Limits
from app.workers.service import Service

LIMITS = Limits(memory=1536 * 1024 * 1024, cpu=10, wall=15.0, writes=False)


class Viewer(Protocol):
    def picture(self, *, path: str, side: int) -> Picture:
        """At most ``side`` pixels on its long side. Raises HomebodyError for what is no picture."""
        ...


class _Viewer:
    """Implements :class:`Viewer`. What decodes pictures is loaded here alone: others only ask for them."""

    def __init__(self) -> None:
        from indexers import pixels

        self._pixels = pixels

    def picture(self, *, path: str, side: int) -> Picture:
        try:
            image = self._pixels.upright(Path(path), side=side)
            return Picture(width=image.width, height=image.height, rgb=image.convert("RGB").tobytes())
        except (self._pixels.Unusable, OSError) as error:
            raise HomebodyError(f"it cannot be shown: {error}", where=path) from error


def service(config: dict[str, Any]) -> Service:
    return Service({Viewer: _Viewer()})
