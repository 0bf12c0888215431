"""ENML, the page format of Evernote's notes, to text: to-dos, encrypted parts, and links between notes.

Source: https://dev.evernote.com/doc/articles/enml.php
"""

from __future__ import annotations

import html
import re

from indexers._html import html_to_text
from indexers._note import linked
from indexers._text import one_line

_BODY = re.compile(r"<en-note\b")
_EMPTY = re.compile(r"<([A-Za-z][\w-]{0,30})((?:\s[^<>]{0,20000})?)/>")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_TODO = re.compile(r"<en-todo\b([^<>]{0,500})>")
_CHECKED = re.compile(r"checked\s*=\s*[\"']?true")
_CRYPT = re.compile(r"<en-crypt\b[^<>]{0,2000}>[^<]*+(?:</en-crypt>)?")
_LIST_ITEM = re.compile(r"<li\b[^<>]{0,500}--en-checked:\s*(true|false)[^<>]{0,500}>")
_NOTE_LINK = re.compile(r"<a\b[^<>]{0,2000}href\s*=\s*[\"']evernote:[^<>]{0,2000}>([^<]{1,300})")


def text_of(enml: str) -> tuple[str, list[str]]:
    """The words of a note's page, and what it links to; what is encrypted in it is named as such."""
    begins = _BODY.search(enml)
    page = enml[begins.start() if begins else 0 :]
    notes = [linked(html.unescape(found)) for found in _NOTE_LINK.findall(page)[:100]]
    page = _CRYPT.sub(" (encrypted text) ", page)
    page = _TODO.sub(lambda m: "- [x] " if _CHECKED.search(m[1]) else "- [ ] ", page)
    page = _LIST_ITEM.sub(lambda m: f"<li>[{'x' if m[1] == 'true' else ' '}] ", page)
    page = _EMPTY.sub(_closed, page)
    text, links = html_to_text(page)
    return text.replace("- - [", "- ["), [*notes, *(one_line(link, 2000) for link in links[:200])]


def _closed(match: re.Match[str]) -> str:
    """An empty element as HTML wants it, which knows no other way to close one."""
    name = match[1]
    return f"<{name}{match[2]}>" if name.lower() in _VOID else f"<{name}{match[2]}></{name}>"
