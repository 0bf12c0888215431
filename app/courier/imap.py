"""A mailbox elsewhere, read over IMAP and never changed: what is new, what is gone, and waiting for more.

RFC 3501, with what a server has of: special-use folders (RFC 6154), LIST-STATUS (RFC 5819), CONDSTORE
and QRESYNC (RFC 7162) to be told only what changed, IDLE (RFC 2177) and NOTIFY (RFC 5465) to be told at once.
Folders are opened by EXAMINE and mails fetched by BODY.PEEK, which leave no trace there.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import pairwise

from app.core.accounts import Account
from app.courier.imap_folders import survey
from app.courier.imap_values import Value, items, number, numbers, parsed, sequence, within
from app.courier.imap_wire import Wire, translated
from app.courier.remote import (
    LARGEST,
    PIECE,
    Brought,
    Collection,
    Level,
    Marked,
    Member,
    Still,
    Stirred,
    packed,
)

PULSE_S = 20.0
IDLE_S = 25 * 60.0  # servers may end what is silent for 30 minutes (RFC 2177 says 29)
_FRESH_S = 60.0
_LOOKED_AT = 500  # mails whose size and flags are asked for at once
_NUMBERED = 5_000  # mails of which only the flags are
_AT_ONCE = 1024 * 1024  # bytes of mails fetched by one command
_MOST = 3 * 1024 * 1024  # bytes of one of them, whatever size the server told of it
_REFUSED = 20  # mails in a row that a server does not hand out: then it is the server, not the mails
_HEADERS = 256 * 1024  # bytes of headers, where a mail is too large
_FLAGS = {b"\\SEEN": "S", b"\\ANSWERED": "R", b"\\FLAGGED": "F", b"\\DELETED": "T", b"\\DRAFT": "D"}
NO_FLAGS = "-"
_UID = re.compile(r"(\d{1,10})/;UID=(\d{1,10})")


@dataclass
class _Change:
    """How a folder differs from what is held; ``flags`` of some of the rest."""

    new: set[int]
    gone: set[int]
    flags: dict[int, str]


class Imap:
    """Implements :class:`app.courier.remote.Remote` for mailboxes."""

    def __init__(self) -> None:
        self._free: dict[str, tuple[Wire, float]] = {}  # a connection that can do more, and since when

    def survey(self, *, account: Account, secret: str) -> tuple[Collection, ...]:
        with self._wire(account, secret) as wire:
            return survey(wire, account)

    def sync(
        self, *, account: Account, secret: str, collection: Collection, state: str, held: dict[str, str]
    ) -> Iterator[Brought | Marked | Still | Level]:
        with self._wire(account, secret) as wire:
            yield from _Sync(wire, collection, state, held).steps()

    def listen(
        self, *, account: Account, secret: str, states: dict[str, str], every: float
    ) -> Iterator[Still | Stirred]:
        with translated(account):
            wire = Wire(account, secret, unbuffered=True)
            try:
                yield from _listen(wire, account, dict(states), every)
            finally:
                wire.close_now()

    def close(self) -> None:
        """Hang up; a later call connects again."""
        while self._free:
            self._free.popitem()[1][0].close_now()

    @contextlib.contextmanager
    def _wire(self, account: Account, secret: str) -> Iterator[Wire]:
        """The connection of the last call to this account, or a new one; one that failed is closed."""
        wire = self._kept(account) or _connected(account, secret)
        try:
            with translated(account):
                wire.sent = wire.received = 0
                yield wire
        except BaseException:
            wire.close_now()
            raise
        self._free[account.root] = wire, time.monotonic()

    def _kept(self, account: Account) -> Wire | None:
        """The connection of the last call; none that was left so long that the server may have ended it."""
        wire, since = self._free.pop(account.root, (None, 0.0))
        if wire is not None and time.monotonic() - since > _FRESH_S:
            wire.close_now()
            return None
        return wire


def _connected(account: Account, secret: str) -> Wire:
    wire = Wire(account, secret)
    if wire.has("QRESYNC"):
        with translated(account):
            wire.ask("ENABLE", "QRESYNC")
    return wire


# --- what changed ------------------------------------------------------------------------------------


class _Sync:
    """One folder, from what is held to what is there."""

    def __init__(self, wire: Wire, collection: Collection, state: str, held: dict[str, str]) -> None:
        self._wire, self._collection = wire, collection
        before = [number(word.encode()) for word in state.split()]
        self._was_validity, self._was_modseq = (before[0], before[3]) if len(before) == 4 else (0, 0)
        self._open()
        self._held: dict[int, str] = {}
        self._gone: list[str] = []  # of another validity: these numbers mean nothing any more
        for name, stamp in held.items():
            match = _UID.fullmatch(name.removeprefix(collection.prefix))
            if match and int(match[1]) == self._validity:
                self._held[int(match[2])] = stamp
            else:
                self._gone.append(name)

    def _open(self) -> None:
        resumes = self._was_modseq and self._wire.has("QRESYNC")
        more = f"(QRESYNC ({self._was_validity} {self._was_modseq}))" if resumes else ""
        if not more and self._wire.has("CONDSTORE"):
            more = "(CONDSTORE)"
        answers = self._told = self._wire.examine(self._collection.key, more)
        self._validity, self._next, self._exists, self._modseq = (
            number((answers.get(name) or [b""])[-1])
            for name in ("UIDVALIDITY", "UIDNEXT", "EXISTS", "HIGHESTMODSEQ")
        )
        if not self._validity or "EXISTS" not in answers:  # else all would seem to be gone
            raise self._wire.error("a folder that says nothing of itself")
        self._same = bool(self._was_modseq) and self._was_validity == self._validity
        self._resumed = bool(resumes) and self._same
        self._refused, self._short = 0, False

    def steps(self) -> Iterator[Brought | Marked | Still | Level]:
        change = yield from self._change()
        again = {uid for uid, stamp in self._held.items() if not stamp} - change.gone
        marked = {
            self._name(uid): stamp
            for uid, stamp in change.flags.items()
            if self._held.get(uid) and self._held[uid] != stamp
        }
        if marked:
            yield Marked(stamps=marked)
        wanted = sorted(change.new | again, reverse=True)  # the newest first
        yield from packed(self._mails(wanted), len(wanted))
        exists = "?" if self._short else self._exists
        yield Level(
            state=f"{self._validity} {self._next} {exists} {self._modseq}",
            gone=(*self._gone, *map(self._name, sorted(change.gone))),
            sent=self._wire.sent,
            received=self._wire.received,
        )

    def _name(self, uid: int) -> str:
        return f"{self._collection.prefix}{self._validity}/;UID={uid}"

    def _change(self) -> Generator[Still, None, _Change]:
        """By the shortest way the server knows; where the numbers do not add up, by the long one."""
        held = self._held.keys()
        if not self._exists:
            return _Change(set(), set(held), {})
        if self._resumed:
            flags = {number(item[b"UID"]): _stamp(item) for item in items(self._told) if b"FLAGS" in item}
            words = b" ".join(x for x in self._told.get("VANISHED", []) if isinstance(x, bytes))
            vanished = within(words.replace(b"(EARLIER)", b"").replace(b" ", b","), held)
            change = _Change(flags.keys() - held, vanished, flags)
            if len(held) + len(change.new) - len(change.gone) == self._exists:
                return change
        elif self._same and self._modseq and self._wire.has("ESEARCH"):
            modifier = f"(CHANGEDSINCE {self._was_modseq})"
            changed = (
                self._wire.fetched("1:*", "(UID FLAGS)", modifier) if self._modseq != self._was_modseq else ()
            )
            flags = {number(item[b"UID"]): _stamp(item) for item in changed if b"FLAGS" in item}
            there = self._all()
            if len(there) >= self._exists:
                return _Change(there - held, held - there, flags)
        flags = yield from self._flags()
        if (
            len(flags) < self._exists
        ):  # told of fewer than there are: none is gone for that, and it is asked again
            self._short = True
            return _Change(flags.keys() - held, set(), flags)
        return _Change(flags.keys() - held, held - flags.keys(), flags)

    def _flags(self) -> Generator[Still, None, dict[int, str]]:
        """Of all mails, some thousand at once: servers tell of no more (RFC 9738), and it takes its time."""
        limits = [
            name.partition("=")[2] for name in self._wire.capabilities if name.startswith("MESSAGELIMIT=")
        ]
        step = min([_NUMBERED, *(number(limit.encode()) or _NUMBERED for limit in limits)])
        flags: dict[int, str] = {}
        for at in range(1, self._exists + 1, step):
            some = f"{at}:{min(at + step - 1, self._exists)}"
            for item in items(self._wire.ask("FETCH", some, "(UID FLAGS)")):
                if b"FLAGS" in item:
                    flags[number(item[b"UID"])] = _stamp(item)
            yield Still()
        return flags

    def _all(self) -> set[int]:
        for values in parsed(self._wire.ask("UID", "SEARCH", "RETURN (ALL) ALL").get("ESEARCH", [])):
            for word, value in pairwise(values):
                if word == b"ALL" and isinstance(value, bytes):
                    return numbers(value, self._exists + _NUMBERED)
        return set()

    # --- the mails themselves ------------------------------------------------------------------------

    def _mails(self, uids: list[int]) -> Iterator[Member]:
        for at in range(0, len(uids), _LOOKED_AT):
            some = uids[at : at + _LOOKED_AT]
            about = self._each(some, "(UID FLAGS INTERNALDATE RFC822.SIZE)", b"RFC822.SIZE")
            kept_back = [uid for uid in some if uid not in about]
            group: list[int] = []
            size = 0
            for uid in (uid for uid in some if uid in about):
                one = number(about[uid].get(b"RFC822.SIZE"))
                if one > _AT_ONCE:
                    yield from self._large(uid, about[uid], one, kept_back)
                    continue
                if size + one > _AT_ONCE:
                    yield from self._group(group, about, kept_back)
                    group, size = [], 0
                group.append(uid)
                size += one
            yield from self._group(group, about, kept_back)
            for uid in self._each(kept_back, "(UID FLAGS)", b"FLAGS"):  # others are gone meanwhile
                yield Member(name=self._name(uid), stamp="")

    def _each(self, uids: list[int], what: str, name: bytes) -> dict[int, dict[bytes, Value]]:
        """What is told of those mails of which ``name`` is told; where that is refused, of the halves.

        So one mail that the server cannot read costs no other. What it tells of other mails meanwhile (RFC
        3501, 7.4.2) is left out. Raises imaplib's error where nothing is handed out any more.
        """
        if not uids:
            return {}
        found: dict[int, dict[bytes, Value]] = {}
        try:
            for item in self._wire.fetched(sequence(uids), what):
                uid = number(item[b"UID"])
                found[uid] = found.get(uid, {}) | item
        except self._wire.abort:
            raise
        except self._wire.error:
            if len(uids) > 1:
                half = len(uids) // 2
                return self._each(uids[:half], what, name) | self._each(uids[half:], what, name)
            self._refused += 1
            if self._refused > _REFUSED:
                raise
            return {}
        self._refused = 0
        return {uid: found[uid] for uid in uids if any(key.startswith(name) for key in found.get(uid, ()))}

    def _group(
        self, uids: list[int], about: dict[int, dict[bytes, Value]], kept_back: list[int]
    ) -> Iterator[Member]:
        bodies = self._each(uids, f"(UID BODY.PEEK[]<0.{_MOST}>)", b"BODY[")
        for uid in uids:
            data = _body(bodies.get(uid, {}))
            if data is None:
                kept_back.append(uid)
            elif len(data) >= _MOST:
                yield from self._large(uid, about[uid], len(data), kept_back)
            else:
                yield self._member(uid, about[uid], data, len(data))

    def _large(
        self, uid: int, about: dict[bytes, Value], size: int, kept_back: list[int]
    ) -> Iterator[Member]:
        """In pieces; of what nobody could read only the headers."""
        if size > LARGEST:
            data = self._piece(uid, f"HEADER]<0.{_HEADERS}>")
            if data is None:
                kept_back.append(uid)
            else:
                yield self._member(uid, about, data, size)
            return
        at, last = 0, False
        while not last:
            data = self._piece(uid, f"]<{at}.{PIECE}>")
            if data is None:  # what came of it is no mail
                kept_back.append(uid)
                return
            at += len(data)
            last = len(data) < PIECE or at > LARGEST
            yield self._member(uid, about, data, size, last=last)

    def _piece(self, uid: int, part: str) -> bytes | None:
        return _body(self._each([uid], f"(UID BODY.PEEK[{part})", b"BODY[").get(uid, {}))

    def _member(
        self, uid: int, about: dict[bytes, Value], data: bytes, size: int, *, last: bool = True
    ) -> Member:
        arrived = about.get(b"INTERNALDATE")
        return Member(
            name=self._name(uid),
            stamp=_stamp(about),
            data=data,
            size=size,
            arrived=arrived.decode("ascii", "replace").strip() if isinstance(arrived, bytes) else "",
            last=last,
        )


def _stamp(item: dict[bytes, Value]) -> str:
    """The flags in the letters Maildir has for them."""
    flags = item.get(b"FLAGS") or []
    letters = {_FLAGS.get(flag.upper(), "") for flag in flags if isinstance(flag, bytes)}
    return "".join(sorted(letters)) or NO_FLAGS


def _body(item: dict[bytes, Value]) -> bytes | None:
    """None where none is told; one that is told as NIL is empty."""
    for name, value in item.items():
        if name.startswith(b"BODY["):
            return value if isinstance(value, bytes) else b""
    return None


# --- waiting -----------------------------------------------------------------------------------------


def _listen(wire: Wire, account: Account, states: dict[str, str], every: float) -> Iterator[Still | Stirred]:
    """The folder that is waited in is the chosen one, or the inbox; the others are looked at now and then."""
    told_of_all, opened = _notified(wire), ""
    while True:
        found = survey(wire, account)
        now = {one.key: one.state for one in found if one.state}
        yield Stirred() if now != states else Still()  # one that is no more counts, too
        states = now
        if not wire.has("IDLE"):
            yield from _pulses(every)
            continue
        inbox = next((one for one in found if one.key.upper() == "INBOX"), found[0] if found else None)
        if inbox is None:
            yield from _pulses(every)
            continue
        answers = wire.examine(inbox.key, "(CONDSTORE)" if wire.has("CONDSTORE") else "")
        told = [
            number((answers.get(name) or [b""])[-1])
            for name in ("UIDVALIDITY", "UIDNEXT", "EXISTS", "HIGHESTMODSEQ")
        ]
        before, opened = opened, " ".join(map(str, told))
        if opened in (inbox.state, before):  # else something came while it was opened
            for came in wire.idle(IDLE_S if told_of_all else min(every, IDLE_S), PULSE_S):
                if not came:
                    yield Still()


def _pulses(every: float) -> Iterator[Still]:
    until = time.monotonic() + every
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, PULSE_S))
        yield Still()


def _notified(wire: Wire) -> bool:
    """Whether the server tells of all folders while one is waited in (RFC 5465)."""
    if not wire.has("NOTIFY") or not wire.has("IDLE"):
        return False
    events = "MessageNew MessageExpunge"
    with contextlib.suppress(wire.error):
        wire.ask("NOTIFY", f"SET (SELECTED ({events} FlagChange)) (PERSONAL ({events}))")
        return True
    return False
