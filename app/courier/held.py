"""What is held of a collection, told in few bytes: names that end in ``=`` and a number as sets of numbers.

A mailbox of a million mails is so told in some bytes for each run of mails with the same flags, where
their names alone would be more than travels at once. The sets are written as in RFC 3501: ``1:5,9``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import field

from app.core.types import Record


class Held(Record, frozen=True, kw_only=True):
    """Names with their stamps: ``runs`` are stem → stamp → set of the numbers that follow the stem."""

    runs: dict[str, dict[str, str]] = field(default_factory=dict)
    rest: dict[str, str] = field(default_factory=dict)


def told(names: Mapping[str, str]) -> Held:
    """``names`` (name → stamp) as they travel."""
    found: dict[str, dict[str, list[int]]] = {}
    rest: dict[str, str] = {}
    for name, stamp in names.items():
        stem, _, tail = name.rpartition("=")
        if stem and _is_number(tail):
            found.setdefault(stem, {}).setdefault(stamp, []).append(int(tail))
        else:
            rest[name] = stamp
    runs = {
        f"{stem}=": {stamp: sequence(numbers) for stamp, numbers in stamps.items()}
        for stem, stamps in found.items()
    }
    return Held(runs=runs, rest=rest)


def _is_number(text: str) -> bool:
    """As one is written: without what would be lost in reading it back."""
    return text.isdigit() and text.isascii() and text[0] != "0" and len(text) <= 10


def names(held: Held) -> Iterator[tuple[str, str]]:
    """(name, stamp) of all of them."""
    yield from held.rest.items()
    for stem in held.runs:
        for number, stamp in numbered(held, stem):
            yield f"{stem}{number}", stamp


def numbered(held: Held, stem: str) -> Iterator[tuple[int, str]]:
    """(number, stamp) of those whose name is ``stem`` and a number."""
    for stamp, written in held.runs.get(stem, {}).items():
        for first, last in spans(written):
            for number in range(first, last + 1):
                yield number, stamp


def sequence(numbers: Iterable[int]) -> str:
    """The shortest set of these numbers."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number <= runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(f"{low}" if low == high else f"{low}:{high}" for low, high in runs)


def spans(written: str) -> Iterator[tuple[int, int]]:
    """(first, last) of each part of a set; what is none of it counts for nothing."""
    for piece in written.split(","):
        low, _, high = piece.partition(":")
        first, last = sorted((_number(low), _number(high or low)))
        if first:
            yield first, last


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
