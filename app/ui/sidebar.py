"""The left side: conversations (new, search, rename, delete) and the way to the other pages."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QInputDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
)

from app.core.api import Conversations
from app.core.errors import HomebodyError
from app.core.types import ConversationState, Talk
from app.ui.language import mark, tr
from app.ui.session import Session
from app.ui.text import one_line, tip
from app.ui.theme import app_icon, icon
from app.ui.widgets import button, column, day, dress, icon_button, label, row

PAGES = (
    ("chat", mark("Ask"), "spark"),
    ("today", mark("Today"), "today"),
    ("library", mark("Library"), "library"),
    ("sources", mark("Sources"), "folder"),
    ("hats", mark("Hats"), "hat"),
    ("activity", mark("Activity"), "journal"),
    ("settings", mark("Settings"), "settings"),
    ("about", mark("About"), "info"),
)
_ID = Qt.ItemDataRole.UserRole
_TITLE = Qt.ItemDataRole.UserRole + 1  # as it is, not as it is shown

_NARROWEST = 216
_BESIDE = 106  # the name has the mark and a button beside it


class Sidebar(QFrame):
    new = Signal()
    chosen = Signal(int)
    page = Signal(str)
    deleted = Signal(object)  # Talk, as it was
    failed = Signal(object, object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.session = session
        self._turn = 0  # which question to the store it is: an earlier answer is not shown
        self._shown: tuple[ConversationState, ...] | None = None
        self._wait = QTimer(self, singleShot=True, interval=150)
        self._wait.timeout.connect(self.refresh)
        self.search = self._search()
        self.list = self._list()
        self.nothing = label(tr("Your conversations will appear here."), "small", wrap=True)
        self.nothing.setContentsMargins(10, 0, 10, 0)
        self.buttons: dict[str, QPushButton] = {}
        self.setLayout(self._body())
        self.setMinimumWidth(_NARROWEST)
        session.conversations_changed.connect(self.refresh)

    def refresh(self) -> None:
        if self.session.status.vault != "open":
            return
        self._turn += 1
        turn, find = self._turn, self.search.text().strip()

        def take(states: tuple[ConversationState, ...]) -> None:
            if turn == self._turn:
                self._show(states)

        self.session.run(Conversations.list, take, lambda _: None, find=find)

    def clear(self) -> None:
        """Nothing of a locked store stays on the screen."""
        self._turn += 1
        self.search.clear()
        self._wait.stop()
        self._show(())

    def retint(self) -> None:
        self._glass.setIcon(icon("search"))
        self.setMinimumWidth(max(_NARROWEST, self._brand.sizeHint().width() + _BESIDE))

    def mark(self, page: str) -> None:
        for name, target in self.buttons.items():
            target.setChecked(name == page)

    def mark_conversation(self, id: int) -> None:
        self.list.blockSignals(True)
        self.list.setCurrentRow(-1)
        for at in range(self.list.count()):
            if self.list.item(at).data(_ID) == id:
                self.list.setCurrentRow(at)
        self.list.blockSignals(False)

    # --- parts ---------------------------------------------------------------------------------

    def _body(self) -> QVBoxLayout:
        mark = QLabel()
        mark.setPixmap(app_icon().pixmap(QSize(28, 28)))
        new = icon_button("new", tr("New conversation (Ctrl+N)"), self.new.emit)
        self._brand = label("Homebody", "brand")
        head = row(mark, self._brand, 1, new, margins=(2, 0, 0, 0), gap=6)
        body = column(head, margins=(10, 14, 10, 12), gap=10)
        body.addWidget(self.search)
        body.addWidget(self.nothing)
        body.addWidget(self.list, 1)
        rule = QFrame()
        rule.setObjectName("side_rule")
        body.addWidget(rule)
        pages = column(gap=2)
        for name, title, picture in PAGES:
            self.buttons[name] = self._nav(name, tr(title), picture)
            pages.addWidget(self.buttons[name])
        body.addLayout(pages)
        return body

    def _nav(self, name: str, title: str, picture: str) -> QPushButton:
        target = button(title, partial(self.page.emit, name), "nav")
        target.setCheckable(True)
        dress(target, picture)
        return target

    def _search(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("search")
        field.setPlaceholderText(tr("Search conversations"))
        field.setAccessibleName(tr("Search conversations"))
        field.setClearButtonEnabled(True)
        self._glass = field.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        field.textChanged.connect(lambda _: self._wait.start())
        return field

    def _list(self) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName(tr("Conversations"))
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setTextElideMode(Qt.TextElideMode.ElideRight)
        made.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        made.customContextMenuRequested.connect(self._menu)
        made.itemClicked.connect(lambda item: self.chosen.emit(item.data(_ID)))
        made.itemActivated.connect(lambda item: self.chosen.emit(item.data(_ID)))
        for keys, do in (("F2", self.rename), ("Del", self.delete)):
            shortcut = QShortcut(QKeySequence(keys), made)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(do)
        return made

    def _show(self, states: tuple[ConversationState, ...]) -> None:
        if states == self._shown and states:
            return  # asked each time the window comes to the front: nothing is to move
        self._shown = states
        chosen = self.list.currentItem().data(_ID) if self.list.currentRow() >= 0 else 0
        self.list.clear()
        for state in states:
            item = QListWidgetItem(one_line(state.title, 80) or tr("Untitled"))
            item.setData(_ID, state.id)
            item.setData(_TITLE, state.title)
            item.setToolTip(tip(f"{one_line(state.title, 200)}\n{day(state.when)}"))
            self.list.addItem(item)
        self.mark_conversation(chosen)
        searching = bool(self.search.text().strip())
        self.nothing.setText(
            tr("Nothing found.") if searching else tr("Your conversations will appear here.")
        )
        self.nothing.setVisible(not states)

    # --- rename and delete ---------------------------------------------------------------------

    def _menu(self, at: QPoint) -> None:
        item = self.list.itemAt(at)
        if item is None:
            return
        self.list.setCurrentItem(item)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icon("edit"), tr("Rename…"), self.rename)
        menu.addAction(icon("trash"), tr("Delete"), self.delete)
        menu.popup(self.list.viewport().mapToGlobal(at))

    def rename(self) -> None:
        if self.list.currentRow() < 0:
            return
        item = self.list.currentItem()
        id, was = item.data(_ID), item.data(_TITLE)  # the list may be made anew while the dialog is open
        title, ok = QInputDialog.getText(self, tr("Rename"), tr("Title of the conversation:"), text=was)
        if ok and title.strip():
            self.session.run(Conversations.rename, self._changed, self._broke, id=id, title=title.strip())

    def delete(self) -> None:
        if self.list.currentRow() < 0:
            return
        id = self.list.currentItem().data(_ID)
        self.session.run(Conversations.delete, self._gone, self._broke, id=id)

    def _changed(self, _: None) -> None:
        self.refresh()

    def _gone(self, was: Talk) -> None:
        self.deleted.emit(was)
        self.refresh()

    def _broke(self, error: HomebodyError) -> None:
        self.failed.emit(error, None)
