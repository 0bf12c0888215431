"""Messages from exports: WhatsApp, Signal, Telegram, Slack, and SMS Backup & Restore."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath
from urllib.parse import quote

import msgspec

from indexers import _files, _pieces, _signal, _slack, _sms, _telegram, _whatsapp
from indexers._chat import Conversation, Message, Partly, items
from indexers._content import Unreadable
from indexers._text import decode_file
from indexers._zipped import Archive, Trap
from indexers.item import Item, Mark, Skipped, Unit

MAX_JSON, MAX_LINES = 150_000_000, 250_000_000  # bytes: of one piece, and of one piece a line
MAX_TEXT_FILE = 100_000_000
_ZIP = b"PK\x03\x04"
_SMS = re.compile(rb"<smses\b|<allsms\b")
_TELEGRAM = re.compile(rb"\"(?:messages|chats)\"\s*:")
_SIGNAL = re.compile(rb"\"(?:chatItem|recipient|backupTimeMs|sent_at|conversationId)\"|\"body\"\s*:")
_UNKNOWN = "not an export of WhatsApp, Signal, Telegram, Slack or SMS Backup & Restore"
_LISTED = frozenset(("users.json", "integration_logs.json", "canvases.json", "metadata.json", *_slack.LISTS))

_CHATS = (".txt", ".json", ".jsonl", ".xml")
_DAMAGE = (Unreadable, msgspec.MsgspecError, RecursionError, ValueError)

Found = Iterator[tuple[Conversation, list[Message]]]


def likely(path: Path, head: bytes) -> int:
    """How much a file looks like an export of messages: 0 not at all … 3 certainly."""
    return 3 if path.suffix.lower() in (".txt", ".xml", ".json", ".jsonl") and _format(path, head) else 0


def scan(root: Path) -> Iterator[Unit | Skipped]:
    """The exports under ``root``; other visible files come as Skipped, but for what an export refers to."""
    for found in _files.walk(root):
        if isinstance(found, Skipped):
            yield found
            continue
        try:
            what = _format(found, _files.head(found))
        except OSError as error:
            yield Skipped(uri=_files.uri(found), reason=f"this file could not be read: {_files.why(error)}")
            continue
        if what:
            yield _files.unit(found)
        elif not _belongs(found):
            yield Skipped(uri=_files.uri(found), reason=_UNKNOWN)


def _belongs(path: Path) -> bool:
    """Whether a file only belongs to an export: its lists, or pictures and the like that were sent."""
    if path.name in _LISTED:
        return True
    return path.suffix.lower() not in (".txt", ".json", ".jsonl", ".xml", ".zip")


def _format(path: Path, head: bytes) -> str:
    """Which program wrote a file, by how it begins; empty where none that is known did."""
    suffix = path.suffix.lower()
    if head.startswith(_ZIP):
        return "zip" if suffix == ".zip" else ""
    if suffix == ".xml":
        return "sms" if _SMS.search(head) else ""
    if suffix == ".txt":
        return "whatsapp" if _whatsapp.is_export(decode_file(head) or "") else ""
    if suffix not in (".json", ".jsonl") or path.name in _LISTED:
        return ""
    if _slack.folder_of(f"{path.parent.name}/{path.name}") and (path.parent.parent / "users.json").is_file():
        return "slack"
    if suffix == ".json" and _TELEGRAM.search(head) and b'"body"' not in head:
        return "telegram"
    return "signal" if _SIGNAL.search(head) else ""


def read(path: Path) -> Iterator[Item | Skipped]:
    """Every conversation of an export, day by day."""
    return _pieces.whole(path, partial(_each, path))


def large(path: Path) -> bool:
    """Whether a file is an export of a size to be read in portions."""
    try:
        return path.stat().st_size >= _pieces.LARGE
    except OSError:
        return False


def portions(path: Path, after: str, *, grown: bool) -> Iterator[Item | Skipped | Mark]:
    """The conversations of a large export after a mark, with marks between the portions."""
    return _pieces.portions(path, partial(_each, path), after, grown=grown)


def warily(path: Path, after: str, *, grown: bool, why: str, over: bool) -> Iterator[Item | Skipped | Mark]:
    """As :func:`portions` of an export of any size in which a conversation ended its reader."""
    return _pieces.portions(path, partial(_each, path), after, grown=grown, why=why, over=over)


def _each(path: Path, skip: int) -> Iterator[_pieces.Piece | None]:
    """The conversations but for the first ``skip``; at the end what of the export could not be read."""
    what = _format(path, _files.head(path))
    if not what:
        raise Unreadable(_UNKNOWN)
    uri, messages, chars = _files.uri(path), 0, 0
    try:
        for number, (conversation, said) in enumerate(_READERS[what](path), start=1):
            if number <= skip:
                yield None
            else:
                part = quote(conversation.key or conversation.name, safe="")
                yield _pieces.Piece(chars, f"{uri}#{part}", partial(items, path, conversation, said))
            messages, chars = messages + len(said), chars + sum(len(message.text) for message in said)
    except Partly as error:
        rest = Skipped(uri=f"{uri}#rest", reason=f"a part of this export could not be read: {error}")
        yield _pieces.Piece(chars, rest.uri, lambda: [rest])
    except Unreadable as error:
        raise Unreadable(f"this export could not be read: {error}") from None
    except (msgspec.MsgspecError, RecursionError, ValueError, zlib.error):
        raise Unreadable("this export is damaged, or of a version that is not known here") from None
    if not messages:
        raise Unreadable("no messages in it")


def _data(path: Path, most: int = MAX_JSON) -> bytes:
    size = path.stat().st_size
    if size > most:
        raise Unreadable(f"{size // 1_000_000} MB are over the limit of {most // 1_000_000} MB")
    return path.read_bytes()


def _of_whatsapp(path: Path) -> Found:
    yield from _chat(_data(path, MAX_TEXT_FILE), path.stem if path.stem != "_chat" else path.parent.name)


def _chat(data: bytes, name: str) -> Found:
    text = decode_file(data)
    if text is None:
        raise Unreadable("binary data in what claims to be a text file")
    yield Conversation("", _whatsapp.name_of(name), "WhatsApp"), list(_whatsapp.messages(text))


def _of_slack(path: Path) -> Found:
    root = path.parent.parent
    space = _workspace(root, tuple(_stamp(root / name) for name in ("users.json", *_slack.LISTS)))
    yield space.conversation(path.parent.name)._replace(key=""), space.day(_data(path))


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns if path.is_file() else 0


@lru_cache(4)
def _workspace(root: Path, _changed: tuple[int, ...]) -> _slack.Workspace:
    names = frozenset(name for name in ("users.json", *_slack.LISTS) if (root / name).is_file())
    return _slack.Workspace(lambda name: _data(root / name), names)


def _of_sms(path: Path) -> Found:
    with path.open("rb") as file:
        yield from _sms.conversations(file)


def _of_zip(path: Path) -> Found:
    """An export that was packed whole: its lists first, then what is said."""
    with path.open("rb") as file:
        archive = Archive(file)
        names = {PurePosixPath(name).name for name in archive.members}
        if "users.json" in names:
            yield from _slack_zip(archive)
            return
        found, faults = False, list[str]()
        for name in sorted(archive.members):
            if PurePosixPath(name).suffix.lower() not in _CHATS or PurePosixPath(name).name in _LISTED:
                continue
            try:
                for one in _packed(archive.read(name, limit=MAX_TEXT_FILE), PurePosixPath(name), path.stem):
                    found = True
                    yield one
            except Trap:
                raise
            except _DAMAGE as error:
                faults.append(_fault(name, error))
        if faults:
            raise (Partly if found else Unreadable)(faults[0])
        if not found:
            raise Unreadable(_UNKNOWN)


def _packed(data: bytes, inside: PurePosixPath, name: str) -> Found:
    """What a file of an archive called ``name`` holds; nothing where it is none that is known."""
    what = _format(Path(inside), data[: _files.HEAD])
    if what == "whatsapp":
        yield from _chat(data, name if inside.stem == "_chat" else inside.stem)
    elif what == "sms":
        yield from _sms.conversations(io.BytesIO(data))
    elif what == "telegram":
        yield from _telegram.conversations(data)
    elif what == "signal":
        yield from _signal.conversations(data, name)


def _fault(name: str, error: Exception) -> str:
    told = str(error) if isinstance(error, Unreadable) else "it is damaged"
    return f"“{PurePosixPath(name).name[:100]}”: {told}"


def _slack_zip(archive: Archive) -> Found:
    top = next((name for name in archive.members if PurePosixPath(name).name == "users.json"), "users.json")
    base = top.removesuffix("users.json")
    names = frozenset(name.removeprefix(base) for name in archive.members)
    space = _slack.Workspace(lambda name: archive.read(base + name, limit=MAX_TEXT_FILE), names)
    days, faults = dict[str, list[Message]](), list[str]()
    for name in sorted(names):
        if not (folder := _slack.folder_of(name)):
            continue
        try:
            days.setdefault(folder, []).extend(space.day(archive.read(base + name, limit=MAX_TEXT_FILE)))
        except Trap as error:  # it may just be a large one: what was read until now is given
            faults.append(str(error))
            break
        except _DAMAGE as error:
            faults.append(_fault(name, error))
    for folder, said in days.items():
        yield space.conversation(folder), said
    if faults:
        raise Partly(faults[0])


_READERS: dict[str, Callable[[Path], Found]] = {
    "whatsapp": _of_whatsapp,
    "telegram": lambda path: _telegram.conversations(_data(path)),
    "signal": lambda path: _signal.conversations(
        _data(path, MAX_LINES), path.parent.name if path.stem == "data" else path.stem
    ),
    "slack": _of_slack,
    "sms": _of_sms,
    "zip": _of_zip,
}
