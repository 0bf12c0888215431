"""PDF: the words of each page in reading order, filled-in forms, notes, and what is only scanned."""

from __future__ import annotations

import ctypes
import re
import time
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as c
from PIL import Image

from indexers import _pulse
from indexers._content import Content, Unreadable
from indexers._text import MAX_TEXT

MAX_UNPACKED, MAX_RATIO = 100_000_000, 100  # bytes of all streams, and how many times the file's size
FREE = 10_000_000  # bytes that may unpack at any ratio: harmless, and small files do
MAX_PAGES = 2_000
MAX_SECONDS = 20.0
MAX_PIXELS = 50_000_000  # of one picture on a page that is rendered
_MOST_SCALE = 4.0  # pixels a point: 288 dots an inch
_MAX_NOTES = 500  # of one page
_WORDLESS = 12  # letters; a page with fewer, and a picture, is taken for scanned

_FLATE = re.compile(rb"/FlateDecode|/Fl\b")
_TWICE = re.compile(rb"/Filter\s*\[[^\]]{0,200}/Fl(?:ateDecode)?\b[^\]]{0,200}/Fl(?:ateDecode)?\b")
_STREAM = re.compile(rb"stream\r?\n")
_HYPHEN = re.compile("[\ufffe\x02](?:\r?\n)?")
_DATE = re.compile(r"(?:D:)?(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:([+-])(\d{2})'?(\d{2})?)?")


class _Line(NamedTuple):
    """A line of a page with its box, in points from the lower left."""

    text: str
    left: float
    right: float
    bottom: float
    top: float


def read(data: bytes) -> Content:
    """All pages; Unreadable where it is damaged, locked or a trap."""
    if b"%PDF-" not in data[:1024]:
        raise Unreadable("not a PDF file: it does not begin like one")
    check(data)
    document = opened(data)
    try:
        return _content(document)
    finally:
        document.close()


def opened(data: bytes) -> pdfium.PdfDocument:
    """The document, to be closed after use; Unreadable where it is damaged or locked."""
    try:
        document = pdfium.PdfDocument(data)
        document.init_forms()
        return document
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable("this PDF is locked with a password") from None
        raise Unreadable("a damaged PDF file") from None


def picture(source: Path | bytes, number: int, *, side: int) -> Image.Image:
    """A page (from 1) of a file, or of its bytes, as it looks, in RGB, ``side`` pixels on its long side.

    Raises Unreadable where the document or the page is damaged, locked or a trap, OSError as reading does.
    """
    data = source.read_bytes() if isinstance(source, Path) else source
    check(data)
    document = opened(data)
    try:
        if not 0 < number <= len(document):
            raise Unreadable("it has no such page")
        page = document[number - 1]
        try:
            for shown in page.get_objects([c.FPDF_PAGEOBJ_IMAGE], max_depth=3):
                width, height = shown.get_px_size()
                if width * height > MAX_PIXELS:
                    raise Unreadable(f"a picture of more than {MAX_PIXELS // 1_000_000} megapixels on it")
            scale = side / max(1.0, *page.get_size())
            image: Image.Image = page.render(scale=min(scale, _MOST_SCALE)).to_pil()
            return image.convert("RGB")
        finally:
            page.close()
    except pdfium.PdfiumError:
        raise Unreadable("a damaged page") from None
    finally:
        document.close()


def _content(document: pdfium.PdfDocument) -> Content:
    content, chars, until = Content([]), 0, time.process_time() + MAX_SECONDS
    total = len(document)
    for number in range(1, min(total, MAX_PAGES) + 1):
        try:
            page = document[number - 1]
        except pdfium.PdfiumError:
            content.pages.append("")  # a damaged page; the others may be sound
            continue
        try:
            text, scanned = _page(page, MAX_TEXT - chars)
        finally:
            page.close()
        _pulse.beat()
        content.pages.append(text)
        chars += len(text)
        if scanned:
            content.scanned.append(number)
        if chars >= MAX_TEXT or time.process_time() > until:
            break
    if len(content.pages) < total:
        content.cut = f"a very long document: only {len(content.pages):,} of its {total:,} pages were read"
    _tell(content, document)
    return content


def _page(page: pdfium.PdfPage, most: int) -> tuple[str, bool]:
    """(the words of a page, whether it is a picture of them)."""
    text_page = page.get_textpage()
    try:
        count = min(text_page.count_chars(), most)
        text = text_page.get_text_range(0, count) if count > 0 else ""
        text = _in_order(text_page, text) if count == len(text) else text
    finally:
        text_page.close()
    text = _HYPHEN.sub("", text)
    letters = sum(map(str.isalnum, text[:1000]))
    extra = "\n".join(_notes(page))
    scanned = (
        letters < _WORDLESS and next(page.get_objects([c.FPDF_PAGEOBJ_IMAGE], max_depth=3), None) is not None
    )
    return (f"{text}\n{extra}" if extra else text), scanned


# --- the order of lines --------------------------------------------------------------------------


def _in_order(text_page: pdfium.PdfTextPage, text: str) -> str:
    """``text`` as it is when the file has its lines in order, else sorted by columns and height."""
    lines: list[_Line] = []
    at = 0
    for piece in text.split("\r\n"):
        if piece.strip():
            first = at + len(piece) - len(piece.lstrip())
            last = at + len(piece.rstrip()) - 1
            box, end = text_page.get_charbox(first), text_page.get_charbox(last)
            lines.append(_Line(piece, box[0], max(box[2], end[2]), min(box[1], end[1]), max(box[3], end[3])))
        at += len(piece) + 2
    if len(lines) > 2_000 or _ordered(lines):
        return text
    return "\n".join(line.text for line in _sorted(lines, 0))


