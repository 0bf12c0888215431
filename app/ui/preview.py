"""The pane beside the answer: one item as it is stored, with the passage found highlighted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QImageReader, QPixmap, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QTextEdit

from app.core.errors import HomebodyError
from app.core.types import ItemView
from app.ui.cards import Source, kind_icon
from app.ui.jobs import Jobs
from app.ui.text import one_line, visible
from app.ui.theme import pixmap, theme
from app.ui.widgets import button, column, icon_button, label, moment, row

_IN_DATABASES = ("webpage", "health")  # kinds whose file is nothing a person would open
_PICTURE = QSize(420, 260)
_PICTURE_FORMATS = {b"jpeg", b"png", b"webp"}
_MAX_TEXT = 400_000  # characters shown; the passage is always among them


class Preview(QFrame):
    """Shows, and on a click hands the item's file to the desktop."""

    closed = Signal()
    open_file = Signal(str)
    open_folder = Signal(str)
    summarize = Signal(str)  # uri
    reply = Signal(str)  # uri
    forget = Signal(object, object)  # ItemView, the button it was asked with

    def __init__(self, jobs: Jobs, picture: Callable[[str], bytes]) -> None:
        """``picture`` gives a stored photo as a JPEG and may take its time; it raises HomebodyError."""
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
        self.picture.setAccessibleName("Photo")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName("Text of the item")
        self.open_button = button("Open original", self._open_file, "tight", picture="open")
        self.folder_button = button("Show folder", self._open_folder, "tight", picture="folder")
        self.summary_button = button("Summarize", self._summarize, "tight", picture="spark")
        head = row(
            self._picture_kind,
            label("Source", "caps"),
            1,
            icon_button("close", "Close (Esc)", self.close_pane),
        )
        self.reply_button = button("Draft a reply…", self._reply, "tight", picture="mail")
        self.forget_button = icon_button("trash", "Forget…", self._forget)
        actions = column(
            row(self.summary_button, self.reply_button, 1, self.forget_button, gap=6),
            row(self.open_button, self.folder_button, 1, gap=6),
            gap=6,
        )
        body = column(head, self.title, self.about, self.picture, gap=8, margins=(16, 12, 16, 16))
        body.addWidget(self.text, 1)
        body.addLayout(actions)
        self.setLayout(body)

    def show_item(self, item: ItemView, source: Source | None = None) -> None:
        self.item = item
        self._picture_kind.setPixmap(pixmap(kind_icon(item.kind), 18))
        self.title.setText(one_line(item.title, 200) or "Untitled")
        people = ", ".join(item.people[:6]) + (" …" if len(item.people) > 6 else "")
        about = "\n".join(part for part in (people, moment(item.when), item.place, _short(item.path)) if part)
        self.about.setText(visible(about))
        self.about.setToolTip(visible(item.path))
        self._show_text(item.text, source.start if source else 0, source.end if source else 0)
        here = bool(item.path) and "://" not in item.path  # and not in an account elsewhere
        self.open_button.setVisible(here and item.kind not in _IN_DATABASES)
        self.folder_button.setVisible(here)
        self.reply_button.setVisible(item.kind == "mail")
        self._show_picture(item)
        self.show()

    def close_pane(self) -> None:
        self.hide()
        self.closed.emit()

    def _show_text(self, text: str, start: int, end: int) -> None:
        """``start`` and ``end`` count characters of ``text``; what is hidden in it is made visible."""
        text = text.replace("\f", "\n")  # where a document's page begins
        first = max(0, min(start, len(text)) - _MAX_TEXT // 2) if len(text) > _MAX_TEXT else 0
        last = first + _MAX_TEXT
        before, passage, after = visible(text[first:start]), visible(text[start:end]), visible(text[end:last])
        if end <= start:
            before, passage, after = visible(text[:last]), "", ""
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

        def take(image: QImage | None) -> None:
            if image is not None and self.item is item:
                self.picture.setPixmap(QPixmap.fromImage(image))
                self.picture.show()

        self._jobs.run(lambda: _load(Path(item.path)) or _made(self._picture_of, item.uri), take)

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


def _load(path: Path) -> QImage | None:
    """A small version of a photo in a usual format, decoded away from the GUI thread; None for others."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    reader.setAllocationLimit(256)
    if bytes(reader.format().data()) not in _PICTURE_FORMATS:
        return None
    size = reader.size()
    if size.isValid():
        reader.setScaledSize(size.scaled(_PICTURE, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else image


def _made(picture: Callable[[str], bytes], uri: str) -> QImage | None:
    """The same of other formats (HEIC, raw, TIFF), which a process of its own decodes."""
    try:
        image = QImage.fromData(picture(uri))
    except HomebodyError:  # the file is gone, or damaged: the item is shown without
        return None
    if image.isNull():
        return None
    return image.scaled(
        _PICTURE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
