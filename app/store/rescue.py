"""When user.db or the key file cannot be used: what is wrong, and the newest good copy put in its place.

Nothing is put back without the person's yes, and what was there is kept under another name.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from app.core.errors import Damaged, HomebodyError, NotFound, translate
from app.core.paths import Paths
from app.core.types import Check
from app.store import pages
from app.store.db import check_header, open_database, open_user
from app.store.files import sync_folder, write_atomically
from app.store.migrations import USER
from app.store.vault import Vault


def examine(paths: Paths, passphrase: str) -> Iterator[Check]:
    """Key file, user.db and its copies, of a store that does not open. Changes nothing.

    Raises Locked and WrongPassphrase like :meth:`Vault.open`.
    """
    vault = Vault(paths)
    try:
        key = vault.open(passphrase=passphrase)
    except Damaged as error:
        yield Check(name="key", state="bad", detail=error.message, remedy=error.remedy)
        copy = Vault(_kept(paths))
        if not copy.usable():
            yield Check(name="copy of the key file", state="bad", detail="there is no usable one")
            return
        yield Check(name="copy of the key file", state="ok", detail="it is sound", remedy=_YES)
        key = copy.open(passphrase=passphrase)
    else:
        yield Check(name="key", state="ok", detail="the key is this store's")
    fault = user_fault(paths, key)
    if not fault:
        yield Check(name="user.db", state="ok", detail="it opens, and every page is sound")
        return
    yield Check(name="user.db", state="bad", detail=fault)
    good = good_copy(paths, key)
    if good is None:
        yield Check(name="copy of user.db", state="bad", detail="there is no snapshot that could be put back")
    else:
        yield Check(
            name="copy of user.db", state="ok", detail=f"the newest good one is {good.name}", remedy=_YES
        )


def put_back(paths: Paths, passphrase: str, *, key: bytes = b"") -> Iterator[Check]:
    """The person said yes: the newest good copies take the place of what cannot be used.

    ``key`` is known where the store was open. Raises NotFound where there is no copy, and then
    nothing was changed.
    """
    if not key:
        try:
            key = Vault(paths).open(passphrase=passphrase)
        except Damaged:
            key, aside = _key_back(paths, passphrase)
            yield Check(name="key", state="healed", detail=_told(aside, "the copy in the snapshots folder"))
    if user_fault(paths, key):
        good = good_copy(paths, key)
        if good is None:
            raise _no_copy(paths, "there is no snapshot that could be put back")
        yield Check(name="user.db", state="healed", detail=_told(_replace(paths.user_db, good), good.name))


def _key_back(paths: Paths, passphrase: str) -> tuple[bytes, Path | None]:
    copy = Vault(_kept(paths))
    if not copy.usable():
        raise _no_copy(paths, "there is no usable copy of the key file")
    key = copy.open(passphrase=passphrase)
    aside = set_apart(paths.key_file)
    write_atomically(paths.key_file, (paths.snapshots / paths.key_file.name).read_bytes())
    return key, aside


def _no_copy(paths: Paths, what: str) -> NotFound:
    return NotFound(what, where=str(paths.snapshots), remedy="homebody restore FILE, from a backup")


def user_fault(paths: Paths, key: bytes) -> str:
    """Empty where user.db opens and every page of it is sound."""
    try:
        with closing(open_user(paths, key)) as database:
            database.checkpoint()
            faults = database.rows("PRAGMA cipher_integrity_check") or database.rows(
                "PRAGMA foreign_key_check"
            )
            structure = database.value("PRAGMA integrity_check(1)")
    except Damaged as error:
        return error.message
    bad, count = pages.faults(paths.user_db, key)
    if faults or bad:
        return f"the file is damaged: {max(bad, 1):,} of {count:,} pages are not sound"
    return "" if structure == "ok" else f"the file is damaged: {structure}"


def good_copy(paths: Paths, key: bytes) -> Path | None:
    """The newest snapshot that opens with this key and is sound throughout."""
    for path in sorted(paths.snapshots.glob("user-*.db"), reverse=True):
        try:
            check_header(path)
            if pages.faults(path, key)[0] == 0:
                with closing(open_database(path, key, USER)) as copy:
                    if copy.value("PRAGMA integrity_check(1)") == "ok":
                        return path
        except HomebodyError:
            continue  # it is no good, and an older one may be
    return None


def _replace(path: Path, good: Path) -> Path | None:
    """A copy of ``good`` as ``path``; what was there keeps its content under the name that is returned."""
    fresh = path.with_name(path.name + ".new")
    try:
        shutil.copyfile(good, fresh)
        fresh.chmod(0o600)
        aside = set_apart(path)
        fresh.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise translate(error, str(path)) from error
    return aside


def set_apart(path: Path) -> Path | None:
    """None where there is nothing; what was set aside earlier stays, since it is the person's own."""
    if not path.exists():
        return None
    aside = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y-%m-%dT%H%M%S.%f}")
    for suffix in ("-wal", "-shm", ""):
        old = path.with_name(path.name + suffix)
        if old.exists():
            old.replace(aside.with_name(aside.name + suffix))
    return aside


def _kept(paths: Paths) -> Paths:
    """As if the folder of the snapshots were the data folder: the key file has the same name there."""
    return Paths(paths.snapshots)


def _told(aside: Path | None, name: str) -> str:
    kept = f"; the damaged one is kept as {aside.name}" if aside else ""
    return f"put back from {name}{kept}"


_YES = "homebody doctor --restore puts it back"
