"""Which of the files that went and of those that came are the same file under another name.

By what the file system says (device and inode, where those mean something, with the same size and time),
by what the watcher has seen, or by the same name, size and time elsewhere. A path that is still there keeps
its items, whatever became of the file it was: programs save by writing another file in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePath

from app.store.index import FileState
from indexers.item import Unit

Seen = Sequence[tuple[str, str]]  # from, to: a file or a folder, in the order in which it happened


def found(
    before: Mapping[str, FileState], now: Mapping[str, Unit], seen: Seen, *, steady: bool
) -> list[tuple[str, Unit]]:
    """(the path before, the file now) of each that moved. ``before`` has only what was looked for.

    ``steady``: the file system gives a file the same inode at all times.
    """
    gone = {path: state for path, state in before.items() if path not in now}
    came = {path: unit for path, unit in now.items() if path not in before}
    moves: dict[str, str] = {}
    if steady:
        _pair(moves, gone, came, _inode, lambda unit: f"{unit.file} {unit.stamp}" if unit.file else "")
    for path in gone:
        to = followed(path, seen)
        if path not in moves and to in came and to not in moves.values():
            moves[path] = to
    _pair(
        moves,
        gone,
        came,
        lambda path, state: f"{PurePath(path).name} {_stamp(state)}" if _stamp(state) else "",
        lambda unit: f"{PurePath(unit.path).name} {unit.stamp}",
    )
    return [(path, came[to]) for path, to in moves.items()]


def followed(path: str, seen: Seen) -> str:
    """Where ``path`` is after all that was ``seen``."""
    for was, to in seen:
        if path == was:
            path = to
        elif path.startswith(f"{was}/"):
            path = to + path[len(was) :]
    return path


def _inode(path: str, state: FileState) -> str:
    return f"{state.file} {_stamp(state)}" if state.file and _stamp(state) else ""


def _stamp(state: FileState) -> str:
    """The file's, also while it is to be read again under a new name or was not read to its end."""
    return (state.stamp or state.reading).removeprefix("moved ")


def _pair(
    moves: dict[str, str],
    gone: Mapping[str, FileState],
    came: Mapping[str, Unit],
    of_gone: Callable[[str, FileState], str],
    of_came: Callable[[Unit], str],
) -> None:
    """Add those for which both sides give the same key, and no other on its side does; empty is none."""
    taken = set(moves.values())
    places = _only((of_came(unit), path) for path, unit in came.items() if path not in taken)
    left = _only((of_gone(path, state), path) for path, state in gone.items() if path not in moves)
    moves.update((path, places[key]) for key, path in left.items() if key in places)


def _only(keyed: Iterable[tuple[str, str]]) -> dict[str, str]:
    """key → path, where there is one path alone with that key."""
    paths: dict[str, str] = {}
    double: set[str] = {""}
    for key, path in keyed:
        if paths.setdefault(key, path) != path:
            double.add(key)
    return {key: path for key, path in paths.items() if key not in double}
