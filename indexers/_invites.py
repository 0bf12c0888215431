"""Invites in mails: the calendar parts of a message become the events they are about (RFC 6047)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from indexers import _documents, _mime
from indexers.item import Item, Skipped

if TYPE_CHECKING:  # icalendar takes a third of a second to import, and few mails are invites
    from indexers._ics import Calendars

MAX_PARTS = 10  # of one mail
_ABOUT_AN_EVENT = frozenset(("REPLY", "COUNTER", "REFRESH", "DECLINECOUNTER"))  # they do not say what it is


class Invites:
    """What the calendar parts of a mail hold; ``numbers`` are those of the attachments that are told thus."""

    def __init__(self, content: _mime.Content) -> None:
        self.numbers: set[int] = set()
        self.uris: tuple[str, ...] = ()
        self._found: list[tuple[int, Calendars]] = []
        for number, attached in enumerate(content.attached, start=1):
            if (
                _documents.kind(attached.content_type, attached.name) == "ics"
                and len(self._found) < MAX_PARTS
            ):
                self._add(number, attached)

    def _add(self, number: int, attached: _mime.Attached) -> None:
        from indexers import _ics, calendar

        if attached.text is not None:
            return
        data = _mime.payload_of(attached.part)
        charset = (_mime.charset_of(attached.part) or "utf-8").lower()
        if charset not in ("utf-8", "us-ascii"):
            data = _mime.text_of(attached.part).encode()
        found = _ics.parse(data)
        named = [calendar.event_uri(event) for event in found.events if event.uid]
        self.uris = tuple(dict.fromkeys((*self.uris, *named)))
        if found.events and found.method not in _ABOUT_AN_EVENT:
            self.numbers.add(number)
            self._found.append((number, found))

    def items(self, mail: Item) -> Iterator[Item | Skipped]:
        """The events, each once; each links to the mail."""
        if not self._found:
            return
        from indexers import calendar
        from indexers._recurrence import Budget

        told, budget = set[str](), Budget()
        for number, found in self._found:
            uri = f"{mail.uri}#{number}"
            for item in calendar.events(found, uri=uri, path=mail.path, own=False, budget=budget):
                if item.uri in told:
                    continue
                told.add(item.uri)
                yield _linked(item, mail) if isinstance(item, Item) else item


def _linked(event: Item, mail: Item) -> Item:
    from indexers._text import seal

    return seal(msgspec.structs.replace(event, links=(*event.links, mail.uri)))
