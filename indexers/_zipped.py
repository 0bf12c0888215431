"""Zip archives of many notes: members are read into memory one by one, each within limits.

A damaged or cut-off archive gives what its local headers still show (APPNOTE.TXT 6.3.10, 4.3.7).
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from indexers._content import Unreadable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_MEMBERS = 50_000
MAX_MEMBER = 10_000_000  # bytes of one member, unpacked
MAX_ALL = 200_000_000  # bytes unpacked of one archive
MAX_RATIO = 100
FREE = 1_000_000  # bytes that may unpack at any ratio: harmless, and small files do
_MAX_DIRECTORY = 8_000_000  # bytes: about as many as MAX_MEMBERS take
_PIECE = 1 << 18
_LOCAL, _END = b"PK\x03\x04", b"PK\x05\x06"
_STORED, _DEFLATED = 0, 8
_LOCKED, _UTF8 = 0x1, 0x800


class Trap(Unreadable):
    """The archive is made to exhaust its reader: nothing more of it is to be read."""


@dataclass(frozen=True)
class Member:
    """A file of the archive; sizes are -1 where only reading shows them."""

    name: str
    at: int  # where its local header begins
    packed: int
    method: int
    crc: int
    locked: bool


class Archive:
    """The members of a zip archive by name; raises Unreadable where it is none, Trap where it is one."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._left = file, MAX_ALL
        self.size = file.seek(0, 2)
        try:
            self.members = {member.name: member for member in _listed(file, self.size)}
        except (zipfile.BadZipFile, NotImplementedError, ValueError, IndexError, struct.error, OSError):
            self.members = {member.name: member for member in _found(file)}
            if not self.members:
                raise Unreadable("not a zip archive, or one that is damaged") from None

    def read(self, name: str, *, limit: int = MAX_MEMBER) -> bytes:
        """What a member holds. Raises Unreadable where it is damaged, locked or over ``limit``, else Trap."""
        member = self.members[name]
        if member.locked:
            raise Unreadable("it is locked with a password")
        if member.method not in (_STORED, _DEFLATED):
            raise Unreadable("it is packed in a way that is not read here")
        self._file.seek(self._begin(member))
        data = self._stored(member, limit) if member.method == _STORED else self._inflated(member, limit)
        if member.crc >= 0 and zlib.crc32(data) != member.crc:
            raise Unreadable("it is damaged: its checksum is wrong")
        return data

    def window(self, name: str) -> BinaryIO | None:
        """A member that lies unpacked in the archive, as a file of its own; None for any other."""
        member = self.members[name]
        if member.method != _STORED or member.locked or member.packed < 0:
            return None
        return io.BufferedReader(_Window(self._file, self._begin(member), member.packed))

    def _begin(self, member: Member) -> int:
        """Where the member's bytes begin."""
        self._file.seek(member.at)
        head = self._file.read(30)
        if len(head) < 30 or not head.startswith(_LOCAL):
            raise Unreadable("it is damaged: it does not begin where the archive says")
        name, extra = struct.unpack("<HH", head[26:30])
        return member.at + 30 + int(name) + int(extra)

    def _stored(self, member: Member, limit: int) -> bytes:
        if member.packed > limit:
            raise Unreadable(f"it is too large: {member.packed // 1_000_000} MB")
        if member.packed > self._left:
            raise Trap("it unpacks to more than a reader may take")
        self._left -= max(0, member.packed)
        return self._file.read(max(0, member.packed))

    def _inflated(self, member: Member, limit: int) -> bytes:
        unpack, pieces, total, taken = zlib.decompressobj(-15), list[bytes](), 0, 0
        while not unpack.eof and (piece := unpack.unconsumed_tail or self._piece(member, taken)):
            taken += 0 if unpack.unconsumed_tail else len(piece)
            try:
                pieces.append(unpack.decompress(piece, _PIECE * 4))
            except zlib.error:
                raise Unreadable("it is damaged: it cannot be unpacked") from None
            total += len(pieces[-1])
            self._left -= len(pieces[-1])  # also where nothing comes of it
            if total > FREE and total > MAX_RATIO * max(1, taken):
                raise Trap("it unpacks to far more than its size, as only traps do")
            if self._left < 0:
                raise Trap("it unpacks to more than a reader may take")
            if total > limit:
                raise Unreadable(f"it is too large: more than {limit // 1_000_000} MB")
        if not unpack.eof:
            raise Unreadable("it is damaged: its end is missing")
        return b"".join(pieces)

    def _piece(self, member: Member, taken: int) -> bytes:
        room = _PIECE if member.packed < 0 else min(_PIECE, member.packed - taken)
        return self._file.read(room) if room > 0 else b""


