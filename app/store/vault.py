"""The store's key: made, kept in the keyring or under a passphrase, opened again, never in the clear.

``key.json`` says where the key is and how to check it. It holds the key only encrypted
(AES-256-GCM): under a key made from the passphrase by scrypt, and under the recovery code, which
is 160 random bits and needs no slow derivation. A check value tells the right key from a wrong
one, and a checksum of the file a damaged file from a wrong passphrase.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
import secrets
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core.errors import Damaged, Locked, NotFound, Unsupported, UsageFault, WrongPassphrase, translate
from app.core.paths import Paths
from app.store.db import Database
from app.store.files import write_atomically
from app.store.keyring import Keyring
from app.store.wrapping import (
    KEY_BYTES,
    PURPOSE,
    Cost,
    Wrapped,
    as_code,
    new_code,
    unwrap,
    unwrap_code,
    wrap,
    wrap_code,
)

VERSION = 1
COST: Cost = (2**17, 8, 1)  # scrypt: 128 MiB and about half a second, as OWASP advises
_SCRYPT_MOST = 2**20  # a file that asks for more would only make us run out of memory
_MIN_PASSPHRASE = 8


class Turning(msgspec.Struct, frozen=True):
    """The key that is to take the place of this one, under this one, and its recovery code's wrap."""

    nonce: bytes
    data: bytes
    passphrase: Wrapped | None
    recovery: Wrapped
    check: bytes


class KeyFile(msgspec.Struct, frozen=True, kw_only=True):
    """What key.json holds; ``checksum`` is over all else, also over what a later version added.

    ``turning`` is there while the key is being changed; ``unseen`` after that was cut short, until
    a new recovery code is made: nobody has seen the one that fits.
    """

    version: int
    store: str  # a random id that tells this store's secrets in the keyring from others
    place: Literal["keyring", "passphrase"]
    scrypt: Cost = COST
    passphrase: Wrapped | None = None
    recovery: Wrapped
    check: bytes
    checksum: str = ""
    turning: Turning | None = None
    unseen: bool = False


