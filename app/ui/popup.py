"""The selection popup: a summary of what is selected elsewhere, streamed near the pointer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, QRect, QSize, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.core.api import Verbs
from app.core.errors import HomebodyError
from app.core.types import Nothing, Proposal
from app.ui.answer import AnswerView
from app.ui.floating import AnswerArea, Floating
from app.ui.jobs import Job
from app.ui.language import mark, tr
from app.ui.session import Session
from app.ui.widgets import button, column, count, icon_button, label, row, sentence

_WIDTH = 520
_ANSWER = 360
_STYLES = {
    "proofread": mark("Proofread"),
    "shorter": mark("Shorter"),
    "friendlier": mark("Friendlier"),
    "formal": mark("More formal"),
}


class SelectionPopup(Floating):
    """The selected words arrive editable; Summarize, Rewrite, Ask and Do work on them."""

    failed = Signal(object, object)
    asked = Signal(str)
    edited = Signal(str, str, bool)  # trace, text, whether the person just agreed to learning
    proposed = Signal(object)  # Proposal

    def __init__(self, session: Session) -> None:
        super().__init__(tr("Homebody summary"), _WIDTH)
        self.session = session
        self.job: Job | None = None
        self._at = QPoint()
        self.title = label(tr("Summary"), "heading")
        self.origin = QPlainTextEdit()
        self.origin.setAccessibleName(tr("The selected text"))
        self.origin.setTabChangesFocus(True)
        self.origin.setFixedHeight(76)
        self.about = label("", "small")
        self.area = AnswerArea(_ANSWER)
        self.area.resized.connect(self.fit)
        self.stop_button = button(tr("Stop"), self.stop, picture="stop")
        self.stop_button.hide()
        self.inside.addLayout(self._layout())

    @property
    def view(self) -> AnswerView | None:
        return self.area.view

    def show_text(self, text: str) -> None:
        """Near the pointer; ``text`` may be empty, which is said and nothing more."""
        self.stop()
        self._at = QCursor.pos()
        self.origin.setPlainText(text)
        self.area.clear()
        if text:
            self.summarize()
        else:
            self.about.setText(
                tr("Nothing is selected. Select text in any program, then press the key again.")
            )
        for part in self._tools:
            part.setVisible(bool(text))
        self.origin.setVisible(bool(text))
        self.appear(self.origin if not text else self.box)

    def place(self, size: QSize, screen: QRect) -> QPoint:
        """Beside the pointer, so that the selection stays readable."""
        return self._at + QPoint(16, 20)

    def text(self) -> str:
        return self.origin.toPlainText().strip()

    def summarize(self) -> None:
        self.title.setText(tr("Summary"))
        text = self.text()
        self._follow(
            lambda view: self.session.stream(Verbs.summarize, view.step, self._ended, self._broke, text=text)
        )

    def rewrite(self, style: str) -> None:
        self.title.setText(_STYLES[style])
        text = self.text()
        self._follow(
            lambda view: self.session.stream(
                Verbs.rewrite, view.step, self._ended, self._broke, text=text, style=style
            )
        )

    def act(self) -> None:
        """A proposal made of the selection: a note, an event, a reminder, a draft."""
        self.title.setText(tr("Do"))
        text = self.text()

        def step(view: AnswerView, step: object) -> None:
            if isinstance(step, Proposal):
                self.hide()
                self.proposed.emit(step)
            elif isinstance(step, Nothing):
                view.stopped(tr("Nothing to do: {reason}", reason=step.reason))
            else:
                view.step(step)

        self._follow(
            lambda view: self.session.stream(
                Verbs.act, partial(step, view), self._ended, self._broke, text=text
            )
        )

    def stop(self) -> None:
        if self.job is not None:
            self.job.cancel()
            self.job = None
            if self.view is not None:
                self.view.stopped()
        self.stop_button.hide()

    def escape(self) -> None:
        if self.job is not None:
            self.stop()
            return
        self.hide()

    # --- parts ---------------------------------------------------------------------------------

    def _layout(self) -> QVBoxLayout:
        close = icon_button("close", tr("Close (Esc)"), self.hide)
        again = button(tr("Summarize"), self.summarize, picture="spark")
        rewrite = QPushButton(tr("Rewrite"))
        menu = QMenu(rewrite)
        for style, name in _STYLES.items():
            menu.addAction(tr(name), partial(self.rewrite, style))
        rewrite.setMenu(menu)
        ask = button(tr("Ask…"), self._ask)
        do = button(tr("Do…"), self.act)
        self._tools: tuple[QWidget, ...] = (again, rewrite, ask, do)
        head = row(self.title, self.about, 1, self.stop_button, close, gap=10)
        return column(head, self.origin, self.area, row(*self._tools, 1, gap=6), gap=12)

    def _ask(self) -> None:
        self.hide()
        self.asked.emit(self.text())

    def _follow(self, begin: Callable[[AnswerView], Job]) -> None:
        self.stop()
        if not self.text():
            return
        self.about.setText(tr("of {count}", count=count(len(self.text().split()), "selected word")))
        view = self.area.begin(tr("Reading the selection …"))
        view.edited.connect(self.edited)
        view.asks = self.session.value("teach.enabled") == "ask"
        self.stop_button.show()
        self.job = begin(view)

    def _ended(self) -> None:
        self.job = None
        self.stop_button.hide()
        if self.view is not None and not self.view.finished:
            self.view.stopped(tr("It ended early."))

    def _broke(self, error: HomebodyError) -> None:
        self.job = None
        self.stop_button.hide()
        if self.view is not None:
            self.view.stopped(sentence(error))
        self.failed.emit(error, None)
