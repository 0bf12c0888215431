"""The reader process with an indexer that takes too much: time, memory, or time with signs of life."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.workers import reader
from app.workers.service import Service
from indexers import _pulse
from indexers.item import Skipped


def read(path: Path) -> Iterator[Skipped]:
    began = time.process_time()
    if path.name == "slow":
        while time.process_time() - began < 60:
            pass
    elif path.name == "beats":
        while time.process_time() - began < 1.5 * _pulse.FILE_S:
            _pulse.beat()
    else:
        kept = []
        while True:
            kept.append(
                bytes(50_000_000)
            )  # never written to: taking it costs no time, also on a busy machine
    yield Skipped(uri=path.as_uri(), reason="it came to its end")


def service(config: dict[str, Any]) -> Service:
    reader.load = lambda name: SimpleNamespace(read=read)  # type: ignore[assignment,return-value]
    return reader.service(config)
