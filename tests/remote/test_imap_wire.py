"""An IMAP server that lies, babbles, hangs up or offers no encryption: one clear line, nothing given away."""

from __future__ import annotations

import contextlib
import imaplib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from remote_servers import PASSWORD, USER, Mailbox

from app.core import accounts
from app.core.accounts import imap, parse
from app.core.errors import HomebodyError, Refused, WrongPassword
from app.courier import imap as courier_imap
from app.courier.held import Held, sequence
from app.courier.imap import Imap
from app.courier.imap_values import folder_name, numbers, parsed, within
from app.courier.remote import Still, Stirred

GREETING = b"* OK [CAPABILITY IMAP4rev1] ready\r\n"


@contextmanager
def scripted(answers: dict[bytes, bytes], greeting: bytes = GREETING) -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers each command word as told (``TAG`` is the tag); what it heard."""
    heard: list[bytes] = []
    usual = {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
        b"LOGIN": b"TAG OK done\r\n",
        b"LIST": b"TAG OK done\r\n",
    } | answers

    def serve() -> None:
        with door.accept()[0] as client, client.makefile("rwb") as file:
            if not greeting:
                return
            file.write(greeting)
            file.flush()
            for line in file:
                heard.append(line)
                tag, word = line.split()[:2]
                file.write(usual.get(word.upper(), b"TAG BAD no\r\n").replace(b"TAG ", tag + b" ", 1))
                file.flush()
                if usual.get(word.upper()) == b"":
                    return

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=_quietly(serve))
        thread.start()
        url = imap(host="127.0.0.1", user=USER, port=door.getsockname()[1], starttls=True).url
        try:
            yield url, heard
        finally:
            thread.join(10)


def _quietly(work: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        with contextlib.suppress(OSError):  # who called has heard enough
            work()

    return run


@pytest.mark.parametrize(
    ("answers", "greeting", "words"),
    [
        ({}, b"", "broke off"),
        ({}, b"220 this is no mailbox\r\n", "broke off"),
        ({}, b"* BYE go away\r\n", "broke off|not understand"),
        ({b"LOGIN": b"TAG NO [AUTHENTICATIONFAILED] sorry\r\n"}, GREETING, "does not take this password"),
        ({b"LOGIN": b"TAG NO [UNAVAILABLE] later\r\n"}, GREETING, "cannot check passwords"),
        ({b"LIST": b""}, GREETING, "broke off"),
        ({b"LIST": b'* LIST () "/" {99999999999}\r\n'}, GREETING, "broke off"),
        ({b"LIST": b"* LIST (((\r\nTAG OK done\r\n"}, GREETING, "not understand"),
        ({b"LIST": b"* LIST () x\r\nTAG OK done\r\n"}, GREETING, "not understand"),
        ({b"LIST": b"* " + b"x" * 5_000_000}, GREETING, "broke off"),
    ],
)
def test_what_is_no_mailbox_is_one_clear_line(
    answers: dict[bytes, bytes], greeting: bytes, words: str
) -> None:
    with scripted(answers, greeting) as (url, _), closing(Imap()) as asked:
        with pytest.raises(HomebodyError, match=words) as caught:
            asked.survey(account=parse("imap", url), secret="word")
        assert "sorry" not in str(caught.value)  # what a server writes may quote anything


def test_without_encryption_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted({}) as (url, heard), closing(Imap()) as asked:
        monkeypatch.setattr(accounts, "is_loopback", lambda host: False)
        with pytest.raises(Refused, match="offers no encryption: nothing was sent"):
            asked.survey(account=parse("imap", url), secret="word")
        assert not any(b"LOGIN" in line for line in heard)
        monkeypatch.undo()
    with scripted({}) as (url, heard), closing(Imap()) as asked:  # the control: this computer itself
        assert asked.survey(account=parse("imap", url), secret="word") == ()
        assert any(b"LOGIN" in line for line in heard)


def test_folders_whose_names_could_be_commands_are_passed_over() -> None:
    listed = b'* LIST () "/" {8}\r\nIN\r\nBOXX\r\n* LIST () "/" "In &- Out"\r\nTAG OK done\r\n'
    status = b"* STATUS x (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 3)\r\nTAG OK done\r\n"
    with scripted({b"LIST": listed, b"STATUS": status}) as (url, _), closing(Imap()) as asked:
        [one] = asked.survey(account=parse("imap", url), secret="word")
    assert (one.title, one.key, one.state) == ("In & Out", "In &- Out", "3 2 1 0")
    assert one.prefix == "/In%20%26%20Out;UIDVALIDITY="


def test_a_folder_of_more_mails_than_there_can_be_is_not_read() -> None:
    listed = b'* LIST () "/" INBOX\r\nTAG OK done\r\n'
    status = b"* STATUS INBOX (MESSAGES 4294967295 UIDNEXT 2 UIDVALIDITY 3)\r\nTAG OK done\r\n"
    opened = b"* 4294967295 EXISTS\r\n* OK [UIDVALIDITY 3] x\r\n* OK [UIDNEXT 2] x\r\nTAG OK done\r\n"
    told = {b"LIST": listed, b"STATUS": status, b"EXAMINE": opened}
    with scripted(told) as (url, heard), closing(Imap()) as asked:
        account = parse("imap", url)
        [one] = asked.survey(account=account, secret="word")
        with pytest.raises(HomebodyError, match="more mails than can be read"):
            list(asked.sync(account=account, secret="word", collection=one, state="", held=Held()))
        assert not any(b"FETCH" in line for line in heard)


@pytest.mark.parametrize("secret", ["", "a\r\nb", "a\0b"])
def test_what_is_no_password_is_not_sent(secret: str) -> None:
    with scripted({}) as (url, heard), closing(Imap()) as asked:
        with pytest.raises(WrongPassword, match="no password"):
            asked.survey(account=parse("imap", url), secret=secret)
        assert not any(b"LOGIN" in line for line in heard)


def test_values() -> None:
    answers = [
        (b"1 (UID 5 BODY[HEADER.FIELDS (X)] {3}", b"a)b"),
        b' FLAGS (\\Seen "a\\"b") X NIL)',
        b"2 (UID 6)",
    ]
    assert list(parsed(answers)) == [
        [b"1", [b"UID", b"5", b"BODY[HEADER.FIELDS (X)]", b"a)b", b"FLAGS", [b"\\Seen", b'a"b'], b"X", None]],
        [b"2", [b"UID", b"6"]],
    ]
    assert folder_name(b"D&AOk-j&AOA- &-") == "Déjà &"
    assert folder_name(b"a\r\nb") is None
    assert folder_name(b"&2D0-x") == "?x"  # half a surrogate pair
    assert numbers(b"1:3,7,x,9:8", 6) == {1, 2, 3, 7, 8, 9}
    with pytest.raises(imaplib.IMAP4.error, match="more numbers"):
        numbers(b"1:4294967295", 1000)
    assert within(b"8:9,1:4294967295,5", {7, 9}) == {7, 9}
    assert within(b"2:3,8,x", {1, 2, 8, 9}) == {2, 8}
    assert sequence({3, 1, 2, 9}) == "1:3,9"


def test_waiting_is_begun_again_before_a_server_ends_it(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier_imap, "IDLE_S", 0.3)
    monkeypatch.setattr(courier_imap, "PULSE_S", 0.1)
    account = parse("imap", mailbox.url())
    with closing(Imap()) as asked:
        states = {one.key: one.state for one in asked.survey(account=account, secret=PASSWORD)}
        steps = asked.listen(account=account, secret=PASSWORD, states=states, every=300.0)
        with closing(steps):  # type: ignore[type-var]
            assert [next(steps) for _ in range(12)] == [Still()] * 12  # three times and more
            with mailbox.client() as client:
                client.append("Archive", "", "", b"Subject: x\r\n\r\nx")  # type: ignore[arg-type]
            assert Stirred() in [next(steps) for _ in range(8)]
