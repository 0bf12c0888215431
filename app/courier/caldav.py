"""A calendar account elsewhere, over CalDAV: what calendars there are, what is new in them, what is gone.

CalDAV (RFC 4791), found by its well-known address (RFC 6764). What changed is told by sync-collection
(RFC 6578); by the ETags of a listing where a server does not know that. Nothing there is changed by this.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from app.core.accounts import Account
from app.core.errors import HomebodyError, NotFound, Refused
from app.courier.dav import Answer, Broke, C, D, Dav, Entry, Missing, Overasked, S
from app.courier.held import Held, names, told
from app.courier.pacing import OBEYED_S, Pacing, Wanted
from app.courier.remote import LARGEST, Brought, Collection, Level, Marked, Member, Still, Stirred, packed

_AT_ONCE = 50  # events asked for by one request
_BROKEN = 5  # events in a row at which the server breaks off: then it is the server, not the events
_ROUNDS = 1_000  # of a listing that comes in parts
_WELL_KNOWN = "/.well-known/caldav"
_HOME = (f"{D}resourcetype", f"{D}current-user-principal", f"{C}calendar-home-set")
_ABOUT = (
    f"{D}resourcetype",
    f"{D}displayname",
    f"{D}sync-token",
    f"{S}getctag",
    f"{C}supported-calendar-component-set",
)


class CalDav:
    """Implements :class:`app.courier.remote.Remote` for calendars."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted  # how often they are asked that are listened to
        self._homes: dict[str, tuple[_Home, ...]] = {}  # of each account, where its calendars are
        self._rests: dict[str, float] = {}  # until when a server wants to be left alone

    def survey(self, *, account: Account, secret: str) -> tuple[Collection, ...]:
        with self._line(account, secret) as dav:
            return self._survey(dav, account)

    def sync(
        self, *, account: Account, secret: str, collection: Collection, state: str, held: Held
    ) -> Iterator[Brought | Marked | Still | Level]:
        with self._line(account, secret) as dav:
            yield from _sync(dav, collection, state, dict(names(held)))

    def listen(
        self, *, account: Account, secret: str, states: dict[str, str], every: float
    ) -> Iterator[Still | Stirred]:
        before = dict(states)
        self._wanted.every = every
        pacing = Pacing(self._wanted)
        with self._line(account, secret, kept=True) as dav:
            now: dict[str, str] | None = None
            while True:
                began, received, first = time.monotonic(), dav.received, now is None
                try:
                    now = {one.key: one.state for one in self._survey(dav, account)}
                except (Refused, NotFound):
                    raise
                except HomebodyError as error:
                    busy = isinstance(error, Overasked)
                    if not pacing.failed(too_much=busy, after=self._rest(account, error)) or now is None:
                        raise
                else:  # the first one has shaken hands, too
                    took = 0.0 if first else time.monotonic() - began
                    pacing.answered(seconds=took, size=dav.received - received)
                    yield Stirred() if now != before else Still()  # one that is no more counts, too
                    before = now
                for _ in pacing.waiting():
                    yield Still()

    @contextlib.contextmanager
    def _line(self, account: Account, secret: str, *, kept: bool = False) -> Iterator[Dav]:
        """Raises Busy, and asks nothing, where the server wants to be left alone."""
        self._assert_may_ask(account)
        with contextlib.closing(Dav(account, secret, kept=kept)) as dav:
            try:
                yield dav
            except Overasked as error:
                self._rest(account, error)
                raise

    def _assert_may_ask(self, account: Account) -> None:
        if (left := self._rests.get(account.root, 0.0) - time.monotonic()) > 0:
            raise Overasked("the server wants fewer requests", where=str(account), after=left)

    def _rest(self, account: Account, error: HomebodyError) -> float:
        """Seconds that nobody asks this server for, by what it said."""
        after = min(error.after, OBEYED_S) if isinstance(error, Overasked) else 0.0
        self._rests[account.root] = time.monotonic() + after
        return after

    def _survey(self, dav: Dav, account: Account) -> tuple[Collection, ...]:
        self._assert_may_ask(account)
        if account.url not in self._homes:
            self._homes[account.url] = _homes(dav, account)
        found: dict[str, Collection] = {}
        for home in self._homes[account.url]:
            for entry in dav.propfind(home.url, _ABOUT, depth=home.depth).entries:
                if entry.has(f"{D}resourcetype", f"{C}calendar"):
                    one = _collection(dav, entry)
                    found[one.key] = one
        if not found:
            raise NotFound(
                "there is no calendar at this address", where=str(account), remedy="check the address"
            )
        return tuple(found[key] for key in sorted(found))


# --- what there is -----------------------------------------------------------------------------------


class _Home(NamedTuple):
    """Where to ask for calendars: of one that was named itself nothing of what lies in it (``depth`` 0)."""

    url: str
    depth: int = 1


def _homes(dav: Dav, account: Account) -> tuple[_Home, ...]:
    """Where the calendars are: at the address that was given, or where it leads."""
    place = account.place or "/"
    start = None
    for path in (_WELL_KNOWN, place) if place == "/" else (place,):
        with contextlib.suppress(Missing):
            answer = dav.propfind(dav.base + path, _HOME, depth=0)
            start = answer.entries[0] if answer.entries else None
        if start is not None:
            break
    if start is None:
        raise NotFound(
            "the server knows nothing of calendars", where=str(account), remedy="check the address"
        )
    homes = start.hrefs(f"{C}calendar-home-set")
    at = start.url
    if start.has(f"{D}resourcetype", f"{C}calendar"):
        return (_Home(dav.address(start.url, dav.base), depth=0),)
    if not homes and (principals := start.hrefs(f"{D}current-user-principal")):
        at = dav.address(principals[0], start.url)
        for entry in dav.propfind(at, _HOME, depth=0).entries[:1]:
            homes = entry.hrefs(f"{C}calendar-home-set")
    found = tuple(_Home(dav.address(home, at)) for home in homes)
    return found or (_Home(dav.address(start.url, dav.base)),)


