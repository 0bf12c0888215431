"""How far each source has been read: progress, time to go, what was skipped, and pausing it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QVBoxLayout

from app.core.accounts import parse
from app.core.api import Sources
from app.core.errors import HomebodyError
from app.core.types import Progress, SourceState
from app.ui.account import ACCOUNTS
from app.ui.finding import NAMES
from app.ui.indexing import Indexing
from app.ui.language import number, said, span, tr
from app.ui.session import Session
from app.ui.theme import pixmap
from app.ui.widgets import Elided, column, count, empty, enlarged, frame, label, moment, row


class Reading(QVBoxLayout):
    """One card with a line for each source."""

    def __init__(self, session: Session, indexing: Indexing) -> None:
        super().__init__()
        self.session, self.indexing = session, indexing
        self._bars: dict[tuple[str, str], tuple[QProgressBar, QLabel, str]] = {}
        indexing.changed.connect(self.progress)

    def refresh(self) -> None:
        self.session.run(Sources.list, self._show, self._broke)

    def progress(self) -> None:
        """The numbers of a run under way, where it is one of these."""
        for (kind, path), (bar, numbers, rest) in self._bars.items():
            step = self.indexing.of(path, kind) if self.indexing.busy else None
            bar.setVisible(step is not None)
            numbers.setText(how_far(step) if step is not None else rest)
            if step is not None:
                show(bar, step)

    def clear(self) -> None:
        """Lines and what is known of them: a run goes on telling how far it is."""
        empty(self)
        self._bars.clear()

    def _show(self, states: tuple[SourceState, ...]) -> None:
        self.clear()
        if not self.session.open:
            return
        for state in states:
            self.addWidget(self._line(state))
        if not states:
            text = label(tr("No sources yet. Add one on the Sources page."), "muted", wrap=True)
            self.addWidget(frame("card", column(text, margins=(20, 16, 20, 16))))
        self.progress()

    def _line(self, state: SourceState) -> QFrame:
        title, picture, _ = (NAMES | ACCOUNTS).get(state.kind, (state.kind, "folder", ""))
        image = QLabel()
        image.setPixmap(pixmap(picture, 20, "accent"))
        place = str(parse(state.kind, state.path)) if state.kind in ACCOUNTS else state.path
        bar = QProgressBar()
        bar.setTextVisible(False)
        if not enlarged():
            bar.setFixedWidth(120)
        bar.setAccessibleName(tr("Indexing {title}", title=tr(title)))
        numbers = label("", "small")
        self._bars[state.kind, state.path] = (bar, numbers, rest(state))
        line = row(image, margins=(16, 10, 16, 10), gap=14)
        words = column(label(tr(title)), Elided(place, "small"), gap=0)
        line.addLayout(words, 1)
        if enlarged():
            numbers.setWordWrap(True)
            words.addWidget(numbers)
            words.addWidget(bar)
        else:
            line.addWidget(bar)
            line.addWidget(numbers)
        return frame("card", line)

    def _broke(self, error: HomebodyError) -> None:
        self.indexing.failed.emit(error, None)


def rest(state: SourceState) -> str:
    """What is said of a source that is not being read now."""
    parts = [count(state.items, "item")]
    if state.skipped:
        parts.append(tr("{skipped} skipped", skipped=number(state.skipped)))
    if state.missing:
        parts = [tr("not there now; what is known of it is kept"), *parts]
    elif state.fault:
        parts = [said(state.fault), *parts]
    elif state.last_indexed:
        parts.append(tr("read {last_indexed}", last_indexed=moment(state.last_indexed)))
    return " · ".join(parts)


def how_far(progress: Progress) -> str:
    """``1,200 of 3,400 files · 2 min left``."""
    if not progress.total:
        return tr("looking for changes, {done}", done=count(progress.done, "file"))
    left = tr(" · {left_s} left", left_s=span(progress.left_s)) if progress.left_s >= 0 else ""
    return tr(
        "{done} of {total}{left}", done=number(progress.done), total=count(progress.total, "file"), left=left
    )


def show(bar: QProgressBar, progress: Progress) -> None:
    share = progress.share if progress.share >= 0 else progress.done / max(1, progress.total)
    bar.setRange(0, 1000 if progress.total else 0)
    bar.setValue(round(1000 * share))
