"""A key under another key (AES-256-GCM): one made from a passphrase by scrypt, or from a recovery code.

The recovery code is 160 random bits and needs no slow derivation (HKDF).
"""

from __future__ import annotations

import base64
import contextlib
import os
import re
import secrets
import unicodedata

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

KEY_BYTES = 32
PURPOSE = b"homebody store key check v1"
Cost = tuple[int, int, int]
_CODE_BYTES = 20


class Wrapped(msgspec.Struct, frozen=True):
    """The key under another key."""

    salt: bytes
    nonce: bytes
    data: bytes


def wrap(key: bytes, passphrase: str, cost: Cost) -> Wrapped:
    """``cost`` is scrypt's n, r and p."""
    salt, nonce = os.urandom(16), os.urandom(12)
    kek = _stretch(passphrase, salt, cost)
    return Wrapped(salt, nonce, AESGCM(kek).encrypt(nonce, key, PURPOSE))


def unwrap(wrapped: Wrapped, passphrase: str, cost: Cost) -> bytes | None:
    """None where it is another passphrase."""
    with contextlib.suppress(InvalidTag):
        return AESGCM(_stretch(passphrase, wrapped.salt, cost)).decrypt(wrapped.nonce, wrapped.data, PURPOSE)
    return None


def wrap_code(key: bytes, code: str) -> Wrapped:
    salt, nonce = os.urandom(16), os.urandom(12)
    return Wrapped(salt, nonce, AESGCM(_derive(code, salt)).encrypt(nonce, key, PURPOSE))


def unwrap_code(wrapped: Wrapped, code: str) -> bytes | None:
    with contextlib.suppress(InvalidTag):
        return AESGCM(_derive(code, wrapped.salt)).decrypt(wrapped.nonce, wrapped.data, PURPOSE)
    return None


def _stretch(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    n, r, p = cost
    words = unicodedata.normalize("NFKC", passphrase).encode()  # one keyboard composes é, another does not
    return Scrypt(salt=salt, length=KEY_BYTES, n=n, r=r, p=p).derive(words)


def _derive(code: str, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=PURPOSE).derive(code.encode())


def new_code() -> str:
    """160 random bits in eight groups of four letters and digits."""
    plain = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode()
    return "-".join(re.findall("....", plain))


def as_code(text: str) -> str:
    """The code as it was shown, however it was typed; empty when ``text`` cannot be one."""
    plain = re.sub(r"[\s-]", "", text).upper().replace("0", "O").replace("1", "I").replace("8", "B")
    return "-".join(re.findall("....", plain)) if re.fullmatch(r"[A-Z2-7]{32}", plain) else ""
