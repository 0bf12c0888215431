"""Text of the model and of strangers, made safe to show: no live link, no image, nothing hidden."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from markdown_it import MarkdownIt
from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QTextBrowser, QWidget

from app.ui.theme import theme

_OPEN, _CLOSE = "\ue000", "\ue001"  # private-use marks around an unsupported sentence
_CITATION = re.compile(r"\[(\d{1,3})\]")
# Links and images stay what was written: `[words](https://…)` in full, and nothing to click.
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
    ["image", "link", "autolink", "reference", "entity"]
)
_WORDLESS = {"\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u3164", "\uffa0"}
_SUSPECT = re.compile(f"[{''.join(sorted(_WORDLESS))}]")  # of them, those that count as printable
_LOOK = 4_096  # characters that are looked at together
_LINE, _WORD = 2_000, 60  # characters of a line, or a word, that a widget lays out in no time
_LONG_WORD = re.compile(rf"\S{{{_WORD}}}(?=\S)")


def visible(text: str) -> str:
    """Control, bidirectional and zero-width characters as ⟨U+202E⟩: nothing reorders or hides."""
    parts = [text[at : at + _LOOK] for at in range(0, len(text), _LOOK)]
    return "".join(part if _plain(part) else _escaped(part) for part in parts)


def _plain(text: str) -> bool:
    """Told at once of nearly all text."""
    return text.replace("\n", "").isprintable() and not _SUSPECT.search(text)


def _escaped(text: str) -> str:
    return "".join(f"⟨U+{ord(c):04X}⟩" if _hides(c) else c for c in text)


def _hides(char: str) -> bool:
    if char in "\n\t" or " " <= char <= "~":
        return False
    return char in _WORDLESS or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def one_line(text: str, limit: int = 160) -> str:
    """For labels and titles: visible, on one line, cut at ``limit`` characters."""
    flat = visible(" ".join(text.split()))
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


def wrappable(text: str) -> str:
    """With places where a very long word may be broken, so that no label is wider than its window.

    ``text`` is visible already, so that a zero-width space in it can only be one of ours.
    """
    return _LONG_WORD.sub("\\g<0>\u200b", text)


def to_html(text: str, *, cited: Iterable[int] = (), unsupported: Iterable[str] = ()) -> str:
    """Markdown as the subset of HTML that Qt shows; ``[n]`` of ``cited`` become our own anchors."""
    text = visible(text.replace("\r\n", "\n").replace("\r", "\n"))
    for sentence in unsupported:
        shown = visible(sentence).strip()
        if shown and shown in text:
            text = text.replace(shown, f"{_OPEN}{shown}{_CLOSE}", 1)
    body: str = _markdown.render(text)
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
