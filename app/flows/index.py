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
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISDIR

import msgspec

from app.core.accounts import READS
from app.core.errors import HomebodyError, NoSpace, NotFound, UsageFault
from app.core.paths import there
from app.core.types import Done, Indexed, Moved, Progress, Removed, Skipped, SourceState, Waiting
from app.flows import files, forget, remote
from app.flows.context import Home
from app.flows.listening import Listening, Stir
from app.flows.manners import PAUSED, Manners, Person
from app.flows.seeing import see
from app.flows.watch import Changes, Watch
from app.model.supervisor import LLM
from app.store.index import Batch
from app.workers.service import may_be_silent
from indexers.registry import sources

Step = Indexed | Skipped | Removed | Moved | Progress | Waiting | Done

EMBED_BATCH = 32
PROGRESS_EVERY_S = 0.2
MEANWHILE_S = 10.0  # for pictures and vectors, before what changed is read: else what changes on and on
ROOM_BYTES = 4_000_000  # free before a run that had none goes on
ROOM_EVERY_S, ROOM_ANYWAY_S = 2.0, 60.0


@dataclass
class _Counts:
    manners: Manners = field(default_factory=Manners)
    news: Callable[[], bool] = lambda: False  # whether there is something new to be read
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    moved: int = 0
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

    def interrupted(self, since: float) -> bool:
        """Whether what can wait, and was begun at ``since``, is to wait for what is new."""
        return time.monotonic() - since >= MEANWHILE_S and self.news()

    def resting(self, progress: Progress) -> Iterator[Step]:
        """After a piece of work: rest while a person needs the machine, still saying how far it is."""
        paused = False
        for _ in self.manners.give_way():
            if self.manners.paused and not paused:
                paused = True
                yield Waiting(reason=PAUSED)
            elif self.due():
                yield msgspec.structs.replace(progress, stage="wait") if self.manners.paused else progress


def add_source(home: Home, *, kind: str, path: str) -> SourceState:
    """Remember a source; raises UsageFault or NotFound where it cannot be one."""
    if kind not in sources():
        raise UsageFault(f"no such kind of source: {kind}", remedy=f"one of: {', '.join(sources())}")
    place = Path(path).expanduser().resolve()
    if not there(place):
        raise NotFound("no such file or folder", where=str(place), remedy="check the path")
    if home.paths.data.resolve() in (place, *place.parents):
        raise UsageFault(
            "that is Homebody's own data folder", where=str(place), remedy="choose another folder"
        )
    if not (place.is_dir() or place.is_file()):
        raise UsageFault("neither a folder nor a file", where=str(place), remedy="choose another place")
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
        while True:
            yield from _follow(home, words=words)
    finally:
        home.indexing.release()


def _follow(home: Home, *, words: bool) -> Iterator[Step]:
    """Now and again after every change, until there are other sources to follow than at the start.

    What changes while all is looked at, which takes long the first time, is followed already.
    """
    roots = _roots(home)
    at_start = _there(roots)
    with ExitStack() as following:
        changes = following.enter_context(Watch(roots, apart=home.paths.data))
        accounts = any(source.kind in READS for source in home.index.sources())
        yield from _patiently(home, words=words, news=lambda: accounts or changes.waiting())
        heard = following.enter_context(Listening(home, changes.stir))
        if accounts:
            changes.stir()  # what was left to be done when listening was due
        rests, told = False, ""
        for each in changes:
            if _there(roots) != at_start:
                return  # a disk was plugged in or taken out, say: nobody told of it
            if not each:
                paused = home.flag("indexing.paused")
                if paused and not rests:
                    yield Waiting(reason=PAUSED)
                rests, stage = paused, "wait" if paused else "watch"
                if stage != told or not may_be_silent():  # a window at rest is not to be woken up for nothing
                    told = stage
                    yield Progress(source="", stage=stage, done=0, total=0)
                continue
            told = ""
            yield from _patiently(
                home, words=words, accounts=heard.take(), changes=each, news=changes.waiting
            )
            if _roots(home) != roots:
                return


