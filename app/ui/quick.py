"""The quick prompt: one line over everything; results while typing, Enter asks, Tab acts, Esc leaves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.api import Admin, Verbs
from app.core.errors import HomebodyError
from app.core.types import Nothing, Proposal
from app.ui.aloud import announce
from app.ui.answer import AnswerView
from app.ui.cards import Source
from app.ui.floating import AnswerArea, Floating, Gate
from app.ui.found import FoundList
from app.ui.jobs import Job
from app.ui.language import tr
from app.ui.prompt import Prompt
from app.ui.session import Session
from app.ui.text import one_line, tip
from app.ui.widgets import Elided, button, column, empty, icon_button, label, row, sentence

_WIDTH = 680
_ANSWER = 420  # px of an answer before it scrolls
_RECENT = 3  # earlier questions below an empty box


class Recent(QWidget):
    """What was asked last, newest first; ``chosen`` puts it into the box again."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[str, ...] = ()
        self._lines = column(gap=2)
        self.setLayout(self._lines)
        self.hide()

    def show_last(self, history: Sequence[str]) -> None:
        last = tuple(dict.fromkeys(reversed(history)))[:_RECENT]
        if last == self._shown:
            return
        self._shown = last
        empty(self._lines)
        for words in last:
            again = button(one_line(words, 90), partial(self.chosen.emit, words), "recent", picture="again")
            again.setAccessibleName(tr("Ask again: {words}", words=one_line(words, 90)))
            again.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            again.setToolTip(tip(words))
            self._lines.addWidget(again)
        self.setVisible(bool(last))


