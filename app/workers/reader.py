"""The reader process: parses hostile files with the indexers, under limits and without a network."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Protocol, cast

import msgspec

from app.core.errors import HomebodyError
from app.workers.sandbox import Limits
from app.workers.service import Service
from indexers import _pulse
from indexers._content import Unreadable
from indexers._discover import Candidate, candidates
from indexers.item import Item, Mark, Skipped, Unit
from indexers.registry import Source, load, sources

MiB = 1024 * 1024
# Address space, which resident memory stays far below; ``_pulse`` limits the processor time of each file,
# and the wall is for a disk that does not answer: a starved machine needs long for little, too.
LIMITS = Limits(memory=1536 * MiB, wall=90.0, nice=10, writes=False)

# What is read goes out in pieces of about this size, or whatever there is after so long.
_FILES, _CHARS, _SECONDS = 64, 500_000, 0.05
_LISTED, _SIGN_S = 500, 0.5


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What one file holds, or some of it: ``last`` where nothing more of that file follows.

    Of a file that is read in portions, ``cursor`` is the mark up to which all was given; ``fresh`` says
    that it was begun from its beginning, ``alone`` that one piece follows before the next mark.
    ``pictures``: uri → bytes of what is to be looked at and lies nowhere on this computer.
    """

    items: tuple[Item, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    last: bool = True
    cursor: str = ""
    fresh: bool = False
    alone: bool = False
    pictures: dict[str, bytes] = {}


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where to go on in a file, which may have ``grown`` since.

    ``wary`` is why a reader of it was ended: what was read is told before each piece of it; ``over``: the
    piece at the cursor is the one at fault, and is passed over.
    """

    cursor: str
    grown: bool = False
    wary: str = ""
    over: bool = False


class Reader(Protocol):
    def discover(self, *, home: str) -> Iterator[Candidate]:
        """What of a person's might become a source; nothing is opened."""
        ...

    def scan(self, *, source: str, root: str) -> Iterator[tuple[Unit | Skipped, ...]]:
        """The files under ``root`` that belong to ``source``."""
        ...

    def read(
        self, *, source: str, paths: tuple[str, ...], places: dict[str, Place] = ...
    ) -> Iterator[tuple[Part, ...]]:
        """What each file holds, one after another in the order of ``paths``; large ones from a place on."""
        ...

    def attached(self, *, path: str, offset: int, size: int, number: int) -> bytes:
        """The bytes of what is attached to the mail at ``offset``. Raises HomebodyError where it is not."""
        ...


class _Indexers:
    """Implements :class:`Reader` with the modules of ``indexers``."""

    def discover(self, *, home: str) -> Iterator[Candidate]:
        return candidates(Path(home), sources())

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

    def read(
        self, *, source: str, paths: tuple[str, ...], places: dict[str, Place]
    ) -> Iterator[tuple[Part, ...]]:
        module = load(source)  # no file's time
        _keep_loaded()
        parts: list[Part] = []
        chars, since = 0, time.monotonic()
        try:
            for path in paths:
                _pulse.begin()
                place = places.get(path)
                wary = place is not None and bool(place.wary)
                for part in _parts(module, path, place):
                    parts.append(part)
                    for item in part.items:
                        chars += len(item.text)
                    if wary or len(parts) >= _FILES or chars >= _CHARS or time.monotonic() - since > _SECONDS:
                        yield tuple(parts)
                        _pulse.beat()
                        parts, chars, since = [], 0, time.monotonic()
        finally:
            _pulse.end()
        if parts:
            yield tuple(parts)

    def attached(self, *, path: str, offset: int, size: int, number: int) -> bytes:
        from indexers import _attached  # here, as who only asks a reader needs no parsers

        _pulse.begin()
        try:
            return _attached.again(Path(path), offset=offset, size=size, number=number)
        except (OSError, Unreadable) as error:
            raise HomebodyError(f"what was attached cannot be read: {error}", where=path) from error
        finally:
            _pulse.end()


@cache
def _keep_loaded() -> None:
    """Once: what was loaded stays, as app.workers.child does it for what is there at the start."""
    gc.freeze()


class _Reading:
    """What has gathered of one file, and when it is to go out."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.skipped: list[Skipped] = []
        self.cursor, self.fresh, self.alone = "", False, False
        self._chars, self._since = 0, time.monotonic()

    def add(self, found: Item | Skipped) -> None:
        if isinstance(found, Item):
            self.items.append(found)
            self._chars += len(found.text)
        else:
            self.skipped.append(found)

    @property
    def due(self) -> bool:
        return self._chars >= _CHARS or time.monotonic() - self._since > _SECONDS

    def part(self, *, last: bool = False) -> Part:
        items, skipped = tuple(self.items), tuple(self.skipped)
        return Part(
            items=items,
            skipped=skipped,
            last=last,
            cursor=self.cursor,
            fresh=self.fresh,
            alone=self.alone,
        )


def _parts(module: Source, path: str, place: Place | None) -> Iterator[Part]:
    """The file's items in pieces; a fault of its parser is the file's, and is named."""
    reading = _Reading()
    try:
        with contextlib.closing(_found(module, path, place)) as listing:
            for found in listing:
                if isinstance(found, Mark):
                    _pulse.again()
                    reading.cursor, reading.fresh, reading.alone = found.cursor, not found.cursor, found.alone
                else:
                    reading.add(found)
                if reading.due or isinstance(found, Mark):
                    yield reading.part()
                    reading = _Reading()
    except MemoryError:
        reading.add(Skipped(uri=Path(path).as_uri(), reason="needs more memory than a reader may use"))
    except Exception as error:  # a parser tripped over the file
        reason = f"damaged, or made in a way that is not known here ({type(error).__name__})"
        reading.add(Skipped(uri=Path(path).as_uri(), reason=reason))
    yield reading.part(last=True)


def _found(source: Source, path: str, place: Place | None) -> Any:
    module, file = cast(Any, source), Path(path)
    if place is not None and place.wary and hasattr(module, "warily"):
        return module.warily(file, place.cursor, grown=place.grown, why=place.wary, over=place.over)
    if hasattr(module, "portions") and (place is not None or module.large(file)):
        return module.portions(file, place.cursor if place else "", grown=place is not None and place.grown)
    return module.read(file)


def service(config: dict[str, Any]) -> Service:
    from app.workers.unpacker import Papers, Unpacker

    return Service({Reader: _Indexers(), Unpacker: Papers()})
