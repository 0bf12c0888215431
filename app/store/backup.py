"""Backup and restore: one file with the encrypted user.db, the key file and perhaps the index.

What is in it is encrypted as it is in the store, so the file needs no secret of its own: it opens
with the passphrase or the recovery code that the store had when it was written.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.core.errors import Damaged, Unsupported, UsageFault, translate
from app.core.paths import Paths
from app.core.private import check_place, folder_beside
from app.core.types import Written
from app.store import rescue
from app.store.db import Database
from app.store.files import sync_folder
from app.store.vault import Vault

VERSION = 1
_MANIFEST = "homebody-backup.json"
_CHUNK = 1 << 20


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What the file holds: name → SHA-256."""

    version: int
    made: str
    files: dict[str, str]


def backup(paths: Paths, databases: Sequence[Database], target: Path) -> Written:
    """``target`` appears when it is complete. Raises UsageFault where there is one, NotFound, NoSpace."""
    if target.exists():
        raise UsageFault("there is such a file already", where=str(target), remedy="choose another name")
    copies = paths.data / "backup.part"
    check_place(target)
    try:
        shutil.rmtree(copies, ignore_errors=True)
        copies.mkdir(mode=0o700)
        shutil.copyfile(paths.key_file, copies / paths.key_file.name)
        for database in databases:
            database.copy_to(copies / database.path.name)
        with folder_beside(target) as making:
            _pack(copies, making / target.name)
            (making / target.name).replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise translate(error, str(target)) from error
    finally:
        shutil.rmtree(copies, ignore_errors=True)
    return Written(path=str(target), files=len(databases) + 1, bytes=target.stat().st_size)


def restore(paths: Paths, file: Path, passphrase: str) -> None:
    """A store where there is none. The key file comes last: until then there is no store to open.

    Raises UsageFault, Damaged, Unsupported, and WrongPassphrase or Locked as :meth:`Vault.open`.
    """
    if paths.key_file.exists() or paths.index_db.exists():
        raise UsageFault(
            "there is a store already", where=str(paths.data), remedy="give another folder with --data"
        )
    there = Paths(paths.data / "restore.part")
    try:
        shutil.rmtree(there.data, ignore_errors=True)
        there.data.mkdir(parents=True, mode=0o700)
        _unpack(file, there.data)
        key = Vault(there).open(passphrase=passphrase)
        if fault := rescue.user_fault(there, key):
            raise Damaged(fault, where=str(file), remedy="take another backup")
        rescue.set_apart(paths.user_db)  # what a restore that was cut short left; nothing of a person's goes
        for name in ("user.db", "index.db", "key.json"):
            if (there.data / name).exists():
                (there.data / name).replace(paths.data / name)
        sync_folder(paths.data)
    except OSError as error:
        raise translate(error, str(file)) from error
    finally:
        shutil.rmtree(there.data, ignore_errors=True)


def _pack(folder: Path, part: Path) -> None:
    names = sorted(path.name for path in folder.iterdir())
    digests = {name: _sha256(folder / name) for name in names}
    made = Manifest(version=VERSION, made=datetime.now(UTC).isoformat(), files=digests)
    fd = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
            packed.writestr(_MANIFEST, msgspec.json.encode(made))
            for name in names:
                packed.write(folder / name, name)
        file.flush()
        os.fsync(file.fileno())


def _unpack(file: Path, folder: Path) -> None:
    """Only files that a backup has, uncompressed, each as long and as its checksum says."""
    try:
        with zipfile.ZipFile(file) as packed:
            manifest = msgspec.json.decode(packed.read(_MANIFEST), type=Manifest)
            if manifest.version > VERSION:
                raise Unsupported(
                    "a newer Homebody wrote this backup", where=str(file), remedy="install that version"
                )
            if not {"user.db", "key.json"} <= manifest.files.keys() <= {"user.db", "key.json", "index.db"}:
                raise _no_backup(file)
            for name, digest in manifest.files.items():
                if packed.getinfo(name).compress_type != zipfile.ZIP_STORED:
                    raise _no_backup(file)
                with packed.open(name) as source, (folder / name).open("wb") as target:
                    shutil.copyfileobj(source, target, _CHUNK)
                    target.flush()
                    os.fsync(target.fileno())
                (folder / name).chmod(0o600)
                if _sha256(folder / name) != digest:
                    raise _no_backup(file)
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, msgspec.DecodeError) as error:
        raise _no_backup(file) from error


def _no_backup(file: Path) -> Damaged:
    return Damaged("that is no whole backup", where=str(file), remedy="take another one")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
