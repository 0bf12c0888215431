"""Small parts every window is made of: plain-text labels, buttons with names, layouts on the grid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMessageBox,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.core.errors import HomebodyError
from app.ui.language import said, tr
from app.ui.text import one_line, tip, visible, wrappable
from app.ui.theme import POINTS, icon

L = TypeVar("L", bound=QBoxLayout)
_LARGE = 15.0  # points
_SIDE = 18  # px at each side of a suggestion
_ICON, _ICON_MOST = 18, 24  # px
_BESIDE = 40  # px of the screen around a window that is as large as can be


def label(text: str = "", name: str = "", *, wrap: bool = False) -> QLabel:
    """Plain text only: nothing a stranger wrote can become markup."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(wrappable(visible(text)) if wrap else visible(text))
    made.setObjectName(name)
    made.setWordWrap(wrap)
    return made


class Elided(QLabel):
    """One line of plain text, cut with … where there is no room; the whole of it in a tooltip."""

    def __init__(self, text: str = "", name: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setObjectName(name)
        self.setText(text)

    def setText(self, text: str) -> None:
        shown = one_line(text, 400)
        super().setText(shown)
        self.setToolTip(tip(shown))

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics = QFontMetrics(self.font())
        room = self.contentsRect().width()
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)


class CardButton(QPushButton):
    """A button made of a layout; all of it is pressed, whatever lies in it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("source")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def fill(self, body: QLayout) -> None:
        self.setLayout(body)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()


class Suggestion(QPushButton):
    """Words one may choose, on one line: cut with … where there is no room, and then whole in the tooltip."""

    def __init__(self, words: str, do: Callable[[], object]) -> None:
        super().__init__()
        self.words = visible(words)
        self.setObjectName("suggestion")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setAccessibleName(self.words)
        self.setToolTip(tip(words))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setText(self.words.replace("&", "&&"))
        self.clicked.connect(lambda _checked: do())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - 2 * _SIDE
        shown = self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideRight, room)
        self.setText(shown.replace("&", "&&"))


def button(text: str, do: Callable[[], object], name: str = "", *, picture: str = "") -> QPushButton:
    made = QPushButton(visible(text).replace("&", "&&"))  # a title may have one; it stands for no key
    made.setObjectName(name)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAccessibleName(visible(text))
    if picture:
        dress(made, picture, "on_accent" if name == "primary" else "muted")
    made.clicked.connect(lambda _checked: do())
    return made


def icon_button(picture: str, says: str, do: Callable[[], object], name: str = "flat") -> QPushButton:
    """An icon alone says nothing to a screen reader: ``says`` is its name and its tooltip."""
    made = QPushButton()
    made.setObjectName(name)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAccessibleName(visible(says))
    made.setToolTip(tip(says))
    dress(made, picture, "on_accent" if name == "send" else "muted")
    made.clicked.connect(lambda _checked: do())
    return made


def dress(target: QPushButton, picture: str, colour: str = "muted") -> None:
    """Give ``target`` an icon that :func:`redress` can tint anew when the theme changes."""
    target.setIcon(icon(picture, colour))
    side = min(scaled(_ICON), _ICON_MOST)  # as the text grows, as far as a round button has room
    target.setIconSize(QSize(side, side))
    target.setProperty("picture", picture)
    target.setProperty("tint", colour)


def redress(root: QWidget) -> None:
    for target in root.findChildren(QPushButton):
        if picture := target.property("picture"):
            dress(target, picture, target.property("tint"))


def sure(parent: QWidget, title: str, text: str, more: str, *, yes: str) -> bool:
    """Ask before something that cannot be taken back; Enter is Cancel."""
    box = QMessageBox(parent)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(wrappable(visible(text)))
    box.setInformativeText(wrappable(visible(more)))
    for part in box.findChildren(QLabel):  # Qt would take the second text for HTML that looks like it
        part.setTextFormat(Qt.TextFormat.PlainText)
    done = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    box.deleteLater()
    return box.clickedButton() is done


def row(
    *parts: QWidget | int, margins: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 8
) -> QHBoxLayout:
    """Widgets side by side; an int is a stretch of that weight."""
    return _fill(QHBoxLayout(), parts, margins, gap)


def column(
    *parts: QWidget | QHBoxLayout | int, margins: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 8
) -> QVBoxLayout:
    return _fill(QVBoxLayout(), parts, margins, gap)


def _fill(
    layout: L, parts: tuple[QWidget | QHBoxLayout | int, ...], margins: tuple[int, int, int, int], gap: int
) -> L:
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    for part in parts:
        if isinstance(part, int):
            layout.addStretch(part)
        elif isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)
    return layout


def enlarged() -> bool:
    """Whether text is so large that what stands side by side has to stand one below the other."""
    return QApplication.font().pointSizeF() > _LARGE


def text_scale() -> float:
    """How much larger than usual letters are, by the person's text size."""
    return QApplication.font().pointSizeF() / POINTS