def _ordered(lines: Sequence[_Line]) -> bool:
    """Whether each line follows below the one before, or begins a column to the right of it."""
    return not any(two.bottom > one.top and two.left < one.right for one, two in pairwise(lines))


def _sorted(lines: Sequence[_Line], depth: int) -> Iterator[_Line]:
    """Cut at the widest gap, across or down, again and again (recursive XY-cut: Nagy & Seth 1984)."""
    if len(lines) < 2 or depth > 30:
        yield from sorted(lines, key=lambda line: (-line.top, line.left))
        return
    across = _gap([(-line.top, -line.bottom) for line in lines])
    down = _gap([(line.left, line.right) for line in lines])
    height = sum(line.top - line.bottom for line in lines) / len(lines)
    if down is not None and down[0] > height * 0.8 and (across is None or across[0] < 2 * down[0]):
        cut = down[1]
        yield from _sorted([line for line in lines if line.right <= cut], depth + 1)
        yield from _sorted([line for line in lines if line.right > cut], depth + 1)
    elif across is not None:
        cut = across[1]
        yield from _sorted([line for line in lines if -line.bottom <= cut], depth + 1)
        yield from _sorted([line for line in lines if -line.bottom > cut], depth + 1)
    else:
        yield from sorted(lines, key=lambda line: (-line.top, line.left))


def _gap(spans: list[tuple[float, float]]) -> tuple[float, float] | None:
    """(width, middle) of the widest gap between spans, None where they all touch."""
    best, end = None, None
    for begin, stop in sorted(spans):
        if end is not None and begin > end and (best is None or begin - end > best[0]):
            best = (begin - end, (begin + end) / 2)
        end = stop if end is None else max(end, stop)
    return best


# --- forms and notes -----------------------------------------------------------------------------


def _notes(page: pdfium.PdfPage) -> Iterator[str]:
    """What was filled into the page's form, field by field, and notes that were put on it."""
    form = page.formenv.raw if page.formenv else None
    for index in range(min(c.FPDFPage_GetAnnotCount(page.raw), _MAX_NOTES)):
        note = c.FPDFPage_GetAnnot(page.raw, index)
        if not note:
            continue
        try:
            kind = c.FPDFAnnot_GetSubtype(note)
            if kind == c.FPDF_ANNOT_WIDGET and form:
                if line := _field(form, note):
                    yield line
            elif kind in (c.FPDF_ANNOT_TEXT, c.FPDF_ANNOT_FREETEXT, c.FPDF_ANNOT_HIGHLIGHT):
                said = _wide(
                    lambda into, size, n=note: c.FPDFAnnot_GetStringValue(n, b"Contents", into, size)
                )
                if said.strip():
                    yield f"Note: {said.strip()}"
        finally:
            c.FPDFPage_CloseAnnot(note)


def _field(form: object, note: object) -> str:
    """``name: value`` of a form's field, empty for one that holds nothing."""
    kind = c.FPDFAnnot_GetFormFieldType(form, note)
    name = _wide(lambda into, size: c.FPDFAnnot_GetFormFieldAlternateName(form, note, into, size))
    name = (
        name.strip() or _wide(lambda into, size: c.FPDFAnnot_GetFormFieldName(form, note, into, size)).strip()
    )
    if kind in (c.FPDF_FORMFIELD_CHECKBOX, c.FPDF_FORMFIELD_RADIOBUTTON):
        if not c.FPDFAnnot_IsChecked(form, note):
            return ""
        value = "yes"
        if kind == c.FPDF_FORMFIELD_RADIOBUTTON:
            value = (
                _wide(lambda into, size: c.FPDFAnnot_GetFormFieldExportValue(form, note, into, size)) or value
            )
    elif kind in (c.FPDF_FORMFIELD_TEXTFIELD, c.FPDF_FORMFIELD_COMBOBOX, c.FPDF_FORMFIELD_LISTBOX):
        value = _wide(lambda into, size: c.FPDFAnnot_GetFormFieldValue(form, note, into, size)).strip()
    else:
        return ""
    return f"{name}: {value}" if name and value else value


def _wide(get: object) -> str:
    """A string that PDFium writes into a buffer it is asked the size of first."""
    assert callable(get)
    size = int(get(None, 0))
    if size <= 2 or size > 200_000:
        return ""
    buffer = ctypes.create_string_buffer(size)
    get(ctypes.cast(buffer, ctypes.POINTER(c.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


def _tell(content: Content, document: pdfium.PdfDocument) -> None:
    try:
        told = document.get_metadata_dict()
    except (pdfium.PdfiumError, UnicodeError):
        return
    content.title, content.author = told.get("Title", ""), told.get("Author", "")
    content.when = date(told.get("ModDate", "")) or date(told.get("CreationDate", ""))


def date(text: str) -> datetime | None:
    """A date of PDF (ISO 32000-1, 7.9.4): ``D:20240131093826+01'00'``."""
    match = _DATE.match(text.strip()[:40])
    if match is None:
        return None
    year, month, day, hour, minute, second = (
        int(part) if part else at < 3 for at, part in enumerate(match.groups()[:6])
    )
    away = timedelta(hours=int(match[8] or 0), minutes=int(match[9] or 0)) * (-1 if match[7] == "-" else 1)
    try:
        found = datetime(year, month, day, hour, minute, second, tzinfo=timezone(away))
        return found if 1980 < year < 2200 else None
    except ValueError:
        return None


# --- traps ---------------------------------------------------------------------------------------


def check(data: bytes) -> None:
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
        if total >= MAX_UNPACKED or (total > FREE and total > MAX_RATIO * len(data)):
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
