"""Whether a tree of Maildirs is as it was: told by its folders alone, however many mails lie in them.

A mail in a Maildir never changes in place: it comes, goes and is renamed, and each of these sets the time
of its folder (https://cr.yp.to/proto/maildir.html).
"""

from __future__ import annotations

import os
import time

MOST = 5_000  # folders of one tree
_SURE_NS = 3_000_000_000  # younger, a folder may change once more without its time showing it (FAT: 2 s)
_MAILS = ("cur", "new", "tmp")
_SERVERS = ("dovecot", "maildirfolder", "courierimap", "subscriptions")


def folders(root: str) -> dict[str, str] | None:
    """path → stamp of ``root`` and every folder below it; None where anything else holds files.

    To be taken before the files are listed: what comes meanwhile then shows the next time.
    """
    found: dict[str, str] = {}
    seen: set[tuple[int, int]] = set()
    todo = [(root, False)]
    while todo:
        folder, of_mails = todo.pop()
        try:
            info = os.stat(folder)  # noqa: PTH116 - thousands of times
            if (info.st_dev, info.st_ino) in seen:
                continue
            seen.add((info.st_dev, info.st_ino))
            found[folder] = _stamp(info)
            inside: list[os.DirEntry[str]] = []
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir():
                        inside.append(entry)
                    elif not of_mails and not entry.name.startswith((".", *_SERVERS)):
                        return None
            maildir = any(entry.name == "cur" for entry in inside)  # other folders may be called "new" too
            todo += [(entry.path, maildir and entry.name in _MAILS) for entry in inside]
        except OSError:
            return None
        if len(found) + len(todo) > MOST:
            return None
    return found


def settled(stamps: dict[str, str]) -> bool:
    """Whether no folder changed so shortly ago that another change might have the same time."""
    latest = time.time_ns() - _SURE_NS
    return all(int(stamp.rpartition("-")[2]) < latest for stamp in stamps.values())


def same(stamps: dict[str, str]) -> bool:
    """Whether every folder has its stamp still; a new one shows in that it lies in."""
    try:
        return bool(stamps) and all(_stamp(os.stat(path)) == was for path, was in stamps.items())  # noqa: PTH116
    except OSError:
        return False


def _stamp(info: os.stat_result) -> str:
    return f"{info.st_dev:x}-{info.st_ino:x}-{info.st_mtime_ns}"
