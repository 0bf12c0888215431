"""Protocol buffers without their schema: the fields of one message, as far as one looks into it.

Source: https://protobuf.dev/programming-guides/encoding/. Nothing recurses: a caller goes down by name.
"""

from __future__ import annotations

_MAX_FIELDS = 500_000

Fields = dict[int, list[int | bytes]]


class Malformed(Exception):
    """These bytes are no message."""


def fields(data: bytes) -> Fields:
    """Field number → its values, numbers and byte strings, in order. Raises Malformed."""
    found: Fields = {}
    at, end, count = 0, len(data), 0
    while at < end:
        key, at = _number(data, at, end)
        number, kind = key >> 3, key & 7
        value: int | bytes
        if kind == 0:
            value, at = _number(data, at, end)
        elif kind in (1, 2, 5):
            size = {1: 8, 5: 4}.get(kind, 0)
            if kind == 2:
                size, at = _number(data, at, end)
            if at + size > end:
                raise Malformed
            value, at = data[at : at + size], at + size
        else:
            raise Malformed
        count += 1
        if number == 0 or count > _MAX_FIELDS:
            raise Malformed
        found.setdefault(number, []).append(value)
    return found


def _number(data: bytes, at: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= end or shift > 63:
            raise Malformed
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def down(data: bytes, *path: int) -> bytes:
    """The message that lies below ``path``, the first of each; Malformed where there is none."""
    for number in path:
        data = messages(fields(data), number, 1)[0] if data else b""
    return data


def messages(found: Fields, number: int, least: int = 0) -> list[bytes]:
    """The byte strings of a field; Malformed where there are fewer than ``least``."""
    values = [value for value in found.get(number, ()) if isinstance(value, bytes)]
    if len(values) < least:
        raise Malformed
    return values


def integer(found: Fields, number: int, default: int = 0) -> int:
    value = found.get(number, [default])[0]
    return value if isinstance(value, int) else default


def string(found: Fields, number: int) -> str:
    value = found.get(number, [b""])[0]
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""
