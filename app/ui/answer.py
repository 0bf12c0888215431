"""One message of a conversation: the question, or the answer as it streams, with its sources."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QWidget

from app.core.types import Answer, Citation, Found, Hit, Text, Thinking, Token, Turn
from app.ui.cards import Source, SourceList, from_citation, from_hit
from app.ui.edit import EditBox
from app.ui.language import mark, tr
from app.ui.text import LongText, SafeText, lengthy, one_line, tip, visible, wrappable
from app.ui.widgets import button, column, count, icon_button, label, row

_FRAME_MS = 50  # at most 20 renderings a second while words stream …
_SHARE = 8  # … and for an eighth of the time: a long text is laid out anew each time
_CLOSEST = 3
_LONG, _SEEN = 1_000, 8  # characters from which a question scrolls, and the lines of it that are seen
_NARROWEST, _WIDEST = 160, 560  # px of a question
_SEEN_ANSWER = 22  # and of an answer that is too long to be laid out as a whole

HERE = mark("On this computer")  # as an Answer says it


class QuestionView(QFrame):
    """What the person asked, right-aligned, with a way to ask it again in other words."""

    edit = Signal(str)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        words = _long_question(text) if len(text) > _LONG else _question(text)
        bubble = QFrame()
        bubble.setObjectName("question")
        bubble.setLayout(row(words, margins=(16, 10, 16, 10)))
        self.pencil = icon_button("edit", tr("Edit and ask again"), lambda: self.edit.emit(self.text))
        line = row(1, self.pencil, bubble, gap=4)
        line.setStretch(2, 4)
        self.setLayout(line)
        self.setAccessibleName(tr("You asked: {text}", text=one_line(text, _LONG)))
        wide = words.fontMetrics().horizontalAdvance(text[:_LONG]) + 40
        bubble.setMinimumWidth(min(wide, _NARROWEST))
        bubble.setMaximumWidth(min(wide, _WIDEST))


def _question(text: str) -> QWidget:
    words = label(text, wrap=True)
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    words.setAccessibleName(visible(text))
    words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return words


def _long_question(text: str) -> QWidget:
    """A whole mail pasted into the box is no bubble as high as the window: it scrolls."""
    words = LongText(tr("Question"))
    words.setFixedHeight(_SEEN * words.fontMetrics().lineSpacing())
    words.show_text(text)
    return words


class AnswerView(QFrame):
    """Takes the steps of ``ask``, ``summarize`` or ``perform`` one by one and shows where they stand."""

    opened = Signal(object)  # Source
    again = Signal()
    bigger = Signal()
    copied = Signal()
    inserted = Signal(str)  # into what: question | mail | note
    edited = Signal(str, str, bool)  # trace, the person's text, whether they just agreed to learning
    grown = Signal()

    def __init__(self, waiting: str = "", *, compact: bool = False) -> None:
        super().__init__()
        self.setObjectName("answer")
        self.text, self.made = "", ""
        self.finished = False
        self.trace = ""  # what an edited text is handed in under
        self.inserts = False  # whether there is something to insert it into
        self.asks = False  # the person has not said yet whether to learn from what they edit
        self.edit_box: EditBox | None = None
        self.answer: Answer | None = None
        self._found: Found | None = None
        self._cited: tuple[Citation, ...] = ()
        self._unsupported: tuple[str, ...] = ()
        self._state = label(waiting or tr("Looking in your data …"), "small", wrap=True)
        self.badge = label("", "badge")
        self.badge.setMinimumHeight(24)
        self.badge.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.badge.hide()
        self.body = SafeText()
        self.body.setAccessibleName(tr("Answer"))
        self.body.hide()
        self.long: LongText | None = None
        self.note = label("", "small", wrap=True)
        self.note.hide()
        self.sources = SourceList(self.opened.emit)
        self.sources.hide()
        self.bigger_button = button(tr("Ask a bigger model…"), self.bigger.emit, picture="cloud")
        self.edit_button = icon_button("edit", tr("Edit the text"), self.edit)
        self.copy_button = icon_button("copy", tr("Copy the answer"), self._copy)
        self.again_button = icon_button("again", tr("Ask again"), self.again.emit)
        self.insert_button = icon_button("insert", tr("Insert the answer into…"), self._insert)
        self._tools = QWidget()
        self._tools.setLayout(
            row(
                self.badge,
                1,
                self.bigger_button,
                self.edit_button,
                self.insert_button,
                self.copy_button,
                self.again_button,
                gap=4,
            )
        )
        self._tools.hide()
        gap = (16, 14, 16, 10) if compact else (20, 16, 20, 12)
        self._column = column(
            self._state, self.body, self.note, self.sources, self._tools, margins=gap, gap=10
        )
        self.setLayout(self._column)
        self.body.cited.connect(self.sources.activate)
        self._paint = QTimer(self, singleShot=True, interval=_FRAME_MS)
        self._paint.timeout.connect(self.render_now)

    # --- while it streams ----------------------------------------------------------------------

    def step(self, step: object) -> None:
        match step:
            case Found():
                self._found = step
                n = len(step.passages)
                self._say(tr("Reading {n} …", n=count(n, "passage")) if n else tr("Nothing found yet …"))
            case Thinking():
                share = f" {100 * step.done // step.total} %" if step.total else ""
                self._say(tr("Reading{share} …", share=share))
            case Token():
                self.text += step.text
                if not self._paint.isActive():
                    self._paint.start()
            case Answer():
                self.finish(step)
            case Text():
                self.text, self.made, self.trace = step.text, step.made, step.trace
                self._unsupported = step.unsupported
                if step.kept:
                    self._note(tr("Left as you wrote it: {kept}", kept=" · ".join(step.kept)))
                self._end()

    def finish(self, answer: Answer) -> None:
        """The checked answer replaces the words that streamed."""
        self.answer, self.text, self.made = answer, answer.text, answer.made
        self._cited, self._unsupported = answer.citations, answer.unsupported
        hits: Sequence[Hit] = self._found.passages if self._found else ()
        if answer.citations:
            self.show_sources([from_citation(c, hits) for c in answer.citations])
        elif answer.supported and hits:
            self.show_sources([from_hit(h, n) for n, h in enumerate(hits, 1)], tr("Looked at"))
        self._explain(answer, hits)
        self.bigger_button.setProperty("offer", bool(answer.heavy))
        self.bigger_button.setToolTip(tip(answer.heavy))
        self._end()

    def _explain(self, answer: Answer, hits: Sequence[Hit]) -> None:
        """Say plainly what was searched when nothing holds the answer, and what is not backed."""
        if _away(answer.made):
            self._note(tr("Made elsewhere; not checked against your data."))
        elif not answer.citations and not answer.supported:
            searched = self._found.searched if self._found else ""
            if not answer.text.lower().startswith("not found"):
                self._note(tr("Not found in your data. {searched}", searched=searched).strip())
            closest = [from_hit(h, n) for n, h in enumerate(hits[:_CLOSEST], 1)]
            self.show_sources(closest, tr("Closest, but not an answer"))
        elif answer.unsupported:
            self._note(tr("Underlined: nothing in your data was found for this."))

    def show_turn(self, turn: Turn) -> None:
        """A message of an earlier conversation."""
        self.text, self.made, self._cited = turn.text, turn.made or HERE, turn.citations
        if turn.citations:
            self.show_sources([from_citation(c, ()) for c in turn.citations])
        elif not turn.supported and not _away(self.made) and not turn.text.lower().startswith("not found"):
            self._note(tr("Not found in your data."))
        self._end()

    def show_sources(self, sources: Sequence[Source], title: str = "") -> None:
        self.sources.show_sources(sources, title or tr("Sources"))
        self.sources.setVisible(bool(sources))

    def stopped(self, why: str = "") -> None:
        """Partial words stay."""
        self._note(why or tr("Stopped."))
        self._end()

    def edit(self) -> None:
        """Put the text into the person's hands."""
        if self.edit_box is None:
            self.edit_box = EditBox(self.text, self.asks, self._edited)
            self.body.hide()
            if self.long is not None:
                self.long.hide()
            self._tools.hide()
            self._column.insertWidget(self._column.indexOf(self.body) + 1, self.edit_box)
            self.edit_box.words.setFocus()
            self.grown.emit()

    def render_now(self) -> None:
        if self.edit_box is not None:
            return
        if self.text:
            begun = time.perf_counter()
            self._state.hide()
            if lengthy(self.text):
                self._show_long()
            else:
                self._show_rich()
            spent = time.perf_counter() - begun
            self._paint.setInterval(max(_FRAME_MS, round(1000 * _SHARE * spent)))
        self.grown.emit()

    def _show_rich(self) -> None:
        if self.long is not None:
            self.long.hide()
        self.body.show()
        cited = [citation.n for citation in self._cited]
        self.body.show_markdown(self.text, cited=cited, unsupported=self._unsupported)

    def _show_long(self) -> None:
        """As it is written, in a part that scrolls; its sources stand below as ever."""
        if self.long is None:
            self.long = LongText(tr("Answer"))
            self.long.setFixedHeight(_SEEN_ANSWER * self.long.fontMetrics().lineSpacing())
            self._column.insertWidget(self._column.indexOf(self.body) + 1, self.long)
        self.body.hide()
        self.long.show()
        self.long.show_text(self.text)
        if not self.finished:
            self.long.moveCursor(QTextCursor.MoveOperation.End)

    def _end(self) -> None:
        self._paint.stop()
        self.finished = True
        self._state.hide()
        self.badge.setText(one_line(tr(self.made), 80))
        self.badge.setProperty("away", _away(self.made))
        self.badge.style().polish(self.badge)
        self.badge.setVisible(bool(self.made))
        self.bigger_button.setVisible(bool(self.bigger_button.property("offer")))
        self.copy_button.setVisible(bool(self.text))
        self.insert_button.setVisible(self.inserts and bool(self.text))
        self.edit_button.setVisible(bool(self.trace and self.text))
        self._tools.show()
        self.render_now()

    def offer_bigger(self, possible: bool) -> None:
        """Only where a larger model was set up, and the answer says that it might do better."""
        self.bigger_button.setVisible(possible and bool(self.answer and self.answer.heavy))

    def _say(self, text: str) -> None:
        self._state.setText(wrappable(visible(text)))

    def _note(self, text: str) -> None:
        self.note.setText(wrappable(visible(text)))
        self.note.show()

    def _edited(self, text: str, learn: bool) -> None:
        """``text`` is empty where the person thought better of it."""
        box, self.edit_box = self.edit_box, None
        if box is not None:
            box.hide()
            box.deleteLater()
        self._tools.show()
        if text and text != self.text.strip():
            self.text, self._unsupported = text, ()
            self.edited.emit(self.trace, text, learn)
        self.render_now()
        self.edit_button.setFocus()

    def _insert(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, where in (
            (tr("Into the question box"), "question"),
            (tr("Into a mail…"), "mail"),
            (tr("Into a note…"), "note"),
        ):
            menu.addAction(name, partial(self.inserted.emit, where))
        menu.popup(self.insert_button.mapToGlobal(self.insert_button.rect().bottomLeft()))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
        self.copied.emit()


def _away(made: str) -> bool:
    return made not in ("", HERE)


class Centred(QWidget):
    """Keeps a column of messages at reading width in the middle of a wide window."""

    def __init__(self, inner: QWidget, width: int) -> None:
        super().__init__()
        inner.setMaximumWidth(width)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addStretch(1)
        layout.addWidget(inner, 1000)
        layout.addStretch(1)
