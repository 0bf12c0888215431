"""Several readers at once, and what they read in the order of the files; what ends one costs no neighbour.

Each reader has a thread that asks it for a row of files. Where it fails, what is left of the row is read
one by one, which shows the file at fault: that one is tried again before it is given up, since a process
may also be killed for want of memory elsewhere. A large file is a row of its own, and goes on after the
last portion that it gave. A mailbox is not given up for one of its mails: that is found by reading with a
mark before each, and passed over.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import structs

from app.core.errors import HomebodyError, WorkerDied
from app.store.index import Batch, Portion
from app.workers.peer import Stream
from app.workers.reader import Part, Place, Reader
from app.workers.worker import Worker
from indexers.item import Item, Skipped, Unit
from indexers.registry import passes_over

READ_AT_ONCE = 200  # files that a reader is asked for in one call
LARGE = 8_000_000  # bytes of a file that is asked for alone
# Files, bytes from which several readers pay: each takes 0.25 s of a processor to load, and 45 MB.
MANY, MUCH = 20_000, 128_000_000
_AHEAD = 4  # messages of a reader that wait for those before them
_LOOK_S = 0.2
_OWN_LIMITS = ("SIGPROF", "no answer within")  # ended by us, for what the file does: it would do it again
_MOST_OVER = 100  # pieces of one file that are passed over
_TRIES = 2  # of a file alone whose reader somebody else may have ended

Out = tuple[Batch, ...]  # empty where there is only a sign of life


@dataclass
class _Row:
    units: Sequence[Unit]
    read: queue.Queue[Out | BaseException | None] = field(default_factory=lambda: queue.Queue(_AHEAD))


class Gathering:
    """What ``units`` hold, read by ``readers``; ``places`` says where to go on in a large file.

    A context whose end stops the reading; iterating yields what was read, in the order of ``units``.
    """

    def __init__(
        self, readers: Sequence[Worker], kind: str, units: Sequence[Unit], places: Mapping[str, Place]
    ) -> None:
        self._kind, self._places = kind, dict(places)
        self._over: Counter[str] = Counter()
        self._rows = [_Row(units) for units in _rows(units)]
        self._todo = iter(self._rows)
        self._guard = threading.Lock()
        self._ahead = threading.Semaphore(min(len(readers), len(self._rows)) + 1)  # rows, of that in turn
        self._stop = threading.Event()
        self._streams: dict[Worker, Stream[tuple[Part, ...]]] = {}
        self._threads = [
            threading.Thread(target=self._work, args=(reader,), name=f"read-{n}", daemon=True)
            for n, reader in enumerate(readers[: len(self._rows)])
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        with self._guard:
            streams = list(self._streams.values())
        for stream in streams:
            stream.close()
        for thread in self._threads:
            thread.join(5)

    def __iter__(self) -> Iterator[Out]:
        for row in self._rows:
            while (read := row.read.get()) is not None:
                if isinstance(read, BaseException):
                    raise read
                yield read
            self._ahead.release()

    def _work(self, reader: Worker) -> None:
        while not self._stop.is_set():
            if not self._ahead.acquire(timeout=_LOOK_S):
                continue  # what is read waits for those who keep it
            with self._guard:
                row = next(self._todo, None)
            if row is None:
                return
            try:
                for read in self._row(reader, row.units):
                    self._hand(row, read)
            except BaseException as error:  # whoever waits must hear of it
                self._hand(row, error)
            self._hand(row, None)

    def _hand(self, row: _Row, read: Out | BaseException | None) -> None:
        while not self._stop.is_set():
            try:
                row.read.put(read, timeout=_LOOK_S)
                return
            except queue.Full:
                continue

    def _row(self, reader: Worker, units: Sequence[Unit]) -> Iterator[Out]:
        at = alone = tries = 0
        file = self._file(units[0])
        while at < len(units) and not self._stop.is_set():
            end = min(len(units), at + 1) if at < alone else len(units)
            file = self._file(units[at])
            try:
                for parts in self._asked(reader, units[at:end]):
                    whole: list[Batch] = []
                    for part in parts:
                        whole += file.add(part)
                        if part.last:
                            at, tries = at + 1, 0
                            file = self._file(units[min(at, end - 1)])
                    yield tuple(whole)
            except HomebodyError as error:
                if end - at != 1 or (len(units) > 1 and at >= alone):  # or it ended after the last one
                    alone = end
                    continue
                path, asked = units[at].path, self._places.get(units[at].path)
                if file.cursor is not None:  # it goes on from there
                    if asked is None or asked.cursor != file.cursor:  # not the place it failed at before
                        wary = asked.wary if asked is not None and file.alone else ""
                        tries, asked = 0, Place(cursor=file.cursor, wary=wary)
                        self._places[path] = asked
                    yield tuple(file.held())
                tries += 1
                why = ending(error)
                if not hopeless(why, tries):
                    continue
                if (careful := self._careful(path, asked, why)) is not None:
                    self._places[path], tries = careful, 0
                else:
                    yield (file.given_up(why),)
                    at, tries = at + 1, 0

    def _careful(self, path: str, asked: Place | None, why: str) -> Place | None:
        """How to read a file on that ends its reader; None where nothing is left to be tried."""
        if not passes_over(self._kind):
            return None
        reason = _gave_up(why)
        if asked is None:
            return Place(cursor="", wary=reason)
        if not asked.wary:
            return structs.replace(asked, wary=reason)
        if not asked.cursor or asked.over or self._over[path] >= _MOST_OVER:
            return None
        self._over[path] += 1
        return structs.replace(asked, wary=reason, over=True)

    def _file(self, unit: Unit) -> _File:
        return _File(unit, portions=unit.path in self._places)

    def _asked(self, reader: Worker, units: Sequence[Unit]) -> Iterator[tuple[Part, ...]]:
        paths = tuple(unit.path for unit in units)
        places = {path: self._places[path] for path in paths if path in self._places}
        stream = reader.open(Reader.read, source=self._kind, paths=paths, places=places)
        with self._guard:
            self._streams[reader] = stream
        try:
            if not self._stop.is_set():
                yield from stream
        finally:
            stream.close()


class _File:
    """What a reader has given of one file so far. Of a large one, a portion waits for the next."""

    def __init__(self, unit: Unit, *, portions: bool) -> None:
        self.unit = unit
        self._items: list[Item] = []
        self._skipped: list[Skipped] = []
        self._first, self._portions = False, portions
        self._held: Batch | None = None
        self.alone = False  # whether it ended at the one piece after the mark

    @property
    def cursor(self) -> str | None:
        """Where to go on: None where it is not known, empty for the beginning."""
        if self._held is not None and self._held.portion is not None:
            return self._held.portion.cursor
        return "" if self._first else None

    def add(self, part: Part) -> list[Batch]:
        """The batches that are complete with ``part``."""
        if part.cursor or part.fresh:
            self.alone = part.alone
        if part.fresh:  # what was given of it before is not what it holds
            self._items, self._skipped, self._held = [], [], None
            self._first = self._portions = True
            return []
        self._items += part.items
        self._skipped += part.skipped
        if part.cursor:
            self._portions = True
            if self.cursor != part.cursor:
                return self._next(part.cursor)
        if not part.last:
            return []
        return self._end() if self._portions else [self._batch(None)]

    def held(self) -> list[Batch]:
        """The portion that waits; it does so no more."""
        held, self._held = self._held, None
        return [held] if held is not None else []

    def given_up(self, why: str) -> Batch:
        """With what was read before its reader ended; nothing is taken to be gone from it."""
        self._skipped.append(Skipped(uri=Path(self.unit.path).as_uri(), reason=_gave_up(why)))
        portion = Portion(cursor="", first=self._first, last=True, kept=True) if self._portions else None
        return self._batch(portion)

    def _next(self, cursor: str) -> list[Batch]:
        complete = self.held()
        self._held = self._batch(Portion(cursor=cursor, first=self._first))
        self._first = False
        return complete

    def _end(self) -> list[Batch]:
        """The portion that waits is the last one, with what came after its mark."""
        rest = self._batch(None)
        held = self._held or Batch(self.unit, portion=Portion(cursor="", first=self._first))
        before = held.portion or Portion(cursor="")
        return [
            Batch(
                self.unit,
                items=[*held.items, *rest.items],
                skipped=[*held.skipped, *rest.skipped],
                portion=Portion(cursor=before.cursor, first=before.first, last=True),
            )
        ]

    def _batch(self, portion: Portion | None) -> Batch:
        batch = Batch(self.unit, items=self._items, skipped=self._skipped, portion=portion)
        self._items, self._skipped = [], []
        return batch


def _gave_up(why: str) -> str:
    return f"the reader gave up: {why}"


class Pace:
    """How much of the bytes to be read is done, and how long the rest will take."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._total = sum(map(size, units)) or 1
        self._done = self._within = 0
        self._since = time.monotonic()

    def add(self, batch: Batch) -> None:
        digits = (
            "".join(c for c in batch.portion.cursor[:20].partition(":")[0] if c.isdigit())
            if batch.portion
            else ""
        )
        if batch.portion is None or batch.portion.last:
            self._done, self._within = self._done + size(batch.unit), 0
        else:
            self._within = int(digits or 0)

    @property
    def share(self) -> float:
        return min(1.0, (self._done + self._within) / self._total)

    @property
    def left_s(self) -> float:
        """Seconds; -1 while there is nothing to tell it by."""
        spent, share = time.monotonic() - self._since, self.share
        return spent * (1 - share) / share if spent > 1 and share > 0.005 else -1.0


