"""OpenDocument texts, spreadsheets and presentations (OASIS ODF 1.3): their words."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from indexers import _xml
from indexers._content import Content, Unreadable, moment
from indexers._ooxml import MAX_PART, kept, opened
from indexers._text import MAX_TEXT
from indexers._xml import attribute, local

_UNSAID = frozenset(("tracked-changes", "automatic-styles", "scripts", "font-face-decls", "forms"))
_MANIFEST = "META-INF/manifest.xml"
_MAX_SPACES = 100


def read(data: bytes) -> Content:
    """The words of an .odt, .ods or .odp file; a slide of a presentation is a page."""
    archive = opened(data)
    if "content.xml" not in archive.members:
        raise Unreadable("not an OpenDocument file: its content is missing")
    if _MANIFEST in archive.members and b"encryption-data" in archive.read(_MANIFEST, limit=MAX_PART):
        raise Unreadable("this document is locked with a password")
    writing = _Writing()
    cut = ""
    try:
        for start, element in _xml.events(archive.read("content.xml", limit=MAX_PART), without=_UNSAID):
            (writing.begin if start else writing.end)(element)
            if writing.chars > MAX_TEXT:
                raise _xml.TooLarge("more text than is read of a document")
    except _xml.TooLarge as error:
        cut = kept(writing.pages(), error)
    content = Content(writing.pages(), cut=cut)
    if "meta.xml" in archive.members:
        _tell(content, archive.read("meta.xml", limit=MAX_PART))
    return content


class _Writing:
    """The lines so far; the paragraphs of a cell are put together, and the cells of a row."""

    def __init__(self) -> None:
        self.chars = 0
        self._done: list[str] = []
        self._lines: list[str] = []
        self._row: list[str] = []
        self._cell: list[str] = []
        self._cells = 0  # how many cells we are inside of
        self._sheets = False

    def begin(self, element: Element) -> None:
        name = local(element.tag)
        if name == "table-cell":
            self._cells += 1
        elif name == "spreadsheet":
            self._sheets = True
        elif name == "table" and self._sheets and not self._cells:
            self._lines.append(f"Sheet: {attribute(element, 'name')}")

    def end(self, element: Element) -> None:
        name = local(element.tag)
        if name in ("p", "h"):
            self._paragraph("".join(_said(element)).strip())
        elif name == "table-cell":
            self._cells -= 1
            if not self._cells:
                self._row += [" ".join(self._cell)] if self._cell else []
                self._cell = []
        elif name == "table-row" and not self._cells:
            self._lines += [" | ".join(self._row)] if self._row else []
            self._row = []
        elif name == "page":
            self._done.append("\n".join(self._lines))
            self._lines = []
        if name in ("p", "h", "table-cell", "table-row", "page"):
            element.clear()

    def pages(self) -> list[str]:
        """The slides of a presentation; of anything else one."""
        last = "\n".join(self._lines)
        return [*self._done, last] if last or not self._done else self._done

    def _paragraph(self, text: str) -> None:
        if text:
            self.chars += len(text)
            (self._cell if self._cells else self._lines).append(text)


def _said(element: Element) -> Iterator[str]:
    """The words of a paragraph, in which spaces, tabs and line breaks are elements."""
    yield element.text or ""
    for child in element:
        match local(child.tag):
            case "s":
                count = attribute(child, "c")
                yield " " * min(_MAX_SPACES, int(count) if count.isdecimal() and len(count) < 9 else 1)
            case "tab":
                yield " "
            case "line-break":
                yield "\n"
            case _:
                yield from _said(child)
        yield child.tail or ""


def _tell(content: Content, data: bytes) -> None:
    try:
        fields = {local(e.tag): (e.text or "").strip() for e in _xml.tree(data).iter()}
    except Unreadable:
        return
    content.title = fields.get("title", "")
    content.author = fields.get("creator", "") or fields.get("initial-creator", "")
    content.when = moment(fields.get("date", "")) or moment(fields.get("creation-date", ""))
