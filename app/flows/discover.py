"""What is on this machine that could be read: looked for in a reader process, and only told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from app.core.types import Candidate
from app.flows.context import Home
from app.workers.reader import Reader


def discover(home: Home) -> Iterator[Candidate]:
    """The person's home folder and the well-known places in it; what is a source already says so."""
    known = {(source.kind, Path(source.path)) for source in home.index.sources()}
    with closing(home.reader.stream(Reader.discover, home=str(Path.home()))) as found:
        for one in found:
            place = Path(one.path).resolve()
            inside = any((one.kind, folder) in known for folder in (place, *place.parents))
            yield Candidate(**msgspec.structs.asdict(one), known=inside)
