"""Walking a person's folders: regular files only, no loops, stamps and uris that stay the same."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from indexers.item import Skipped, Unit

HEAD = 4096  # bytes that decide what a file is


def uri(path: Path) -> str:
    """``file:///…`` of the absolute path, percent-encoded; links are not resolved."""
    return Path(os.path.abspath(path)).as_uri()  # noqa: PTH100 - Path.resolve would follow links


def absolute(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - Path.resolve would follow links


def head(path: Path, size: int = HEAD) -> bytes:
    with path.open("rb", buffering=0) as file:
        return file.read(size)


def walk(root: Path, *, enter_hidden: bool = False) -> Iterator[Path | Skipped]:
    """Regular files under ``root`` (or ``root`` itself) in a stable order; hidden ones are passed over.

    Links to folders are followed once. Devices, pipes and sockets are never opened.
    """
    if not root.is_dir():
        yield from _regular(root)
        return
    seen: set[tuple[int, int]] = set()
    todo = [root]
    while todo:
        folder = todo.pop()
        try:
            info = folder.stat()
            if (info.st_dev, info.st_ino) in seen:
                continue
            seen.add((info.st_dev, info.st_ino))
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield Skipped(uri=uri(folder), reason=f"this folder could not be read: {why(error)}")
            continue
        folders = []
        for entry in entries:
            path = Path(entry.path)
            if _is_folder(entry):
                if enter_hidden or not entry.name.startswith("."):
                    folders.append(path)
            elif not entry.name.startswith("."):
                yield from _regular(path)
        todo.extend(reversed(folders))


def unit(path: Path) -> Unit | Skipped:
    """The file with its stamp (size and modification time); Skipped where it cannot be looked at."""
    try:
        info = path.stat()
    except OSError as error:
        return Skipped(uri=uri(path), reason=f"this file could not be read: {why(error)}")
    return Unit(path=absolute(path), stamp=f"{info.st_size}-{info.st_mtime_ns}")


def why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _regular(path: Path) -> Iterator[Path | Skipped]:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        yield Skipped(uri=uri(path), reason=f"this file could not be read: {why(error)}")
        return
    if not stat.S_ISREG(mode):
        yield Skipped(uri=uri(path), reason="not a file but a device, pipe or socket")
        return
    try:
        str(path).encode()
    except UnicodeEncodeError:
        yield Skipped(uri=uri(path), reason="the file's name is not valid UTF-8; rename it to have it read")
        return
    yield path
