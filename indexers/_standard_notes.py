"""Standard Notes: the decrypted backup, one JSON file of items, also inside the zip it comes in.

Notes of the editors that write HTML, Markdown, checklists or a page tree (Super) become readable text.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec

from indexers import _markdown, _pulse
from indexers._content import Unreadable
from indexers._html import html_to_text
from indexers._note import Draft, Holder, finish, moment
from indexers._pieces import Piece
from indexers._text import decode, one_line
from indexers.item import Item, Skipped

MAX_BACKUP = 100_000_000  # bytes
NAME = "Standard Notes Backup and Import File.txt"
_MAX_ITEMS = 200_000
_MAX_FAULTS = 500  # places of a damaged backup where an item might begin, and none does
_ITEM = re.compile(r"\{\s*\"(?:uuid|content_type|content|created_at)\"\s*:")
_BLOCKS = frozenset("paragraph heading quote listitem code tablerow collapsible-title".split())
_MAX_NODES = 100_000


def is_backup(head: bytes) -> bool:
    """Whether a file that begins so is a backup."""
    return b'"items"' in head and (b'"content_type"' in head or b'"version"' in head)


def pieces(data: bytes, holder: Holder, skip: int) -> Iterator[Piece]:
    """The notes of a backup but for the first ``skip``; what is encrypted or in the bin has its reason."""
    items, broken = _items(data)
    if not items:
        raise Unreadable("not a backup of Standard Notes, or a damaged one")
    tags: dict[str, list[str]] = defaultdict(list)
    for one in items:
        if one.get("content_type") == "Tag" and isinstance(content := one.get("content"), dict):
            for reference in _dicts(content.get("references")):
                tags[_string(reference.get("uuid"))].append(_string(content.get("title")))
    notes = [one for one in items if one.get("content_type") == "Note"]
    if all(isinstance(one.get("content"), str) for one in items):
        raise Unreadable("an encrypted backup of Standard Notes; choose “Decrypted” when you export")
    each = len(data) // (len(notes) or 1)
    for number, one in enumerate(notes[skip:], start=skip):
        yield Piece(number * each, _uri(one, holder), partial(_notes, one, tags, holder))
    if broken:
        fault = Skipped(
            uri=f"{holder.uri}#damaged", reason="a part of this backup is damaged and was left out"
        )
        if skip <= len(notes):
            yield Piece(len(data), fault.uri, lambda: [fault])
    elif not notes:
        raise Unreadable("no notes in this backup of Standard Notes")


def _notes(one: dict[str, Any], tags: dict[str, list[str]], holder: Holder) -> Iterator[Item | Skipped]:
    yield _note(one, tags, holder)


def _uri(one: dict[str, Any], holder: Holder) -> str:
    return holder.inside(one_line(_string(one.get("uuid")), 64) or "note")


def _items(data: bytes) -> tuple[list[dict[str, Any]], bool]:
    """The items of a backup, and whether it is damaged: then those that can be read by themselves."""
    try:
        told = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _salvaged(decode(data)), True
    return _dicts(told.get("items"), _MAX_ITEMS) if isinstance(told, dict) else [], False


def _salvaged(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    decoder, at, tries = json.JSONDecoder(strict=False), 0, 0
    while (begin := _ITEM.search(text, at)) and tries < _MAX_FAULTS:
        try:
            value, at = decoder.raw_decode(text, begin.start())
        except (ValueError, RecursionError):
            at, tries = begin.end(), tries + 1
            continue
        _pulse.beat()
        if isinstance(value, dict) and "content_type" in value:
            found.append(value)
    return found


def _note(one: dict[str, Any], tags: dict[str, list[str]], holder: Holder) -> Item | Skipped:
    identifier = one_line(_string(one.get("uuid")), 64)
    content = one.get("content")
    uri = _uri(one, holder)
    if not isinstance(content, dict):
        return Skipped(uri=uri, reason="an encrypted note; choose “Decrypted” when you export")
    if content.get("trashed") is True or one.get("deleted") is True:
        return Skipped(uri=uri, reason="a note in Standard Notes' bin")
    app = _dict(_dict(content.get("appData")).get("org.standardnotes.sn"))
    kind = _string(content.get("noteType"))
    if kind in ("spreadsheet", "authentication"):
        return Skipped(uri=uri, reason=f"a note of the kind “{kind}”, which is not text")
    if not identifier:
        return Skipped(uri=uri, reason="a damaged note: it has no id")
    draft = _draft(_string(content.get("text")), kind)
    draft.title = one_line(_string(content.get("title")), 300)
    if not draft.title and not draft.text.strip():
        return Skipped(uri=uri, reason="an empty note")
    draft.when = moment(one.get("created_at"))
    draft.updated = moment(app.get("client_updated_at")) or moment(one.get("updated_at"))
    draft.tags = [*tags.get(identifier, ()), *draft.tags]
    if app.get("archived") is True:
        draft.meta["status"] = "archived"
    return finish(draft, holder, uri=uri)


def _draft(text: str, kind: str) -> Draft:
    if kind == "super" or text.startswith('{"root":'):
        lines: list[str] = []
        try:
            _words(json.loads(text), lines)
        except (ValueError, RecursionError):
            return Draft(text=text)
        return Draft(text="\n".join(lines))
    if kind == "rich-text" or re.match(r"\s*<(?:p|div|h[1-6]|ul|ol)\b", text):
        shown, links = html_to_text(text)
        return Draft(text=shown, links=links[:100])
    if kind in ("code", "plain-text"):
        return Draft(text=text)
    draft, targets = _markdown.read(text)
    draft.links = [target for target, _ in targets if target.startswith(("http://", "https://"))]
    return draft


def _words(page: object, lines: list[str]) -> None:
    """The text of a Lexical page tree, a block a line; without recursion, since a hostile tree is deep."""
    todo: list[object] = [page]
    words: list[str] = []
    for _ in range(_MAX_NODES):
        if not todo:
            break
        node = todo.pop()
        if node is None:  # a block ends
            if line := "".join(words).strip():
                lines.append(line)
            words.clear()
        elif isinstance(node, dict):
            kind = _string(node.get("type"))
            words.append(_string(node.get("text")) or ("\n" if kind == "linebreak" else ""))
            if kind in _BLOCKS:
                todo.append(None)
            if kind == "listitem":
                words.append(
                    "- [x] " if node.get("checked") is True else "- [ ] " if "checked" in node else "- "
                )
            if isinstance(node.get("root"), dict):
                todo.append(node["root"])
            todo.extend(reversed(_dicts(node.get("children"), _MAX_NODES)))
    if line := "".join(words).strip():
        lines.append(line)


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: object, most: int = 10_000) -> list[dict[str, Any]]:
    return [one for one in value[:most] if isinstance(one, dict)] if isinstance(value, list) else []
