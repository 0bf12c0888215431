"""The key's life: kept under another passphrase or in the keyring, changed, and its recovery code renewed."""

from __future__ import annotations

from app.core.errors import WrongPassphrase
from app.core.paths import Paths
from app.flows import remote
from app.flows.calendars import SEAL
from app.flows.context import Home
from app.flows.serve import TOKEN
from app.store import turn
from app.store.vault import Vault

SECRETS = ("cloud", TOKEN, SEAL)


def move(home: Home, *, current: str, new: str) -> None:
    """Under the passphrase ``new``, or with an empty one in this computer's keyring.

    Other secrets go where the key goes. Raises WrongPassphrase, Locked and UsageFault.
    """
    vault = _proved(home, current)
    names = (*SECRETS, *remote.secrets(home))
    kept = {name: value for name in names if (value := home.secrets.get(name))}
    before = vault.keyring()
    vault.move(home.user.db.key, new)
    for name, value in kept.items():
        home.secrets.keep(name, value)
    if before is not None and new:
        for name in kept:
            before.delete(name)
    if before is None and not new:
        home.user.drop_secrets(names)
    home.journal.add("key", f"kept in the {vault.place()} from now on")


def renew_code(home: Home, *, current: str) -> str:
    """A new recovery code, shown once; the one before opens nothing any more."""
    code = _proved(home, current).renew_code(home.user.db.key)
    home.journal.add("key", "a new recovery code was made")
    return code


def change(paths: Paths, key: bytes, *, current: str) -> tuple[bytes, str]:
    """A new key for all files, which must be closed; returns it with its recovery code."""
    return turn.turn(paths, Vault(paths), key, current)


def _proved(home: Home, current: str) -> Vault:
    """Whoever sits at an open window is not yet the one who may change its lock."""
    vault = Vault(home.paths)
    if not vault.proves(current):
        raise WrongPassphrase(
            "the passphrase is wrong", where=str(home.paths.data), remedy="give the one in use"
        )
    return vault