def _patiently(
    home: Home,
    *,
    words: bool,
    news: Callable[[], bool],
    accounts: Stir | None = None,
    changes: Changes | None = None,
) -> Iterator[Step]:
    """A run that a full disk only holds up: said once, then tried again when there is room."""
    told = False
    while True:
        try:
            yield from _once(home, words=words, accounts=accounts, changes=changes, news=news)
            return
        except NoSpace as error:
            if not told:
                yield Waiting(reason=str(error))
            told, changes = True, None  # what was not kept is found by looking at all of it
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


def _there(roots: tuple[Path, ...]) -> frozenset[tuple[Path, int, int]]:
    """Those that can be followed now, each folder with what tells another one in its place."""
    found = set()
    for root in roots:
        with suppress(OSError):
            info = root.stat()
            found.add((root, info.st_dev, info.st_ino) if S_ISDIR(info.st_mode) else (root, 0, 0))
    return frozenset(found)


def _roots(home: Home) -> tuple[Path, ...]:
    return tuple(Path(source.path) for source in home.index.sources())


def _once(
    home: Home,
    *,
    words: bool,
    accounts: Stir | None = None,
    changes: Changes | None = None,
    news: Callable[[], bool] | None = None,
) -> Iterator[Step]:
    """With ``accounts`` only these are asked, of all there are: the others have nothing new.

    ``changes`` are all that happened to the files since the last run. A run that follows them is told of
    ``news``, for which pictures and vectors wait; it is less urgent than what a person asked for, and can
    be paused.
    """
    llm = home.specialists.keeper.all[LLM]
    pace = Person.pace(home) if news else None
    counts = _Counts(Manners(lambda: llm.at_work > 0, pace), news or (lambda: False))
    forget.resume(home)
    yield from counts.resting(Progress(source="", stage="scan", done=0, total=0))
    kinds: dict[str, list[SourceState]] = {}
    for source in home.index.sources():
        kinds.setdefault(source.kind, []).append(source)
    for kind, some in kinds.items():
        if kind not in READS:
            yield from files.together(home, some, counts, _keep, changes)
            continue
        for source in some:
            if accounts is None or source.id in accounts.sources:
                courier = accounts.courier if accounts else None
                yield from remote.sync(home, source, counts, _keep, courier=courier)
    if not words:
        since = time.monotonic()
        yield from _see(home, counts, since)
        yield from _embed(home, counts, since)
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
        moved=counts.moved,
    )


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


def _see(home: Home, counts: _Counts, since: float) -> Iterator[Step]:
    """Look at the pictures, and say how far it is."""
    for done, failed in enumerate(see(home), 1):
        if failed:
            counts.skipped += 1
            yield failed
        if counts.interrupted(since):
            return
        here = Progress(source="photos", stage="ocr", done=done, total=0)
        yield from counts.resting(here)
        if counts.due():
            yield here


def _embed(home: Home, counts: _Counts, since: float) -> Iterator[Step]:
    """Newest first, so that what a person is likely to ask for is found by meaning soonest.

    After a change of the model all is embedded anew beside what answers meanwhile.
    """
    try:
        newest = home.specialists.embeds()
    except NotFound as error:  # somebody moved the model they had chosen: words are found all the same
        counts.skipped += 1
        yield Skipped(uri=error.where, reason=str(error))
        return
    home.vectors.use(newest)
    total = home.index.counts().passages
    done = total - home.vectors.remaining()
    while pending := home.vectors.pending(limit=EMBED_BATCH):
        model = home.vectors.making()
        vectors = home.embed(tuple(text for _, text in pending), model)
        if home.vectors.making() != model:
            continue  # the one that answered is gone, and these are of another
        home.vectors.add([id for id, _ in pending], vectors, model=model)
        done += len(pending) * (model == newest)
        here = Progress(source="", stage="embed", done=done, total=total)
        yield from counts.resting(here)
        if counts.due() or done >= total:
            yield here
        if counts.interrupted(since):
            return
    if home.vectors.settle():
        home.specialists.only(newest)
