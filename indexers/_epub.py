"""Books in EPUB (W3C EPUB 3.3, and the older 2): the words of their chapters in reading order."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from indexers import _xml
from indexers._content import Content, Unreadable, moment
from indexers._html import html_to_text
from indexers._ooxml import MAX_PART, opened
from indexers._text import MAX_TEXT, decode
from indexers._xml import local
from indexers._zipped import Archive

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_FONTS_ONLY = (b"http://www.idpf.org/2008/embedding", b"http://ns.adobe.com/pdf/enc#RC")


def read(data: bytes) -> Content:
    """Every chapter of the spine, with the book's title and author."""
    archive = opened(data)
    if _CONTAINER not in archive.members:
        raise Unreadable("not a book in EPUB: it does not say where its content is")
    _check_lock(archive)
    roots = [
        e.get("full-path", "")
        for e in _xml.tree(archive.read(_CONTAINER, limit=MAX_PART)).iter()
        if local(e.tag) == "rootfile"
    ]
    if not roots or roots[0] not in archive.members:
        raise Unreadable("not a book in EPUB: its content is missing")
    package = _xml.tree(archive.read(roots[0], limit=MAX_PART))
    fields = {local(e.tag): (e.text or "").strip() for e in reversed(list(package.iter()))}
    chapters, chars = [], 0
    for part in _spine(package, posixpath.dirname(roots[0])):
        if part in archive.members and chars < MAX_TEXT:
            chapters.append(html_to_text(decode(archive.read(part, limit=MAX_PART)[: 2 * MAX_TEXT]))[0])
            chars += len(chapters[-1])
    content = Content(
        ["\n\n".join(chapters)], title=fields.get("title", ""), author=fields.get("creator", "")
    )
    content.when = moment(fields.get("date", ""))
    content.cut = "a very long book: only its beginning was read" if chars >= MAX_TEXT else ""
    return content


def _check_lock(archive: Archive) -> None:
    """A book whose text (not only its fonts) is encrypted belongs to its seller's program."""
    if _ENCRYPTION not in archive.members:
        return
    methods = [
        e.get("Algorithm", "")
        for e in _xml.tree(archive.read(_ENCRYPTION, limit=MAX_PART)).iter()
        if local(e.tag) == "EncryptionMethod"
    ]
    if any(method.encode() not in _FONTS_ONLY for method in methods):
        raise Unreadable("this book is locked by its seller (DRM)")


def _spine(package: Element, folder: str) -> Iterator[str]:
    """The archive's names of the chapters, in reading order."""
    places = {e.get("id", ""): e.get("href", "") for e in package.iter() if local(e.tag) == "item"}
    for element in package.iter():
        if local(element.tag) == "itemref" and (href := places.get(element.get("idref", ""))):
            yield posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))
