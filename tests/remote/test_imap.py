"""A mailbox elsewhere is a source like any other: a real Dovecot, read by a real courier process."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from remote_runs import done, following, read, until
from remote_servers import PASSWORD, USER, CutLine, Mailbox, dovecot, free_port

from app.core.accounts import caldav, imap, parse, provider
from app.core.errors import HomebodyError, NotFound, Refused, UsageFault, WrongPassword
from app.core.paths import Paths
from app.core.types import Indexed, Removed, Skipped
from app.courier.imap import Imap
from app.flows import forget, listening, opening, remote
from app.flows.context import Home
from app.store.cursors import Cursors


def mail(n: int, body: str = "") -> bytes:
    text = body or f"Words of mail number {n}."
    lines = [
        "From: Ada <ada@example.org>",
        f"To: {USER}",
        f"Subject: Mail {n}",
        f"Message-ID: <m{n}@example.org>",
        "Date: Mon, 2 Mar 2026 10:00:00 +0100",
        "",
        text,
        "",
    ]
    return "\r\n".join(lines).encode()


def add(home: Home, url: str, secret: str = PASSWORD) -> None:
    remote.add(home, kind="imap", url=url, secret=secret)


def uris(home: Home) -> set[str]:
    return {row["uri"] for row in home.index.db.rows("SELECT uri FROM items")}


def numbered(*numbers: int) -> set[str]:
    return {f"mid:m{n}@example.org" for n in numbers}


def test_new_moved_deleted_and_flagged_mails_are_seen(mine: Home, mailbox: Mailbox) -> None:
    mailbox.fill("INBOX", [mail(n) for n in range(30)])
    mailbox.fill("Work/D&AOk-j&AOA-", [mail(n) for n in range(25, 35)])  # five of them lie in both
    mailbox.fill("Junk", [mail(1000)])
    add(mine, mailbox.url())
    assert done(read(mine)).added == 35
    assert uris(mine) == numbered(*range(35))
    item = mine.index.item("mid:m34@example.org")
    assert item.meta["mailbox"] == "Work/Déjà"
    assert item.meta["flags"] == "S"
    assert item.path.startswith(
        f"imaps://vera%40example.org@127.0.0.1:{mailbox.tls}/Work/D%C3%A9j%C3%A0;UIDV"
    )
    assert [s.items for s in mine.index.sources()] == [35]

    again = done(read(mine))
    assert (again.added, again.removed, again.unchanged) == (0, 0, 40)
    known = learned(mine, "mid:m1@example.org")
    assert known
    with mailbox.client() as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", "\\Flagged")
        client.copy("2", "Archive")
        client.store("2", "+FLAGS", "\\Deleted")  # moved to the archive
        client.store("3", "+FLAGS", "\\Deleted")
        client.expunge()
        client.append("INBOX", "", "", mail(99))  # type: ignore[arg-type]
    steps = read(mine)
    assert [s.uri for s in steps if isinstance(s, Removed)] == ["mid:m2@example.org"]
    assert [s.uri for s in steps if isinstance(s, Indexed)] == ["mid:m99@example.org"]
    assert uris(mine) == numbered(*range(35), 99) - numbered(2)
    assert mine.index.item("mid:m0@example.org").meta["flags"] == "FS"
    assert mine.index.item("mid:m1@example.org").path.partition(";")[0].endswith("/Archive")
    assert learned(mine, "mid:m1@example.org") == known
    assert done(read(mine)).unchanged == 40


def test_a_line_that_is_cut_again_and_again_loses_and_doubles_nothing(
    mine: Home,
    mailbox: Mailbox,
    full: bool,
    corpus: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Small: 200 mails and 8 cuts. HOMEBODY_FULL=1: the 3,121 mails of a public corpus and 50 cuts."""
    chance = random.Random(7)
    wanted = 50 if full else 8
    mails = _corpus(corpus("mail_spamassassin")) if full else [mail(n, f"{n} " * 2000) for n in range(200)]
    mailbox.fill("INBOX", mails[::2])
    mailbox.fill("Work", mails[1::2])
    most = sum(map(len, mails)) // wanted
    monkeypatch.setattr(remote, "PAUSES_S", (0.0, 0.0))
    limits = iter([None, *(chance.randrange(3_000, most) for _ in range(wanted))])
    with CutLine(mailbox.tls, limits) as line:
        add(mine, mailbox.url(port=line.port))
        for _ in range(wanted + 1):
            steps = read(mine)
            if not any(isinstance(step, Skipped) and "account" in step.reason for step in steps):
                break
        assert line.cuts >= (wanted - 2 if full else 6)
    units = {row["path"] for row in mine.index.db.rows("SELECT path FROM units")}
    assert len(units) == len(mails)
    assert digests(mine) == _fresh(mailbox, tmp_path)


