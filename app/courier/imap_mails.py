"""Mails of one folder, fetched many at once; one that the server cannot hand out costs no other.

Whatever the server refuses, or breaks the connection at, is narrowed down to the mail that is at fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.courier.held import sequence
from app.courier.imap_values import Value, number
from app.courier.imap_wire import Wire
from app.courier.remote import LARGEST, PIECE, Member

_LOOKED_AT = 500  # mails whose size and flags are asked for at once
_AT_ONCE = 1024 * 1024  # bytes of mails fetched by one command
_MOST = 3 * 1024 * 1024  # bytes of one of them, whatever size the server told of it
_REFUSED = 20  # mails in a row that a server does not hand out: then it is the server, not the mails
_BREAKS = 3  # that often the connection breaks at a mail, before it is passed over
_HEADERS = 256 * 1024  # bytes of headers, where a mail is too large
_FLAGS = {b"\\SEEN": "S", b"\\ANSWERED": "R", b"\\FLAGGED": "F", b"\\DELETED": "T", b"\\DRAFT": "D"}
NO_FLAGS = "-"


class Line:
    """The connection of one visit, or another in its place; what went over them is counted together."""

    def __init__(self, wire: Wire, connect: Callable[[], Wire]) -> None:
        wire.sent = wire.received = 0
        self.wire, self._connect = wire, connect
        self._sent = self._received = 0

    @property
    def sent(self) -> int:
        return self._sent + self.wire.sent

    @property
    def received(self) -> int:
        return self._received + self.wire.received

    def again(self) -> None:
        """Raises HomebodyError where no new one can be had."""
        self._sent, self._received = self.sent, self.received
        self.wire.close_now()
        self.wire.sent = self.wire.received = 0
        self.wire = self._connect()


class Mails:
    """Those of the folder ``key``; ``name`` says what one is called, ``again`` failed at another visit."""

    def __init__(
        self, line: Line, key: str, validity: int, name: Callable[[int], str], again: set[int]
    ) -> None:
        self._line, self._key, self._validity, self._name, self._again = line, key, validity, name, again
        self._refused = 0  # mails in a row that were not handed out
        self._breaks: dict[int, int] = {}  # how often the connection broke at a mail

    def fetched(self, uids: list[int]) -> Iterator[Member]:
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
                why = "the server breaks off at it" if self._breaks.get(uid, 0) > 1 else ""
                yield Member(name=self._name(uid), stamp="", why=why)

    def _each(self, uids: list[int], what: str, name: bytes) -> dict[int, dict[bytes, Value]]:
        """What is told of those mails of which ``name`` is told; those that are refused or break are not.

        So one mail that the server cannot read costs no other. What it tells of other mails meanwhile (RFC
        3501, 7.4.2) is left out. Raises imaplib's error where nothing is handed out any more.
        """
        found: dict[int, dict[bytes, Value]] = {}
        todo = [list(uids)]
        while todo:
            some = todo.pop()
            told: dict[int, dict[bytes, Value]] = {}
            rest: list[list[int]] = []
            try:
                if some:
                    self._ask(self._line.wire.fetched(sequence(some), what), told)
            except TimeoutError:
                raise
            except (self._line.wire.abort, OSError):
                self._ask(self._line.wire.rescued(), told)
                rest = self._broke([uid for uid in some if not _has(told.get(uid, {}), name)])
            except self._line.wire.error:
                if len(some) == 1:
                    self._lost(self._line.wire.error("nothing is handed out"))
                else:
                    rest = [some[len(some) // 2 :], some[: len(some) // 2]]
            got = {uid: told[uid] for uid in some if _has(told.get(uid, {}), name)}
            if got:
                self._refused = 0
                for uid in got if name == b"BODY[" else ():
                    self._breaks.pop(uid, None)
            found |= got
            todo += rest
        return {uid: found[uid] for uid in uids if uid in found}

    def _ask(self, items: Iterator[dict[bytes, Value]], told: dict[int, dict[bytes, Value]]) -> None:
        for item in items:
            uid = number(item[b"UID"])
            told[uid] = told.get(uid, {}) | item

    def _broke(self, left: list[int]) -> list[list[int]]:
        """The connection is opened anew; what to ask for then: the mail it broke at alone, at last no more.

        Mails come in the order of their numbers, so it is the first that did not come whole.
        """
        self._line.again()
        answers = self._line.wire.examine(self._key)
        if number((answers.get("UIDVALIDITY") or [b""])[-1]) != self._validity:
            raise self._line.wire.error("a folder that was made anew")
        if not left:
            return []
        first = min(left)
        self._breaks[first] = self._breaks.get(first, 0) + 1
        rest = [uid for uid in left if uid != first]
        if self._breaks[first] < (_BREAKS - 1 if first in self._again else _BREAKS):
            return [rest, [first]]
        self._lost(self._line.wire.abort("it breaks off at everything"))
        return [rest]

    def _lost(self, fault: Exception) -> None:
        """One more that is not handed out. After too many of them it is the server: raises ``fault``."""
        self._refused += 1
        if self._refused > _REFUSED:
            raise fault

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
            stamp=stamp_of(about),
            data=data,
            size=size,
            arrived=arrived.decode("ascii", "replace").strip() if isinstance(arrived, bytes) else "",
            last=last,
        )


def _has(item: dict[bytes, Value], name: bytes) -> bool:
    return any(key.startswith(name) for key in item)


def stamp_of(item: dict[bytes, Value]) -> str:
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
