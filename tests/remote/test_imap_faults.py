"""Servers that do not lie but have faults: what one cannot give costs no other, and nothing is cut short."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.core.accounts import imap, parse
from app.core.errors import HomebodyError, Locked, WorkerDied
from app.core.types import Skipped
from app.courier import imap as courier_imap
from app.courier import imap_mails, imap_wire
from app.courier.held import Held, names, told
from app.courier.imap import Imap
from app.courier.remote import Brought, Level, Member
from app.flows import index, remote
from app.flows.context import Home
from app.store.vault import Secrets

USER = "vera@example.org"


@dataclass
class Box:
    """One folder, as a plain IMAP4rev1 server shows it, with the faults of some."""

    mails: dict[int, bytes]
    refused: set[int] = field(default_factory=set)  # the whole command fails where one of these is asked for
    sizes: dict[int, int] = field(default_factory=dict)  # where what is told is not so
    most: int = 1_000_000  # answers to one command; the rest is left out without a word
    chatter: bytes = b""  # told in the midst of every answer
    silent: bool = False  # says nothing of the folder that is opened
    url: str = ""
    asked: list[str] = field(default_factory=list)

    def answer(self, line: str) -> bytes:
        tag, word, *rest = line.split(" ", 2)
        words = rest[0] if rest else ""
        match word.upper():
            case "CAPABILITY":
                told = b"* CAPABILITY IMAP4rev1\r\n"
            case "LIST":
                told = b'* LIST () "/" INBOX\r\n'
            case "STATUS":
                told = b"* STATUS INBOX (" + self._state().replace(b"EXISTS", b"MESSAGES") + b")\r\n"
            case "EXAMINE" if self.silent:
                told = b""
            case "EXAMINE":
                told = f"* {len(self.mails)} EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n".encode()
                told += f"* OK [UIDNEXT {self._next()}] x\r\n".encode()
            case "FETCH":
                numbers, what = words.split(" ", 1)
                low, _, high = numbers.partition(":")
                return self._fetch(tag, sorted(self.mails)[int(low) - 1 : int(high or low)], what)
            case "UID":
                _, numbers, what = words.split(" ", 2)
                return self._fetch(tag, [uid for uid in sorted(self.mails) if _in(uid, numbers)], what)
            case "LOGIN" | "CLOSE":
                told = b""
            case _:
                return f"{tag} BAD no\r\n".encode()
        return told + f"{tag} OK done\r\n".encode()

    def _state(self) -> bytes:
        return f"EXISTS {len(self.mails)} UIDNEXT {self._next()} UIDVALIDITY 7".encode()

    def _next(self) -> int:
        return max(self.mails, default=0) + 1

    def _fetch(self, tag: str, uids: list[int], what: str) -> bytes:
        if "BODY" in what:
            self.asked.append(what)
            if self.refused & set(uids):
                return f"{tag} NO [SERVERBUG] Internal error occurred\r\n".encode()
        told = b"".join(self._one(uid, what) for uid in uids[: self.most])
        return self.chatter + told + self.chatter + f"{tag} OK done\r\n".encode()

    def _one(self, uid: int, what: str) -> bytes:
        parts = [f"UID {uid}".encode()]
        data = self.mails[uid]
        if "FLAGS" in what:
            parts.append(b"FLAGS (\\Seen)")
        if "RFC822.SIZE" in what:
            parts.append(f"RFC822.SIZE {self.sizes.get(uid, len(data))}".encode())
        if match := re.search(r"BODY\.PEEK\[\](?:<(\d+)\.(\d+)>)?", what):
            at = int(match[1] or 0)
            piece = data[at : at + int(match[2] or len(data))]
            parts.append(f"BODY[]{f'<{at}>' if match[1] else ''} {{{len(piece)}}}\r\n".encode() + piece)
        number = sorted(self.mails).index(uid) + 1
        return f"* {number} FETCH (".encode() + b" ".join(parts) + b")\r\n"


def _in(uid: int, numbers: str) -> bool:
    for piece in numbers.split(","):
        low, _, high = piece.partition(":")
        if int(low) <= uid <= (10**9 if high == "*" else int(high or low)):
            return True
    return False


@contextmanager
def served(box: Box) -> Iterator[Box]:
    def talk(client: socket.socket) -> None:
        with contextlib.suppress(OSError), client, client.makefile("rwb") as file:
            file.write(b"* OK ready\r\n")
            file.flush()
            for line in file:
                file.write(box.answer(line.decode().strip()))
                file.flush()

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=talk, args=(door.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=accept, daemon=True).start()
        box.url = imap(host="127.0.0.1", user=USER, port=door.getsockname()[1], starttls=True).url
        try:
            yield box
        finally:
            door.shutdown(socket.SHUT_RDWR)


def mail(n: int, size: int = 0) -> bytes:
    head = f"From: a@example.org\r\nSubject: Mail {n}\r\nMessage-ID: <m{n}@example.org>\r\n\r\nWords {n}.\r\n"
    return head.encode() + b"0123456789 abcdefghijklmnopqrstuvwxyz\r\n" * (size // 39)


def visit(box: Box, held: dict[str, str]) -> tuple[dict[int, bytes], list[int], Level]:
    """What one visit brings: (whole mails, those that are not handed out, how it ends)."""
    account = parse("imap", box.url)
    whole: dict[int, bytes] = {}
    kept_back: list[int] = []
    pieces: list[Member] = []
    with closing(Imap()) as asked:
        [inbox] = asked.survey(account=account, secret="word")
        steps = list(asked.sync(account=account, secret="word", collection=inbox, state="", held=told(held)))
    for member in (one for step in steps if isinstance(step, Brought) for one in step.members):
        uid = int(member.name.rpartition("=")[2])
        if not member.stamp:
            kept_back.append(uid)
            pieces.clear()
            continue
        pieces.append(member)
        if member.last:
            whole[uid] = b"".join(one.data for one in pieces)
            pieces.clear()
    assert isinstance(steps[-1], Level)
    return whole, kept_back, steps[-1]


def test_what_is_told_of_other_mails_cuts_none_short() -> None:
    """A flag that changes elsewhere while a large mail comes in pieces; servers tell at once."""
    chatter = b"* 1 FETCH (UID 1 FLAGS (\\Flagged))\r\n* 2 FETCH (UID 2 FLAGS (\\Flagged))\r\n"
    mails = {1: mail(1), 2: mail(2, 1_500_000), 3: mail(3, 700_000)}
    with served(Box(mails, chatter=chatter)) as box:
        whole, kept_back, _ = visit(box, {})
    assert whole == mails
    assert not kept_back


def test_a_mail_whose_size_is_told_wrong_comes_whole() -> None:
    mails = {1: mail(1), 2: mail(2, 5_000_000), 3: mail(3)}
    with served(Box(mails, sizes={1: 0, 2: 100, 3: 5})) as box:
        whole, _, _ = visit(box, {})
    assert whole == mails


def test_a_mail_that_is_not_handed_out_costs_no_other(mine: Home) -> None:
    mails = {n: mail(n) for n in range(1, 31)}
    mails[9] = mail(9, 1_500_000)
    with served(Box(mails, refused={9, 17})) as box:
        remote.add(mine, kind="imap", url=box.url, secret="word")
        for _ in range(2):  # the second time they are asked for again
            steps = list(index.index(mine, words=True))
            told = [step for step in steps if isinstance(step, Skipped)]
            assert [one.uri.rpartition("=")[2] for one in told] == ["9", "17"]
            assert all("does not hand it out" in one.reason for one in told)
            assert _subjects(mine) == {f"Mail {n}" for n in mails} - {"Mail 9", "Mail 17"}
            assert [one.uri.rpartition("=")[2] for one in mine.index.skipped()] == ["9", "17"]
        box.refused.clear()
        list(index.index(mine, words=True))
        assert _subjects(mine) == {f"Mail {n}" for n in mails}
        assert mine.index.skipped() == ()
        box.asked.clear()
        list(index.index(mine, words=True))
        assert box.asked == []


def _subjects(home: Home) -> set[str]:
    return {row["title"] for row in home.index.db.rows("SELECT title FROM items WHERE kind = 'mail'")}


def test_a_server_that_hands_out_nothing_is_a_fault_and_not_so_many_bad_mails() -> None:
    mails = {n: mail(n) for n in range(1, 61)}
    with served(Box(mails, refused=set(mails))) as box, pytest.raises(HomebodyError, match="not understand"):
        visit(box, {})


def test_an_answer_that_is_short_takes_nothing_away_and_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As of servers that tell of a limited number of mails only."""
    mails = {n: mail(n) for n in range(1, 41)}
    held = {f"/INBOX;UIDVALIDITY=7/;UID={n}": "S" for n in range(1, 41)}
    with served(Box(mails, most=10)) as box:
        _, _, level = visit(box, held)
        assert level.gone == Held()
        with closing(Imap()) as asked:
            [inbox] = asked.survey(account=parse("imap", box.url), secret="word")
        assert level.state != inbox.state
        monkeypatch.setattr(courier_imap, "_NUMBERED", 10)  # the control: within its limit all is told
        monkeypatch.setattr(imap_mails, "_LOOKED_AT", 10)
        whole, _, level = visit(box, {})
        assert len(whole) == 40
        assert level.state == inbox.state
        del box.mails[5]
        _, _, level = visit(box, held)
        assert list(names(level.gone)) == [("/INBOX;UIDVALIDITY=7/;UID=5", "")]