def test_a_cursor_that_moved_too_soon_would_be_seen_to_lose(
    mine: Home, mailbox: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what a cut left undone is held against a cursor that says it was done."""
    mailbox.fill("INBOX", [mail(n, f"{n} " * 2000) for n in range(300)])
    monkeypatch.setattr(remote, "PAUSES_S", ())
    with CutLine(mailbox.tls, iter([None, 1_500_000, 200])) as line:  # and none in its place
        add(mine, mailbox.url(port=line.port))
        read(mine)
        [source] = mine.index.sources()
        assert 0 < source.items < 300
        assert "broke off" in source.fault
        with closing(Imap()) as asked:
            survey = asked.survey(account=parse("imap", source.path), secret=PASSWORD)
        inbox = next(one for one in survey if one.key == "INBOX")
        Cursors(mine.index.db).move(source.id, inbox.key, inbox.state, ())
        read(mine)
    assert digests(mine) != _fresh(mailbox, tmp_path)


def digests(home: Home) -> dict[str, str]:
    rows = home.index.db.rows("SELECT uri, digest FROM items")
    return {row["uri"]: row["digest"] for row in rows}


def _fresh(mailbox: Mailbox, folder: Path) -> dict[str, str]:
    """What another, empty store gets of the same mailbox without any cut."""
    paths = Paths(folder / "fresh")
    paths.make()
    _, home = opening.create(paths, "correct horse battery staple", -1)
    try:
        add(home, mailbox.url())
        read(home)
        return digests(home)
    finally:
        opening.close(home)


def _corpus(folder: Path) -> list[bytes]:
    return [
        path.read_bytes().partition(b"\n")[2] if path.read_bytes().startswith(b"From ") else path.read_bytes()
        for path in sorted(folder.glob("*/*"))
        if path.is_file() and path.parent.name in ("easy-ham-1", "hard-ham-1", "spam-1")
    ]


def learned(home: Home, uri: str) -> list[tuple[int, int]]:
    """What is kept of an item that took time to make: it, its passages (of which vectors are)."""
    sql = (
        "SELECT i.id AS item, p.id AS passage FROM items i JOIN passages p ON p.item_id = i.id WHERE uri = ?"
    )
    return [(row["item"], row["passage"]) for row in home.index.db.rows(sql, [uri])]


def test_new_moved_and_deleted_mails_are_seen_by_idle(
    mine: Home, mailbox: Mailbox, full: bool, corpus: Callable[[str], Path]
) -> None:
    """With HOMEBODY_FULL=1 beside the 3,121 mails of a public corpus."""
    others = _corpus(corpus("mail_spamassassin")) if full else []
    mailbox.fill("INBOX", [mail(n) for n in range(20)])
    mailbox.fill("Work", others)
    add(mine, mailbox.url())
    began = time.monotonic()
    with following(mine), mailbox.client() as client:
        print(f"first sync of {20 + len(others)} mails: {time.monotonic() - began:.1f} s")
        before = uris(mine) - numbered(*range(20))
        assert uris(mine) >= numbered(*range(20))
        assert bool(before) == full
        known = learned(mine, "mid:m0@example.org")
        assert known
        took = []
        client.append("INBOX", "", "", mail(99))  # type: ignore[arg-type]
        took.append(until(lambda: numbered(99) <= uris(mine)))
        client.select("INBOX")
        client.uid("MOVE", "1", "Archive")
        took.append(until(lambda: "/Archive;" in mine.index.item("mid:m0@example.org").path))
        assert learned(mine, "mid:m0@example.org") == known  # moved, and not read anew
        client.uid("STORE", "2", "+FLAGS", "\\Deleted")
        client.expunge()
        took.append(until(lambda: "mid:m1@example.org" not in uris(mine)))
        print("seconds until new, moved, deleted were seen:", *(f"{one:.1f}" for one in took))
        assert uris(mine) - before == numbered(0, *range(2, 20), 99)


def test_a_server_without_extensions_is_asked_now_and_then(
    mine: Home, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither IDLE nor CONDSTORE, QRESYNC, ESEARCH, SPECIAL-USE, LIST-STATUS."""
    monkeypatch.setattr(listening, "EVERY_S", 0.5)
    with dovecot(place / "old", more="imap_capability = IMAP4rev1") as mailbox:
        monkeypatch.setenv("SSL_CERT_FILE", str(place / "old" / "cert.pem"))
        mailbox.fill("INBOX", [mail(n) for n in range(8)])
        mailbox.fill("Trash", [mail(77)])
        add(mine, mailbox.url())
        with following(mine), mailbox.client() as client:
            assert uris(mine) == numbered(*range(8))
            client.append("INBOX", "", "", mail(99))  # type: ignore[arg-type]
            client.select("INBOX")
            client.store("1", "+FLAGS", "\\Deleted")
            client.store("2", "+FLAGS", "\\Flagged")
            client.expunge()
            until(lambda: uris(mine) == numbered(*range(1, 8), 99))
            until(lambda: mine.index.item("mid:m1@example.org").meta["flags"] == "FS")


def test_a_folder_with_all_mail_is_read_instead_of_the_others(
    mine: Home, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes = "mailbox Everything {\n auto = create\n special_use = \\All\n }"
    with dovecot(place / "all", boxes=boxes) as mailbox:
        monkeypatch.setenv("SSL_CERT_FILE", str(place / "all" / "cert.pem"))
        mailbox.fill("INBOX", [mail(n) for n in range(3)])
        mailbox.fill("Everything", [mail(n) for n in range(5)])
        add(mine, mailbox.url())
        read(mine)
        assert uris(mine) == numbered(*range(5))
        assert {row["path"].partition(";")[0].rpartition("/")[2] for row in _units(mine)} == {"Everything"}


def _units(home: Home) -> list[dict[str, str]]:
    return list(home.index.db.rows("SELECT path FROM units"))


def test_one_folder_only_and_another_validity(mine: Home, mailbox: Mailbox) -> None:
    mailbox.fill("INBOX", [mail(1)])
    mailbox.fill("Work", [mail(2), mail(3)])
    with pytest.raises(NotFound, match="no such folder"):
        add(mine, mailbox.url(folder="Wrok"))
    add(mine, mailbox.url(folder="Work"))
    with pytest.raises(UsageFault, match="read already"):
        add(mine, mailbox.url())
    read(mine)
    assert uris(mine) == numbered(2, 3)
    with mailbox.client() as client:  # the same name, and other numbers
        client.delete("Work")
        client.create("Work")
        client.append("Work", "", "", mail(3))  # type: ignore[arg-type]
        client.append("Work", "", "", mail(4))  # type: ignore[arg-type]
    read(mine)
    assert uris(mine) == numbered(3, 4)
    assert len(_units(mine)) == 2
    url = mine.index.sources()[0].path
    assert mine.secrets.get(parse("imap", url).secret) == PASSWORD
    assert forget.source(mine, kind="imap", path=url) == 2
    assert mine.secrets.get(parse("imap", url).secret) == ""
    assert not uris(mine)


def test_what_goes_wrong_is_one_clear_line(
    mine: Home, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    with pytest.raises(WrongPassword, match="does not take this password"):
        add(mine, mailbox.url(), "wrong")
    assert not mine.index.sources()
    mailbox.fill("INBOX", [mail(1)])
    add(mine, mailbox.url())
    read(mine)
    mine.secrets.keep(parse("imap", mailbox.url()).secret, "wrong by now")
    [skipped] = [step for step in read(mine) if isinstance(step, Skipped)]
    assert "does not take this password" in skipped.reason
    assert "does not take this password" in mine.index.sources()[0].fault
    assert uris(mine) == numbered(1)  # what is known is kept
    add(mine, mailbox.url())  # the right one again, for the account that is there
    assert mine.index.sources()[0].fault == ""
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(Refused, match=r"certificate cannot be trusted: nothing was sent.*self-signed"):
        add(mine, mailbox.url())
    with pytest.raises(HomebodyError, match=r"cannot be reached.*refused"):
        add(mine, mailbox.url(port=free_port()))
    journal = [(entry.state, entry.summary) for entry in mine.journal.list()]
    assert any(state == "failed" and "certificate" in summary for state, summary in journal)
    assert all("Words of mail" not in summary and PASSWORD not in summary for _, summary in journal)
    assert any("1 fetched" in summary for _, summary in journal)


def test_starttls_and_plain_only_on_this_computer(mailbox: Mailbox) -> None:
    mailbox.fill("INBOX", [mail(1)])
    account = imap(host="127.0.0.1", user=USER, port=mailbox.plain, starttls=True)
    assert account.url.startswith("imap://")
    with closing(Imap()) as asked:
        found = asked.survey(account=account, secret=PASSWORD)
    assert [one.title for one in found] == ["INBOX", "Archive"]
    log = (mailbox.folder / "log").read_text()
    assert "TLS" in log.rpartition("Login: user=<vera@example.org>")[2]


@pytest.mark.parametrize(
    "url",
    [
        "imaps://imap.example.org/",
        "imaps://vera@",
        "imaps://vera@a b/",
        "imaps://vera@ex\nample.org/",
        "imaps://vera@example.org:0/",
        "imaps://vera%0d%0aX@example.org/",
        "https://vera@example.org/",
        "imaps://vera:topsecret@example.org/",
        "imaps://vera:top@secret@example.org/",
    ],
)
def test_what_is_no_account_is_refused(url: str) -> None:
    with pytest.raises(UsageFault) as caught:
        parse("imap", url)
    assert "secret" not in str(caught.value)


def test_brackets_that_hold_no_address_are_no_account() -> None:
    with pytest.raises(UsageFault):
        caldav(url="https://[dav", user="vera")


def test_an_account_is_known_by_its_address() -> None:
    account = imap(host="imap.example.org", user="v;e:r@a", folder="Wörk/1", oauth=True)
    assert account.url == "imaps://v%3Be%3Ar%40a;AUTH=XOAUTH2@imap.example.org/W%C3%B6rk/1"
    assert parse("imap", account.url) == account
    known = provider("someone@GMAIL.com")
    assert known is not None
    assert known.imap == "imap.gmail.com"
    assert provider("someone@example.org") is None


def test_large_mails_come_in_pieces_and_of_huge_ones_the_headers(mine: Home, mailbox: Mailbox) -> None:
    large = mail(1, "\r\n".join(f"line {n} of a long mail" for n in range(120_000)))
    huge = mail(2, "x" * 76 + ("\r\n" + "x" * 76) * 340_000)
    mailbox.fill("INBOX", [large, huge, mail(3)])
    add(mine, mailbox.url())
    steps = read(mine)
    assert [step.reason for step in steps if isinstance(step, Skipped)] == [
        "a mail of 26 MB: only its headers were read"
    ]
    assert uris(mine) == numbered(1, 2, 3)
    assert "line 60000 of" in mine.index.item("mid:m1@example.org").text
