"""What is in memory, and why: our processes with their models, and the charts of memory and words."""

from __future__ import annotations

import time

import psutil
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLabel, QWidget

from app.core.api import Admin
from app.core.types import ProcessState
from app.ui import charts
from app.ui.charts import LiveChart
from app.ui.language import mark, number, said, tr
from app.ui.session import Session
from app.ui.text import visible, wrappable
from app.ui.widgets import beside, column, enlarged, frame, label, row

_EVERY_MS = 1000
_NAMES = {
    "ui": mark("This window"),
    "engine": mark("Engine: the store and the search"),
    "llm": mark("Language model"),
    "embedder": mark("Model that compares meanings"),
    "former": mark("Former model that compares meanings"),
    "ocr": mark("Text recognition"),
    "gallery": mark("Model for pictures"),
    "trainer": mark("Training"),
    "apart": mark("A model of its own, for measuring"),
    "reader": mark("Reader of files"),
}


class Memory(QWidget):
    """Samples once a second while it can be seen; hidden or minimized it wakes nothing up."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.memory = LiveChart(tr("Memory in all"), tr("MB"), least=100)
        self.speed = LiveChart(tr("Tokens written a second"), least=10)
        self._lines = QGridLayout()
        self._lines.setVerticalSpacing(6)
        self._lines.setHorizontalSpacing(24)
        self._lines.setColumnStretch(0, 3)
        self._lines.setColumnStretch(1, 4)
        self._charts: QBoxLayout = row(self.memory, self.speed, gap=24)
        body = column(margins=(20, 16, 20, 16), gap=14)
        body.addLayout(self._charts)
        body.addLayout(self._lines)
        self.setLayout(column(frame("card", body), gap=0))
        self._shown: tuple[tuple[str, int, str], ...] = ()
        self._named: list[tuple[str, bool]] = []
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._asked = False
        self._tokens, self._at = session.tokens, time.monotonic()
        self._own = psutil.Process()
        self.timer = QTimer(self, interval=_EVERY_MS)
        self.timer.timeout.connect(self.sample)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._charts.setDirection(beside())
        self._tokens, self._at = self.session.tokens, time.monotonic()
        self.timer.start()
        self.session.jobs.run(charts.load)
        self.sample()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.window().removeEventFilter(self)
        self.timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowStateChange:
            if self.window().isMinimized():
                self.timer.stop()
            elif self.isVisible():
                self.timer.start()
        return False

    def retint(self) -> None:
        self._named, self._shown = [], ()  # lines are made anew for another size of text
        self.memory.retint()
        self.speed.retint()

    def sample(self) -> None:
        """Ask the engine once; an answer that is late is waited for, not asked for again."""
        if self.session.status.vault != "open" or self._asked:
            return
        self._asked = True
        self.session.run(Admin.processes, self._take, lambda _: self._answered())

    def _answered(self) -> None:
        self._asked = False

    def _take(self, states: tuple[ProcessState, ...]) -> None:
        self._answered()
        if not self.isVisible():
            return
        own = ProcessState(name="ui", pid=self._own.pid, rss=self._own.memory_info().rss)
        everything = (own, *states)
        total = sum(state.rss for state in everything) / 1e6
        self.memory.add(total, number(total))
        now = time.monotonic()
        tokens, self._tokens = self.session.tokens - self._tokens, self.session.tokens
        rate, self._at = tokens / max(now - self._at, 0.001), now
        self.speed.add(rate, number(rate, 1))
        shown = tuple((state.name, round(state.rss / 1e6), state.why) for state in everything)
        if shown != self._shown:
            self._shown = shown
            self._list(everything)

    def _list(self, states: tuple[ProcessState, ...]) -> None:
        """Lines stay where the processes are the same: once a second only their numbers change."""
        ordered = sorted(states, key=lambda s: not s.pid)
        named = [(state.name, bool(state.pid)) for state in ordered]
        if named != self._named:
            self._named = named
            self._empty()
            self._rows = [self._row(at, *each) for at, each in enumerate(named)]
        for state, (why, amount) in zip(ordered, self._rows, strict=True):
            why.setText(wrappable(visible(said(state.why))))
            size = tr("{size} MB", size=number(state.rss / 1e6)) if state.pid else tr("not in memory")
            amount.setText(size)

    def _empty(self) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()

    def _row(self, at: int, name: str, there: bool) -> tuple[QLabel, QLabel]:
        """A line of the process ``name``, which is in memory or not: why, and how much it takes."""
        title = label(tr(_NAMES[name]) if name in _NAMES else name, wrap=True)
        why = label("", "muted", wrap=True)
        amount = label("", "" if there else "muted", wrap=enlarged())
        amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for column_, widget in enumerate((title, why, amount)):
            self._lines.addWidget(widget, at, column_)
        return why, amount
