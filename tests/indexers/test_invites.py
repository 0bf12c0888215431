"""Invites in mails become the events they are about, and say when these are off."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

from indexers import calendar, mail
from indexers.item import Item, Skipped

EVENT = """BEGIN:VCALENDAR
VERSION:2.0
METHOD:{method}
BEGIN:VEVENT
UID:dinner@example.org
DTSTAMP:20260{month}01T080000Z
SEQUENCE:{sequence}
DTSTART;TZID=Romance Standard Time:20260602T190000
DTEND;TZID=Romance Standard Time:20260602T210000
SUMMARY:Dinner at Zoë's
ORGANIZER;CN=Zoë:mailto:zoe@example.org
ATTENDEE;CN=Ana;PARTSTAT={answer}:mailto:ana@example.org
END:VEVENT
END:VCALENDAR
"""


def told(method: str, *, sequence: int = 0, answer: str = "NEEDS-ACTION", month: int = 3) -> str:
    return EVENT.format(method=method, sequence=sequence, answer=answer, month=month)


def read(tmp_path: Path, text: str, method: str, *, attached: bool = False) -> list[Item | Skipped]:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "zoe@example.org", "ana@example.org", "Dinner"
    message["Message-ID"] = f"<{method}@example.org>"
    message.set_content("You are invited.")
    message.add_alternative(text, subtype="calendar", params={"method": method})
    if attached:
        data = text.encode()
        message.add_attachment(data, maintype="application", subtype="ics", filename="invite.ics")
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    return list(mail.read(tmp_path / "a.eml"))


def test_an_invite_is_its_event_once(tmp_path: Path) -> None:
    found = read(tmp_path, told("REQUEST"), "REQUEST", attached=True)
    invited, event = found
    assert isinstance(invited, Item)
    assert isinstance(event, Item)
    assert (invited.kind, event.kind, event.source) == ("mail", "event", "calendar")
    assert invited.links == ("event:dinner@example.org",)
    assert event.uri == "event:dinner@example.org"
    assert event.links[-1] == invited.uri
    assert event.title == "Dinner at Zoë's"
    assert event.meta["zone"] == "Europe/Paris"
    assert [person.address for person in event.people] == ["zoe@example.org", "ana@example.org"]
    assert event.path == invited.path


def test_a_reply_says_nothing_of_the_event_but_names_it(tmp_path: Path) -> None:
    answer, attached = read(tmp_path, told("REPLY", answer="ACCEPTED"), "REPLY")
    assert isinstance(answer, Item)
    assert isinstance(attached, Item)
    assert answer.links == ("event:dinner@example.org",)
    assert attached.kind == "attachment"
    assert "Ana (accepted)" in attached.text


def test_which_of_several_versions_counts(tmp_path: Path) -> None:
    def edition(method: str, **fields: int) -> int:
        *_, event = read(tmp_path, told(method, **fields), method)
        assert isinstance(event, Item)
        assert ("cancelled" in event.text) == (method == "CANCEL")
        return event.edition

    asked, later = edition("REQUEST"), edition("REQUEST", month=4)
    (tmp_path / "a.ics").write_text(told("PUBLISH"), encoding="utf-8")
    (mine,) = calendar.read(tmp_path / "a.ics")
    assert isinstance(mine, Item)
    changed = edition("REQUEST", sequence=1)
    assert asked < later < mine.edition < edition("CANCEL") < changed < edition("CANCEL", sequence=1)
    assert mine.uri == "event:dinner@example.org"
    assert changed < 1 << 62, "SQLite holds it"


def test_an_invite_that_is_broken_stays_an_attachment(tmp_path: Path) -> None:
    found = read(tmp_path, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:never\nEND:VEVENT\n", "REQUEST")
    assert [type(one) for one in found] == [Item, Skipped]
