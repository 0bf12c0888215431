"""One process owns a data folder: a lock that the operating system drops when that process ends."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path
from types import TracebackType

from app.core.errors import AnotherInstance
from app.core.paths import Paths


class DataLock:
    """``with DataLock(paths):`` raises AnotherInstance while another process holds the folder."""

    def __init__(self, paths: Paths) -> None:
        self._path = paths.lock_file
        self._fd = -1

    def __enter__(self) -> DataLock:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fd = _opened(self._path)
        try:
            _take(fd)
        except OSError as error:
            owner = (
                os.pread(fd, 20, 1).decode("ascii", "replace").strip("\0 \n") if hasattr(os, "pread") else ""
            )
            os.close(fd)
            raise AnotherInstance(
                "Homebody is already running on this data folder",
                where=f"{self._path.parent}" + (f", process {owner}" if owner else ""),
                remedy="use that one, or quit it first",
            ) from error
        # The first byte is what Windows locks and nobody else can then read; the number comes after it.
        self._fd = fd
        with contextlib.suppress(OSError):  # a disk that is full or read-only does not keep the number
            os.ftruncate(fd, 0)
            os.write(fd, f" {os.getpid()}\n".encode())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._fd >= 0:
            os.close(self._fd)  # the file stays: removing it would let two processes lock two files
            self._fd = -1


def _opened(path: Path) -> int:
    """A file of a disk that is read-only can be locked as well."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
        return os.open(path, os.O_RDONLY)


def _take(fd: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(fd, 0, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
