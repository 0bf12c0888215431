"""Drafts, flags and moves in a real Dovecot: done, taken back, and nothing else there is touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from remote_servers import PASSWORD, USER, CutLine, Mailbox, dovecot

from app.core.accounts import Account, imap, parse
from app.core.errors import HomebodyError, NotFound, Refused, UsageFault
from app.courier.imap import Imap
from app.courier.imap_own import OwnMailbox
from app.courier.imap_wire import Wire
from app.courier.own_mail import ARCHIVE, Draft, Marking, Move

BOXES = "mailbox Drafts {\n auto = create\n special_use = \\Drafts\n }"


def mail(n: int) -> bytes:
    return f"From: a@example.org\nSubject: Mail {n}\nMessage-ID: <m{n}@example.org>\n\nWords {n}.\n".encode()


@pytest.fixture
def box(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with dovecot(place / "own", boxes=BOXES) as mailbox:
        monkeypatch.setenv("SSL_CERT_FILE", str(place / "own" / "cert.pem"))
        yield mailbox


def account_of(box: Mailbox, port: int = 0) -> Account:
    return parse("imap", box.url(port=port))


def there(box: Mailbox, folder: str) -> dict[str, tuple[str, set[str]]]:
    """What another program sees: subject → (uid, flags)."""
    found = {}
    with box.client() as client:
        client.select(folder, readonly=True)
        _, data = client.uid("SEARCH", "ALL")
        for uid in data[0].split():
            _, told = client.uid("FETCH", uid.decode(), "(FLAGS BODY.PEEK[])")
            [(_, body)] = [one for one in told if isinstance(one, tuple)]
            rest = b"".join(one if isinstance(one, bytes) else one[0] for one in told)
            flags = set(re.findall(r"[\\$\w-]+", re.search(rb"FLAGS \(([^)]*)\)", rest)[1].decode()))  # type: ignore[index]
            subject = re.search(rb"Subject: (.*?)\r?\n", body)
            assert subject
            found[subject[1].decode()] = (uid.decode(), flags - {"\\Recent"})
    return found


def named(box: Mailbox, folder: str) -> dict[str, str]:
    """subject → the name that a visit gives it."""
    with closing(Imap()) as asked:
        survey = asked.survey(account=account_of(box), secret=PASSWORD)
    one = next(one for one in survey if one.title == folder)
    validity = one.state.split()[0]
    return {subject: f"{one.prefix}{validity}/;UID={uid}" for subject, (uid, _) in there(box, folder).items()}


# --- drafts --------------------------------------------------------------------------------------


def test_a_draft_is_put_there_and_taken_back(box: Mailbox) -> None:
    box.fill("Drafts", [mail(1)])
    account, door = account_of(box), OwnMailbox()
    draft = door.keep_draft(account=account, secret=PASSWORD, data=mail(2))
    assert draft.name == named(box, "Drafts")["Mail 2"]
    assert there(box, "Drafts")["Mail 2"][1] == {"\\Draft", "\\Seen"}
    with box.client() as client:  # marked by another program: not ours to expunge
        client.select("Drafts")
        client.store("1", "+FLAGS", "\\Deleted")
    door.drop_draft(account=account, secret=PASSWORD, draft=draft)
    assert there(box, "Drafts").keys() == {"Mail 1"}
    with pytest.raises(NotFound, match="not there any more"):
        door.drop_draft(account=account, secret=PASSWORD, draft=draft)
    assert there(box, "Drafts").keys() == {"Mail 1"}


def test_a_draft_that_was_changed_or_is_none_is_left_alone(box: Mailbox) -> None:
    account, door = account_of(box), OwnMailbox()
    draft = door.keep_draft(account=account, secret=PASSWORD, data=mail(2))
    theirs = Draft(name=draft.name, sha256="0" * 64)
    with pytest.raises(Refused, match="left alone"):
        door.drop_draft(account=account, secret=PASSWORD, draft=theirs)
    with box.client() as client:
        client.select("Drafts")
        client.store("1", "-FLAGS", "\\Draft")
    with pytest.raises(Refused, match="left alone"):
        door.drop_draft(account=account, secret=PASSWORD, draft=draft)
    for name in ("/Drafts;UIDVALIDITY=1/;UID=1", "/Nowhere;UIDVALIDITY=1/;UID=1", "x", ""):
        with pytest.raises(NotFound):
            door.drop_draft(account=account, secret=PASSWORD, draft=Draft(name=name, sha256=draft.sha256))
    assert there(box, "Drafts").keys() == {"Mail 2"}


def test_what_is_no_draft_is_not_put_there(box: Mailbox) -> None:
    for data in (b"", b"Subject: x\r\n\r\nx", b"Message-ID: <a b>\r\n\r\nx", b'Message-ID: <"x\\>\r\n\r\n'):
        with pytest.raises(UsageFault, match="Message-ID"):
            OwnMailbox().keep_draft(account=account_of(box), secret=PASSWORD, data=data)
    assert there(box, "Drafts") == {}


def test_an_account_without_drafts_says_so(mailbox: Mailbox) -> None:
    with pytest.raises(NotFound, match="no folder for drafts"):
        OwnMailbox().keep_draft(account=account_of(mailbox), secret=PASSWORD, data=mail(1))


def test_a_line_that_breaks_leaves_one_draft_or_none(box: Mailbox) -> None:
    """Cut after so many bytes of the server's answers; what is said is so."""
    kept = 0
    for n, limit in enumerate(range(2_000, 3_600, 160)):
        with CutLine(box.tls, iter([limit])) as line:
            door = OwnMailbox()
            try:
                draft = door.keep_draft(account=account_of(box, line.port), secret=PASSWORD, data=mail(n))
                assert named(box, "Drafts")[f"Mail {n}"] == draft.name
                kept += 1
            except HomebodyError:
                assert f"Mail {n}" not in there(box, "Drafts")
    assert kept
    assert len(there(box, "Drafts")) == kept


