"""Large mailboxes in portions: what was read is kept, and only what was added later is read.

A mark is a place in the file, and at the end of a reading where its last mail begins with a digest of all
before it: a mail program that adds mails leaves that as it is, one that deletes some does not. The last
mail itself is read again, since it may have been half written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator
from io import FileIO
from pathlib import Path

from indexers import _files, _mbox
from indexers.item import Item, Mark, Skipped

LARGE = 8_000_000  # bytes from which a mailbox is read in portions
PORTION = 2_000_000
_BLOCK = 1_000_000
_SIGN = 64_000_000  # bytes that are looked through between two signs of life

Found = Item | Skipped | Mark


def large(path: Path) -> bool:
    """Whether a file is a mailbox of a size to be read in portions."""
    try:
        return path.stat().st_size >= LARGE and _files.head(path, 5) == b"From "
    except OSError:
        return False


def portions(
    path: Path, after: str, *, grown: bool, read_one: Callable[[_mbox.Raw], Iterator[Item | Skipped]]
) -> Iterator[Found]:
    """What ``read_one`` makes of each mail after the mark, with marks between the portions.

    Where the file has ``grown`` it is read from the beginning unless all before the mark is as it was.
    """
    try:
        with path.open("rb", buffering=0) as file:
            place, _, digest = after.partition(":")
            if grown and not (digest and (yield from _as_before(file, after))):
                place = ""
            if not place:
                file.seek(0)
                yield Mark(cursor="")
            yield from _mails(file, place, read_one)
    except OSError as error:
        yield Skipped(uri=_files.uri(path), reason=f"this file could not be read: {_files.why(error)}")


def _mails(
    file: FileIO, after: str, read_one: Callable[[_mbox.Raw], Iterator[Item | Skipped]]
) -> Iterator[Found]:
    since = _mbox.position(after)
    last: _mbox.Raw | None = None
    for raw in _mbox.messages(file, PORTION, after=after):
        if last is not None:
            yield from read_one(last)
        if _mbox.position(raw.mark) - since >= PORTION:
            since = _mbox.position(raw.mark)
            yield Mark(cursor=raw.mark)
        last = raw
    if last is not None:
        yield Mark(cursor=last.mark)
        yield from read_one(last)
        digest = yield from _digest(file, last.mark)
        yield Mark(cursor=f"{last.mark}:{digest}")


def _as_before(file: FileIO, after: str) -> Generator[Mark, None, bool]:
    """Whether all before the mark is as it was; says so to ``yield from``."""
    place, _, digest = after.partition(":")
    return (yield from _digest(file, place, sign=after)) == digest


def _digest(file: FileIO, mark: str, *, sign: str = "") -> Generator[Mark, None, str]:
    """BLAKE2b of all before the mark; the ``sign`` that it lives is a mark that says nothing new."""
    hashed, left, told = hashlib.blake2b(digest_size=20), _mbox.position(mark), 0
    file.seek(0)
    while left > 0 and (block := file.read(min(_BLOCK, left))):
        hashed.update(block)
        left, told = left - len(block), told + len(block)
        if told >= _SIGN:
            told = 0
            yield Mark(cursor=sign or mark)
    return hashed.hexdigest()
