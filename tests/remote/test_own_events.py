"""Events of our own at a real Radicale: made, changed and removed, and nothing else there is ever touched."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import icalendar
import pytest
from remote_runs import done, read
from remote_servers import DAV_PASSWORD, Calendars, CutLine

from app.actions import registry
from app.core import own
from app.core.accounts import Account, parse
from app.core.errors import HomebodyError, NotFound, Refused, UsageFault, by_name
from app.core.settings import setting
from app.core.types import JournalEntry, Proposal, Receipt
from app.courier.caldav_own import OwnCalendar
from app.courier.dav import Dav, Missing
from app.flows import calendars as own_calendars
from app.flows import deeds, remote
from app.flows.context import Home
from app.workers.service import failure

SEAL = "5" * 64
EVENT: dict[str, object] = {"title": "Lunch", "start": "2026-11-27T12:00", "location": "Luigi's"}


def ours(title: str = "Ours", *, uid: str = "") -> tuple[str, bytes]:
    uid = uid or own.new_uid(SEAL)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//test//EN",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        "DTSTAMP:20260301T100000Z",
        "DTSTART:20260301T140000Z",
        "DTEND:20260301T150000Z",
        f"SUMMARY:{title}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return uid, "\r\n".join(lines).encode()


def account_of(calendars: Calendars, path: str, port: int = 0) -> Account:
    return parse("caldav", calendars.url(path=path, port=port))


def files(calendars: Calendars) -> dict[str, bytes]:
    """What lies in the server's own folder, past its program."""
    root = calendars.folder / "collections" / "collection-root"
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*.ics"))
        if ".Radicale" not in str(path)
    }


# --- the courier ---------------------------------------------------------------------------------


def test_our_events_are_made_changed_and_removed(calendars: Calendars) -> None:
    account, door = account_of(calendars, calendars.make("home", "Zu Hause")), OwnCalendar()
    uid, data = ours()
    made = door.create(account=account, secret=DAV_PASSWORD, seal=SEAL, uid=uid, data=data)
    assert (made.calendar, made.name) == ("Zu Hause", f"{account.place}{uid.partition('@')[0]}.ics")
    assert calendars.request("GET", made.name)[1] == made.data
    assert made.etag
    with pytest.raises(Refused, match="changed elsewhere"):  # there is one already
        door.create(account=account, secret=DAV_PASSWORD, seal=SEAL, uid=uid, data=data)
    where = {"account": account, "secret": DAV_PASSWORD, "seal": SEAL, "name": made.name}
    later = door.change(**where, etag=made.etag, data=ours("Later", uid=uid)[1])  # type: ignore[arg-type]
    assert b"SUMMARY:Later" in calendars.request("GET", made.name)[1]
    for etag in (made.etag, "", '"made-up"'):
        with pytest.raises(Refused, match="changed elsewhere"):
            door.remove(**where, etag=etag)  # type: ignore[arg-type]
    assert len(files(calendars)) == 1
    assert door.remove(**where, etag=later.etag) == 0  # type: ignore[arg-type]
    assert files(calendars) == {}
    with pytest.raises(NotFound):
        door.remove(**where, etag=later.etag)  # type: ignore[arg-type]


def test_what_is_not_ours_is_left_alone_whatever_is_asked(calendars: Calendars) -> None:
    """Theirs, one that was sealed with another key, and one in whose place a stranger's lies."""
    home = calendars.make("home", "Home")
    account, door = account_of(calendars, home), OwnCalendar()
    another = own.new_uid("6" * 64)
    for name, uid in (("theirs", "meeting@example.org"), ("another", another), ("plain", "x-y@homebody")):
        calendars.put(f"{home}{name}.ics", ours(uid=uid)[1].decode())
    before = files(calendars)
    for name in ("theirs", "another", "plain"):
        where = {"account": account, "secret": DAV_PASSWORD, "seal": SEAL, "name": f"{home}{name}.ics"}
        with Dav_(account) as dav:
            etag, data = dav.get(dav.address(f"{home}{name}.ics", dav.base))
        with pytest.raises(Refused, match="not made by Homebody"):
            door.remove(**where, etag=etag)  # type: ignore[arg-type]
        with pytest.raises(Refused, match="not made by Homebody"):
            door.change(**where, etag=etag, data=data)  # type: ignore[arg-type]
    for uid, data in (
        ours(uid="meeting@example.org"),
        ours(uid=another),
        (own.new_uid(SEAL), ours()[1]),
        (own.new_uid(SEAL), b""),
    ):
        with pytest.raises(Refused, match="no event of Homebody's own"):
            door.create(account=account, secret=DAV_PASSWORD, seal=SEAL, uid=uid, data=data)
    uid, data = ours()
    made = door.create(account=account, secret=DAV_PASSWORD, seal=SEAL, uid=uid, data=data)
    with pytest.raises(Refused, match="own"):  # another UID in the place of ours
        door.change(
            account=account, secret=DAV_PASSWORD, seal=SEAL, name=made.name, etag=made.etag, data=ours()[1]
        )
    after = files(calendars)
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 1


