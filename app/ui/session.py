"""What every window shares: the engine (reopened after it died), the settings, the state shown."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any, Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Signal

from app.core.api import Admin, Vault, Verbs
from app.core.errors import Bug, HomebodyError, Locked, translate
from app.core.library import Picture
from app.core.settings import BY_KEY
from app.core.types import SettingState, Status, Token
from app.ui.jobs import Job, Jobs, heeded
from app.workers.worker import Caller, Stream

P = ParamSpec("P")
T = TypeVar("T")


class Reopening(Iterator[T]):
    """A stream that unlocks the store by the keyring when a fresh engine says it is locked."""

    def __init__(self, begin: Callable[[], Stream[T]], unlock: Callable[[], None]) -> None:
        self._begin, self._unlock = begin, unlock
        self._guard = threading.Lock()
        self._closed = threading.Event()
        self._stream: Stream[T] = begin()
        self._first = True

    def __next__(self) -> T:
        try:
            step = next(self._stream)
        except Locked:
            if not self._first or self._closed.is_set():
                raise
            self._unlock()
            with self._guard:
                self._stream = self._begin()
                if self._closed.is_set():
                    self._stream.close()
            step = next(self._stream)
        self._first = False
        return step

    def close(self) -> None:
        with self._guard:
            self._closed.set()
            self._stream.close()


class Session(QObject):
    """The engine as the windows see it. ``run`` and ``ask`` come back on the GUI thread."""

    settings_changed = Signal()
    status_changed = Signal()
    conversations_changed = Signal()

    def __init__(self, engine: Caller, jobs: Jobs) -> None:
        super().__init__()
        self.engine, self.jobs = engine, jobs
        self.status = Status(vault="locked")
        self.tokens = 0  # that any stream has brought since the start
        self.settings: dict[str, SettingState] = {
            key: setting.state(setting.default) for key, setting in BY_KEY.items()
        }

    def run(
        self,
        function: Callable[Concatenate[Any, P], T],
        done: Callable[[T], None],
        failed: Callable[[HomebodyError], None],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Call one method of the engine."""

        def work() -> T:
            try:
                return self.engine.call(function, *args, **kwargs)
            except Locked:
                if function.__qualname__.startswith(("Vault.", "Keys.")):  # a wrong passphrase is the answer
                    raise
                self._unlock()
                return self.engine.call(function, *args, **kwargs)

        broke = heeded(failed)
        self.jobs.run(work, heeded(done), lambda error: broke(translate(error)))

    def picture(self, uri: str) -> Picture:
        """A photo that the window's process is not to decode; waits, so never on the GUI thread."""
        return self.engine.call(Verbs.picture, uri=uri)

    def stream(
        self,
        function: Callable[Concatenate[Any, P], Iterator[T]],
        step: Callable[[T], None],
        done: Callable[[], None],
        failed: Callable[[HomebodyError], None],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Job:
        """Follow one stream of the engine; ``Job.cancel()`` stops the work there."""

        def begin() -> Reopening[T]:
            return Reopening(lambda: self.engine.open(function, *args, **kwargs), self._unlock)

        take, broke = heeded(step), heeded(failed)

        def counted(value: T) -> None:
            self.tokens += isinstance(value, Token)
            take(value)

        return self.jobs.stream(begin, counted, heeded(done), lambda error: broke(translate(error)))

    def _unlock(self) -> None:
        """By the keyring; raises Locked where only the person can open the store."""
        self.engine.call(Vault.unlock)

    @property
    def open(self) -> bool:
        """Whether what the store tells may be shown: an answer may come after it was locked."""
        return self.status.vault == "open"

    # --- what is shown -----------------------------------------------------------------------

    def refresh_status(self, then: Callable[[Status], None] = lambda _: None) -> None:
        def take(status: Status) -> None:
            self.status = status
            self.status_changed.emit()
            then(status)

        self.run(Vault.status, take, lambda _: None)

    def refresh_settings(self, then: Callable[[], None] = lambda: None) -> None:
        def take(states: tuple[SettingState, ...]) -> None:
            self.settings.update({state.key: state for state in states})
            self.settings_changed.emit()
            then()

        self.run(Admin.settings, take, lambda _: then())

    def change(self, key: str, value: str, failed: Callable[[HomebodyError], None]) -> None:
        def take(state: SettingState) -> None:
            self.settings[key] = state
            self.settings_changed.emit()
            if key.startswith(("cloud.", "model.")):
                self.refresh_status()

        self.run(Admin.set, take, failed, key=key, value=value)

    def value(self, key: str) -> str:
        return self.settings[key].value

    def flag(self, key: str) -> bool:
        return self.value(key) == "true"


def is_bug(error: HomebodyError) -> bool:
    return isinstance(error, Bug)
