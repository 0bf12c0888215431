"""Word, Excel and PowerPoint documents in Office Open XML (ECMA-376): their words."""

from __future__ import annotations

import io
import math
import posixpath
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

from indexers import _xml
from indexers._content import Content, Unreadable, moment
from indexers._text import MAX_TEXT
from indexers._xml import local
from indexers._zipped import Archive

_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_QUOTED = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]")
_TWICE = frozenset(("Fallback",))  # says the same once more, for older programs
_OTHER_PARTS = re.compile(r"word/(?:header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
MAX_PART = 100_000_000  # bytes of one part, unpacked
MAX_CELLS, MAX_PARAGRAPHS = 200_000, 300_000
MAX_SHOWN = 2_000  # slides, or sheets: many may be told of that are all the same one
MAX_STRINGS = 20_000_000  # characters of a workbook's shared texts


def opened(data: bytes) -> Archive:
    """The archive that a document is."""
    return Archive(io.BytesIO(data))


def docx(data: bytes) -> Content:
    """The body with its tables, then headers, footers, notes and comments; pages as Word last saw them."""
    archive = opened(data)
    main = _main(archive, "word/document.xml")
    pages, cut = [""], ""
    try:
        if _body(archive.read(main, limit=MAX_PART), pages) != "document":
            raise Unreadable("not a Word document: its main part is something else")
    except _xml.TooLarge as error:
        cut = kept(pages, error)
    for name in sorted(archive.members):
        if _OTHER_PARTS.fullmatch(name):
            other = [""]
            with suppress(_xml.TooLarge):
                _body(archive.read(name, limit=MAX_PART), other)
            if any(char.isalnum() for char in other[0]):
                pages[-1] += f"\n{other[0]}"
    content = _told(archive, pages)
    content.cut = cut
    return content


def kept(pages: list[str], error: _xml.TooLarge) -> str:
    """What is said where only the beginning could be read; the fault itself where that says nothing."""
    if not any(map(str.strip, pages)):
        raise error
    return "a very large document: only its beginning was read"


def pptx(data: bytes) -> Content:
    """The slides in the order they are shown, each with its notes."""
    archive = opened(data)
    main = _main(archive, "ppt/presentation.xml")
    targets = _relations(archive, main)
    pages, chars, cut = list[str](), 0, ""
    for element in _xml.ended(archive.read(main, limit=MAX_PART)):
        if local(element.tag) == "sldId" and (part := targets.get(_relation_id(element))):
            if chars > MAX_TEXT or len(pages) >= MAX_SHOWN:
                cut = f"a very long presentation: only its first {len(pages):,} slides were read"
                break
            pages.append(_slide(archive, part))
            chars += len(pages[-1])
    content = _told(archive, pages)
    content.cut = cut
    return content


def _slide(archive: Archive, part: str) -> str:
    if part not in archive.members:
        return ""
    text = "\n".join(_paragraphs(archive.read(part, limit=MAX_PART)))
    for target in _relations(archive, part).values():
        if "notesSlide" in target and target in archive.members:
            notes = [
                line for line in _paragraphs(archive.read(target, limit=MAX_PART)) if not line.isdecimal()
            ]
            text += f"\nNotes: {' '.join(notes)}" if notes else ""
    return text


def xlsx(data: bytes) -> Content:
    """The sheets under their names, a line a row, cells as they are shown (dates as dates)."""
    archive = opened(data)
    main = _main(archive, "xl/workbook.xml")
    targets = _relations(archive, main)
    sheets, old_dates = [], False
    for element in _xml.ended(archive.read(main, limit=MAX_PART)):
        if local(element.tag) == "sheet":
            sheets.append((element.get("name", ""), targets.get(_relation_id(element), "")))
        elif local(element.tag) == "workbookPr":
            old_dates = element.get("date1904") in ("1", "true")
    book = _Book(archive, datetime(1904, 1, 1) if old_dates else datetime(1899, 12, 30))
    lines: list[str] = []
    for name, part in sheets[:MAX_SHOWN]:
        if part in archive.members and not book.full:  # no part is unpacked of which nothing is read
            lines += book.sheet(name, part)
    content = _told(archive, ["\n".join(lines)])
    more = f"a workbook of more than {MAX_SHOWN:,} sheets: only those were read"
    content.cut = book.cut or (more if len(sheets) > MAX_SHOWN else "")
    return content


class _Book:
    """A workbook's shared texts and date formats, and how many of its cells were read."""

    def __init__(self, archive: Archive, epoch: datetime) -> None:
        self._archive, self._epoch = archive, epoch
        self._strings = list(self._shared()) if "xl/sharedStrings.xml" in archive.members else []
        self._dates = self._date_styles() if "xl/styles.xml" in archive.members else frozenset()
        self._cells = self._chars = 0
        self.cut = ""

    @property
    def full(self) -> bool:
        """Whether no more of it is read."""
        return self._cells > MAX_CELLS or self._chars > MAX_TEXT

    def sheet(self, name: str, part: str) -> Iterator[str]:
        """The sheet's name, then its rows that say anything."""
        yield f"Sheet: {name}"
        try:
            yield from self._rows(part)
        except _xml.TooLarge:
            self.cut = "a very large table: only its beginning was read"

    def _rows(self, part: str) -> Iterator[str]:
        row: list[str] = []
        for element in _xml.ended(self._archive.read(part, limit=MAX_PART), most=3 * MAX_CELLS):
            tag = local(element.tag)
            if tag == "c":
                if text := self._cell(element):
                    row.append(text)
                element.clear()
                self._cells += 1
            elif tag == "row":
                if row:
                    line = " | ".join(row)
                    self._chars += len(line)
                    yield line
                row = []
                element.clear()
            if self.full:
                self.cut = f"a table of more than {min(self._cells, MAX_CELLS):,} cells: only those were read"
                return

    def _cell(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return "".join(e.text or "" for e in cell.iter() if local(e.tag) == "t")
        value = next((e.text or "" for e in cell if local(e.tag) == "v"), "")
        if kind == "s":
            at = int(value) if value.isdecimal() and len(value) < 9 else len(self._strings)
            return self._strings[at] if at < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "n" and value:
            return self._number(value, cell.get("s", ""))
        return value

    def _number(self, value: str, style: str) -> str:
        try:
            number = float(value)
        except ValueError:
            return value
        if not math.isfinite(number):
            return value
        if style in self._dates and 0 <= number < 200_000:
            date = self._epoch + timedelta(days=number, milliseconds=0.5)
            return f"{date:%Y-%m-%d}" if number == int(number) else f"{date:%Y-%m-%d %H:%M}"
        return shown(number)

    def _shared(self) -> Iterator[str]:
        chars = 0
        for element in _xml.ended(self._archive.read("xl/sharedStrings.xml", limit=MAX_PART)):
            if local(element.tag) == "rPh":
                element.clear()  # how Japanese text is pronounced
            elif local(element.tag) == "si":
                text = "".join(e.text or "" for e in element.iter() if local(e.tag) == "t")
                chars += len(text)
                yield text if chars < MAX_STRINGS else ""
                element.clear()

    def _date_styles(self) -> frozenset[str]:
        """The numbers of cell formats that show a date."""
        own: set[str] = set()
        for element in (root := _xml.tree(self._archive.read("xl/styles.xml", limit=MAX_PART))).iter():
            if local(element.tag) == "numFmt" and is_date(element.get("formatCode", "")):
                own.add(element.get("numFmtId", ""))
        styles = next((e for e in root if local(e.tag) == "cellXfs"), ())
        numbers = [xf.get("numFmtId", "") for xf in styles]
        built_in = {str(number) for number in _BUILT_IN_DATES}
        return frozenset(str(at) for at, number in enumerate(numbers) if number in own or number in built_in)


def is_date(code: str) -> bool:
    """Whether a number format shows a date or time (ECMA-376 part 1, 18.8.30)."""
    code = _QUOTED.sub("", code[:300]).lower().split(";")[0]
    return "general" not in code and any(char in code for char in "ymdhs")


def shown(number: float) -> str:
    """A number as a spreadsheet shows it: no digits that only binary fractions have."""
    return str(int(number)) if abs(number) < 1e15 and number == int(number) else f"{number:.12g}"


def _body(data: bytes, pages: list[str]) -> str:
    """Append what a part of a Word document says to the last page, or to new ones; its root's name.

    Raises as ``_xml.ended``; what was said before that is kept.
    """
    words: list[str] = []
    try:
        return _said(data, words, pages)
    finally:
        pages[-1] += "".join(words)


def _said(data: bytes, words: list[str], pages: list[str]) -> str:
    size, name, count = 0, "", 0
    for element in _xml.ended(data, without=_TWICE):
        name = local(element.tag)
        if name == "p":
            count += 1
            if count > MAX_PARAGRAPHS:
                raise _xml.TooLarge("more paragraphs than any honest document has")
            if len(element):
                _words(element, words, pages)
                element.clear()
            words.append("\n")
        elif name == "tc":
            _replace_end(words, "\n", " | ")
            element.clear()
        elif name == "tr":
            _replace_end(words, " | ", "\n")
            element.clear()
        if len(words) > 10_000:
            size += sum(map(len, words))
            pages[-1] += "".join(words)
            words.clear()
            if size > MAX_TEXT:
                raise _xml.TooLarge("more text than is read of a document")
    return name


def _replace_end(words: list[str], old: str, new: str) -> None:
    if words and words[-1] == old:
        words[-1] = new


def _words(paragraph: Element, words: list[str], pages: list[str]) -> None:
    for element in paragraph.iter():
        match local(element.tag):
            case "t":
                words.append(element.text or "")
            case "tab":
                words.append(" ")
            case "br" | "cr":
                words.append("\n")
            case "noBreakHyphen":
                words.append("-")
            case "lastRenderedPageBreak":
                pages[-1] += "".join(words)
                words.clear()
                if pages[-1].strip():
                    pages.append("")


def _paragraphs(data: bytes) -> Iterator[str]:
    """The paragraphs of a slide that say anything."""
    for element in _xml.ended(data):
        if local(element.tag) == "p":
            text = "".join(
                (e.text or "") if local(e.tag) == "t" else "\n" if local(e.tag) == "br" else ""
                for e in element.iter()
            )
            if text.strip():
                yield text.strip()
            element.clear()


def _main(archive: Archive, usual: str) -> str:
    """The name of the part that everything begins with."""
    if usual in archive.members:
        return usual
    if "_rels/.rels" in archive.members:
        for relation in _xml.tree(archive.read("_rels/.rels", limit=MAX_PART)):
            if relation.get("Type", "").endswith("/officeDocument"):
                return relation.get("Target", "").lstrip("/")
    raise Unreadable("not an Office document: it has no main part")


def _relations(archive: Archive, part: str) -> dict[str, str]:
    """Identifier → name of the part, for what ``part`` refers to inside the archive."""
    folder, name = posixpath.split(part)
    listed = f"{folder}/_rels/{name}.rels"
    if listed not in archive.members:
        return {}
    return {
        relation.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[
            1:
        ]
        for relation in _xml.tree(archive.read(listed, limit=MAX_PART))
        if relation.get("TargetMode") != "External"
    }


def _relation_id(element: Element) -> str:
    """``r:id``, which is not the element's own ``id``."""
    return next((value for key, value in element.items() if key.endswith("}id")), "")


def _told(archive: Archive, pages: list[str]) -> Content:
    """With title, author and date from the core properties (ECMA-376 part 2, 11)."""
    content = Content(pages)
    if "docProps/core.xml" not in archive.members:
        return content
    try:
        fields = {
            local(e.tag): (e.text or "").strip()
            for e in _xml.tree(archive.read("docProps/core.xml", limit=MAX_PART)).iter()
        }
    except Unreadable:
        return content
    content.title, content.author = fields.get("title", ""), fields.get("creator", "")
    content.when = moment(fields.get("modified", "")) or moment(fields.get("created", ""))
    return content
