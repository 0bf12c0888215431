"""Walking a person's folders: regular files only, no loops, stamps and uris that stay the same."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

from indexers.item import Skipped, Unit

HEAD = 4096  # bytes that decide what a file is


_name = attrgetter("name")


def uri(path: Path) -> str:
    """``file:///…`` of the absolute path, percent-encoded; links are not resolved."""
    return Path(os.path.abspath(path)).as_uri()  # noqa: PTH100 - Path.resolve would follow links


def absolute(path: Path) -> str:
    told = str(path)
    if told[:1] == os.sep == "/" and "/." not in told:  # nothing to do, as for nearly all
        return told
    return os.path.abspath(told)  # noqa: PTH100 - Path.resolve would follow links


def head(path: Path, size: int = HEAD) -> bytes:
    with path.open("rb", buffering=0) as file:
        return file.read(size)


def walk(root: Path, *, enter_hidden: bool = False) -> Iterator[Path | Skipped]:
    """Regular files under ``root`` (or ``root`` itself) in a stable order; hidden ones are passed over.

    Links to folders are followed once. Devices, pipes and sockets are never opened.
    """
    if not root.is_dir():
        yield from regular(root)
        return
    for found in folders(root, enter_hidden=enter_hidden):
        if isinstance(found, Skipped):
            yield found
        else:
            for entry in found[1]:
                yield from regular(Path(entry.path))


def folders(
    root: Path, *, enter_hidden: bool = False
) -> Iterator[tuple[Path, list[os.DirEntry[str]]] | Skipped]:
    """``root`` and every folder below it, with what lies in it and is neither a folder nor hidden."""
    seen: set[tuple[int, int]] = set()
    todo = [root]
    while todo:
        folder = todo.pop()
        try:
            info = folder.stat()
            if (info.st_dev, info.st_ino) in seen:
                continue
            seen.add((info.st_dev, info.st_ino))
            entries = sorted(os.scandir(folder), key=_name)
        except OSError as error:
            yield Skipped(uri=uri(folder), reason=f"this folder could not be read: {why(error)}")
            continue
        below = [entry for entry in entries if _is_folder(entry)]
        if below:
            folders_here = set(below)
            entries = [entry for entry in entries if entry not in folders_here]
        yield folder, [entry for entry in entries if not entry.name.startswith(".")]
        inside = (entry for entry in below if enter_hidden or not entry.name.startswith("."))
        todo.extend(reversed([Path(entry.path) for entry in inside]))


def entry_unit(entry: os.DirEntry[str], folder: str) -> Unit | Skipped:
    """As :func:`regular` and :func:`unit` for a file just listed; ``folder`` is absolute and ends in /."""
    name = entry.name
    try:
        info = entry.stat()
        if stat.S_ISREG(info.st_mode) and (name.isascii() or name.encode()):
            return _unit(folder + name, info)
    except (OSError, UnicodeEncodeError):
        pass  # why is said where it is looked at again
    found = next(regular(Path(entry.path)))
    return found if isinstance(found, Skipped) else unit(found)


def unit(path: Path) -> Unit | Skipped:
    """The file with its stamp (size and modification time); Skipped where it cannot be looked at."""
    try:
        info = path.stat()
    except OSError as error:
        return Skipped(uri=uri(path), reason=f"this file could not be read: {why(error)}")
    return _unit(absolute(path), info)


def _unit(path: str, info: os.stat_result) -> Unit:
    file = f"{info.st_dev:x}-{info.st_ino:x}" if info.st_ino else ""
    return Unit(path=path, stamp=f"{info.st_size}-{info.st_mtime_ns}", file=file)


def concerned(root: Path, changed: Path) -> Path | None:
    """Where each file is told by itself and hidden ones are passed over: what changed, if that is not."""
    hidden = any(part.startswith(".") for part in changed.relative_to(root).parts)
    return None if hidden else changed


def why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def regular(path: Path) -> Iterator[Path | Skipped]:
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
