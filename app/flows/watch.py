"""Following folders: one signal after a burst of changes, and every ten minutes in any case."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from app.core.errors import HomebodyError

DEBOUNCE_S = 1.0
LONGEST_BURST_S = 10.0
ANYWAY_S = 600.0
PULSE_S = 2.0
_READ_ONLY = ("opened", "closed_no_write")


class Watch(FileSystemEventHandler):
    """Yields True once something under ``roots`` changed and things calmed down, False meanwhile.

    The False every two seconds is what lets a caller stop waiting. What happens below ``apart``,
    Homebody's own data, is no change: keeping what was read would be followed by reading again.
    Entering raises HomebodyError where the system does not follow that many folders.
    """

    def __init__(self, roots: tuple[Path, ...], *, apart: Path) -> None:
        self._changed = threading.Event()
        self._apart = apart.resolve()
        self._files = {root.resolve() for root in roots if root.is_file()}
        self._folders = {root.resolve() for root in roots if root.is_dir()}
        self._observer = Observer()

    def stir(self) -> None:
        """Something changed that is no file, as others know."""
        self._changed.set()

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in _READ_ONLY:
            return
        places = [Path(str(path)) for path in (event.src_path, event.dest_path) if path]
        if any(map(self._concerns, places)):
            self._changed.set()

    def _concerns(self, place: Path) -> bool:
        within = {place, *place.parents}
        return self._apart not in within and bool(place in self._files or within & self._folders)

    def __enter__(self) -> Self:
        try:
            for folder in self._folders:
                self._observer.schedule(self, str(folder), recursive=True)
            for parent in {file.parent for file in self._files} - self._folders:
                self._observer.schedule(self, str(parent), recursive=False)
            self._observer.start()
        except OSError as error:
            raise HomebodyError(
                "changes in these folders cannot be followed",
                where=error.strerror or str(error),
                remedy="raise fs.inotify.max_user_watches, or index by hand",
            ) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._observer.stop()
        self._observer.join()

    def __iter__(self) -> Iterator[bool]:
        last = time.monotonic()
        while True:
            changed = self._changed.wait(PULSE_S)
            self._calm()
            if changed or time.monotonic() - last > ANYWAY_S:
                last = time.monotonic()
                yield True
            else:
                yield False

    def _calm(self) -> None:
        """Wait until a burst is over; one that does not end is not waited for."""
        until = time.monotonic() + LONGEST_BURST_S
        while self._changed.is_set():
            self._changed.clear()
            if time.monotonic() < until:
                self._changed.wait(DEBOUNCE_S)
