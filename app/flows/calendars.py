"""Events of our own in a calendar elsewhere: written and removed by a courier, and in the index at once.

They are sealed (:mod:`app.core.own`) with a key that only this store has, and looked at before they are
touched again, so that nothing but what Homebody made is ever changed there.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from urllib.parse import unquote, urlsplit

from app.actions import contract
from app.core import own
from app.core.accounts import Account, parse, same_path
from app.core.errors import HomebodyError, Refused
from app.core.types import CalendarState, SourceState
from app.courier.own import Kept, OwnEvents
from app.flows import tokens
from app.flows.context import Home
from app.store.cursors import Cursors
from app.store.index import Batch
from app.workers.unpacker import Paper, Unpacker
from app.workers.worker import Caller
from indexers.item import Unit

SEAL = "own events"  # the name that the key is kept under
_sealing = threading.Lock()  # two deeds at once make one key


def chosen(home: Home) -> str:
    """The address of the calendar that new events go to; empty where they go to a folder.

    Where the setting names an account, its one calendar. Raises Refused where that is not one, or none of
    an account that is read.
    """
    address = home.setting("actions.calendar")
    if "://" not in address:
        return ""
    account = parse("caldav", address)
    known = _known(home, account)
    if not known:
        if _sources(home, account):
            return account.url  # its calendars were not looked at yet
        raise Refused(
            "new events go to an account that Homebody does not read",
            where=str(account),
            remedy="homebody sources add caldav, or another actions.calendar",
        )
    if (address := account.root + same_path(account.place)) in known:
        return address
    if len(known) == 1:
        return next(iter(known))
    raise Refused(
        "which calendar are new events for?",
        where=str(account),
        remedy="set actions.calendar to one of: " + ", ".join(known),
    )


def listed(home: Home) -> tuple[CalendarState, ...]:
    """Every calendar of the accounts that are read."""
    now = ""
    with contextlib.suppress(HomebodyError):  # where it is not one of them none is chosen
        now = chosen(home)
    found: dict[str, SourceState] = {}
    for source in home.index.sources():
        if source.kind == "caldav":
            found |= _known(home, parse(source.kind, source.path))
    return tuple(CalendarState(address=one, name=_name(home, one), chosen=one == now) for one in found)


def _name(home: Home, address: str) -> str:
    """With its account: most have one that is called "Home"."""
    account = parse("caldav", address)
    last = unquote(account.place.rstrip("/").rpartition("/")[2])
    return f"{home.agenda.calendar(address) or last} ({account})"


def _sources(home: Home, account: Account) -> list[SourceState]:
    sources = (one for one in home.index.sources() if one.kind == "caldav")
    return [one for one in sources if parse(one.kind, one.path).root == account.root]


def _known(home: Home, account: Account) -> dict[str, SourceState]:
    """The addresses of the account's calendars that are read, each with its source."""
    found: dict[str, SourceState] = {}
    for source in _sources(home, account):
        for url in Cursors(home.index.db).all(source.id):
            parts = urlsplit(url)
            if parts.hostname == account.host:
                found[account.root + same_path(parts.path)] = source
    return found


def _covering(home: Home, account: Account) -> SourceState | None:
    """The source that reads this very calendar."""
    return _known(home, account).get(account.root + same_path(account.place))


class OwnCalendar:
    """Implements :class:`app.actions.contract.Events`; ``count`` hears how many bytes were sent."""

    def __init__(self, home: Home, count: Callable[[int], None]) -> None:
        self._home, self._count = home, count

    def uid(self) -> str:
        return own.new_uid(self._seal())

    def create(self, calendar: str, uid: str, data: bytes) -> contract.Kept:
        account = parse("caldav", calendar)
        with self._courier(account) as (courier, secret):
            self._count(len(data))  # from here on it may have left, whatever goes wrong
            made = courier.call(
                OwnEvents.create, account=account, secret=secret, seal=self._seal(), uid=uid, data=data
            )
        self._count(made.sent)
        self._show(account, made)
        return contract.Kept(calendar=account.url, name=made.name, etag=made.etag)

    def remove(self, kept: contract.Kept) -> None:
        account = parse("caldav", kept.calendar)
        with self._courier(account) as (courier, secret):
            sent = courier.call(
                OwnEvents.remove,
                account=account,
                secret=secret,
                seal=self._seal(),
                name=kept.name,
                etag=kept.etag,
            )
        self._count(sent)
        if source := _covering(self._home, account):
            self._home.index.drop_units(source.id, [account.root + kept.name])

    @contextlib.contextmanager
    def _courier(self, account: Account) -> Iterator[tuple[Caller, str]]:
        """One for this deed, and gone after it."""
        secret = tokens.secret(self._home, account)
        if not secret:
            raise Refused(
                "the calendar is of an account that Homebody does not read",
                where=str(account),
                remedy="homebody sources add caldav",
            )
        courier = self._home.courier()
        try:
            yield courier, secret
        finally:
            courier.stop()

    def _seal(self) -> str:
        with _sealing:
            kept = self._home.secrets.get(SEAL)
            if not kept:
                kept = own.new_key()
                self._home.secrets.keep(SEAL, kept)
            return kept

    def _show(self, account: Account, made: Kept) -> None:
        """Into the index, as the next visit would bring it; where that fails the next visit does."""
        source = _covering(self._home, account)
        if source is None:
            return
        path = account.root + made.name
        paper = Paper(path=path, data=made.data, size=len(made.data), folder=made.calendar)
        with contextlib.suppress(HomebodyError):
            read = self._home.reader.stream(Unpacker.unpack, source="calendar", papers=(paper,))
            with contextlib.closing(read) as parts:
                batch = [
                    Batch(unit=Unit(path=path, stamp=made.etag or "-"), items=one.items, skipped=one.skipped)
                    for some in parts
                    for one in some
                ]
            self._home.index.put_many(source.id, batch)