class _Window(io.RawIOBase):
    """A part of a file, read as if it were one."""

    def __init__(self, file: BinaryIO, begin: int, size: int) -> None:
        self._file, self._begin, self._size, self._at = file, begin, size, 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        self._file.seek(self._begin + self._at)
        data = self._file.read(min(len(view), max(0, self._size - self._at)))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True


def outside(name: str) -> bool:
    """Whether a name points out of its archive; nothing is ever written by it, but no honest one does."""
    path = name.replace("\\", "/")
    return path.startswith("/") or path[1:2] == ":" or ".." in path.split("/") or "\0" in name


def _listed(file: BinaryIO, size: int) -> Iterator[Member]:
    """What the archive's directory lists."""
    tail_at = max(0, size - 65_600)
    file.seek(tail_at)
    tail = file.read(65_600)
    end = tail.rfind(_END)
    if end < 0 or len(tail) - end < 22:
        raise zipfile.BadZipFile
    (directory,) = struct.unpack("<I", tail[end + 12 : end + 16])
    if directory == 0xFFFFFFFF and (far := tail.rfind(b"PK\x06\x06")) >= 0 and len(tail) - far >= 48:
        (directory,) = struct.unpack("<Q", tail[far + 40 : far + 48])
    if directory > _MAX_DIRECTORY:
        raise Trap(f"an archive of more than {MAX_MEMBERS:,} files")
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
    if len(entries) > MAX_MEMBERS:
        raise Trap(f"an archive of more than {MAX_MEMBERS:,} files")
    for entry in entries:
        if entry.filename and not entry.filename.endswith("/"):
            name = _name(entry.orig_filename, entry.flag_bits)
            locked = bool(entry.flag_bits & _LOCKED)
            yield Member(
                name, entry.header_offset, entry.compress_size, entry.compress_type, entry.CRC, locked
            )


def _name(name: str, flags: int) -> str:
    """Many write UTF-8 without saying so."""
    if flags & _UTF8 or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _found(file: BinaryIO) -> Iterator[Member]:
    """What local headers show, where the directory is gone or damaged."""
    at, count = 0, 0
    while count < MAX_MEMBERS and (at := _next(file, at)) >= 0:
        file.seek(at)
        head = file.read(30)
        if len(head) < 30:
            return
        flags, method, _, _, crc, packed, _, name, _ = struct.unpack("<HHHHIIIHH", head[6:])
        text = file.read(min(name, 2000)).decode("utf-8", "replace")
        unknown = bool(flags & 8)  # sizes and checksum follow the data
        at += 30 + name
        if text and not text.endswith("/"):
            count += 1
            yield Member(
                text,
                at - 30 - name,
                -1 if unknown else packed,
                method,
                -1 if unknown else crc,
                bool(flags & _LOCKED),
            )
        if not unknown:
            at += packed


def _next(file: BinaryIO, at: int) -> int:
    """Where the next local header begins, -1 where none does."""
    window = 4_096
    while True:
        file.seek(at)
        data = file.read(window)
        if (found := data.find(_LOCAL)) >= 0:
            return at + found
        if len(data) < window:
            return -1
        at, window = at + len(data) - 3, 1 << 20
