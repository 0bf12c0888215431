"""What a courier can do for `homebody serve`: hold a door open on this computer and pass requests in.

The process behind the door knows HTTP and nothing else; who opened it decides what is answered. No
network library is imported here, so that those who call a courier need none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from app.core.types import Step


class Opened(Step, frozen=True, kw_only=True):
    """The door is open on ``port`` of the loopback interface; said again now and then."""

    port: int


class Asked(Step, frozen=True, kw_only=True):
    """A request with the right token. It waits for :meth:`Door.reply` with its ``id``."""

    id: int
    method: str
    path: str
    body: bytes


class Left(Step, frozen=True, kw_only=True):
    """Who asked ``id`` has gone; nobody reads the rest."""

    id: int


class Door(Protocol):
    def open(self, *, port: int, token: str) -> Iterator[Opened | Asked | Left]:
        """Listen on 127.0.0.1 until closed; ``port`` 0 takes a free one.

        Requests without ``token`` as their bearer are answered here and never seen. Raises
        HomebodyError where the port is taken.
        """
        ...

    def reply(self, *, id: int, status: int, kind: str, data: bytes, last: bool) -> None:
        """Send ``data``; the first call for an ``id`` sends ``status`` and ``kind`` (a MIME type) too.

        One reply may come in many pieces, of which the last is marked. To a client that has gone
        nothing is sent, and that is no fault.
        """
        ...
