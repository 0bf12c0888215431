"""Large mailboxes in portions: what was read is kept, and only what was added later is read.

A mark is a place in the file with digests of all that was read before it: a mail program that adds mails
leaves that as it is, one that deletes some does not, also while the file is being read. The last mail
itself is read again when the file has grown, since it may have been half written.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from io import FileIO
from pathlib import Path

from indexers import _files, _mbox
from indexers.item import Item, Mark, Skipped

LARGE = 8_000_000  # bytes from which a mailbox is read in portions
PORTION = 2_000_000
BLOCK = 1_000_000
_SIGN = 64_000_000  # bytes that are looked through between two signs of life
_BEHIND = 2 * _mbox.MAX_MESSAGE  # that may lie between where the next mail begins and where the file is read
_TRIES = 3  # of a file that is rewritten while it is read
_RESTLESS = "it was rewritten again and again while it was read; it is read anew when it changes"

Found = Item | Skipped | Mark


@dataclass(frozen=True)
class Mails:
    """What is made of each mail. ``why``: one of them ended its reader, so there is a mark before each.

    ``over``: it is the one at the mark where the reading begins, and ``passed`` is told in its place.
    """

    read: Callable[[_mbox.Raw], Iterator[Item | Skipped]]
    passed: Callable[[_mbox.Raw], Skipped] | None = None
    over: bool = False

    @property
    def wary(self) -> bool:
        return self.passed is not None


def large(path: Path) -> bool:
    """Whether a file is a mailbox of a size to be read in portions."""
    try:
        return os.stat(path).st_size >= LARGE and is_mbox(path)  # noqa: PTH116 - thousands of times
    except OSError:
        return False


def is_mbox(path: Path) -> bool:
    return _files.head(path, 5) == b"From "


def portions(path: Path, after: str, *, grown: bool, mails: Mails) -> Iterator[Found]:
    """What is made of each mail after the mark, with marks between the portions.

    It goes on there if what was read before the mark is as it was: all of it where the file has ``grown``,
    else a look at the end of it tells. If not, or where the file changes other than at its end while it is
    read, it begins anew, which an empty mark says.
    """
    try:
        for _ in range(_TRIES):
            with _Summed(path) as file:
                state = file.state()
                if not after or not (yield from file.go_on(after, whole=grown)):
                    after, mails = "", replace(mails, over=False)
                    file.begin()
                    yield Mark(cursor="")
                cursor = yield from _mails(file, after, mails)
                if file.state() == state or (yield from file.go_on(cursor, whole=True)):
                    yield Mark(cursor=f"{cursor}:whole" if cursor else "")
                    return
            after = ""
        yield Skipped(uri=_files.uri(path), reason=_RESTLESS)
    except OSError as error:
        yield Skipped(uri=_files.uri(path), reason=f"this file could not be read: {_files.why(error)}")


def _mails(file: _Summed, after: str, mails: Mails) -> Generator[Found, None, str]:
    """The mark of the last mail, empty where there is none; says so to ``yield from``."""
    began = since = _mbox.position(after.partition(":")[0])
    last, cursor, alone = None, "", False
    told = file.told()
    for raw in _mbox.messages(file, PORTION, after=after.partition(":")[0]):
        if last is not None:
            yield from _made(last, mails, first=_mbox.position(last.mark) == began)
        cursor, at = f"{raw.mark}:{told}", _mbox.position(raw.mark)
        was, alone = alone, mails.wary and at - began < PORTION
        if alone or was or at - since >= PORTION:
            since = at
            yield Mark(cursor=cursor, alone=alone)
        told = file.upto(raw.offset + raw.size)
        last = raw
    if last is not None:
        yield Mark(cursor=cursor, alone=True)
        yield from _made(last, mails, first=_mbox.position(last.mark) == began)
    return cursor


def _made(raw: _mbox.Raw, mails: Mails, *, first: bool) -> Iterator[Item | Skipped]:
    if mails.over and first and mails.passed is not None:
        yield mails.passed(raw)
    else:
        yield from mails.read(raw)


class _Sum:
    """A digest of the beginning of a file that can be gone on with without reading all of it again.

    Each block of ``BLOCK`` bytes is hashed (BLAKE2b) after the digest of those before it.
    """

    def __init__(self, place: int = 0, chain: bytes = b"") -> None:
        self.place, self._chain = place, chain
        self._hash = hashlib.blake2b(chain, digest_size=20)

    def add(self, data: memoryview) -> None:
        while data:
            piece = data[: BLOCK - self.place % BLOCK]
            self._hash.update(piece)
            self.place, data = self.place + len(piece), data[len(piece) :]
            if self.place % BLOCK == 0:
                self._chain = self._hash.digest()
                self._hash = hashlib.blake2b(self._chain, digest_size=20)

    def told(self) -> str:
        """Of whole blocks, then of those and the rest."""
        return f"{self._chain.hex()}:{self._hash.hexdigest()}"


class _Summed(FileIO):
    """A file that sums what is read of it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.begin()

    def begin(self) -> None:
        self._sum, self._waiting = _Sum(), bytearray()
        self.seek(0)

    def state(self) -> tuple[int, int, int]:
        """What changes when somebody writes to it."""
        info = os.fstat(self.fileno())
        return info.st_size, info.st_mtime_ns, info.st_ctime_ns

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self._waiting += data
        if len(self._waiting) > 2 * _BEHIND:  # a mail over the limit: the next one begins near its end
            self._take(len(self._waiting) - _BEHIND)
        return data

    def told(self) -> str:
        return self._sum.told()

    def upto(self, place: int) -> str:
        """The sum of all before ``place``, which is not before where it was summed up to."""
        self._take(place - self._sum.place)
        return self.told()

    def _take(self, count: int) -> None:
        with memoryview(self._waiting) as waiting, waiting[:count] as some:
            self._sum.add(some)
        del self._waiting[:count]

    def go_on(self, mark: str, *, whole: bool) -> Generator[Mark, None, bool]:
        """Whether what lies before ``mark`` is as it was when that was made; it is read from there then."""
        place, _, told = mark.partition(":")
        told = told.removesuffix(":whole")
        end, chain = _mbox.position(place), told.partition(":")[0]
        start = 0 if whole or len(chain) != 40 else end - end % BLOCK
        self._sum, self._waiting = _Sum(start, bytes.fromhex(chain) if start else b""), bytearray()
        self.seek(start)
        signed = start
        while (left := end - self._sum.place) > 0 and (block := super().read(min(BLOCK, left))):
            with memoryview(block) as some:
                self._sum.add(some)
            if self._sum.place - signed >= _SIGN:
                signed = self._sum.place
                yield Mark(cursor=mark)
        return self._sum.place == end and self.told() == told
