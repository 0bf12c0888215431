"""The conversation in the middle: messages, the scope chips and the question box."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.core.api import Conversations, Verbs
from app.core.errors import HomebodyError
from app.core.types import ItemView, Nothing, Proposal, Scope, Turn
from app.ui.answer import AnswerView, Centred, QuestionView
from app.ui.cards import completed, from_citation
from app.ui.jobs import Job
from app.ui.language import mark, tr, within
from app.ui.prompt import Prompt
from app.ui.session import Session
from app.ui.widgets import button, column, empty, label, row

WIDTH = 780
KINDS = {
    mark("Mail"): "mail",
    mark("Notes"): "notes",
    mark("Calendar"): "calendar",
    mark("Photos"): "photos",
}
EXAMPLES = (
    mark("What did I agree to last week?"),
    mark("When is my next appointment?"),
    mark("What is the booking reference of my trip?"),
)


class Chat(QWidget):
    """One conversation at a time; closing or leaving it never loses it."""

    source_opened = Signal(object)  # Source
    failed = Signal(object, object)  # HomebodyError, what to call to try again
    proposed = Signal(object)  # Proposal
    copied = Signal()
    edited = Signal(str, str, bool)  # trace, text, whether the person just agreed to learning
    said = Signal(str)

    def __init__(self, session: Session, examples: Sequence[str] = EXAMPLES) -> None:
        super().__init__()
        self.setObjectName("chat")
        self.session, self.conversation = session, 0
        self.examples = tuple(tr(example) for example in examples)
        self.job: Job | None = None
        self.answers: list[AnswerView] = []
        self._messages = QVBoxLayout()
        self._messages.setContentsMargins(24, 24, 24, 16)
        self._messages.setSpacing(16)
        self._area = self._scroll()
        self.prompt = Prompt(tr("Ask about your mail, notes, calendar and photos"))
        self.chips = {name: self._chip(name) for name in KINDS}
        self.setLayout(column(self._area, self._foot(), gap=0))
        self.prompt.sent.connect(self.ask)
        self.prompt.acted.connect(self.act)
        self.prompt.stopped.connect(self.stop)
        session.settings_changed.connect(self._apply_settings)
        self.new()

    # --- what the window calls ---------------------------------------------------------------

    def new(self) -> None:
        """An empty page with examples; the conversation that was open stays in the list."""
        self.stop()
        self.conversation = 0
        self._clear()
        self._messages.addLayout(self._welcome())
        self._messages.addStretch(1)
        self.prompt.setFocus()

    def open(self, id: int) -> None:
        self.stop()
        self.session.run(
            Conversations.turns,
            lambda turns: self._show(id, turns),
            lambda error: self.failed.emit(error, lambda: self.open(id)),
            id=id,
        )

    def ask(self, question: str) -> None:
        if self.job is None:
            self._follow_stream(question, partial(self._begin_ask, question))

    def stop(self) -> None:
        """Also what Esc does; the words so far stay."""
        if self.job is None:
            return
        self.job.cancel()
        self.job = None
        if self.answers:
            self.answers[-1].stopped()
        self.prompt.set_streaming(False)

    def scope(self) -> Scope:
        chosen = [KINDS[name] for name, chip in self.chips.items() if chip.isChecked()]
        return Scope(sources=tuple(chosen))

    def unmark(self) -> None:
        for view in self.answers:
            view.sources.unmark()

    def begin_answer(self, waiting: str) -> AnswerView:
        """Room for an answer that is made elsewhere; its steps come from outside."""
        view = AnswerView(waiting)
        self._place(view)
        self._to_end()
        return view

    def summarize(self, uri: str) -> None:
        """A stored item with its whole thread, in this conversation's column."""
        if self.job is None:
            self._follow_stream(tr("Summarize this item"), partial(self._begin, Verbs.summarize, uri=uri))

    def draft(self, uri: str, say: str) -> None:
        """A reply to the mail ``uri``; ends in the proposal to keep it."""
        if self.job is None:
            words = tr("Draft a reply: {say}", say=say)
            self._follow_stream(words, partial(self._begin, Verbs.draft, reply_to=uri, say=say))

    def compose(self, to: tuple[str, ...], say: str, subject: str) -> None:
        """A new mail; ends in the proposal to keep it."""
        if self.job is None:
            words = tr("Write a mail to {to}: {say}", to=", ".join(to), say=say)
            begin = partial(self._begin, Verbs.draft, to=to, say=say, subject=subject)
            self._follow_stream(words, begin)

    def act(self, text: str) -> None:
        """A proposal made of these words: a note, an event, a draft, a reminder."""
        if self.job is None:
            self._follow_stream(text, partial(self._begin, Verbs.act, text=text))

    def retint(self) -> None:
        self.prompt.arm()
        for view in self.answers:
            view.render_now()
            view.sources.retint()

    # --- the flow of one question ------------------------------------------------------------

    def _follow_stream(self, words: str, begin: Callable[[AnswerView], Job]) -> None:
        if not self.answers:
            self._clear()
        self._add_question(words)
        view = AnswerView()
        view.again.connect(lambda: self._again(words, begin))
        view.bigger.connect(lambda: self._bigger(words))
        self._place(view)
        self.prompt.set_streaming(True)
        self._to_end()
        self.job = begin(view)

    def _begin(self, verb: Callable[..., Any], view: AnswerView, **arguments: Any) -> Job:
        return self.session.stream(
            verb,
            partial(self._step, view),
            partial(self._ended, view),
            partial(self._broke, view),
            **arguments,
        )

    def _begin_ask(self, question: str, view: AnswerView) -> Job:
        scope, conversation = self.scope(), self.conversation
        return self._begin(Verbs.ask, view, question=question, scope=scope, conversation=conversation)

    def _step(self, view: AnswerView, step: object) -> None:
        if isinstance(step, Proposal):
            if not view.text:
                view.stopped(tr("Confirm it in the sheet."))
            self.proposed.emit(step)
        elif isinstance(step, Nothing):
            view.stopped(tr("Nothing to do: {reason}", reason=step.reason))
        else:
            view.step(step)

    def _again(self, words: str, begin: Callable[[AnswerView], Job]) -> None:
        if self.job is None:
            self._follow_stream(words, begin)

    def _ended(self, view: AnswerView) -> None:
        self.job = None
        self.prompt.set_streaming(False)
        if not view.finished:
            view.stopped(tr("The answer ended early."))
        if view.answer is not None:
            self.conversation = view.answer.conversation
            view.offer_bigger(bool(self.session.status.cloud))
            self.session.conversations_changed.emit()

    def _broke(self, view: AnswerView, error: HomebodyError) -> None:
        self.job = None
        self.prompt.set_streaming(False)
        view.stopped(tr("No answer: something went wrong."))
        self.failed.emit(error, view.again.emit)

    def _bigger(self, question: str) -> None:
        def step(step: object) -> None:
            if isinstance(step, Proposal):
                self.proposed.emit(step)
            elif isinstance(step, Nothing):
                self.said.emit(step.reason)

        self.session.stream(
            Verbs.heavy,
            step,
            lambda: None,
            lambda error: self.failed.emit(error, lambda: self._bigger(question)),
            question=question,
            scope=self.scope(),
        )

    def _edit(self, text: str) -> None:
        self.prompt.set_text(text)
        self.prompt.setFocus()

    # --- messages ----------------------------------------------------------------------------

    def _add_question(self, text: str) -> None:
        question = QuestionView(text)
        question.edit.connect(self._edit)
        self._messages.insertWidget(self._messages.count() - 1, question)

    def _place(self, view: AnswerView) -> None:
        view.opened.connect(self.source_opened)
        view.copied.connect(self.copied)
        view.edited.connect(self.edited)
        view.asks = self.session.value("teach.enabled") == "ask"
        view.grown.connect(self._follow)
        self._messages.insertWidget(self._messages.count() - 1, view)
        self.answers.append(view)

    def _show(self, id: int, turns: tuple[Turn, ...]) -> None:
        self._clear()
        self.conversation, asked = id, ""
        for turn in turns:
            if turn.role == "user":
                asked = turn.text
                self._add_question(asked)
            else:
                view = AnswerView()
                view.again.connect(partial(self.ask, asked))
                self._place(view)
                view.show_turn(turn)
                self._complete(view, turn)
        self.prompt.setFocus()
        self._to_end()

    def _complete(self, view: AnswerView, turn: Turn) -> None:
        """Fill the cards of an earlier answer with what the items say of themselves."""
        sources = [from_citation(citation, ()) for citation in turn.citations]

        def take(n: int, item: ItemView) -> None:
            sources[n] = completed(sources[n], item)
            view.show_sources(sources)

        for n, source in enumerate(sources):
            if turn.citations[n].kind:  # a list of the store's: its citations say it all
                continue
            self.session.run(Verbs.item, partial(take, n), lambda _: None, uri=source.uri)

    def _clear(self) -> None:
        self.answers.clear()
        empty(self._messages)
        self._messages.addStretch(1)

    def _welcome(self) -> QVBoxLayout:
        title = label(tr("What would you like to know?"), "title")
        text = label(
            tr(
                "Homebody looks through your own mail, notes, calendar and photos, and shows where each "
                "answer comes from. Nothing leaves this computer."
            ),
            "muted",
            wrap=True,
        )
        page = column(title, text, margins=(0, 64, 0, 0), gap=10)
        page.addSpacing(14)
        for example in self.examples:
            page.addWidget(button(example, partial(self._try, example), "suggestion"))
        return page

    def _try(self, example: str) -> None:
        self.prompt.editor.remember(example)
        self.ask(example)

    # --- scrolling ---------------------------------------------------------------------------

    def _scroll(self) -> QScrollArea:
        inner = QWidget()
        inner.setObjectName("column")
        inner.setLayout(self._messages)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(Centred(inner, WIDTH))
        area.setAccessibleName(tr("Conversation"))
        bar = area.verticalScrollBar()
        self._at_end = True
        bar.valueChanged.connect(lambda value: self._remember_place(value, bar.maximum()))
        bar.rangeChanged.connect(lambda _low, high: bar.setValue(high) if self._at_end else None)
        return area

    def _remember_place(self, value: int, maximum: int) -> None:
        self._at_end = value >= maximum - 24

    def _follow(self) -> None:
        """Growing text moves the view only for someone who is at its end."""
        if self._at_end:
            self._to_end()

    def _to_end(self) -> None:
        self._at_end = True
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.maximum())

    # --- the foot ----------------------------------------------------------------------------

    def _chip(self, name: str) -> QPushButton:
        chip = button(tr(name), lambda: None, "chip")
        chip.setCheckable(True)
        chip.setToolTip(tr("Look only in {source}", source=within(tr(name))))
        return chip

    def _foot(self) -> QWidget:
        chips: QHBoxLayout = row(label(tr("Look in"), "small"), *self.chips.values(), 1, gap=6)
        foot = QWidget()
        foot.setLayout(column(chips, self.prompt, margins=(24, 0, 24, 16), gap=8))
        return Centred(foot, WIDTH)

    def _apply_settings(self) -> None:
        self.prompt.editor.enter_sends = self.session.flag("desktop.enter_sends")
