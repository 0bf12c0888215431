"""A mailbox elsewhere, read over IMAP and never changed: what is new, what is gone, and waiting for more.

RFC 3501, with what a server has of: special-use folders (RFC 6154), LIST-STATUS (RFC 5819), CONDSTORE
and QRESYNC (RFC 7162) to be told only what changed, IDLE (RFC 2177) and NOTIFY (RFC 5465) to be told at once.
Folders are opened by EXAMINE and mails fetched by BODY.PEEK, which leave no trace there.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from app.core.accounts import Account
from app.core.errors import HomebodyError
from app.courier.held import Held, numbered, sequence
from app.courier.imap_folders import survey
from app.courier.imap_mails import Line, Mails, stamp_of
from app.courier.imap_values import items, number, numbers, parsed, within
from app.courier.imap_wire import Wire, translated
from app.courier.remote import (
    NAMES,
    Brought,
    Collection,
    Level,
    Marked,
    Still,
    Stirred,
    packed,
)

PULSE_S = 20.0
IDLE_S = 25 * 60.0  # servers may end what is silent for 30 minutes (RFC 2177 says 29)
_FRESH_S = 60.0
_MOST = 5_000_000  # mails of one folder
_NUMBERED = 5_000  # mails of which only the flags are


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
        with self._line(account, secret) as line:
            return survey(line.wire, account)

    def sync(
        self, *, account: Account, secret: str, collection: Collection, state: str, held: Held
    ) -> Iterator[Brought | Marked | Still | Level]:
        with self._line(account, secret) as line:
            yield from _Sync(line, collection, state, held).steps()

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
    def _line(self, account: Account, secret: str) -> Iterator[Line]:
        """The connection of the last call to this account, or a new one; one that failed is closed."""
        line = Line(self._kept(account) or _connected(account, secret), lambda: _connected(account, secret))
        try:
            with translated(account):
                yield line
        except BaseException:
            line.wire.close_now()
            raise
        self._free[account.root] = line.wire, time.monotonic()

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

    def __init__(self, line: Line, collection: Collection, state: str, held: Held) -> None:
        self._line, self._collection = line, collection
        before = [number(word.encode()) for word in state.split()]
        self._was_validity, self._was_modseq = (before[0], before[3]) if len(before) == 4 else (0, 0)
        self._open()
        self._short = False
        stem = self._name("")
        self._held = dict(numbered(held, stem))
        others = {name: held.runs[name] for name in held.runs if name != stem}
        self._gone = Held(runs=others, rest=held.rest)  # of another validity: these numbers mean nothing

    @property
    def _wire(self) -> Wire:
        return self._line.wire

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
        if self._exists > _MOST:  # as many numbers are held in memory
            raise HomebodyError(
                "a folder of more mails than can be read",
                where=self._collection.title,
                remedy="read other folders of the account alone",
            )
        self._same = bool(self._was_modseq) and self._was_validity == self._validity
        self._resumed = bool(resumes) and self._same

    def steps(self) -> Iterator[Brought | Marked | Still | Level]:
        change = yield from self._change()
        again = {uid for uid, stamp in self._held.items() if not stamp} - change.gone
        marked = {
            self._name(uid): stamp
            for uid, stamp in change.flags.items()
            if self._held.get(uid) and self._held[uid] != stamp
        }
        changed = iter(marked.items())
        while some := dict(islice(changed, NAMES)):
            yield Marked(stamps=some)
        wanted = sorted(change.new, reverse=True)  # the newest first, and what failed before at the end
        wanted += sorted(again - change.new, reverse=True)
        yield from packed(self._mails(again).fetched(wanted), len(wanted))
        exists = "?" if self._short else self._exists
        gone = {self._name(""): {"": sequence(change.gone)}} if change.gone else {}
        yield Level(
            state=f"{self._validity} {self._next} {exists} {self._modseq}",
            gone=Held(runs=self._gone.runs | gone, rest=self._gone.rest),
            sent=self._line.sent,
            received=self._line.received,
        )

    def _mails(self, again: set[int]) -> Mails:
        return Mails(self._line, self._collection.key, self._validity, self._name, again)

    def _name(self, uid: int | str) -> str:
        return f"{self._collection.prefix}{self._validity}/;UID={uid}"

    def _change(self) -> Generator[Still, None, _Change]:
        """By the shortest way the server knows; where the numbers do not add up, by the long one."""
        held = self._held.keys()
        if not self._exists:
            return _Change(set(), set(held), {})
        if self._resumed:
            flags = {number(item[b"UID"]): stamp_of(item) for item in items(self._told) if b"FLAGS" in item}
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
            flags = {number(item[b"UID"]): stamp_of(item) for item in changed if b"FLAGS" in item}
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
                    flags[number(item[b"UID"])] = stamp_of(item)
            yield Still()
        return flags

    def _all(self) -> set[int]:
        for values in parsed(self._wire.ask("UID", "SEARCH", "RETURN (ALL) ALL").get("ESEARCH", [])):
            for word, value in pairwise(values):
                if word == b"ALL" and isinstance(value, bytes):
                    return numbers(value, self._exists + _NUMBERED)
        return set()


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
