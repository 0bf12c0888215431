"""Forget this: one question, then it leaves everything; and the list of what is never read again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QMessageBox, QVBoxLayout, QWidget

from app.core.api import Forgetting
from app.core.errors import HomebodyError
from app.core.types import Exclusion, Forgotten, ItemView
from app.ui.session import Session
from app.ui.text import one_line, visible
from app.ui.widgets import Elided, button, column, count, empty, frame, label, row

_KINDS = {"item": "Item", "sender": "Sender", "path": "Folder or file"}


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
        menu.addAction(
            "Forget this…", partial(self.ask, "item", item.uri, one_line(item.title, 80) or item.uri)
        )
        if item.kind == "mail" and item.people and "@" in (sender := address(item.people[0])):
            menu.addAction(f"Forget all from {visible(sender)}…", partial(self.ask, "sender", sender, sender))
        return menu

    def ask(self, kind: str, value: str, name: str) -> None:
        box = QMessageBox(self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle("Forget")
        box.setText(f"Forget {visible(name)} for good?")
        box.setInformativeText(
            "It leaves the index, answers that stood on it, corrections and snapshots, and is not read "
            "again. The file itself stays as it is."
        )
        yes = box.addButton("Forget", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.exec()
        if box.clickedButton() is yes:
            self.forget(kind, value)

    def forget(self, kind: str, value: str) -> None:
        self.session.run(Forgetting.forget, self._gone, self._broke, kind=kind, value=value)

    def _gone(self, forgotten: Forgotten) -> None:
        self.said.emit("\n".join([f"{count(forgotten.items, 'item')} forgotten.", *forgotten.left]))
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
        self.setSpacing(4)

    def refresh(self) -> None:
        self.session.run(Forgetting.exclusions, self._show, self._failed)

    def again(self, one: Exclusion) -> None:
        """Let it be read again."""
        self.session.run(
            Forgetting.again, lambda _: self._changed(), self._failed, kind=one.kind, value=one.value
        )

    def _show(self, excluded: tuple[Exclusion, ...]) -> None:
        empty(self)
        if not excluded:
            return
        self.addWidget(label(f"Never read ({len(excluded):,})", "caps"))
        lines = QVBoxLayout()
        lines.setContentsMargins(16, 12, 16, 12)
        lines.setSpacing(8)
        for one in excluded:
            words = column(Elided(visible(one.value)), label(_KINDS.get(one.kind, one.kind), "small"), gap=0)
            line = row(gap=12)
            line.addLayout(words, 1)
            line.addWidget(button("Read again", partial(self.again, one), "flat"))
            lines.addLayout(line)
        self.addWidget(frame("card", lines))


def address(person: str) -> str:
    """The mail address in ``Name <address>``."""
    return person.rpartition("<")[2].rstrip(">").strip()
