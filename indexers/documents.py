"""Documents: PDF, office files of today and twenty years ago, books, tables, source code, plain text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from indexers import _documents, _files
from indexers._content import Content, Unreadable
from indexers._text import one_line, seal, urls
from indexers.item import Item, Person, Skipped, Unit

MAX_FILE = 200_000_000  # bytes
MAX_PLAIN = 10_000_000  # bytes of a text, a page or a table without any packing
_PLAIN = ("txt", "html", "ics", "rtf")
_NAMELESS = frozenset(
    "readme license licence copying authors changelog changes news todo install makefile dockerfile "
    "gemfile rakefile procfile jenkinsfile notice".split()
)
_BUILT = frozenset(("node_modules", "bower_components", "__pycache__", "site-packages", "dist-packages"))
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel)|untitled|unbenannt|document\d*|dokument\d*|presentation\d*|"
    r"powerpoint[- ]pr\w+|book\d*|slide \d+|title|test|print|\S+\.\w{2,5})\b.*|\W*|.{1,2}",
    re.I | re.S,
)


def likely(path: Path, head: bytes) -> int:
    """How much a file looks like a document: 0 not at all … 3 certainly."""
    what = _kind(path)
    if what in ("pdf", "doc", "ppt", "docx", "xlsx", "pptx", "odf", "epub", "rtf", "xls"):
        return 3 if head.startswith((b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")) else 1
    return 0


def concerned(root: Path, changed: Path) -> Path | None:
    """A file by itself; of what programs fetched or built the folder where that is told."""
    place = _files.concerned(root, changed)
    parts = place.relative_to(root).parts if place is not None else ()
    at = next((at for at, part in enumerate(parts) if part in _BUILT), None)
    return place if at is None else root.joinpath(*parts[:at])


def scan(root: Path) -> Iterator[Unit | Skipped]:
    """The documents under ``root``; every other visible file comes as Skipped."""
    told: set[Path] = set()
    for found in _files.walk(root):
        if isinstance(found, Skipped):
            yield found
        elif (made := _made_by_programs(found, root)) is not None:
            if made not in told:
                told.add(made)
                yield Skipped(uri=_files.uri(made), reason="what programs fetched or built is not read")
        elif found.name.startswith("~$"):
            yield Skipped(uri=_files.uri(found), reason="not a document: the sign that one is open in Office")
        elif _kind(found):
            yield _files.unit(found)
        else:
            named = f"{found.suffix} files are" if found.suffix else "files without an ending are"
            yield Skipped(uri=_files.uri(found), reason=f"not a document: {named} not read as documents")


def _made_by_programs(path: Path, root: Path) -> Path | None:
    """The folder of fetched or built files that ``path`` lies in, None where it is a person's own."""
    inner = path.relative_to(root).parts[:-1] if path != root else ()
    at = next((at for at, part in enumerate(inner) if part in _BUILT), None)
    return None if at is None else root.joinpath(*inner[: at + 1])


def read(path: Path) -> Iterator[Item | Skipped]:
    """The document in a file; where only a part of it could be read, that is said too."""
    uri, what = _files.uri(path), _kind(path)
    try:
        info = path.stat()
        if info.st_size > (MAX_PLAIN if what in _PLAIN else MAX_FILE):
            reason = f"a document of {info.st_size // 1_000_000} MB is over the limit"
            yield Skipped(uri=uri, reason=reason)
            return
        data = path.read_bytes()
    except OSError as error:
        yield Skipped(uri=uri, reason=f"this file could not be read: {_files.why(error)}")
        return
    if not data.strip():
        yield Skipped(uri=uri, reason="an empty file")
        return
    try:
        content = _documents.read(data, what)
    except Unreadable as error:
        yield Skipped(uri=uri, reason=str(error))
        return
    digest = hashlib.sha256(data).hexdigest() if content.scanned else ""
    yield _item(path, uri, content, datetime.fromtimestamp(info.st_mtime, UTC), digest)
    if content.cut:
        yield Skipped(uri=f"{uri}#rest", reason=content.cut)


def _kind(path: Path) -> str:
    """The format by the file's name, or empty."""
    if not path.suffix:
        return "txt" if path.name.lower() in _NAMELESS else ""
    return _documents.kind("", path.name)


def _item(path: Path, uri: str, content: Content, changed: datetime, digest: str) -> Item:
    """``digest`` is of a file with scanned pages: while it is the same they need not be looked at again."""
    text = _documents.text_of(content)
    title, author = one_line(content.title, 300), one_line(content.author, 200)
    told = {
        "filename": one_line(path.name, 300),
        "pages": str(len(content.pages)) if len(content.pages) > 1 else "",
        "scanned": " ".join(map(str, content.scanned)),
        "ocr": "wanted" if content.scanned else "",
        "content": digest,
    }
    return seal(
        Item(
            uri=uri,
            source="documents",
            kind="document",
            title=one_line(path.stem, 300) if _says_less(title, path.stem) else title,
            text=text,
            digest="",
            when=content.when or changed,
            people=(Person(name=author, role="author"),) if author else (),
            links=urls(text),
            path=_files.absolute(path),
            meta={key: value for key, value in told.items() if value},
        )
    )


def _says_less(title: str, stem: str) -> bool:
    """Whether the name that a program gave is none, or only words of what the person called the file."""
    said = set(re.findall(r"\w+", title.lower()))
    return bool(_NO_TITLE.fullmatch(title)) or said <= set(re.findall(r"\w+", stem.lower().replace("_", " ")))
