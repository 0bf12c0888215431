"""Drafts, flags and moves in a mailbox: the only commands that change anything there.

APPEND with APPENDUID, and UID EXPUNGE of the one draft that is ours (UIDPLUS, RFC 4315); UID STORE; UID MOVE
with COPYUID (RFC 6851). A server without them is told so rather than changed by half: a plain EXPUNGE would
also remove what other programs have marked.
"""

from __future__ import annotations

import contextlib
import email.parser
import email.policy
import hashlib
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeVar

from app.core.accounts import Account
from app.core.errors import HomebodyError, NotFound, Refused, UsageFault
from app.courier.held import spans
from app.courier.imap_folders import Folder, folders
from app.courier.imap_values import Value, number
from app.courier.imap_wire import Wire, quoted, translated
from app.courier.own_mail import ARCHIVE, Draft, Marking, Move

_NAME = re.compile(r"(?P<prefix>/.*;UIDVALIDITY=)(?P<validity>[1-9][0-9]{0,9})/;UID=(?P<uid>[1-9][0-9]{0,9})")
_KEYWORD = re.compile(r"\\(?:Seen|Flagged|Answered)|[A-Za-z$][A-Za-z0-9$_.-]{0,59}")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$&'*+/=?^_`{|}~.@\[\]-]{3,250}>")
_LARGEST = 25_000_000
Wanted = TypeVar("Wanted", Marking, Move)
_USES = {b"\\DRAFTS": "Drafts", b"\\ARCHIVE": "Archive"}


class OwnMailbox:
    """Implements :class:`app.courier.own_mail.OwnMail`; each call has a connection of its own."""

    def keep_draft(self, *, account: Account, secret: str, data: bytes) -> Draft:
        whole = re.sub(rb"\r?\n", b"\r\n", data)
        id = _message_id(whole)
        if len(whole) > _LARGEST:
            raise Refused("this draft is too large to be kept there", where=str(account))
        try:
            with _wire(account, secret) as wire:
                place = _for_use(wire, b"\\DRAFTS", account)
                found = _appended(wire, place, whole) or _found(wire, place, id)
        except (Refused, NotFound):
            raise
        except HomebodyError:  # the answer was lost; what was asked may have been done
            with _wire(account, secret) as wire:
                place = _for_use(wire, b"\\DRAFTS", account)
                found = _found(wire, place, id)
        if found is None:
            raise HomebodyError("the draft was not kept", where=str(account), remedy="try again later")
        return Draft(name=place.name(*found), sha256=hashlib.sha256(whole).hexdigest())

    def drop_draft(self, *, account: Account, secret: str, draft: Draft) -> None:
        with _wire(account, secret) as wire:
            if not wire.has("UIDPLUS"):
                raise Refused(
                    "the server cannot remove one mail alone", where=account.host, remedy="remove it there"
                )
            _, [uid] = _opened(wire, [draft.name])
            about = next(wire.fetched(str(uid), "(UID FLAGS BODY.PEEK[])"), {})
            data = next((value for key, value in about.items() if key.startswith(b"BODY[")), None)
            if not isinstance(data, bytes):
                raise NotFound("the draft is not there any more", where=account.host)
            changed = hashlib.sha256(data).hexdigest() != draft.sha256
            if changed or b"\\DRAFT" not in _flags(about):
                raise Refused(
                    "the draft was changed or sent meanwhile: it is left alone",
                    where=account.host,
                    remedy="remove it in your mail program",
                )
            wire.ask("UID", "STORE", str(uid), "+FLAGS.SILENT", "(\\Deleted)")
            wire.ask("UID", "EXPUNGE", str(uid))

    def mark(self, *, account: Account, secret: str, marks: tuple[Marking, ...]) -> tuple[Marking, ...]:
        if wrong := [flag for one in marks for flag in (*one.add, *one.remove) if not _is_flag(flag)]:
            raise UsageFault("that is no flag a mail may get", where=wrong[0][:60])
        with _wire(account, secret) as wire:
            return tuple(_in_folders(wire, marks, _marked))

    def move(self, *, account: Account, secret: str, moves: tuple[Move, ...]) -> tuple[Move, ...]:
        with _wire(account, secret) as wire:
            if not wire.has("MOVE"):
                raise Refused(
                    "the server cannot move mails",
                    where=account.host,
                    remedy="move them in your mail program",
                )
            goals = {one.to: _goal(wire, one.to, account) for one in moves}

            def moved(wire: Wire, place: Folder, some: list[tuple[Move, int]]) -> Iterator[Move]:
                for to, goal in goals.items():
                    if goal.raw != place.raw:
                        uids = [uid for one, uid in some if one.to == to]
                        yield from _moved(wire, place, goal, uids)

            return tuple(_in_folders(wire, moves, moved))


@contextlib.contextmanager
def _wire(account: Account, secret: str) -> Iterator[Wire]:
    with translated(account):
        wire = Wire(account, secret)
        try:
            yield wire
        finally:
            wire.close_now()


# --- folders -------------------------------------------------------------------------------------


