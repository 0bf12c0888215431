"""What is never read again: items, senders and paths that the person wants forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import PurePath, PureWindowsPath
from urllib.parse import unquote

from app.core.errors import NotFound, UsageFault
from app.core.types import Exclusion
from app.store.db import Database
from indexers.item import Item

KINDS = ("item", "sender", "path", "pattern")
_FROM = ("from", "organizer", "author")  # the roles in which somebody is the origin of an item


@dataclass(frozen=True)
class Excluded:
    """The list at one moment, to hold items and paths against; ``flavour`` is how paths are written here."""

    uris: frozenset[str] = frozenset()
    senders: frozenset[str] = frozenset()
    paths: frozenset[PurePath] = frozenset()
    patterns: tuple[str, ...] = ()
    flavour: type[PurePath] = PurePath

    def __bool__(self) -> bool:
        return bool(self.uris or self.senders or self.paths or self.patterns)

    def rest(self, items: Sequence[Item]) -> Sequence[Item]:
        """Those that may be kept; an attachment goes where its mail goes."""
        if not self:
            return items
        gone = {item.uri for item in items if self._covers(item)}
        return [i for i in items if i.uri not in gone and gone.isdisjoint(_above(i.uri))]

    def covers_uri(self, uri: str) -> bool:
        """The same of a file's uri, or of a part of it."""
        if not (self.paths or self.patterns) or not uri.startswith("file:"):
            return False
        return self.covers_path(file_of(uri, flavour=self.flavour))

    def covers_path(self, path: str) -> bool:
        place = self.flavour(path)
        if self.paths and not self.paths.isdisjoint((place, *place.parents)):
            return True
        return any(matches(pattern, path, flavour=self.flavour) for pattern in self.patterns)

    def _covers(self, item: Item) -> bool:
        if item.uri in self.uris or not self.uris.isdisjoint(_above(item.uri)):
            return True
        if item.path and self.patterns and self.covers_path(item.path):
            return True
        return any(p.role in _FROM and self._sends(p.address.lower()) for p in item.people)

    def _sends(self, address: str) -> bool:
        """By the address itself, or by its domain."""
        return address in self.senders or f"@{address.rpartition('@')[2]}" in self.senders


def _above(uri: str) -> tuple[str, str]:
    """What an attachment belongs to: a mail, or a note that itself is a part of a file (file:///…#note#part)."""
    return uri.partition("#")[0], uri.rpartition("#")[0]


class Exclusions:
    """Kept in user.db, so that an index that is built anew keeps to it."""

    def __init__(self, user: Database) -> None:
        self._db = user

    def list(self) -> tuple[Exclusion, ...]:
        """Newest first."""
        rows = self._db.rows("SELECT kind, value, at FROM exclusions ORDER BY at DESC, value")
        return tuple(
            Exclusion(kind=r["kind"], value=r["value"], when=datetime.fromisoformat(r["at"])) for r in rows
        )

    def now(self) -> Excluded:
        values: dict[str, list[str]] = {kind: [] for kind in KINDS}
        for row in self._db.rows("SELECT kind, value FROM exclusions"):
            values[row["kind"]].append(row["value"])
        return Excluded(
            frozenset(values["item"]),
            frozenset(values["sender"]),
            frozenset(map(PurePath, values["path"])),
            tuple(values["pattern"]),
        )

    def add(self, kind: str, value: str) -> None:
        """From now on nothing of it is kept; what is there already is to be removed, then :meth:`done`."""
        with self._db.write() as db:
            db.execute(
                "INSERT INTO exclusions (kind, value, at) VALUES (?, ?, ?) "
                "ON CONFLICT (kind, value) DO UPDATE SET done = 0",
                [kind, checked(kind, value), datetime.now(UTC).isoformat()],
            )

    def pending(self) -> tuple[tuple[str, str], ...]:
        """(kind, value) whose removal was begun and did not end: the power went, or the disk was full."""
        rows = self._db.rows("SELECT kind, value FROM exclusions WHERE done = 0 ORDER BY at")
        return tuple((row["kind"], row["value"]) for row in rows)

    def done(self, entries: Iterable[tuple[str, str]]) -> None:
        with self._db.write() as db:
            for entry in entries:
                db.execute("UPDATE exclusions SET done = 1 WHERE kind = ? AND value = ?", list(entry))

    def remove(self, kind: str, value: str) -> None:
        """It may be read again. Raises NotFound where it was not excluded."""
        with self._db.write() as db:
            values = [kind, checked(kind, value)]
            if not db.execute("DELETE FROM exclusions WHERE kind = ? AND value = ?", values).rowcount:
                raise NotFound(
                    "that is not excluded", where=value, remedy="homebody sources excluded lists what is"
                )


def matches(pattern: str, path: str, *, flavour: type[PurePath] = PurePath) -> bool:
    """Whether a file is covered: a file or folder of it has that name, with ``*`` and ``?`` for any letters.

    A pattern with a slash is that many names in a row. On Windows a backslash is one too, a drive is a name
    (``C:``), and capital letters make no difference.
    """
    wanted, names = _names(pattern, flavour), _names(path, flavour)
    rows = (names[at : at + len(wanted)] for at in range(len(names) - len(wanted) + 1))
    return any(all(map(fnmatchcase, row, wanted)) for row in rows)


def within(place: str, path: str, *, flavour: type[PurePath] = PurePath) -> bool:
    """Whether ``path`` is the file or folder ``place``, or lies below it."""
    outer = _names(place, flavour)
    return _names(path, flavour)[: len(outer)] == outer


def _names(path: str, flavour: type[PurePath]) -> list[str]:
    """The folders and the file of an absolute path, as they are compared."""
    if issubclass(type(flavour()), PureWindowsPath):
        path = path.lower().replace("\\", "/").removeprefix("//?/")
    return [name for name in path.split("/") if name]


def file_of(uri: str, *, flavour: type[PurePath] = PurePath) -> str:
    """The path of a ``file:`` uri, or of the file that it is a part of."""
    path = unquote(uri.partition("#")[0].removeprefix("file://"))
    if not issubclass(type(flavour()), PureWindowsPath):
        return path
    return path[1:] if path.startswith("/") else f"//{path}"  # a drive, or a share


def checked(kind: str, value: str) -> str:
    """``value`` as it is kept and compared. Raises UsageFault where it cannot be one of its kind."""
    value = value.strip()
    if kind not in KINDS or not value:
        raise UsageFault(
            "that cannot be forgotten", where=value or kind, remedy=f"one of: {', '.join(KINDS)}"
        )
    if kind == "sender":
        value = value.lower().rpartition("<")[2].rstrip(">").strip()
        if "@" not in value:
            raise UsageFault(
                "that is not a mail address",
                where=value,
                remedy="give it as name@example.org, or @example.org for all of them",
            )
    if kind == "pattern":
        value = value.strip("/")
        if not value.strip("*?/\\. "):
            raise UsageFault(
                "that pattern covers everything", where=value, remedy="such as *.log or drafts/old"
            )
    return value