@contextlib.contextmanager
def Dav_(account: Account) -> Iterator[Dav]:
    with contextlib.closing(Dav(account, DAV_PASSWORD)) as dav:
        yield dav


def test_only_into_a_calendar_that_is_there(calendars: Calendars) -> None:
    calendars.make("home", "Home")
    uid, data = ours()
    for path in ("/", "/vera@example.org/", "/vera@example.org/none/"):
        with pytest.raises(Refused, match="no calendar that events can be written to"):
            OwnCalendar().create(
                account=account_of(calendars, path), secret=DAV_PASSWORD, seal=SEAL, uid=uid, data=data
            )
    assert files(calendars) == {}


def test_a_line_that_breaks_leaves_an_event_written_or_not_and_says_which(calendars: Calendars) -> None:
    """Cut after so many bytes of the server's answers, from none of them to all."""
    home, door = calendars.make("home", "Home"), OwnCalendar()
    told = {"written": 0, "not written": 0}
    for limit in range(1, 1900, 60):
        uid, data = ours()
        before = files(calendars).keys()
        with CutLine(calendars.port, iter([limit])) as line:
            account = account_of(calendars, home, line.port)
            try:
                door.create(account=account, secret=DAV_PASSWORD, seal=SEAL, uid=uid, data=data)
                told["written"] += 1
                assert len(files(calendars)) == len(before) + 1
            except HomebodyError as error:
                told["not written"] += 1
                assert "not known" not in str(error)
                assert files(calendars).keys() == before
    assert min(told.values()) > 2, told


# --- from the proposal to the deed ---------------------------------------------------------------


def reading(home: Home, calendars: Calendars, name: str = "home") -> str:
    """An account that is read, whose calendar new events go to; its path."""
    path = calendars.make(name, "Zu Hause")
    remote.add(home, kind="caldav", url=calendars.url(), secret=DAV_PASSWORD)
    read(home)
    home.user.set("actions.calendar", setting("actions.calendar").check(calendars.url(path=path)))
    return path


def perform(home: Home, proposal: Proposal) -> Receipt:
    token = deeds.approve(home, sha256=proposal.sha256).token
    (receipt,) = deeds.perform(home, token=token)
    assert isinstance(receipt, Receipt)
    with pytest.raises(Refused, match="used already"):
        list(deeds.perform(home, token=token))
    return receipt


def propose(home: Home, **more: object) -> Proposal:
    return deeds.keep(home, registry.propose("create_event", EVENT | more, deeds.world(home)))


def test_an_approved_event_goes_there_is_found_at_once_and_undone(mine: Home, calendars: Calendars) -> None:
    path = reading(mine, calendars)
    proposal = propose(mine)
    shown = {field.label: field.value for field in proposal.preview}
    assert shown["Calendar"] == calendars.url(path=path)
    assert proposal.title.endswith("at 127.0.0.1")
    assert proposal.warnings == ("This leaves your computer: the event is kept at 127.0.0.1.",)
    assert files(calendars) == {}  # nothing before the yes
    receipt = perform(mine, proposal)
    [(name, data)] = files(calendars).items()
    [event] = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert (str(event["summary"]), str(event["location"])) == ("Lunch", "Luigi's")
    assert event.decoded("dtstart").replace(tzinfo=None) == datetime(2026, 11, 27, 12)
    assert receipt.undoable
    assert receipt.path.endswith(Path(name).name)
    uri = f"event:{event['uid']}"
    item = mine.index.item(uri)
    assert (item.title, item.meta["calendar"], item.path) == ("Lunch", "Zu Hause", receipt.path)
    again = done(read(mine))  # and the next visit finds it as it is
    assert (again.added, again.updated, again.removed, again.unchanged) == (0, 0, 0, 1)
    [entry] = [one for one in mine.journal.list() if one.what == "action:create_event"]
    assert (entry.state, entry.undoable) == ("done", True)
    assert entry.bytes_out >= len(data) // 2
    assert deeds.undo(mine, journal_id=receipt.journal_id).state == "undone"
    assert files(calendars) == {}
    with pytest.raises(NotFound):
        mine.index.item(uri)
    again = done(read(mine))
    assert (again.added, again.removed, again.unchanged) == (0, 0, 0)


