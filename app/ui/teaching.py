"""Corrections handed in from every window, and the one teaching that runs in the background."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.api import Admin, Teaching
from app.core.errors import HomebodyError
from app.core.models import Correction, Verdict, Works
from app.core.types import Nothing, SettingState
from app.ui.jobs import Job
from app.ui.language import mark, span, tr
from app.ui.session import Session

SETTING = "teach.enabled"
_TELL_MS = 250  # how often the page hears of it at most


class Teacher(QObject):
    """Outlives the page: a teaching goes on while the person does something else."""

    changed = Signal()
    kept = Signal(object)  # Correction
    finished = Signal(object)  # Verdict or Nothing
    failed = Signal(object, object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.task = ""
        self.works: Works | None = None
        self._end: object = None
        self._job: Job | None = None
        self._tell = QTimer(self, singleShot=True, interval=_TELL_MS)
        self._tell.timeout.connect(self.changed)

    @property
    def asks(self) -> bool:
        """The person has not said yet whether to learn from what they change."""
        return self.session.value(SETTING) == "ask"

    def correct(self, trace: str, accepted: str, learn: bool) -> None:
        """Hand in an edited text; ``learn``: the person has just said that they want that."""
        if not trace or not accepted:
            return
        if learn:
            self.agree(lambda: self._correct(trace, accepted))
        elif self.session.value(SETTING) == "yes":
            self._correct(trace, accepted)

    def agree(self, then: Callable[[], None] = lambda: None) -> None:
        """The person wants it: remember that, and go on."""

        def take(state: SettingState) -> None:
            self.session.settings[SETTING] = state
            self.session.settings_changed.emit()
            then()

        self.session.run(Admin.set, take, self._broke, key=SETTING, value="yes")

    def teach(self, task: str) -> None:
        if self._job is not None:
            return
        self.task, self._end = task, None
        self.works = Works(task=task, stage="training", done=0, total=0)
        self._job = self.session.stream(Teaching.teach, self._step, self._ended, self._failed, task=task)
        self.changed.emit()

    def cancel(self) -> None:
        """What is learned so far is kept, sealed, and the next teaching goes on from there."""
        if self._job is not None:
            self._job.cancel()
            self._rest()

    def sentence(self) -> str:
        """What it is at, and how long it will take."""
        if (works := self.works) is None:
            return ""
        if works.paused:
            return tr("Waiting for mains power")
        stage = {
            "training": mark("Learning"),
            "now": mark("Measuring how it is now"),
            "new": mark("Measuring what it learned"),
        }.get(works.stage, works.stage)
        stage = tr(stage)
        if not works.total:
            return f"{stage} …"
        left = tr(" · {left_s} left", left_s=span(works.left_s)) if works.left_s > 0 else ""
        return tr(
            "{stage}: {done} of {total}{left}", stage=stage, done=works.done, total=works.total, left=left
        )

    def _correct(self, trace: str, accepted: str) -> None:
        def take(correction: Correction | None) -> None:
            if correction is not None:
                self.kept.emit(correction)

        self.session.run(Teaching.correct, take, lambda _: None, trace=trace, accepted=accepted)

    def _step(self, step: object) -> None:
        if isinstance(step, Works):
            self.works = step
        elif isinstance(step, Verdict | Nothing):
            self._end = step
        if not self._tell.isActive():
            self._tell.start()

    def _ended(self) -> None:
        self._rest()
        if self._end is not None:
            self.finished.emit(self._end)

    def _failed(self, error: HomebodyError) -> None:
        task = self.task
        self._rest()
        self.failed.emit(error, lambda: self.teach(task))

    def _rest(self) -> None:
        self._job, self.works, self.task = None, None, ""
        self._tell.stop()
        self.changed.emit()

    def _broke(self, error: HomebodyError) -> None:
        self.failed.emit(error, None)
