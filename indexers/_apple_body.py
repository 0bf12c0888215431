"""The body of a note of Apple Notes: gzip around a protocol buffer of text and runs of attributes.

Field numbers as found by reading such notes, and as https://github.com/threeplanetssoftware/
apple_cloud_notes_parser documents them. Tables are documents of their own: rows and columns in an
order that was merged from edits, and cells that name theirs by UUID.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from indexers._content import Unreadable
from indexers._wire import Fields, Malformed, down, fields, integer, messages, string

MAX_BODY = 20_000_000  # bytes, unpacked
_MAX_RATIO, _FREE = 100, 1_000_000
_OBJECT = "\ufffc"  # stands in the text where something is attached
_NUMBERED = 102  # the style of a numbered list; 100, 101 and 103 are dotted, dashed and checked ones
_MAX_CELLS = 50_000
_DAMAGED = "a damaged note: its text cannot be unpacked"


@dataclass
class Body:
    """What a note says: ``text`` with lists as lists, ``links`` as written."""

    text: str = ""
    links: list[str] = field(default_factory=list)


def unpack(data: bytes) -> bytes:
    """The message in a blob, packed or not. Raises Unreadable where it is damaged or a trap."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    unpacker = zlib.decompressobj(31)
    try:
        found = unpacker.decompress(data, MAX_BODY)
    except zlib.error:
        raise Unreadable(_DAMAGED) from None
    if unpacker.unconsumed_tail or (len(found) > _FREE and len(found) > _MAX_RATIO * len(data)):
        raise Unreadable("this note unpacks to far more than its size, as only traps do")
    if not unpacker.eof:
        raise Unreadable(_DAMAGED)
    return found


def read(data: bytes, attached: Callable[[str, str], str]) -> Body:
    """The body in a blob; ``attached(id, type)`` is the text that stands for what is attached.

    Raises Unreadable where it is none.
    """
    try:
        note = fields(down(unpack(data), 2, 3))
        text = string(note, 2)
        runs = [fields(run) for run in messages(note, 5)]
        return _written(text, runs, attached)
    except Malformed:
        raise Unreadable("not the body of a note, or a damaged one") from None


def _written(text: str, runs: list[Fields], attached: Callable[[str, str], str]) -> Body:
    """The text run by run; a run's length counts UTF-16 units."""
    body, out = Body(), list[str]()
    units, at, number, begins = text.encode("utf-16-le", "surrogatepass"), 0, 0, True
    for run in runs:
        length = 2 * min(integer(run, 1), len(units))
        piece = units[at : at + length].decode("utf-16-le", "replace")
        at += length
        if link := string(run, 9):
            body.links.append(link[:2000])
        if info := messages(run, 12):
            told = fields(info[0])
            piece = piece.replace(_OBJECT, attached(string(told, 1), string(told, 2)), 1)
        style = fields(messages(run, 2)[0]) if messages(run, 2) else {}
        for line in piece.splitlines(keepends=True):
            if begins and line.strip():
                number = number + 1 if integer(style, 1, -1) == _NUMBERED else 0
                out.append(_mark(style, number))
            out.append(line)
            begins = line.endswith("\n")
    out.append(units[at:].decode("utf-16-le", "replace"))
    body.text = "".join(out).replace("\u2028", "\n").replace(_OBJECT, "")
    return body


def _mark(style: Fields, number: int) -> str:
    """What stands before a line of a list."""
    indent = "  " * min(integer(style, 4), 20)
    match integer(style, 1, -1):
        case 100 | 101:
            return f"{indent}- "
        case 102:
            return f"{indent}{number}. "
        case 103:
            todo = messages(style, 5)
            done = bool(todo) and integer(fields(todo[0]), 2) == 1
            return f"{indent}- [{'x' if done else ' '}] "
    return ""


def table(data: bytes) -> str:
    """The cells of a table, a row a line. Raises Unreadable where it is none, or a damaged one."""
    try:
        return _Table(fields(down(unpack(data), 2, 3))).text()
    except (Malformed, LookupError, RecursionError):
        raise Unreadable("not a table of a note, or a damaged one") from None


class _Table:
    """A mergeable document: objects that name each other by number."""

    def __init__(self, document: Fields) -> None:
        self.objects = [fields(one) for one in messages(document, 3, 1)]
        self.keys = [key.decode("utf-8", "replace") for key in messages(document, 4)]
        self.types = [name.decode("utf-8", "replace") for name in messages(document, 5)]
        self.uuids = {uuid: number for number, uuid in enumerate(messages(document, 6))}

    def text(self) -> str:
        for entry in self.objects:
            for map_ in messages(entry, 13):
                told = fields(map_)
                if self.types[integer(told, 1)] == "com.apple.notes.ICTable":
                    return self._rows(told)
        raise Malformed

    def _rows(self, root: Fields) -> str:
        parts: dict[str, Fields] = {}
        for entry in messages(root, 3):
            told = fields(entry)
            parts[self.keys[integer(told, 1)]] = self._object(messages(told, 2, 1)[0])
        rows, columns = self._order(parts["crRows"]), self._order(parts["crColumns"])
        cells = self._cells(parts["cellColumns"], rows, columns)
        width, height = max(columns.values(), default=-1) + 1, max(rows.values(), default=-1) + 1
        if width * height > _MAX_CELLS:
            raise Malformed
        lines = (" | ".join(cells.get((row, column), "") for column in range(width)) for row in range(height))
        return "\n".join(line for line in lines if line.strip(" |"))

    def _object(self, reference: bytes) -> Fields:
        return self.objects[integer(fields(reference), 6)]

    def _uuid(self, reference: bytes) -> int:
        """The number of the UUID that an object stands for."""
        first = fields(messages(fields(messages(self._object(reference), 13, 1)[0]), 3, 1)[0])
        return integer(fields(messages(first, 2, 1)[0]), 2)

    def _order(self, entry: Fields) -> dict[int, int]:
        """UUID → position, also under the UUIDs that edits of other devices gave it."""
        ordering = fields(down(messages(entry, 16, 1)[0], 1))
        places: dict[int, int] = {}
        for attachment in messages(fields(messages(ordering, 1, 1)[0]), 2):
            uuid = self.uuids[messages(fields(attachment), 2, 1)[0]]
            places[uuid] = len(places)
        for element in messages(fields(messages(ordering, 2, 1)[0]), 1):
            told = fields(element)
            one, other = self._uuid(messages(told, 1, 1)[0]), self._uuid(messages(told, 2, 1)[0])
            if one in places:
                places[other] = places[one]
        return places

    def _cells(
        self, entry: Fields, rows: dict[int, int], columns: dict[int, int]
    ) -> dict[tuple[int, int], str]:
        cells: dict[tuple[int, int], str] = {}
        for element in messages(fields(messages(entry, 6, 1)[0]), 1):
            told = fields(element)
            column = columns.get(self._uuid(messages(told, 1, 1)[0]))
            below = messages(self._object(messages(told, 2, 1)[0]), 6)
            for cell in messages(fields(below[0]), 1) if below and column is not None else ():
                inner = fields(cell)
                row = rows.get(self._uuid(messages(inner, 1, 1)[0]))
                note = messages(self._object(messages(inner, 2, 1)[0]), 10)
                if row is not None and column is not None and note and len(cells) < _MAX_CELLS:
                    cells[row, column] = " ".join(string(fields(note[0]), 2).split())
        return cells
