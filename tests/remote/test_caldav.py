"""Calendars elsewhere are a source like any other: a real Radicale, read by a real courier process."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from remote_runs import done, following, read, until
from remote_servers import DAV_PASSWORD, USER, Calendars, CutLine, event

from app.core.accounts import caldav, parse
from app.core.errors import HomebodyError, NotFound, Refused, UsageFault, WrongPassword
from app.core.paths import Paths
from app.core.types import Skipped
from app.courier import caldav as courier_caldav
from app.courier.caldav import CalDav
from app.courier.dav import Answer, Dav, Entry, _read
from app.courier.held import Held, names, told
from app.courier.pacing import Wanted
from app.courier.remote import Brought, Level
from app.courier.service import THREADS
from app.flows import forget, index, listening, opening, remote
from app.flows.context import Home
from app.store.cursors import Cursors


def add(home: Home, url: str, secret: str = DAV_PASSWORD) -> None:
    remote.add(home, kind="caldav", url=url, secret=secret)


def digests(home: Home) -> dict[str, str]:
    return {row["uri"]: row["digest"] for row in home.index.db.rows("SELECT uri, digest FROM items")}


def numbered(*numbers: int) -> set[str]:
    return {f"event:e{n}@example.org" for n in numbers}


def test_new_changed_moved_and_deleted_events_are_seen(mine: Home, calendars: Calendars) -> None:
    """As it is shipped, by whoever follows in a terminal."""
    home, work = calendars.make("home", "Zu Hause"), calendars.make("work", "Work")
    for n in range(12):
        calendars.put(f"{home}e{n}.ics", event(n))
    calendars.put(f"{work}e20.ics", event(20))
    add(mine, calendars.url())
    with following(mine):
        assert digests(mine).keys() == numbered(*range(12), 20)
        assert mine.index.item("event:e3@example.org").meta["calendar"] == "Zu Hause"
        assert mine.index.item("event:e3@example.org").path.endswith(
            f"@127.0.0.1:{calendars.port}{home}e3.ics"
        )
        took = []
        calendars.put(f"{home}e99.ics", event(99))
        took.append(until(lambda: numbered(99) <= digests(mine).keys()))
        calendars.put(f"{home}e1.ics", event(1, "Quite another title"))
        took.append(until(lambda: mine.index.item("event:e1@example.org").title == "Quite another title"))
        goal = f"http://127.0.0.1:{calendars.port}{work}e2.ics"
        assert calendars.request("MOVE", f"{home}e2.ics", Destination=goal)[0] in (201, 204)
        took.append(until(lambda: mine.index.item("event:e2@example.org").path.endswith(f"{work}e2.ics")))
        assert calendars.request("DELETE", f"{home}e3.ics")[0] == 200
        took.append(until(lambda: "event:e3@example.org" not in digests(mine)))
        print("seconds until new, changed, moved, deleted were seen:", *(f"{one:.1f}" for one in took))
    assert digests(mine).keys() == numbered(0, 1, 2, *range(4, 12), 20, 99)
    again = done(read(mine))
    assert (again.added, again.updated, again.removed, again.unchanged) == (0, 0, 0, 13)


def test_a_line_that_is_cut_again_and_again_loses_and_doubles_nothing(
    mine: Home, calendars: Calendars, full: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small: 120 events and 8 cuts; with HOMEBODY_FULL=1 1,500 events and 50 cuts."""
    chance = random.Random(11)
    count, wanted = (1_500, 50) if full else (120, 8)
    _store(calendars, count)
    monkeypatch.setattr(remote, "PAUSES_S", (0.0, 0.0))

    def limits() -> Iterator[int | None]:
        """Several times in each visit, until it was done often enough."""
        while line.cuts < wanted:
            yield chance.randrange(100, 100 * count)

    with CutLine(calendars.port, limits()) as line:
        for _ in range(wanted):  # an address is added only when it could be logged in to
            with contextlib.suppress(HomebodyError):
                add(mine, calendars.url(port=line.port))
                break
        while _cut(read(mine)) or line.cuts < wanted:
            if line.cuts < wanted and not mine.index.sources()[0].fault:
                mine.index.reread()  # all was held before there were enough: it is fetched again
    assert len(digests(mine)) == count
    assert digests(mine) == _fresh(calendars, tmp_path)


def test_a_cursor_that_moved_too_soon_would_be_seen_to_lose(
    mine: Home, calendars: Calendars, tmp_path: Path
) -> None:
    """The control: a cursor that says that all is held, over events that are not."""
    home = _store(calendars, 20)
    add(mine, calendars.url())
    survey = CalDav(Wanted()).survey(account=parse("caldav", calendars.url()), secret=DAV_PASSWORD)
    one = next(one for one in survey if one.prefix == home)
    Cursors(mine.index.db).move(mine.index.sources()[0].id, one.key, one.state, ())
    read(mine)
    assert digests(mine) != _fresh(calendars, tmp_path)


