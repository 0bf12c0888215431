"""Who owns a data folder: the one lock on it, and the open home while it is unlocked."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from app.core.errors import HomebodyError, Locked
from app.core.paths import Paths
from app.core.types import Check
from app.flows import keys, opening
from app.flows.context import Home
from app.store import rescue
from app.store.lock import DataLock


class Engine:
    """Owns what is open: nothing while locked, else one person's :class:`Home`."""

    def __init__(self, paths: Paths, launcher: int) -> None:
        self.paths, self._launcher = paths, launcher
        paths.make()
        self._lock = DataLock(paths)
        self._lock.__enter__()
        self._home: Home | None = None
        self._closed = False
        self._opening = threading.Lock()

    @property
    def home(self) -> Home:
        """Raises Locked until the vault is open."""
        if self._home is None:
            raise Locked(
                "Homebody is locked",
                where=str(self.paths.data),
                remedy="unlock it, or set HOMEBODY_PASSPHRASE",
            )
        return self._home

    @property
    def opened(self) -> Home | None:
        return self._home

    def unlock(self, passphrase: str, *, asked: bool) -> None:
        with self._opening:
            self._alive()
            if self._home is None:
                self._home = opening.unlock(self.paths, passphrase, self._launcher, asked=asked)

    def create(self, passphrase: str) -> str:
        with self._opening:
            self._alive()
            code, self._home = opening.create(self.paths, passphrase, self._launcher)
        return code

    def put_back(self, passphrase: str) -> Iterator[Check]:
        """Copies in the place of damaged files; a store that was open is closed for that moment."""
        with self._opening:
            self._alive()
            home, self._home = self._home, None
            key = home.user.db.key if home is not None else b""
            if home is not None:
                opening.close(home)
            try:
                yield from rescue.put_back(self.paths, passphrase, key=key)
            finally:
                if key:
                    self._home = opening.reopen(self.paths, key, self._launcher)

    def change_key(self, current: str) -> str:
        """Every file is closed, given a new key and opened again; returns the new recovery code."""
        with self._opening:
            self._alive()
            home, key = self.home, self.home.user.db.key
            if not home.indexing.acquire(blocking=False):
                raise HomebodyError("indexing is running", remedy="pause it, or wait for it to finish")
            self._home = None
            try:
                opening.close(home)
                key, code = keys.change(self.paths, key, current=current)
            finally:
                home.indexing.release()
                self._home = opening.reopen(self.paths, key, self._launcher)
        self._home.journal.add("key", "the key was changed")
        return code

    def close(self) -> None:
        """Models stop, files close, the key is forgotten with the process."""
        with self._opening:
            self._closed, home, self._home = True, self._home, None
            try:
                if home is not None:
                    opening.close(home)
            finally:
                self._lock.__exit__(None, None, None)

    def _alive(self) -> None:
        if self._closed:
            raise Locked("Homebody has just been locked", where=str(self.paths.data), remedy="try again")
