"""Listening to accounts while changes are followed: a courier waits at each, and says when one stirred.

Mailboxes tell by themselves. Calendars do not: they are asked every few seconds while the person uses
Homebody and the computer has mains power, and now and then otherwise.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from types import TracebackType
from typing import NamedTuple, Self

from app.core.accounts import READS, Account, parse
from app.core.errors import HomebodyError, WrongPassword
from app.core.oauth import tokens_of
from app.core.types import SourceState
from app.courier.remote import Paced, Remote, Still, Stirred
from app.flows import tokens
from app.flows.context import Home
from app.flows.manners import AWAY_S, asking
from app.store.cursors import Cursors
from app.workers.worker import Caller

EACH = 16  # accounts that one courier listens to, fewer than its threads: it fetches besides
EVERY_S = AWAY_S  # between two questions to a mailbox whose server cannot tell by itself
_LOOK_S = 5.0
AGAIN_S, RARELY_S = 30.0, 600.0  # before one that could not be read is tried again: at first, at most
_PACE_S = 2.0  # between two looks at whether Homebody is in use
_PAUSES_S = (5.0, 15.0, 60.0, 300.0)  # before it is tried again after it failed; the last one then repeats


class Stir(NamedTuple):
    """Ids of sources to be asked, and the courier that knows the way to them already."""

    sources: frozenset[int]
    courier: Caller


class Listening:
    """While entered, one thread an account; ``stir()`` is called whenever :meth:`take` has something new."""

    def __init__(self, home: Home, stir: Callable[[], None]) -> None:
        self._home, self._stir = home, stir
        self._cursors = Cursors(home.index.db)
        self._guard = threading.Lock()
        self._stirred: set[int] = set()
        self._next: dict[
            int, tuple[float, float]
        ] = {}  # of one with a fault: tried again when, the pause then
        self._refused: set[int] = set()  # asked no more until there is another password: accounts get locked
        self._ended = threading.Event()
        accounts = [source for source in home.index.sources() if source.kind in READS]
        self._couriers = [home.courier() for _ in range(0, max(1, len(accounts)), EACH)]
        self._threads = [
            threading.Thread(
                target=self._listen,
                args=(source, self._couriers[n // EACH]),
                name=f"listen-{source.id}",
                daemon=True,
            )
            for n, source in enumerate(accounts)
        ]
        asked = {n // EACH for n, source in enumerate(accounts) if source.kind == "caldav"}
        if asked:
            couriers = [self._couriers[n] for n in sorted(asked)]
            self._threads.append(
                threading.Thread(target=self._pace, args=(couriers,), name="listen-pace", daemon=True)
            )

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        for courier in self._couriers:
            courier.stop()
        for thread in self._threads:
            thread.join(10)
        for courier in self._couriers:  # one that was called meanwhile has started again
            courier.stop()

    def take(self) -> Stir:
        """The sources that stirred since the last time, and those that could not be read for a while."""
        faulty = [s.id for s in self._home.index.sources() if s.kind in READS and s.fault]
        with self._guard:
            stirred, self._stirred = self._stirred, set()
            stirred |= {id for id in faulty if self._is_due(id)}
            self._next = {id: self._next[id] for id in faulty if id in self._next}
            for id in stirred:
                pause = self._next.get(id, (0.0, AGAIN_S))[1]
                self._next[id] = time.monotonic() + pause, min(2 * pause, RARELY_S)
            return Stir(frozenset(stirred), self._couriers[0])

    def _is_due(self, id: int) -> bool:
        """Whether one that could not be read is to be tried again: ever more rarely, it may be a login."""
        return id not in self._refused and time.monotonic() >= self._next.get(id, (0.0, 0.0))[0]

    def _pace(self, couriers: list[Caller]) -> None:
        """Say how often calendars are to be asked, whenever that is to be another number."""
        told = [0.0] * len(couriers)
        while not self._ended.is_set():
            with suppress(HomebodyError):  # one that ended is started again by who listens, and told by them
                every = asking(self._home)
                for n, courier in enumerate(couriers):
                    if told[n] != every:
                        courier.call(Paced.pace, every=every)
                        told[n] = every
            self._ended.wait(_PACE_S)

    def _listen(self, source: SourceState, courier: Caller) -> None:
        account = parse(source.kind, source.path)
        failures, renewed = 0, False
        while not self._ended.is_set():
            try:
                for told in self._steps(source, account, courier):
                    failures, renewed = 0, False
                    known = self._known(source.id)
                    if known is None:
                        return
                    with self._guard:
                        stirs = isinstance(told, Stirred) or bool(known.fault and self._is_due(source.id))
                        if stirs:
                            self._stirred.add(source.id)
                    if stirs:
                        self._stir()
            except WrongPassword as error:
                if not renewed and self._renewed(account):
                    renewed = True
                    continue
                if not self._failed(source, account, error, again=False) or not self._another(source):
                    return
                failures = 0
                continue
            except HomebodyError as error:
                if self._ended.is_set() or not self._failed(source, account, error, again=failures > 0):
                    return
            self._ended.wait(_PAUSES_S[min(failures, len(_PAUSES_S) - 1)])
            failures += 1

    def _known(self, id: int) -> SourceState | None:
        """The source as it is now; None where it is one no more."""
        return next((one for one in self._home.index.sources() if one.id == id), None)

    def _steps(self, source: SourceState, account: Account, courier: Caller) -> Iterator[Still | Stirred]:
        steps = courier.open(
            Remote.listen,
            account=account,
            secret=tokens.secret(self._home, account),
            states=self._cursors.all(source.id),
            every=asking(self._home) if account.kind == "caldav" else EVERY_S,
        )
        first = True
        with closing(steps):
            for step in steps:
                if first:
                    self._home.journal.add(source.kind, f"{account}: connected, waiting for changes")
                    first = False
                yield step

    def _renewed(self, account: Account) -> bool:
        """Whether there is another token, as the one that is kept is not taken any more."""
        if not tokens.renewable(self._home, account):
            return False
        kept = tokens_of(self._home.secrets.get(account.secret)).access
        with suppress(HomebodyError):
            return bool(tokens.secret(self._home, account, refused=kept))
        return False

    def _another(self, source: SourceState) -> bool:
        """Wait until there is another password; False where none will come."""
        with self._guard:
            self._refused.add(source.id)
        while not self._ended.wait(_LOOK_S):
            known = self._known(source.id)
            if known is None or not known.fault:
                with self._guard:
                    self._refused.discard(source.id)
                return known is not None
        return False

    def _failed(self, source: SourceState, account: Account, error: HomebodyError, *, again: bool) -> bool:
        """Say it with the source; whether it still is one."""
        if not self._cursors.known(source.id):
            return False
        self._cursors.fault(source.id, str(error))
        if not again:
            self._home.journal.add(source.kind, f"{account}: {error.message}", "failed")
        return True