class Vault:
    """The lock of one data folder."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths

    def state(self) -> Literal["new", "locked"]:
        there = (self._paths.key_file, self._paths.user_db, self._paths.index_db)
        return "locked" if any(path.exists() for path in there) else "new"

    def proves(self, passphrase: str) -> bool:
        """Whether it is the passphrase in use; where the key is in the keyring nothing is asked."""
        file = self._file()
        if file.place == "keyring":
            return True
        return bool(passphrase and file.passphrase and unwrap(file.passphrase, passphrase, file.scrypt))

    def usable(self) -> bool:
        """Whether the key file is there and sound."""
        try:
            self._file()
        except (Damaged, Unsupported):
            return False
        return True

    def place(self) -> Literal["", "keyring", "passphrase"]:
        """Empty where there is no usable key file: opening the store says why."""
        return self._file().place if self.usable() else ""

    def create(self, *, passphrase: str = "") -> tuple[bytes, str]:
        """A new key and its recovery code, which is shown once.

        Without a passphrase the key goes to the keyring; raises Locked where there is none.
        """
        if self.state() != "new":
            raise UsageFault("there is a store already", where=str(self._paths.data), remedy="unlock it")
        _need_length(passphrase)
        key, code, store = secrets.token_bytes(KEY_BYTES), new_code(), secrets.token_hex(8)
        if not passphrase:
            Keyring(store).set("key", base64.b64encode(key).decode())
        self._write(
            KeyFile(
                version=VERSION,
                store=store,
                place="passphrase" if passphrase else "keyring",
                passphrase=wrap(key, passphrase, COST) if passphrase else None,
                recovery=wrap_code(key, code),
                check=_check(key),
            )
        )
        return key, code

    def open(self, *, passphrase: str = "") -> bytes:
        """The key. ``passphrase`` may also be the recovery code.

        Raises WrongPassphrase, Locked (none given, no keyring), Damaged (key.json, or a key in
        the keyring that is not this store's), NotFound while there is no store.
        """
        if self.state() == "new":
            raise NotFound("there is no store yet", where=str(self._paths.data), remedy="create one first")
        file = self._file()
        if passphrase:
            key = self._by_words(file, passphrase)
        elif file.place == "keyring":
            key = self._by_keyring(file)
        else:
            raise Locked(
                "the store needs its passphrase",
                where=str(self._paths.data),
                remedy="type it, or set HOMEBODY_PASSPHRASE",
            )
        if not hmac.compare_digest(_check(key), file.check):
            raise Damaged(
                "the key found is not this store's",
                where=str(self._paths.key_file),
                remedy="use the recovery code, or put back key.json from the snapshots folder",
            )
        if passphrase and file.place == "keyring":
            with contextlib.suppress(
                Locked
            ):  # a new keyring learns the key; where there is none, the code opens
                Keyring(file.store).set("key", base64.b64encode(key).decode())
        return key

    def move(self, key: bytes, passphrase: str) -> None:
        """Keep ``key`` under ``passphrase`` from now on, or with an empty one in this computer's keyring.

        Either the old way opens it or the new one, whenever the power goes. Raises Locked without a
        keyring and UsageFault for a passphrase that is too short; then nothing has changed.
        """
        file = self._checked(key)
        if passphrase:
            _need_length(passphrase)
            wrapped = wrap(key, passphrase, COST)
            self._write(msgspec.structs.replace(file, place="passphrase", passphrase=wrapped, scrypt=COST))
            if file.place == "keyring":
                with contextlib.suppress(Locked):  # a keyring that is gone holds nothing any more
                    Keyring(file.store).delete("key")
            return
        Keyring(file.store).set("key", base64.b64encode(key).decode())
        self._write(msgspec.structs.replace(file, place="keyring", passphrase=None))

    def renew_code(self, key: bytes) -> str:
        """A new recovery code, shown once; the one before opens nothing any more."""
        file, code = self._checked(key), new_code()
        self._write(msgspec.structs.replace(file, recovery=wrap_code(key, code), unseen=False))
        return code

    def begin_turn(self, key: bytes, passphrase: str) -> tuple[bytes, str]:
        """A new key, kept beside ``key`` until :meth:`end_turn`, and its recovery code.

        Where the key is under a passphrase that has to be given. Raises WrongPassphrase.
        """
        file = self._checked(key)
        if not self.proves(passphrase):
            raise WrongPassphrase(
                "the passphrase is wrong", where=str(self._paths.data), remedy="give the one in use"
            )
        new, code, nonce = secrets.token_bytes(KEY_BYTES), new_code(), os.urandom(12)
        under = Wrapped(b"", nonce, AESGCM(key).encrypt(nonce, new, PURPOSE))
        wrapped = wrap(new, passphrase, COST) if file.place == "passphrase" else None
        turning = Turning(nonce, under.data, wrapped, wrap_code(new, code), _check(new))
        self._write(msgspec.structs.replace(file, turning=turning))
        return new, code

    def turning(self, key: bytes) -> bytes | None:
        """The key that is to replace ``key``, None where none is."""
        file = self._checked(key)
        if file.turning is None:
            return None
        return AESGCM(key).decrypt(file.turning.nonce, file.turning.data, PURPOSE)

    def end_turn(self, key: bytes, *, seen: bool) -> bytes:
        """Every file is under the new key: it is the only one from now on; returns it.

        ``seen``: the person is shown its recovery code.
        """
        file, new = self._checked(key), self.turning(key)
        if new is None or file.turning is None:
            return key
        if file.place == "keyring":
            Keyring(file.store).set("next", base64.b64encode(new).decode())
        self._write(
            msgspec.structs.replace(
                file,
                passphrase=file.turning.passphrase,
                recovery=file.turning.recovery,
                check=file.turning.check,
                scrypt=COST,
                turning=None,
                unseen=not seen,
            )
        )
        if file.place == "keyring":
            Keyring(file.store).set("key", base64.b64encode(new).decode())
            Keyring(file.store).delete("next")
        return new

    def unseen(self) -> bool:
        """Whether nobody has seen the recovery code that fits."""
        return self._file().unseen

    def forget(self) -> None:
        """The key leaves the keyring and the disk: what is encrypted with it is lost for good."""
        if self.usable() and (file := self._file()).place == "keyring":
            with contextlib.suppress(Locked):
                for name in ("key", "next"):
                    Keyring(file.store).delete(name)
        self._paths.key_file.unlink(missing_ok=True)

    def _checked(self, key: bytes) -> KeyFile:
        file = self._file()
        if not hmac.compare_digest(_check(key), file.check):
            raise Damaged(
                "the key is not this store's", where=str(self._paths.key_file), remedy="unlock it anew"
            )
        return file

    def keyring(self) -> Keyring | None:
        """Where other secrets go: the keyring where the key is there too, None for user.db."""
        file = self._file()
        return Keyring(file.store) if file.place == "keyring" else None

    def _by_words(self, file: KeyFile, passphrase: str) -> bytes:
        if (code := as_code(passphrase)) and (key := unwrap_code(file.recovery, code)):
            return key
        if file.passphrase and (key := unwrap(file.passphrase, passphrase, file.scrypt)):
            return key
        raise WrongPassphrase(
            "the passphrase is wrong" if file.passphrase else "the recovery code is wrong",
            where=str(self._paths.data),
            remedy="try again, or use the recovery code"
            if file.passphrase
            else "this store's key is in the keyring: open it without a passphrase",
        )

    def _by_keyring(self, file: KeyFile) -> bytes:
        kept = Keyring(file.store).get("key")
        if kept is None or hmac.compare_digest(_check(_decoded(kept)), file.check) is False:
            kept = Keyring(file.store).get("next") or kept  # a change of the key was cut short
        if kept is None:
            raise Locked(
                "the keyring does not hold this store's key",
                where=str(self._paths.data),
                remedy="give the recovery code as passphrase",
            )
        return _decoded(kept)

    def _file(self) -> KeyFile:
        path = self._paths.key_file
        remedy = f"put back {path.name} from the snapshots folder"
        try:
            raw = path.read_bytes()
        except FileNotFoundError as error:
            raise Damaged("the store's key file is missing", where=str(path), remedy=remedy) from error
        except OSError as error:
            raise translate(error, str(path)) from error
        try:
            version = msgspec.json.decode(raw, type=dict[str, object]).get("version")
            if isinstance(version, int) and version > VERSION:
                raise Unsupported(
                    "the key file was written by a newer Homebody",
                    where=str(path),
                    remedy="install that version again",
                )
            file = msgspec.json.decode(raw, type=KeyFile)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Damaged("the store's key file is damaged", where=str(path), remedy=remedy) from error
        if file.checksum != _checksum(raw) or file.scrypt[0] > _SCRYPT_MOST:
            raise Damaged("the store's key file is damaged", where=str(path), remedy=remedy)
        return file

    def _write(self, file: KeyFile) -> None:
        plain = msgspec.json.encode(msgspec.structs.replace(file, checksum=""))
        data = msgspec.json.format(
            msgspec.json.encode(msgspec.structs.replace(file, checksum=_checksum(plain)))
        )
        try:
            self._paths.make()
            write_atomically(self._paths.key_file, data)
            copy = self._paths.snapshots / self._paths.key_file.name
            if copy.exists():  # else what opened the store before would go on opening the snapshots
                write_atomically(copy, data)
        except OSError as error:
            raise translate(error, str(self._paths.key_file)) from error


class Secrets:
    """Small secrets such as the cloud endpoint's key: in the keyring, or encrypted in user.db."""

    def __init__(self, vault: Vault, user_db: Database) -> None:
        self._vault, self._db = vault, user_db

    def keep(self, name: str, value: str) -> None:
        """An empty ``value`` forgets it."""
        keyring = self._vault.keyring()
        if keyring is not None:
            keyring.set(name, value) if value else keyring.delete(name)
            return
        with self._db.write() as db:
            db.execute("DELETE FROM secrets WHERE name = ?", [name])
            if value:
                db.execute("INSERT INTO secrets VALUES (?, ?)", [name, value])

    def get(self, name: str) -> str:
        """Empty where there is none."""
        keyring = self._vault.keyring()
        if keyring is not None:
            return keyring.get(name) or ""
        return str(self._db.value("SELECT value FROM secrets WHERE name = ?", [name]) or "")


def _checksum(raw: bytes) -> str:
    """Over the members as they stand in the file, with an empty checksum."""
    members = msgspec.json.decode(raw, type=dict[str, object]) | {"checksum": ""}
    return hashlib.sha256(msgspec.json.encode(members)).hexdigest()


def _need_length(passphrase: str) -> None:
    if passphrase and len(passphrase) < _MIN_PASSPHRASE:
        raise UsageFault(
            f"a passphrase needs at least {_MIN_PASSPHRASE} characters", remedy="take a few words"
        )


def _decoded(kept: str) -> bytes:
    with contextlib.suppress(ValueError):
        return base64.b64decode(kept, validate=True)
    return b""  # fails the check, as any other wrong key


def _check(key: bytes) -> bytes:
    return hmac.new(key, PURPOSE, hashlib.sha256).digest()
