"""Mail: mbox files, Maildir folders, .eml files and folders of raw messages become items."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from indexers import _documents, _files, _headers, _mbox, _mime
from indexers._mbox import Raw
from indexers._quotes import own_text
from indexers._text import one_line, seal, urls
from indexers.item import Item, Person, Skipped, Unit

_START = re.compile(rb"[\xef\xbb\xbf\r\n]*(?:>?From [^\r\n]*(?:\r\n?|\n|\Z))?")
_FIELD = re.compile(  # with the lines that continue it
    rb"([!-9;-~]{1,76})[ \t]*:[^\r\n]*+(?:(?:\r\n?|\n)(?:[ \t]|>From )[^\r\n]*+)*+(?:\r\n?|\n|\Z)"
)
_KNOWN = frozenset(
    b"from to cc subject date sender received return-path message-id mime-version content-type reply-to "
    b"delivered-to references in-reply-to x-mailer user-agent dkim-signature content-transfer-encoding "
    b"delivery-date envelope-to status organization newsgroups".split()
)
_REPLY = re.compile(r"\s*(?:re|aw|sv|vs|antw|rif|odp|res|ynt|回复|答复)(?:\[\d+\])?\s*[:：]", re.I)
_MAILDIR = ("cur", "new")
_SERVERS = ("dovecot", "maildirfolder", "courierimap", "subscriptions")  # what mail servers keep beside mails
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WHERE = frozenset(("offset", "size", "mailbox", "flags"))  # where a copy lies, not what it says


def likely(path: Path, head: bytes) -> int:
    """How much a file looks like mail: 0 not at all … 3 certainly."""
    if path.suffix.lower() in (".eml", ".mbox") or path.parent.name in _MAILDIR:
        return 3 if _looks_like_mail(head, 1) else 0
    return 2 if _looks_like_mail(head, 2) else 0


def scan(root: Path) -> Iterator[Unit | Skipped]:
    """Mailboxes and single mails under ``root``; every other visible file comes as Skipped.

    What lies in a Maildir is taken for mail unopened: reading it shows where it is none.
    """
    if not root.is_dir():
        for found in _files.walk(root):
            yield found if isinstance(found, Skipped) else _unit(found)
        return
    for listed in _files.folders(root, enter_hidden=True):
        if isinstance(listed, Skipped):
            yield listed
            continue
        folder, entries = listed
        maildir, place = folder.name in _MAILDIR, _files.absolute(folder).rstrip(os.sep) + os.sep
        if _passed_over(folder, root):
            continue
        for entry in entries:
            if entry.name.startswith(_SERVERS):
                continue
            if maildir:
                yield _files.entry_unit(entry, place)
            else:
                for found in _files.regular(Path(entry.path)):
                    yield found if isinstance(found, Skipped) else _unit(found)


def _unit(path: Path) -> Unit | Skipped:
    reason = _not_mail(path)
    return Skipped(uri=_files.uri(path), reason=reason) if reason else _files.unit(path)


def _passed_over(folder: Path, root: Path) -> bool:
    """What lies in a Maildir without being mail, and hidden folders that are no Maildir (.git)."""
    if folder.name == "tmp" and (folder.parent / "cur").is_dir():
        return True
    hidden = any(part.startswith(".") for part in folder.relative_to(root).parts)
    return hidden and folder.name not in _MAILDIR


def _not_mail(path: Path) -> str:
    """Why a file is no mail, or empty."""
    try:
        return _fault(path, _files.head(path))
    except OSError as error:
        return f"this file could not be read: {_files.why(error)}"


def _fault(path: Path, head: bytes) -> str:
    """Why a file that begins with ``head`` is no mail, or empty."""
    if _looks_like_mail(head, 2) or likely(path, head):
        return ""
    if head.startswith(_OLE):
        return "not a mail in a standard format: an Outlook or Office file (save it as .eml)"
    return "an empty file" if not head else "not a mail: it does not begin with mail headers"


def _looks_like_mail(head: bytes, needed: int) -> bool:
    """Whether ``head`` begins with header lines, ``needed`` of them with names known from mail."""
    at = start.end() if (start := _START.match(head)) else 0
    names: set[bytes] = set()
    while (field := _FIELD.match(head, at)) and len(names) < needed:
        names.add(field[1].lower())
        names &= _KNOWN
        at = field.end()
    return len(names) >= needed


def read(path: Path) -> Iterator[Item | Skipped]:
    """The mails of one file with their attachments."""
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - one call less
            head = file.read(_files.HEAD)
            if reason := _fault(path, head):
                yield Skipped(uri=_files.uri(path), reason=reason)
                return
            place = _Place(path, many=head.startswith(b"From "))
            for raw in _mbox.read(file, head):
                yield from _read_one(raw, place)
    except OSError as error:
        yield Skipped(uri=_files.uri(path), reason=f"this file could not be read: {_files.why(error)}")


class _Place:
    """Where mails come from: a file, which is looked at once however many mails it holds."""

    def __init__(self, path: Path, *, many: bool) -> None:
        self.path, self.many = _files.absolute(path), many
        folder, name = os.path.split(self.path)
        self.mailbox = _mailbox(folder, name)
        self.flags = name.rpartition(":2,")[2] if ":2," in name else ""

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
    mail = _mail(content, raw, place)
    yield mail
    if not raw.whole:
        size = raw.size // 1_000_000
        yield Skipped(uri=f"{mail.uri}#body", reason=f"a mail of {size} MB: only its headers were read")
    if content.fault:
        yield Skipped(uri=f"{mail.uri}#body", reason=content.fault)
    for number, attached in enumerate(content.attached, start=1):
        yield _attachment(attached, number, mail)


def _mail(content: _mime.Content, raw: Raw, place: _Place) -> Item:
    identifier = _headers.message_id(content.first("message-id"))
    uri = _headers.mid(identifier or f"sha256-{hashlib.sha256(raw.data).hexdigest()}")
    references = _headers.ids(content.headers.get("references", ()))
    parents = _headers.ids(content.headers.get("in-reply-to", ()))
    subject = _headers.text(content.first("subject"))
    text, quoted = content.text, False
    if references or parents or _REPLY.match(subject):
        text, quoted = own_text(text)
    earlier = [*references[:1], *parents[:1]]
    meta = _meta(content, raw, place, identifier, references, parents)
    if quoted:
        meta["quoted"] = "1"
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
            links=urls(text, [*(_headers.mid(parent) for parent in parents), *_web(content.links)]),
            thread=_headers.mid(earlier[0]) if earlier else uri,
            path=place.path,
            meta=meta,
        ),
        volatile=_WHERE,
    )


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
        "flags": place.flags,
        "offset": str(raw.offset),
        "size": str(raw.size),
    }
    return {key: value for key, value in told.items() if value}


def _addresses(content: _mime.Content, name: str) -> str:
    values = content.headers.get(name)
    return ", ".join(map(str, _headers.people(values, name, 20))) if values else ""


def _mailbox(folder: str, name: str) -> str:
    """The folder's name as a person knows it: Maildir and Maildir++ folders, mbox files, folders."""
    above, inside = os.path.split(folder)
    if inside in _MAILDIR:
        return os.path.split(above)[1].lstrip(".")
    file = Path(name)
    return file.stem if file.suffix.lower() in (".mbox", ".mbx", "") else inside


def _attachment(attached: _mime.Attached, number: int, mail: Item) -> Item | Skipped:
    uri = f"{mail.uri}#{number}"
    data = b"" if attached.text is not None else _mime.payload_of(attached.part)
    text = attached.text or ""
    if attached.text is None:
        charset = _mime.charset_of(attached.part)
        try:
            text = _documents.extract(data, attached.content_type, attached.name, charset=charset)
        except _documents.Unreadable as error:
            return Skipped(uri=uri, reason=f"attachment “{attached.name or number}”: {error}")
    meta = {"content-type": one_line(attached.content_type, 200), "size": str(len(data) or len(text))}
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
