"""winmail.dat: a mail in Outlook's transport format, its words and files ([MS-OXTNEF])."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from indexers import _mapi
from indexers._mapi import File, Message, Unreadable
from indexers._text import decode

SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_PROPERTIES = 2_000  # of one message or file
_HEAD = 6  # bytes: signature and key
_ATTRIBUTE = struct.Struct("<BII")

_SUBJECT, _BODY, _CLASS, _CODE_PAGE = 0x8004, 0x800C, 0x8008, 0x9007
_FILE_BEGINS, _FILE_DATA, _FILE_TITLE, _FILE_PROPERTIES, _PROPERTIES = 0x9002, 0x800F, 0x8010, 0x9005, 0x9003
_WIDTHS = {2: 2, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 2, 0x14: 8, 0x40: 8, 0x48: 16}
_MANY = 0x1000
_INTERFACE = 16  # bytes before an object that say what it is; a mail is told by its signature too


def parse(data: bytes, *, depth: int = 0) -> Message:
    """What the stream holds, up to where it is damaged; Unreadable where it is no TNEF."""
    if not data.startswith(SIGNATURE):
        raise Unreadable("not in Outlook's transport format")
    found = Message()
    page: str | None = None
    for id, value in _attributes(data):
        if id == _CODE_PAGE:
            page = _mapi.charset(int.from_bytes(value[:4], "little"))
        elif id == _FILE_BEGINS:
            if len(found.files) >= _mapi.MAX_FILES:
                break
            found.files.append(File())
        elif id in (_FILE_DATA, _FILE_TITLE, _FILE_PROPERTIES):
            if found.files:
                _describe(found.files[-1], id, value, page, depth)
        elif id == _PROPERTIES:
            found.properties |= dict(_properties(value, page))
        elif id in (_SUBJECT, _BODY, _CLASS):
            known = {_SUBJECT: _mapi.SUBJECT, _BODY: _mapi.BODY, _CLASS: _mapi.CLASS}[id]
            found.properties.setdefault(known, decode(value.rstrip(b"\0"), page))
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = _HEAD
    while at + _ATTRIBUTE.size <= len(data):
        _, id, size = _ATTRIBUTE.unpack_from(data, at)
        at += _ATTRIBUTE.size
        if at + size > len(data):
            return
        yield id & 0xFFFF, data[at : at + size]
        at += size + 2  # a checksum follows


def _describe(file: File, id: int, value: bytes, page: str | None, depth: int) -> None:
    if id == _FILE_TITLE:
        file.name = file.name or decode(value.rstrip(b"\0"), page)
        return
    if id == _FILE_DATA:
        file.data = file.data or value
        return
    properties = dict(_properties(value, page))
    file.name = (
        _mapi.text(properties, _mapi.LONG_NAME, _mapi.SHORT_NAME)
        or file.name
        or _mapi.text(properties, _mapi.NAME)
    )
    file.content_type = _mapi.text(properties, _mapi.MIME_TYPE)
    inside = properties.get(_mapi.DATA)
    if isinstance(inside, bytes) and inside:
        file.data = inside
        if inside.startswith(SIGNATURE) and depth < _mapi.MAX_LEVELS:  # deeper ones stay files
            file.message = parse(inside, depth=depth + 1)


def _properties(data: bytes, page: str | None) -> Iterator[tuple[int, _mapi.Value]]:
    """The properties of a list ([MS-OXTNEF] 2.1.3.4); it ends where it is damaged."""
    reader = _Reader(data)
    try:
        for _ in range(min(reader.number(), MAX_PROPERTIES)):
            tag = reader.number()
            kind, id = tag & 0xFFFF, tag >> 16
            if id >= 0x8000:
                reader.name()
            values = list(reader.values(kind))
            told = _mapi.value(kind & ~_MANY, values[0], page) if values else None
            if kind == _mapi.OBJECT and isinstance(told, bytes):
                told = told[_INTERFACE:]
            if told is not None and id < 0x8000:
                yield id, told
    except EOFError:
        return


class _Reader:
    """A list of properties, read from the front."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, size: int) -> bytes:
        """The next ``size`` bytes, which are followed by as many as make it a multiple of four."""
        piece = self.data[self.at : self.at + size]
        if len(piece) < size:
            raise EOFError
        self.at += (size + 3) & ~3
        return piece

    def number(self) -> int:
        return int.from_bytes(self.take(4), "little")

    def name(self) -> None:
        """Which property it is, of those that have a name instead of a number."""
        self.take(16)
        if self.number():
            self.take(self.number())
        else:
            self.take(4)

    def values(self, kind: int) -> Iterator[bytes]:
        single = kind & ~_MANY
        width = _WIDTHS.get(single)
        if width is None and single not in (_mapi.OBJECT, _mapi.STRING8, _mapi.UNICODE, _mapi.BINARY):
            raise EOFError  # nobody knows how long it is
        count = self.number() if width is None or kind & _MANY else 1
        for _ in range(count):
            yield self.take(self.number() if width is None else width)
