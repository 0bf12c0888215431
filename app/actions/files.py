"""How actions write: whole files or nothing, never over another's, and undone only when unchanged."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import msgspec

from app.core.errors import NotFound, Refused

_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)")  # names Windows does not open


class Written(msgspec.Struct, frozen=True):
    """What undoing needs: the file, the SHA-256 of what was written, and the bytes before it."""

    path: str
    sha256: str
    before: bytes | None = None  # None: there was no file


def slug(text: str, otherwise: str) -> str:
    """A file name's stem out of a title: letters and digits of any script, at most 60 bytes."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", text).replace("_", " "))
    stem = "-".join(words).encode()[:60].decode(errors="ignore").strip("-")
    return otherwise if not stem or _RESERVED.fullmatch(stem) else stem


def create(folder: Path, stem: str, suffix: str, data: bytes) -> Written:
    """Write a new file ``stem[-n]suffix``; raises NotFound where ``folder``'s parent is missing."""
    if not folder.is_dir():
        if not folder.parent.is_dir():
            raise NotFound(
                "the folder to write to is missing",
                where=str(folder),
                remedy="choose another folder",
            )
        folder.mkdir(mode=0o700)
    for n in range(1, 1000):
        path = folder / f"{stem}{f'-{n}' if n > 1 else ''}{suffix}"
        with contextlib.suppress(FileExistsError):
            _publish(path, data)
            return Written(str(path), sha256(data))
    raise Refused("a thousand files have this name already", where=str(folder), remedy="tidy up that folder")


def replace(path: Path, before: bytes, data: bytes) -> Written:
    """Swap the content of ``path`` for ``data`` in one step; ``before`` is what it held until now."""
    temporary = _temporary(path, data, mode=path.stat().st_mode & 0o777)
    with _removed(temporary):
        temporary.replace(path)
    _sync(path.parent)
    return Written(str(path), sha256(data), before)


def pack(written: Written) -> bytes:
    return msgspec.msgpack.encode(written)


def undo(data: bytes) -> str:
    """Put back what was there before. Raises Refused where the file is no longer what we wrote."""
    try:
        written = msgspec.msgpack.decode(data, type=Written)
    except msgspec.DecodeError as error:
        raise Refused("what undoing needs is missing from the journal", remedy="undo it by hand") from error
    path = Path(written.path)
    if not path.is_file():
        raise Refused("the file is no longer there", where=written.path, remedy="nothing is left to undo")
    if sha256(path.read_bytes()) != written.sha256:
        raise Refused(
            "the file was changed since",
            where=written.path,
            remedy="edit or delete it yourself",
        )
    if written.before is None:
        path.unlink()
        _sync(path.parent)
        return f"Deleted {path.name}"
    replace(path, b"", written.before)
    return f"Put {path.name} back as it was"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _publish(path: Path, data: bytes) -> None:
    """Raises FileExistsError rather than write over anything."""
    if os.path.lexists(path):
        raise FileExistsError(path)
    temporary = _temporary(path, data, mode=0o600)
    with _removed(temporary):
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links: reserve the name, then fill it in one step
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            temporary.replace(path)
    _sync(path.parent)


def _temporary(path: Path, data: bytes, *, mode: int) -> Path:
    """``data``, safely on disk beside ``path``, under a name no watcher takes for a real file."""
    temporary = path.parent / f".homebody-{secrets.token_hex(6)}.tmp"
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


@contextlib.contextmanager
def _removed(temporary: Path) -> Iterator[None]:
    try:
        yield
    finally:
        temporary.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Make a new name durable, where the system has a way to."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems cannot
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
