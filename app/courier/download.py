"""What a courier can be asked to fetch: one file of a model hub, into a folder of this computer.

No network library is imported here, so that those who ask need none.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import msgspec

from app.core.errors import HomebodyError
from app.core.types import Fetching, Step

HUBS = ("huggingface.co", "hf.co")  # these and what is under them: the hub and where it keeps its files
SUFFIX = ".part"  # of a file that is not whole yet; beside it a note on what it is part of


class Fetched(Step, frozen=True, kw_only=True):
    """The end: the file is whole, checked, and in its place.

    ``sha256`` is its digest and ``declared`` whether only the hub's word vouches for it; ``sent`` and
    ``received`` count bytes of this run, ``began_at`` those an earlier run had left.
    """

    sha256: str
    size: int
    declared: bool
    sent: int
    received: int
    began_at: int = 0
    seconds: float = 0.0


class Hub(Protocol):
    def fetch(self, *, url: str, path: str, sha256: str = "", size: int = 0) -> Iterator[Fetching | Fetched]:
        """GET ``url`` into the file ``path``, which appears only when it is whole and its digest right.

        With an empty ``sha256`` it is checked against what the hub declares. A run that was cut short
        leaves a part, and the next one goes on from it. Raises HomebodyError with one clear reason,
        Refused for a redirect away from the hub, NoSpace where the disk cannot take it.
        """
        ...


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """What a part is part of: kept beside it, so that another file is never added to it."""

    url: str
    etag: str = ""
    sha256: str = ""
    size: int = 0
    git: str = ""  # where there is no SHA-256: Git's name of the content, as the hub has of small files


def part_of(path: Path) -> tuple[Path, Path]:
    """The part of a file that is being fetched, and the note on it."""
    part = path.with_name(path.name + SUFFIX)
    return part, part.with_name(part.name + ".json")


def forget(path: Path) -> None:
    """Remove what an unfinished fetch of ``path`` has left."""
    for file in part_of(path):
        file.unlink(missing_ok=True)


def read_note(path: Path, url: str) -> Note | None:
    """What is there of ``url`` for ``path``; None where nothing is, or something else."""
    part, file = part_of(path)
    try:
        note = msgspec.json.decode(file.read_bytes(), type=Note)
    except (OSError, msgspec.DecodeError):
        return None
    return note if note.url == url and part.is_file() else None


def spoiled(where: str) -> HomebodyError:
    return HomebodyError(
        "the file that came is not the one that was asked for: its checksum differs",
        where=where,
        remedy="nothing of it was kept; try again later",
    )
