"""Notes: folders of Markdown and other text, and the exports and stores of the programs that keep notes."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

import msgspec

from indexers import _files, _html_note, _markdown, _org, _pieces, _rst
from indexers._note import Draft, Holder, finish, linked, moment
from indexers._text import MAX_LINKS, decode_file
from indexers.item import Item, Mark, Skipped, Unit

MAX_FILE = 10_000_000  # bytes of one text

_MARKDOWN = frozenset((".md", ".markdown", ".mdown", ".mkd", ".mdx"))
_PLAIN = frozenset((".txt", ".text"))
_HTML = frozenset((".html", ".htm", ".xhtml"))
_OTHER_TEXT = {".org": _org.read, ".rst": _rst.read}
TEXTS = _MARKDOWN | _PLAIN | _HTML | frozenset(_OTHER_TEXT)
_CONTAINERS = frozenset((".enex", ".jex", ".zip", ".json", ".sqlite", ".bin"))
SUFFIXES = TEXTS | _CONTAINERS

_DAILY = re.compile(r"(\d{4})[-_.](\d\d)[-_.](\d\d)(?![\d])")
_NOTION_ID = re.compile(r"[ -]([0-9a-f]{32})$")
_JOPLIN = re.compile(r"[0-9a-f]{32}\.md")
_EXPORTED = re.compile(  # what the first file of an archive is called, or a note's first keys
    rb"[ -][0-9a-f]{32}(?:_all)?\.(?:md|csv|html)|Export(?:Block)?-[^/]{1,60}\.zip|Takeout/Keep/"
    rb"|Standard Notes Backup|\"(?:isTrashed|userEditedTimestampUsec)\"|\"content_type\":\s*\"(?:Note|Tag)\""
)
_DATABASE = re.compile(r"(?<=\.sqlite)-(?:wal|shm|journal)$", re.I)


def likely(path: Path, head: bytes) -> int:
    """How much a file looks like a note: 0 not at all … 3 certainly."""
    suffix = path.suffix.lower()
    if suffix in (".enex", ".jex") or path.name == "NoteStore.sqlite":
        return 3
    if suffix in (".zip", ".json"):
        return 3 if _EXPORTED.search(head) else 0
    if suffix not in TEXTS or decode_file(head) is None:
        return 0
    return 3 if suffix in _MARKDOWN or suffix == ".org" else 1


def concerned(root: Path, changed: Path) -> Path | None:
    """A file by itself, but for those of a folder that is one unit, and a database's log."""
    place = _files.concerned(root, changed)
    if place is None or place == root:
        return place
    if _DATABASE.search(place.name):
        return place.with_name(_DATABASE.sub("", place.name))
    below = {*place.relative_to(root).parts}
    return root if _JOPLIN.fullmatch(place.name) or {"resources", "_resources"} & below else place


def scan(root: Path) -> Iterator[Unit | Skipped]:
    """The notes under ``root``; every other visible file comes as Skipped.

    What a file is that may hold many notes is looked at when it is read, so that one that did not
    change costs a look at its time and no more. A folder that Joplin wrote is one unit: what a note
    there is called and tagged stands in other files.
    """
    if not root.is_dir():
        for found in _files.walk(root):
            yield found if isinstance(found, Skipped) else _unit(found)
        return
    joplin: set[Path] = set()
    for listed in _files.folders(root):
        if isinstance(listed, Skipped):
            yield listed
            continue
        folder, entries = listed
        if folder.parent in joplin and folder.name in ("resources", "_resources"):
            continue  # they come with the notes
        if any(_JOPLIN.fullmatch(entry.name) for entry in entries):
            from indexers import _joplin

            if unit := _joplin.folder_unit(folder, entries):
                joplin.add(folder)
                yield unit
                entries = [entry for entry in entries if not _JOPLIN.fullmatch(entry.name)]
        for entry in entries:
            for found in _files.regular(Path(entry.path)):
                if isinstance(found, Skipped):
                    yield found
                elif not _DATABASE.search(found.name):
                    yield _unit(found)


