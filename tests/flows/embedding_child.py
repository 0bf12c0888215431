"""A process that indexes what a home's sources hold, a few passages at a time; others kill it.

Arguments: the data folder and the passphrase. After each portion of vectors it says so.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.core.paths import Paths
from app.core.types import Progress
from app.flows import index, opening


def main(data: str, passphrase: str) -> None:
    index.EMBED_BATCH, index.PROGRESS_EVERY_S = 4, 0.0
    home = opening.unlock(Paths(Path(data)), passphrase, -1, asked=True)
    for step in index.index(home):
        if isinstance(step, Progress) and step.stage == "embed":
            os.write(1, f"{step.done} of {step.total}\n".encode())
    opening.close(home)


if __name__ == "__main__":
    main(*sys.argv[1:])
