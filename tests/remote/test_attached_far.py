"""Pictures of words attached to mails of an account: kept in the store until they are recognised."""

from __future__ import annotations

from remote_runs import read
from remote_servers import Mailbox
from test_imap import add

from app.flows import seeing
from app.flows.context import Home
from app.store import ocr
from tests.flows.test_attached_pictures import letter, picture, scan

RENT, SCAN = "mid:letter-2@example.org#1", "mid:letter-2@example.org#2"


def sent(home: Home, mailbox: Mailbox) -> None:
    files = (
        ("rent.png", "image/png", picture("Heron Street 12")),
        ("scan.pdf", "application/pdf", scan("Willow Lane 7")),
    )
    mailbox.fill("INBOX", [letter(1).as_bytes(), letter(2, *files).as_bytes()])
    add(home, mailbox.url())
    read(home)


def kept(home: Home) -> int:
    return int(home.index.db.value("SELECT count(*) FROM unseen"))


def test_what_is_attached_is_read(mine: Home, mailbox: Mailbox) -> None:
    sent(mine, mailbox)
    assert {uri for uri, _ in mine.index.wanting_ocr()} == {RENT, SCAN}
    assert mine.index.unseen(RENT) == picture("Heron Street 12")
    assert kept(mine) == 2
    assert not [one for one in seeing.see(mine) if one]
    assert kept(mine) == 0
    assert "Heron Street 12" in mine.index.item(RENT).text
    assert "Willow Lane 7" in mine.index.item(SCAN).text


def test_what_is_not_looked_at_goes_with_its_mail(mine: Home, mailbox: Mailbox) -> None:
    sent(mine, mailbox)
    with mailbox.client() as client:
        client.select("INBOX")
        client.store("2", "+FLAGS", "\\Deleted")
        client.expunge()
    read(mine)
    assert kept(mine) == 0


def test_no_more_is_kept_than_there_is_room_for(mine: Home, mailbox: Mailbox) -> None:
    room, ocr.MOST_KEPT = ocr.MOST_KEPT, len(picture("Heron Street 12"))
    try:
        sent(mine, mailbox)
    finally:
        ocr.MOST_KEPT = room
    assert kept(mine) == 1
    told = [one for one in seeing.see(mine) if one]
    assert [one.uri for one in told] in ([RENT], [SCAN])
    assert "too much was waiting" in told[0].reason
    for _ in range(2):
        assert not [one for one in seeing.see(mine) if one]
    assert (kept(mine), mine.index.failed_ocr()) == (0, [])
