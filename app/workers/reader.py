"""The reader process: parses hostile files with the indexers, under limits and without a network."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import msgspec

from app.workers.sandbox import Limits
from app.workers.service import Service
from indexers.item import Item, Skipped, Unit
from indexers.registry import load

MiB = 1024 * 1024
LIMITS = Limits(memory=1536 * MiB, wall=30.0, nice=10, writes=False)

# What is read goes out in pieces of about this size, or whatever there is after so long.
_FILES, _CHARS, _SECONDS = 64, 500_000, 0.05
_LISTED, _SIGN_S = 500, 0.5


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What one file holds, or some of it: ``last`` where nothing more of that file follows."""

    items: tuple[Item, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    last: bool = True


class Reader(Protocol):
    def scan(self, *, source: str, root: str) -> Iterator[tuple[Unit | Skipped, ...]]:
        """The files under ``root`` that belong to ``source``."""
        ...

    def read(self, *, source: str, paths: tuple[str, ...]) -> Iterator[tuple[Part, ...]]:
        """What each file holds, one after another in the order of ``paths``."""
        ...


class _Indexers:
    """Implements :class:`Reader` with the modules of ``indexers``."""

    def scan(self, *, source: str, root: str) -> Iterator[tuple[Unit | Skipped, ...]]:
        some: list[Unit | Skipped] = []
        since = time.monotonic()
        for found in load(source).scan(Path(root)):
            some.append(found)
            if len(some) >= _LISTED or time.monotonic() - since > _SIGN_S:  # a slow disk is no hang
                yield tuple(some)
                some, since = [], time.monotonic()
        if some:
            yield tuple(some)

    def read(self, *, source: str, paths: tuple[str, ...]) -> Iterator[tuple[Part, ...]]:
        parts: list[Part] = []
        chars, since = 0, time.monotonic()
        for path in paths:
            for part in _parts(source, path):
                parts.append(part)
                chars += sum(len(item.text) for item in part.items)
                if len(parts) >= _FILES or chars >= _CHARS or time.monotonic() - since > _SECONDS:
                    yield tuple(parts)
                    parts, chars, since = [], 0, time.monotonic()
        if parts:
            yield tuple(parts)


def _parts(source: str, path: str) -> Iterator[Part]:
    """The file's items in pieces; a fault of its parser is the file's, and is named."""
    items: list[Item] = []
    skipped: list[Skipped] = []
    chars, since = 0, time.monotonic()
    try:
        for found in load(source).read(Path(path)):
            if isinstance(found, Item):
                items.append(found)
                chars += len(found.text)
            else:
                skipped.append(found)
            if chars >= _CHARS or time.monotonic() - since > _SECONDS:
                yield Part(items=tuple(items), skipped=tuple(skipped), last=False)
                items, skipped, chars, since = [], [], 0, time.monotonic()
    except MemoryError:
        skipped.append(Skipped(uri=Path(path).as_uri(), reason="needs more memory than a reader may use"))
    except Exception as error:  # a parser tripped over the file
        reason = f"could not be parsed: {type(error).__name__}"
        skipped.append(Skipped(uri=Path(path).as_uri(), reason=reason))
    yield Part(items=tuple(items), skipped=tuple(skipped))


def service(config: dict[str, Any]) -> Service:
    return Service({Reader: _Indexers()})
