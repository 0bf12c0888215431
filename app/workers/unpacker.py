"""What the reader process does with what a courier fetched: the same parsing, of bytes instead of files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from app.workers.reader import Part
from indexers import _pulse
from indexers._paper import Paper
from indexers.item import Item, Skipped

__all__ = ["Paper", "Papers", "Unpacker"]


class Unpacker(Protocol):
    def unpack(self, *, source: str, papers: tuple[Paper, ...]) -> Iterator[tuple[Part, ...]]:
        """What each of them holds, one :class:`Part` for each, in their order."""
        ...


class Papers:
    """Implements :class:`Unpacker` with the modules of ``indexers``."""

    def unpack(self, *, source: str, papers: tuple[Paper, ...]) -> Iterator[tuple[Part, ...]]:
        try:
            for paper in papers:
                _pulse.begin()
                yield (_part(source, paper),)
        finally:
            _pulse.end()


def _part(source: str, paper: Paper) -> Part:
    """A fault of its parser is the paper's, and is named."""
    from indexers import _attached  # here, as who only asks a reader needs no parsers
    from indexers._afar import read

    items: list[Item] = []
    skipped: list[Skipped] = []
    pictures: dict[str, bytes] = {}
    try:
        for found in read(source, paper):
            (items if isinstance(found, Item) else skipped).append(found)  # type: ignore[arg-type]
        pictures = _attached.pictures(paper.data, items)
    except MemoryError:
        skipped.append(Skipped(uri=paper.path, reason="needs more memory than a reader may use"))
    except Exception as error:  # a parser tripped over it
        reason = f"damaged, or made in a way that is not known here ({type(error).__name__})"
        skipped.append(Skipped(uri=paper.path, reason=reason))
    return Part(items=tuple(items), skipped=tuple(skipped), pictures=pictures)
