"""Evernote exports (.enex), read note by note while they stream past, so that one of gigabytes is no matter.

The file is cut at the borders of notes before anything is parsed: a note that is damaged spoils no
other, and the document type, where entities would be declared, is never seen by the XML parser.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePath
from typing import BinaryIO
from xml.parsers import expat

from indexers import _pulse
from indexers._content import Unreadable
from indexers._enml import text_of
from indexers._note import MAX_ATTACHED, Draft, Holder, attachment, finish, moment
from indexers._pieces import Piece
from indexers._text import clean, decode, one_line
from indexers.item import Item, Skipped

_PIECE = 1 << 18
_BORDER = re.compile(rb"<note(?=[\s>/])|</note\s*>")
_LONGEST_BORDER = 64  # bytes of a piece that wait for the next, lest a border be cut in two
_MAX_RAW = 4_000_000  # bytes of a note that are kept to find words in, should its XML be damaged
_MAX_RESOURCES, _MAX_NOTES = 1_000, 200_000
_LIMITS = {  # characters kept of each element
    "content": 6_000_000,
    "resource/data": MAX_ATTACHED * 3 // 2,
    "resource/recognition": 1_000_000,
}
_SHORT = 10_000
_LOST = "a damaged note: where it begins cannot be made out"
_TRAP = "it defines its own entities, as only traps do"
_GUESS = re.compile(r"<t\s+w=\"(\d{1,3})\"\s*>([^<]{1,100})</t>")
_SURE = 40  # of 100: below, Evernote's own recognition is mostly wrong


@dataclass
class _Raw:
    """The elements of one note, by their path below it."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    tasks: list[dict[str, str]] = field(default_factory=list)
    resources: list[dict[str, str]] = field(default_factory=list)
    fault: str = ""

    def get(self, path: str) -> str:
        return "".join(self.texts.get(path, ())).strip()


class _Trap(Exception):
    """The note declares entities."""


class _Parser:
    """Collects one note; it never grows beyond what the limits allow."""

    def __init__(self) -> None:
        self.raw, self._bytes, self._fault = _Raw(), bytearray(), ""
        self._path: list[str] = []
        self._kept: list[str] = []
        self._room = 0
        self._inner: dict[str, str] = {}  # the resource or task at hand
        self._expat = expat.ParserCreate(encoding="utf-8")
        self._expat.buffer_text = True
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._characters
        self._expat.EntityDeclHandler = _refuse
        self._expat.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def feed(self, data: bytes) -> None:
        if len(self._bytes) < _MAX_RAW:
            self._bytes += data[: _MAX_RAW - len(self._bytes)]
        if not self._fault:
            self._parse(data, last=False)

    def close(self) -> _Raw:
        """What the note holds; of one with damaged XML what can be found in it."""
        if not self._fault:
            self._parse(b"", last=True)
        if not self._fault:
            return self.raw
        found = _salvaged(bytes(self._bytes))
        found.fault = self._fault
        return found

    @property
    def named(self) -> bool:
        """Whether what tells it from other notes was read."""
        return not self._fault and self.raw.texts.keys() >= {"title", "created"}

    def _parse(self, data: bytes, *, last: bool) -> None:
        try:
            self._expat.Parse(data, last)
        except (expat.ExpatError, ValueError, LookupError):
            self._fault = "damaged"
        except _Trap:
            self._fault = _TRAP

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._path) > 20:
            raise _Trap
        self._path.append(tag)
        path = "/".join(self._path[1:])
        if path in ("resource", "task"):
            self._inner = {}
        self._kept, self._room = [], _LIMITS.get(path, _SHORT)

    def _characters(self, data: str) -> None:
        if self._room > 0:
            self._kept.append(data[: self._room])
            self._room -= len(data)

    def _end(self, tag: str) -> None:
        path = "/".join(self._path[1:])
        text, self._kept = "".join(self._kept), []
        cut = self._room < 0
        self._path.pop()
        outer, _, name = path.partition("/")
        if path == "tag":
            self.raw.tags.append(text)
        elif path == "resource" and len(self.raw.resources) < _MAX_RESOURCES:
            self.raw.resources.append(self._inner)
        elif path == "task" and len(self.raw.tasks) < _MAX_RESOURCES:
            self.raw.tasks.append(self._inner)
        elif outer in ("resource", "task"):
            self._inner.setdefault(name, "" if cut and name == "data" else text)
            if cut:
                self._inner[f"{name} cut"] = "1"
        elif path and text:
            self.raw.texts.setdefault(path, []).append(text)


