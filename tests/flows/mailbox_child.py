"""A process that indexes a large mailbox as the app does, and says how far it is; another kills it.

Arguments: the data folder, the recovery code, the mailbox, and its kind of source where that is another
(an export of notes). Lines on standard output: ``read N`` after each commit with how many mails it had new or
again, ``memory BYTES`` and ``done`` at the end.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from app.core.paths import Paths
from app.core.types import SourceState
from app.flows import files, index, opening
from app.flows.context import Home
from app.store.index import Batch


def main(data: str, code: str, mailbox: str, kind: str = "mail") -> None:
    home = opening.unlock(Paths(Path(data)), code, -1, asked=True)
    if not home.index.sources():
        index.add_source(home, kind=kind, path=mailbox)

    def keep(home: Home, source: SourceState, batch: list[Batch], counts: index._Counts):  # type: ignore[no-untyped-def]
        yield from index._keep(home, source, batch, counts)
        say(f"read {_mails(batch)}")

    say("ready")
    for source in home.index.sources():
        for _ in files.sync(home, source, index._Counts(), keep):
            pass
    say(f"memory {_peak()}")
    say("done")
    opening.close(home)


def _peak() -> int:
    """Most resident bytes since it began; ``getrusage`` counts what the process that started it had."""
    status = Path("/proc/self/status").read_text(encoding="utf-8").split()
    return int(status[status.index("VmHWM:") + 1]) * 1024


def _mails(batch: Sequence[Batch]) -> int:
    return sum(item.kind in ("mail", "note") for part in batch for item in part.items)


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
