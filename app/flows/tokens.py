"""Passwords and tokens of accounts, good now: a token that has ended is renewed where that can be done.

Whoever logs in asks here. One renews at a time: a provider may end the old refresh token with every new one.
"""

from __future__ import annotations

import threading

from msgspec.structs import replace

from app.core.accounts import Account
from app.core.errors import HomebodyError, WrongPassword
from app.core.oauth import Grant, Tokens, tokens_of, written
from app.core.policy import endpoint
from app.courier.signing import Granted, SignIn
from app.flows.context import Home

_renewing = threading.Lock()
_failing: set[str] = set()  # accounts whose provider gave no token the last time


def secret(home: Home, account: Account, *, refused: str = "") -> str:
    """The password of an account, or a token that is good now.

    ``refused`` is one that the server did not take: where it is still the one that is kept, a new one is
    fetched. Raises WrongPassword where the provider gives no more, and HomebodyError where it cannot be
    reached.
    """
    if not account.oauth:
        return home.secrets.get(account.secret)
    with _renewing:
        tokens = tokens_of(home.secrets.get(account.secret))
        if tokens.grant is None or not tokens.refresh:
            return tokens.access
        if tokens.access != refused and not tokens.ended(home.clock().timestamp()):
            return tokens.access
        return _renewed(home, account, tokens, tokens.grant)


def renewable(home: Home, account: Account) -> bool:
    """Whether another token can be had without the person."""
    return account.oauth and bool(tokens_of(home.secrets.get(account.secret)).refresh)


def _renewed(home: Home, account: Account, tokens: Tokens, asks: Grant) -> str:
    host = endpoint(asks.token_url).host
    courier = home.courier()
    try:
        granted = courier.call(SignIn.refresh, grant=asks, token=tokens.refresh)
    except HomebodyError as error:
        if account.root not in _failing:  # an outage is told once, however often it is tried
            home.journal.add(account.kind, f"{account}: {error.message} ({host})", "failed")
        _failing.add(account.root)
        if isinstance(error, WrongPassword) and home.secrets.get(account.secret):  # not asked again and again
            home.secrets.keep(account.secret, written(replace(tokens, refresh="")))
        raise
    finally:
        courier.stop()
    _failing.discard(account.root)
    new = after(home, tokens, granted)
    if home.secrets.get(account.secret):  # else it was removed meanwhile, and nothing of it is kept again
        home.secrets.keep(account.secret, written(new))
    home.journal.add(account.kind, f"{account}: new token from {host}", bytes_out=granted.sent)
    return new.access


def after(home: Home, tokens: Tokens, granted: Granted) -> Tokens:
    """``tokens`` with what the provider gave."""
    ends = home.clock().timestamp() + granted.seconds if granted.seconds else 0.0
    return replace(tokens, access=granted.access, refresh=granted.refresh or tokens.refresh, expires=ends)