def worth_several(units: Sequence[Unit]) -> bool:
    """Whether there is so much to read that it is sooner done by more than one reader."""
    return len(units) >= MANY or sum(map(size, units)) >= MUCH


def size(unit: Unit) -> int:
    """Bytes of a file, as its stamp tells them; 1 where it does not."""
    digits = unit.stamp.partition("-")[0]
    return int(digits) if digits.isdigit() and len(digits) < 16 else 1


def _rows(units: Sequence[Unit]) -> Iterator[Sequence[Unit]]:
    """Large files alone, the others many at once, in their order."""
    row: list[Unit] = []
    for unit in units:
        large = size(unit) >= LARGE
        if row and (large or len(row) >= READ_AT_ONCE):
            yield row
            row = []
        if large:
            yield [unit]
        else:
            row.append(unit)
    if row:
        yield row


def hopeless(why: str, tries: int) -> bool:
    """Whether what ended its reader that often, alone, is given up."""
    return tries >= (1 if any(limit in why for limit in _OWN_LIMITS) else _TRIES)


def ending(error: HomebodyError) -> str:
    """What a person is told of how a reader ended."""
    how = error.where if isinstance(error, WorkerDied) else error.message
    if "SIGPROF" in how:
        return f"{how}. It is damaged, very large, or made as a trap"
    return how
