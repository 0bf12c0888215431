"""The command palette (Ctrl+K) and the list of keys (F1): everything the window can do, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QWidget,
)

from app.ui.language import tr
from app.ui.widgets import button, column, frame, label, resize_within, row


def shown(keys: str) -> str:
    """As the keyboard's labels say it in the window's language."""
    return str(QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText))


@dataclass(frozen=True)
class Command:
    name: str
    do: Callable[[], object]
    keys: str = ""
    setting: str = ""  # that its keys are changed by


class Palette(QDialog):
    """Type a few letters, Enter runs the first match."""

    def __init__(self, parent: QWidget, commands: Sequence[Command]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Commands"))
        self.setModal(True)
        resize_within(self, 480, 380)
        self._commands = tuple(commands)
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("What would you like to do?"))
        self.field.setAccessibleName(tr("Find a command"))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Commands"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLayout(column(self.field, self.list, margins=(12, 12, 12, 12), gap=8))
        self.field.installEventFilter(self)
        self.field.textChanged.connect(lambda _: self._fill())
        self.field.returnPressed.connect(self._run)
        self.list.itemActivated.connect(lambda _: self._run())
        self._fill()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None:
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
                return True
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        words = self.field.text().lower().split()
        self.list.clear()
        for at, command in enumerate(self._commands):
            if all(word in command.name.lower() for word in words):
                item = QListWidgetItem(command.name)
                item.setData(Qt.ItemDataRole.UserRole, at)
                self.list.addItem(item)
                if command.keys:
                    keys = QWidget()
                    keys.setLayout(row(1, label(shown(command.keys), "small"), margins=(0, 0, 10, 0)))
                    self.list.setItemWidget(item, keys)
        self.list.setCurrentRow(0)

    def _run(self) -> None:
        if self.list.currentRow() < 0:
            return
        command = self._commands[self.list.currentItem().data(Qt.ItemDataRole.UserRole)]
        self.accept()
        command.do()


def _scrolling(inner: QWidget) -> QScrollArea:
    """All of it where the screen has room, else a part that scrolls."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    room = QGuiApplication.primaryScreen().availableGeometry().height() - 220
    hint = inner.sizeHint()
    area.setMinimumSize(hint.width() + 16, min(hint.height() + 4, max(200, room)))
    return area


class Keys(QDialog):
    """F1."""

    def __init__(self, parent: QWidget, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keys"))
        self.setModal(True)
        grid = QGridLayout()
        grid.setContentsMargins(20, 16, 20, 16)
        grid.setHorizontalSpacing(40)
        grid.setVerticalSpacing(9)
        for at, (key, what) in enumerate(keys):
            grid.addWidget(label(what), at, 0)
            grid.addWidget(label(key, "muted"), at, 1, Qt.AlignmentFlag.AlignRight)
        close = button(tr("Close"), self.accept)
        close.setDefault(True)
        self.setLayout(
            column(
                label(tr("Keys"), "heading"),
                _scrolling(frame("card", grid)),
                row(1, close),
                margins=(24, 20, 24, 20),
                gap=14,
            )
        )
