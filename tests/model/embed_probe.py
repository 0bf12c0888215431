"""The embedder's own service, in a process that also tells what it has imported."""

from __future__ import annotations

import sys
from typing import Any, Protocol

from app.model import embed
from app.workers.service import Service


class Probe(Protocol):
    def modules(self) -> tuple[str, ...]: ...


class Imported:
    def modules(self) -> tuple[str, ...]:
        return tuple(sorted(name for name, module in sys.modules.items() if module is not None))


def service(config: dict[str, Any]) -> Service:
    return Service({**embed.service(config).serves, Probe: Imported()})