def scaled(pixels: int) -> int:
    """``pixels`` at the usual text size, more where the text is larger."""
    return round(pixels * max(1.0, text_scale()))


def resize_within(window: QWidget, width: int, height: int) -> None:
    """Give ``window`` that size, which is of the usual text, as far as the screen has room for it."""
    room = QApplication.primaryScreen().availableGeometry()
    window.setMinimumSize(
        min(window.minimumWidth(), room.width() - _BESIDE),
        min(window.minimumHeight(), room.height() - _BESIDE),
    )
    window.resize(min(scaled(width), room.width() - _BESIDE), min(scaled(height), room.height() - _BESIDE))


def beside() -> QBoxLayout.Direction:
    """Side by side, or one below the other where text is large."""
    return QBoxLayout.Direction.TopToBottom if enlarged() else QBoxLayout.Direction.LeftToRight


def frame(name: str, layout: QLayout) -> QFrame:
    made = QFrame()
    made.setObjectName(name)
    made.setLayout(layout)
    return made


def empty(layout: QBoxLayout) -> None:
    """Take everything out of ``layout``, for good."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif isinstance(inner := item.layout(), QBoxLayout):
            empty(inner)


def day(when: datetime | None) -> str:
    """``14 May 2026``, in the time zone of this computer."""
    if when is None:
        return ""
    local = when.astimezone() if when.tzinfo else when
    month = QLocale().standaloneMonthName(local.month, QLocale.FormatType.ShortFormat)
    return tr("{day} {month} {year}", day=local.day, month=month, year=local.year)


def moment(when: datetime | None) -> str:
    local = when.astimezone() if when is not None and when.tzinfo else when
    return f"{day(local)}, {local:%H:%M}" if local is not None else ""


_COUNTED: dict[str, Callable[[int], str]] = {
    "item": lambda n: tr("%Ln item(s)", "", n),
    "passage": lambda n: tr("%Ln passage(s)", "", n),
    "file": lambda n: tr("%Ln file(s)", "", n),
    "correction": lambda n: tr("%Ln correction(s)", "", n),
    "selected word": lambda n: tr("%Ln selected word(s)", "", n),
}


def count(n: int, noun: str) -> str:
    """``1 item``, ``1,234 items``; every noun has its forms in the catalogs."""
    return _COUNTED[noun](n)


def sentence(error: HomebodyError) -> str:
    """What failed, where, and the remedy, as sentences a person reads."""
    place = f" ({error.where})" if error.where else ""
    parts = (f"{said(error.message)}{place}", said(error.remedy))
    return " ".join(f"{p[:1].upper()}{p[1:].rstrip('.')}." for p in parts if p)


def short_person(people: tuple[str, ...]) -> str:
    """The first person's name, without the address where there is a name."""
    first = people[0] if people else ""
    return first.partition("<")[0].strip() or first.strip("<> ")