def test_what_was_changed_there_since_is_not_undone(mine: Home, calendars: Calendars) -> None:
    path = reading(mine, calendars)
    receipt = perform(mine, propose(mine))
    [(name, data)] = files(calendars).items()
    calendars.put(f"{path}{Path(name).name}", data.decode().replace("Lunch", "Dinner"))
    with pytest.raises(Refused, match="changed elsewhere"):
        deeds.undo(mine, journal_id=receipt.journal_id)
    assert b"SUMMARY:Dinner" in next(iter(files(calendars).values()))
    assert mine.journal.entry(receipt.journal_id).state == "done"
    assert calendars.request("DELETE", f"{path}{Path(name).name}")[0] == 200
    with pytest.raises(NotFound):
        deeds.undo(mine, journal_id=receipt.journal_id)


def test_guests_are_written_down_and_not_invited(mine: Home, calendars: Calendars) -> None:
    reading(mine, calendars)
    mine.user.set("you.address", "vera@example.org")
    proposal = propose(mine, attendees=["Bob <bob@example.org>"])
    assert any("no invitation" in warning for warning in proposal.warnings)
    perform(mine, proposal)
    [data] = files(calendars).values()
    [event] = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert event["attendee"].params["SCHEDULE-AGENT"] == "NONE"


def test_where_new_events_go_is_said_before_they_are_proposed(mine: Home, calendars: Calendars) -> None:
    check = setting("actions.calendar").check
    with pytest.raises(UsageFault):
        check("https://no user here/")
    with pytest.raises(Refused, match="without https"):
        check("http://vera@dav.example.org/home/")
    assert check("~/calendar") == "~/calendar"
    mine.user.set("actions.calendar", "https://vera@dav.example.org/home/")
    with pytest.raises(Refused, match="does not read"):
        propose(mine)
    reading(mine, calendars)
    mine.user.set("actions.calendar", calendars.url())  # the account: it has one calendar
    assert own_calendars.chosen(mine).endswith("/home/")
    calendars.make("office", "Office")
    read(mine)
    with pytest.raises(Refused, match=r"which calendar.*/home/, .*/office/"):
        propose(mine)
    known = own_calendars.listed(mine)
    assert [(one.name.partition(" (")[0], one.chosen) for one in known] == [
        ("home", False),
        ("office", False),
    ]
    mine.user.set("actions.calendar", known[1].address)
    assert [one.chosen for one in own_calendars.listed(mine)] == [False, True]
    perform(mine, propose(mine))
    assert own_calendars.listed(mine)[1].name == "Office (vera@example.org at 127.0.0.1)"
    [name] = files(calendars)
    assert "/office/" in name


def test_a_deed_that_fails_there_leaves_nothing(mine: Home, calendars: Calendars) -> None:
    path = reading(mine, calendars)
    proposal = propose(mine)
    assert calendars.request("DELETE", path)[0] == 200
    token = deeds.approve(mine, sha256=proposal.sha256).token
    with pytest.raises(Refused, match="no calendar"):
        list(deeds.perform(mine, token=token))
    entry: JournalEntry = next(one for one in mine.journal.list() if one.what == "action:create_event")
    assert (entry.state, entry.undoable) == ("failed", False)
    assert files(calendars) == {}


def test_what_a_courier_says_is_known_to_those_without_its_modules() -> None:
    told = failure(1, "somewhere", Missing("it is not there", where="x"))
    assert by_name(told.kind) is NotFound


def test_seals_cannot_be_made_without_the_key() -> None:
    uid = own.new_uid(SEAL)
    assert own.is_ours(uid, SEAL)
    for bad in (uid[:-1], uid.upper(), uid.replace("@", "-"), f"{uid} ", "", f"{'0' * 32}{uid[32:]}"):
        assert not own.is_ours(bad, SEAL)
    assert not own.is_ours(uid, "6" * 64)
    assert not own.is_ours(uid, "")
    assert re.fullmatch(r"[0-9a-f]{64}", own.new_key())


def test_deeds_at_once_make_one_key(mine: Home) -> None:
    made: list[str] = []
    many = [own_calendars.OwnCalendar(mine, lambda _: None) for _ in range(8)]
    threads = [threading.Thread(target=lambda one=one: made.append(one.uid())) for one in many]  # type: ignore[misc]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    key = mine.secrets.get(own_calendars.SEAL)
    assert len(set(made)) == 8
    assert all(own.is_ours(uid, key) for uid in made)
