"""Signing in instead of a password: a real OAuth 2.0 provider over TLS, and a Dovecot that asks it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from oauth_server import CLIENT, CLIENT_SECRET, Provider, browse, provider
from remote_runs import done, following, read, until
from remote_servers import USER, Mailbox, certificate, dovecot

from app.core.accounts import imap, parse
from app.core.accounts import provider as provider_of
from app.core.errors import HomebodyError, Refused, UsageFault, WrongPassword
from app.core.oauth import Grant, Tokens, grant, tokens_of, written
from app.core.types import Consent, SignedIn, Skipped, SourceState
from app.courier import oauth
from app.courier.imap import Imap
from app.courier.oauth import OAuth
from app.courier.signing import Ask, Granted
from app.flows import forget, listening, remote, signing, tokens
from app.flows.context import Home


def mail(n: int) -> bytes:
    text = f"From: a@example.org\r\nSubject: Mail {n}\r\nMessage-ID: <m{n}@example.org>\r\n\r\nWords {n}.\r\n"
    return text.encode()


@dataclass
class Place:
    provider: Provider
    mailbox: Mailbox
    cert: Path

    @property
    def url(self) -> str:
        return imap(host="127.0.0.1", user=USER, port=self.mailbox.tls, oauth=True).url

    def sign_in(self, home: Home, *, browse_it: bool = True, **more: str) -> SourceState:
        words = {
            "client": CLIENT,
            "client_secret": CLIENT_SECRET,
            "authorize_url": f"{self.provider.url}/authorize",
            "token_url": f"{self.provider.url}/token",
        } | more
        steps = signing.sign_in(home, kind="imap", url=self.url, **words)
        source: SourceState | None = None
        with closing(steps):  # type: ignore[type-var]
            for step in steps:
                if isinstance(step, Consent) and browse_it:
                    assert step.host == "127.0.0.1"
                    assert "You are back" in browse(step.url, self.cert)
                elif isinstance(step, SignedIn):
                    source = step.source
        assert source is not None
        return source

    def kept(self, home: Home) -> Tokens:
        return tokens_of(home.secrets.get(parse("imap", self.url).secret))


@contextmanager
def _served(place: Path, mechanisms: str) -> Iterator[Place]:
    place.mkdir(exist_ok=True)
    place.chmod(0o755)
    cert, key = certificate(place)
    with provider(place, USER, cert=cert, key=key) as asked:
        port = (place / "introspection").read_text()
        (place / "oauth2.conf").write_text(
            f"introspection_url = http://127.0.0.1:{port}/introspect?token=\n"
            "introspection_mode = get\n"
            "username_attribute = username\n"
            "active_attribute = active\nactive_value = true\n"
        )
        more = (
            f"auth_mechanisms = plain login {mechanisms}\nauth_cache_size = 0\n"
            f"passdb {{\n driver = oauth2\n mechanisms = {mechanisms}\n args = {place}/oauth2.conf\n}}\n"
        )
        with dovecot(place / "dovecot", more=more) as mailbox:
            yield Place(asked, mailbox, cert)


@pytest.fixture
def served(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with _served(place / "oauth", "xoauth2 oauthbearer") as made:
        monkeypatch.setenv("SSL_CERT_FILE", str(_trusted(made)))
        yield made


def _trusted(made: Place) -> Path:
    """Both servers' certificates."""
    both = made.cert.with_name("trusted.pem")
    own = (made.mailbox.folder / "cert.pem").read_bytes()
    both.write_bytes(made.cert.read_bytes() + own)
    return both


def subjects(home: Home) -> set[str]:
    return {row["title"] for row in home.index.db.rows("SELECT title FROM items WHERE kind = 'mail'")}


