"""Forget this: one question, then it leaves everything; and the list of what is never read again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.core.api import Forgetting
from app.core.errors import HomebodyError
from app.core.types import Exclusion, Forgotten, ItemView
from app.ui.language import mark, number, tr
from app.ui.session import Session
from app.ui.text import one_line, visible
from app.ui.widgets import Elided, button, column, count, empty, frame, label, row, sentence, sure

_KINDS = {
    "item": mark("Item"),
    "sender": mark("Sender"),
    "path": mark("Folder or file"),
    "pattern": mark("Names like this"),
}


class Forgetter(QObject):
    """Asks, forgets, and says what became of it. ``done`` when something has gone."""

    done = Signal()
    said = Signal(str)
    failed = Signal(object, object)

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self.session, self._window = session, window

    def menu(self, item: ItemView) -> QMenu:
        """What of an item can be forgotten: itself, and everything from who sent it."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(
            tr("Forget this…"), partial(self.ask, "item", item.uri, one_line(item.title, 80) or item.uri)
        )
        if item.kind == "mail" and item.people and "@" in (sender := address(item.people[0])):
            menu.addAction(
                tr("Forget all from {sender}…", sender=visible(sender).replace("&", "&&")),
                partial(self.ask, "sender", sender, sender),
            )
        return menu

    def ask(self, kind: str, value: str, name: str) -> None:
        text = tr("Forget {name} for good?", name=name)
        more = tr(
            "It leaves the index, answers that stood on it, corrections and snapshots, and is not read "
            "again. The file itself stays as it is."
        )
        if sure(self._window, tr("Forget"), text, more, yes=tr("Forget")):
            self.forget(kind, value)

    def forget(self, kind: str, value: str) -> None:
        self.session.run(Forgetting.forget, self._gone, self._broke, kind=kind, value=value)

    def _gone(self, forgotten: Forgotten) -> None:
        self.said.emit(
            "\n".join([tr("{items} forgotten.", items=count(forgotten.items, "item")), *forgotten.left])
        )
        self.done.emit()

    def _broke(self, error: HomebodyError) -> None:
        self.failed.emit(error, None)


class ExclusionList(QVBoxLayout):
    """What is never read again, each with a button to let it be."""

    def __init__(
        self, session: Session, failed: Callable[[HomebodyError], None], changed: Callable[[], None]
    ) -> None:
        super().__init__()
        self.session, self._failed, self._changed = session, failed, changed
        self.listed: tuple[Exclusion, ...] = ()
        self.setSpacing(4)

    def refresh(self) -> None:
        self.session.run(Forgetting.exclusions, self._show, self._failed)

    def again(self, one: Exclusion) -> None:
        """Let it be read again."""
        self.session.run(
            Forgetting.again, lambda _: self._changed(), self._failed, kind=one.kind, value=one.value
        )

    def leave_out(self, kind: str) -> LeaveOut:
        """Ask what is to be left out."""
        dialog = LeaveOut(self.session, kind, self.parentWidget())
        dialog.done_with.connect(self._changed)
        dialog.open()
        return dialog

    def _leave(self) -> QPushButton:
        leave = QPushButton(tr("Leave out"))
        menu = QMenu(leave)  # and goes with it, each time the list is shown anew
        menu.addAction("A folder…", partial(self.leave_out, "path"))
        menu.addAction("A sender…", partial(self.leave_out, "sender"))
        menu.addAction(tr("Names like…"), partial(self.leave_out, "pattern"))
        leave.setMenu(menu)
        return leave

    def _show(self, excluded: tuple[Exclusion, ...]) -> None:
        self.listed = excluded
        empty(self)
        title = (
            tr("Never read ({excluded})", excluded=number(len(excluded))) if excluded else tr("Never read")
        )
        self.addLayout(row(label(title, "caps"), 1, self._leave()))
        if not excluded:
            what = tr("Folders, senders or names that Homebody passes over.")
            self.addWidget(label(what, "muted", wrap=True))
            return
        lines = QVBoxLayout()
        lines.setContentsMargins(16, 12, 16, 12)
        lines.setSpacing(8)
        for one in excluded:
            words = column(
                Elided(visible(one.value)), label(tr(_KINDS.get(one.kind, one.kind)), "small"), gap=0
            )
            line = row(gap=12)
            line.addLayout(words, 1)
            line.addWidget(button(tr("Read again"), partial(self.again, one), "flat"))
            lines.addLayout(line)
        self.addWidget(frame("card", lines))


class LeaveOut(QDialog):
    """Asks for a folder, a sender or a pattern, and says how much it covers before anything is removed."""

    done_with = Signal()

    def __init__(self, session: Session, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Leave out"))
        self.setMinimumWidth(480)
        self.session, self.kind = session, kind
        title, hint, text = (tr(words) for words in _ASKED[kind])
        self.value = QLineEdit()
        self.value.setPlaceholderText(hint)
        self.value.setAccessibleName(title)
        self.told = label("", "muted", wrap=True)
        self.yes = button(tr("Leave out"), self._do, "primary")
        self.yes.setEnabled(False)
        leave = button(tr("Cancel"), self.reject)
        leave.setAutoDefault(False)
        line = row(self.value, gap=8)
        if kind == "path":
            line.addWidget(button(tr("Choose…"), self._choose))
        body = column(
            label(title, "heading"), label(text, "muted", wrap=True), margins=(24, 20, 24, 16), gap=12
        )
        body.addLayout(line)
        body.addWidget(self.told)
        body.addLayout(row(1, leave, self.yes))
        self.setLayout(body)
        self._wait = QTimer(self, singleShot=True, interval=_TYPED_MS)
        self._wait.timeout.connect(self._ask)
        self.value.textChanged.connect(self._typed)

    def _choose(self) -> None:
        if path := QFileDialog.getExistingDirectory(self, tr("Leave out"), str(Path.home())):
            self.value.setText(path)

    def _typed(self) -> None:
        self.yes.setEnabled(False)
        self.told.setText("")
        self._wait.start()

    def _ask(self) -> None:
        value = self.value.text().strip()
        if value:
            self.session.run(
                Forgetting.covered, partial(self._count, value), self._say, kind=self.kind, value=value
            )

    def _count(self, value: str, items: int) -> None:
        if value == self.value.text().strip():
            self.told.setText(
                tr(
                    "This removes {items} from Homebody. The files stay as they are.",
                    items=count(items, "item"),
                )
                if items
                else tr("Nothing that is known now is covered; it will be passed over from now on.")
            )
            self.yes.setEnabled(True)

    def _do(self) -> None:
        self.yes.setEnabled(False)
        value = self.value.text().strip()
        self.session.run(Forgetting.forget, lambda _: self._gone(), self._say, kind=self.kind, value=value)

    def _gone(self) -> None:
        self.done_with.emit()
        self.accept()

    def _say(self, error: HomebodyError) -> None:
        self.told.setText(sentence(error))


_TYPED_MS = 300
_ASKED = {  # title, hint, what it means
    "path": (
        mark("Leave out a folder or file"),
        "/home/…",
        mark("What lies in it is not read, and what is known of it goes."),
    ),
    "sender": (
        mark("Leave out a sender"),
        mark("name@example.org, or @example.org"),
        mark("An address, or all of a domain."),
    ),
    "pattern": (
        mark("Leave out names like …"),
        mark("*.log, node_modules, drafts/old"),
        mark("Every file and folder of such a name; * stands for any letters."),
    ),
}


def address(person: str) -> str:
    """The mail address in ``Name <address>``."""
    return person.rpartition("<")[2].rstrip(">").strip()
