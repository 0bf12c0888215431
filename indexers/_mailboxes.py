"""Where mails lie: mbox files, Maildir, MH, Thunderbird and Apple Mail folders, and what lies beside them."""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import msgspec

from indexers import _emlx, _files, _msg, _tnef
from indexers.item import Skipped, Unit

MAILDIR = ("cur", "new")

_START = re.compile(rb"[\xef\xbb\xbf\r\n]*(?:>?From [^\r\n]*(?:\r\n?|\n|\Z))?")
_FIELD = re.compile(  # with the lines that continue it
    rb"([!-9;-~]{1,76})[ \t]*:[^\r\n]*+(?:(?:\r\n?|\n)(?:[ \t]|>From )[^\r\n]*+)*+(?:\r\n?|\n|\Z)"
)
_KNOWN = frozenset(
    b"from to cc bcc subject date sender received return-path message-id mime-version content-type reply-to "
    b"delivered-to references in-reply-to x-mailer user-agent dkim-signature content-transfer-encoding "
    b"delivery-date envelope-to status organization newsgroups x-mozilla-status "
    b"x-apple-content-length".split()
)
_FOREIGN = {
    b"!BDN": "an Outlook data file: export its folders, or keep single mails as .msg or .eml",
    b"\xcf\xad\x12\xfe": "an Outlook Express folder: export it to mbox or .eml files",
}

# What mail programs and servers keep beside mails; nobody misses it.
_SERVERS = ("dovecot", "maildirfolder", "courierimap", "subscriptions")
_BESIDE = frozenset(
    "info.plist table_of_contents msgfilterrules.dat filterlog.html popstate.dat virtualfolders.dat "
    "rules.dat feeds.json feeditems.json profiles.ini installs.ini junklog.html".split()
)
_INDEXES = (
    ".msf",
    ".cmeta",
    ".ev-summary",
    ".ev-summary-meta",
    ".ibex.index",
    ".ibex.index.data",
    ".emlxpart",
)
_REMOVED = re.compile(r"[,#+]\d+")  # how MH marks a mail that was deleted
_VERSION = re.compile(r"V\d{1,2}")
_MUTF7 = re.compile(r"&([A-Za-z0-9+,]*)-")


def likely(path: Path, head: bytes) -> int:
    """How much a file looks like mail: 0 not at all … 3 certainly."""
    name, folder = path.name.lower(), path.parent.name
    if name.endswith(".emlx"):
        return 3 if _emlx.body(head) is not None else 0
    if head.startswith(_msg.SIGNATURE):
        return 3 if name.endswith(".msg") else 0
    if head.startswith(_tnef.SIGNATURE):
        return 2
    if name.endswith((".eml", ".mbox")) or folder in MAILDIR:
        return 3 if looks_like_mail(head, 1) else 0
    return 2 if looks_like_mail(head, 2) else 0


def looks_like_mail(head: bytes, needed: int) -> bool:
    """Whether ``head`` begins with header lines, ``needed`` of them with names known from mail."""
    if _begins_like_most(head, needed):
        return True
    at = start.end() if (start := _START.match(head)) else 0
    names: set[bytes] = set()
    while (field := _FIELD.match(head, at)) and len(names) < needed:
        names.add(field[1].lower())
        names &= _KNOWN
        at = field.end()
    return len(names) >= needed


def _begins_like_most(head: bytes, needed: int) -> bool:
    """The same for those whose first lines are such headers, each on a line; False where it takes a look."""
    lines = head.split(b"\n", needed)[:needed]
    names = {line.partition(b":")[0].lower() for line in lines}
    return len(names) == needed and names <= _KNOWN and not any(b"\r" in line[:-1] for line in lines)


def fault(path: Path, head: bytes) -> str:
    """Why a file that begins with ``head`` is no mail, or empty."""
    if looks_like_mail(head, 2) or likely(path, head):
        return ""
    if head.startswith(_msg.SIGNATURE):
        return "not a mail in a standard format: an Office file"
    for mark, reason in _FOREIGN.items():
        if head.startswith(mark):
            return reason
    return "an empty file" if not head else "not a mail: it does not begin with mail headers"


def concerned(root: Path, changed: Path) -> Path | None:
    """The folder of a Maildir; elsewhere what a file is may depend on those around it."""
    return changed.parent if changed.parent.name in MAILDIR and changed.parent != root else root


def scan(root: Path) -> Iterator[Unit | Skipped]:
    """Mailboxes and single mails under ``root``; every other visible file comes as Skipped.

    What lies in a Maildir is taken for mail unopened: reading it shows where it is none. What the
    programs keep beside the mails (indexes, rules, profiles) is passed over in silence, and so are
    mails that were deleted and wait to be cleared away.
    """
    if not root.is_dir():
        for found in _files.walk(root):
            yield found if isinstance(found, Skipped) else _unit(found)
        return
    layout = _Layout(root)
    for listed in _files.folders(root, enter_hidden=True):
        if isinstance(listed, Skipped):
            yield listed
            continue
        folder, entries = listed
        if layout.passes_over(folder, entries):
            continue
        if folder.name in MAILDIR:
            place = _files.absolute(folder).rstrip(os.sep) + os.sep
            for entry in entries:
                if not entry.name.startswith(_SERVERS) and "T" not in flags(entry.name):
                    yield _files.entry_unit(entry, place)
        else:
            yield from _loose(entries)


