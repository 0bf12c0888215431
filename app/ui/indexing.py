"""Keeps the index up to date while the window is open: follows changes, pauses, resumes."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.api import Sources, Vault
from app.core.errors import HomebodyError, Locked, WorkerDied
from app.core.types import Done, Indexed, Progress, Removed, Skipped, Waiting
from app.ui.finding import source_name
from app.ui.jobs import Job
from app.ui.language import mark, number, span, tr
from app.ui.session import Session

_STAGES = {
    "scan": mark("looking for changes"),
    "read": mark("reading"),
    "ocr": mark("reading pictures"),
    "embed": mark("understanding"),
}
PAUSED = "paused"  # how the reason begins
_TELL_MS = 150  # how often the window hears of it at most
_TRIES, _TRY_MS = 20, 500
_AGAIN_MS = (2_000, 10_000, 60_000)  # pauses before following again after a process died; then no more


class Indexing(QObject):
    """One index run with ``watch``; its counts per source, told a few times a second."""

    changed = Signal()
    finished = Signal(object)  # Done: one round is through
    failed = Signal(object, object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.busy, self.paused = False, False
        self._rests = False  # the engine has said that it is paused: what it does then is no rest any more
        self.progress: dict[str, Progress] = {}
        self.added = 0
        self.skipped = 0
        self._tries = 0
        self._deaths = 0  # in a row, with no round that came to its end
        self._trouble = ""
        self._job: Job | None = None
        self._tell = QTimer(self, singleShot=True, interval=_TELL_MS)
        self._tell.timeout.connect(self.changed)

    @property
    def running(self) -> bool:
        return self._job is not None

    def start(self) -> None:
        """Look again at every source, then follow them; a run under way starts over, a pause is over."""
        if self.paused:
            self.paused = False
            self.session.run(Sources.pause, lambda _: None, self._not_told, on=False)
        self._tries = _TRIES if self.running else 0
        self._deaths = 0
        self._begin()

    def _begin(self) -> None:
        self.stop()
        self.busy, self.added, self.skipped = True, 0, 0
        self._trouble = ""
        self.progress.clear()
        self._job = self.session.stream(Sources.index, self._step, self._ended, self._broke, watch=True)
        self.changed.emit()

    def pause(self) -> None:
        """What follows changes rests, in this window and in every other, until it is resumed."""
        self.paused, self.busy, self._rests = True, False, False
        self.session.run(Sources.pause, lambda _: None, self._not_told, on=True)
        self.changed.emit()

    def resume(self) -> None:
        self.paused = False
        self.session.run(Sources.pause, lambda _: None, self._not_told, on=False)
        if not self.running:
            self.start()
        self.changed.emit()

    def of(self, *names: str) -> Progress | None:
        """How far a source is: by its path, or its kind where only that is told."""
        return next((self.progress[name] for name in names if name in self.progress), None)

    def stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self.busy = False
        self._tell.stop()

    def sentence(self) -> str:
        """What the status bar says of it."""
        if self.paused:
            return tr("Indexing paused")
        if not self.busy:
            return self._trouble
        running = [p for p in self.progress.values() if p.source and (not p.total or p.done < p.total)]
        return " · ".join(map(self._of, running)) or tr("Looking for changes …")

    def share(self) -> int:
        """Percent of what is known to be done, -1 while that is unknown."""
        known = [p for p in self.progress.values() if p.total]
        total = sum(p.total for p in known)
        done = sum(p.total * p.share if p.share >= 0 else min(p.done, p.total) for p in known)
        return int(100 * done / total) if total else -1

    def _of(self, progress: Progress) -> str:
        stage = tr(_STAGES.get(progress.stage, progress.stage))
        numbers = (
            tr(" {done} of {total}", done=number(progress.done), total=number(progress.total))
            if progress.total > 1
            else ""
        )
        left = tr(", {left_s} left", left_s=span(progress.left_s)) if progress.left_s >= 0 else ""
        return f"{source_name(progress.source)}: {stage}{numbers}{left}"

    def _step(self, step: object) -> None:
        match step:
            case Waiting(reason=reason) if reason.startswith(PAUSED):
                self.paused, self.busy, self._rests = True, False, True
                self.progress.clear()
            case Waiting():
                self.busy, self._trouble = False, step.reason
                self.progress.clear()
            case Progress(stage="wait"):
                return
            case Progress() if self.paused and not self._rests:
                return  # a piece of work that was begun before
            case Progress(stage="watch"):
                if not (self.busy or self.paused):
                    return
                self.paused = self.busy = False
                self.progress.clear()
            case Progress():
                self.paused, self.busy, self._trouble = False, True, ""
                self.progress[step.path or step.source] = step
            case Indexed() | Removed():
                self.added += 1
            case Skipped():
                self.skipped += 1
            case Done():
                self.busy, self._deaths = False, 0
                self.progress.clear()
                self.finished.emit(step)
        if not self._tell.isActive():
            self._tell.start()

    def _ended(self) -> None:
        self._job, self.busy = None, False
        self.changed.emit()

    def _broke(self, error: HomebodyError) -> None:
        self._job, self.busy = None, False
        if self._tries and not isinstance(error, WorkerDied | Locked):
            self._tries -= 1  # the run that was just cancelled has not let go yet
            QTimer.singleShot(_TRY_MS, self, self._again)
            return
        if isinstance(error, WorkerDied):
            # It ends by itself when it locks; only a store that opens again has died of something else.
            self.session.run(
                Vault.unlock, lambda _: self._died(error), lambda locked: self.failed.emit(locked, None)
            )
        else:
            self.failed.emit(error, self.start)
        self.changed.emit()

    def _not_told(self, error: HomebodyError) -> None:
        self.failed.emit(error, None)

    def _died(self, error: WorkerDied) -> None:
        """Begin again after a pause, a few times; a row of deaths is told at its start and its end."""
        deaths, self._deaths = self._deaths, self._deaths + 1
        again = deaths < len(_AGAIN_MS)
        self._trouble = tr("Indexing stopped; trying again soon") if again else tr("Indexing stopped")
        if again:
            QTimer.singleShot(_AGAIN_MS[deaths], self, self._again)
        if deaths == 0 or not again:
            self.failed.emit(error, self.start)
        self.changed.emit()

    def _again(self) -> None:
        if not self.running and not self.paused:
            self._begin()
