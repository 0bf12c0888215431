"""Text of attached documents: PDF, Word, plain text, HTML and calendars, with limits against bombs."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePath
from xml.etree import ElementTree

from indexers._html import html_to_text
from indexers._text import MAX_TEXT, clean, decode, decode_file, tidy

MAX_UNPACKED = 100_000_000  # bytes
MAX_RATIO = 100
_FREE = 10_000_000  # bytes that may unpack at any ratio: harmless, and small files do
MAX_PAGES = 2_000
_MAIN = "word/document.xml"

_BY_TYPE = {
    "application/pdf": "pdf",
    "application/x-pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "text/calendar": "ics",
    "application/ics": "ics",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "txt",
    "text/csv": "txt",
    "text/markdown": "txt",
    "text/x-markdown": "txt",
    "text/tab-separated-values": "txt",
}
_BY_SUFFIX = {
    **dict.fromkeys((".pdf",), "pdf"),
    **dict.fromkeys((".docx",), "docx"),
    **dict.fromkeys((".ics", ".ical", ".vcs"), "ics"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    **dict.fromkeys((".txt", ".csv", ".tsv", ".md", ".markdown", ".text", ".log"), "txt"),
}
_FLATE = re.compile(rb"/FlateDecode|/Fl\b")
_TWICE = re.compile(rb"/Filter\s*\[[^\]]{0,200}/Fl(?:ateDecode)?\b[^\]]{0,200}/Fl(?:ateDecode)?\b")
_STREAM = re.compile(rb"stream\r?\n")


class Unreadable(Exception):
    """The document cannot be read; the message is a sentence for a person."""


def kind(content_type: str, name: str) -> str:
    """``pdf | docx | ics | html | txt``, or empty for what has no text to extract."""
    known = _BY_TYPE.get(content_type) or _BY_SUFFIX.get(PurePath(name).suffix.lower())
    return known or ("txt" if content_type.startswith("text/") else "")


def extract(data: bytes, content_type: str, name: str, *, charset: str | None = None) -> str:
    """The text of a document, empty for kinds that hold none; Unreadable where it is damaged or locked."""
    what = kind(content_type, name)
    if not what or not data.strip():
        return ""
    reader = _READERS[what]
    try:
        return tidy(clean(reader(data, charset)))
    except Unreadable:
        raise
    except MemoryError:
        raise Unreadable("this document needs more memory than it may take") from None
    except Exception as error:  # third-party parsers raise anything on damaged files
        raise Unreadable(f"damaged, or not {_NAMES[what]}: {type(error).__name__}") from error


def _text(data: bytes, charset: str | None) -> str:
    found = decode(data[:MAX_TEXT], charset) if charset else decode_file(data[: 2 * MAX_TEXT])
    if found is None:
        raise Unreadable("binary data in what claims to be a text file")
    return found


def _html(data: bytes, charset: str | None) -> str:
    return html_to_text(decode(data[: 2 * MAX_TEXT], charset or _declared(data)))[0]


def _declared(data: bytes) -> str | None:
    match = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{1,40})", data[:4096], re.I)
    return match[1].decode("ascii") if match else None


def _ics(data: bytes, charset: str | None) -> str:
    from indexers import _ics  # icalendar takes a third of a second to import

    found = _ics.parse(data)
    if not found.events and found.faults:
        raise Unreadable(found.faults[0])
    return "\n\n".join(_ics.summary(event) for event in found.events[:100])


def _pdf(data: bytes, charset: str | None) -> str:
    import pypdfium2 as pdfium

    if b"%PDF-" not in data[:1024]:
        raise Unreadable("not a PDF file: it does not begin like one")
    _check_streams(data)
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable("this PDF is locked with a password") from None
        raise Unreadable("a damaged PDF file") from None
    try:
        return "\n\n".join(_pages(document))
    finally:
        document.close()


def _pages(document: object) -> list[str]:
    import pypdfium2 as pdfium

    assert isinstance(document, pdfium.PdfDocument)
    pages: list[str] = []
    left = MAX_TEXT
    for number in range(min(len(document), MAX_PAGES)):
        page = document[number]
        text_page = page.get_textpage()
        count = min(text_page.count_chars(), left)
        text = text_page.get_text_range(0, count) if count > 0 else ""
        text_page.close()
        page.close()
        pages.append(text.replace("\ufffe", "-\n").replace("\x02", "-\n"))
        left -= len(text)
        if left <= 0:
            break
    return pages


def _check_streams(data: bytes) -> None:
    """Refuse a PDF whose packed streams blow up: pdfium would unpack them whole."""
    if _TWICE.search(data):
        raise Unreadable("a PDF packed twice over, as only traps are")
    if not _FLATE.search(data):
        return
    total = 0
    for match in _STREAM.finditer(data):
        if data[match.end() : match.end() + 1] not in (b"x", b"h", b"H", b"X", b"8"):
            continue  # not a zlib header
        total += _unpacked(memoryview(data)[match.end() :], MAX_UNPACKED - total)
        if total >= MAX_UNPACKED or (total > _FREE and total > MAX_RATIO * len(data)):
            raise Unreadable("this PDF unpacks to far more than its size, as only traps do")


def _unpacked(data: memoryview, limit: int) -> int:
    unpack, total, at = zlib.decompressobj(), 0, 0
    try:
        while total < limit and not unpack.eof and at < len(data):
            total += len(unpack.decompress(data[at : at + 65_536], 10_000_000))
            while unpack.unconsumed_tail and not unpack.eof and total < limit:
                total += len(unpack.decompress(unpack.unconsumed_tail, 10_000_000))
            at += 65_536
    except zlib.error:
        pass  # the end of a damaged stream; pdfium stops there too
    return total


def _docx(data: bytes, charset: str | None) -> str:
    """The words of a Word document's body; python-docx builds all of its parts, 26 times as slow."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            bomb = unpacked > _FREE and unpacked > MAX_RATIO * len(data)
            if unpacked > MAX_UNPACKED or len(entries) > 10_000 or bomb:
                raise Unreadable("this document unpacks to far more than its size, as only traps do")
            root = ElementTree.fromstring(archive.read(_main_part(archive)))
    except (zipfile.BadZipFile, NotImplementedError):
        raise Unreadable("not a Word document: it is not a zip archive, or a damaged one") from None
    if _local(root.tag) != "document":
        raise Unreadable("not a Word document: its main part is something else")
    words: list[str] = []
    for body in root:
        if _local(body.tag) == "body":
            _word(body, words)
    return "".join(words)


def _main_part(archive: zipfile.ZipFile) -> str:
    """The name of the part that holds the text. (expat, which reads it, refuses entities that blow up.)"""
    if _MAIN in archive.namelist():
        return _MAIN
    for relation in ElementTree.fromstring(archive.read("_rels/.rels")):
        if relation.get("Type", "").endswith("/officeDocument"):
            return relation.get("Target", "").lstrip("/")
    raise Unreadable("not a Word document: it has no main part")


def _word(body: ElementTree.Element, words: list[str]) -> None:
    for element in body.iter():
        match _local(element.tag):
            case "t":
                words.append(element.text or "")
            case "tab":
                words.append(" ")
            case "br" | "cr":
                words.append("\n")
            case "p" if words:
                words.append("\n")
            case "tr":
                words.append("\n")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


_READERS: dict[str, Callable[[bytes, str | None], str]] = {
    "pdf": _pdf,
    "docx": _docx,
    "ics": _ics,
    "html": _html,
    "txt": _text,
}
_NAMES = {
    "pdf": "a PDF file",
    "docx": "a Word document",
    "ics": "a calendar file",
    "html": "an HTML page",
    "txt": "a text file",
}
