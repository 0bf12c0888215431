"""Delete everything: the key first, so that what a disk still holds of the files is lost with it."""

from __future__ import annotations

import contextlib
import shutil

from app.core.errors import translate
from app.core.paths import Paths
from app.store.vault import Vault

_FILES = ("*.db", "*.db-wal", "*.db-shm", "*.db.*", "key.json*", "locked", "engine.lock")
_FOLDERS = ("snapshots", "logs", "models", "training", "backup.part", "restore.part")


def delete_everything(paths: Paths) -> tuple[str, ...]:
    """Only what Homebody itself made there; returns what is left in the folder, such as your notes.

    Raises HomebodyError where something cannot be deleted; the key is gone by then.
    """
    try:
        Vault(paths).forget()
        for pattern in _FILES:
            for path in paths.data.glob(pattern):
                path.unlink(missing_ok=True)
        for name in _FOLDERS:
            if (paths.data / name).is_dir():
                shutil.rmtree(paths.data / name)
    except OSError as error:
        raise translate(error, str(paths.data)) from error
    left = tuple(sorted(str(path) for path in paths.data.iterdir()))
    if not left:
        with contextlib.suppress(OSError):
            paths.data.rmdir()
    return left
