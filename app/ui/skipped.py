"""Files that could not be read: each with its reason, and a way to have it tried again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import unquote

from PySide6.QtWidgets import QLabel, QVBoxLayout

from app.core.api import Sources
from app.core.errors import HomebodyError
from app.core.types import SkippedFile
from app.ui.gradual import Gradual
from app.ui.language import number, tr
from app.ui.session import Session
from app.ui.widgets import Elided, button, column, empty, frame, label, row

_SHOWN = 50


class SkippedList(QVBoxLayout):
    """Empty where nothing was skipped."""

    def __init__(
        self, session: Session, failed: Callable[[HomebodyError], None], changed: Callable[[], None]
    ) -> None:
        super().__init__()
        self.session, self._failed, self._changed = session, failed, changed
        self.setSpacing(4)
        self._filling = Gradual(self)

    def refresh(self) -> None:
        self.session.run(Sources.skipped, self._show, self._failed)

    def again(self, uri: str = "") -> None:
        """Try one file again, or all of them."""
        self.session.run(Sources.retry, lambda _: self._changed(), self._failed, uri=uri)

    def clear(self) -> None:
        self._filling.stop()
        empty(self)

    def _show(self, files: tuple[SkippedFile, ...]) -> None:
        self.clear()
        if not files or not self.session.open:
            return
        every = button(tr("Try all again"), self.again, "flat", picture="again")
        self.addLayout(row(label(tr("Skipped ({files})", files=number(len(files))), "caps"), 1, every))
        lines = QVBoxLayout()
        lines.setContentsMargins(16, 12, 12, 12)
        lines.setSpacing(8)
        self.addWidget(frame("card", lines))
        self._filling.fill(lines, self._lines(files))

    def _lines(self, files: tuple[SkippedFile, ...]) -> Iterator[QVBoxLayout | QLabel]:
        yield from map(self._line, files[:_SHOWN])
        if len(files) > _SHOWN:
            yield label(tr("and {more} more", more=number(len(files) - _SHOWN)), "small")

    def _line(self, file: SkippedFile) -> QVBoxLayout:
        name = unquote(file.uri.removeprefix("file://"))
        retry = button(tr("Try again"), partial(self.again, file.uri), "flat")
        retry.setAccessibleName(tr("Try {name} again", name=name))
        line = row(gap=12)
        line.addLayout(column(Elided(name), label(file.reason, "small", wrap=True), gap=0), 1)
        line.addWidget(retry)
        holder = column(gap=0)
        holder.addLayout(line)
        return holder
