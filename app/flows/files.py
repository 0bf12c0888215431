"""Sources of files brought up to date: look where something changed, see what moved, read what is new."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import HomebodyError, NotFound, WorkerDied
from app.core.paths import there
from app.core.types import Moved, Progress, Removed, Skipped, SourceState
from app.flows import mounts, moves, still
from app.flows.context import Home
from app.flows.gather import Gathering, Pace, worth_several
from app.flows.watch import Changes
from app.store import moves as renamed
from app.store.index import Batch, FileState
from app.workers.reader import Place, Reader
from indexers import item as kept
from indexers.registry import concerned

if TYPE_CHECKING:
    from app.flows.index import Step, _Counts

Keep = Callable[[Home, SourceState, list[Batch], "_Counts"], "Iterator[Step]"]

BATCH_UNITS, BATCH_CHARS, BATCH_S = 1_000, 4_000_000, 2.0  # what is committed at once
MOST_PLACES = 200  # that are looked at one by one; for more all is


@dataclass
class _Look:
    """What a look at one source has shown: the files there now, and what was known of them before."""

    source: SourceState
    units: dict[str, kept.Unit]
    before: dict[str, FileState]
    bad: tuple[kept.Skipped, ...]
    places: tuple[Path, ...] | None
    folders: dict[str, str] | None
    steady: bool

    def gone(self) -> list[str]:
        return [path for path in self.before if path not in self.units]

    def changed(self) -> list[kept.Unit]:
        return [
            unit
            for path, unit in self.units.items()
            if _differs(self.before.get(path), unit, steady=self.steady)
        ]


def sync(
    home: Home, source: SourceState, counts: _Counts, keep: Keep, changes: Changes | None = None
) -> Iterator[Step]:
    """``changes`` limits the look to where something happened."""
    yield from together(home, (source,), counts, keep, changes)


def together(
    home: Home,
    sources: Sequence[SourceState],
    counts: _Counts,
    keep: Keep,
    changes: Changes | None = None,
) -> Iterator[Step]:
    """Several sources of one kind: all are looked at before any is read, as files move between them."""
    looks: list[_Look] = []
    for source in sources:
        if (look := (yield from _look(home, source, counts, changes))) is not None:
            looks.append(look)
    seen = changes.moves if changes is not None else ()
    for look in looks:
        own = moves.found(look.before, look.units, seen, steady=look.steady)
        yield from _move(home, look, look, own, counts)
    for to in looks if len(looks) > 1 else ():
        came = {path: unit for path, unit in to.units.items() if path not in to.before}
        for look in looks if came else ():
            left = {path: look.before[path] for path in look.gone()} if look is not to else {}
            found = moves.found(left, came, seen, steady=look.steady and to.steady)
            yield from _move(home, look, to, found, counts)
            for _, unit in found:  # a copy that went elsewhere did not come here as well
                del came[unit.path]
    for look in looks:
        yield from _drop(home, look.source, look.gone(), counts)
    while looks:  # what a look holds is let go once it is read
        yield from _finish(home, looks.pop(0), counts, keep)


def _look(
    home: Home, source: SourceState, counts: _Counts, changes: Changes | None
) -> Generator[Step, None, _Look | None]:
    places = _places(source, changes)
    if places is not None and not places:
        return None
    if not there(source.path):
        counts.skipped += 1
        yield Skipped(
            uri=Path(source.path).as_uri(), reason="the folder is not there now; what is known is kept"
        )
        return None
    if places is None and (files := still.unchanged(home, source)) is not None:
        counts.unchanged += files
        return None
    folders = still.before(source) if places is None else None
    before = home.index.files(source.id)
    if places is not None:
        before = {path: state for path, state in before.items() if _below(path, places)}
    try:
        units, bad = yield from _scan(home, source, places, counts)
    except HomebodyError as error:  # half a listing says nothing about what is gone: nothing is dropped
        counts.skipped += 1
        reason = f"the reader stopped while looking through it: {_why(error)}"
        yield Skipped(uri=Path(source.path).as_uri(), reason=reason)
        return None
    before = seen(before, units, bad)
    return _Look(source, units, before, bad, places, folders, mounts.steady(Path(source.path)))


def seen(
    before: dict[str, FileState], units: Mapping[str, kept.Unit], bad: Sequence[kept.Skipped]
) -> dict[str, FileState]:
    """``before`` without what lies in folders that are there but could not be listed: none of it is gone."""
    told = {skipped.uri for skipped in bad}

    @cache
    def shut(folder: Path) -> bool:
        return folder.as_uri() in told and os.path.isdir(folder)  # noqa: PTH112 - of what may not be asked, no

    gone = [path for path in before if path not in units] if told else []
    unseen = {path for path in gone if any(map(shut, (Path(path), *Path(path).parents)))}
    return {path: state for path, state in before.items() if path not in unseen} if unseen else before


def _finish(home: Home, look: _Look, counts: _Counts, keep: Keep) -> Iterator[Step]:
    source, changed = look.source, look.changed()
    counts.unchanged += len(look.units) - len(changed)
    look.units = {}
    try:
        yield from _read(home, source, changed, look.before, counts, keep)
    except NotFound:
        if _known(home, source):
            raise
    if _known(home, source):  # else it was removed meanwhile, and there is nothing to finish
        home.index.finish(source.id, look.bad, below=look.places)
        if look.places is None:
            still.remember(home, source, look.folders)


def _places(source: SourceState, changes: Changes | None) -> tuple[Path, ...] | None:
    """What is to be looked through: None is all of it, and nothing is nothing."""
    root = Path(source.path)
    within = changes.within(root) if changes is not None else None
    if within is None:
        return None
    look = {place for changed in within if (place := concerned(source.kind, root, changed)) is not None}
    if root in look or len(look) > MOST_PLACES:
        return None
    return tuple(sorted(place for place in look if look.isdisjoint(place.parents)))


def _below(path: str, places: Sequence[Path]) -> bool:
    return any(path == (place := str(each)) or path.startswith(f"{place}/") for each in places)


def _differs(before: FileState | None, unit: kept.Unit, *, steady: bool) -> bool:
    if before is None or before.stamp != unit.stamp:
        return True
    return steady and bool(before.file and unit.file) and before.file != unit.file


def _known(home: Home, source: SourceState) -> bool:
    return any(known.id == source.id for known in home.index.sources())


def _why(error: HomebodyError) -> str:
    return error.where if isinstance(error, WorkerDied) else error.message


def _scan(
    home: Home, source: SourceState, places: Sequence[Path] | None, counts: _Counts
) -> Generator[Step, None, tuple[dict[str, kept.Unit], tuple[kept.Skipped, ...]]]:
    """Every file there that is not excluded; what cannot be one is told the first time it is seen."""
    told = {skipped.uri for skipped in home.index.skipped()}
    excluded = home.index.excluded()
    units: dict[str, kept.Unit] = {}
    bad: list[kept.Skipped] = []
    for root in (Path(source.path),) if places is None else places:
        if places is not None and not there(root):
            continue  # it went
        with closing(home.reader.stream(Reader.scan, source=source.kind, root=str(root))) as listing:
            for found in chain.from_iterable(listing):
                if isinstance(found, kept.Unit):
                    if not excluded.covers_path(found.path):
                        units[found.path] = found
                elif not excluded.covers_uri(found.uri):
                    bad.append(found)
                    if found.uri not in told:
                        counts.skipped += 1
                        yield Skipped(uri=found.uri, reason=found.reason)
                if counts.due():
                    here = Progress(
                        source=source.kind, stage="scan", done=len(units), total=0, path=source.path
                    )
                    yield from counts.resting(here)
    return units, tuple(bad)


def _move(
    home: Home, look: _Look, to: _Look, found: list[tuple[str, kept.Unit]], counts: _Counts
) -> Iterator[Step]:
    """What was known of files of ``look`` is then known of those that they became in ``to``."""
    if not found:
        return
    changed = renamed.uris(home.index.db, look.source.id, found)
    renamed.cited(home.user.db, changed)
    renamed.files(home.index.db, look.source.id, found, to=to.source.id)
    after = home.index.files(to.source.id)
    for path, unit in found:
        look.before.pop(path, None)
        if unit.path in after:
            to.before[unit.path] = after[unit.path]
    counts.moved += len(found)
    for was, uri in changed.items():
        yield Moved(uri=uri, was=was)


def _drop(home: Home, source: SourceState, paths: list[str], counts: _Counts) -> Iterator[Step]:
    for uri in home.index.drop_units(source.id, paths) if paths else ():
        counts.removed += 1
        yield Removed(uri=uri)


def _read(
    home: Home,
    source: SourceState,
    units: list[kept.Unit],
    before: Mapping[str, FileState],
    counts: _Counts,
    keep: Keep,
) -> Iterator[Step]:
    batch: list[Batch] = []
    size, since, done, pace = 0, time.monotonic(), 0, Pace(units)

    def here() -> Progress:
        return Progress(
            source=source.kind,
            stage="read",
            done=done,
            total=len(units),
            path=source.path,
            share=round(pace.share, 4),
            left_s=round(pace.left_s, 1),
        )

    places = {
        unit.path: place for unit in units if (place := _place(before.get(unit.path), unit)) is not None
    }
    readers = (home.reader, *(home.spare if worth_several(units) else ()))
    with Gathering(readers, source.kind, units, places) as gathering:
        if units:
            yield here()
        for read in gathering:
            for part in read:
                batch.append(part)
                pace.add(part)
                size += sum(len(i.text) for i in part.items)
                done += part.portion is None or part.portion.last
                large = part.portion is not None  # how far it is read is kept at once
                if (
                    large
                    or len(batch) >= BATCH_UNITS
                    or size >= BATCH_CHARS
                    or time.monotonic() - since > BATCH_S
                ):
                    yield from keep(home, source, batch, counts)
                    batch, size, since = [], 0, time.monotonic()
            yield from counts.resting(here())
            if counts.due():
                yield here()
    yield from keep(home, source, batch, counts)
    if units:
        yield here()


def _place(before: FileState | None, unit: kept.Unit) -> Place | None:
    """Where to go on in a file that was read in portions, to its end or not."""
    if before is None or not before.cursor:
        return None
    if before.reading:
        return Place(cursor=before.cursor, grown=before.reading != unit.stamp)
    if before.stamp and not before.stamp.startswith("moved ") and before.stamp != unit.stamp:
        return Place(cursor=before.cursor, grown=True)
    return None
