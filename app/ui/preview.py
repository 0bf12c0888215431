"""The pane beside the answer: one item as it is stored, with the passage found highlighted."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QColor, QHideEvent, QPixmap, QShowEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QTextEdit, QWidget

from app.core.library import Picture
from app.core.types import ItemView
from app.ui.cards import Source, kind_icon
from app.ui.flow_layout import FlowLayout
from app.ui.jobs import Jobs
from app.ui.language import tr
from app.ui.pictures import fitted
from app.ui.text import lines, one_line, tip, visible, wrappable
from app.ui.theme import pixmap, theme
from app.ui.widgets import button, column, enlarged, icon_button, label, moment, row

_IN_DATABASES = ("webpage", "health")  # kinds whose file is nothing a person would open
_WITHIN = re.compile(r"(?<=[^\s@/._-][@/._-])(?=\w)")  # where an address or a path may be broken
_PICTURE = QSize(420, 260)
_MAX_TEXT = 200_000  # characters shown; the passage is always among them


class Preview(QFrame):
    """Shows, and on a click hands the item's file to the desktop."""

    closed = Signal()
    seen = Signal()  # or no longer
    open_file = Signal(str)
    open_folder = Signal(str)
    summarize = Signal(str)  # uri
    reply = Signal(str)  # uri
    forget = Signal(object, object)  # ItemView, the button it was asked with

    def __init__(self, jobs: Jobs, picture: Callable[[str], Picture]) -> None:
        """``picture`` gives a stored photo and may take its time; it raises HomebodyError."""
        super().__init__()
        self._picture_of = picture
        self.setObjectName("preview")
        self.setMinimumWidth(380)
        self._jobs = jobs
        self.item: ItemView | None = None
        self._picture_kind = QLabel()
        self.title = label("", "heading", wrap=True)
        self.about = label("", "small", wrap=True)
        self.picture = QLabel()
        self.picture.setAccessibleName(tr("Photo"))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("Text of the item"))
        self.open_button = button(tr("Open original"), self._open_file, "tight", picture="open")
        self.folder_button = button(tr("Show folder"), self._open_folder, "tight", picture="folder")
        self.summary_button = button(tr("Summarize"), self._summarize, "tight", picture="spark")
        head = row(
            self._picture_kind,
            label(tr("Source"), "caps"),
            1,
            icon_button("close", tr("Close (Esc)"), self.close_pane),
        )
        self.reply_button = button(tr("Draft a reply…"), self._reply, "tight", picture="mail")
        self.forget_button = icon_button("trash", tr("Forget…"), self._forget)
        actions = QWidget()
        actions.setLayout(
            FlowLayout(
                self.summary_button,
                self.reply_button,
                self.open_button,
                self.folder_button,
                self.forget_button,
            )
        )
        body = column(head, self.title, self.about, self.picture, gap=8, margins=(16, 12, 16, 16))
        body.addWidget(self.text, 1)
        body.addWidget(actions)
        self.setLayout(body)

    def show_item(self, item: ItemView, source: Source | None = None) -> None:
        self.item = item
        self._picture_kind.setPixmap(pixmap(kind_icon(item.kind), 18))
        self.title.setText(wrappable(one_line(item.title, 200)) or tr("Untitled"))
        people = ", ".join(item.people[:6]) + (" …" if len(item.people) > 6 else "")
        about = "\n".join(part for part in (people, moment(item.when), item.place, _short(item.path)) if part)
        self.about.setText(_WITHIN.sub("\u200b", visible(about)))
        self.about.setToolTip(tip(item.path))
        self._show_text(item.text, source.start if source else 0, source.end if source else 0)
        here = bool(item.path) and "://" not in item.path  # and not in an account elsewhere
        self.open_button.setVisible(here and item.kind not in _IN_DATABASES)
        self.folder_button.setVisible(here)
        self.reply_button.setVisible(item.kind == "mail")
        self._show_picture(item)
        self.show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        for each in (self.open_button, self.folder_button):  # large text needs the room itself
            each.setText("" if enlarged() else each.accessibleName())
            each.setToolTip(each.accessibleName() if enlarged() else "")
        self.seen.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.seen.emit()

    def close_pane(self) -> None:
        """What was shown is not held: the store may be locked next."""
        self.hide()
        self.item = None
        for part in (self.title, self.about, self.text, self.picture):
            part.clear()
        self.about.setToolTip("")
        self.closed.emit()

    def _show_text(self, text: str, start: int, end: int) -> None:
        """``start`` and ``end`` count characters of ``text``; what is hidden in it is made visible."""
        text = text.replace("\f", "\n")  # where a document's page begins
        first = max(0, min(start, len(text)) - _MAX_TEXT // 2) if len(text) > _MAX_TEXT else 0
        last = first + _MAX_TEXT
        if end <= start:
            start = end = last
        pieces = (text[first:start], text[start:end], text[end:last])
        before, passage, after = (lines(visible(piece)) for piece in pieces)
        self.text.setPlainText(before + passage + after)
        self.text.setVisible(bool(text.strip()))
        if not passage:
            self.text.setExtraSelections([])
            return
        cursor = QTextCursor(self.text.document())
        cursor.setPosition(_units(before))
        self.text.setTextCursor(cursor)
        cursor.setPosition(_units(before) + _units(passage), QTextCursor.MoveMode.KeepAnchor)
        mark = QTextEdit.ExtraSelection()
        look = QTextCharFormat()
        look.setBackground(QColor(theme.colours.mark))
        mark.cursor, mark.format = cursor, look
        self.text.setExtraSelections([mark])
        self.text.centerCursor()

    def _show_picture(self, item: ItemView) -> None:
        self.picture.hide()
        if item.kind != "photo" or not item.path:
            return

        def take(made: Picture) -> None:
            shown = fitted(made, _PICTURE)
            if shown is not None and self.item is item:
                self.picture.setPixmap(QPixmap.fromImage(shown))
                self.picture.show()

        self._jobs.run(lambda: self._picture_of(item.uri), take)  # gone or damaged: it is shown without

    def _open_file(self) -> None:
        if self.item is not None:
            self.open_file.emit(self.item.path)

    def _open_folder(self) -> None:
        if self.item is not None:
            self.open_folder.emit(str(Path(self.item.path).parent))

    def _reply(self) -> None:
        if self.item is not None:
            self.reply.emit(self.item.uri)

    def _forget(self) -> None:
        if self.item is not None:
            self.forget.emit(self.item, self.forget_button)

    def _summarize(self) -> None:
        if self.item is not None:
            self.summarize.emit(self.item.uri)


def _short(path: str) -> str:
    """The end of a path, which tells files apart; the whole of it is in the tooltip."""
    parts = Path(path).parts
    return path if len(parts) <= 4 else "…/" + "/".join(parts[-3:])


def _units(text: str) -> int:
    """Qt counts UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
