"""The operating system's keyring, by its real name: nothing else may be put in its place.

The keyring library would pick a back end by itself: from an environment variable, a file in the
person's configuration, or whatever package happens to be installed, one of which writes secrets
to a plain file. So the back end is named here, one for each platform.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

from app.core.errors import Locked

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "Homebody"
_REMEDY = "give a passphrase instead (HOMEBODY_PASSPHRASE for scripts)"


class Keyring:
    """Secrets of one store, told apart from those of other data folders by the store's id."""

    def __init__(self, store_id: str) -> None:
        self._store = store_id

    def set(self, name: str, value: str) -> None:
        """Keep a secret and read it back. Raises Locked where no keyring can."""
        backend = _backend()
        with _Translated():
            backend.set_password(SERVICE, self._name(name), value)
            if backend.get_password(SERVICE, self._name(name)) != value:
                raise Locked("the keyring did not keep the secret", where=backend.name, remedy=_REMEDY)

    def get(self, name: str) -> str | None:
        """None where the keyring holds no such secret. Raises Locked where it cannot be asked."""
        backend = _backend()
        with _Translated():
            return backend.get_password(SERVICE, self._name(name))

    def delete(self, name: str) -> None:
        backend = _backend()
        with _Translated():
            if backend.get_password(SERVICE, self._name(name)) is not None:
                backend.delete_password(SERVICE, self._name(name))

    def _name(self, name: str) -> str:
        return f"{name} {self._store}"


def _backend() -> KeyringBackend:
    backend: KeyringBackend
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        backend = WinVaultKeyring()
    elif sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as MacKeyring

        backend = MacKeyring()
    else:
        from keyring.backends.SecretService import Keyring as SecretService  # GNOME and KDE both serve it

        backend = cast("KeyringBackend", SecretService())  # type: ignore[no-untyped-call]  # it has no annotations
        backend.__dict__.pop("preferred_collection", None)  # KEYRING_PROPERTY_… in the environment set it
    return backend


class _Translated:
    """Errors of the keyring and of the bus it is reached by, as Locked with the remedy."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, Locked) or not isinstance(error, Exception):
            return
        from keyring.errors import KeyringLocked

        if isinstance(error, KeyringLocked) or "dismiss" in str(error).lower():
            raise Locked("the keyring is locked", remedy=f"unlock it, or {_REMEDY}") from error
        raise Locked("there is no usable keyring", where=_first_line(error), remedy=_REMEDY) from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200] or type(error).__name__
