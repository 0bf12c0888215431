"""A new key for the whole store: each file is copied, the copy is given the new key, and takes its place.

Killed at any moment it can be opened: ``key.json`` holds both keys until every file has the new one,
a file is under one of them, and opening the store finishes what was begun.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from app.core.errors import Damaged, NoSpace, translate
from app.core.paths import Paths
from app.store import pages
from app.store.db import connected, translated
from app.store.files import sync_folder
from app.store.vault import Vault

_NEW = ".turned"


def turn(paths: Paths, vault: Vault, key: bytes, passphrase: str) -> tuple[bytes, str]:
    """Give all files, which must be closed, a new key; returns it with its recovery code.

    Raises WrongPassphrase where the store has one and it is not that, and NoSpace; then nothing has
    changed.
    """
    largest = max((path.stat().st_size for path in _files(paths)), default=0)
    if shutil.disk_usage(paths.data).free < 2 * largest:
        raise NoSpace(
            "a new key needs room for a copy of the store", where=str(paths.data), remedy="free some space"
        )
    _, code = vault.begin_turn(key, passphrase)
    return finish(paths, vault, key, seen=True), code


def finish(paths: Paths, vault: Vault, key: bytes, *, seen: bool = False) -> bytes:
    """End a change of the key that was begun; returns the key that is in use then."""
    new = vault.turning(key)
    if new is None:
        return key
    for path in _files(paths):
        _turn_file(path, key, new)
    return vault.end_turn(key, seen=seen)


def _files(paths: Paths) -> list[Path]:
    """user.db first: where it cannot be read the others stay as they are, and a snapshot can be put back."""
    files = (paths.user_db, paths.index_db, *sorted(paths.snapshots.glob("user-*.db")))
    return [path for path in files if path.exists()]


def _turn_file(path: Path, key: bytes, new: bytes) -> None:
    if pages.faults(path, new)[0] == 0:
        return  # done before this was cut short
    fresh = path.with_name(path.name + _NEW)
    for leftover in (fresh, *(fresh.with_name(fresh.name + s) for s in ("-wal", "-shm", "-journal"))):
        leftover.unlink(missing_ok=True)
    try:
        with translated(path):
            _empty_log(path, key)
            shutil.copyfile(path, fresh)
            fresh.chmod(0o600)
            _rekey(fresh, key, new)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        if pages.faults(fresh, new)[0]:
            raise Damaged("the copy under the new key is not sound", where=str(fresh), remedy="try again")
        fresh.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise translate(error, str(path)) from error
    except Damaged:
        if path.parent.name != "snapshots" and path.name == "user.db":
            raise
        path.unlink(missing_ok=True)  # an index is built again, and a damaged snapshot is of no use


def _empty_log(path: Path, key: bytes) -> None:
    """Also what a crash left in it belongs to the file before that is copied."""
    database = connected(path, key)
    try:
        database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        database.close()


def _rekey(path: Path, key: bytes, new: bytes) -> None:
    database = connected(path, key)
    try:
        database.conn.execute("PRAGMA journal_mode=DELETE").fetchone()
        database.conn.execute(f"PRAGMA rekey=\"x'{new.hex()}'\"").fetchall()
        database.conn.execute("PRAGMA journal_mode=WAL").fetchone()
    except sqlcipher.Error:
        database.close()
        path.unlink(missing_ok=True)
        raise
    database.close()
