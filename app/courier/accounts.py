"""Accounts of every kind: to each question its protocol."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.accounts import Account
from app.courier.caldav import CalDav
from app.courier.held import Held
from app.courier.imap import Imap
from app.courier.pacing import Wanted
from app.courier.remote import Brought, Collection, Level, Marked, Remote, Still, Stirred


class Accounts:
    """Implements :class:`app.courier.remote.Remote` and :class:`app.courier.remote.Paced`."""

    def __init__(self) -> None:
        self._wanted = Wanted()
        self._kinds: dict[str, Remote] = {"imap": Imap(), "caldav": CalDav(self._wanted)}

    def pace(self, *, every: float) -> None:
        self._wanted.every = every

    def survey(self, *, account: Account, secret: str) -> tuple[Collection, ...]:
        return self._kinds[account.kind].survey(account=account, secret=secret)

    def sync(
        self, *, account: Account, secret: str, collection: Collection, state: str, held: Held
    ) -> Iterator[Brought | Marked | Still | Level]:
        kind = self._kinds[account.kind]
        return kind.sync(account=account, secret=secret, collection=collection, state=state, held=held)

    def listen(
        self, *, account: Account, secret: str, states: dict[str, str], every: float
    ) -> Iterator[Still | Stirred]:
        kind = self._kinds[account.kind]
        return kind.listen(account=account, secret=secret, states=states, every=every)
