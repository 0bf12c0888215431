"""Workbooks of Excel 97 to 2003 (MS-XLS, BIFF8; the older BIFF5 as far as it is the same): their cells."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import datetime, timedelta

from indexers._content import Content, Unreadable
from indexers._ole import Compound
from indexers._ooxml import _BUILT_IN_DATES, MAX_CELLS, is_date, shown
from indexers._text import MAX_TEXT

_FORMULA, _STRING, _EOF, _DATE_MODE, _LOCK, _CONTINUE = 0x0006, 0x0207, 0x000A, 0x0022, 0x002F, 0x003C
_SHEET, _MULTIPLE, _XF, _SHARED, _LABEL_SHARED = 0x0085, 0x00BD, 0x00E0, 0x00FC, 0x00FD
_NUMBER, _LABEL, _RK, _FORMAT, _BOF = 0x0203, 0x0204, 0x027E, 0x041E, 0x0809
_BIFF8 = 0x0600
_MOST_STRINGS = 1_000_000


def read(data: bytes) -> Content:
    """The sheets under their names, a line a row, cells as they are shown."""
    with Compound(data) as file:
        name = next((name for name in ("Workbook", "Book") if name in file), "")
        if not name:
            raise Unreadable("not an Excel workbook: its sheets are missing")
        book = _Book(file.read(name))
        try:
            lines = list(book.lines())
        except (struct.error, IndexError):
            raise Unreadable("damaged: one of its records ends in the middle") from None
        content = file.told(["\n".join(lines)])
        content.cut = book.cut
        return content


class _Book:
    def __init__(self, stream: bytes) -> None:
        self.stream, self.cut = stream, ""
        self.wide = True
        self.epoch = datetime(1899, 12, 30)
        self.names: list[str] = []
        self.strings: list[str] = []
        self.formats: dict[int, str] = {}
        self.styles: list[int] = []
        self._row, self._line = -1, list[str]()
        self._cells = self._chars = 0
        self._pending = False  # a formula's text comes in the next record

    def records(self) -> Iterator[tuple[int, bytes]]:
        """(kind, body) of each record; a table of texts comes with all that continue it."""
        at = 0
        while at + 4 <= len(self.stream):
            kind, size = struct.unpack_from("<HH", self.stream, at)
            yield kind, self.stream[at + 4 : at + 4 + size]
            at += 4 + size

    def lines(self) -> Iterator[str]:
        """What the sheets say."""
        sheet, shared = -1, list[bytes]()
        for kind, body in self.records():
            if shared and kind != _CONTINUE:
                self.strings = list(_Shared(shared).strings())
                shared = []
            if kind == _SHARED or (kind == _CONTINUE and shared):
                shared.append(body)
            elif kind == _BOF:
                self.wide = struct.unpack_from("<H", body)[0] == _BIFF8
                sheet += 1
                if 0 < sheet <= len(self.names):
                    yield f"Sheet: {self.names[sheet - 1]}"
            elif kind == _EOF:
                yield from self._end_row()
            elif sheet > 0:
                yield from self._cell_record(kind, body)
            else:
                self._global(kind, body)
            if self._cells > MAX_CELLS or self._chars > MAX_TEXT:
                self.cut = f"a table of more than {min(self._cells, MAX_CELLS):,} cells: only those were read"
                return
        yield from self._end_row()

    def _global(self, kind: int, body: bytes) -> None:
        if kind == _LOCK:
            raise Unreadable("this workbook is locked with a password")
        if kind == _SHEET:
            self.names.append(self._text(body, 6, short=True))
        elif kind == _DATE_MODE and body[:1] == b"\1":
            self.epoch = datetime(1904, 1, 1)
        elif kind == _FORMAT:
            self.formats[struct.unpack_from("<H", body)[0]] = self._text(body, 2, short=not self.wide)
        elif kind == _XF:
            self.styles.append(struct.unpack_from("<H", body, 2)[0])

    def _cell_record(self, kind: int, body: bytes) -> Iterator[str]:
        if kind == _STRING and self._pending:
            self._line.append(self._text(body, 0))
            self._pending = False
            return
        if kind not in (_LABEL_SHARED, _LABEL, _NUMBER, _RK, _MULTIPLE, _FORMULA):
            return
        row, _, style = struct.unpack_from("<HHH", body)
        if row != self._row:
            yield from self._end_row()
            self._row = row
        self._cells += 1
        if kind == _LABEL_SHARED:
            at = struct.unpack_from("<I", body, 6)[0]
            self._line.append(self.strings[at] if at < len(self.strings) else "")
        elif kind == _LABEL:
            self._line.append(self._text(body, 6))
        elif kind == _NUMBER:
            self._line.append(self._shown(struct.unpack_from("<d", body, 6)[0], style))
        elif kind == _RK:
            self._line.append(self._shown(_rk(struct.unpack_from("<I", body, 6)[0]), style))
        elif kind == _MULTIPLE:
            for at in range(4, len(body) - 6, 6):
                style, packed = struct.unpack_from("<HI", body, at)
                self._line.append(self._shown(_rk(packed), style))
                self._cells += 1
        elif body[12:14] != b"\xff\xff":
            self._line.append(self._shown(struct.unpack_from("<d", body, 6)[0], style))
        else:
            self._pending = body[6:7] == b"\0"

    def _end_row(self) -> Iterator[str]:
        line = " | ".join(cell for cell in self._line if cell.strip())
        self._line, self._pending, self._row = [], False, -1
        self._chars += len(line)
        if line:
            yield line

    def _text(self, body: bytes, at: int, *, short: bool = False) -> str:
        """A string with its length before it: of one byte when ``short``, else of two."""
        length = body[at] if short else struct.unpack_from("<H", body, at)[0]
        at += 1 if short else 2
        if not self.wide:
            return body[at : at + length].decode("cp1252", "replace")
        if body[at] & 1:
            return body[at + 1 : at + 1 + 2 * length].decode("utf-16-le", "replace")
        return body[at + 1 : at + 1 + length].decode("latin-1")

    def _shown(self, number: float, style: int) -> str:
        form = self.styles[style] if style < len(self.styles) else 0
        if (form in _BUILT_IN_DATES or is_date(self.formats.get(form, "general"))) and 0 <= number < 200_000:
            date = self.epoch + timedelta(days=number, milliseconds=0.5)
            return f"{date:%Y-%m-%d}" if number == int(number) else f"{date:%Y-%m-%d %H:%M}"
        return shown(number)


def _rk(packed: int) -> float:
    """A number of 30 bits (MS-XLS 2.5.217)."""
    if packed & 2:
        whole = packed >> 2
        number = float(whole - (1 << 30) if whole & (1 << 29) else whole)
    else:
        number = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0]
    return number / 100 if packed & 1 else number


class _Shared:
    """The texts that cells share; one may go on in the next record, then with a new sign of its width."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces, self._piece, self._at = pieces, 0, 8

    def strings(self) -> Iterator[str]:
        count = struct.unpack_from("<I", self._pieces[0], 4)[0]
        for _ in range(min(count, _MOST_STRINGS)):
            head = self._take(3)
            if len(head) < 3:
                return
            length, flags = struct.unpack("<HB", head)
            runs = struct.unpack("<H", self._take(2))[0] if flags & 8 else 0
            extra = struct.unpack("<I", self._take(4))[0] if flags & 4 else 0
            yield self._chars(length, flags & 1)
            self._take(4 * runs)
            self._take(min(extra, 1_000_000))

    def _chars(self, length: int, wide: int) -> str:
        text: list[str] = []
        while length > 0:
            if self._at >= len(self._pieces[self._piece]):
                if self._piece + 1 >= len(self._pieces):
                    break
                self._piece, self._at = self._piece + 1, 1
                wide = self._pieces[self._piece][0] & 1 if self._pieces[self._piece] else 0
            here = self._pieces[self._piece][self._at : self._at + length * (1 + wide)]
            if not here:
                self._at += 1
                continue
            text.append(here.decode("utf-16-le" if wide else "latin-1", "replace"))
            self._at += len(here)
            length -= max(1, len(here) // (1 + wide))
        return "".join(text)

    def _take(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            here = self._pieces[self._piece][self._at : self._at + size - len(data)]
            data += here
            self._at += len(here)
            if len(data) < size:
                if self._piece + 1 >= len(self._pieces):
                    break
                self._piece, self._at = self._piece + 1, 0
        return data
