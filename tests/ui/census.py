"""What a process of ours holds: threads, timers, Qt's objects by class, files, and memory."""

from __future__ import annotations

import gc
import sys
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from shiboken6 import Shiboken

# Made by Qt for what is shown at the moment, and by the display for what is plugged into it.
_PASSING = {"QPropertyAnimation", "QWidgetAnimator", "QStyleAnimation", "QScrollBarStyleAnimation", "QScreen"}
_POOL = "job"


def objects() -> Counter[str]:
    """How many there are of each class: whatever Python knows of, and all that hangs below it."""
    gc.collect()
    roots = [each for each in Shiboken.getAllValidWrappers() if isinstance(each, QObject)]
    seen: dict[int, str] = {}
    for root in (*roots, *QApplication.topLevelWidgets(), QApplication.instance()):
        if root is not None and Shiboken.isValid(root):
            for each in (root, *root.findChildren(QObject)):
                seen[Shiboken.getCppPointer(each)[0]] = type(each).__name__
    return Counter(name for name in seen.values() if name not in _PASSING)


def threads() -> Counter[str]:
    """By name; those of the pool, which come as they are needed and stay, count as one."""
    found = Counter(each.name.partition("_")[0] for each in threading.enumerate() if each.is_alive())
    return found - Counter({_POOL: max(0, found[_POOL] - 1)})


def files() -> Counter[str]:
    """What the open ones are: paths, and pipes and sockets by their kind; not those threads wait with."""
    found = Counter[str]()
    for each in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one that lists them is closed by now
            found[each.readlink().as_posix().partition(":[")[0]] += 1
    del found["anon_inode"]
    return found


def own(pid: int) -> tuple[int, int]:
    """Bytes of a process: resident, and its share of them where several have the same (PSS). 0 if gone."""
    try:
        held = psutil.Process(pid).memory_full_info()
    except psutil.Error:
        return 0, 0
    return int(held.rss), int(getattr(held, "pss", held.rss))


def python() -> Counter[str]:
    """How many objects of each type Python's collector looks after."""
    gc.collect()
    return Counter(f"{type(each).__module__}.{type(each).__qualname__}" for each in gc.get_objects())


def grown(before: Counter[str], after: Counter[str], *, least: int = 1) -> dict[str, int]:
    """What there is more of, by at least ``least``."""
    return {name: after[name] - before[name] for name in after if after[name] - before[name] >= least}


def told(found: dict[str, int], most: int = 12) -> str:
    ordered = sorted(found.items(), key=lambda one: -one[1])[:most]
    return ", ".join(f"{name} +{count}" for name, count in ordered)


def holders(kind: str, *, depth: int = 3) -> str:
    """Who holds one object of a class: for whoever looks for a leak."""
    found = [each for each in gc.get_objects() if type(each).__name__ == kind]
    lines: list[str] = []

    def walk(one: Any, level: int) -> None:
        for holder in gc.get_referrers(one):
            if holder is found or holder is sys._getframe() or type(holder).__name__ == "frame":
                continue
            lines.append("  " * level + repr(holder)[:160])
            if level < depth:
                walk(holder, level + 1)

    if found:
        walk(found[-1], 0)
    return "\n".join(lines[:60])
