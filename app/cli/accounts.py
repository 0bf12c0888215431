"""Accounts on the command line: what is left out the address tells; the password is never an argument."""

from __future__ import annotations

import argparse
import getpass
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import closing

from app.core.accounts import READS, Account, caldav, imap, parse, provider
from app.core.api import Sources
from app.core.errors import UsageFault
from app.core.types import Consent, SignedIn, SourceState
from app.workers.worker import Caller

KINDS = tuple(READS)


def add(caller: Caller, options: argparse.Namespace) -> Iterator[SourceState | Consent]:
    """Each account, or folder of one, that the words name. Raises UsageFault where they do not suffice."""
    wanted = _wanted(options)
    if options.client_id:
        if len(wanted) > 1:
            raise UsageFault("one signs in for one folder at a time", remedy="give one --folder, or none")
        yield from _sign_in(caller, options, wanted[0])
        return
    secret = _secret("OAuth2 token" if wanted[0].oauth else "Password", wanted[0])
    for account in wanted:
        yield caller.call(Sources.add_account, kind=options.kind, url=account.url, secret=secret)


def _sign_in(
    caller: Caller, options: argparse.Namespace, account: Account
) -> Iterator[SourceState | Consent]:
    """By the provider's page, in the person's browser; its address is shown as well."""
    steps = caller.stream(
        Sources.sign_in,
        kind=options.kind,
        url=account.url,
        client=options.client_id,
        client_secret=_secret("Client secret (empty where there is none)", account),
        authorize_url=options.authorize_url,
        token_url=options.token_url,
        scope=options.scope,
    )
    with closing(steps):
        for step in steps:
            if isinstance(step, Consent):
                yield step
                if sys.stdout.isatty():
                    webbrowser.open(step.url)
            elif isinstance(step, SignedIn):
                yield step.source


def known(caller: Caller, options: argparse.Namespace) -> str:
    """The address of an account that is read: as it is listed, or told by its user where one is theirs."""
    found = [
        one.path
        for one in caller.call(Sources.list)
        if one.kind == options.kind and options.path in (one.path, parse(one.kind, one.path).user)
    ]
    return found[0] if len(found) == 1 else options.path


def _wanted(options: argparse.Namespace) -> list[Account]:
    if "://" in options.path and not options.user and options.kind == "imap":
        return [parse(options.kind, options.path)]
    user = options.user or options.path
    known = provider(user)
    if options.kind == "caldav":
        named = options.path and (options.user or "://" in options.path)
        url = options.path if named else known.caldav if known else ""
        if not url:
            raise UsageFault("where is the calendar?", remedy="homebody sources add caldav URL --user NAME")
        return [caldav(url=url, user="" if "://" in user else user, oauth=options.oauth2)]
    host = options.host or (known.imap if known else "")
    if not user or not host:
        raise UsageFault("which mail server?", remedy="homebody sources add imap --user NAME --host SERVER")
    table = None if options.host else known
    return [
        imap(
            host=host,
            user=user,
            port=options.port or (table.port if table else 0),
            starttls=options.starttls or bool(table and table.starttls),
            folder=folder,
            oauth=options.oauth2,
        )
        for folder in options.folder or [""]
    ]


def _secret(what: str, account: Account) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"{what} of {account}: ")
    return sys.stdin.readline().rstrip("\r\n")