def _cut(steps: list[index.Step]) -> bool:
    return any(isinstance(step, Skipped) and "account" in step.reason for step in steps)


def _store(calendars: Calendars, count: int) -> str:
    """Many events at once: a whole calendar is put."""
    path = f"/{USER}/many/"
    inner = "".join(
        event(n).partition("PRODID:-//test//EN\r\n")[2].removesuffix("END:VCALENDAR\r\n")
        for n in range(count)
    )
    whole = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{inner}END:VCALENDAR\r\n"
    status, data = calendars.request("PUT", path, whole, **{"Content-Type": "text/calendar"})
    assert status == 201, data
    return path


def _fresh(calendars: Calendars, folder: Path) -> dict[str, str]:
    """What another, empty store gets of the same calendars without any cut."""
    paths = Paths(folder / "fresh")
    paths.make()
    _, home = opening.create(paths, "correct horse battery staple", -1)
    try:
        add(home, calendars.url())
        read(home)
        return digests(home)
    finally:
        opening.close(home)


def test_what_goes_wrong_is_one_clear_line(mine: Home, calendars: Calendars) -> None:
    calendars.make("home", "Home")
    with pytest.raises(WrongPassword, match="does not take this password"):
        add(mine, calendars.url(), "wrong")
    with pytest.raises(NotFound):
        add(mine, calendars.url(path=f"/{USER}/nowhere/"))
    with pytest.raises(Refused, match="without https"):
        caldav(url="http://dav.example.org/", user=USER)
    with pytest.raises(UsageFault, match="whose calendar"):
        caldav(url="https://dav.example.org/")
    assert not mine.index.sources()


