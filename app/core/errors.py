"""The error tree: what the world did wrong (message, place, remedy, exit code), apart from bugs.

    HomebodyError            1   something failed, and the message says what, where and the remedy
    ├── UsageFault           2   the request itself makes no sense
    ├── Locked              10   no key: locked, no keyring, no passphrase
    │   └── WrongPassphrase 10
    ├── Damaged             11   a file of the store cannot be trusted
    ├── AnotherInstance     12   somebody else owns this data folder
    ├── Unsupported         13   not possible on this machine
    ├── Refused             14   forbidden by policy, or not approved
    │   └── WrongPassword   14   an account elsewhere does not take its password or token
    ├── NotFound             1   no such item, task, model, action
    ├── Busy                 1   a server elsewhere wants to be asked later
    ├── WorkerDied           1   a process of ours ended in the middle of a request
    ├── NoSpace              1   the disk is full or not writable
    ├── NoMemory             1   a model needs more memory than it may use
    └── BadModel             1   a model, adapter or task folder that cannot be used

Anything else that is raised is a bug of ours and shown as one.
"""

from __future__ import annotations

import errno
from typing import ClassVar


class HomebodyError(Exception):
    """``message`` says what failed, ``where`` names the place, ``remedy`` what to do about it."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message, self.where, self.remedy = message, where, remedy

    def __str__(self) -> str:
        return "".join(
            (
                self.message,
                f" ({self.where})" if self.where else "",
                f" — {self.remedy}" if self.remedy else "",
            )
        )


class UsageFault(HomebodyError):
    exit_code = 2


class Locked(HomebodyError):
    exit_code = 10


class WrongPassphrase(Locked):
    pass


class Damaged(HomebodyError):
    exit_code = 11


class AnotherInstance(HomebodyError):
    exit_code = 12


class Unsupported(HomebodyError):
    exit_code = 13


class Refused(HomebodyError):
    exit_code = 14


class WrongPassword(Refused):
    pass


class NotFound(HomebodyError):
    pass


class Busy(HomebodyError):
    pass


class WorkerDied(HomebodyError):
    pass


class NoSpace(HomebodyError):
    pass


class NoMemory(HomebodyError):
    pass


class BadModel(HomebodyError):
    pass


class Bug(HomebodyError):
    """We failed: carried across a process border with the traceback kept on that side's stderr."""


def name_of(error: HomebodyError) -> str:
    """The nearest class of this tree, which everybody knows; one of a module of its own may not be."""
    return next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == __name__)


def by_name(name: str) -> type[HomebodyError]:
    """The class called ``name`` anywhere in the tree, or :class:`Bug`."""
    todo = [HomebodyError]
    while todo:
        kind = todo.pop()
        if kind.__name__ == name:
            return kind
        todo += kind.__subclasses__()
    return Bug


def translate(error: BaseException, where: str = "") -> HomebodyError:
    """The one place where foreign errors become ours; what it does not know becomes a Bug."""
    if isinstance(error, HomebodyError):
        return error
    if isinstance(error, OSError):
        return _from_os(error, where)
    if isinstance(error, RuntimeError) and "Symlink loop" in str(error):  # as pathlib says it until 3.12
        return _from_os(OSError(errno.ELOOP, ""), where or str(error).rpartition(" from ")[2].strip("'"))
    if isinstance(error, RuntimeError) and "home directory" in str(error):  # pathlib, of ~somebody
        return NotFound("whose home folder is that?", where=where, remedy="write ~/ or the whole path")
    if isinstance(error, MemoryError):
        return HomebodyError("out of memory", where=where, remedy="close other programs and try again")
    return Bug(f"internal error: {type(error).__name__}: {error}", where=where, remedy="please report this")


def _from_os(error: OSError, where: str) -> HomebodyError:
    place = str(error.filename or where)
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return NoSpace("the disk is full", where=place, remedy="free some space and try again")
        case errno.EROFS:
            return NoSpace("the disk is read-only", where=place, remedy="choose a writable folder")
        case errno.ENOENT:
            return NotFound("no such file or folder", where=place, remedy="check the path")
        case errno.ELOOP:
            return HomebodyError("a link that leads to itself", where=place, remedy="name another place")
        case errno.ENAMETOOLONG:
            return HomebodyError("that name is too long", where=f"{place[:60]}…", remedy="check the path")
        case errno.EISDIR:
            return HomebodyError("that is a folder", where=place, remedy="name a file")
        case errno.ENOTDIR | errno.EEXIST:
            return HomebodyError("there is a file in its place", where=place, remedy="name a folder")
        case errno.EACCES | errno.EPERM:
            return HomebodyError("permission denied", where=place, remedy="check who may read it")
        case _:
            words = error.strerror or str(error)
            return HomebodyError(words, where=place, remedy="try again, or choose another place")
