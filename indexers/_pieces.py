"""Exports of many notes, note by note: what was given is kept, and reading goes on after it.

A mark says how many notes were given, and before that about how many bytes of the file they are. An export
is written once, so one that changed since is another, and is read from its beginning.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexers import _files, _pulse
from indexers._content import Unreadable
from indexers.item import Item, Mark, Skipped

LARGE = 8_000_000  # bytes from which an export is read in portions
PORTION = 2_000_000
_MOST = 200  # notes of one portion
_SIGN_S = 0.5  # processor seconds between two signs of life


@dataclass(frozen=True)
class Piece:
    """One note, or what is to be said in its place: ``found`` reads it, with what is attached to it.

    ``place`` is how many bytes of the file lie before it, about; ``uri`` names it should it not be readable.
    """

    place: int
    uri: str
    found: Callable[[], Iterable[Item | Skipped]]


# The pieces of a file but for the first so many, in an order that stays the same; None is a sign of life.
Pieces = Callable[[int], Iterator[Piece | None]]


def whole(path: Path, pieces: Pieces) -> Iterator[Item | Skipped]:
    """Everything in a file."""
    return (one for one in _from(path, pieces, 0, None) if not isinstance(one, Mark))


def portions(
    path: Path, pieces: Pieces, after: str, *, grown: bool, why: str = "", over: bool = False
) -> Iterator[Item | Skipped | Mark]:
    """What follows a mark, with marks in between.

    It begins anew where the file has ``grown``, which an empty one says.

    With ``why`` something ended its reader, and there is a mark before each of the next notes; ``over``: the
    first of them is the one at fault, and ``why`` is told in its place.
    """
    given = after.partition(":")[2]
    if grown or not given.isdecimal():
        after, given, over = "", "0", False
        yield Mark(cursor="")
    yield from _from(path, pieces, int(given), _Marks(after, why, over=over))


class _Marks:
    """When to tell how far it is."""

    def __init__(self, after: str, why: str, *, over: bool) -> None:
        self.why, self.over = why, over
        self._cursor, self._began = after, -1
        self._place = self._count = 0  # of the last one
        self._spoke = time.process_time()

    def before(self, piece: Piece, number: int) -> Iterator[Mark]:
        if self._began < 0:
            self._began, self._place, self._count = piece.place, piece.place, number
        alone = bool(self.why) and piece.place - self._began < PORTION
        if alone or piece.place - self._place >= PORTION or number - self._count >= _MOST:
            self._cursor, self._place, self._count = f"{piece.place}:{number}", piece.place, number
            yield Mark(cursor=self._cursor, alone=alone)

    def alive(self) -> Iterator[Mark]:
        """Before the first of them: it says nothing new."""
        if self._began < 0 and time.process_time() - self._spoke > _SIGN_S:
            self._spoke = time.process_time()
            yield Mark(cursor=self._cursor)


def _from(path: Path, pieces: Pieces, skip: int, marks: _Marks | None) -> Iterator[Item | Skipped | Mark]:
    number = skip
    try:
        for piece in pieces(skip):
            _pulse.beat()
            if piece is None:
                yield from marks.alive() if marks else ()
                continue
            yield from marks.before(piece, number) if marks else ()
            if marks and marks.over and number == skip:
                yield Skipped(uri=piece.uri, reason=marks.why)
            else:
                yield from piece.found()
            number += 1
    except OSError as error:
        yield Skipped(uri=_files.uri(path), reason=f"this file could not be read: {_files.why(error)}")
    except Unreadable as error:
        yield Skipped(uri=_files.uri(path), reason=str(error))
