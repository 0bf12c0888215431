"""What a courier can be asked of an account elsewhere: what there is, what changed, and to listen for more.

One contract for mailboxes and calendars. A collection (a folder, a calendar) has a ``state`` that
differs when something in it did; its members have names and stamps. No network library is imported
here, so that those who ask need none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

import msgspec

from app.core.accounts import Account
from app.core.types import Record, Step
from app.courier.held import Held

PIECE = 256 * 1024  # bytes of members that travel at once
NAMES = 5_000  # of members that travel at once
LARGEST = 25_000_000  # bytes of a member; of a larger mail only the headers come


class Collection(Record, frozen=True, kw_only=True):
    """A folder or a calendar. ``key`` is its name to the server, ``prefix`` begins its members' names."""

    key: str
    title: str
    prefix: str
    state: str  # the same as the last time: nothing has changed


class Member(Record, frozen=True, kw_only=True):
    """One mail or event, or a piece of one: ``last`` where no more of it follows.

    ``stamp`` is the flags of a mail, the ETag of an event; empty for one that is there but that the server
    does not hand out, and ``why`` that is. ``size`` counts all bytes of it, also where only the headers came;
    ``arrived`` is when the server got it, as in mail headers.
    """

    name: str
    stamp: str
    data: bytes = b""
    size: int = 0
    arrived: str = ""
    last: bool = True
    why: str = ""


class Brought(Step, frozen=True, kw_only=True):
    """New members, and those whose content changed."""

    members: tuple[Member, ...]
    total: int = 0  # how many there are to come in all


class Marked(Step, frozen=True, kw_only=True):
    """Members whose stamp changed and nothing else: a mail was read, or flagged."""

    stamps: dict[str, str]


class Level(Step, frozen=True, kw_only=True):
    """The end: whoever took all of it has the collection as it was in ``state``; ``gone`` are no more.

    Of those no stamp is told.
    """

    state: str
    gone: Held = Held()
    sent: int = 0  # bytes, of this call
    received: int = 0


class Still(Step, frozen=True, kw_only=True):
    """A sign of life, and nothing new."""


class Stirred(Step, frozen=True, kw_only=True):
    """Something changed in the account."""


class Remote(Protocol):
    """All raise HomebodyError with one clear reason; nothing at the account is ever changed by them."""

    def survey(self, *, account: Account, secret: str) -> tuple[Collection, ...]:
        """What there is to read, without what nobody wants read: trash, junk, and copies of the rest.

        Raises Refused for a wrong password and for a certificate that cannot be trusted.
        """
        ...

    def sync(
        self, *, account: Account, secret: str, collection: Collection, state: str, held: Held
    ) -> Iterator[Brought | Marked | Still | Level]:
        """What turns ``held`` (an empty stamp for what is wanted anew) into what is there now.

        ``state`` is that of the last :class:`Level`, or empty.
        """
        ...

    def listen(
        self, *, account: Account, secret: str, states: dict[str, str], every: float
    ) -> Iterator[Still | Stirred]:
        """Until closed: say when a collection's state is another than in ``states`` (key → state), then
        whenever one changes. Where the server cannot tell, it is asked ``every`` so many seconds, less
        often where that is too much for it. What fails now and then is borne, except at the start.
        """
        ...


class Paced(Protocol):
    def pace(self, *, every: float) -> None:
        """From now on calendars that are listened to are asked every so many seconds."""
        ...


def packed(members: Iterable[Member], total: int) -> Iterator[Brought]:
    """Members in steps of about :data:`PIECE` bytes; what is larger goes in pieces."""
    waiting: list[Member] = []
    size = 0
    for member in members:
        for at in range(0, max(1, len(member.data)), PIECE):
            piece = member.data[at : at + PIECE]
            last = member.last and at + PIECE >= len(member.data)
            waiting.append(msgspec.structs.replace(member, data=piece, last=last))
            size += len(piece)
            if size >= PIECE:
                yield Brought(members=tuple(waiting), total=total)
                waiting, size = [], 0
    if waiting:
        yield Brought(members=tuple(waiting), total=total)
