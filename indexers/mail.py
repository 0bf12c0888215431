"""Mail: mbox files, Maildir, MH, Apple Mail and Thunderbird folders, .eml and Outlook files become items."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from indexers import (
    _attached,
    _documents,
    _emlx,
    _files,
    _headers,
    _invites,
    _mailboxes,
    _mapi,
    _mbox,
    _mime,
    _msg,
    _outlook,
    _parts,
    _portions,
    _states,
    _tnef,
)
from indexers._mbox import Raw
from indexers._quotes import own_text, without_signature
from indexers._text import one_line, seal, urls
from indexers.item import BY_SUBJECT, Item, Mark, Person, Skipped, base_subject, is_reply

SHORTEST = 4  # letters of a subject that tells a conversation
_WHERE = frozenset(("offset", "size", "mailbox", "flags"))  # where a copy lies, not what it says


scan, likely, large = _mailboxes.scan, _mailboxes.likely, _portions.large
concerned = _mailboxes.concerned


def read(path: Path) -> Iterator[Item | Skipped]:
    """The mails of one file with their attachments."""
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - one call less
            head = file.read(_files.HEAD)
            if reason := _mailboxes.fault(path, head):
                yield Skipped(uri=_files.uri(path), reason=reason)
                return
            place = _Place(path, many=head.startswith(b"From "))
            other = _form(path, head)
            read_one = other or (_one_of_many if place.many else _read_one)
            for raw in _mbox.read(file, head):
                yield from read_one(raw, place)
    except OSError as error:
        yield Skipped(uri=_files.uri(path), reason=f"this file could not be read: {_files.why(error)}")


def portions(path: Path, after: str, *, grown: bool) -> Iterator[Item | Skipped | Mark]:
    """The mails of a large mailbox after a mark, with marks between the portions."""
    place = _Place(path, many=True)
    mails = _portions.Mails(lambda raw: _one_of_many(raw, place))
    return _portions.portions(path, after, grown=grown, mails=mails)


def warily(path: Path, after: str, *, grown: bool, why: str, over: bool) -> Iterator[Item | Skipped | Mark]:
    """As :func:`portions` of a mailbox of any size in which a mail ended its reader, for which ``why`` tells.

    There is a mark before each mail; ``over``: the first is the one, and is passed over.
    """
    place = _Place(path, many=True)
    try:
        many = _portions.is_mbox(path)
    except OSError:
        many = False
    if not many:
        yield Mark(cursor="")
        yield Skipped(uri=_files.uri(path), reason=why)
        return
    mails = _portions.Mails(
        lambda raw: _one_of_many(raw, place),
        lambda raw: Skipped(uri=place.uri(raw.offset), reason=why),
        over=over,
    )
    yield from _portions.portions(path, after, grown=grown, mails=mails)


def _form(path: Path, head: bytes) -> Callable[[Raw, _Place], Iterator[Item | Skipped]] | None:
    """How a file is read that is no mail as it travels."""
    if head.startswith((_msg.SIGNATURE, _tnef.SIGNATURE)):
        return _of_outlook
    return _of_apple_mail if head[:1].isdigit() and path.name.lower().endswith(".emlx") else None


class _Place:
    """Where mails come from: a file, which is looked at once however many mails it holds."""

    def __init__(self, path: Path, *, many: bool) -> None:
        self.path, self.many = _files.absolute(path), many
        folder, name = os.path.split(self.path)
        self.mailbox = _mailboxes.mailbox(folder, name, many=many)
        self.flags = _mailboxes.flags(name)

    def uri(self, offset: int) -> str:
        uri = _files.uri(Path(self.path))
        return f"{uri}#byte={offset}" if self.many else uri


def _read_one(raw: Raw, place: _Place) -> Iterator[Item | Skipped]:
    if not raw.data or raw.data.isspace():
        yield Skipped(uri=place.uri(raw.offset), reason="an empty message")
        return
    content = _mime.content(raw.data, headers_only=not raw.whole)
    if not content.headers:
        yield Skipped(uri=place.uri(raw.offset), reason="a message without any headers")
        return
    if not (place.many and _states.deleted(content)):
        yield from _items(content, raw, place)


def _one_of_many(raw: Raw, place: _Place) -> Iterator[Item | Skipped]:
    """A fault of the parser is this mail's, and costs no other."""
    try:
        yield from _read_one(raw, place)
    except MemoryError:
        yield Skipped(uri=place.uri(raw.offset), reason="needs more memory than a reader may use")
    except Exception as error:
        reason = f"damaged, or made in a way that is not known here ({type(error).__name__})"
        yield Skipped(uri=place.uri(raw.offset), reason=reason)


