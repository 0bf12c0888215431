"""Google Keep's notes as Takeout exports them: one JSON file each, and the same as a page of HTML."""

from __future__ import annotations

import html
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from indexers import _files
from indexers._html import html_to_text
from indexers._note import Draft, Holder, finish, moment, since_1970
from indexers._text import one_line
from indexers.item import Item, Skipped

_PAGE = re.compile(r"<div\s+class=\"note[\w -]{0,60}\"")
_BIN = "a note in Google Keep's bin"


def is_note(told: object) -> bool:
    """Whether a JSON value is a note as Keep writes it."""
    return (
        isinstance(told, dict)
        and "isTrashed" in told
        and ("userEditedTimestampUsec" in told or "textContent" in told)
    )


def is_page(text: str) -> bool:
    """Whether a page of HTML is a note as Keep writes it."""
    return '<div class="heading">' in text[:50_000] and _PAGE.search(text[:50_000]) is not None


def read(
    told: dict[str, Any], holder: Holder, *, uri: str = "", beside: Path | None = None
) -> Item | Skipped:
    """The note, with the files ``beside`` it that are attached as links."""
    if told.get("isTrashed") is True:
        return Skipped(uri=uri or holder.uri, reason=_BIN)
    text, links = _string(told.get("textContent")), list[str]()
    if not text and told.get("textContentHtml"):
        text, links = html_to_text(_string(told["textContentHtml"]))
    lines = [text, *_list(told.get("listContent"))]
    for mark in _dicts(told.get("annotations")):
        address = _string(mark.get("url"))
        if address.startswith(("http://", "https://")):
            links.append(address[:2000])
            lines.append(one_line(" ".join(filter(None, (_string(mark.get("title")), address))), 500))
    names = [_string(one.get("filePath")) for one in _dicts(told.get("attachments"))]
    if beside is not None:
        links += [_files.uri(beside / name) for name in names if re.fullmatch(r"[^/\\\0]{1,200}", name)]
    draft = Draft(
        title=one_line(_string(told.get("title")), 300),
        text="\n".join(line for line in lines if line.strip()),
        when=_microseconds(told.get("createdTimestampUsec"))
        or _microseconds(told.get("userEditedTimestampUsec")),
        updated=_microseconds(told.get("userEditedTimestampUsec")),
        tags=[_string(label.get("name")) for label in _dicts(told.get("labels"))],
        links=links,
        meta=_status(archived=told.get("isArchived") is True, pinned=told.get("isPinned") is True),
    )
    if not draft.title and not draft.text.strip():
        reason = "a note without words: only a picture or a drawing" if names else "an empty note"
        return Skipped(uri=uri or holder.uri, reason=reason)
    return finish(draft, holder, uri=uri, fallback="Note from Google Keep")


def page(text: str, path: Path) -> Item | Skipped:
    """The note of a page, for exports of which only the pages were kept."""
    holder = Holder.of(path)
    title = re.search(r"<div class=\"title\">(.{1,2000}?)</div>", text, re.S)
    made = re.search(
        r"<div class=\"heading\">(?:\s*<div class=\"[^\"<>]{0,200}\">.{0,2000}?</div>)?\s*([^<]{1,100})<",
        text,
        re.S,
    )
    labels = re.findall(r"<span class=\"label-name\">([^<]{1,200})<", text)
    body = re.search(r"<div class=\"content\">(.*)", text, re.S)
    if re.search(r"class=\"trashed\"|title=\"Note trashed\"", text):
        return Skipped(uri=holder.uri, reason=_BIN)
    words = (
        re.sub(r"<div class=\"(?:chips|annotations|attachments)\">.*", "", body[1], flags=re.S)
        if body
        else ""
    )
    words = re.sub(r"<span class=\"bullet\">(&#9744;|☐|&#9745;|☑)?[^<]{0,20}</span>", _box, words)
    shown, links = html_to_text(words)
    draft = Draft(
        title=one_line(html.unescape(re.sub(r"<[^<>]{0,500}>", "", title[1])), 300) if title else "",
        text=shown,
        when=_spelled(made[1]) if made else None,
        tags=[html.unescape(label) for label in labels[:100]],
        links=links[:100],
        meta=_status(archived='class="archived"' in text, pinned='class="pinned"' in text),
    )
    if not draft.title and not shown.strip():
        return Skipped(uri=holder.uri, reason="an empty note")
    return finish(draft, holder, fallback=path.stem)


def _box(match: re.Match[str]) -> str:
    return "[x] " if match[1] in ("&#9745;", "☑") else "[ ] "


def _spelled(text: str) -> datetime | None:
    """The date at the head of a page, as English exports write it: May 3, 2024, 10:15:30 AM."""
    text = " ".join(html.unescape(text).split())
    for form in ("%b %d, %Y, %I:%M:%S %p", "%b %d, %Y, %I:%M %p"):
        try:
            return moment(datetime.strptime(text, form))
        except ValueError:
            continue
    return moment(text)


def _status(*, archived: bool, pinned: bool) -> dict[str, str]:
    told = {"status": "archived" if archived else "", "pinned": "1" if pinned else ""}
    return {key: value for key, value in told.items() if value}


def _list(value: object) -> list[str]:
    return [
        f"- [{'x' if entry.get('isChecked') is True else ' '}] {_string(entry.get('text'))}"
        for entry in _dicts(value)
    ]


def _microseconds(value: object) -> datetime | None:
    return since_1970(value / 1e6) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value[:2000] if isinstance(one, dict)] if isinstance(value, list) else []
