"""What a courier can be asked to change in a mailbox: drafts of our own, flags of mails, and their folder.

Nothing is sent and nothing deleted but a draft that Homebody itself put there, while it is as it was. Each
verb returns what takes it back. No network library is imported here.
"""

from __future__ import annotations

from typing import Protocol

from app.core.accounts import Account
from app.core.types import Record

ARCHIVE, INBOX = "\\Archive", "INBOX"


class Draft(Record, frozen=True, kw_only=True):
    """One that was put there: its name as a visit calls it, and the SHA-256 of its bytes."""

    name: str
    sha256: str


class Marking(Record, frozen=True, kw_only=True):
    """Flags of one mail, to be set and taken away: ``\\Seen``, ``\\Flagged``, ``\\Answered`` or keywords."""

    name: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class Move(Record, frozen=True, kw_only=True):
    """One mail into the folder ``to``: its title, or :data:`ARCHIVE` for wherever the account keeps those."""

    name: str
    to: str


class OwnMail(Protocol):
    """All raise NotFound for a mail or folder that is not there (any more), Refused for what may not be done.

    A change of several mails is done for those that are left when one of them is gone.
    """

    def keep_draft(self, *, account: Account, secret: str, data: bytes) -> Draft:
        """Put a mail (RFC 5322, with a Message-ID) among the drafts; once, also where the line broke."""
        ...

    def drop_draft(self, *, account: Account, secret: str, draft: Draft) -> None:
        """Remove it again. Raises Refused where it was changed since."""
        ...

    def mark(self, *, account: Account, secret: str, marks: tuple[Marking, ...]) -> tuple[Marking, ...]:
        """Change flags; returns the marks that undo what really changed."""
        ...

    def move(self, *, account: Account, secret: str, moves: tuple[Move, ...]) -> tuple[Move, ...]:
        """Move mails; returns the moves that bring them back, under the names they have now."""
        ...
