"""A place for a file that no other user and no disk gets to see, for libraries that only take a path."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Generator
from pathlib import Path


@contextlib.contextmanager
def private_path() -> Generator[Path, None, None]:
    """A path to write and read until the end of the block; what lay there is then gone.

    On Linux it is memory (memfd); elsewhere a temporary file that only this user may open.
    """
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("homebody")
        try:
            yield Path(f"/proc/self/fd/{descriptor}")
        finally:
            os.close(descriptor)
        return
    descriptor, name = tempfile.mkstemp(prefix="homebody-")
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
