"""Accounts as sources: a courier fetches what changed, a reader parses it, and it is kept like any file.

Each mail or event is a unit whose address is where it lies there. What is held is told to the courier,
which brings what is missing; a folder's cursor moves last, in the transaction that drops what is gone
from it, so a run that was cut anywhere is taken up where it stood. New things are kept before old
ones are dropped: a mail that was moved stays the same item. The bytes are never written to a disk.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from app.core.accounts import READS, Account, parse
from app.core.errors import Busy, HomebodyError, NoSpace, NotFound, Refused, WorkerDied, WrongPassword
from app.core.oauth import tokens_of
from app.core.types import Progress, Removed, Skipped, SourceState
from app.courier.held import names, told
from app.courier.remote import Brought, Collection, Level, Marked, Member, Remote
from app.flows import tokens
from app.flows.context import Home
from app.flows.gather import ending, hopeless
from app.store.cursors import Cursors
from app.store.index import Batch, Portion
from app.workers.unpacker import Paper, Unpacker
from app.workers.worker import Caller
from indexers import item as kept

if TYPE_CHECKING:
    from app.flows.index import Step, _Counts

Keep = Callable[[Home, SourceState, list[Batch], "_Counts"], "Iterator[Step]"]

READ_AT_ONCE, BYTES_AT_ONCE = 200, 4_000_000  # mails, and their bytes, that a reader is given at once
PAUSES_S = (1.0, 4.0)  # before it is tried again; what was brought meanwhile begins them anew
_END = "\U0010ffff"


def add(home: Home, *, kind: str, url: str, secret: str) -> SourceState:
    """Make an account a source, or give the one that is there a new ``secret``; it is tried first.

    Raises UsageFault and Refused for what is no address, Refused for a wrong password or certificate,
    HomebodyError where the server cannot be reached; then nothing has changed.
    """
    account = parse(kind, url)
    word = tokens_of(secret).access if account.oauth else secret
    courier = home.courier()
    try:
        found = courier.call(Remote.survey, account=account, secret=word)
    except HomebodyError as error:
        home.journal.add(kind, f"{account}: {error.message}", "failed")
        raise
    finally:
        courier.stop()
    known = next((s for s in home.index.sources() if (s.kind, s.path) == (kind, account.url)), None)
    added = known or home.index.add_source(kind=kind, path=account.url)
    try:
        home.secrets.keep(account.secret, secret)
    except HomebodyError:
        if known is None:
            home.index.remove_source(kind=kind, path=account.url)
        raise
    Cursors(home.index.db).fault(added.id, "")
    what = "folder" if kind == "imap" else "calendar"
    home.journal.add(kind, f"{account}: logged in, {len(found)} {what}{'' if len(found) == 1 else 's'}")
    return added


def left(home: Home, *, kind: str, url: str) -> None:
    """After it was removed: its password goes too, where no other source logs in with it."""
    name = parse(kind, url).secret
    if name not in secrets(home):
        home.secrets.keep(name, "")


def secrets(home: Home) -> tuple[str, ...]:
    """The names that passwords of accounts are kept under."""
    accounts = (parse(s.kind, s.path) for s in home.index.sources() if s.kind in READS)
    return tuple(dict.fromkeys(account.secret for account in accounts))


def sync(
    home: Home, source: SourceState, counts: _Counts, keep: Keep, *, courier: Caller | None = None
) -> Iterator[Step]:
    """Bring one account up to date. A failure is told as skipped, kept with the source, and no more.

    ``courier`` is that of who listens there; without one it is asked anew, by a courier for this visit, and
    the journal tells of it also where nothing was new.
    """
    cursors = Cursors(home.index.db)
    visit = courier or home.courier()
    run = _Run(home, source, counts, keep, cursors, visit)
    try:
        yield from _patiently(run)
    except NoSpace:
        raise
    except HomebodyError as error:
        if not any(known.id == source.id for known in home.index.sources()):
            return  # it was removed meanwhile
        counts.skipped += 1
        cursors.fault(source.id, str(error))
        home.journal.add(source.kind, f"{run.account}: {error.message}; {run.summary()}", "failed", run.sent)
        yield Skipped(uri=source.path, reason=f"the account could not be read: {error}")
        return
    finally:
        if courier is None:
            visit.stop()
    home.index.finish(source.id)
    if source.fault:
        cursors.fault(source.id, "")
    if courier is None or run.changed:
        home.journal.add(source.kind, f"{run.account}: {run.summary()}", bytes_out=run.sent)


def _patiently(run: _Run) -> Iterator[Step]:
    """Networks break: as long as every try brings something, or after a short while, it goes on."""
    pauses = iter(PAUSES_S)
    while True:
        taken = run.taken
        try:
            yield from run.all()
            return
        except WrongPassword:
            if not run.renew():
                raise
        except (Refused, NoSpace, NotFound, Busy):
            raise
        except HomebodyError:
            if run.taken > taken:
                pauses = iter(PAUSES_S)
            pause = next(pauses, None)
            if pause is None:
                raise
            time.sleep(pause)
            yield run.progress()


@dataclass
class _Run:
    """One visit to an account, over one courier."""

    home: Home
    source: SourceState
    counts: _Counts
    keep: Keep
    cursors: Cursors
    courier: Caller
    taken: int = 0
    marked: int = 0
    gone: int = 0
    sent: int = 0
    received: int = 0
    total: int = 0
    waiting: list[tuple[kept.Unit, Paper]] = field(default_factory=list)
    _open: list[Member] = field(default_factory=list)  # pieces of one that is not whole yet

    def __post_init__(self) -> None:
        self.account: Account = parse(self.source.kind, self.source.path)
        self._secret, self._renewed = "", False

    @property
    def changed(self) -> bool:
        return bool(self.taken or self.marked or self.gone)

    def renew(self) -> bool:
        """Another token, once, where the server did not take the one that was good until now."""
        if self._renewed or not tokens.renewable(self.home, self.account):
            return False
        self._renewed = True
        tokens.secret(self.home, self.account, refused=self._secret)
        return True

    def summary(self) -> str:
        """For the journal: counts, and nothing of what they count."""
        return f"{self.taken:,} fetched, {self.gone:,} gone, {self.received:,} bytes received"

    def progress(self) -> Progress:
        return Progress(
            source=self.source.kind, stage="read", done=self.taken, total=max(self.total, self.taken)
        )

    def all(self) -> Iterator[Step]:
        """Every folder that changed: first what is new in all of them, then what is gone from them."""
        self.waiting.clear()
        self._open.clear()
        self._secret = tokens.secret(self.home, self.account)
        before = self.cursors.all(self.source.id)
        held = _Held(self.home.index.stamps(self.source.id), self.account.root)
        found = self.courier.call(Remote.survey, account=self.account, secret=self._secret)
        if not found and held.paths:
            raise HomebodyError("the server shows nothing at all just now", where=self.account.host)
        levels: list[tuple[str, Level, list[str]]] = []
        for one in found:
            here = held.under(one.prefix)
            if not one.state or (one.state == before.get(one.key) and all(here.values())):
                self.counts.unchanged += len(here)
                continue
            level = yield from self._collection(one, before.get(one.key, ""), here)
            gone = [self.account.root + name for name, _ in names(level.gone)]
            self.counts.unchanged += max(0, len(here) - len(gone))
            levels.append((one.key, level, gone))
        for key, level, gone in levels:
            yield from self._dropped(self.cursors.move(self.source.id, key, level.state, gone))
        yield from self._dropped(
            self.home.index.drop_units(self.source.id, held.outside([one.prefix for one in found]))
        )
        self.cursors.forget(self.source.id, [key for key in before if key not in {one.key for one in found}])

    def _dropped(self, uris: Sequence[str]) -> Iterator[Step]:
        for uri in uris:
            self.gone += 1
            self.counts.removed += 1
            yield Removed(uri=uri)

    def _collection(self, one: Collection, state: str, held: dict[str, str]) -> Generator[Step, None, Level]:
        level: Level | None = None
        steps = self.courier.stream(
            Remote.sync,
            account=self.account,
            secret=self._secret,
            collection=one,
            state=state,
            held=told(held),
        )
        try:
            with closing(steps):
                for step in steps:
                    if isinstance(step, Brought):
                        yield from self._brought(step, one)
                    elif isinstance(step, Marked):
                        self._mark(step)
                    elif isinstance(step, Level):
                        level = step
                    if self.counts.due():
                        yield self.progress()
        except HomebodyError:  # what came whole before it broke is as good as any
            yield from self._take()
            raise
        yield from self._take()
        if level is None:
            raise WorkerDied("the courier ended before it had finished", remedy="try again")
        self.sent += level.sent
        self.received += level.received
        return level

    def _brought(self, step: Brought, one: Collection) -> Iterator[Step]:
        self.total = max(self.total, step.total)
        yield from self._kept_back([member for member in step.members if not member.stamp])
        for member in step.members:
            if self._open and (self._open[0].name != member.name or not member.stamp):
                self._open.clear()
            if not member.stamp:
                continue
            self._open.append(member)
            if member.last:
                self.waiting.append(self._whole(one))
        if len(self.waiting) >= READ_AT_ONCE or sum(len(p.data) for _, p in self.waiting) >= BYTES_AT_ONCE:
            yield from self._take()

    def _kept_back(self, members: Sequence[Member]) -> Iterator[Step]:
        """Listed, and asked for at every visit; what is known of them from before stays."""
        rest = Portion(cursor="", last=True, kept=True)
        batch = []
        for one in members:
            path = self.account.root + one.name
            why = f"{one.why or 'the server does not hand it out'}; it is asked again at every visit"
            skipped = [kept.Skipped(uri=path, reason=why)]
            batch.append(Batch(kept.Unit(path=path, stamp=""), skipped=skipped, portion=rest))
        yield from self.keep(self.home, self.source, batch, self.counts)

    def _whole(self, one: Collection) -> tuple[kept.Unit, Paper]:
        last = self._open[-1]
        path = self.account.root + last.name
        data = b"".join(piece.data for piece in self._open)
        self._open.clear()
        return kept.Unit(path=path, stamp=last.stamp), Paper(
            path=path,
            data=data,
            size=last.size,
            folder=one.title,
            flags=_letters(last.stamp) if self.account.kind == "imap" else "",
            arrived=last.arrived,
        )

    def _mark(self, step: Marked) -> None:
        stamps = {self.account.root + name: stamp for name, stamp in step.stamps.items()}
        self.cursors.mark(self.source.id, stamps, {path: _letters(stamp) for path, stamp in stamps.items()})
        self.marked += len(stamps)

    def _take(self) -> Iterator[Step]:
        """Parse and keep what has come whole."""
        waiting, self.waiting = self.waiting, []
        if waiting:
            yield from self.keep(self.home, self.source, list(self._read(waiting)), self.counts)
            self.taken += len(waiting)
            yield from self.counts.resting(self.progress())

    def _read(self, waiting: list[tuple[kept.Unit, Paper]]) -> Iterator[Batch]:
        """What each holds; where the reader fails they are read one by one, which shows the one at fault."""
        at = alone = tries = 0
        while at < len(waiting):
            end = len(waiting) if at >= alone else at + 1
            papers = tuple(paper for _, paper in waiting[at:end])
            try:
                stream = self.home.reader.stream(
                    Unpacker.unpack, source=READS[self.source.kind], papers=papers
                )
                with closing(stream) as parts:
                    for part in chain.from_iterable(parts):
                        unit = waiting[at][0]
                        yield Batch(unit, part.items, part.skipped, pictures=part.pictures)
                        at, tries = at + 1, 0
            except HomebodyError as error:
                if len(papers) > 1 or at == end:
                    alone = end
                    continue
                tries += 1
                why = ending(error)
                if not hopeless(why, tries):  # somebody else may have ended it, for want of memory
                    continue
                bad = kept.Skipped(uri=waiting[at][0].path, reason=f"the reader gave up: {why}")
                yield Batch(unit=waiting[at][0], skipped=[bad])
                at, tries = at + 1, 0


class _Held:
    """The units of an account, found by how their addresses begin."""

    def __init__(self, stamps: dict[str, str], root: str) -> None:
        self._stamps, self._root, self.paths = stamps, root, sorted(stamps)

    def _range(self, prefix: str) -> list[str]:
        begin = self._root + prefix
        return self.paths[bisect_left(self.paths, begin) : bisect_left(self.paths, begin + _END)]

    def under(self, prefix: str) -> dict[str, str]:
        """name → stamp of what lies in one folder."""
        return {path.removeprefix(self._root): self._stamps[path] for path in self._range(prefix)}

    def outside(self, prefixes: Sequence[str]) -> list[str]:
        """What lies in none of these folders."""
        inside = {path for prefix in prefixes for path in self._range(prefix)}
        return [path for path in self.paths if path not in inside]


def _letters(stamp: str) -> str:
    return stamp.strip("-")