def _unit(path: Path) -> Unit | Skipped:
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        return Skipped(uri=_files.uri(path), reason=f"not a note: {_kind(path)} not read as notes")
    unit = _files.unit(path)
    if suffix == ".sqlite" and isinstance(unit, Unit):  # what changed last is not in the file itself yet
        log = _files.unit(path.with_name(path.name + "-wal"))
        if isinstance(log, Unit):
            return msgspec.structs.replace(unit, stamp=f"{unit.stamp}+{log.stamp}")
    return unit


def _kind(path: Path) -> str:
    return f"{path.suffix} files are" if path.suffix else "files without an ending are"


def read(path: Path) -> Iterator[Item | Skipped]:
    """The note in a file, or all the notes of an export; of each uri one fault is told."""
    return (found for found in _once(_found(path)) if not isinstance(found, Mark))


def large(path: Path) -> bool:
    """Whether a file is an export of a size to be read in portions."""
    try:
        return path.stat().st_size >= _pieces.LARGE and _is_many(path)
    except OSError:
        return False


def portions(path: Path, after: str, *, grown: bool) -> Iterator[Item | Skipped | Mark]:
    """The notes of a large export after a mark, with marks between the portions."""
    return _once(_pieces.portions(path, partial(_each, path), after, grown=grown))


def warily(path: Path, after: str, *, grown: bool, why: str, over: bool) -> Iterator[Item | Skipped | Mark]:
    """As :func:`portions` of an export of any size in which a note ended its reader, for which ``why`` tells.

    There is a mark before each note; ``over``: the first is the one, and is passed over.
    """
    if not _is_many(path):
        return iter((Mark(cursor=""), Skipped(uri=_files.uri(path), reason=why)))
    return _once(_pieces.portions(path, partial(_each, path), after, grown=grown, why=why, over=over))


def _once(found: Iterable[Item | Skipped | Mark]) -> Iterator[Item | Skipped | Mark]:
    told: set[str] = set()
    for one in found:
        if isinstance(one, Skipped):
            if one.uri in told:
                continue
            told.add(one.uri)
        yield one


def _is_many(path: Path) -> bool:
    """Whether it holds many notes."""
    try:
        suffix = path.suffix.lower()
        return path.is_dir() or suffix in _PIECES or (suffix in _PLAIN and _is_backup(path))
    except OSError:
        return False


def _each(path: Path, skip: int) -> Iterator[_pieces.Piece | None]:
    """The notes of an export but for the first ``skip``."""
    if path.is_dir():
        from indexers import _joplin

        yield from _joplin.folder_pieces(path, skip)
        return
    with path.open("rb") as file:
        yield from _PIECES.get(path.suffix.lower(), _json)(file, path, skip)


def _found(path: Path) -> Iterator[Item | Skipped]:
    if _is_many(path):
        return _pieces.whole(path, partial(_each, path))
    return _single(path)


def _single(path: Path) -> Iterator[Item | Skipped]:
    uri = _files.uri(path)
    try:
        if (suffix := path.suffix.lower()) in _READERS:
            with path.open("rb") as file:
                yield from _READERS[suffix](file, path)
        else:
            yield _text(path, uri)
    except OSError as error:
        yield Skipped(uri=uri, reason=f"this file could not be read: {_files.why(error)}")


def _is_backup(path: Path) -> bool:
    """Whether a text is what Standard Notes exports: JSON, though its name ends in .txt."""
    head = _files.head(path)
    if not head.lstrip().startswith(b"{"):
        return False
    from indexers import _standard_notes

    return _standard_notes.is_backup(head)


def _text(path: Path, uri: str) -> Item | Skipped:
    info = path.stat()
    if info.st_size > MAX_FILE:
        return Skipped(uri=uri, reason=f"a text of {info.st_size // 1_000_000} MB is too long for a note")
    text = decode_file(path.read_bytes())
    if text is None:
        return Skipped(uri=uri, reason=f"not a text: it holds binary data though it is named {path.suffix}")
    if not text.strip():
        return Skipped(uri=uri, reason="an empty note")
    changed = datetime.fromtimestamp(info.st_mtime, UTC)
    suffix = path.suffix.lower()
    if suffix in _HTML and "<" in text:
        from indexers import _keep

        if _keep.is_page(text):
            if path.with_suffix(".json").is_file():
                return Skipped(uri=uri, reason=f"the same note as in {path.with_suffix('.json').name}")
            return _keep.page(text, path)
    return draft_of(text, suffix, path, changed)