def _of_apple_mail(raw: Raw, place: _Place) -> Iterator[Item | Skipped]:
    """A mail of Apple Mail, with the files that were taken out of it."""
    told = _emlx.split(raw.data)
    if told.deleted:
        return
    place.flags = told.flags
    raw = replace(raw, data=told.data, envelope=told.envelope)
    content = _mime.content(raw.data, headers_only=not raw.whole)
    if content.headers:
        content.attached = _emlx.completed(content.attached, Path(place.path))
        yield from _items(content, raw, place)
    else:
        yield Skipped(uri=place.uri(raw.offset), reason="a message without any headers")


def _of_outlook(raw: Raw, place: _Place) -> Iterator[Item | Skipped]:
    """A mail that Outlook wrote, as a .msg file or as it travels between its own kind."""
    if not raw.whole:
        reason = f"an Outlook mail of {raw.size // 1_000_000} MB, too large to be read"
        yield Skipped(uri=place.uri(raw.offset), reason=reason)
        return
    try:
        content = _outlook.read(raw.data)
    except _mapi.Unreadable as error:
        yield Skipped(uri=place.uri(raw.offset), reason=str(error))
        return
    yield from _items(content, raw, place)


def _items(content: _mime.Content, raw: Raw, place: _Place) -> Iterator[Item | Skipped]:
    """A mail, what is attached to it, and what of it could not be read."""
    faults = _outlook.unpack(content) if any(map(_outlook.is_packed, content.attached)) else []
    invites = _invites.Invites(content)
    mail = _mail(content, raw, place, invites.uris)
    yield mail
    if not raw.whole:
        size = raw.size // 1_000_000
        yield Skipped(uri=f"{mail.uri}#body", reason=f"a mail of {size} MB: only its headers were read")
    if content.fault:
        yield Skipped(uri=f"{mail.uri}#body", reason=content.fault)
    for number, attached in enumerate(content.attached, start=1):
        if number not in invites.numbers:
            yield _attachment(attached, number, mail)
    yield from invites.items(mail)
    for number, reason in enumerate(faults, start=len(content.attached) + 1):
        yield Skipped(uri=f"{mail.uri}#{number}", reason=reason)


def _mail(content: _mime.Content, raw: Raw, place: _Place, events: tuple[str, ...] = ()) -> Item:
    identifier = _headers.message_id(content.first("message-id"))
    uri = _headers.mid(identifier or f"sha256-{hashlib.sha256(raw.data).hexdigest()}")
    references = _headers.ids(content.headers.get("references", ()))
    parents = _headers.ids(content.headers.get("in-reply-to", ()))
    subject = _subject(content)
    text, quoted, signature = content.text, False, ""
    reply = bool(references or parents) or is_reply(subject)
    if reply:
        text, quoted = own_text(text)
        text, signature = without_signature(text)
    earlier = [*references[:1], *parents[:1]]
    meta = _meta(content, raw, place, identifier, references, parents)
    if quoted:
        meta["quoted"] = "1"
    if signature:
        meta["signature"] = signature[:500]
    return seal(
        Item(
            uri=uri,
            source="mail",
            kind="mail",
            title=subject or "(no subject)",
            text=text,
            digest="",
            when=_when(content, raw),
            people=_people(content),
            links=urls(text, [*(_headers.mid(parent) for parent in parents), *events, *_web(content.links)]),
            thread=_headers.mid(earlier[0]) if earlier else (reply and _by_subject(subject)) or uri,
            path=place.path,
            meta=meta,
        ),
        volatile=_WHERE,
    )