def test_signing_in_makes_an_account_a_source_and_tokens_are_renewed(mine: Home, served: Place) -> None:
    served.mailbox.fill("INBOX", [mail(n) for n in range(5)])
    source = served.sign_in(mine)
    assert source.path == served.url
    assert done(read(mine)).added == 5
    first = served.kept(mine)
    assert first.access in served.provider.access
    assert first.refresh in served.provider.refresh

    served.provider.end_tokens()  # before its time: the server says so
    served.mailbox.fill("Work", [mail(7)])
    assert done(read(mine)).added == 1
    second = served.kept(mine)
    assert second.access != first.access
    assert second.refresh != first.refresh  # the old one is good no more, and was not lost
    assert served.provider.refresh == {second.refresh}

    mine.secrets.keep(parse("imap", served.url).secret, written(_ended(second)))
    asked = len(served.provider.asked)
    before = served.provider.introspected
    read(mine)  # its time is over: a new one is had before the server is asked
    assert [form["grant_type"] for form in served.provider.asked[asked:]] == ["refresh_token"]
    assert served.provider.introspected > before
    read(mine)
    assert len(served.provider.asked) == asked + 1  # and not again while it is good
    told = [entry.summary for entry in mine.journal.list()]
    assert sum("new token from 127.0.0.1" in line for line in told) == 2
    assert sum("signed in, token from 127.0.0.1" in line for line in told) == 1
    every = " ".join(told)
    assert not any(secret in every for secret in (*served.provider.access, second.refresh, CLIENT_SECRET))


def _ended(one: Tokens) -> Tokens:
    return Tokens(access=one.access, refresh=one.refresh, expires=time.time() + 20, grant=one.grant)


def test_who_may_no_more_is_asked_to_sign_in_again(mine: Home, served: Place) -> None:
    served.mailbox.fill("INBOX", [mail(1)])
    served.sign_in(mine)
    read(mine)
    served.provider.end_tokens()
    served.provider.refresh.clear()  # the person took it back, at the provider
    [skipped] = [step for step in read(mine) if isinstance(step, Skipped)]
    assert "gives no more tokens" in skipped.reason
    assert "sign in again" in mine.index.sources()[0].fault
    asked = len(served.provider.asked)
    read(mine)
    assert len(served.provider.asked) == asked  # that provider is not asked on and on
    assert subjects(mine) == {"Mail 1"}
    served.sign_in(mine, client="", client_secret="", authorize_url="", token_url="")  # as before
    assert mine.index.sources()[0].fault == ""
    assert not any(isinstance(step, Skipped) for step in read(mine))


def test_a_provider_that_is_away_costs_no_token(mine: Home, served: Place) -> None:
    served.mailbox.fill("INBOX", [mail(1)])
    served.sign_in(mine)
    served.provider.end_tokens()
    kept = served.kept(mine)
    served.provider.fault = (503, "temporarily_unavailable")
    for _ in range(2):
        with pytest.raises(HomebodyError, match=r"no token just now.*503 temporarily_unavailable"):
            tokens.secret(mine, parse("imap", served.url), refused=kept.access)
    assert served.kept(mine) == kept
    told = [entry for entry in mine.journal.list() if "no token just now (127.0.0.1)" in entry.summary]
    assert [entry.state for entry in told] == ["failed"]  # told once
    served.provider.fault = None
    read(mine)
    assert subjects(mine) == {"Mail 1"}


@pytest.mark.parametrize("gives", [True, False])
def test_an_account_that_is_removed_while_it_is_renewed_leaves_no_token(
    mine: Home, served: Place, monkeypatch: pytest.MonkeyPatch, gives: bool
) -> None:
    served.sign_in(mine)
    account, kept = parse("imap", served.url), served.kept(mine)
    if not gives:
        served.provider.refresh.clear()
    answer = served.provider.token

    def meanwhile(form: dict[str, str]) -> tuple[int, dict[str, object]]:
        forget.source(mine, kind="imap", path=served.url)
        return answer(form)

    monkeypatch.setattr(served.provider, "token", meanwhile)
    with contextlib.suppress(HomebodyError):
        tokens.secret(mine, account, refused=kept.access)
    assert mine.secrets.get(account.secret) == ""


