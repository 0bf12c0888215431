"""What a source holds, as every indexer yields it: items, and the files it had to skip."""

from __future__ import annotations

import re
from datetime import datetime

import msgspec

BY_SUBJECT = "subject:"  # how the thread of a reply begins that names no mail before it
_REPLY = re.compile(r"\s*(?:re|aw|sv|vs|antw|rif|odp|res|ynt|回复|答复)(?:\[\d+\])?\s*[:：]", re.I)
_MARK = re.compile(r"\s*\[[^\[\]]{1,40}\]")  # of a list, before the subject or the sign of a reply


class Person(msgspec.Struct, frozen=True):
    """One correspondent, attendee or author; ``address`` is lower-case, empty when unknown."""

    name: str = ""
    address: str = ""
    role: str = ""  # from | to | cc | organizer | attendee | author | owner | contact | member | pictured

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name and self.address else self.name or self.address


class Item(msgspec.Struct, frozen=True, kw_only=True, tag_field="step", tag="item"):
    """One mail, note, event, photo or attachment.

    ``uri`` is stable and standard: mail ``mid:<message-id>`` (RFC 2392; ``mid:sha256-…`` where
    there is none), files ``file:///…``, events ``event:<UID>[/<RECURRENCE-ID>]``, contacts
    ``contact:<UID>``, attachments ``<parent uri>#<part>``. ``when`` and ``until`` carry a time
    zone, or are None. ``digest`` is the SHA-256 of everything that is indexed, so equal digests
    need no second look.
    """

    uri: str
    source: str  # the indexer's name: mail | notes | calendar | photos
    kind: str  # mail | note | event | photo | video | contact | attachment
    title: str
    text: str
    digest: str
    when: datetime | None = None
    until: datetime | None = None
    people: tuple[Person, ...] = ()
    place: str = ""
    links: tuple[str, ...] = ()  # uris or URLs this item names: in-reply-to, wikilinks, web links
    thread: str = ""  # the same string for all items of one conversation or event series
    path: str = ""  # the file that holds it, absolute
    edition: int = 0  # of the same uri told twice the higher is shown: an invite changed, or cancelled
    meta: dict[str, str] = {}  # source-specific fields: references, reply-to, camera, status, tags …


class Skipped(msgspec.Struct, frozen=True, kw_only=True, tag_field="step", tag="skipped"):
    """A file, or a part of one, that could not be read, with a reason a person understands."""

    uri: str
    reason: str


class Unit(msgspec.Struct, frozen=True, kw_only=True, tag_field="step", tag="unit"):
    """One file to read: it is read again only when ``stamp`` differs from the last time."""

    path: str
    stamp: str  # size and modification time (ns), or a digest where those mean nothing
    file: str = ""  # which file it is, whatever its name: device and inode; empty where that is not known


class Mark(msgspec.Struct, frozen=True, kw_only=True, tag_field="step", tag="mark"):
    """Between two parts of a file that is read in portions: all before ``cursor`` was given.

    It begins with how many bytes of the file those are. The first mark of a reading from the beginning is
    empty; one may come again as a sign of life. ``alone``: one piece follows before the next mark.
    """

    cursor: str
    alone: bool = False


def is_reply(subject: str) -> bool:
    """Whether a subject is marked as that of a reply, in one of the languages programs do so."""
    at = 0
    while mark := _MARK.match(subject, at):
        at = mark.end()
    return _REPLY.match(subject, at) is not None


def base_subject(subject: str) -> str:
    """What a conversation is about: the subject without marks of replies and lists, for comparing.

    After RFC 5256 §2.1, but a forwarded mail is another conversation.
    """
    at = 0
    while found := _REPLY.match(subject, at) or _MARK.match(subject, at):
        at = found.end()
    return " ".join(subject[at:].casefold().split())
