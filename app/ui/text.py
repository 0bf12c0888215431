"""Text of the model and of strangers, made safe to show: no live link, no image, nothing hidden."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QTextBrowser, QWidget

from app.ui.language import number, tr
from app.ui.theme import theme

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_OPEN, _CLOSE = "\ue000", "\ue001"  # private-use marks around an unsupported sentence
_CITATION = re.compile(r"\[(\d{1,3})\]")
# What shows nothing of itself, or reorders what is beside it: categories Cc, Cf, Cs, Co, Zl and Zp, and
# Default_Ignorable_Code_Point (Unicode, DerivedCoreProperties).
_HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\uf8ff\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
)
_SIGN = "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_JOINED = "\u0600-\u0fff"  # letters whose shape a joiner between two of them changes
_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_SUSPECT = re.compile(
    rf"(?<=[{_SIGN}])[\ufe0e\ufe0f](?![\ufe00-\ufe0f])|(?<=[0-9#*])\ufe0f(?=\u20e3)"  # as a picture, or not
    rf"|(?<=[{_SIGN}\ufe0f])\u200d(?=[{_SIGN}])|(?<=[{_JOINED}])[\u200c\u200d](?=[{_JOINED}])"
    rf"|(?<=[{_HAN}])[\U000e0100-\U000e01ef](?![\U000e0100-\U000e01ef])"  # a form of a Han character
    rf"|([{_HIDDEN}])"
)
_LINE, _WORD = 2_000, 60  # characters of a line, or a word, that a widget lays out in no time
_LENGTHY, _LENGTHY_LINES = 8_000, 400  # that rich text is laid out of in no time
_READ = 200_000
_LONG_WORD = re.compile(rf"\S{{{_WORD}}}(?=\S)")


def visible(text: str) -> str:
    """Control, bidirectional and zero-width characters as ⟨U+202E⟩: nothing reorders or hides.

    Those that only give the character before them its shape (of an emoji, say) do not hide, and stay.
    """
    return _SUSPECT.sub(lambda found: f"⟨U+{ord(found[1]):04X}⟩" if found[1] else found[0], text)


def one_line(text: str, limit: int = 160) -> str:
    """For labels and titles: visible, on one line, cut at ``limit`` characters."""
    flat = visible(" ".join(text.split())[: limit + 1])
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def lines(text: str) -> str:
    """With a new line wherever one of ``text`` is so long that laying it out would hold the window up.

    At a blank where there is one. Nothing is left out: only the look changes, as wrapping does.
    """
    return "\n".join(part for line in text.split("\n") for part in _parts(line))


def _parts(line: str) -> Iterator[str]:
    at = 0
    while len(line) - at > _LINE:
        cut = line.rfind(" ", at + _LINE // 2, at + _LINE) + 1 or at + _LINE
        yield line[at:cut]
        at = cut
    yield line[at:]


def tip(text: str) -> str:
    """For a tooltip: Qt takes one for HTML that looks like it, with its images."""
    return f'<p style="white-space:pre-wrap">{escaped(text)}</p>' if text else ""


def wrappable(text: str) -> str:
    """With places where a very long word may be broken, so that no label is wider than its window.

    ``text`` is visible already, so that a zero-width space in it can only be one of ours.
    """
    return _LONG_WORD.sub("\\g<0>\u200b", text)


@cache
def markdown() -> MarkdownIt:
    """Links and images stay what was written: ``[words](https://…)`` in full, and nothing to click.

    Loaded with the first text, or when nobody waits: the window begins without.
    """
    from markdown_it import MarkdownIt

    taken = ["image", "link", "autolink", "reference", "entity"]
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(taken)


def to_html(text: str, *, cited: Iterable[int] = (), unsupported: Iterable[str] = ()) -> str:
    """Markdown as the subset of HTML that Qt shows; ``[n]`` of ``cited`` become our own anchors."""
    text = lines(visible(text.replace("\r\n", "\n").replace("\r", "\n")))
    for sentence in unsupported:
        shown = visible(sentence).strip()
        if shown and shown in text:
            text = text.replace(shown, f"{_OPEN}{shown}{_CLOSE}", 1)
    body: str = markdown().render(text)
    known = set(cited)

    def anchor(found: re.Match[str]) -> str:
        n = int(found[1])
        if n not in known:
            return found[0]
        style = f"color:{theme.colours.accent_text};text-decoration:none;font-weight:600"
        return f'<a href="cite:{n}" style="{style}">[{n}]</a>'

    mark = f'<span style="text-decoration:underline;color:{theme.colours.warn_text}">'
    return _CITATION.sub(anchor, body).replace(_OPEN, mark).replace(_CLOSE, "</span>")


def escaped(text: str) -> str:
    return html.escape(visible(text))


def lengthy(text: str) -> bool:
    """Whether laying all of it out at once would hold the window up: then it is a :class:`LongText`."""
    return len(text) > _LENGTHY or text.count("\n") > _LENGTHY_LINES


class LongText(QPlainTextEdit):
    """Plain text of any length, of which only what is seen is laid out; it scrolls."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)

    def show_text(self, text: str) -> None:
        """Beyond what anybody would read here it says how much more there is."""
        shown = lines(visible(text[:_READ]))
        rest = len(text) - _READ
        more = tr("… and {rest} more characters, which Copy takes with it.", rest=number(rest))
        self.setPlainText(f"{shown}\n\n{more}" if rest > 0 else shown)


class SafeText(QTextBrowser):
    """Shows ``to_html`` as high as it needs to be; loads nothing, opens nothing by itself."""

    cited = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("body")
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)
        self.document().setUndoRedoEnabled(False)
        self.anchorClicked.connect(self._clicked)

    def show_markdown(self, text: str, *, cited: Iterable[int] = (), unsupported: Iterable[str] = ()) -> None:
        style = "p{margin:0 0 8px 0;line-height:145%} li{margin:0 0 4px 0;line-height:140%}"
        style += " h1,h2,h3,h4{font-size:large;margin:4px 0 6px 0}"
        self.document().setDefaultStyleSheet(style)
        self.setHtml(to_html(text, cited=cited, unsupported=unsupported))
        self._fit()

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Whatever the text names, it gets one transparent pixel, from memory."""
        image = QImage(1, 1, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        return image

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(320, self.height())

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        height = max(1, round(self.document().size().height()))
        if height != self.height():
            self.setFixedHeight(height)

    def _clicked(self, url: QUrl) -> None:
        if url.scheme() == "cite" and url.path().isdigit():
            self.cited.emit(int(url.path()))
