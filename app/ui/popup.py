"""The selection popup: what is selected elsewhere, summarized near the pointer, and what else one wants."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QTextCursor
from PySide6.QtWidgets import QLineEdit, QMenu, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.core.api import Verbs
from app.core.errors import HomebodyError
from app.core.types import Nothing, Proposal
from app.ui.aloud import announce
from app.ui.answer import AnswerView
from app.ui.cards import Source
from app.ui.floating import AnswerArea, Floating, lines
from app.ui.flow_layout import FlowLayout
from app.ui.jobs import Job
from app.ui.language import mark, tr
from app.ui.native import Place, Selected
from app.ui.replacing import ReplaceBox
from app.ui.session import Session
from app.ui.widgets import button, column, icon_button, label, row, sentence

_WIDTH = 560
_ANSWER = 340
_STYLES = {
    "proofread": mark("Proofread"),
    "shorter": mark("Shorter"),
    "friendlier": mark("Friendlier"),
    "formal": mark("More formal"),
}
_WISH = mark("Ask about it, or say what to do with it")
_REPLY = mark("What should the reply say?")


class SelectionPopup(Floating):
    """The selected words arrive editable; every task works on them as they stand there."""

    failed = Signal(object, object)
    asked = Signal(str)
    edited = Signal(str, str, bool)  # trace, text, whether the person just agreed to learning
    proposed = Signal(object)  # Proposal
    replaced = Signal(object, str)  # Place, and the text that takes the place of its selection
    left = Signal()  # by the person: what was still to come is not wanted

    def __init__(self, session: Session) -> None:
        super().__init__(tr("Homebody summary"), _WIDTH)
        self.session = session
        self.job: Job | None = None
        self.place_of = Place()
        self.preview: ReplaceBox | None = None
        self._at = QPoint()
        self._task = ""
        self._on_screen = False
        self.title = label(tr("Summary"), "heading")
        self.origin = QPlainTextEdit()
        self.origin.setAccessibleName(tr("The selected text"))
        self.origin.setTabChangesFocus(True)
        self.about = label("", "small", wrap=True)
        self.area = AnswerArea(_ANSWER)
        self.area.resized.connect(self.fit)
        self.stop_button = button(tr("Stop"), self.stop, picture="stop")
        self.stop_button.hide()
        self.line = QLineEdit()
        self.line.returnPressed.connect(self._said)
        self._previews = column(gap=0)
        self.inside.addLayout(self._layout())

    @property
    def view(self) -> AnswerView | None:
        return self.area.view

    def show_text(self, text: str) -> None:
        """Text of no known origin."""
        self.show_selected(Selected(text))

    def show_selected(self, selected: Selected) -> None:
        """Near the pointer; its text may be empty, which is said and nothing more."""
        self.stop()
        self._close_preview()
        if not self.isVisible():
            self._at = QCursor.pos()
        self.place_of, self._on_screen = selected.place, selected.on_screen
        self.origin.setPlainText(selected.text)
        self.area.clear()
        self.line.clear()
        self._ask_for("")
        self.title.setText(tr("Summary"))
        there = bool(selected.text)
        self.origin.setFixedHeight(lines(3))
        for part in (*self._tools, self.origin, self.line):
            part.setVisible(there)
        self._arm()
        if there:
            self.summarize()
        elif selected.on_screen:
            self._tell(tr("There is no text in this part of the screen."))
        else:
            self._tell(tr("Nothing is selected. Select text in any program, then press the key again."))
        self.appear(self.line if there else self.box)

    def forget(self) -> None:
        """The text that was selected, and what was made of it."""
        self.stop()
        self._close_preview()
        self.hide()
        self.origin.setPlainText("")
        self.line.clear()
        self.about.setText("")
        self.place_of = Place()
        self.area.clear()

    def show_waiting(self, words: str) -> None:
        """Already in front, before the text is there: ``words`` say what is going on."""
        self.stop()
        self._close_preview()
        self._at = QCursor.pos()
        self.area.clear()
        for part in (*self._tools, self.origin, self.line):
            part.hide()
        self._tell(words)
        self.appear(self.box)

    def place(self, size: QSize, screen: QRect) -> QPoint:
        """Beside the pointer, so that the selection stays readable."""
        return self._at + QPoint(16, 20)

    def text(self) -> str:
        return self.origin.toPlainText().strip()

    # --- what can be done with it ------------------------------------------------------------------

    def summarize(self) -> None:
        self.title.setText(tr("Summary"))
        text = self.text()
        self._follow(
            lambda view: self.session.stream(Verbs.summarize, view.step, self._ended, self._broke, text=text)
        )

    def rewrite(self, style: str) -> None:
        self.title.setText(tr(_STYLES[style]))
        text = self.text()
        self._follow(
            lambda view: self.session.stream(
                Verbs.rewrite, view.step, self._ended, self._broke, text=text, style=style
            )
        )

    def work(self, task: str, say: str = "") -> None:
        """Reply, event, note; or with an empty task whatever ``say`` asks for."""
        names = {"reply": tr("Reply"), "event": tr("Event"), "note": tr("Note")}
        self.title.setText(names.get(task) or tr("Answer"))
        text, origin = self.text(), self.place_of.words

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
                Verbs.selected,
                partial(step, view),
                self._ended,
                self._broke,
                text=text,
                task=task,
                say=say,
                origin=origin,
            )
        )

    def stop(self) -> None:
        if self.job is not None:
            self.job.cancel()
            self.job = None
            if self.view is not None:
                self.view.stopped()
        self.stop_button.hide()
        self._arm()

    def escape(self) -> None:
        """One thing after the other: the preview, what streams, what is being asked, the popup."""
        if self.preview is not None:
            self._close_preview()
        elif self.job is not None:
            self.stop()
        elif self._task:
            self._ask_for("")
        else:
            self.leave()

    def leave(self) -> None:
        """Away, whatever it is at."""
        self.stop()
        self.hide()
        self.left.emit()

    def copy(self) -> None:
        if self.view is not None and self.view.text:
            QGuiApplication.clipboard().setText(self.view.text)
            self._tell(tr("Copied."))
            announce(self, tr("Copied."))

    def preview_replacing(self) -> None:
        """Show what would take the place of the selection; nothing is touched before the person says yes."""
        if self.view is None or not self.view.text or self.preview is not None:
            return
        self.preview = ReplaceBox(self.text(), self.view.text, self.place_of.words, self._decided)
        self._previews.addWidget(self.preview)
        self.area.hide()
        self._arm()
        self.fit()
        self.preview.yes.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- parts ---------------------------------------------------------------------------------------

    def _layout(self) -> QVBoxLayout:
        close = icon_button("close", tr("Close (Esc)"), self.leave)
        further = icon_button("open", tr("Go on in the window"), self._ask)
        again = button(tr("Summarize"), self.summarize)
        rewrite = QPushButton(tr("Rewrite"))
        rewrite.setAccessibleName(tr("Rewrite"))
        menu = QMenu(rewrite)
        for style, name in _STYLES.items():
            menu.addAction(tr(name), partial(self.rewrite, style))
        rewrite.setMenu(menu)
        reply = button(tr("Reply…"), partial(self._ask_for, "reply"))
        event = button(tr("Event"), partial(self.work, "event"))
        note = button(tr("Note"), partial(self.work, "note"))
        self.copy_button = button(tr("Copy"), self.copy)
        self.replace_button = button(tr("Replace…"), self.preview_replacing)
        ends = (self.copy_button, self.replace_button)
        tasks = (again, rewrite, reply, event, note)
        for part in (*tasks, *ends):
            part.setProperty("tight", True)
            part.setObjectName("tight")
        self._tools: tuple[QWidget, ...] = (*tasks, *ends, further)
        head = row(self.title, 1, self.stop_button, further, close, gap=6)
        parts = column(head, self.about, self.origin, self.area, gap=10)
        parts.addLayout(self._previews)
        parts.addWidget(self.line)
        parts.addLayout(FlowLayout(*tasks, *ends))
        return parts

    def _ask(self) -> None:
        self.hide()
        self.asked.emit(self.text())

    def _ask_for(self, task: str) -> None:
        """What Enter in the line does: a task that needs words, or what the words themselves say."""
        self._task = task
        words = tr(_REPLY) if task == "reply" else tr(_WISH)
        self.line.setPlaceholderText(words)
        self.line.setAccessibleName(words)
        if task:
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _said(self) -> None:
        words = self.line.text().strip()
        if words:  # what is still being written, the first summary say, gives way
            task = self._task
            self.line.clear()
            self._ask_for("")
            self.work(task, words)

    def _follow(self, begin: Callable[[AnswerView], Job]) -> None:
        self.stop()
        self._close_preview()
        if not self.text():
            return
        words = tr("%Ln word(s)", "", len(self.text().split()))
        where = self.place_of.words
        if self._on_screen:
            where = tr("the screen: {where}", where=where) if where else tr("the screen")
        self._tell(tr("{count} from {where}", count=words, where=where) if where else words)
        view = self.area.begin(tr("Reading the selection …"))
        view.edited.connect(self.edited)
        view.opened.connect(self._show_quote)
        view.asks = self.session.value("teach.enabled") == "ask"
        self.stop_button.show()
        self.job = begin(view)
        self._arm()

    def _tell(self, words: str) -> None:
        self.about.setText(words)

    def _show_quote(self, source: Source) -> None:
        """A citation is a place in the text above."""
        cursor = self.origin.textCursor()
        start, end = (_units(self.origin.toPlainText(), at) for at in (source.start, source.end))
        most = self.origin.document().characterCount() - 1
        cursor.setPosition(min(start, most))
        cursor.setPosition(min(end, most), QTextCursor.MoveMode.KeepAnchor)
        self.origin.setTextCursor(cursor)
        self.origin.ensureCursorVisible()

    def _decided(self, yes: bool) -> None:
        text = self.view.text if self.view is not None else ""
        self._close_preview()
        if yes and text:
            self.replaced.emit(self.place_of, text)  # Wayland: only who has the keyboard may copy
            self.hide()

    def _close_preview(self) -> None:
        if self.preview is not None:
            self.preview.hide()
            self.preview.deleteLater()
            self.preview = None
            self.area.setVisible(self.view is not None)
            self._arm()
            self.fit()

    def _arm(self) -> None:
        """Copy and Replace are live once there is something finished."""
        done = self.job is None and self.view is not None and bool(self.view.text)
        self.copy_button.setEnabled(done)
        self.replace_button.setEnabled(done and self.preview is None and not self._on_screen)

    def _ended(self) -> None:
        self.job = None
        self.stop_button.hide()
        if self.view is not None and not self.view.finished:
            self.view.stopped(tr("It ended early."))
        if self.view is not None:
            announce(self, self.view.text)
        self._arm()

    def _broke(self, error: HomebodyError) -> None:
        self.job = None
        self.stop_button.hide()
        if self.view is not None:
            self.view.stopped(sentence(error))
        self._arm()
        self.failed.emit(error, None)


def _units(text: str, at: int) -> int:
    """A place in ``text`` as Qt counts it: in UTF-16 units."""
    return len(text[:at].encode("utf-16-le", "surrogatepass")) // 2
