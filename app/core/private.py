"""Places no other user gets to see: for libraries that only take a path, and for what is not whole yet."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import psutil

from app.core.errors import NotFound

_NAME = 100  # characters of a name that are taken over


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

    It is empty, of a name nobody has, and gone at the end with what is left in it, or when the next one
    is made after a kill. Raises NotFound where there is no place for ``target``.
    """
    check_place(target)
    start = f".{target.name[:_NAME]}-"
    for left in target.parent.glob(f"{glob.escape(start)}*.making"):
        pid = left.name.removeprefix(start).partition("-")[0]
        if pid.isdecimal() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{start}{os.getpid()}-", suffix=".making", dir=target.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_place(target: Path) -> None:
    """Raises NotFound where the folder that ``target`` is to lie in is missing."""
    if not target.parent.is_dir():
        raise NotFound("no such folder", where=str(target.parent), remedy="make it, or choose another place")
