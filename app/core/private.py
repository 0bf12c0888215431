"""Places no other user gets to see: for libraries that only take a path, and for what is not whole yet."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

from app.core.errors import NotFound


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


@contextlib.contextmanager
def folder_beside(target: Path) -> Generator[Path, None, None]:
    """A new folder next to ``target`` to make it in; what is made there can be renamed into its place.

    It is empty, of a name nobody has, and gone at the end with what is left in it. Raises NotFound
    where there is no place for ``target``.
    """
    if not target.parent.is_dir():
        raise NotFound("no such folder", where=str(target.parent), remedy="make it, or choose another place")
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
