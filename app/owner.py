"""Who owns a data folder: the one lock on it, and the open home while it is unlocked."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator

from app.core.errors import HomebodyError, Locked
from app.core.paths import Paths
from app.core.types import Check
from app.flows import keys, opening
from app.flows.context import Home
from app.store import rescue
from app.store.lock import DataLock

LOOK_S = 5.0  # how often it looks whether it is to be locked
ASKED = ("llm", "apart", "trainer")  # at work they were asked to; what reads and embeds works by itself


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
        self._used = time.monotonic()
        threading.Thread(target=self._watch, name="lock", daemon=True).start()

    @property
    def home(self) -> Home:
        """For what a person asked for, which puts the lock off. Raises Locked until the vault is open."""
        self._used = time.monotonic()
        return self.held

    @property
    def held(self) -> Home:
        """For what happens by itself, such as following changes. Raises Locked until the vault is open."""
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

    def lock(self, then: Callable[[], None] = lambda: os._exit(0)) -> None:
        """Forget the key and stay locked: every process of ours ends, ``then`` this one."""
        with contextlib.ExitStack() as ending:  # where the mark cannot be written the key is forgotten too
            ending.callback(threading.Timer(0.1, then).start)  # after the reply has left
            ending.callback(self.close)
            if self._home is not None:
                ending.callback(opening.kill, self._home)
            opening.stay_locked(self.paths)

    def idle(self) -> float:
        """Seconds since a person, or a program of theirs, last asked for something."""
        home = self._home
        if home is None or any(p.at_work and p.name in ASKED for p in home.specialists.processes()):
            self._used = time.monotonic()
        return time.monotonic() - self._used

    def _watch(self) -> None:
        while not self._closed:
            time.sleep(LOOK_S)
            with contextlib.suppress(HomebodyError):  # it is being closed
                self.lock_if_idle()

    def lock_if_idle(self, then: Callable[[], None] = lambda: os._exit(0)) -> bool:
        """Lock when nothing was asked for as long as the setting says; whether it did."""
        home = self._home
        if home is None or not (minutes := int(home.setting("lock.minutes"))) or self.idle() < 60 * minutes:
            return False
        self.lock(then)
        return True

    def _alive(self) -> None:
        if self._closed:
            raise Locked("Homebody has just been locked", where=str(self.paths.data), remedy="try again")