def test_many_at_once_renew_once(mine: Home, served: Place) -> None:
    """Where refresh tokens are good once, two at a time would lose the account."""
    served.sign_in(mine)
    served.provider.end_tokens()
    account, kept = parse("imap", served.url), served.kept(mine)
    got: list[str] = []
    threads = [
        threading.Thread(target=lambda: got.append(tokens.secret(mine, account, refused=kept.access)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(got) == 4
    assert len(set(got)) == 1
    assert [form["grant_type"] for form in served.provider.asked].count("refresh_token") == 1


def test_listening_goes_on_with_another_token(
    mine: Home, served: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "_PAUSES_S", (0.2,))
    served.mailbox.fill("INBOX", [mail(1)])
    served.sign_in(mine)
    read(mine)
    served.provider.end_tokens()
    with following(mine), served.mailbox.client() as client:
        client.append("INBOX", "", "", mail(2))  # type: ignore[arg-type]
        until(lambda: "Mail 2" in subjects(mine))
    assert mine.index.sources()[0].fault == ""


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
def test_both_ways_a_server_may_take_tokens(
    place: Path, monkeypatch: pytest.MonkeyPatch, mechanism: str
) -> None:
    with _served(place / "oauth", mechanism) as made:
        monkeypatch.setenv("SSL_CERT_FILE", str(_trusted(made)))
        made.mailbox.fill("INBOX", [mail(1)])
        made.provider.access["good"] = time.time() + 60
        account = parse("imap", made.url)
        with closing(Imap()) as asked:
            assert next(one.title for one in asked.survey(account=account, secret="good")) == "INBOX"
        with closing(Imap()) as asked, pytest.raises(WrongPassword, match="does not take this token"):
            asked.survey(account=account, secret="bad")


def test_a_pasted_token_is_used_as_it_is(mine: Home, served: Place) -> None:
    served.mailbox.fill("INBOX", [mail(1)])
    served.provider.access["pasted"] = time.time() + 60
    remote.add(mine, kind="imap", url=served.url, secret="pasted")
    read(mine)
    assert subjects(mine) == {"Mail 1"}
    served.provider.end_tokens()
    [skipped] = [step for step in read(mine) if isinstance(step, Skipped)]
    assert "does not take this token" in skipped.reason
    assert served.provider.asked == []


def test_from_the_command_line(served: Place, tmp_path: Path) -> None:
    """The address to sign in at is shown; the secret comes from standard input, never as an argument."""
    served.mailbox.fill("INBOX", [mail(1)])
    words = ["--data", str(tmp_path / "data"), "--json", "sources", "add", "imap", "--user", USER]
    words += ["--host", "127.0.0.1", "--port", str(served.mailbox.tls), "--client-id", CLIENT]
    words += ["--authorize-url", f"{served.provider.url}/authorize"]
    words += ["--token-url", f"{served.provider.url}/token"]
    running = subprocess.Popen(
        [sys.executable, "-m", "app", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"HOMEBODY_PASSPHRASE": "correct horse battery staple"},
    )
    assert running.stdin is not None and running.stdout is not None
    with running:
        running.stdin.write(f"{CLIENT_SECRET}\n".encode())
        running.stdin.close()
        consent = json.loads(running.stdout.readline())
        assert consent["step"] == "consent"
        browse(consent["url"], served.cert)
        source = json.loads(running.stdout.readline())
        assert (source["kind"], source["path"]) == ("imap", served.url)
    assert running.returncode == 0


# --- what goes wrong while signing in ------------------------------------------------------------


def test_who_says_no_is_not_signed_in(mine: Home, served: Place) -> None:
    served.provider.consents = False
    with pytest.raises(Refused, match=r"did not let you in.*access_denied"):
        served.sign_in(mine)
    assert not mine.index.sources()
    assert mine.secrets.get(parse("imap", served.url).secret) == ""
    assert any(entry.state == "failed" and "said no" in entry.summary for entry in mine.journal.list())


def test_only_the_browser_that_was_sent_is_listened_to(served: Place) -> None:
    """Another program of this computer guesses the port, but not the state."""
    asks = Grant(
        client=CLIENT,
        client_secret=CLIENT_SECRET,
        authorize_url=f"{served.provider.url}/authorize",
        token_url=f"{served.provider.url}/token",
    )
    with closing(OAuth().authorize(ask=Ask(grant=asks, user=USER))) as steps:  # type: ignore[type-var]
        consent = next(steps)
        assert isinstance(consent, Consent)
        words = {name: values[0] for name, values in parse_qs(urlsplit(consent.url).query).items()}
        back = words["redirect_uri"]
        for forged in ({"code": "x", "state": "guessed"}, {"code": "x"}, {"state": words["state"]}):
            with pytest.raises(urllib.error.HTTPError):
                browse(f"{back}?{urlencode(forged)}", served.cert)
        next(steps)
        assert served.provider.asked == []
        browse(consent.url, served.cert)
        granted = [step for step in steps if isinstance(step, Granted)]
    assert granted[0].access in served.provider.access
    with pytest.raises(OSError):  # the port is closed again
        browse(back, served.cert)


def test_a_stolen_code_is_worth_nothing(served: Place) -> None:
    """The control of PKCE: the provider takes it with the verifier only."""
    asks = Grant(
        client=CLIENT, client_secret=CLIENT_SECRET, authorize_url="", token_url=f"{served.provider.url}/token"
    )
    served.provider.codes["stolen"] = {"code_challenge": "of another", "redirect_uri": "http://127.0.0.1:1/"}
    form = {"grant_type": "authorization_code", "code": "stolen", "redirect_uri": "http://127.0.0.1:1/"}
    with pytest.raises(WrongPassword):
        oauth._asked(asks, form | {"code_verifier": "guessed"})


@pytest.mark.parametrize(
    ("status", "data", "kind", "words"),
    [
        (200, b"", HomebodyError, "do not understand"),
        (200, b"[]", HomebodyError, "do not understand"),
        (200, b'{"access_token":"a b","token_type":"bearer"}', HomebodyError, "do not understand"),
        (200, b'{"access_token":"a","token_type":"mac"}', HomebodyError, "do not understand"),
        (200, b'{"access_token":"a\\r\\nX: y"}', HomebodyError, "do not understand"),
        (200, b"[" * 60_000, HomebodyError, "do not understand"),
        (302, b"", HomebodyError, "no token just now"),
        (400, b'{"error":"invalid_grant"}', WrongPassword, "sign in again"),
        (401, b'{"error":"invalid_client"}', Refused, "refuses this program"),
        (429, b"slow down", HomebodyError, "no token just now"),
        (500, b'{"error":"<b>words of a stranger</b>"}', HomebodyError, "no token just now"),
    ],
)
def test_what_is_no_token_is_one_clear_line(
    status: int, data: bytes, kind: type[HomebodyError], words: str
) -> None:
    with pytest.raises(kind, match=words) as caught:
        oauth._granted(status, data, "login.example.org", 0)
    assert "stranger" not in str(caught.value)


def test_an_endpoint_that_cannot_be_trusted_gets_nothing(
    mine: Home, served: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.sign_in(mine)
    monkeypatch.delenv("SSL_CERT_FILE")
    asked = len(served.provider.asked)
    with pytest.raises(Refused, match="certificate cannot be trusted: nothing was sent"):
        tokens.secret(mine, parse("imap", served.url), refused=served.kept(mine).access)
    assert len(served.provider.asked) == asked


def test_what_is_needed_to_sign_in_is_asked_for() -> None:
    known = parse("imap", "imaps://vera%40gmail.com;AUTH=XOAUTH2@imap.gmail.com/")
    assert grant(known, client="x").token_url == "https://oauth2.googleapis.com/token"
    assert grant(known, client="x").scope == "https://mail.google.com/"
    with pytest.raises(UsageFault, match="which program"):
        grant(known, client=" ")
    other = parse("imap", "imaps://vera%40example.org@imap.example.org/")
    with pytest.raises(UsageFault, match="where does one sign in"):
        grant(other, client="x")
    with pytest.raises(Refused, match="without https"):
        grant(other, client="x", authorize_url="http://a.example.org/", token_url="https://a.example.org/")
    for name in ("gmail.com", "outlook.com", "yahoo.com", "aol.com"):
        one = provider_of(f"vera@{name}")
        assert one is not None
        assert one.authorize.startswith("https://")
        assert one.token.startswith("https://")
        assert one.scope


def test_tokens_are_read_back_as_they_were_written() -> None:
    asks = Grant(client="c", token_url="https://a/t", authorize_url="https://a/a", scope="s")
    one = Tokens(access="a", refresh="r", expires=5.0, grant=asks)
    assert tokens_of(written(one)) == one
    assert tokens_of("pasted") == Tokens(access="pasted")
    assert tokens_of("{not json") == Tokens(access="{not json")
    assert written(Tokens(access="pasted")) == "pasted"
