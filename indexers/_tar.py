"""Tar archives, member by member by their headers alone (POSIX ustar); a damaged header costs one member.

Nothing is ever extracted, and a member's claimed size is never believed further than the file goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

MAX_MEMBERS = 500_000
_MAX_DAMAGED = 10_000
_BLOCK = 512
_REGULAR = (b"0", b"\0")
_WINDOW = 1 << 20
_MAGIC_AT = 257


class Member(NamedTuple):
    """A regular file of the archive."""

    name: str
    at: int  # where its bytes begin
    size: int


def members(file: BinaryIO) -> Iterator[Member]:
    """Every regular file that lies whole in the archive; links, devices and sparse files are passed over."""
    end = file.seek(0, 2)
    at = damaged = 0
    for _ in range(MAX_MEMBERS):
        if at < 0 or at + _BLOCK > end or damaged > _MAX_DAMAGED:
            return
        file.seek(at)
        head = file.read(_BLOCK)
        if head.count(0) == len(head):
            at += _BLOCK  # the end, or a gap
            continue
        size = _size(head)
        if size < 0 or not _sound(head):
            at, damaged = _next(file, at + 1), damaged + 1
            continue
        begin = at + _BLOCK
        if begin + size <= end:
            if head[156:157] in _REGULAR:
                yield Member(_name(head), begin, size)
            at = begin + -(-size // _BLOCK) * _BLOCK
        else:
            at, damaged = _next(file, begin), damaged + 1


def is_tar(head: bytes) -> bool:
    return len(head) >= _BLOCK and _sound(head[:_BLOCK])


def _sound(head: bytes) -> bool:
    """Whether the header's checksum is that of its bytes, itself counted as blanks."""
    try:
        told = int(head[148:156].strip(b" \0") or b"x", 8)
    except ValueError:
        return False
    return told == sum(head) - sum(head[148:156]) + 8 * 32


def _size(head: bytes) -> int:
    """In octal digits, or where those are too few in binary; -1 where it is neither."""
    field = head[124:136]
    if field[0] & 0x80:
        return int.from_bytes(field[1:], "big")
    try:
        return int(field.strip(b" \0") or b"0", 8)
    except ValueError:
        return -1


def _name(head: bytes) -> str:
    name = head[:100].partition(b"\0")[0]
    if head[_MAGIC_AT : _MAGIC_AT + 6] == b"ustar\0" and (prefix := head[345:500].partition(b"\0")[0]):
        name = prefix + b"/" + name
    return name.decode("utf-8", "replace")


def _next(file: BinaryIO, at: int) -> int:
    """Where the next header may begin: it says ``ustar``; -1 where none does."""
    at, window = at + _MAGIC_AT, 8 * _BLOCK
    while True:
        file.seek(at)
        data = file.read(window)
        if (found := data.find(b"ustar")) >= 0:
            return at + found - _MAGIC_AT
        if len(data) < window:
            return -1
        at, window = at + len(data) - 4, _WINDOW
