"""The reader process: parses hostile files with the indexers, under limits and without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from app.core.errors import HomebodyError
from app.workers.sandbox import Limits
from app.workers.service import Service
from indexers.item import Item, Skipped, Unit
from indexers.registry import load

MiB = 1024 * 1024
LIMITS = Limits(memory=1536 * MiB, wall=30.0, nice=10, writes=False)


class Reader(Protocol):
    def scan(self, *, source: str, root: str) -> Iterator[Unit | Skipped]:
        """The files under ``root`` that belong to ``source``."""
        ...

    def read(self, *, source: str, path: str) -> Iterator[Item | Skipped]:
        """What one file holds."""
        ...


class _Indexers:
    """Implements :class:`Reader` with the modules of ``indexers``."""

    def scan(self, *, source: str, root: str) -> Iterator[Unit | Skipped]:
        yield from load(source).scan(Path(root))

    def read(self, *, source: str, path: str) -> Iterator[Item | Skipped]:
        try:
            yield from load(source).read(Path(path))
        except HomebodyError:
            raise
        except MemoryError:
            yield Skipped(uri=Path(path).as_uri(), reason="needs more memory than a reader may use")
        except Exception as error:  # a parser tripped over the file: the file is at fault, and is named
            yield Skipped(uri=Path(path).as_uri(), reason=f"could not be parsed: {type(error).__name__}")


def service(config: dict[str, Any]) -> Service:
    return Service({Reader: _Indexers()})
