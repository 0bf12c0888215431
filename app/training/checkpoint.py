"""Where a training stands, on disk: whole or not there, and unreadable to others where it is sealed."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import torch
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core.errors import UsageFault

NAME = "checkpoint"
KEY_BYTES = 32
_NONCE_BYTES = 12


class Checkpoint:
    """One file in ``folder``, for the run that ``identity`` names; AES-256-GCM under ``seal`` if given.

    Raises UsageFault where ``seal`` is not a key.
    """

    def __init__(self, folder: Path, identity: str, seal: bytes = b"") -> None:
        if seal and len(seal) != KEY_BYTES:
            raise UsageFault("the key for checkpoints has the wrong length", where=f"{len(seal)} bytes")
        self._path, self._identity = folder / NAME, identity
        self._cipher = AESGCM(seal) if seal else None
        folder.mkdir(parents=True, exist_ok=True)

    def save(self, state: dict[str, Any]) -> None:
        """In place of the last one, in one step."""
        buffer = io.BytesIO()
        torch.save(state | {"identity": self._identity}, buffer)
        data = buffer.getvalue()
        if self._cipher is not None:
            nonce = os.urandom(_NONCE_BYTES)
            data = nonce + self._cipher.encrypt(nonce, data, self._identity.encode())
        part = self._path.with_suffix(".part")
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)

    def load(self) -> dict[str, Any] | None:
        """None where there is none; one of another run or key, or a damaged one, is of no use either."""
        try:
            data = self._path.read_bytes()
            if self._cipher is not None:
                data = self._cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], self._identity.encode())
        except (OSError, InvalidTag, ValueError):
            return None
        try:
            state: dict[str, Any] = torch.load(io.BytesIO(data), weights_only=True)
        except Exception:  # its unpickler raises whatever the bytes make it trip over
            return None
        return state if isinstance(state, dict) and state.get("identity") == self._identity else None

    def remove(self) -> None:
        for path in (self._path, self._path.with_suffix(".part")):
            path.unlink(missing_ok=True)
