"""Following folders: what changed is told once a burst is over; what cannot be followed is polled."""

from __future__ import annotations

import logging
import os
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from app.flows import mounts

_INOTIFY = logging.getLogger("watchdog.observers.inotify")
DEBOUNCE_S = 1.0
STIR_S = 0.2  # the same for what is no file: an account, which tells of many changes as of one
LONGEST_BURST_S = 10.0
ANYWAY_S = 600.0
POLL_S = 60.0
PULSE_S = 2.0
_LOG = "-wal"
MOST = 2_000  # places in one burst; after more all is looked through
_KINDS: list[type[FileSystemEvent]] = [  # not that a file was opened: we do that ourselves, by the thousand
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]


@dataclass(frozen=True)
class Changes:
    """What happened: files and folders that changed, came or went, and which of them moved, in order.

    ``roots`` are to be looked through as a whole, ``all`` says so of every source, and ``stirred`` that
    something changed that is no file.
    """

    places: frozenset[Path] = frozenset()
    moves: tuple[tuple[str, str], ...] = ()
    roots: frozenset[Path] = frozenset()
    all: bool = False
    stirred: bool = False

    def __bool__(self) -> bool:
        return bool(self.places or self.roots or self.all or self.stirred)

    def within(self, root: Path) -> frozenset[Path] | None:
        """The places that changed in a source; None where all of it is to be looked through."""
        if self.all or root in self.roots or root in self.places:
            return None
        return frozenset(place for place in self.places if root in place.parents)


class _Lost(logging.Handler):
    """Hears from watchdog that the kernel had to drop events; it has no other way to say so."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.WARNING)
        self._watch = watch

    def emit(self, record: logging.LogRecord) -> None:
        if "overflow" in record.getMessage():
            self._watch.lost()


def _meant(place: Path) -> Path:
    """The database where what changed is its log (https://www.sqlite.org/wal.html): it has what is newest."""
    return place.with_name(place.name.removesuffix(_LOG)) if place.name.removesuffix(_LOG) else place


def _no_end(record: logging.LogRecord) -> bool:
    """watchdog logs as an error that it was ended while it waited, which is how it ends."""
    return "called when the thread is inactive" not in record.getMessage()


class Watch(FileSystemEventHandler):
    """Yields what changed under ``roots`` once things calmed down, and meanwhile nothing (a false value).

    That nothing every two seconds is what lets a caller stop waiting. What happens below ``apart``,
    Homebody's own data, is no change: keeping what was read would be followed by reading again.
    When a folder moves, or a thread of watchdog has died, watchdog knows its folders no more: it is begun
    anew, and all is looked through. Folders of other machines, and those beyond what the system follows,
    are looked through each minute, all of them every ten minutes in any case.
    """

    def __init__(self, roots: tuple[Path, ...], *, apart: Path) -> None:
        self._changed = threading.Event()
        self._guard = threading.Lock()
        self._places: set[Path] = set()
        self._moves: list[tuple[str, str]] = []
        self._all = self._stirred = False
        self._apart = apart.resolve()
        # pathlib's own raise where a disk does not answer
        self._files = {root.resolve() for root in roots if os.path.isfile(root)}  # noqa: PTH113
        self._folders = {root.resolve() for root in roots if os.path.isdir(root)}  # noqa: PTH112
        self.polled: set[Path] = set()
        self._stale = False
        self._observer: BaseObserver = Observer()
        self._threads: list[threading.Thread] = []
        self._hears = _Lost(self)

    def stir(self) -> None:
        """Something changed that is no file, as others know."""
        with self._guard:
            self._stirred = True
        self._changed.set()

    def waiting(self) -> bool:
        """Whether something changed that was not told yet."""
        return self._changed.is_set()

    def lost(self) -> None:
        """What changed is not known."""
        with self._guard:
            self._all = True
        self._changed.set()

    def on_any_event(self, event: FileSystemEvent) -> None:
        places = [_meant(Path(str(path))) for path in (event.src_path, event.dest_path) if path]
        concerned = [place for place in places if self._concerns(place)]
        if not concerned:
            return
        with self._guard:
            if not self._all:
                self._places.update(concerned)
            self._stale = self._stale or (event.is_directory and event.event_type == "moved")
            if event.event_type == "moved" and len(places) == 2 and len(self._moves) <= MOST:
                self._moves.append((str(places[0]), str(places[1])))
            if len(self._places) > MOST or len(self._moves) > MOST:
                self._all = True
        self._changed.set()

    def _concerns(self, place: Path) -> bool:
        within = {place, *place.parents}
        return self._apart not in within and bool(place in self._files or within & self._folders)

    def __enter__(self) -> Self:
        logging.getLogger("watchdog").addHandler(self._hears)
        _INOTIFY.addFilter(_no_end)  # stays, since its thread may outlive us by a moment
        self._begin()
        return self

    def _begin(self) -> None:
        # Said in a thread of its own, as an error where warnings are errors: that would end the thread.
        warnings.filterwarnings("ignore", message="Callback with id", category=RuntimeWarning)
        self._observer.start()
        for folder in self._folders:
            self._follow(folder, folder, recursive=True)
        for file in self._files:
            if not any(folder in file.parents for folder in self._folders):
                self._follow(file.parent, file, recursive=False)
        self._threads = [t for t in threading.enumerate() if type(t).__module__.startswith("watchdog.")]

    def _anew(self) -> None:
        self._end()
        self._observer = Observer()
        self._begin()

    def _follow(self, folder: Path, root: Path, *, recursive: bool) -> None:
        if mounts.elsewhere(folder):
            self.polled.add(root)
            return
        try:
            self._observer.schedule(self, str(folder), recursive=recursive, event_filter=_KINDS)
        except OSError:  # there are more folders than the system follows (fs.inotify.max_user_watches)
            self.polled.add(root)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()
        logging.getLogger("watchdog").removeHandler(self._hears)

    def _end(self) -> None:
        with suppress(RuntimeError):  # it had not started
            self._observer.stop()
            self._observer.join()

    def __iter__(self) -> Iterator[Changes]:
        last = polled = time.monotonic()
        while True:
            self._changed.wait(PULSE_S)
            self._calm()
            if self._stale or not all(thread.is_alive() for thread in self._threads):
                self._stale = False
                self._anew()
                self.lost()
            changes, now = self._take(), time.monotonic()
            if now - last > ANYWAY_S:
                changes, last = Changes(moves=changes.moves, all=True, stirred=True), now
            elif self.polled and now - polled > POLL_S:
                roots = frozenset(self.polled)
                changes = Changes(changes.places, changes.moves, roots, changes.all, changes.stirred)
                polled = now
            yield changes

    def _take(self) -> Changes:
        with self._guard:
            taken = Changes(frozenset(self._places), tuple(self._moves), all=self._all, stirred=self._stirred)
            self._places, self._moves = set(), []
            self._all = self._stirred = False
        return taken

    def _calm(self) -> None:
        """Wait until a burst is over; one that does not end is not waited for."""
        until = time.monotonic() + LONGEST_BURST_S
        while self._changed.is_set():
            self._changed.clear()
            if time.monotonic() < until:
                files = self._places or self._moves or self._all
                self._changed.wait(DEBOUNCE_S if files else STIR_S)
