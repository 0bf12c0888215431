"""A mailbox elsewhere is a source like any other: a real Dovecot, read by a real courier process."""

from __future__ import annotations

from remote_servers import PASSWORD, USER, Mailbox

from app.core.types import Done, Indexed, Removed
from app.flows import index, remote
from app.flows.context import Home


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


def read(home: Home) -> list[index.Step]:
    return list(index.index(home, words=True))


def done(steps: list[index.Step]) -> Done:
    assert isinstance(steps[-1], Done)
    return steps[-1]


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
    assert done(read(mine)).unchanged == 40