def test_a_server_that_tells_no_numbers_still_has_its_draft_found(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without UIDPLUS and MOVE: it is found by its Message-ID, and nothing is changed by half."""
    with dovecot(place / "old", more="imap_capability = IMAP4rev1", boxes=BOXES) as box:
        monkeypatch.setenv("SSL_CERT_FILE", str(place / "old" / "cert.pem"))
        box.fill("INBOX", [mail(1)])
        account, door = account_of(box), OwnMailbox()
        draft = door.keep_draft(account=account, secret=PASSWORD, data=mail(2))
        assert draft.name.rpartition("=")[2] == there(box, "Drafts")["Mail 2"][0]
        with pytest.raises(Refused, match="cannot remove one mail alone"):
            door.drop_draft(account=account, secret=PASSWORD, draft=draft)
        with pytest.raises(Refused, match="cannot move"):
            door.move(account=account, secret=PASSWORD, moves=(Move(name=draft.name, to="INBOX"),))
        assert there(box, "Drafts").keys() == {"Mail 2"}


# --- flags ---------------------------------------------------------------------------------------


def test_flags_are_set_and_only_what_changed_is_taken_back(box: Mailbox) -> None:
    box.fill("INBOX", [mail(n) for n in range(3)])
    box.fill("Work", [mail(7)])
    account, door = account_of(box), OwnMailbox()
    with box.client() as client:
        client.select("INBOX")
        client.store("2", "+FLAGS", "(\\Flagged Later)")
    names = named(box, "INBOX") | named(box, "Work")
    before = there(box, "INBOX") | there(box, "Work")
    wanted = tuple(
        Marking(name=names[f"Mail {n}"], add=("\\Flagged", "$Label1"), remove=("Later", "\\Seen"))
        for n in (0, 1, 7)
    )
    back = door.mark(account=account, secret=PASSWORD, marks=wanted)
    now = there(box, "INBOX") | there(box, "Work")
    assert all(now[f"Mail {n}"][1] == {"\\Flagged", "$Label1"} for n in (0, 1, 7))
    assert now["Mail 2"] == before["Mail 2"]
    assert {one.name: (one.add, one.remove) for one in back}[names["Mail 1"]] == (
        ("Later", "\\Seen"),
        ("$Label1",),
    )
    door.mark(account=account, secret=PASSWORD, marks=back)
    assert (there(box, "INBOX") | there(box, "Work")) == before
    assert door.mark(account=account, secret=PASSWORD, marks=back) == ()


@pytest.mark.parametrize("flag", ["\\Deleted", "\\Draft", "a b", "x)", "", "a\r\nX", "\\Seen)"])
def test_no_flag_but_these(flag: str) -> None:
    """Before anything is said to a server."""
    account = parse("imap", "imaps://vera@nowhere.invalid/")
    with pytest.raises(UsageFault, match="no flag"):
        OwnMailbox().mark(account=account, secret=PASSWORD, marks=(Marking(name="/x", add=(flag,)),))


# --- moves ---------------------------------------------------------------------------------------


def test_mails_are_archived_and_brought_back(box: Mailbox) -> None:
    box.fill("INBOX", [mail(n) for n in range(4)])
    box.fill("Work", [mail(7)])
    account, door = account_of(box), OwnMailbox()
    names = named(box, "INBOX") | named(box, "Work")
    moves = tuple(Move(name=names[f"Mail {n}"], to=ARCHIVE) for n in (0, 2, 7))
    back = door.move(account=account, secret=PASSWORD, moves=moves)
    assert there(box, "Archive").keys() == {"Mail 0", "Mail 2", "Mail 7"}
    assert there(box, "INBOX").keys() == {"Mail 1", "Mail 3"}
    assert sorted(one.to for one in back) == ["INBOX", "INBOX", "Work"]
    assert {one.name for one in back} == set(named(box, "Archive").values())
    door.move(account=account, secret=PASSWORD, moves=back)
    assert there(box, "Archive") == {}
    assert there(box, "INBOX").keys() == {f"Mail {n}" for n in range(4)}
    assert there(box, "Work").keys() == {"Mail 7"}
    with pytest.raises(NotFound, match="no such folder"):
        door.move(account=account, secret=PASSWORD, moves=(Move(name=names["Mail 1"], to="Nowhere"),))
    assert door.move(account=account, secret=PASSWORD, moves=moves[:1]) == ()  # it has another name now


def test_only_over_tls_or_to_this_computer(box: Mailbox) -> None:
    plain = imap(host="127.0.0.1", user=USER, port=box.plain, starttls=True)
    OwnMailbox().keep_draft(account=plain, secret=PASSWORD, data=mail(3))
    assert "TLS" in (box.folder / "log").read_text().rpartition("Login: user=<vera@example.org>")[2]


def test_a_server_that_tells_of_more_than_was_moved_is_believed_no_further(
    box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four thousand million numbers fit into one short answer."""
    box.fill("INBOX", [mail(1), mail(2)])
    names, ask = named(box, "INBOX"), Wire.ask

    def lies(wire: Wire, name: str, *words: str | bytes, literal: bytes = b"") -> dict[str, list[object]]:
        answers = ask(wire, name, *words, literal=literal)
        return answers | {"COPYUID": [b"7 1:4294967295 1:4294967295"]} if "MOVE" in words else answers

    monkeypatch.setattr(Wire, "ask", lies)
    moves = tuple(Move(name=names[f"Mail {n}"], to=ARCHIVE) for n in (1, 2))
    back = OwnMailbox().move(account=account_of(box), secret=PASSWORD, moves=moves)
    assert [one.name.rpartition("=")[2] for one in back] == ["1", "2"]
