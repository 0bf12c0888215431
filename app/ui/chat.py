"""The conversation in the middle: messages, the limits as chips, and the question box."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.core.api import Conversations, Library, Verbs
from app.core.errors import HomebodyError
from app.core.library import Held
from app.core.types import ItemView, Nothing, Proposal, Scope, Talk, Turn
from app.ui.aloud import announce
from app.ui.answer import AnswerView, Centred
from app.ui.cards import completed, from_citation
from app.ui.finding import source_name
from app.ui.flow_layout import FlowLayout
from app.ui.jobs import Job
from app.ui.language import mark, tr, within
from app.ui.messages import WIDTH, Entry, Messages
from app.ui.prompt import Prompt
from app.ui.scope import ScopeBar
from app.ui.session import Session
from app.ui.welcome import EXAMPLES, welcome
from app.ui.widgets import button, column, label, row

KINDS = {
    mark("Mail"): "mail",
    mark("Notes"): "notes",
    mark("Calendar"): "calendar",
    mark("Photos"): "photos",
}
_SHOWN = 20  # questions of a conversation that are put up at once
_MARKS = re.compile(r"\s?\[\d{1,3}\]")


class Chat(QWidget):
    """One conversation at a time; closing or leaving it never loses it."""

    source_opened = Signal(object)  # Source
    failed = Signal(object, object)  # HomebodyError, what to call to try again
    proposed = Signal(object)  # Proposal
    copied = Signal()
    edited = Signal(str, str, bool)  # trace, text, whether the person just agreed to learning
    said = Signal(str)
    undoable = Signal(str, object)  # what was done, and what undoes it
    mail_wanted = Signal(str)  # a mail that says this

    def __init__(self, session: Session, examples: Sequence[str] = EXAMPLES) -> None:
        super().__init__()
        self.setObjectName("chat")
        self.session, self.conversation = session, 0
        self.examples = tuple(tr(example) for example in examples)
        self.job: Job | None = None
        self.answers: list[AnswerView] = []
        self._stored = 0  # messages of the conversation that are kept
        self._anew: Entry | None = None  # the question that is being edited, to be asked anew from there
        self._cutting = False
        self.messages = Messages()
        self.prompt = Prompt(tr("Ask about your mail, notes, calendar and photos"))
        self.chips = {name: self._chip(name) for name in KINDS}
        self.limits = ScopeBar(kinds=False, sources=tr("More"))
        self._editing = self._editing_line()
        self.setLayout(column(self.messages, self._foot(), gap=0))
        self.prompt.sent.connect(self.ask)
        self.prompt.acted.connect(self.act)
        self.prompt.stopped.connect(self.stop)
        session.settings_changed.connect(self._apply_settings)
        self.new()

    # --- what the window calls ---------------------------------------------------------------

    def new(self) -> None:
        """An empty page with examples; the conversation that was open stays in the list."""
        self.stop()
        self.leave_editing()
        self._wanted = 0  # the conversation that is being opened
        self.conversation = self._stored = 0
        self.answers.clear()
        self.messages.welcome(welcome(self.examples, self._try))
        self.prompt.setFocus()

    def refresh(self) -> None:
        """What there is to choose from."""
        self.session.run(Library.held, self._offer, lambda _: None)

    def open(self, id: int, most: int = _SHOWN) -> None:
        """The last ``most`` questions of a conversation, as it is kept now."""
        self.stop()
        self.leave_editing()
        self._wanted = id
        self.session.run(
            Conversations.turns,
            lambda turns: self._show(id, turns, most),
            lambda error: self.failed.emit(error, lambda: self.open(id, most)),
            id=id,
        )

    def _open_more(self, id: int, most: int) -> None:
        if self.job is None:  # what is being written stays where it is
            self.open(id, most)

    def ask(self, question: str) -> None:
        if self.job is not None or self._cutting:
            return
        anew = self._anew
        self.leave_editing()
        if anew is not None and anew in self.messages.entries:
            self._ask_from(anew, question)
        else:
            self._follow_stream(question, partial(self._begin_ask, question))

    def leave_editing(self) -> bool:
        """Ask no question anew; False where none was being edited."""
        was, self._anew = self._anew, None
        self._editing.hide()
        return was is not None

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
        chosen = tuple(KINDS[name] for name, chip in self.chips.items() if chip.isChecked())
        limits = self.limits.scope()
        return msgspec.structs.replace(limits, sources=chosen + limits.sources)

    def unmark(self) -> None:
        for view in self.answers:
            view.sources.unmark()

    def begin_answer(self, waiting: str) -> AnswerView:
        """Room for an answer that is made elsewhere; its steps come from outside."""
        view = AnswerView(waiting)
        self._dress(view)
        self.messages.place(view)
        self.messages.to_end()
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
        self._wanted = self.conversation
        if not self.answers:
            self.messages.clear()
        view = AnswerView()
        entry = self._add(words, view, at=self._stored)
        view.again.connect(lambda: self._again(entry, begin))
        view.bigger.connect(lambda: self._bigger(words))
        self.prompt.set_streaming(True)
        self.messages.to_end()
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

    def _again(self, entry: Entry, begin: Callable[[AnswerView], Job]) -> None:
        """The last question in place of itself; an earlier one once more, at the end."""
        if self.job is not None or self._cutting or entry not in self.messages.entries:
            return
        if entry is self.messages.entries[-1]:
            self._from(entry, partial(self._follow_stream, entry.words, begin), told="")
        else:
            self._follow_stream(entry.words, begin)

    def _ask_from(self, entry: Entry, question: str) -> None:
        told = tr("Asked anew; what came after it is gone.")
        begin = partial(self._begin_ask, question)
        self._from(entry, partial(self._follow_stream, question, begin), told=told)

    def _from(self, entry: Entry, then: Callable[[], None], *, told: str) -> None:
        """Take away ``entry`` and what is under it, also of what is kept; ``told`` comes with an Undo."""
        kept = entry.at

        def cut(was: Talk | None) -> None:
            self._cutting = False
            self.messages.drop(entry)
            shown = {id(one.answer) for one in self.messages.entries}
            self.answers = [view for view in self.answers if id(view) in shown]
            self._stored = kept
            if was is not None and told and len(was.turns) > kept + 2:
                self.undoable.emit(told, partial(self.put_back, was))
            then()

        def broke(error: HomebodyError) -> None:
            self._cutting = False
            self.failed.emit(error, None)

        if self.conversation and self._stored > kept:
            self._cutting = True
            self.session.run(Conversations.cut, cut, broke, id=self.conversation, turns=kept)
        else:
            cut(None)

    def put_back(self, talk: Talk) -> None:
        """A conversation as it was before something of it went."""

        def back(_: None) -> None:
            self.session.conversations_changed.emit()
            if self.conversation in (0, talk.id):
                self.open(talk.id)

        self.session.run(Conversations.put_back, back, lambda e: self.failed.emit(e, None), talk=talk)

    def _ended(self, view: AnswerView) -> None:
        self.job = None
        self.prompt.set_streaming(False)
        if not view.finished:
            view.stopped(tr("The answer ended early."))
        if view.answer is not None:
            self.conversation = view.answer.conversation
            self._stored += 2  # the question and its answer
            view.offer_bigger(bool(self.session.status.cloud))
            announce(view, view.text)
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

    def _edit(self, entry: Entry) -> None:
        self._anew = entry
        self._editing.show()
        self.prompt.set_text(entry.words)
        self.prompt.setFocus()

    def _insert(self, view: AnswerView, where: str) -> None:
        """An answer's words, without its marks, to where the person goes on with them."""
        text = _MARKS.sub("", view.text).strip()
        if where == "question":
            self.prompt.editor.insertPlainText(text)
            self.prompt.setFocus()
        elif where == "mail":
            self.mail_wanted.emit(text)
        else:
            self.session.stream(
                Verbs.selected,
                lambda step: self.proposed.emit(step) if isinstance(step, Proposal) else None,
                lambda: None,
                lambda error: self.failed.emit(error, lambda: self._insert(view, where)),
                text=text,
                task="note",
            )

    # --- messages ----------------------------------------------------------------------------

    def _add(self, words: str, view: AnswerView, *, at: int) -> Entry:
        self._dress(view)
        entry = self.messages.add(words, view, at=at)
        entry.question.edit.connect(lambda _: self._edit(entry))
        return entry

    def _dress(self, view: AnswerView) -> None:
        view.opened.connect(self.source_opened)
        view.copied.connect(self.copied)
        view.edited.connect(self.edited)
        view.asks = self.session.value("teach.enabled") == "ask"
        view.inserts = True
        view.inserted.connect(lambda where: self._insert(view, where))
        self.answers.append(view)

    def _show(self, id: int, turns: tuple[Turn, ...], most: int) -> None:
        """The last ``most`` questions of it; the ones before where they are asked for."""
        if not self.session.open or self._wanted != id or self.job is not None:
            return  # it was locked meanwhile, another was chosen, or something was asked
        self.messages.clear()
        self.answers.clear()
        self.conversation, self._stored = id, len(turns)
        asked = [n for n, turn in enumerate(turns) if turn.role == "user"]
        first = asked[-most] if len(asked) > most else 0
        if first:
            self.messages.offer_earlier(lambda: self._open_more(id, most + 2 * _SHOWN))
        for n in (n for n in asked if n >= first):
            view = AnswerView()
            question = turns[n].text
            entry = self._add(question, view, at=n)
            view.again.connect(partial(self._again, entry, partial(self._begin_ask, question)))
            if n + 1 < len(turns) and turns[n + 1].role == "assistant":
                view.show_turn(turns[n + 1])
                self._complete(view, turns[n + 1])
            else:
                view.stopped(tr("No answer is kept."))
        self.prompt.setFocus()
        self.messages.to_end()

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

    def _try(self, example: str) -> None:
        self.prompt.editor.remember(example)
        self.ask(example)

    # --- the foot ----------------------------------------------------------------------------

    def _chip(self, name: str) -> QPushButton:
        chip = button(tr(name), lambda: None, "chip")
        chip.setCheckable(True)
        chip.setToolTip(tr("Look only in {source}", source=within(tr(name))))
        return chip

    def _editing_line(self) -> QWidget:
        line = QWidget()
        told = label(tr("This question will be asked anew; what came after it goes."), "small", wrap=True)
        stay = button(tr("Leave it as it was"), self._stay, "flat")
        line.setLayout(row(told, stay))
        line.hide()
        return line

    def _stay(self) -> None:
        self.leave_editing()
        self.prompt.set_text("")
        self.prompt.setFocus()

    def _offer(self, held: tuple[Held, ...]) -> None:
        others = sorted({one.source for one in held} - set(KINDS.values()))
        self.limits.sources.offer([(one, source_name(one)) for one in others])
        self.limits.sources.setVisible(bool(others))

    def _foot(self) -> QWidget:
        chips = QWidget()
        chips.setLayout(FlowLayout(*self.chips.values(), *self.limits.parts()))
        foot = QWidget()
        foot.setLayout(column(self._editing, chips, self.prompt, margins=(24, 0, 24, 16), gap=8))
        return Centred(foot, WIDTH)

    def _apply_settings(self) -> None:
        self.prompt.editor.enter_sends = self.session.flag("desktop.enter_sends")
