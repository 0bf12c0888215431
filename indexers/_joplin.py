"""Joplin's notes: the archive it exports (.jex, a tar file) and the folder of the same items.

Each item is a text: its title, its body, and lines of ``key: value`` at the end, of which ``type_`` says
what it is (https://joplinapp.org/help/dev/spec/architecture/). Notebooks, tags and attachments are items
of their own, so a first pass gathers those and a second one gives the notes.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from indexers import _files, _markdown, _pulse, _tar
from indexers._content import Unreadable
from indexers._html import html_to_text
from indexers._note import MAX_ATTACHED, Draft, Holder, attachment, finish, moment, since_1970
from indexers._pieces import Piece
from indexers._text import decode, one_line
from indexers.item import Item, Skipped, Unit

MAX_ITEM = 10_000_000  # bytes of one note
_TAIL = 4_096  # bytes in which the keys of a note stand
_NOTE, _FOLDER, _RESOURCE, _TAG, _TAGGED = "1", "2", "4", "5", "6"
_KEYS = re.compile(r"(?:\A|\n)((?:[a-z_]{2,40}:[^\n]{0,2000}+(?:\n|\Z))++)\Z")
_LINK = re.compile(r":/([0-9a-f]{32})")
_NAME = re.compile(r"([0-9a-f]{32})\.md\Z")
_FILE = re.compile(r"(?:resources|\.resource)/([0-9a-f]{32})(?:\.[\w]{1,20})?\Z")
_CUT_OFF = "a damaged note: Joplin's lines at its end are missing"
_SIGN = 500  # items that are looked at between two signs of life
_DEEPEST = 20  # notebooks within notebooks


class Found(NamedTuple):
    """One item, wherever it lies."""

    keys: dict[str, str]
    title: str
    body: str


@dataclass
class _Library:
    """What notes are told by: notebooks, tags, and what is attached."""

    folders: dict[str, tuple[str, str]] = field(default_factory=dict)  # id → (title, its parent's id)
    tags: dict[str, str] = field(default_factory=dict)
    tagged: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # note → tags
    resources: dict[str, Found] = field(default_factory=dict)
    files: dict[str, Callable[[], bytes]] = field(default_factory=dict)  # resource → its bytes

    def add(self, found: Found) -> None:
        keys, identifier = found.keys, found.keys.get("id", "")
        match keys["type_"]:
            case "2":
                self.folders[identifier] = (found.title, keys.get("parent_id", ""))
            case "5":
                self.tags[identifier] = found.title
            case "6":
                self.tagged[keys.get("note_id", "")].append(keys.get("tag_id", ""))
            case "4":
                self.resources[identifier] = found

    def folder(self, identifier: str) -> str:
        names: list[str] = []
        while identifier in self.folders and len(names) < _DEEPEST:
            name, identifier = self.folders[identifier]
            names.append(name)
        return " / ".join(reversed(names))


def parse(text: str) -> Found | None:
    """An item, or None where the text is none."""
    text = text.rstrip()
    tail = _KEYS.search(text[-_TAIL:])
    if tail is None:
        return None
    keys = dict(_pair(line) for line in tail[1].splitlines())
    if "type_" not in keys or "id" not in keys:
        return None
    head = text[: max(0, len(text) - len(tail[0]))]
    title, _, body = head.partition("\n")
    return Found(keys, one_line(title, 300), body.strip("\n"))


def _pair(line: str) -> tuple[str, str]:
    key, _, value = line.partition(":")
    return key, value.strip()


def pieces(file: BinaryIO, holder: Holder, skip: int) -> Iterator[Piece | None]:
    """The notes of an export archive, each with what is attached to it, but for the first ``skip``."""
    if not _tar.is_tar(file.read(512)):
        raise Unreadable("not a Joplin export: not a tar archive, or a damaged one")
    library, notes = _Library(), list[_tar.Member]()
    faults: list[tuple[_tar.Member, str]] = []
    for number, member in enumerate(_tar.members(file)):
        if number % _SIGN == 0:
            yield None
        if attached := _FILE.search(member.name):
            library.files[attached[1]] = _reading(file, member)
        elif _NAME.search(member.name):
            if member.size > MAX_ITEM:
                faults.append((member, f"a note of {member.size // 1_000_000} MB is too long"))
            elif _type(_piece(file, member, _TAIL)) == _NOTE:
                notes.append(member)
            elif found := parse(decode(_piece(file, member, MAX_ITEM))):
                library.add(found)
            else:
                faults.append((member, _CUT_OFF))
    told = [
        *(Piece(m.at, holder.inside(m.name), partial(_archived, file, m, library, holder)) for m in notes),
        *(Piece(m.at, uri := holder.inside(m.name), partial(_fault, uri, reason)) for m, reason in faults),
    ]
    yield from told[skip:]
    if not notes and not faults:
        raise Unreadable("no notes in this Joplin export")


def _archived(
    file: BinaryIO, member: _tar.Member, library: _Library, holder: Holder
) -> Iterator[Item | Skipped]:
    note = parse(decode(_piece(file, member, MAX_ITEM)))
    if note is None:
        yield from _fault(holder.inside(member.name), _CUT_OFF)
    else:
        yield from _note(note, library, holder, holder.inside)


def _fault(uri: str, reason: str) -> Iterator[Skipped]:
    yield Skipped(uri=uri, reason=reason)


def _reading(file: BinaryIO, member: _tar.Member) -> Callable[[], bytes]:
    return lambda: _piece(file, member, MAX_ATTACHED + 1)


def _piece(file: BinaryIO, member: _tar.Member, most: int) -> bytes:
    """The member, or its last ``most`` bytes."""
    file.seek(member.at + max(0, member.size - most))
    return file.read(min(member.size, most))


def _type(tail: bytes) -> str:
    found = re.search(rb"\ntype_: ?(\d{1,2})\s*\Z", tail)
    return found[1].decode() if found else ""


def folder_unit(folder: Path, entries: Iterable[os.DirEntry[str]]) -> Unit | None:
    """The folder as one unit, where Joplin wrote it: any change of any item is a change of it."""
    stamp, ours = hashlib.sha256(), False
    for entry in entries:
        if not _NAME.fullmatch(entry.name):
            continue
        try:
            info = entry.stat()
            if not ours:
                ours = bool(_type(_end(Path(entry.path))))
                if not ours:
                    return None
        except OSError:
            continue
        stamp.update(f"{entry.name} {info.st_size} {info.st_mtime_ns}\n".encode())
    return Unit(path=_files.absolute(folder), stamp=f"joplin-{stamp.hexdigest()[:32]}") if ours else None


def _end(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, 2) - _TAIL))
        return file.read()


def folder_pieces(folder: Path, skip: int) -> Iterator[Piece | None]:
    """The notes of a folder but for the first ``skip``; each has the uri of its own file."""
    library, notes = _Library(), list[Path]()
    for number, entry in enumerate(sorted(os.scandir(folder), key=lambda one: one.name)):
        path = Path(entry.path)
        if number % _SIGN == 0:
            yield None
        if not _NAME.fullmatch(entry.name) or not entry.is_file():
            continue
        try:
            if _type(_end(path)) not in (_FOLDER, _RESOURCE, _TAG, _TAGGED):
                notes.append(path)
            elif entry.stat().st_size <= MAX_ITEM and (found := parse(decode(path.read_bytes()))):
                library.add(found)
        except OSError:
            notes.append(path)  # why is said when it is read
    for place in ("resources", ".resource"):
        if (folder / place).is_dir():
            for entry in os.scandir(folder / place):
                if (attached := _FILE.fullmatch(f"{place}/{entry.name}")) and entry.is_file():
                    library.files[attached[1]] = _opening(Path(entry.path))
    for number, path in enumerate(notes[skip:], start=skip):
        yield Piece(number, _files.uri(path), partial(_file, path, library))


def _opening(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        with path.open("rb") as file:
            return file.read(MAX_ATTACHED + 1)

    return read


def _file(path: Path, library: _Library) -> Iterator[Item | Skipped]:
    holder = Holder.of(path)
    try:
        if path.stat().st_size > MAX_ITEM:
            yield Skipped(uri=holder.uri, reason="a note that is too long")
            return
        note = parse(decode(path.read_bytes()))
    except OSError as error:
        yield Skipped(uri=holder.uri, reason=f"this file could not be read: {_files.why(error)}")
        return
    if note is None:
        yield Skipped(uri=holder.uri, reason=_CUT_OFF)
        return
    yield from _note(note, library, holder, lambda other: _files.uri(path.parent / f"{other}.md"))


def _note(
    note: Found, library: _Library, holder: Holder, uri_of: Callable[[str], str]
) -> Iterator[Item | Skipped]:
    keys, identifier = note.keys, one_line(note.keys["id"], 64)
    uri = uri_of(identifier)
    if keys["type_"] != _NOTE:
        return  # settings, revisions and the like
    if keys.get("encryption_applied") == "1":
        yield Skipped(uri=uri, reason="a note that Joplin has encrypted; export it as JEX")
        return
    if keys.get("deleted_time", "0") not in ("", "0"):
        yield Skipped(uri=uri, reason="a note in Joplin's bin")
        return
    attached = [one for one in dict.fromkeys(_LINK.findall(note.body)) if one in library.resources]
    item = finish(_draft(note, library, uri_of, set(attached)), holder, uri=uri)
    yield item
    for one in attached[:1000]:
        _pulse.beat()
        found = _attachment(one, library, item)
        if isinstance(found, Skipped) or found is not None:
            yield found


def _draft(note: Found, library: _Library, uri_of: Callable[[str], str], attached: set[str]) -> Draft:
    keys = note.keys
    others = [one for one in dict.fromkeys(_LINK.findall(note.body)) if one not in attached]
    if keys.get("markup_language") == "2":
        text, links = html_to_text(note.body)
        draft = Draft(text=text, links=links[:100])
    else:
        draft, targets = _markdown.read(_LINK.sub("", note.body))
        draft.links = [
            target for target, _ in targets if target.startswith(("http://", "https://", "mailto:"))
        ]
    tags = [library.tags[one] for one in library.tagged.get(keys["id"], ()) if one in library.tags]
    done, due = keys.get("todo_completed", "0"), since_1970(_milliseconds(keys.get("todo_due", "")))
    state = ("done" if done not in ("", "0") else "to do") if keys.get("is_todo") == "1" else ""
    source = keys.get("source_url", "")
    return replace(
        draft,
        title=note.title,
        when=moment(keys.get("user_created_time") or keys.get("created_time", "")),
        updated=moment(keys.get("user_updated_time") or keys.get("updated_time", "")),
        tags=[*tags, *draft.tags],
        links=[*map(uri_of, others[:50]), *([source] if source.startswith("http") else []), *draft.links],
        author=keys.get("author", ""),
        folder=library.folder(keys.get("parent_id", "")),
        meta={
            key: value for key, value in (("status", state), ("due", due.isoformat() if due else "")) if value
        },
    )


def _milliseconds(text: str) -> float:
    return int(text) / 1000 if text.isdecimal() and len(text) < 16 else 0


def _attachment(identifier: str, library: _Library, item: Item) -> Item | Skipped | None:
    resource = library.resources[identifier]
    extension = resource.keys.get("file_extension", "")
    name = resource.title or resource.keys.get("filename", "") or f"attachment.{extension}"
    uri = f"{item.uri}#{identifier}"
    if identifier not in library.files:
        return Skipped(uri=uri, reason=f"attachment “{name[:100]}” is not in this export")
    try:
        data = library.files[identifier]()
    except OSError as error:
        return Skipped(uri=uri, reason=f"attachment “{name[:100]}” could not be read: {_files.why(error)}")
    if len(data) > MAX_ATTACHED:
        return Skipped(
            uri=uri, reason=f"attachment “{name[:100]}” is larger than {MAX_ATTACHED // 1_000_000} MB"
        )
    return attachment(item, identifier, name=name, content_type=resource.keys.get("mime", ""), data=data)
