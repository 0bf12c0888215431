"""A service whose process takes as much memory as it is told to: a base at its start, more at work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from app.workers.service import Service

MiB = 2**20


class Eater(Protocol):
    def eat(self, *, upto: int, by: int) -> Iterator[int]:
        """Grow to ``upto`` MiB beyond the base, ``by`` MiB a step, and stay so."""
        ...

    def rest(self) -> int: ...


class _Eater:
    def __init__(self, base: int) -> None:
        self._base = _touched(base)
        self._more: list[bytearray] = []

    def eat(self, *, upto: int, by: int) -> Iterator[int]:
        held = sum(map(len, self._more)) // MiB
        while held < upto:
            self._more.append(_touched(by))
            held += by
            yield held

    def rest(self) -> int:
        return len(self._base)


def _touched(size: int) -> bytearray:
    """Every page written to, so that it is resident; and nothing beside it, not even for a moment."""
    data = bytearray(size * MiB)
    data[::4096] = b"\x01" * (len(data) // 4096)
    return data


def service(config: dict[str, Any]) -> Service:
    return Service({Eater: _Eater(int(config["base"]))})
