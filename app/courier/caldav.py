"""A calendar account elsewhere, over CalDAV: what calendars there are, what is new in them, what is gone.

CalDAV (RFC 4791), found by its well-known address (RFC 6764). What changed is told by sync-collection
(RFC 6578); by the ETags of a listing where a server does not know that. Nothing there is changed by this.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from app.core.accounts import Account
from app.core.errors import NotFound
from app.courier.dav import Answer, Broke, C, D, Dav, Entry, Missing, S
from app.courier.held import Held, names, told
from app.courier.remote import LARGEST, Brought, Collection, Level, Marked, Member, Still, Stirred, packed

PULSE_S = 20.0
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

    def __init__(self) -> None:
        self._homes: dict[str, tuple[str, ...]] = {}  # of each account, where its calendars are

    def survey(self, *, account: Account, secret: str) -> tuple[Collection, ...]:
        with contextlib.closing(Dav(account, secret)) as dav:
            return self._survey(dav, account)

    def sync(
        self, *, account: Account, secret: str, collection: Collection, state: str, held: Held
    ) -> Iterator[Brought | Marked | Still | Level]:
        with contextlib.closing(Dav(account, secret)) as dav:
            yield from _sync(dav, collection, state, dict(names(held)))

    def listen(
        self, *, account: Account, secret: str, states: dict[str, str], every: float
    ) -> Iterator[Still | Stirred]:
        before = dict(states)
        with contextlib.closing(Dav(account, secret)) as dav:
            while True:
                now = {one.key: one.state for one in self._survey(dav, account)}
                yield Stirred() if now != before else Still()  # one that is no more counts, too
                before = now
                until = time.monotonic() + every
                while (left := until - time.monotonic()) > 0:
                    time.sleep(min(left, PULSE_S))
                    yield Still()

    def _survey(self, dav: Dav, account: Account) -> tuple[Collection, ...]:
        if account.url not in self._homes:
            self._homes[account.url] = _homes(dav, account)
        found: dict[str, Collection] = {}
        for home in self._homes[account.url]:
            for entry in dav.propfind(home, _ABOUT, depth=1).entries:
                if entry.has(f"{D}resourcetype", f"{C}calendar"):
                    one = _collection(dav, entry)
                    found[one.key] = one
        if not found:
            raise NotFound(
                "there is no calendar at this address", where=str(account), remedy="check the address"
            )
        return tuple(found[key] for key in sorted(found))


# --- what there is -----------------------------------------------------------------------------------


def _homes(dav: Dav, account: Account) -> tuple[str, ...]:
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
        return (dav.address(start.url, dav.base),)
    if not homes and (principals := start.hrefs(f"{D}current-user-principal")):
        at = dav.address(principals[0], start.url)
        for entry in dav.propfind(at, _HOME, depth=0).entries[:1]:
            homes = entry.hrefs(f"{C}calendar-home-set")
    return tuple(dav.address(home, at) for home in homes) or (dav.address(start.url, dav.base),)


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
