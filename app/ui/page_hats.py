"""The Hats page: each task with where its adapter comes from, how good it is, and what it can learn from."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from app.core.api import Hats, Teaching
from app.core.errors import HomebodyError
from app.core.models import Correction, HatState, Score, Verdict
from app.core.types import Nothing
from app.ui.language import mark, said, tr
from app.ui.pages import Page
from app.ui.session import Session
from app.ui.teaching import Teacher
from app.ui.text import visible
from app.ui.theme import pixmap
from app.ui.widgets import (
    Elided,
    button,
    column,
    count,
    empty,
    enlarged,
    frame,
    icon_button,
    label,
    moment,
    row,
    sure,
)

_ORIGINS = {
    "shipped": mark("Came with Homebody"),
    "prompt": mark("No adapter for this model: it works by its instructions alone"),
    "taught": mark("Yours, taught from your corrections"),
    "trained": mark("Yours, trained here"),
    "imported": mark("Yours, brought in"),
    "ported": mark("Yours, trained for this model"),
}
_SCORES_SHOWN = 3
_EDITED = ("act", "draft", "rewrite", "summarize")  # whose words can be edited where they are shown


class HatsPage(Page):
    said = Signal(str)

    def __init__(self, session: Session, teacher: Teacher) -> None:
        super().__init__(
            tr("Hats"),
            tr(
                "One small model wears a hat for each job. A hat can learn from what you correct in its "
                "drafts, summaries and proposals; it is put on only where it is measurably better."
            ),
        )
        self.session, self.teacher = session, teacher
        self.states: tuple[HatState, ...] = ()
        self._open: set[str] = set()  # hats whose corrections are shown
        self._lists: dict[str, QVBoxLayout] = {}
        self._live: dict[str, tuple[QWidget, QLabel, QProgressBar]] = {}
        self._cards = QVBoxLayout()
        self._cards.setSpacing(10)
        self._cards.addWidget(label(tr("Looking at the hats …"), "muted"))
        self.body.addLayout(self._cards)
        teacher.changed.connect(self._progress)
        teacher.kept.connect(lambda _: self.refresh())
        teacher.finished.connect(self._finished)

    def refresh(self) -> None:
        if self.session.status.vault == "open":
            self.session.run(Hats.list, self._show, self._broke)

    def teach(self, task: str) -> None:
        self.teacher.teach(task)
        self.refresh()

    def cancel(self) -> None:
        self.teacher.cancel()
        self.refresh()

    def back(self, state: HatState) -> None:
        def done(_: HatState) -> None:
            self.said.emit(tr("{title} is back to what it wore before.", title=said(state.title)))
            self.refresh()

        self.session.run(Hats.rollback, done, self._broke, task=state.name)

    def forget(self, correction: Correction) -> None:
        def done(state: HatState) -> None:
            learned = state.new and state.origin == "taught"
            more = (
                tr(" {title} has learned from it: teach it anew to be without it.", title=said(state.title))
                if learned
                else ""
            )
            self.said.emit(tr("Deleted.{more}", more=more))
            self.refresh()

        self.session.run(Teaching.forget, done, self._broke, id=correction.id)

    # --- showing -------------------------------------------------------------------------------

    def _show(self, states: tuple[HatState, ...]) -> None:
        self.states = states
        empty(self._cards)
        self._lists.clear()
        self._live.clear()
        if self.session.value("teach.enabled") != "yes":
            self._cards.addWidget(self._offer())
        for state in states:
            self._cards.addWidget(self._card(state))
        for name in self._open & set(self._lists):
            self._load(name)
        self._progress()

    def _offer(self) -> QFrame:
        text = label(tr("What you correct is not kept, so the hats learn nothing from you yet."), wrap=True)
        line = (column if enlarged() else row)(margins=(16, 12, 12, 12), gap=14)
        line.addWidget(text, 1)
        line.addWidget(
            button(
                tr("Keep it, encrypted, to learn from"), lambda: self.teacher.agree(self.refresh), "primary"
            )
        )
        return frame("card", line)

    def _card(self, state: HatState) -> QFrame:
        body = column(self._head(state), margins=(16, 14, 14, 14), gap=10)
        facts = column(gap=2)
        for text in _facts(state):
            facts.addWidget(label(text, "small", wrap=True))
        facts.setContentsMargins(38, 0, 0, 0)
        body.addLayout(facts)
        body.addWidget(self._bar(state))
        foot = self._foot(state)
        body.addLayout(foot)
        listed = column(gap=6)
        listed.setContentsMargins(38, 0, 0, 0)
        self._lists[state.name] = listed
        body.addLayout(listed)
        return frame("card", body)

    def _head(self, state: HatState) -> QHBoxLayout:
        image = QLabel()
        image.setPixmap(pixmap("hat", 24, "accent" if state.origin not in ("shipped", "prompt") else "muted"))
        words = column(
            label(said(state.title), "strong"), label(said(state.sentence), "small", wrap=True), gap=2
        )
        head = row(image, gap=14)
        head.setAlignment(image, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        return head

    def _bar(self, state: HatState) -> QWidget:
        """Progress of the teaching, while there is one for this hat."""
        text = label("", "small")
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setAccessibleName(tr("Teaching {title}", title=visible(said(state.title))))
        holder = QWidget()
        holder.setLayout(column(text, bar, margins=(38, 0, 0, 0), gap=6))
        holder.hide()
        self._live[state.name] = (holder, text, bar)
        return holder

    def _foot(self, state: HatState) -> QHBoxLayout:
        foot = row(margins=(38, 0, 0, 0), gap=6)
        if self.teacher.task == state.name:
            foot.addWidget(button(tr("Cancel"), self.cancel, picture="stop"))
        elif state.new and not state.missing:
            name = tr("Go on teaching") if state.under_way else tr("Teach")
            teach = button(name, partial(self.teach, state.name), "primary", picture="spark")
            teach.setAccessibleName(visible(f"{name} {said(state.title)}"))
            teach.setEnabled(not self.teacher.task)
            foot.addWidget(teach)
        if state.can_go_back:
            back = button(tr("Go back"), partial(self._ask_back, state), picture="undo")
            back.setAccessibleName(tr("Go back: {title}", title=visible(said(state.title))))
            foot.addWidget(back)
        if state.corrections:
            shown = state.name in self._open
            text = (
                tr("Hide corrections")
                if shown
                else tr("Show {corrections}", corrections=count(state.corrections, "correction"))
            )
            toggle = button(text, partial(self._toggle, state.name), "flat")
            toggle.setAccessibleName(visible(f"{text}: {said(state.title)}"))
            foot.addWidget(toggle)
        foot.addStretch(1)
        return foot

    # --- corrections ---------------------------------------------------------------------------

    def _toggle(self, task: str) -> None:
        self._open ^= {task}
        self._show(self.states)

    def _load(self, task: str) -> None:
        self.session.run(Teaching.corrections, partial(self._list, task), self._broke, task=task)

    def _list(self, task: str, corrections: tuple[Correction, ...]) -> None:
        lines = self._lists.get(task)
        if lines is None or task not in self._open:
            return
        empty(lines)
        for correction in corrections:
            lines.addLayout(self._correction(correction))

    def _correction(self, correction: Correction) -> QHBoxLayout:
        held = tr(" · kept aside to measure on") if correction.held_back else ""
        words = column(Elided(correction.accepted), label(f"{moment(correction.when)}{held}", "small"), gap=0)
        line = row(gap=8)
        line.addLayout(words, 1)
        name = tr("Delete the correction of {when}", when=moment(correction.when))
        line.addWidget(icon_button("trash", name, partial(self._ask_forget, correction)))
        return line

    def _ask_forget(self, correction: Correction) -> None:
        if self._sure(
            tr("Delete correction"), tr("Delete this correction?"), correction.accepted[:400], tr("Delete")
        ):
            self.forget(correction)

    def _ask_back(self, state: HatState) -> None:
        text = tr("Let {title} wear what it wore before?", title=said(state.title))
        more = tr("Nothing of your corrections is lost; you can teach it again.")
        if self._sure(tr("Go back"), text, more, tr("Go back")):
            self.back(state)

    def _sure(self, title: str, text: str, more: str, yes: str) -> bool:
        return sure(self, title, text, more, yes=yes)

    # --- a teaching under way ------------------------------------------------------------------

    def _progress(self) -> None:
        works = self.teacher.works
        for name, (holder, text, bar) in self._live.items():
            on = self.teacher.task == name and works is not None
            holder.setVisible(on)
            if on and works is not None:
                text.setText(self.teacher.sentence())
                bar.setRange(0, works.total)
                bar.setValue(works.done)

    def _finished(self, end: Verdict | Nothing) -> None:
        if isinstance(end, Nothing):
            self.said.emit(said(end.reason))
        else:
            title = next((said(s.title) for s in self.states if s.name == end.task), end.task)
            self.said.emit(_told(title, end))
        self.refresh()

    def _broke(self, error: HomebodyError) -> None:
        self.failed.emit(error, None)


def _facts(state: HatState) -> list[str]:
    """Where the adapter comes from, what it was worn for, and what it can learn from."""
    since = f", {moment(state.since)}" if state.since else ""
    found = [f"{tr(_ORIGINS.get(state.origin, state.origin))}{since}."]
    if state.state == "refused":
        found = [tr("Cannot be used: {faults}", faults="; ".join(state.faults))]
    if state.reworded:
        found.append(tr("It was trained with another wording of its task; teaching it anew will help."))
    if state.scores:
        found.append(" · ".join(_change(s, state.before) for s in state.scores[:_SCORES_SHOWN]))
    if not state.corrections:
        if state.name in _EDITED:
            found.append(tr("No corrections yet: edit what it writes, and keep that."))
    elif state.missing:
        have = count(state.corrections, "correction")
        found.append(
            tr(
                "{have} so far; about {missing} more, and it can learn from them.",
                have=have,
                missing=state.missing,
            )
        )
    elif state.new:
        found.append(tr("{new} to learn from.", new=count(state.new, "correction")))
    else:
        found.append(
            tr("It has learned from your {corrections}.", corrections=count(state.corrections, "correction"))
        )
    if state.unfit:
        found.append(
            tr("{unfit} of an earlier form of this task: left out.", unfit=count(state.unfit, "correction"))
        )
    if state.under_way:
        found.append(tr("A teaching was cut short and goes on where it stood."))
    return found


def _told(title: str, end: Verdict) -> str:
    """The gate's words in one sentence; the journal has them in full."""
    like = next((_change(s, end.before) for s in end.after if s.set == "yours"), "")
    if end.accepted:
        return tr("{title} has learned, and wears it from now on. {like}", title=title, like=like).strip()
    why = [reason for reason in end.reasons[1:] if " lost where " in reason or "may be chance" in reason]
    return tr(
        "{title} stays as it was. {why}.", title=title, why=why[0] if why else like or said(end.reasons[0])
    )


def _change(score: Score, before: tuple[Score, ...]) -> str:
    old = next((s for s in before if (s.set, s.name) == (score.set, score.name)), None)
    name = tr("like your corrections") if score.set == "yours" else score.name.replace("_", " ")
    was = f"{old.value:.2f} → " if old is not None else ""
    return f"{name[:1].upper()}{name[1:]} {was}{score.value:.2f}"
