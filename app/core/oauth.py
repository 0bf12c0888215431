"""Tokens instead of a password (OAuth 2.0, RFC 6749): what is kept of them, and how new ones are had."""

from __future__ import annotations

import msgspec

from app.core.accounts import Account, Provider, provider
from app.core.errors import UsageFault
from app.core.policy import endpoint
from app.core.types import Record

MARGIN_S = 60.0  # a token that ends sooner is taken as ended


class Grant(Record, frozen=True, kw_only=True):
    """Where the person signs in and where tokens come from; ``client`` is the id they registered there.

    Some providers give programs on a computer a ``client_secret``, which is none (RFC 8252, 8.5).
    """

    client: str
    token_url: str
    authorize_url: str = ""
    client_secret: str = ""
    scope: str = ""


class Tokens(Record, frozen=True, kw_only=True):
    """What logs in now, until ``expires`` (seconds since 1970; 0: not told), and what brings the next one."""

    access: str
    refresh: str = ""
    expires: float = 0.0
    grant: Grant | None = None

    def ended(self, now: float) -> bool:
        return bool(self.expires) and self.expires - MARGIN_S <= now


def written(tokens: Tokens) -> str:
    """As one secret; a token alone, as a person may have pasted it, is written as it is."""
    if tokens.grant is None:
        return tokens.access
    return msgspec.json.encode(tokens).decode()


def tokens_of(secret: str) -> Tokens:
    """What :func:`written` wrote."""
    try:
        return msgspec.json.decode(secret, type=Tokens)
    except msgspec.DecodeError:
        return Tokens(access=secret)


def grant(
    account: Account,
    *,
    client: str,
    client_secret: str = "",
    authorize_url: str = "",
    token_url: str = "",
    scope: str = "",
) -> Grant:
    """What the person gave, and the rest by the table of providers. Raises UsageFault where something lacks.

    Raises Refused for an address that would send the token in the clear.
    """
    known = provider(account.user) or Provider(name="", domains=())
    made = Grant(
        client=client.strip(),
        client_secret=client_secret,
        authorize_url=authorize_url or known.authorize,
        token_url=token_url or known.token,
        scope=scope or (known.scope if account.kind == "imap" else known.caldav_scope),
    )
    if not made.client.isprintable() or not made.client:
        raise UsageFault(
            "which program signs in?",
            where=str(account),
            remedy="give the client id that you registered with the provider",
        )
    if not made.authorize_url or not made.token_url:
        raise UsageFault(
            "where does one sign in?", where=str(account), remedy="give authorize URL and token URL"
        )
    for url in (made.authorize_url, made.token_url):
        endpoint(url)
    return made