class Quick(Floating):
    source_opened = Signal(object)  # Source
    proposed = Signal(object)  # Proposal
    failed = Signal(object, object)
    conversation_wanted = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__(tr("Homebody quick prompt"), _WIDTH)
        self.session = session
        self.gate: Gate = lambda _: True
        self.job: Job | None = None
        self.prompt = Prompt(tr("Ask, or say what to do"))
        self.prompt.editor.tab_acts = True
        self.hint = label(
            tr(
                "Enter asks · ↑ brings earlier ones back · ↓ chooses · Tab does it: a note, an event, a "
                "reminder · Esc closes"
            ),
            "small",
            wrap=True,
        )
        self.found = FoundList(session)
        self.found.chosen.connect(self._open)
        self.found.changed.connect(self.fit)
        self.recent = Recent()
        self.recent.chosen.connect(self._again)
        self.asked = Elided("", "strong")
        self.further = icon_button("open", tr("Go on in the window"), self._go_on)
        head = row(self.asked, self.further, margins=(16, 0, 8, 0))
        head.setStretch(0, 1)
        self.head = QWidget()
        self.head.setLayout(head)
        self.head.hide()
        self.area = AnswerArea(_ANSWER)
        self.area.resized.connect(self.fit)
        self.inside.addLayout(column(self.prompt, row(self.hint, margins=(16, 0, 16, 0)), gap=8))
        for part in (self.recent, self.found, self.head, self.area):
            self.inside.addWidget(part)
        self.prompt.editor.step = self.found.move_mark
        self.prompt.editor.choose = self._choose
        self.prompt.editor.textChanged.connect(self._typed)
        self.prompt.sent.connect(self.ask)
        self.prompt.editor.acted.disconnect()
        self.prompt.editor.acted.connect(self.act)
        self.prompt.stopped.connect(self.stop)
        self.prompt.editor.tabbed.connect(self.act)
        self.prompt.editor.textChanged.connect(self.fit)
        session.settings_changed.connect(self._apply_settings)

    @property
    def view(self) -> AnswerView | None:
        return self.area.view

    def summon(self) -> None:
        """Appear with the draft of last time, all of it selected: typing begins anew, an arrow goes on."""
        if not self.gate(self.summon):
            return
        if not self.isVisible():
            self.prompt.editor.selectAll()
        self.appear(self.prompt.editor)
        QTimer.singleShot(0, self, self._appeared)

    def toggle(self) -> None:
        """The key that brings it takes it away, too."""
        if self.isVisible() and self.isActiveWindow():
            self.escape()
        else:
            self.summon()

    def forget(self) -> None:
        """Draft, earlier questions, results and answer: the store is locked."""
        self.stop()
        self.hide()
        self._clear()
        self.found.stop()
        self.recent.show_last(())
        self.prompt.editor.forget()

    def remember(self, questions: Sequence[str]) -> None:
        """Those of earlier days, oldest first, for Up; only where nothing was asked yet."""
        if not self.prompt.editor.history:
            for question in questions:
                self.prompt.editor.remember(question)
            if self.isVisible():
                self._offer()

    def _appeared(self) -> None:
        """What can wait until it is on the screen."""
        self._pin(True)
        if self.job is None and self.area.view is None:
            self._typed()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pin(False)

    def _pin(self, pinned: bool) -> None:
        """The language model stays in memory while a question may come at any moment."""
        self.session.run(Admin.pin, lambda _: None, lambda _: None, name="llm", pinned=pinned)

    def place(self, size: QSize, screen: QRect) -> QPoint:
        """Centred, a little above the middle; its top stays put while an answer grows."""
        return QPoint(screen.center().x() - size.width() // 2, screen.top() + screen.height() // 5)

    def ask(self, question: str) -> None:
        if self.job is not None:
            return
        self.found.stop()
        view = self._begin(question)
        self.job = self.session.stream(
            Verbs.ask, view.step, self._ended, lambda error: self._broke(error, question), question=question
        )

    def act(self) -> None:
        """Tab: make a proposal of the words; it is confirmed like any other."""
        text = self.prompt.text().strip()
        if self.job is not None or not text:
            return
        self.found.stop()
        view = self._begin(text)

        def step(step: object) -> None:
            if isinstance(step, Proposal):
                self.prompt.editor.remember(text)
                self.prompt.editor.clear()
                self._clear()
                self.hide()
                self.proposed.emit(step)
            elif isinstance(step, Nothing):
                view.stopped(tr("Nothing to do: {reason}", reason=step.reason))
            else:
                view.step(step)

        self.job = self.session.stream(
            Verbs.act, step, self._ended, lambda error: self._broke(error, text), text=text
        )

    def stop(self) -> None:
        if self.job is not None:
            self.job.cancel()
            self.job = None
            if self.view is not None:
                self.view.stopped()
            self.prompt.set_streaming(False)

    def escape(self) -> None:
        """First stop what streams, then leave; what was typed is there next time."""
        if self.job is not None:
            self.stop()
            return
        self._clear()
        self.found.stop()
        self.hide()

    def _typed(self) -> None:
        """While an answer stands there its sources are what is found; new words begin anew."""
        if self.job is None and self.isVisible():
            words = self.prompt.text()
            if words.strip() and self.area.view is not None:
                self._clear()
            self._offer()
            self.found.look_for(words)

    def _offer(self) -> None:
        """An empty box shows what was asked last."""
        free = self.job is None and self.area.view is None and not self.prompt.text().strip()
        self.recent.show_last(self.prompt.editor.history if free else ())

    def _again(self, words: str) -> None:
        self.prompt.set_text(words)
        self.prompt.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear(self) -> None:
        """No answer, and not what was asked."""
        self.head.hide()
        self.asked.setText("")
        self.area.clear()

    def _go_on(self) -> None:
        """The conversation as it stands, in the window."""
        answer = self.view.answer if self.view is not None else None
        if answer is not None and answer.conversation:
            self.escape()
            self.conversation_wanted.emit(answer.conversation)

    def _choose(self) -> bool:
        """Enter on a result opens it."""
        if self.found.marked is None:
            return False
        self.found.open_marked()
        return True

    def _open(self, source: Source) -> None:
        self.found.stop()
        self.source_opened.emit(source)

    def _begin(self, words: str) -> AnswerView:
        self.recent.show_last(())
        view = self.area.begin(tr("Looking in your data …"))
        self.asked.setText(one_line(words, 400))
        self.asked.setToolTip(tip(words))
        self.further.hide()
        self.head.show()
        view.opened.connect(self.source_opened)
        self.prompt.set_streaming(True)
        return view

    def _ended(self) -> None:
        self.job = None
        self.prompt.set_streaming(False)
        if self.view is not None and not self.view.finished:
            self.view.stopped(tr("The answer ended early."))
        if self.view is not None:
            self.further.setVisible(bool(self.view.answer and self.view.answer.conversation))
            announce(self, self.view.text)
        self.session.conversations_changed.emit()

    def _broke(self, error: HomebodyError, text: str) -> None:
        self.prompt.set_text(text)  # while the job is there: new words would take the answer away
        self.job = None
        self.prompt.set_streaming(False)
        if self.view is not None:
            self.view.stopped(sentence(error))
            announce(self, sentence(error), urgent=True)
        self.failed.emit(error, None)

    def _apply_settings(self) -> None:
        self.prompt.editor.enter_sends = self.session.flag("desktop.enter_sends")