def _refuse(*_: object) -> None:
    raise _Trap


def pieces(file: BinaryIO, holder: Holder, skip: int) -> Iterator[Piece | None]:
    """The notes of an export with what is attached to them, but for the first ``skip``."""
    seen: Counter[str] = Counter()
    number = lost = 0
    for number, raw in enumerate(_raws(file, skip), start=1):
        if number > _MAX_NOTES:
            raise Unreadable(f"only the first {_MAX_NOTES:,} notes were read")
        lost += raw is None
        uri = _uri(raw, holder, seen, number) if raw else f"{holder.uri}#damaged-{lost}"
        if number <= skip:
            yield None
        elif raw is None:
            yield Piece(file.tell(), uri, partial(_damaged, uri))
        else:
            yield Piece(file.tell(), uri, partial(_note, raw, holder, uri))
    if not number:
        raise Unreadable("no notes in this Evernote export")


def _damaged(uri: str) -> Iterator[Skipped]:
    yield Skipped(uri=uri, reason=_LOST)


def _raws(file: BinaryIO, skip: int) -> Iterator[_Raw | None]:
    """Each note, of the first ``skip`` not what is attached; None for one of which no beginning is found."""
    parser, count = _Parser(), 0
    for what, data in _cut(file):
        _pulse.beat()
        if what == "head" and b"<!ENTITY" in data:
            raise Unreadable(_TRAP)
        if what == "lost" and (b"<title" in data or b"<content" in data):
            count += 1
            yield None
        elif what == "begin":
            parser = _Parser()
            parser.feed(data)
        elif what in ("data", "end") and not (count < skip and parser.named):
            parser.feed(data)
        if what == "end":
            count += 1
            yield parser.raw if count <= skip and parser.named else parser.close()


