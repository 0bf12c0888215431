"""Signing in: the provider asks the person in their own browser, and the account becomes a source."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from app.core.accounts import Account, caldav, imap, parse
from app.core.errors import HomebodyError
from app.core.oauth import Tokens, grant, tokens_of, written
from app.core.policy import endpoint
from app.core.types import Consent, SignedIn, Waiting
from app.courier.signing import Ask, Granted, SignIn
from app.flows import remote, tokens
from app.flows.context import Home


def sign_in(
    home: Home,
    *,
    kind: str,
    url: str,
    client: str,
    client_secret: str = "",
    authorize_url: str = "",
    token_url: str = "",
    scope: str = "",
) -> Iterator[Consent | Waiting | SignedIn]:
    """Make an account a source by signing in with its provider; see :meth:`app.core.api.Sources.sign_in`."""
    account = _with_tokens(parse(kind, url))
    before = tokens_of(home.secrets.get(account.secret)).grant
    asks = (
        before
        if before and not client
        else grant(
            account,
            client=client,
            client_secret=client_secret,
            authorize_url=authorize_url,
            token_url=token_url,
            scope=scope,
        )
    )
    host = endpoint(asks.token_url).host
    granted: Granted | None = None
    courier = home.courier()
    try:
        ask = Ask(grant=asks, user=account.user)
        with closing(courier.stream(SignIn.authorize, ask=ask)) as steps:
            for step in steps:
                if isinstance(step, Consent):
                    yield step
                elif isinstance(step, Granted):
                    granted = step
                else:
                    yield Waiting(reason="sign in with your browser")
    except HomebodyError as error:
        home.journal.add(kind, f"{account}: {error.message} ({host})", "failed")
        raise
    finally:
        courier.stop()
    if granted is None:
        raise HomebodyError("nobody signed in", where=host, remedy="try again")
    home.journal.add(kind, f"{account}: signed in, token from {host}", bytes_out=granted.sent)
    had = tokens.after(home, Tokens(access="", grant=asks), granted)
    yield SignedIn(source=remote.add(home, kind=kind, url=account.url, secret=written(had)))


def _with_tokens(account: Account) -> Account:
    if account.kind == "caldav":
        address = f"{account.scheme}://{account.root.rpartition('@')[2]}{account.place or '/'}"
        return caldav(url=address, user=account.user, oauth=True)
    return imap(
        host=account.host,
        user=account.user,
        port=account.port,
        starttls=account.scheme == "imap",
        folder=account.place,
        oauth=True,
    )
