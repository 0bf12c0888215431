"""Asking a calendar's server often is real where it is wanted, and never more than the server bears."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import ClassVar

import pytest
from remote_runs import following, until
from remote_servers import DAV_PASSWORD, USER, Calendars, event

from app.core.accounts import caldav, parse
from app.core.errors import Busy, HomebodyError
from app.courier import pacing
from app.courier.caldav import CalDav, _events
from app.courier.dav import Dav, Overasked, _after
from app.courier.pacing import TRIES, Pacing, Wanted
from app.courier.remote import Collection, Stirred
from app.flows import listening, manners, remote
from app.flows.context import Home
from app.model import power
from app.store.cursors import Cursors

ANSWER = (
    '<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:response><d:href>/a/</d:href>'
    "<d:propstat><d:prop><d:resourcetype><d:collection/><c:calendar/></d:resourcetype>"
    "<d:sync-token>{token}</d:sync-token></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>"
    "</d:response></d:multistatus>"
)


def test_the_pause_grows_with_what_it_costs_and_shrinks_again() -> None:
    one = Pacing(Wanted())
    one.answered(seconds=0.05, size=2_000)
    assert one.pause(3.0) == 3.0
    for _ in range(2):
        one.answered(seconds=2.0, size=2_000)
        assert one.pause(3.0) == 3.0  # perhaps chance
    one.answered(seconds=2.0, size=2_000)  # slow: at most a tenth of its time
    assert one.pause(3.0) == 20.0
    one.answered(seconds=0.05, size=400_000)
    assert one.pause(3.0) == 20.0
    for _ in range(3):
        one.answered(seconds=600.0, size=0)
    assert one.pause(3.0) == 300.0
    assert one.failed(too_much=True, after=40.0)
    assert one.pause(3.0) == 40.0  # what it said
    one.answered(seconds=0.05, size=2_000)
    once = one.pause(3.0)
    assert once > 3.0
    for _ in range(20):
        one.answered(seconds=0.05, size=2_000)
    assert one.pause(3.0) == 3.0
    for _ in range(60):
        one.failed(too_much=True)
        one.answered(seconds=0.05, size=2_000)
        assert one.pause(3.0) <= 300.0
    assert one.pause(600.0) == 600.0


def test_failures_are_borne_a_few_times_with_longer_and_longer_pauses() -> None:
    one = Pacing(Wanted())
    borne, pauses = [], []
    for _ in range(TRIES):
        borne.append(one.failed())
        pauses.append(one.pause(3.0))
    assert borne == [True] * (TRIES - 1) + [False]
    assert pauses == sorted(pauses) and len(set(pauses)) == TRIES
    one.answered(seconds=0.0, size=0)
    assert one.pause(3.0) == 3.0  # a fault is no wish for fewer requests


def test_what_a_server_says_of_its_rest_is_read() -> None:
    assert _after("120") == 120.0
    assert _after("") == _after("soon") == _after("-5") == _after("٣") == 0.0
    assert _after("Fri, 31 Dec 1999 23:59:59 GMT") == 0.0
    assert _after("Fri, 31 Dec 2999 23:59:59 GMT") > 1e9
    assert _after("9" * 400) < 1e10


def test_another_pace_is_heard_while_one_waits() -> None:
    """And there is a sign of life now and then, however often is asked."""
    wanted = Wanted(300.0)
    one = Pacing(wanted)
    one.answered(seconds=0.0, size=0)
    waits = threading.Thread(target=lambda: list(one.waiting()), daemon=True)
    waits.start()
    wanted.every = 0.0
    waits.join(60)
    assert not waits.is_alive()


class _Server(BaseHTTPRequestHandler):
    """Answers as ``says`` tells: a status, and what it wants of pauses."""

    protocol_version = "HTTP/1.1"
    says: ClassVar[list[tuple[int, str]]] = []
    asked: ClassVar[list[float]] = []
    lines: ClassVar[set[int]] = set()

    def do_REPORT(self) -> None:
        self.do_PROPFIND()

    def do_PROPFIND(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append(time.monotonic())
        if self.command == "PROPFIND":
            assert self.headers["Depth"] == "0"  # a single calendar is not asked for what lies in it
        self.lines.add(self.client_address[1])
        status, after = self.says.pop(0) if self.says else (207, "")
        body = ANSWER.format(token=len(self.asked)).encode() if status == 207 else b""
        self.send_response(status)
        if after:
            self.send_header("Retry-After", after)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        pass


@contextmanager
def server(*says: tuple[int, str]) -> Iterator[tuple[str, type[_Server]]]:
    kind = type("Kind", (_Server,), {"says": list(says), "asked": [], "lines": set()})
    served = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    served.daemon_threads = True
    thread = threading.Thread(target=served.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield caldav(url=f"http://127.0.0.1:{served.server_address[1]}/a/", user=USER).url, kind
    finally:
        served.shutdown()
        served.server_close()
        thread.join(20)


def test_one_request_a_question_over_one_connection() -> None:
    with server() as (url, served):
        door = CalDav(Wanted())
        steps = door.listen(account=parse("caldav", url), secret="x", states={}, every=0.01)
        with closing(steps):  # type: ignore[type-var]
            told = [next(steps) for _ in range(6)]
        assert all(isinstance(one, Stirred) for one in told)  # another token each time
        assert len(served.asked) == 1 + 6  # where it is, then once a question
        assert len(served.lines) == 1


def test_a_server_that_wants_fewer_requests_gets_none_until_then(monkeypatch: pytest.MonkeyPatch) -> None:
    fine = (207, "")
    with server(fine, fine, (429, "2"), fine) as (url, served):
        door, account = CalDav(Wanted()), parse("caldav", url)
        steps = door.listen(account=account, secret="x", states={}, every=0.01)
        with closing(steps):  # type: ignore[type-var]
            assert isinstance(next(steps), Stirred)
            monkeypatch.setattr(pacing, "_FAILED_S", 0.0)
            assert isinstance(next(steps), Stirred)  # it was borne
        assert served.asked[3] - served.asked[2] >= 2
    with server((503, "600")) as (url, served):
        door, account = CalDav(Wanted()), parse("caldav", url)
        for _ in range(3):
            with pytest.raises(Busy, match="fewer requests"):
                door.survey(account=account, secret="x")
        with pytest.raises(Overasked):
            next(iter(door.listen(account=account, secret="x", states={}, every=0.01)))
        assert len(served.asked) == 1


def test_a_server_that_wants_fewer_requests_is_not_asked_for_each_event_alone() -> None:
    """As one is that breaks off at an event (RFC 6585, 4: a response to too many requests)."""
    with server(*[(429, "")] * 500) as (url, served):
        with closing(Dav(parse("caldav", url), "x")) as dav:
            one = Collection(key=f"{dav.base}/a/", title="a", prefix="/a/", state="")
            with pytest.raises(Busy):
                list(_events(dav, one, [f"/a/{n}.ics" for n in range(100)], set()))
        assert len(served.asked) == 1


def test_a_server_with_a_fault_is_borne_for_a_while_and_then_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "_FAILED_S", 0.01)
    fine, bad = (207, ""), (500, "")
    with server(fine, fine, *[bad] * (TRIES - 1), fine, *[bad] * TRIES) as (url, served):
        steps = CalDav(Wanted()).listen(account=parse("caldav", url), secret="x", states={}, every=0.01)
        with closing(steps):  # type: ignore[type-var]
            assert isinstance(next(steps), Stirred)
            assert isinstance(next(steps), Stirred)
            with pytest.raises(HomebodyError, match="fault of its own"):
                next(steps)
        assert len(served.asked) == 2 + TRIES - 1 + 1 + TRIES


def test_calendars_are_asked_often_only_while_homebody_is_in_use(
    mine: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the window's word; where there is none, whoever follows does so by hand."""
    plugged, unplugged = (
        power.Reading(total=1, available=1),
        power.Reading(total=1, available=1, battery=True),
    )
    monkeypatch.setattr(power, "read", lambda: plugged)
    assert manners.asking(mine) == manners.IN_USE_S
    mine.person.tell(0.0)
    assert manners.asking(mine) == manners.AWAY_S  # they use another program
    mine.person.tell(0.0, front=True)
    assert manners.asking(mine) == manners.IN_USE_S
    mine.person.tell(0.0)
    assert manners.asking(mine) == manners.IN_USE_S  # another one, since a moment
    monkeypatch.setattr(power, "read", lambda: unplugged)
    assert manners.asking(mine) == manners.ON_BATTERY_S
    mine.user.set("indexing.battery", "pause")
    assert manners.asking(mine) == manners.AWAY_S
    mine.user.set("indexing.battery", "full")
    assert manners.asking(mine) == manners.IN_USE_S
    mine.user.set("indexing.paused", "true")
    assert manners.asking(mine) == manners.AWAY_S