def test_a_folder_that_says_nothing_of_itself_is_not_taken_to_be_empty() -> None:
    held = {"/INBOX;UIDVALIDITY=7/;UID=1": "S"}
    with served(Box({1: mail(1)}, silent=True)) as box, pytest.raises(HomebodyError, match="not understand"):
        visit(box, held)


def test_a_server_that_drips_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_wire, "_LONGEST_S", 0.5)

    def drip() -> None:
        with contextlib.suppress(OSError), door.accept()[0] as client:
            client.sendall(b"* OK ")
            while not ended.wait(0.02):
                client.sendall(b"x")

    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as door, closing(Imap()) as asked:
        thread = threading.Thread(target=drip)
        thread.start()
        url = imap(host="127.0.0.1", user=USER, port=door.getsockname()[1], starttls=True).url
        try:
            with pytest.raises(HomebodyError, match="broke off"):
                asked.survey(account=parse("imap", url), secret="word")
        finally:
            ended.set()
            thread.join(10)


@pytest.mark.parametrize(("times", "read"), [(1, True), (2, False)])
def test_a_reader_that_somebody_ended_once_costs_no_mail(
    mine: Home, monkeypatch: pytest.MonkeyPatch, times: int, read: bool
) -> None:
    """Processes are ended for want of memory, too; twice alone, it is the mail (the control)."""
    with served(Box({1: mail(1)})) as box:
        remote.add(mine, kind="imap", url=box.url, secret="word")
        left = [times]
        real = mine.reader.stream

        def stream(*args: Any, **words: Any) -> Any:
            if left[0]:
                left[0] -= 1
                raise WorkerDied("the reader process stopped", where="ended by SIGKILL: by somebody")
            return real(*args, **words)

        monkeypatch.setattr(mine.reader, "stream", stream)
        list(index.index(mine, words=True))
        assert _subjects(mine) == ({"Mail 1"} if read else set())
        assert bool(mine.index.skipped()) is not read


def test_an_account_whose_password_cannot_be_kept_is_no_source(
    mine: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(self: Secrets, name: str, value: str) -> None:
        raise Locked("the keyring did not keep the secret")

    monkeypatch.setattr(Secrets, "keep", locked)
    with served(Box({1: mail(1)})) as box:
        with pytest.raises(Locked, match="did not keep"):
            remote.add(mine, kind="imap", url=box.url, secret="word")
        assert mine.index.sources() == ()
        monkeypatch.undo()
        remote.add(mine, kind="imap", url=box.url, secret="word")
        assert len(mine.index.sources()) == 1
