"""Apple Mail's .emlx: a mail behind its length, followed by its state; what was taken out lies beside it."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate
from itertools import chain
from pathlib import Path

from indexers import _files, _mime
from indexers._mime import Attached

MAX_FILES = 200  # taken out of one mail
MAX_BYTES = 25_000_000  # of all of them
_LENGTH = re.compile(rb"(\d{1,12})[ \t]*\r?\n")
_FLAGS = re.compile(rb"<key>flags</key>\s*<integer>(\d{1,19})</integer>")
_RECEIVED = re.compile(rb"<key>date-received</key>\s*<integer>(\d{1,12})</integer>")
_PLIST = 65_536  # bytes
_LETTERS = {0: "S", 2: "R", 4: "F", 6: "D", 8: "P"}  # bit → the letter a Maildir has for it
_DELETED = 1


@dataclass(frozen=True)
class Told:
    """The mail in an .emlx file, and what the property list behind it says."""

    data: bytes
    flags: str = ""
    envelope: str = ""  # "- " and the time it came in, as an mbox has it
    deleted: bool = False


def body(head: bytes) -> int | None:
    """Where the mail begins in a file that begins with ``head``; None where it is no .emlx."""
    found = _LENGTH.match(head)
    return found.end() if found else None


def split(data: bytes) -> Told:
    """The mail and its state. A length beyond the file's end is one of a file that was cut off."""
    found = _LENGTH.match(data)
    if found is None:
        return Told(data)
    end = found.end() + int(found[1])
    plist = data[end : end + _PLIST]
    bits = int(match[1]) if (match := _FLAGS.search(plist)) else 0
    received = int(match[1]) if (match := _RECEIVED.search(plist)) else 0
    return Told(
        data=data[found.end() : end],
        flags="".join(sorted(letter for bit, letter in _LETTERS.items() if bits >> bit & 1)),
        envelope=f"- {formatdate(received)}" if 0 < received < 7_000_000_000 else "",
        deleted=bool(bits >> _DELETED & 1),
    )


def stamp(path: Path) -> str:
    """What changes when a file is fetched that was missing in ``path``, empty for a whole mail."""
    if not path.name.endswith(".partial.emlx"):
        return ""
    try:
        return str(max(found.stat().st_mtime_ns for found in _folders(path)))
    except (OSError, ValueError):
        return ""


def completed(attached: list[Attached], path: Path) -> list[Attached]:
    """``attached`` with the files that were taken out of the mail in ``path``, each in its place."""
    found, left = list(attached), MAX_BYTES
    for number, file in enumerate(chain(_below(path), _encoded(path))):
        try:
            size = file.stat().st_size
            if number >= MAX_FILES or size > left:
                break
            data, left = _files.head(file, size), left - size
        except OSError:
            continue
        _put(found, file.name, data)
    return found


def _put(attached: list[Attached], name: str, data: bytes) -> None:
    """An old Mail keeps the part as it travelled, and a newer one the file under its name."""
    as_it_came = name.endswith(".emlxpart")
    for at, one in enumerate(attached):
        if (as_it_came or one.name == name) and one.text is None and not _mime.payload_of(one.part).strip():
            data = _mime.encoded(one.part, data) if as_it_came else data
            attached[at] = _mime.file(one.name, one.content_type, data)
            return
    if not as_it_came:
        attached.append(_mime.file(name, _mime.type_of(name), data))


def _encoded(path: Path) -> Iterator[Path]:
    """<number of the mail>.<number of the part>.emlxpart, beside the mail."""
    if path.name.endswith(".partial.emlx"):
        start = path.name.removesuffix("partial.emlx")
        parts = (path.parent / f"{start}{part}.emlxpart" for part in range(1, MAX_FILES))
        yield from (part for part in parts if part.is_file())


def _below(path: Path) -> Iterator[Path]:
    """Attachments/<number of the mail>/<number of the part>/<name>, beside the folder of the mails."""
    if not path.name.endswith(".partial.emlx"):
        return
    try:
        parts = sorted(_attachments(path).iterdir(), key=_order)
        for part in parts[: 2 * MAX_FILES]:
            if part.is_dir() and not part.is_symlink():
                yield from (file for file in sorted(part.iterdir()) if _is_file(file))
    except OSError:
        return


def _attachments(path: Path) -> Path:
    return path.parent.parent / "Attachments" / path.name.removesuffix(".partial.emlx")


def _folders(path: Path) -> Iterator[Path]:
    folder = _attachments(path)
    if folder.is_dir():
        yield folder
        yield from (part for part in folder.iterdir() if part.is_dir())


def _order(part: Path) -> list[int]:
    return [int(number) if number.isdecimal() else 0 for number in part.name.split(".")[:20]]


def _is_file(path: Path) -> bool:
    return not path.name.startswith(".") and stat.S_ISREG(path.lstat().st_mode)
