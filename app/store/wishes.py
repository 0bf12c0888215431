"""What a question says of the items it is about, as a wish: what fulfils it rises, the rest stays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

from app.core.types import Scope
from app.store.filters import Filter
from app.store.holdings import epoch
from app.store.passages import fold

_FILES, _CATEGORIES = ("document", "attachment"), ("message", "webpage")
_PART = 0.5  # of a wish is fulfilled by who is named but did not write, and by what was written late


@dataclass(frozen=True)
class Wish:
    """A time [after, before), kinds of items, a person by the words of a name, or a folder: one of them.

    Of files ``endings`` say more closely which, and ``categories`` of messages (by which program) and pages
    (a bookmark). ``addresses`` are those from which the person writes under another name, or none.
    Until ``late`` a time is still written about: the bill for October comes in November.
    """

    after: datetime | None = None
    before: datetime | None = None
    late: datetime | None = None
    kinds: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    folder: str = ""

    def limits(self) -> Filter:
        """What SQL can decide of it."""
        return Filter.of(Scope(after=self.after, before=self.late or self.before, kinds=self.kinds))

    def match(self) -> str:
        """What full text can decide of it."""
        named = " AND ".join(f'people : "{word}"' for word in self.person)
        return " OR ".join((named, *(f'people : "{address}"' for address in self.addresses)))

    def share(self, row: dict[str, Any]) -> float:
        """How far an item fulfils it, 0 … 1."""
        if self.person:
            return self._named(row["people"].split("; "))
        if self.folder:
            return float(self.folder in (fold(part) for part in PurePath(row["path"]).parts[:-1]))
        if self.kinds:
            return self._kind(row) if row["kind"] in self.kinds else 0.0
        if row["at"] is None:
            return 0.0
        begins, ends = row["at"], row["until"] or row["at"]
        after, before, late = epoch(self.after), epoch(self.before), epoch(self.late)
        if after is not None and ends < after:
            return 0.0
        if before is None or begins < before:
            return 1.0
        return _PART if late is not None and begins < late else 0.0

    def _kind(self, row: dict[str, Any]) -> float:
        if self.endings and row["kind"] in _FILES:
            name = row["path"] if row["kind"] == "document" else row["title"]
            return 1.0 if name.lower().endswith(self.endings) else _PART
        if self.categories and row["kind"] in _CATEGORIES:
            return 1.0 if (row["category"] or "").lower() in self.categories else _PART
        return 1.0

    def _named(self, people: list[str]) -> float:
        """The first of an item's people wrote it."""
        words = {fold(word) for word in self.person}
        held = [
            words <= set(re.findall(r"\w+", fold(who.partition("<")[0] or who)))
            or who.rpartition("<")[2].rstrip(">") in self.addresses
            for who in people
        ]
        return 1.0 if held[0] else _PART * any(held)