def _cut(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """The file cut at its notes: head | begin, data …, end | lost (what lies between notes)."""
    waiting, inside, first = b"", False, True
    while True:
        chunk = file.read(_PIECE)
        waiting += chunk
        sure = len(waiting) - (_LONGEST_BORDER if chunk else 0)
        at = 0
        for border in _BORDER.finditer(waiting):
            if border.start() >= sure:
                break
            before = waiting[at : border.start()]
            begins = not border[0].startswith(b"</")
            if inside:
                yield "end", before if begins else before + border[0]
            elif begins or before.strip():
                yield "head" if first else "lost", before
            if begins:
                yield "begin", border[0]
            inside, first, at = begins, False, border.end()
        rest, waiting = waiting[at : max(at, sure)], waiting[max(at, sure) :]
        if rest:
            yield ("data" if inside else "head" if first else "lost"), rest
        if not chunk:
            if inside:
                yield "end", b""
            return


def _salvaged(data: bytes) -> _Raw:
    """Title, page and dates of a note whose XML is damaged, by their tags alone."""
    text, raw = decode(data), _Raw()
    for name in ("title", "content", "created", "updated"):
        found = re.search(rf"<{name}>(.*?)(?:</{name}>|\Z)", text, re.S)
        if found:
            value = found[1].strip().removeprefix("<![CDATA[").removesuffix("]]>")
            raw.texts[name] = [value if name == "content" else html.unescape(value)[:_SHORT]]
    raw.tags = [html.unescape(tag) for tag in re.findall(r"<tag>([^<]{1,100})</tag>", text)[:100]]
    return raw


def _uri(raw: _Raw, holder: Holder, seen: Counter[str], number: int) -> str:
    """By when it was made and its title, since it has no id; of those that are alike also which one it is."""
    title, made = one_line(raw.get("title"), 300), raw.get("created")
    if not title and not raw.get("content"):
        return f"{holder.uri}#damaged-note-{number}"
    key = hashlib.sha256(f"{made}\n{title}".encode()).hexdigest()[:20]
    seen[key] += 1
    return holder.inside(key if seen[key] == 1 else f"{key}-{seen[key]}")


def _note(raw: _Raw, holder: Holder, uri: str) -> Iterator[Item | Skipped]:
    title, content, made = one_line(raw.get("title"), 300), raw.get("content"), raw.get("created")
    if not title and not content:
        reason = "a damaged note: nothing in it can be read" if raw.fault else "an empty note"
        yield Skipped(uri=uri, reason=reason)
        return
    if raw.fault == _TRAP or "<!ENTITY" in content[:100_000].partition("<en-note")[0]:
        yield Skipped(uri=uri, reason=f"a note that is not read: {_TRAP}")
        return
    draft = _draft(raw, title, clean(content), made)
    draft.folder = PurePath(holder.path).stem  # a notebook is exported under its name
    item = finish(draft, holder, uri=uri)
    yield item
    if raw.fault:
        yield Skipped(
            uri=f"{uri}#damaged", reason="a part of this note is damaged; what is attached is not read"
        )
    for number, resource in enumerate(raw.resources, start=1):
        _pulse.beat()
        yield from _resource(resource, number, item)


def _draft(raw: _Raw, title: str, content: str, made: str) -> Draft:
    text, links = text_of(content)
    tasks = [f"- [{_done(task)}] {one_line(task.get('title', ''), 300)}" for task in raw.tasks]
    source = raw.get("note-attributes/source-url")
    reminder = moment(raw.get("note-attributes/reminder-time"))
    return Draft(
        title=title,
        text="\n".join([text, *tasks]),
        when=moment(made),
        updated=moment(raw.get("updated")),
        tags=raw.tags,
        links=[*([source[:2000]] if source.startswith(("http://", "https://")) else []), *links],
        author=raw.get("note-attributes/author"),
        meta={"reminder": reminder.isoformat()} if reminder else {},
    )


def _done(task: dict[str, str]) -> str:
    return "x" if task.get("taskStatus", "") == "completed" else " "


def _resource(resource: dict[str, str], number: int, note: Item) -> Iterator[Item | Skipped]:
    """An attachment; one that has neither a name nor words is passed over."""
    name = one_line(resource.get("resource-attributes/file-name", ""), 200)
    if "data cut" in resource:
        size = MAX_ATTACHED // 1_000_000
        reason = f"attachment “{name or number}” of “{note.title[:80]}” is larger than {size} MB"
        yield Skipped(uri=f"{note.uri}#{number}", reason=reason)
        return
    try:
        data = base64.b64decode(resource.get("data", ""))
    except (binascii.Error, ValueError):
        yield Skipped(
            uri=f"{note.uri}#{number}", reason=f"attachment “{name or number}”: its data is damaged"
        )
        return
    part = hashlib.md5(data, usedforsecurity=False).hexdigest()  # what the note calls it by
    words = _words(resource.get("recognition", ""))
    kind = one_line(resource.get("mime", ""), 200)
    called = name or f"{'picture' if kind.startswith('image/') else 'attachment'} in {note.title}"
    found = attachment(note, part, name=called, content_type=kind, data=data, text=words)
    if name or isinstance(found, Skipped) or found.text:
        yield found


def _words(recognition: str) -> str:
    """What Evernote made out in a picture: of each place the surest reading."""
    surest: Callable[[tuple[str, str]], int] = lambda guess: int(guess[0])  # noqa: E731 - typed for max
    best = (
        max(_GUESS.findall(place), key=surest, default=("0", "")) for place in recognition.split("<item")[1:]
    )
    return " ".join(html.unescape(word) for sure, word in best if int(sure) >= _SURE)
