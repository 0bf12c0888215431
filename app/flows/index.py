"""Index: walk the sources, read what changed in reader processes, keep it, then see and embed it.

Each source is scanned for its files; a file whose size and time are those of the last run is not
opened again, one that vanished takes its items along. Readers are killable: a file that ends one
is listed as skipped and the next file gets a fresh reader. Words can be searched as soon as a
batch is committed; text in photos and vectors follow, newest first, and resume where they stopped.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from app.core.accounts import READS
from app.core.errors import HomebodyError, NoSpace, NotFound, UsageFault, WorkerDied
from app.core.types import Done, Indexed, Progress, Removed, Skipped, SourceState, Waiting
from app.flows import forget, remote
from app.flows.context import Home
from app.flows.listening import Listening
from app.flows.manners import Manners
from app.flows.seeing import see
from app.flows.watch import Watch
from app.model import embed_derived
from app.model.supervisor import LLM
from app.store.index import Batch
from app.workers.reader import Reader
from indexers import item as kept
from indexers.registry import sources

Step = Indexed | Skipped | Removed | Progress | Waiting | Done

BATCH_UNITS, BATCH_CHARS, BATCH_S = 1_000, 4_000_000, 2.0  # what is committed at once
READ_AT_ONCE = 200  # files that the reader is asked for in one call
EMBED_BATCH = 32
PROGRESS_EVERY_S = 0.2
ROOM_BYTES = 4_000_000  # free before a run that had none goes on
ROOM_EVERY_S, ROOM_ANYWAY_S = 2.0, 60.0


@dataclass
class _Counts:
    manners: Manners = field(default_factory=Manners)
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: int = 0
    started: float = field(default_factory=time.monotonic)
    told: float = 0.0

    def due(self) -> bool:
        """Whether it is time for another progress step: a few a second, not one a file."""
        now = time.monotonic()
        if now - self.told < PROGRESS_EVERY_S:
            return False
        self.told = now
        return True


def _resting(counts: _Counts, progress: Progress) -> Iterator[Step]:
    """After a piece of work: rest while a person waits for an answer, still saying how far it is."""
    for _ in counts.manners.give_way():
        if counts.due():
            yield progress


def add_source(home: Home, *, kind: str, path: str) -> SourceState:
    """Remember a source; raises UsageFault or NotFound where it cannot be one."""
    if kind not in sources():
        raise UsageFault(f"no such kind of source: {kind}", remedy=f"one of: {', '.join(sources())}")
    place = Path(path).expanduser().resolve()
    if not place.exists():
        raise NotFound("no such file or folder", where=str(place), remedy="check the path")
    if home.paths.data.resolve() in (place, *place.parents):
        raise UsageFault(
            "that is Homebody's own data folder", where=str(place), remedy="choose another folder"
        )
    try:
        next(place.iterdir(), None) if place.is_dir() else place.open("rb").close()
    except PermissionError as error:
        raise HomebodyError("permission denied", where=str(place), remedy="check who may read it") from error
    return home.index.add_source(kind=kind, path=place)


def index(home: Home, *, watch: bool = False, words: bool = False) -> Iterator[Step]:
    """Bring everything up to date; with ``watch`` again after every change, until closed.

    With ``words`` text in photos and vectors are left for another run.

    On a full or read-only disk it ends in NoSpace; with ``watch`` it waits there and then goes on.
    """
    if not home.indexing.acquire(blocking=False):
        raise HomebodyError("indexing is running already", remedy="wait for it to finish")
    try:
        if not watch:
            yield from _once(home, words=words)
            return
        yield from _patiently(home, words=words)
        while True:
            yield from _follow(home, words=words)
    finally:
        home.indexing.release()


def _follow(home: Home, *, words: bool) -> Iterator[Step]:
    """Again after every change, until there are other sources to follow than at the start."""
    roots = _roots(home)
    with Watch(roots, apart=home.paths.data) as changes, Listening(home, changes.stir) as heard:
        for changed in changes:
            if not changed:
                yield Progress(source="", stage="watch", done=0, total=0)
                continue
            yield from _patiently(home, words=words, accounts=heard.take())
            if _roots(home) != roots:
                return


def _patiently(home: Home, *, words: bool, accounts: frozenset[int] | None = None) -> Iterator[Step]:
    """A run that a full disk only holds up: said once, then tried again when there is room."""
    told = False
    while True:
        try:
            yield from _once(home, words=words, accounts=accounts)
            return
        except NoSpace as error:
            if not told:
                yield Waiting(reason=str(error))
            told = True
        tried = time.monotonic()
        while time.monotonic() - tried < (ROOM_EVERY_S if _room(home.paths.data) else ROOM_ANYWAY_S):
            time.sleep(ROOM_EVERY_S)
            yield Progress(source="", stage="wait", done=0, total=0)  # lets the caller stop waiting


def _room(folder: Path) -> bool:
    """Whether a file system says that it has room; a quota may say otherwise when it is tried."""
    if not hasattr(os, "statvfs"):
        return shutil.disk_usage(folder).free >= ROOM_BYTES
    state = os.statvfs(folder)
    return not state.f_flag & os.ST_RDONLY and state.f_bavail * state.f_frsize >= ROOM_BYTES


def _roots(home: Home) -> tuple[Path, ...]:
    return tuple(Path(source.path) for source in home.index.sources())


def _once(home: Home, *, words: bool, accounts: frozenset[int] | None = None) -> Iterator[Step]:
    """With ``accounts`` only these are asked, of all there are: the others have nothing new."""
    llm = home.specialists.keeper.all[LLM]
    counts = _Counts(Manners(lambda: llm.at_work > 0))
    forget.resume(home)
    for source in home.index.sources():
        if source.kind not in READS:
            yield from _source(home, source, counts)
        elif accounts is None or source.id in accounts:
            yield from remote.sync(home, source, counts, _keep, asked=accounts is None)
    if not words:
        yield from _see(home, counts)
        yield from _embed(home, counts)
    totals = home.index.counts()
    yield Done(
        added=counts.added,
        updated=counts.updated,
        unchanged=counts.unchanged,
        removed=counts.removed,
        skipped=counts.skipped,
        items=totals.items,
        passages=totals.passages,
        seconds=round(time.monotonic() - counts.started, 3),
    )


def _source(home: Home, source: SourceState, counts: _Counts) -> Iterator[Step]:
    if not Path(source.path).exists():
        counts.skipped += 1
        yield Skipped(
            uri=Path(source.path).as_uri(), reason="the folder is not there now; what is known is kept"
        )
        return
    before = home.index.stamps(source.id)
    try:
        units, bad = yield from _scan(home, source, counts)
    except HomebodyError as error:  # half a listing says nothing about what is gone: nothing is dropped
        counts.skipped += 1
        reason = f"the reader stopped while looking through it: {_why(error)}"
        yield Skipped(uri=Path(source.path).as_uri(), reason=reason)
        return
    excluded = home.index.excluded()
    units = {path: unit for path, unit in units.items() if not excluded.covers_path(path)}
    yield from _drop(home, source, [path for path in before if path not in units], counts)
    changed = [unit for path, unit in units.items() if before.get(path) != unit.stamp]
    counts.unchanged += len(units) - len(changed)
    try:
        yield from _read(home, source, changed, counts)
    except NotFound:
        if _known(home, source):
            raise
    if _known(home, source):  # else it was removed meanwhile, and there is nothing to finish
        home.index.finish(source.id, bad)


def _known(home: Home, source: SourceState) -> bool:
    return any(known.id == source.id for known in home.index.sources())


def _why(error: HomebodyError) -> str:
    return error.where if isinstance(error, WorkerDied) else error.message


def _scan(
    home: Home, source: SourceState, counts: _Counts
) -> Generator[Step, None, tuple[dict[str, kept.Unit], tuple[kept.Skipped, ...]]]:
    """Every file of the source; what cannot be one is told the first time it is seen."""
    told = {skipped.uri for skipped in home.index.skipped()}
    units: dict[str, kept.Unit] = {}
    bad: list[kept.Skipped] = []
    with closing(home.reader.stream(Reader.scan, source=source.kind, root=source.path)) as listing:
        for found in chain.from_iterable(listing):
            if isinstance(found, kept.Unit):
                units[found.path] = found
            else:
                bad.append(found)
                if found.uri not in told:
                    counts.skipped += 1
                    yield Skipped(uri=found.uri, reason=found.reason)
            if counts.due():
                yield Progress(source=source.kind, stage="scan", done=len(units), total=0)
    return units, tuple(bad)


def _drop(home: Home, source: SourceState, paths: list[str], counts: _Counts) -> Iterator[Step]:
    for uri in home.index.drop_units(source.id, paths) if paths else ():
        counts.removed += 1
        yield Removed(uri=uri)


def _read(home: Home, source: SourceState, units: list[kept.Unit], counts: _Counts) -> Iterator[Step]:
    batch: list[Batch] = []
    size, since = 0, time.monotonic()
    for content in _contents(home, source.kind, units, counts):
        if not isinstance(content, Batch):
            yield content
            continue
        batch.append(content)
        size += sum(len(i.text) for i in content.items)
        if len(batch) >= BATCH_UNITS or size >= BATCH_CHARS or time.monotonic() - since > BATCH_S:
            yield from _keep(home, source, batch, counts)
            batch, size, since = [], 0, time.monotonic()
    yield from _keep(home, source, batch, counts)
    if units:
        yield Progress(source=source.kind, stage="read", done=len(units), total=len(units))


def _contents(home: Home, kind: str, units: list[kept.Unit], counts: _Counts) -> Iterator[Batch | Step]:
    """What each file holds; one that the reader fails in becomes a skipped file, no more.

    Many are asked for at once. Where the reader fails, what is left of them is read one by one, which
    shows the file at fault. How far it is, is said inside a file too: a mailbox of years may be one.
    """
    at = alone = 0
    while at < len(units):
        yield from _resting(counts, Progress(source=kind, stage="read", done=at, total=len(units)))
        end = min(len(units), at + (1 if at < alone else READ_AT_ONCE))
        items: list[kept.Item] = []
        skipped: list[kept.Skipped] = []
        paths = tuple(unit.path for unit in units[at:end])
        try:
            with closing(home.reader.stream(Reader.read, source=kind, paths=paths)) as parts:
                for part in chain.from_iterable(parts):
                    items += part.items
                    skipped += part.skipped
                    if part.last:
                        yield Batch(unit=units[at], items=items, skipped=skipped)
                        items, skipped, at = [], [], at + 1
                    here = Progress(source=kind, stage="read", done=at, total=len(units))
                    if not part.last:  # a large file, and more of it to come
                        yield from _resting(counts, here)
                    if counts.due():
                        yield here
        except HomebodyError as error:
            if len(paths) > 1 or at == end:  # or it ended after the last one
                alone = end
                continue
            reason = f"the reader gave up: {_why(error)}"
            skipped.append(kept.Skipped(uri=Path(units[at].path).as_uri(), reason=reason))
            yield Batch(unit=units[at], items=items, skipped=skipped)
            at += 1


def _keep(home: Home, source: SourceState, batch: list[Batch], counts: _Counts) -> Iterator[Step]:
    if not batch:
        return
    change = home.index.put_many(source.id, batch)
    titles = {i.uri: i.title for part in batch for i in part.items}
    counts.added += len(change.added)
    counts.updated += len(change.updated)
    for uri in (*change.added, *change.updated):
        yield Indexed(uri=uri, source=source.kind, title=titles.get(uri, ""))
    for uri in change.removed:
        counts.removed += 1
        yield Removed(uri=uri)
    for part in batch:
        for bad in part.skipped:
            counts.skipped += 1
            yield Skipped(uri=bad.uri, reason=bad.reason)


def _see(home: Home, counts: _Counts) -> Iterator[Step]:
    """Look at the pictures, and say how far it is."""
    for done, failed in enumerate(see(home), 1):
        if failed:
            counts.skipped += 1
            yield failed
        here = Progress(source="photos", stage="ocr", done=done, total=0)
        yield from _resting(counts, here)
        if counts.due():
            yield here


def _embed(home: Home, counts: _Counts) -> Iterator[Step]:
    """Newest first, so that what a person is likely to ask for is found by meaning soonest."""
    if home.vectors.model():
        home.vectors.use(embed_derived.NAME)  # told without starting it; after a change all is pending again
    totals = home.index.counts()
    done, total = totals.embedded, totals.passages
    while pending := home.vectors.pending(limit=EMBED_BATCH):
        vectors = home.embed(tuple(text for _, text in pending))
        home.vectors.add([id for id, _ in pending], vectors, model=embed_derived.NAME)
        done += len(pending)
        here = Progress(source="", stage="embed", done=done, total=total)
        yield from _resting(counts, here)
        if counts.due() or done >= total:
            yield here