def test_two_calendars_of_one_account_are_two_sources(
    mine: Home, calendars: Calendars, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More of them than one courier listens to: all are listened to, and still something is fetched."""
    assert listening.EACH < THREADS
    monkeypatch.setattr(listening, "EACH", 2)
    paths = [calendars.make(f"c{n}", f"Calendar {n}") for n in range(5)]
    for n, path in enumerate(paths):
        calendars.put(f"{path}e{n}.ics", event(n))
        mine.index.add_source(kind="caldav", path=calendars.url(path=path))
    mine.secrets.keep(parse("caldav", calendars.url()).secret, DAV_PASSWORD)
    with following(mine):
        assert digests(mine).keys() == numbered(*range(len(paths)))
        calendars.put(f"{paths[-1]}e99.ics", event(99))
        until(lambda: numbered(99) <= digests(mine).keys())
        assert digests(mine).keys() == numbered(*range(len(paths)), 99)
        assert calendars.request("DELETE", f"{paths[0]}e0.ics")[0] == 200
        until(lambda: "event:e0@example.org" not in digests(mine))


def test_a_calendar_that_is_no_more_is_noticed_and_a_removed_account_is_left(
    mine: Home, calendars: Calendars, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, work = calendars.make("home", "Home"), calendars.make("work", "Work")
    calendars.put(f"{home}e1.ics", event(1))
    calendars.put(f"{work}e2.ics", event(2))
    add(mine, calendars.url())
    with following(mine):
        assert digests(mine).keys() == numbered(1, 2)
        assert calendars.request("DELETE", work)[0] == 200
        until(lambda: digests(mine).keys() == numbered(1))
        [source] = mine.index.sources()
        forget.source(mine, kind="caldav", path=source.path)
        listens = [one for one in threading.enumerate() if one.name == f"listen-{source.id}"]
        until(lambda: not any(one.is_alive() for one in listens))
        assert not digests(mine)


def test_nobody_is_followed_to_strangers_and_no_entity_is_expanded() -> None:
    with closing(Dav(caldav(url="https://caldav.example.org/", user="v"), "x")) as dav:
        assert dav.address("/a/", dav.base) == "https://caldav.example.org/a/"
        assert dav.address("https://p42.example.org/a/", dav.base) == "https://p42.example.org/a/"
        for bad in (
            "https://example.net/",
            "http://caldav.example.org/",
            "https://evilexample.org/",
            "https://[a/",
            "",
        ):
            with pytest.raises(Refused, match="do not follow"):
                dav.address(bad, dav.base)
    with closing(Dav(caldav(url="https://example.co.uk/", user="v"), "x")) as dav:
        assert dav.address("/a/", dav.base) == "https://example.co.uk/a/"
        with pytest.raises(Refused, match="do not follow"):
            dav.address("https://evil.co.uk/", dav.base)
    answer = b'<d:multistatus xmlns:d="DAV:"><d:response><d:href>https://[a</d:href></d:response>'
    answer += b"<d:response><d:href>/b</d:href></d:response></d:multistatus>"
    assert [one.url for one in _read(answer, "https://a/", "a").entries] == ["https://a/b"]
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><d:multistatus xmlns:d="DAV:">&a;</d:multistatus>'
    with pytest.raises(Exception, match="do not understand"):
        _read(bomb, "https://a/", "a")
    wide = bomb.decode().replace("<!DOCTYPE", '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE', 1)
    with pytest.raises(HomebodyError, match="do not understand"):
        _read(wide.encode("utf-16"), "https://a/", "a")


def test_answers_within_answers_are_none() -> None:
    """Each would be looked through for what is in it: a hundred thousand of them take minutes."""
    nested = b"<d:response><d:href>/a</d:href>" * 100_000 + b"</d:response>" * 100_000
    answer = _read(b'<d:multistatus xmlns:d="DAV:">' + nested + b"</d:multistatus>", "https://a/", "a")
    assert len(answer.entries) == 1


class _Faulty(Dav):
    """Says nothing of one event, has a fault with another, and knows a third no more."""

    def events(self, url: str, hrefs: Iterable[str]) -> Answer:
        answer = super().events(url, hrefs)
        rest = [one for one in answer.entries if not one.url.endswith(("e1.ics", "e2.ics", "e3.ics"))]
        bad = [Entry(one.url, 500, {}) for one in answer.entries if one.url.endswith("e2.ics")]
        gone = [Entry(one.url, 404, {}) for one in answer.entries if one.url.endswith("e3.ics")]
        return Answer((*rest, *bad, *gone), answer.token)


def test_an_event_that_is_not_handed_out_is_not_gone(
    calendars: Calendars, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = calendars.make("home", "Home")
    for n in range(5):
        calendars.put(f"{home}e{n}.ics", event(n))
    monkeypatch.setattr(courier_caldav, "Dav", _Faulty)
    account, door = parse("caldav", calendars.url()), CalDav(Wanted())
    [one] = door.survey(account=account, secret=DAV_PASSWORD)
    held = {f"{home}e{n}.ics": "old" for n in range(5)}
    steps = list(door.sync(account=account, secret=DAV_PASSWORD, collection=one, state="", held=told(held)))
    members = [member for step in steps if isinstance(step, Brought) for member in step.members]
    assert {m.name[-6:] for m in members if m.stamp} == {"e0.ics", "e4.ics"}
    assert {m.name[-6:] for m in members if not m.stamp} == {"e1.ics", "e2.ics"}
    assert isinstance(steps[-1], Level)
    assert dict(names(steps[-1].gone)) == {f"{home}e3.ics": ""}


def test_an_event_at_which_the_line_breaks_every_time_costs_no_other(
    mine: Home, calendars: Calendars, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "PAUSES_S", (0.0,))
    home = calendars.make("home", "Home")
    for n in range(60):
        calendars.put(f"{home}e{n}.ics", event(n, "here it breaks" if n in (7, 33) else ""))
    with CutLine(calendars.port, mark=b"here it breaks") as line:
        add(mine, calendars.url(port=line.port))
        for _ in range(2):
            told = [step for step in read(mine) if isinstance(step, Skipped)]
            assert {one.uri.rpartition("/")[2] for one in told} == {"e7.ics", "e33.ics"}
            assert all("breaks off at it; it is asked again" in one.reason for one in told)
            assert digests(mine).keys() == numbered(*range(60)) - numbered(7, 33)
        calendars.put(f"{home}e60.ics", event(60))
        read(mine)
        assert numbered(60) <= digests(mine).keys()
        line.mark = b""
        read(mine)
        assert digests(mine).keys() == numbered(*range(61))
        assert mine.index.skipped() == ()
    with CutLine(calendars.port, mark=b"BEGIN:VEVENT") as line:  # the control: nothing is handed out
        account = parse("caldav", calendars.url(port=line.port))
        [one] = CalDav(Wanted()).survey(account=account, secret=DAV_PASSWORD)
        with pytest.raises(HomebodyError, match="broke off"):
            list(
                CalDav(Wanted()).sync(
                    account=account, secret=DAV_PASSWORD, collection=one, state="", held=Held()
                )
            )


def test_names_keep_their_bytes() -> None:
    """Also those that are no UTF-8, or have a slash in them: it is what the server calls them."""
    with closing(Dav(caldav(url="https://dav.example.org/", user="v"), "x")) as dav:
        assert dav.name("https://dav.example.org/a/caf%E9%20%C3%A9.ics") == "/a/caf%E9%20%C3%A9.ics"
        slash = dav.name("https://dav.example.org/a%40b/c%2Fd%3F%25.ics")
        assert slash == "/a@b/c%2Fd%3F%25.ics"
        assert dav.address(slash, dav.base) == "https://dav.example.org/a@b/c%2Fd%3F%25.ics"
