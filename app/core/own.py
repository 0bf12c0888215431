"""Which events are ours: the UID that Homebody gives one is sealed, so that no other passes for it."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

_UID = re.compile(r"(?P<id>[0-9a-f]{32})-(?P<seal>[0-9a-f]{32})@homebody")
KEY_BYTES = 32


def new_key() -> str:
    """What a store seals with: random, in hexadecimal, kept where its other secrets are."""
    return secrets.token_hex(KEY_BYTES)


def new_uid(key: str) -> str:
    """A UID (RFC 7986, 5.3: random) with its seal, the first 128 bits of an HMAC-SHA256 (RFC 2104)."""
    id = secrets.token_hex(16)
    return f"{id}-{_seal(id, key)}@homebody"


def is_ours(uid: str, key: str) -> bool:
    """Whether the UID was made with ``key``; nobody who does not have that can make one."""
    match = _UID.fullmatch(uid)
    return bool(key and match and hmac.compare_digest(match["seal"], _seal(match["id"], key)))


def _seal(id: str, key: str) -> str:
    return hmac.new(bytes.fromhex(key), f"event {id}".encode(), hashlib.sha256).hexdigest()[:32]
