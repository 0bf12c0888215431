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

DEBOUNCE_S = 1.0
ANYWAY_S = 600.0
PULSE_S = 2.0
_READ_ONLY = ("opened", "closed_no_write")


class Watch(FileSystemEventHandler):
    """Yields True once something under ``roots`` changed and things calmed down, False meanwhile.

    The False every two seconds is what lets a caller stop waiting.
    """

    def __init__(self, roots: tuple[Path, ...]) -> None:
        self._changed = threading.Event()
        self._observer = Observer()
        for folder in {root if root.is_dir() else root.parent for root in roots if root.exists()}:
            self._observer.schedule(self, str(folder), recursive=True)

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in _READ_ONLY:
            self._changed.set()

    def __enter__(self) -> Self:
        self._observer.start()
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
            while self._changed.is_set():
                self._changed.clear()
                self._changed.wait(DEBOUNCE_S)
            if changed or time.monotonic() - last > ANYWAY_S:
                last = time.monotonic()
                yield True
            else:
                yield False
