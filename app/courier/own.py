"""What a courier can be asked to write: events that Homebody made, at a calendar account, and nothing else.

Whether an event is ours is looked up at the server and in its sealed UID (:mod:`app.core.own`), whatever
the caller says. No network library is imported here.
"""

from __future__ import annotations

from typing import Protocol

from app.core.accounts import Account
from app.core.types import Record


class Kept(Record, frozen=True, kw_only=True):
    """An event as the server has it now: what a visit calls it, and how its calendar is called.

    ``etag`` is empty where the server gives none: then it can neither be changed nor removed from here.
    """

    name: str
    calendar: str
    etag: str
    data: bytes
    sent: int = 0  # bytes, of this call


class OwnEvents(Protocol):
    """``account.place`` is the path of the calendar; ``seal`` the key that our UIDs are sealed with.

    All raise Refused for an event that is not ours, and where it was changed by somebody else since
    (``etag``); HomebodyError with one clear reason where the server cannot be reached.
    """

    def create(self, *, account: Account, secret: str, seal: str, uid: str, data: bytes) -> Kept:
        """Write a new event (an iCalendar object with this UID alone), never over another."""
        ...

    def change(self, *, account: Account, secret: str, seal: str, name: str, etag: str, data: bytes) -> Kept:
        """Write other data with the same UID in its place."""
        ...

    def remove(self, *, account: Account, secret: str, seal: str, name: str, etag: str) -> int:
        """Returns the bytes sent; raises NotFound where it is not there any more."""
        ...
