"""A process that indexes a folder as the app does and says what is on disk; others kill or trace it.

Arguments: the data folder, the recovery code, where notes are, and the value of ``synchronous``.
Each uri is written to standard output once the store says that it is kept.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np

from app.core.paths import Paths
from app.core.types import Indexed, Removed
from app.flows import files, index, opening
from app.store import db


def main(data: str, code: str, notes: str, synchronous: str) -> None:
    db._ASSERTED["synchronous"] = int(synchronous)
    files.BATCH_UNITS = 5  # many commits, so that there is much to interrupt
    home = opening.unlock(Paths(Path(data)), code, -1, asked=True)
    if not home.index.sources():
        index.add_source(home, kind="notes", path=notes)
    say("ready")
    counts = index._Counts()
    for source in home.index.sources():
        for step in files.sync(home, source, counts, index._keep):
            if isinstance(step, Indexed | Removed):
                say(f"{type(step).__name__.lower()} {step.uri}")
    while pending := home.vectors.pending(8):
        matrix = np.ones((len(pending), 64), np.float32)
        home.vectors.add([id for id, _ in pending], matrix, model="m")
        say(f"embedded {' '.join(str(id) for id, _ in pending)}")
        id = home.conversations.create("a title " * 20)
        say(f"conversation {id}")
    say("done")
    opening.close(home)


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