def draft_of(text: str, suffix: str, path: Path, changed: datetime) -> Item:
    """The note in a text, whatever its markup."""
    if suffix in _PLAIN:
        draft, targets = Draft(text=text, title=_stem(path)), list[tuple[str, bool]]()
    elif suffix in _MARKDOWN:
        draft, targets = _markdown.read(text)
    else:
        draft, written = (_OTHER_TEXT.get(suffix) or _html_note.read)(text)
        targets = [(target, False) for target in written]
    draft.title = draft.title or _stem(path)
    draft.when = draft.when or _day_of(path) or (draft.updated or changed)
    draft.links = _links(path, targets, draft.links)
    return finish(draft, Holder.of(path))


def _stem(path: Path) -> str:
    """The file's name without its ending, and without the id that Notion appends to it."""
    return _NOTION_ID.sub("", path.stem) or path.stem


def _day_of(path: Path) -> datetime | None:
    """The day that a daily note is called by: 2026-05-31.md, 2026_05_31.md, 2026-05-31 Garden.md."""
    found = _DAILY.match(path.stem)
    return moment("-".join(found.groups())) if found else None


def _links(path: Path, targets: list[tuple[str, bool]], already: object) -> tuple[str, ...]:
    """Wikilinks as ``[[name]]``, links to files as ``file:`` uris, web links; each once."""
    found: dict[str, None] = {}
    for target, wiki in targets:
        found[linked(target) if wiki else _target(path, target)] = None
        if len(found) > MAX_LINKS:
            break
    assert isinstance(already, tuple | list)
    found.update(dict.fromkeys(already))
    found.pop("", None)
    return tuple(found)


def _target(path: Path, target: str) -> str:
    target = target if target.startswith("file://") else target.removeprefix("file:")  # as Org writes it
    if re.match(r"[a-zA-Z][\w+.-]*:", target):
        return target if target.startswith(("http://", "https://", "mailto:", "mid:", "event:")) else ""
    relative = unquote(target.partition("#")[0].partition("?")[0])
    if not relative or "\0" in relative or len(relative) > 1000 or os.path.isabs(relative):  # noqa: PTH117
        return ""
    try:
        return _files.uri(path.parent / relative)
    except (ValueError, OSError):
        return ""


def _enex(file: BinaryIO, path: Path, skip: int) -> Iterator[_pieces.Piece | None]:
    from indexers import _enex

    return _enex.pieces(file, Holder.of(path), skip)


def _jex(file: BinaryIO, path: Path, skip: int) -> Iterator[_pieces.Piece | None]:
    from indexers import _joplin

    return _joplin.pieces(file, Holder.of(path), skip)


def _zip(file: BinaryIO, path: Path, skip: int) -> Iterator[_pieces.Piece | None]:
    from indexers import _exports

    return _exports.pieces(file, Holder.of(path), skip)


def _json(file: BinaryIO, path: Path, skip: int) -> Iterator[_pieces.Piece | None]:
    from indexers import _exports

    return _exports.json_pieces(file, path, skip)


def _sqlite(file: BinaryIO, path: Path) -> Iterator[Item | Skipped]:
    from indexers import _apple_notes

    return _apple_notes.read(file, path)


def _bin(file: BinaryIO, path: Path) -> Iterator[Item | Skipped]:
    from indexers import _apple_notes

    return _apple_notes.body(file, path)


_PIECES: dict[str, Callable[[BinaryIO, Path, int], Iterator[_pieces.Piece | None]]] = {
    ".enex": _enex,
    ".jex": _jex,
    ".zip": _zip,
    ".json": _json,
}
_READERS: dict[str, Callable[[BinaryIO, Path], Iterator[Item | Skipped]]] = {
    ".sqlite": _sqlite,
    ".bin": _bin,
}
