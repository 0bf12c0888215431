"""Outlook's .msg: the properties, recipients and files of a mail in a compound file ([MS-OXMSG])."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any

from indexers import _mapi
from indexers._mapi import File, Message, Unreadable, Value

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_STREAMS = 20_000
MAX_READ = 60_000_000  # bytes of all streams: those of a trap lie on top of one another
_RECIPIENT, _FILE = "__recip_version1.0_#", "__attach_version1.0_#"
_PROPERTIES, _INSIDE = "__properties_version1.0", "__substg1.0_3701000D"
_ENTRY = struct.Struct("<HHI8s")
_SKIP = {"": 32, "inside": 24, "other": 8}  # bytes before the list of properties

# What is read of a mail, of who it went to, and of a file; the rest is left in the file.
_OF_MAIL = frozenset(
    (
        _mapi.CLASS, _mapi.SUBJECT, _mapi.HEADERS, _mapi.SUBMITTED, _mapi.DELIVERED, _mapi.SHOWN_TO,
        _mapi.SHOWN_CC, _mapi.SENT_FOR_NAME, _mapi.SENT_FOR_ADDRESS, _mapi.SENT_FOR_SMTP, _mapi.REPLY_TO,
        _mapi.SENDER_NAME, _mapi.SENDER_ADDRESS, _mapi.SENDER_SMTP, _mapi.BODY, _mapi.RTF, _mapi.HTML,
        _mapi.MESSAGE_ID, _mapi.REFERENCES, _mapi.IN_REPLY_TO, _mapi.CODE_PAGE, _mapi.INTERNET_CODE_PAGE,
    )
)  # fmt: skip
_OF_RECIPIENT = frozenset((_mapi.NAME, _mapi.ADDRESS, _mapi.SMTP, _mapi.ROLE))
_OF_FILE = frozenset(
    (_mapi.NAME, _mapi.DATA, _mapi.SHORT_NAME, _mapi.LONG_NAME, _mapi.MIME_TYPE, _mapi.METHOD)
)


def parse(data: bytes) -> Message:
    """The mail with all that is attached. Raises Unreadable where it is damaged or holds no mail."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            return _Reading(file).message((), 0)
    except OSError as error:  # olefile's own errors are some
        raise Unreadable(f"a damaged Outlook file: {type(error).__name__}") from error


class _Reading:
    """One compound file: which streams each of its folders has, and how much was read of them."""

    def __init__(self, file: Any) -> None:
        self.file, self.left = file, MAX_READ
        entries = file.listdir(streams=True, storages=True)
        if len(entries) > MAX_STREAMS:
            raise Unreadable(f"an Outlook file of more than {MAX_STREAMS:,} parts, as only traps are")
        self.below: dict[tuple[str, ...], list[str]] = {}
        for entry in entries:
            self.below.setdefault(tuple(entry[:-1]), []).append(entry[-1])

    def message(self, at: tuple[str, ...], depth: int) -> Message:
        names = self.below.get(at, [])
        if _PROPERTIES not in names:
            raise Unreadable("an Office file that holds no mail")
        fixed = self._fixed(at, "inside" if at else "")
        page = _mapi.charset(fixed.get(_mapi.CODE_PAGE)) or _mapi.charset(fixed.get(_mapi.INTERNET_CODE_PAGE))
        found = Message(fixed | self._strings(at, _OF_MAIL, page))
        for name in sorted(names):
            if name.startswith(_RECIPIENT) and len(found.recipients) < _mapi.MAX_RECIPIENTS:
                place = (*at, name)
                strings = self._strings(place, _OF_RECIPIENT, page)
                found.recipients.append(self._fixed(place, "other") | strings)
            elif name.startswith(_FILE) and len(found.files) < _mapi.MAX_FILES:
                found.files.append(self._attached((*at, name), page, depth))
        return found

    def _attached(self, at: tuple[str, ...], page: str | None, depth: int) -> File:
        properties = self._strings(at, _OF_FILE, page)
        data = properties.get(_mapi.DATA)
        file = File(
            name=_mapi.text(properties, _mapi.LONG_NAME, _mapi.SHORT_NAME, _mapi.NAME),
            content_type=_mapi.text(properties, _mapi.MIME_TYPE),
            data=data if isinstance(data, bytes) else b"",
        )
        if depth < _mapi.MAX_LEVELS and _PROPERTIES in self.below.get((*at, _INSIDE), []):
            file.message = self.message((*at, _INSIDE), depth + 1)
        return file

    def _fixed(self, at: tuple[str, ...], kind: str) -> dict[int, Value]:
        """The properties that fit into the list itself."""
        if _PROPERTIES not in self.below.get(at, []):
            return {}
        data = self._read((*at, _PROPERTIES))[_SKIP[kind] :]
        whole = len(data) // _ENTRY.size * _ENTRY.size
        found: dict[int, Value] = {}
        for form, id, _, inline in _ENTRY.iter_unpack(data[:whole]):
            if form in (_mapi.INTEGER16, _mapi.INTEGER32, _mapi.BOOLEAN, _mapi.TIME):
                value = _mapi.value(form, inline, None)
                if value is not None:
                    found[id] = value
        return found

    def _strings(self, at: tuple[str, ...], wanted: frozenset[int], page: str | None) -> dict[int, Value]:
        """The properties that have streams of their own."""
        found: dict[int, Value] = {}
        for name, id, form in self._streams(at):
            if id in wanted:
                value = _mapi.value(form, self._read((*at, name)), page)
                if value is not None:
                    found[id] = value
        return found

    def _streams(self, at: tuple[str, ...]) -> Iterator[tuple[str, int, int]]:
        for name in self.below.get(at, []):
            digits = name.removeprefix("__substg1.0_")
            if len(digits) == 8 and len(name) == 20:
                try:
                    tag = int(digits, 16)
                except ValueError:
                    continue
                if tag & 0xFFFF in (_mapi.STRING8, _mapi.UNICODE, _mapi.BINARY):
                    yield name, tag >> 16, tag & 0xFFFF

    def _read(self, at: tuple[str, ...]) -> bytes:
        self.left -= int(self.file.get_size(list(at)))
        if self.left < 0:
            raise Unreadable("an Outlook file that unpacks to more than its size, as only traps do")
        data: bytes = self.file.openstream(list(at)).read()
        return data
