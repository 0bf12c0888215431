"""What lies on a server: its bytes as they came from there become items, like those of a file here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from indexers import calendar, mail
from indexers._ics import MAX_BYTES
from indexers._mbox import MAX_MESSAGE, Raw
from indexers._paper import Paper
from indexers.item import Item, Skipped


def read(source: str, paper: Paper) -> Iterator[Item | Skipped]:
    """The items of ``paper``, which are of ``source``: mail or calendar."""
    if source == "mail":
        return mail._read_one(_raw(paper), _Place(paper))
    return _events(paper)


def _raw(paper: Paper) -> Raw:
    size = paper.size if paper.size > MAX_MESSAGE else len(paper.data)
    return Raw(offset=0, size=size, data=paper.data, envelope=f"- {paper.arrived}" if paper.arrived else "")


class _Place(mail._Place):
    """On a server there is one mail at an address."""

    def __init__(self, paper: Paper) -> None:
        self.path, self.many = paper.path, False
        self.mailbox, self.flags = paper.folder, paper.flags

    def uri(self, offset: int) -> str:
        return self.path


def _events(paper: Paper) -> Iterator[Item | Skipped]:
    """Named after the calendar they are in, as those of a file are after the file."""
    if len(paper.data) > MAX_BYTES:
        yield Skipped(uri=paper.path, reason="too large for a calendar")
        return
    stand_in = Path("/").absolute() / f"{paper.folder.replace('/', ' ') or 'calendar'}.ics"
    for found in calendar.unpack(paper.data, stand_in):
        if isinstance(found, Item):
            yield msgspec.structs.replace(found, path=paper.path)
        else:
            uri = found.uri.replace(stand_in.as_uri(), paper.path)
            yield Skipped(uri=uri, reason=found.reason)
