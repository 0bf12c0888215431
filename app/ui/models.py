"""The base models of the settings page: what each needs and is licensed under; get, use, remove."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from app.core.api import Admin
from app.core.errors import HomebodyError
from app.core.models import ModelState
from app.core.types import Fetching, Nothing, Proposal
from app.ui.language import number, span, tr
from app.ui.session import Session
from app.ui.widgets import button, column, label, row


class ModelList(QWidget):
    """Nothing is fetched from here: a proposal is shown and has to be approved like any other."""

    proposed = Signal(object)  # Proposal
    said = Signal(str)
    failed = Signal(object)
    changed = Signal()
    stopped = Signal()

    def __init__(self, session: Session, models: tuple[ModelState, ...]) -> None:
        super().__init__()
        self.session = session
        lines = column(gap=10, margins=(0, 12, 0, 12))
        lines.addLayout(self._progress())
        for model in models:
            lines.addLayout(self._line(model))
        self.setLayout(lines)

    def progress(self, step: Fetching) -> None:
        """How far the file on its way is."""
        share = round(1000 * step.done / step.total) if step.total else 0
        self._bar.setRange(0, 1000 if step.total else 0)
        self._bar.setValue(share)
        words = tr(
            "{file}: {done} of {total} MB",
            file=step.file,
            done=number(step.done / 1e6),
            total=number(step.total / 1e6),
        )
        if step.rate > 0 and step.stage == "download":
            left = max(0, step.total - step.done) / step.rate
            words += tr(", {rate} MB/s, {left} left", rate=number(step.rate / 1e6, 1), left=span(left))
        self._words.setText(words)
        for part in (self._words, self._bar, self._stop):
            part.show()

    def _progress(self) -> QHBoxLayout:
        self._words, self._bar = label("", "small"), QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(140)
        self._bar.setAccessibleName(tr("Download progress"))
        self._stop = button(tr("Stop"), self.stopped.emit, "flat")
        for part in (self._words, self._bar, self._stop):
            part.hide()
        return row(self._words, 1, self._bar, self._stop, gap=12)

    def _line(self, model: ModelState) -> QHBoxLayout:
        state = tr("in use") if model.active else tr("here") if model.installed else tr("not here")
        known = "" if model.sha256 or model.installed else tr(" · only the hub vouches for the file")
        needs = tr(
            "{size} MB, needs {ram} GB",
            size=number(model.size / 1e6),
            ram=number(model.ram / 1e9, 1),
        )
        if model.serves == "pictures":
            needs += tr(" · finds photos by what they show")
        about = label(f"{needs} · {model.licence} · {state}{known}", "small", wrap=True)
        line = row(gap=6)
        line.addLayout(column(label(model.title), about, gap=2), 1)
        if not model.installed:
            line.addWidget(
                self._button(tr("Get…"), tr("Get {title}", title=model.title), lambda: self._get(model.key))
            )
        elif not model.active:
            if model.serves == "language":
                line.addWidget(
                    self._button(
                        tr("Use"), tr("Use {title}", title=model.title), lambda: self._use(model.key)
                    )
                )
            line.addWidget(
                self._button(
                    tr("Remove"), tr("Remove {title}", title=model.title), lambda: self._remove(model.key)
                )
            )
        return line

    def _button(self, text: str, name: str, do: Callable[[], object]) -> QPushButton:
        made = button(text, do)
        made.setAccessibleName(name)
        return made

    def _get(self, key: str) -> None:
        def step(found: Proposal | Nothing) -> None:
            if isinstance(found, Proposal):
                self.proposed.emit(found)
            else:
                self.said.emit(found.reason)

        self.session.stream(Admin.get_model, step, lambda: None, self._broke, key=key)

    def _use(self, key: str) -> None:
        def used(model: ModelState) -> None:
            self._done(tr("{title} is in use.", title=model.title))

        self.session.run(Admin.use_model, used, self._broke, key=key)

    def _remove(self, key: str) -> None:
        def removed(model: ModelState) -> None:
            self._done(tr("{title} was removed from this computer.", title=model.title))

        self.session.run(Admin.remove_model, removed, self._broke, key=key)

    def _done(self, said: str) -> None:
        self.said.emit(said)
        self.changed.emit()

    def _broke(self, error: HomebodyError) -> None:
        self.failed.emit(error)
