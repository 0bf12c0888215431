"""Forget: an item, a sender or a path leaves index, conversations, what was learned, and snapshots.

First it is put on the list of what is never read again, so that nothing brings it back while the
rest is done; last its entry there is marked as done. A run that was cut short is finished by the next
index run or the doctor. What cannot be taken back is told: the weights of an adapter that is worn.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from app.core.accounts import READS
from app.core.errors import NotFound, UsageFault
from app.core.types import Exclusion, Forgotten
from app.flows import remote, teach
from app.flows.context import Home
from app.store import forget as store
from app.store.exclusions import Exclusions, checked


def forget(home: Home, *, kind: str, value: str) -> Forgotten:
    """For good, and never to be read again. ``kind`` is item (a uri) | sender | path | pattern.

    A path that is a source is no source any more. Raises NotFound where an item is not known, and
    UsageFault for what cannot be forgotten.
    """
    value = str(Path(value).expanduser().resolve()) if kind == "path" else checked(kind, value)
    root = next((s for s in home.index.sources() if kind == "path" and s.path == value), None)
    if root is not None:
        return _source(home, root.kind, root.path)
    uris = store.find(home.index.db, kind, value)
    if kind == "item" and not uris:
        raise NotFound("no such item", where=value, remedy="search shows the uri of each item")
    if kind == "path" and not any(Path(s.path) in Path(value).parents for s in home.index.sources()):
        raise UsageFault("nothing is read from there", where=value, remedy="see `homebody sources list`")
    list_ = Exclusions(home.user.db)
    list_.add(kind, value)
    done = _all(home, uris)
    list_.done([(kind, value)])
    _tell(home, kind, done.items)
    return done


def covered(home: Home, *, kind: str, value: str) -> int:
    """How many items would go."""
    value = str(Path(value).expanduser().resolve()) if kind == "path" else checked(kind, value)
    return len(store.find(home.index.db, kind, value))


def source(home: Home, *, kind: str, path: str) -> int:
    """Forget a source and what only it held; returns how many items went. Raises NotFound."""
    if kind in READS:
        gone = _source(home, kind, path).items
        remote.left(home, kind=kind, url=path)
        return gone
    return _source(home, kind, str(Path(path).expanduser().resolve())).items


def again(home: Home, *, kind: str, value: str) -> None:
    """What was excluded may be read again, at the next run. Raises NotFound where it was not."""
    if kind == "path":
        value = str(Path(value).expanduser().resolve())
    Exclusions(home.user.db).remove(kind, value)
    home.index.reread()


def exclusions(home: Home) -> tuple[Exclusion, ...]:
    """Newest first."""
    return Exclusions(home.user.db).list()


def resume(home: Home) -> int:
    """Finish what was begun and not ended; returns how many entries of the list that were."""
    list_ = Exclusions(home.user.db)
    pending = list_.pending()
    for kind, value in pending:
        _all(home, store.find(home.index.db, kind, value))
        list_.done([(kind, value)])
    return len(pending)


def _source(home: Home, kind: str, path: str) -> Forgotten:
    known = next((s for s in home.index.sources() if (s.kind, s.path) == (kind, path)), None)
    uris = store.only_from(home.index.db, known.id) if known else ()
    done = _elsewhere(home, store.traits(home.index.db, uris))
    home.index.remove_source(kind=kind, path=path)  # says so where it is none
    store.from_index(home.index.db, ())
    home.vectors.reset()
    _tell(home, "source", len(uris))
    return replace(done, items=len(uris))


def _all(home: Home, uris: Sequence[str]) -> Forgotten:
    """The index goes last: until then it still says what the forgotten is known by elsewhere."""
    done = _elsewhere(home, store.traits(home.index.db, uris))
    items = store.from_index(home.index.db, uris)
    home.vectors.reset()
    return replace(done, items=items)


def _elsewhere(home: Home, traits: store.Traits) -> Forgotten:
    if not traits.uris:
        return Forgotten(items=0)
    home.traces.drop(lambda trace: traits.named(trace.uri) or traits.said(trace.said, *trace.fields.values()))
    corrections = store.from_corrections(home.user.db, traits)
    for id in corrections:
        teach.forget(home, id=id)
    scrubbed = store.from_user(home.user.db, traits)
    snapshots, left = store.from_snapshots(home.user.db, home.paths.snapshots, traits)
    seen = set(corrections)
    worn = [own.task for own in home.adapters.list() if own.state == "active" and seen & set(own.learned)]
    left += tuple(f"the adapter of {task} learned from it: homebody tasks rollback {task}" for task in worn)
    left += _damaged_files(home)
    return Forgotten(
        items=0,
        turns=scrubbed.turns,
        corrections=len(corrections),
        proposals=scrubbed.proposals,
        snapshots=snapshots,
        left=left,
    )


def _damaged_files(home: Home) -> tuple[str, ...]:
    """Of files set aside the index goes; what the person wrote is theirs to delete."""
    for aside in home.paths.data.glob("index.db.damaged*"):
        aside.unlink()
    kept = sorted(home.paths.data.glob("user.db.damaged*"))
    return tuple(f"{aside.name} may hold it: delete it when you need it no more" for aside in kept)


def _tell(home: Home, kind: str, items: int) -> None:
    """The journal says that it was done, not what it was."""
    home.journal.add("forget", f"{kind}: {items:,} items were forgotten")