def _collection(dav: Dav, entry: Entry) -> Collection:
    url = dav.address(entry.url, dav.base)
    url = url if url.endswith("/") else f"{url}/"
    token, tag = entry.text(f"{D}sync-token"), entry.text(f"{S}getctag")
    if token:
        state = f"token {token}"
    elif tag:
        state = f"tag {tag}"
    else:
        listed = sorted(_listed(dav, url).items())
        state = f"listed {hashlib.sha256(repr(listed).encode()).hexdigest()}"
    title = entry.text(f"{D}displayname") or urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return Collection(key=url, title=title, prefix=dav.name(url), state=state)


# --- what changed ------------------------------------------------------------------------------------


def _sync(
    dav: Dav, collection: Collection, state: str, held: dict[str, str]
) -> Iterator[Brought | Marked | Still | Level]:
    there, gone, now = _changed(dav, collection, state, held)
    again = {name for name, stamp in held.items() if not stamp and name not in gone}
    wanted = [name for name, etag in there.items() if held.get(name) != etag or name in again]
    wanted += sorted(again - set(wanted))
    yield Still()
    lost: set[str] = set()
    yield from packed(_events(dav, collection, wanted, lost), len(wanted))
    gone |= lost & held.keys()
    yield Level(state=now, gone=told(dict.fromkeys(gone, "")), sent=dav.sent, received=dav.received)


def _changed(
    dav: Dav, collection: Collection, state: str, held: dict[str, str]
) -> tuple[dict[str, str], set[str], str]:
    """(name → ETag of what may be new, names that are gone, the state after that)."""
    if collection.state.startswith("token "):
        before = state.removeprefix("token ") if state.startswith("token ") else ""
        for token in dict.fromkeys((before, "")):
            with contextlib.suppress(
                Missing
            ):  # a token that is too old, or a report the server does not know
                there, gone, now = _reported(dav, collection, token)
                return there, (gone & held.keys() if token else held.keys() - there.keys()), f"token {now}"
    there = _listed(dav, collection.key)
    return there, set(held.keys() - there.keys()), collection.state


def _reported(dav: Dav, collection: Collection, token: str) -> tuple[dict[str, str], set[str], str]:
    there: dict[str, str] = {}
    gone: set[str] = set()
    for _ in range(_ROUNDS):
        answer = dav.changes(collection.key, token)
        more = False
        for entry in answer.entries:
            name = dav.name(entry.url)
            if entry.status == 507:  # on the collection itself: there is more than was told
                more = True
            elif entry.status == 404:
                gone.add(name)
                there.pop(name, None)
            elif _is_member(name, collection):
                there[name] = entry.text(f"{D}getetag") or "-"
                gone.discard(name)
        if not answer.token:
            raise Missing("the server gives no token", where=collection.title)
        token = answer.token
        if not more:
            return there, gone, token
    raise Missing("the server does not come to an end", where=collection.title)


def _listed(dav: Dav, url: str) -> dict[str, str]:
    answer = dav.propfind(url, (f"{D}getetag", f"{D}resourcetype"), depth=1)
    return {
        dav.name(entry.url): entry.text(f"{D}getetag") or "-"
        for entry in answer.entries
        if entry.url.rstrip("/") != url.rstrip("/") and not entry.has(f"{D}resourcetype", f"{D}collection")
    }


def _is_member(name: str, collection: Collection) -> bool:
    return name.startswith(collection.prefix) and len(name) > len(collection.prefix)


def _events(dav: Dav, collection: Collection, wanted: list[str], lost: set[str]) -> Iterator[Member]:
    """What lies under these names; those that are there no more are added to ``lost``.

    What the server has a fault with, or says nothing of, is neither: it is to be asked for again. Where it
    has one with many asked for together, the halves are asked for: so one event costs no other.
    """
    todo = [wanted[at : at + _AT_ONCE] for at in range(0, len(wanted), _AT_ONCE)][::-1]
    broken = 0  # in a row
    while todo:
        some = todo.pop()
        try:
            answer = dav.events(collection.key, [dav.address(name, dav.base) for name in some])
        except Broke:
            if len(some) > 1:
                todo += [some[len(some) // 2 :], some[: len(some) // 2]]
                continue
            broken += 1
            if broken > _BROKEN:
                raise
            yield Member(name=some[0], stamp="", why="the server breaks off at it")
            continue
        broken = 0
        yield from _told(dav, answer, some, lost)


def _told(dav: Dav, answer: Answer, some: list[str], lost: set[str]) -> Iterator[Member]:
    found = {dav.name(entry.url): entry for entry in answer.entries}
    for name in some:
        entry = found.get(name)
        if entry is not None and entry.status in (404, 410):
            lost.add(name)
            continue
        if entry is None or f"{C}calendar-data" not in entry.properties:
            yield Member(name=name, stamp="")
            continue
        data = (entry.properties[f"{C}calendar-data"].text or "").encode()
        yield Member(
            name=name,
            stamp=entry.text(f"{D}getetag") or "-",
            data=data[: LARGEST + 1],
            size=len(data),
        )