def _loose(entries: list[os.DirEntry[str]]) -> Iterator[Unit | Skipped]:
    """The mailboxes and single mails among the files of one folder."""
    names = {entry.name for entry in entries}
    for entry in entries:
        name = entry.name
        if name.startswith(_SERVERS) or name.lower() in _BESIDE or name.endswith(_INDEXES):
            continue
        if _REMOVED.fullmatch(name) or (f"{name}.msf" in names and _is_empty(entry)):
            continue
        for found in _files.regular(Path(entry.path)):
            yield found if isinstance(found, Skipped) else _unit(found)


def _is_empty(entry: os.DirEntry[str]) -> bool:
    """A folder of Thunderbird without mails is an empty file with an index."""
    try:
        return entry.stat().st_size == 0
    except OSError:
        return False


def _unit(path: Path) -> Unit | Skipped:
    try:
        reason = fault(path, _files.head(path))
    except OSError as error:
        reason = f"this file could not be read: {_files.why(error)}"
    if reason:
        return Skipped(uri=_files.uri(path), reason=reason)
    found = _files.unit(path)
    if isinstance(found, Unit) and (more := _emlx.stamp(path)):  # what is downloaded later is seen
        return msgspec.structs.replace(found, stamp=f"{found.stamp}-{more}")
    return found


class _Layout:
    """Which folders below ``root`` hold no mails, by the programs whose folders they are."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.profiles: set[Path] = set()

    def passes_over(self, folder: Path, entries: list[os.DirEntry[str]]) -> bool:
        """Also hidden folders that are no Maildir (.git)."""
        name, parent = folder.name, folder.parent
        if name == "tmp" and (parent / "cur").is_dir():
            return True
        parts = folder.relative_to(self.root).parts
        if name not in MAILDIR and any(part.startswith(".") for part in parts):
            return True
        if "Attachments" in parts and self._of_apple_mail(parts):
            return True
        if "MailData" in parts and self._version(parts):
            return True
        if name in ("Crash Reports", "Pending Pings") and (parent / "profiles.ini").is_file():
            return True
        if any(entry.name == "prefs.js" for entry in entries) and _holds_mail(folder):
            self.profiles.add(folder)
            return True
        return any(self._beside_mail(profile, folder) for profile in self.profiles)

    def _of_apple_mail(self, parts: tuple[str, ...]) -> bool:
        """A folder of files that were taken out of the mails beside it, which name them."""
        above = self.root.joinpath(*parts[: parts.index("Attachments")])
        return (above / "Messages").is_dir()

    def _version(self, parts: tuple[str, ...]) -> bool:
        """Whether Apple Mail's indexes are there: its folder is named after the version of its format."""
        at = parts.index("MailData")
        return _VERSION.fullmatch(parts[at - 1] if at else self.root.name) is not None

    @staticmethod
    def _beside_mail(profile: Path, folder: Path) -> bool:
        return folder.is_relative_to(profile) and folder.relative_to(profile).parts[0] not in _THUNDERBIRD


_THUNDERBIRD = ("Mail", "ImapMail", "News")


def _holds_mail(profile: Path) -> bool:
    return any((profile / name).is_dir() for name in _THUNDERBIRD)


def flags(name: str) -> str:
    """What its name tells of a mail in a Maildir: P passed on, R replied, S seen, T deleted, D draft, F."""
    before, comma, state = name.rpartition("2,")
    told = comma and before.endswith((":", ";", "!")) and (state.isalpha() and state.isascii())
    return state if told else ""


def mailbox(folder: str, name: str, *, many: bool) -> str:
    """The mailbox's name as a person knows it; ``many``: the file is itself a mailbox."""
    if folder.endswith(MAILDIR) and (box := _of_maildir(folder)) is not None:
        return box
    inside = os.path.split(folder)[1]
    if ".mbox" in folder:  # Apple Mail: folders inside folders
        boxes = [part.removesuffix(".mbox") for part in Path(folder).parts if part.endswith(".mbox")]
        if boxes and not (many and name != "mbox"):
            return "/".join(boxes)
    if not many:
        return inside
    stem, dot, suffix = name.rpartition(".")
    box = stem if dot and suffix.lower() in ("mbox", "mbx") else name
    if ".sbd" in folder:  # Thunderbird: folders inside folders
        boxes = [part.removesuffix(".sbd") for part in Path(folder).parts if part.endswith(".sbd")]
        return "/".join(map(_decoded, [*boxes, box]))
    return _decoded(box)


@lru_cache(16)
def _of_maildir(folder: str) -> str | None:
    """Of the folder in which its mails lie, as thousands do."""
    above, inside = os.path.split(folder)
    if inside not in MAILDIR:
        return None
    box = os.path.split(above)[1]
    return "/".join(map(_decoded, box[1:].split("."))) if box.startswith(".") else _decoded(box)


def _decoded(name: str) -> str:
    """A folder's name out of IMAP's own form of UTF-7 (RFC 3501 §5.1.3)."""
    return _MUTF7.sub(_letters, name) if "&" in name else name


def _letters(match: re.Match[str]) -> str:
    if not match[1]:
        return "&"
    try:
        data = base64.b64decode(match[1].replace(",", "/") + "=" * (-len(match[1]) % 4))
        return data.decode("utf-16-be")
    except (binascii.Error, UnicodeDecodeError):
        return match[0]
