"""HTML pages kept as notes: the page's words, its title, and what its head says of it."""

from __future__ import annotations

import html
import re

from indexers._html import html_to_text
from indexers._note import Draft, moment
from indexers._text import MAX_LINKS, one_line

_TITLE = re.compile(r"<title[^<>]{0,500}>([^<]{1,1000})", re.I)
_META = re.compile(r"<meta\s([^<>]{1,5000})>", re.I)
_ATTRIBUTE = re.compile(r"([\w:-]{1,40})\s*=\s*(?:\"([^\"]{0,4000})\"|'([^']{0,4000})')")
_FIRST = re.compile(r"<h1\b[^<>]{0,1000}>(.{1,1000}?)</h1>", re.I | re.S)
_LOCAL = re.compile(r"<a\b[^<>]{0,1000}?href\s*=\s*[\"']([^\"'<>:#]{1,1000})[\"'#]", re.I)
_HEAD = 100_000  # characters in which the head of a page is looked for
_MADE = ("created", "date", "dcterms.created", "article:published_time", "creation-date")
_CHANGED = ("updated", "modified", "last-modified", "article:modified_time")


def read(page: str) -> tuple[Draft, list[str]]:
    """The note, and the targets of its links to other files."""
    head = page[:_HEAD]
    told: dict[str, str] = {}
    for meta in _META.findall(head)[:200]:
        found = {name.lower(): html.unescape(one or two) for name, one, two in _ATTRIBUTE.findall(meta)}
        name = found.get("name") or found.get("property") or found.get("itemprop") or ""
        told.setdefault(name.lower(), found.get("content", ""))
    titled = _TITLE.search(head) or _FIRST.search(head)
    text, links = html_to_text(page)
    draft = Draft(
        title=one_line(html.unescape(re.sub(r"<[^<>]{0,500}>", "", titled[1])), 300) if titled else "",
        titled=True,
        text=text,
        when=next((time for name in _MADE if (time := moment(told.get(name)))), None),
        updated=next((time for name in _CHANGED if (time := moment(told.get(name)))), None),
        tags=[tag.strip() for tag in told.get("keywords", "")[:2000].split(",") if tag.strip()],
        links=[one_line(link, 2000) for link in links[:MAX_LINKS]],
        author=told.get("author", ""),
    )
    return draft, [html.unescape(target) for target in _LOCAL.findall(page)[:MAX_LINKS]]
