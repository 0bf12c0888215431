"""What lies in the pages of an encrypted file: each decrypted by hand, as whoever has the key could.

SQLCipher 4: a page ends in its initialization vector (16 bytes) and an HMAC-SHA512 (64 bytes) over
what is before it and the page's number; the first page begins with the salt. Frames of the
write-ahead log hold the same pages after headers in the clear.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE, RESERVED, SALT, MAC = 4096, 80, 16, 64
_WAL_HEADER, _FRAME_HEADER = 32, 24


def decrypted(path: Path, key: bytes) -> Iterator[bytes]:
    """Every page of a database and of its write-ahead log; an assertion holds that each is sound."""
    data = path.read_bytes()
    salt = data[:SALT]
    for number, at in enumerate(range(0, len(data), PAGE), 1):
        yield _page(data[at : at + PAGE], number, key, salt)
    log = path.with_name(path.name + "-wal")
    frames = log.read_bytes()[_WAL_HEADER:] if log.exists() else b""
    for at in range(0, len(frames), _FRAME_HEADER + PAGE):
        (number,) = struct.unpack_from(">I", frames, at)
        yield _page(frames[at + _FRAME_HEADER : at + _FRAME_HEADER + PAGE], number, key, salt)


def holding(path: Path, key: bytes, word: str) -> int:
    """How often ``word`` stands in the pages, in UTF-8 and whatever its case."""
    return sum(page.lower().count(word.lower().encode()) for page in decrypted(path, key))


def _page(page: bytes, number: int, key: bytes, salt: bytes) -> bytes:
    start = SALT if number == 1 else 0
    mac_key = hashlib.pbkdf2_hmac("sha512", key, bytes(b ^ 0x3A for b in salt), 2, 32)
    mac = hmac.new(mac_key, page[start:-MAC] + struct.pack("<I", number), hashlib.sha512).digest()
    assert mac == page[-MAC:], f"page {number} is not sound"
    vector = page[-RESERVED : -RESERVED + 16]
    decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    return decryptor.update(page[start:-RESERVED]) + decryptor.finalize()
