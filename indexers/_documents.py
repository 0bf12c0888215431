"""Text of documents, in a folder or attached to a mail: which reader takes which."""

from __future__ import annotations

import hashlib
import importlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath
from typing import cast

from indexers._content import Content, Unreadable
from indexers._html import html_to_text
from indexers._text import MAX_TEXT, clean, decode, decode_file, tidy

__all__ = ("SUFFIXES", "Unreadable", "extract", "kind", "read", "text_of")

PAGE = "\f"  # what a page begins with, but for the first
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

_BY_TYPE = {
    "application/pdf": "pdf",
    "application/x-pdf": "pdf",
    f"{_OOXML}wordprocessingml.document": "docx",
    f"{_OOXML}spreadsheetml.sheet": "xlsx",
    f"{_OOXML}presentationml.presentation": "pptx",
    f"{_ODF}text": "odf",
    f"{_ODF}spreadsheet": "odf",
    f"{_ODF}presentation": "odf",
    "application/epub+zip": "epub",
    "application/rtf": "rtf",
    "text/rtf": "rtf",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "text/calendar": "ics",
    "application/ics": "ics",
    "text/html": "html",
    "application/xhtml+xml": "html",
}
_BY_SUFFIX = {
    ".pdf": "pdf",
    **dict.fromkeys((".docx", ".docm", ".dotx"), "docx"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xltx"), "xlsx"),
    **dict.fromkeys((".pptx", ".pptm", ".ppsx", ".potx"), "pptx"),
    **dict.fromkeys((".odt", ".ods", ".odp", ".ott", ".ots", ".otp"), "odf"),
    ".epub": "epub",
    ".rtf": "rtf",
    **dict.fromkeys((".doc", ".dot"), "doc"),
    **dict.fromkeys((".xls", ".xlt"), "xls"),
    **dict.fromkeys((".ppt", ".pps"), "ppt"),
    **dict.fromkeys((".ics", ".ical", ".vcs"), "ics"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    **dict.fromkeys((".txt", ".csv", ".tsv", ".md", ".markdown", ".text", ".log"), "txt"),
}
_SOURCE_CODE = frozenset(
    ".py .pyi .ipynb .js .mjs .ts .jsx .tsx .vue .java .kt .kts .scala .groovy .c .h .cc .cpp .cxx .hpp .hh "
    ".cs .fs .vb .go .rs .swift .m .mm .rb .pl .pm .php .lua .r .jl .hs .ml .mli .clj .ex .exs .erl .dart "
    ".zig .nim .sh .bash .zsh .fish .ps1 .bat .cmd .sql .css .scss .less .xml .json .jsonl .yaml .yml .toml "
    ".ini .cfg .conf .properties .tex .bib .sty .rst .org .adoc .srt .vtt .diff .patch .cmake .gradle "
    ".proto .graphql .tf .el .lisp .scm .vim .asm .s .f .f90 .pas .d .v .vhd .makefile .mk".split()
)
SUFFIXES = frozenset((*_BY_SUFFIX, *_SOURCE_CODE))
_READERS = {
    "pdf": ("_pdf", "read"),
    "docx": ("_ooxml", "docx"),
    "xlsx": ("_ooxml", "xlsx"),
    "pptx": ("_ooxml", "pptx"),
    "odf": ("_odf", "read"),
    "epub": ("_epub", "read"),
    "doc": ("_ole", "doc"),
    "xls": ("_xls", "read"),
    "ppt": ("_ole", "ppt"),
}
_NAMES = {
    "pdf": "a PDF file",
    "docx": "a Word document",
    "xlsx": "an Excel workbook",
    "pptx": "a PowerPoint presentation",
    "odf": "an OpenDocument file",
    "epub": "a book in EPUB",
    "rtf": "a document in RTF",
    "doc": "a Word document",
    "xls": "an Excel workbook",
    "ppt": "a PowerPoint presentation",
    "ics": "a calendar file",
    "html": "an HTML page",
    "txt": "a text file",
}
_BULLET = re.compile("^[ \t]*[\uf020-\uf0ff][ \t]*", re.M)  # a sign of a symbol font at a line's beginning
_MARKS = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
    "content.xml": "odf",
}


def kind(content_type: str, name: str) -> str:
    """The format by its declared type or the file's name (``pdf``, ``docx``, ``txt`` …), or empty."""
    suffix = PurePath(name).suffix.lower()
    known = _BY_TYPE.get(content_type) or _BY_SUFFIX.get(suffix)
    return known or ("txt" if content_type.startswith("text/") or suffix in _SOURCE_CODE else "")


def extract(data: bytes, content_type: str, name: str, *, charset: str | None = None) -> str:
    """The text of a document, empty for kinds that hold none; Unreadable where it is damaged or locked."""
    return words(data, content_type, name, charset=charset)[0]


def words(data: bytes, content_type: str, name: str, *, charset: str | None = None) -> tuple[str, list[int]]:
    """The same, and which of its pages are pictures of words."""
    what = kind(content_type, name)
    if not what or not data.strip():
        return "", []
    content = read(data, what, charset=charset)
    return text_of(content), content.scanned


def text_of(content: Content) -> str:
    """All pages as one text; each but the first begins with a form feed."""
    return f"\n{PAGE}".join(content.pages)[:MAX_TEXT].rstrip()


def read(data: bytes, what: str, *, charset: str | None = None) -> Content:
    """What a document of the kind ``what`` holds, its pages cleaned; what its bytes are counts more.

    Raises Unreadable where it is damaged, locked, or a trap. The same file comes again in mails: in
    answers, forwarded, with every signature. What was read last is therefore remembered for a while.
    """
    if what in ("txt", "html"):  # read as soon as recognised
        return _read(data, what, charset)
    mark = (hashlib.blake2b(data, digest_size=20).digest(), what, charset)
    if (known := _KNOWN.get(mark)) is None:
        known = _read(data, _really(data, what), charset)
        if sum(map(len, known.pages)) <= _LONG:
            if len(_KNOWN) >= _MOST:
                del _KNOWN[next(iter(_KNOWN))]  # the one that was read longest ago
            _KNOWN[mark] = known
    return replace(known, pages=[*known.pages], scanned=[*known.scanned])


_KNOWN: dict[tuple[bytes, str, str | None], Content] = {}
_MOST, _LONG = 50, 20_000  # documents that are remembered, characters up to which one is


def _read(data: bytes, what: str, charset: str | None) -> Content:
    try:
        content = _reader(what)(data) if what in _READERS else Content([_PLAIN[what](data, charset)])
    except Unreadable:
        raise
    except MemoryError:
        raise Unreadable("this document needs more memory than it may take") from None
    except Exception as error:  # third-party parsers raise anything on damaged files
        raise Unreadable(f"damaged, or not {_NAMES[what]}: {type(error).__name__}") from error
    content.pages = [_BULLET.sub("• ", tidy(clean(page))) for page in content.pages]
    return content


def _reader(what: str) -> Callable[[bytes], Content]:
    """Imported only when there is something for it: some take a while."""
    module, name = _READERS[what]
    return cast(Callable[[bytes], Content], getattr(importlib.import_module(f"indexers.{module}"), name))


def _really(data: bytes, what: str) -> str:
    """Office programs open what lies under a wrong name, so people have such files."""
    if what not in ("docx", "xlsx", "pptx", "odf", "doc", "xls", "ppt", "rtf"):
        return what
    if data.startswith(_ZIP):
        return _in_zip(data) or what
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(_OLE):
        from indexers import _ole

        if what in ("doc", "xls", "ppt"):
            return what
        if _ole.locked(data):
            raise Unreadable("this document is locked with a password")
        return {"docx": "doc", "xlsx": "xls", "pptx": "ppt"}.get(what, what)
    if what in ("doc", "xls") and re.match(rb"\s*<(?:!doctype|html|\?xml)", data[:200], re.I):
        return "html"
    return what


def _in_zip(data: bytes) -> str:
    from indexers._ooxml import opened

    members = opened(data).members
    return next((_MARKS[name] for name in _MARKS if name in members), "")


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


def _rtf(data: bytes, charset: str | None) -> str:
    from indexers import _rtf

    if not data[:100].lstrip().startswith(b"{\\rtf"):
        raise Unreadable("not a document in RTF: it does not begin like one")
    return _rtf.text(data)


def _ics(data: bytes, charset: str | None) -> str:
    from indexers import _ics  # icalendar takes a third of a second to import

    found = _ics.parse(data)
    if not found.events and found.faults:
        raise Unreadable(found.faults[0])
    return "\n\n".join(_ics.summary(event) for event in found.events[:100])


_PLAIN: dict[str, Callable[[bytes, str | None], str]] = {
    "rtf": _rtf,
    "ics": _ics,
    "html": _html,
    "txt": _text,
}
