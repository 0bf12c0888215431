"""Which pages of an encrypted file fit a key: what tells a wrong key from a damaged file.

SQLCipher ends each page with an initialization vector and an HMAC-SHA512 over the page and its
number; the key of that is made from the file's own (PBKDF2, 2 rounds, the salt XOR 0x3a). The salt
is the first 16 bytes of the file, in place of the beginning of its first page.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from pathlib import Path

PAGE, SALT, MAC = 4096, 16, 64
_LOOKED_AT = 50_000  # pages: 200 MB, read and checked in less than a second


def faults(path: Path, key: bytes) -> tuple[int, int]:
    """How many pages do not fit, of how many that were looked at. Raises OSError."""
    bad = number = 0
    with path.open("rb") as file:
        salt = file.read(SALT)
        file.seek(0)
        mac_key = hashlib.pbkdf2_hmac("sha512", key, bytes(b ^ 0x3A for b in salt), 2, 32)
        while number < _LOOKED_AT and (page := file.read(PAGE)):
            number += 1
            start = SALT if number == 1 else 0
            mac = hmac.new(mac_key, page[start:-MAC] + struct.pack("<I", number), hashlib.sha512)
            bad += not hmac.compare_digest(mac.digest(), page[-MAC:])
    return bad, number


def described(path: Path, key: bytes) -> str:
    """In words, for a file that could not be opened with ``key``."""
    bad, pages = faults(path, key)
    if bad == pages:
        return "not one page fits the key: the file was written with another key, or its beginning is damaged"
    if bad:
        return f"the file is damaged: {bad:,} of {pages:,} pages do not fit their checksum"
    return "the file is damaged: its pages are sound, but what they say does not fit together"