def _subject(content: _mime.Content) -> str:
    """The subject; where it came unencoded, in the charset of the words below it."""
    raw = content.first("subject")
    if raw.isascii():
        return _headers.text(raw)
    return _headers.text(raw, _parts.charset(content.first("content-type")))


def _by_subject(subject: str) -> str:
    """The thread of a reply that does not name the mail it answers; a short subject tells too little."""
    base = base_subject(subject)
    return BY_SUBJECT + base if len(base) >= SHORTEST else ""


def _web(links: list[str]) -> list[str]:
    return [one_line(link, 2000) for link in links[:200]]


def _people(content: _mime.Content) -> tuple[Person, ...]:
    found: list[Person] = []
    for role in ("from", "to", "cc"):
        room = _headers.MAX_ADDRESSES - len(found)
        if room > 0 and (values := content.headers.get(role)):
            found += _headers.people(values, role, room)
    return tuple(found)


def _when(content: _mime.Content, raw: Raw) -> datetime | None:
    """The Date header, else the newest Received, else the mbox envelope."""
    for value in content.headers.get("date", ()):
        if moment := _headers.date(value):
            return moment
    for value in content.headers.get("received", ()):
        if moment := _headers.date(value.rpartition(";")[2].strip()):
            return moment
    _, _, stamp = raw.envelope.partition(" ")
    return _headers.date(stamp.strip()) if stamp else None


def _meta(
    content: _mime.Content,
    raw: Raw,
    place: _Place,
    identifier: str,
    references: list[str],
    parents: list[str],
) -> dict[str, str]:
    told = {
        "message-id": identifier,
        "in-reply-to": " ".join(parents[:5]),
        "references": " ".join(references[-50:]),
        "reply-to": _addresses(content, "reply-to"),
        "bcc": _addresses(content, "bcc"),
        "list-id": _headers.text(content.first("list-id"))[:300],
        "mailbox": place.mailbox,
        "flags": place.flags or _states.flags(content),
        "bulk": _states.bulk(content),
        "offset": str(raw.offset),
        "size": str(raw.size),
    }
    return {key: value for key, value in told.items() if value}


def _addresses(content: _mime.Content, name: str) -> str:
    values = content.headers.get(name)
    return ", ".join(map(str, _headers.people(values, name, 20))) if values else ""


def _attachment(attached: _mime.Attached, number: int, mail: Item) -> Item | Skipped:
    uri = f"{mail.uri}#{number}"
    data = b"" if attached.text is not None else _mime.payload_of(attached.part)
    text, scanned = attached.text or "", list[int]()
    if attached.text is None:
        charset = _mime.charset_of(attached.part)
        try:
            text, scanned = _documents.words(data, attached.content_type, attached.name, charset=charset)
        except _documents.Unreadable as error:
            return Skipped(uri=uri, reason=f"attachment “{attached.name or number}”: {error}")
    meta = {"content-type": one_line(attached.content_type, 200), "size": str(len(data) or len(text))}
    meta |= _attached.looked_at(mail, number, attached.name, attached.content_type, data, scanned)
    if attached.part.get_content_disposition() == "inline":
        meta["inline"] = "1"
    return seal(
        Item(
            uri=uri,
            source="mail",
            kind="attachment",
            title=attached.name or f"attachment {number}",
            text=text,
            digest="",
            when=mail.when,
            people=mail.people,
            links=(mail.uri,),
            thread=mail.thread,
            path=mail.path,
            meta=meta,
        )
    )
