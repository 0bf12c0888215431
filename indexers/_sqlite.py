"""Other programs' SQLite databases, read from a copy in memory: nothing is locked, nothing is written.

The program may be running, so what it has committed lies in part in the write-ahead log beside the file;
the copy is the file with the log's committed pages laid over it (https://www.sqlite.org/fileformat2.html).
"""

from __future__ import annotations

import sqlite3
import struct
import time
from array import array
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from indexers import _files, _pulse
from indexers._content import Unreadable

MAX_BYTES = 400_000_000
_MAX_LOG = 100_000_000
_MAGIC = b"SQLite format 3\0"
_LOG_MAGIC = (0x377F0682, 0x377F0683)
_HEADER, _FRAME = 32, 24
_SECONDS = 10.0  # for a query to give its next rows
_ROWS = 500
_SIGN = 4_000_000  # bytes of a log between two signs of life


class Copy:
    """A database as it was when it was opened. Raises Unreadable where it is none, damaged or too large."""

    def __init__(self, path: Path) -> None:
        image = _image(path)
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        self._until = 0.0
        try:
            self._connection.deserialize(image)
            for setting in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON"):
                self._connection.execute(f"PRAGMA {setting}")
        except (sqlite3.Error, MemoryError):
            self._connection.close()
            raise Unreadable("a damaged database") from None
        self._connection.text_factory = lambda data: data.decode("utf-8", "replace")
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 10_000_000)
        self._connection.set_progress_handler(lambda: time.process_time() > self._until, 100_000)

    def tables(self) -> frozenset[str]:
        return frozenset(
            str(row[0]) for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        )

    def rows(self, sql: str, values: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
        """What a query gives; Unreadable where the database is damaged or the query takes too long."""
        self._until = time.process_time() + _SECONDS
        try:
            cursor = self._connection.execute(sql, values)
            while rows := cursor.fetchmany(_ROWS):
                yield from rows
                self._until = time.process_time() + _SECONDS
                _pulse.beat()
        except (sqlite3.Error, ValueError, OverflowError, MemoryError) as error:
            missing = "no such" in str(error)
            raise Unreadable("not laid out as is known here" if missing else "a damaged database") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()


def stamp(*paths: Path) -> str:
    """Sizes and times of files and their logs that together are one thing; of those that are there."""
    told = []
    for path in paths:
        for each in (path, path.with_name(f"{path.name}-wal")):
            try:
                info = each.stat()
            except OSError:
                continue
            told.append(f"{info.st_size}-{info.st_mtime_ns}")
    return "+".join(told)


def _image(path: Path) -> bytearray:
    """The database as one piece, as if its log had been brought in."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise Unreadable(
                f"a database of {size // 1_000_000} MB is over the limit of {MAX_BYTES // 1_000_000} MB"
            )
        image = bytearray(path.read_bytes())
        log = path.with_name(f"{path.name}-wal")
        frames = log.read_bytes() if log.is_file() and log.stat().st_size <= _MAX_LOG else b""
    except OSError as error:
        raise Unreadable(f"this file could not be read: {_files.why(error)}") from None
    if not image.startswith(_MAGIC) or len(image) < 512:
        raise Unreadable("not an SQLite database, or one that is encrypted")
    page = struct.unpack_from(">H", image, 16)[0]
    page = 65_536 if page == 1 else page
    if page >= 512 and len(frames) > _HEADER:
        _lay_over(image, frames, page)
    image[18:20] = b"\1\1"  # else SQLite looks for the log, which is in it now
    return image


def _lay_over(image: bytearray, log: bytes, page: int) -> None:
    """The pages of all transactions that the log holds whole; salts and sums tell which those are."""
    magic, _, size = struct.unpack_from(">III", log)
    salts = log[16:24]
    if magic not in _LOG_MAGIC or size != page:
        return
    big = bool(magic & 1)
    sums = _sum(log[:24], (0, 0), big=big)
    if struct.pack(">II", *sums) != log[24:32]:
        return
    waiting: list[tuple[int, int]] = []
    for at in range(_HEADER, len(log) - _FRAME - page + 1, _FRAME + page):
        if at // _SIGN > (at - _FRAME - page) // _SIGN:
            _pulse.beat()  # its sums take seconds where it is large
        number, committed = struct.unpack_from(">II", log, at)
        sums = _sum(log[at : at + 8] + log[at + _FRAME : at + _FRAME + page], sums, big=big)
        if log[at + 8 : at + 16] != salts or struct.pack(">II", *sums) != log[at + 16 : at + 24]:
            return  # what follows was written before the log began anew, or is not whole
        waiting.append((number, at + _FRAME))
        if not committed:
            continue
        if committed * page > MAX_BYTES:
            return
        image.extend(bytes(max(0, committed * page - len(image))))
        del image[committed * page :]
        for number, place in waiting:
            if 0 < number <= committed:
                image[(number - 1) * page : number * page] = log[place : place + page]
        waiting.clear()


def _sum(data: bytes, sums: tuple[int, int], *, big: bool) -> tuple[int, int]:
    words = array("I", data)
    if big != (struct.pack("=I", 1) == struct.pack(">I", 1)):
        words.byteswap()
    one, two = sums
    pairs = iter(words)
    for first, second in zip(pairs, pairs, strict=True):
        one = (one + first + two) & 0xFFFFFFFF
        two = (two + second + one) & 0xFFFFFFFF
    return one, two