def _for_use(wire: Wire, use: bytes, account: Account) -> Folder:
    """The folder that is for something (RFC 6154). Raises NotFound where there is none."""
    found = next((one for one in folders(wire) if use in one.uses), None)
    if found is None:
        raise NotFound(
            f"the account has no folder for {_USES[use].lower()}",
            where=str(account),
            remedy=f"make one there, called {_USES[use]}",
        )
    return found


def _goal(wire: Wire, to: str, account: Account) -> Folder:
    if to == ARCHIVE:
        return _for_use(wire, b"\\ARCHIVE", account)
    found = next((one for one in folders(wire) if one.title == to), None)
    if found is None:
        raise NotFound("there is no such folder at the account", where=to[:200])
    return found


def _opened(wire: Wire, names: list[str]) -> tuple[Folder, list[int]]:
    """Their one folder, open to be changed, and their numbers in it. Raises NotFound where they are gone."""
    matches = [_NAME.fullmatch(name) for name in names]
    first = matches[0]
    place = next((one for one in folders(wire) if first and one.prefix == first["prefix"]), None)
    if place is None or first is None:
        raise NotFound("that folder is not there any more", where=names[0][:200])
    answers = wire.ask("SELECT", quoted(place.key))
    validity = number((answers.get("UIDVALIDITY") or [b""])[-1])
    if any(one is None or int(one["validity"]) != validity for one in matches):
        raise NotFound("the folder was made anew meanwhile", where=place.title)
    if "READ-ONLY" in answers:
        raise Refused("that folder may not be changed", where=place.title)
    return place, [int(one["uid"]) for one in matches if one]


def _in_folders(
    wire: Wire,
    wanted: tuple[Wanted, ...],
    work: Callable[[Wire, Folder, list[tuple[Wanted, int]]], Iterator[Wanted]],
) -> Iterator[Wanted]:
    """Folder by folder, with the numbers of the mails that are wanted there."""
    names: dict[str, list[Wanted]] = {}
    for one in wanted:
        match = _NAME.fullmatch(one.name)
        names.setdefault(match["prefix"] if match else one.name, []).append(one)
    for some in names.values():
        place, uids = _opened(wire, [one.name for one in some])
        yield from work(wire, place, list(zip(some, uids, strict=True)))


# --- drafts --------------------------------------------------------------------------------------


def _message_id(data: bytes) -> str:
    parsed = email.parser.BytesHeaderParser(policy=email.policy.compat32).parsebytes(data[:262_144])
    id = str(parsed.get("Message-ID", "")).strip()
    if not _MESSAGE_ID.fullmatch(id):
        raise UsageFault("a draft needs a Message-ID to be known by", where=id[:80])
    return id


def _appended(wire: Wire, place: Folder, data: bytes) -> tuple[int, int] | None:
    """(UIDVALIDITY, UID) where the server tells them."""
    answers = wire.ask("APPEND", quoted(place.key), "(\\Draft \\Seen)", literal=data)
    told = [number(word) for word in (answers.get("APPENDUID") or [b""])[-1].split()]
    return (told[0], told[1]) if len(told) == 2 and all(told) else None


def _found(wire: Wire, place: Folder, id: str) -> tuple[int, int] | None:
    """The newest draft with this Message-ID."""
    answers = wire.examine(place.key)
    validity = number((answers.get("UIDVALIDITY") or [b""])[-1])
    listed = wire.ask("UID", "SEARCH", "DRAFT", "HEADER", "Message-ID", f'"{id}"').get("SEARCH", [])
    uids = [number(word) for words in listed if words for word in words.split()]
    return (validity, max(uids)) if validity and uids and max(uids) else None


# --- flags and moves -----------------------------------------------------------------------------


def _is_flag(flag: str) -> bool:
    return bool(_KEYWORD.fullmatch(flag))


def _flags(about: dict[bytes, Value]) -> set[bytes]:
    return {flag.upper() for flag in about.get(b"FLAGS") or [] if isinstance(flag, bytes)}


def _marked(wire: Wire, place: Folder, some: list[tuple[Marking, int]]) -> Iterator[Marking]:
    for one, uid in some:
        about = next(wire.fetched(str(uid), "(UID FLAGS)"), None)
        if about is None:
            continue
        there = _flags(about)
        add = tuple(flag for flag in one.add if flag.upper().encode() not in there)
        remove = tuple(flag for flag in one.remove if flag.upper().encode() in there)
        for sign, flags in (("+", add), ("-", remove)):
            if flags:
                wire.ask("UID", "STORE", str(uid), f"{sign}FLAGS.SILENT", f"({' '.join(flags)})")
        if add or remove:
            yield Marking(name=one.name, add=remove, remove=add)


def _moved(wire: Wire, place: Folder, goal: Folder, uids: list[int]) -> Iterator[Move]:
    """What brings them back, by the numbers that the server tells they have now."""
    if not uids:
        return
    told = wire.ask("UID", "MOVE", ",".join(map(str, uids)), quoted(goal.key)).get("COPYUID", [])
    words = told[-1].decode("latin-1").split() if told else []
    if len(words) != 3:
        return  # they are moved, and it is not told where to
    for _, now in islice(zip(_each(words[1]), _each(words[2]), strict=False), len(uids)):
        yield Move(name=goal.name(number(words[0].encode()), now), to=place.title)


def _each(written: str) -> Iterator[int]:
    for first, last in spans(written):
        yield from range(first, last + 1)