def test_a_window_that_nobody_sits_at_is_not_in_use() -> None:
    person = manners.Person()
    assert person.here
    person.tell(3600.0, front=True)
    assert not person.here
    person.tell(1.0, front=True)
    assert person.here


def test_the_pace_follows_the_person(mine: Home, calendars: Calendars) -> None:
    """Away: a change is not asked for; back at it: at once, by the same listening."""
    home = calendars.make("home", "Home")
    remote.add(mine, kind="caldav", url=calendars.url(), secret=DAV_PASSWORD)
    mine.person.tell(3600.0)
    with following(mine):
        calendars.put(f"{home}e1.ics", event(1))
        assert not mine.index.counts().items
        mine.person.tell(0.0, front=True)
        until(lambda: mine.index.counts().items == 1, 120)  # of 300 s, where nobody told the courier


def test_an_account_that_could_not_be_read_is_tried_again_by_itself(
    mine: Home, calendars: Calendars, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where nothing there changes any more: the change that it failed at was told already."""
    monkeypatch.setattr(listening, "AGAIN_S", 1.0)
    calendars.make("home", "Home")
    source = remote.add(mine, kind="caldav", url=calendars.url(), secret=DAV_PASSWORD)
    with following(mine):
        Cursors(mine.index.db).fault(source.id, "it was away")
        until(lambda: not mine.index.sources()[0].fault, 120)


def test_one_that_fails_again_and_again_is_tried_more_and_more_rarely(
    mine: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server may lock whoever logs in wrongly too often; one with news is always asked."""
    now = 1_000.0
    monkeypatch.setattr(listening, "time", SimpleNamespace(monotonic=lambda: now))
    source = mine.index.add_source(kind="caldav", path="http://vera@127.0.0.1:1/")
    heard, tried = listening.Listening(mine, lambda: None), []
    Cursors(mine.index.db).fault(source.id, "no")
    for _ in range(3600):
        if heard.take().sources:
            tried.append(now)
        now += 1
    assert [b - a for a, b in itertools.pairwise(tried)] == [30, 60, 120, 240, 480, *[600] * 4]
    heard._stirred.add(source.id)
    assert heard.take().sources == {source.id}
    Cursors(mine.index.db).fault(source.id, "")
    assert not heard.take().sources
    Cursors(mine.index.db).fault(source.id, "no")
    assert heard.take().sources == {source.id}  # another fault begins anew
