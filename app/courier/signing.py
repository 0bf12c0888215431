"""What a courier can be asked for an account that takes tokens: the person's consent, and new tokens.

No network library is imported here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from app.core.oauth import Grant
from app.core.types import Consent, Record, Step


class Granted(Step, frozen=True, kw_only=True):
    """An access token for ``seconds`` (0: not told); ``refresh`` is empty where the one before stays good."""

    access: str
    refresh: str = ""
    seconds: float = 0.0
    sent: int = 0  # bytes, to the token endpoint


class Pending(Step, frozen=True, kw_only=True):
    """The person has not decided yet."""


class Ask(Record, frozen=True, kw_only=True):
    """Who is asked; ``user`` is shown to them there."""

    grant: Grant
    user: str


class SignIn(Protocol):
    """Raises WrongPassword where the provider does not (or no more) give tokens, Refused where the person
    said no, HomebodyError with one clear reason for everything else."""

    def authorize(self, *, ask: Ask) -> Iterator[Consent | Pending | Granted]:
        """Begins with the address for the person's own browser; ends with tokens (RFC 8252, RFC 7636)."""
        ...

    def refresh(self, *, grant: Grant, token: str) -> Granted:
        """A new access token for a refresh token (RFC 6749, 6)."""
        ...
