"""What does not fit: mails at which the line breaks every time, and folders of a million mails."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from remote_runs import done, read
from remote_servers import PASSWORD, USER, CutLine, Mailbox, dovecot

from app.core.accounts import imap, parse
from app.core.errors import HomebodyError
from app.core.types import Skipped
from app.courier import imap_mails
from app.courier.held import Held, names, sequence, spans, told
from app.courier.imap import Imap
from app.courier.remote import Brought, Level, Marked, Remote
from app.flows import remote
from app.flows.context import Home
from app.workers.frames import MAX_FRAME
from app.workers.sandbox import Limits
from app.workers.worker import Worker

MARK = b"here the line breaks"


def mail(n: int, body: str = "") -> bytes:
    lines = [
        "From: Ada <ada@example.org>",
        f"To: {USER}",
        f"Subject: Mail {n}",
        f"Message-ID: <m{n}@example.org>",
        "Date: Mon, 2 Mar 2026 10:00:00 +0100",
        "",
        body or f"Words of mail number {n}.",
        "",
    ]
    return "\r\n".join(lines).encode()


@pytest.fixture
def clear(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A Dovecot without TLS, so that a line between can see at which mail it is."""
    with dovecot(place / "clear", more="ssl = no") as mailbox:
        yield mailbox


def url(port: int) -> str:
    return imap(host="127.0.0.1", user=USER, port=port, starttls=True).url


def subjects(home: Home) -> set[str]:
    return {row["title"] for row in home.index.db.rows("SELECT title FROM items WHERE kind = 'mail'")}


def test_a_mail_at_which_the_line_breaks_every_time_costs_no_other(
    mine: Home, clear: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = {3, 17, 18, 39}
    monkeypatch.setattr(remote, "PAUSES_S", (0.0,))
    inbox = {n: mail(n, MARK.decode() if n in bad else "") for n in range(40)}
    inbox[17] = mail(17, "word " * 300_000 + MARK.decode())  # fetched in pieces
    clear.fill("INBOX", list(inbox.values()))
    clear.fill("Work", [mail(n) for n in range(100, 120)])
    expected = {f"Mail {n}" for n in (*range(40), *range(100, 120))}
    lost = {f"Mail {n}" for n in bad}
    with CutLine(clear.plain, mark=MARK) as line:
        remote.add(mine, kind="imap", url=url(line.port), secret=PASSWORD)
        for tries in (4 * 3, 4 * 2):  # the second time it is soon seen that they are no better
            before = line.cuts
            steps = read(mine)
            skipped = [step for step in steps if isinstance(step, Skipped)]
            assert len(skipped) == len(bad)
            assert all("breaks off at it; it is asked again" in one.reason for one in skipped)
            assert subjects(mine) == expected - lost
            assert line.cuts - before <= tries
            assert mine.index.sources()[0].fault == ""
        with clear.client() as client:  # what comes meanwhile is read all the same
            client.append("INBOX", "", "", mail(200))  # type: ignore[arg-type]
        read(mine)
        assert subjects(mine) == (expected | {"Mail 200"}) - lost
        line.mark = b""  # the server was mended
        read(mine)
        assert subjects(mine) == expected | {"Mail 200"}
        assert mine.index.skipped() == ()
        assert done(read(mine)).unchanged == len(expected) + 1


def test_one_that_is_never_passed_over_stops_its_folder(
    mine: Home, clear: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: where the line is not opened anew, nothing is read of what lies behind that mail."""

    def again(self: imap_mails.Line) -> None:
        raise HomebodyError("the server broke off")

    monkeypatch.setattr(remote, "PAUSES_S", (0.0,))
    monkeypatch.setattr(imap_mails.Line, "again", again)
    clear.fill("INBOX", [mail(n, MARK.decode() if n == 3 else "") for n in range(20)])
    with CutLine(clear.plain, mark=MARK) as line, closing(Imap()) as asked:
        account = parse("imap", url(line.port))
        inbox = asked.survey(account=account, secret=PASSWORD)[0]
        with pytest.raises(HomebodyError, match="broke off"):
            list(asked.sync(account=account, secret=PASSWORD, collection=inbox, state="", held=Held()))


def test_a_server_that_breaks_off_at_everything_is_a_fault(clear: Mailbox) -> None:
    clear.fill("INBOX", [mail(n, MARK.decode()) for n in range(60)])
    with CutLine(clear.plain, mark=MARK) as line, closing(Imap()) as asked:
        account = parse("imap", url(line.port))
        inbox = asked.survey(account=account, secret=PASSWORD)[0]
        with pytest.raises(HomebodyError, match="broke off"):
            list(asked.sync(account=account, secret=PASSWORD, collection=inbox, state="", held=Held()))


# --- large folders -------------------------------------------------------------------------------


def test_what_is_held_is_told_in_little_and_read_back_whole() -> None:
    chance = random.Random(3)
    prefix = "/Lists/D%C3%A9j%C3%A0;UIDVALIDITY=1600000000/;UID="
    one = {f"{prefix}{uid}": chance.choice("S S S RS -".split()) for uid in range(1, 50_000) if uid % 97}
    one |= {
        "/cal/a.ics": '"1"',
        "/cal/007": "x",
        "": "y",
        "/INBOX;UIDVALIDITY=7/;UID=0": "",
        f"{prefix}9": "",
    }
    assert dict(names(told(one))) == one
    assert sequence({3, 1, 2, 9}) == "1:3,9"
    assert list(spans("9:8,x,4,,5:x,0")) == [(8, 9), (4, 4)]
    assert len(msgspec.msgpack.encode(told(one))) < len(msgspec.msgpack.encode(one)) / 7


def test_a_folder_of_a_million_mails_travels(mailbox: Mailbox, full: bool) -> None:
    """Small: 60,000 mails and frames of 1 MB. HOMEBODY_FULL=1: a million, and frames as they are.

    All but those that are there now are gone from the folder, which is told as well.
    """
    count, most = (1_000_000, MAX_FRAME) if full else (60_000, 1_000_000)
    folder = "Mailing lists/of many years and of many people"
    mailbox.fill(folder, [mail(n) for n in range(30)])
    account = parse("imap", mailbox.url(folder=folder))
    courier = Worker(
        "courier", "app.courier.service:service", limits=Limits(network=True, wall=120.0, frame=most)
    )
    try:
        [inbox] = courier.call(Remote.survey, account=account, secret=PASSWORD)
        stem = f"{inbox.prefix}{inbox.state.split()[0]}/;UID="
        held = {f"{stem}{uid}": ("S", "-", "RS")[uid % 3] for uid in range(11, count + 11)}
        assert len(msgspec.msgpack.encode(held)) > most  # the control
        steps = list(
            courier.stream(
                Remote.sync, account=account, secret=PASSWORD, collection=inbox, state="", held=told(held)
            )
        )
    finally:
        courier.stop()
    brought = [one.name for step in steps if isinstance(step, Brought) for one in step.members]
    assert sorted(brought) == sorted(f"{stem}{uid}" for uid in range(1, 11))
    marked = {name for step in steps if isinstance(step, Marked) for name in step.stamps}
    assert marked == {f"{stem}{uid}" for uid in range(11, 31) if uid % 3}
    assert isinstance(steps[-1], Level)
    gone = dict(names(steps[-1].gone))
    assert gone.keys() == held.keys() - {f"{stem}{uid}" for uid in range(11, 31)}
