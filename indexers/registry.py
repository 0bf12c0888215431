"""Which sources there are: every module of this package that can scan and read; its name is its key."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Protocol, cast

import indexers
from indexers import _files
from indexers.item import Item, Skipped, Unit

_NO_SOURCES = ("item", "pixels", "registry")
_SAMPLE = 300  # files of a folder that are looked at


class Source(Protocol):
    """What an indexer module offers."""

    def scan(self, root: Path) -> Iterator[Unit | Skipped]: ...

    def read(self, path: Path) -> Iterator[Item | Skipped]: ...

    def likely(self, path: Path, head: bytes) -> int: ...


def concerned(name: str, root: Path, changed: Path) -> Path | None:
    """What of the source at ``root`` is to be scanned again where ``changed`` did; None where nothing is.

    The whole of it, unless the indexer says less.
    """
    module = load(name)
    return module.concerned(root, changed) if hasattr(module, "concerned") else root


def passes_over(name: str) -> bool:
    """Whether a piece of a file that ends its reader can be found and passed over."""
    return hasattr(load(name), "warily")


@cache
def sources() -> tuple[str, ...]:
    """The names of all sources, in alphabetical order; none is imported for this."""
    names = (module.name for module in pkgutil.iter_modules(indexers.__path__) if module.name[0] != "_")
    return tuple(sorted(name for name in names if name not in _NO_SOURCES))


def load(name: str) -> Source:
    """The indexer called ``name``; LookupError, with the names there are, if there is none."""
    if name not in sources():
        raise LookupError(f"no source is called “{name}”; there are {', '.join(sources())}")
    return cast(Source, importlib.import_module(f"indexers.{name}"))


def sniff(path: Path) -> str | None:
    """The source a file or folder most likely belongs to, or None where no source knows it."""
    if path.is_dir() and (path / "cur").is_dir() and (path / "new").is_dir():
        return "mail"
    votes: Counter[str] = Counter()
    seen = 0
    files = (found for found in _files.walk(path, enter_hidden=False) if isinstance(found, Path))
    for seen, found in enumerate(islice(files, _SAMPLE), start=1):  # noqa: B007 - counted after the loop
        if name := _source_of(found):
            votes[name] += 1
    best, count = votes.most_common(1)[0] if votes else ("", 0)
    return best if count * 10 >= seen > 0 else None


def _source_of(path: Path) -> str | None:
    try:
        head = _files.head(path)
    except OSError:
        return None
    scores = {name: load(name).likely(path, head) for name in sources() if hasattr(load(name), "likely")}
    best = max(scores, key=lambda name: scores[name], default="")
    return best if best and scores[best] else None
