"""Mails in Outlook's formats (.msg, winmail.dat) as the same content that any other mail has."""

from __future__ import annotations

from email.utils import format_datetime

from indexers import _headers, _mapi, _mime, _msg, _parts, _rtf, _tnef
from indexers._mapi import File, Message, Unreadable
from indexers._parts import Headers
from indexers._text import decode, tidy

_ROLES = {1: "to", 2: "cc", 3: "bcc"}
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")


def read(data: bytes) -> _mime.Content:
    """What a .msg or winmail.dat holds. Raises Unreadable where it is damaged or holds no mail."""
    try:
        parse = _tnef.parse if data.startswith(_tnef.SIGNATURE) else _msg.parse
        return content(parse(data))
    except Unreadable:
        raise
    except MemoryError:
        raise Unreadable("this Outlook mail needs more memory than it may take") from None
    except Exception as error:  # strangers' bytes, through several parsers
        raise Unreadable(f"a damaged Outlook mail: {type(error).__name__}") from error


def content(message: Message) -> _mime.Content:
    """The parts of ``message``; where it came by internet mail, the headers it came with."""
    headers = _own_headers(message)
    if came_with := message.text(_mapi.HEADERS):
        found = _mime.content(_only_headers(came_with), headers_only=True).headers
        headers |= {name: values for name, values in found.items() if any(map(str.strip, values))}
    made = _mime.Content(headers=headers)
    made.text = _words(message, made.links)
    made.attached = [each for file in message.files for each in attached(file)]
    return made


def _only_headers(text: str) -> bytes:
    """Exchange puts a line before them that is none."""
    lines = text.lstrip().replace("\r\n", "\n")
    if lines.startswith("Microsoft Mail Internet Headers"):
        lines = lines.partition("\n")[2]
    return lines.partition("\n\n")[0].encode("utf-8", "replace") + b"\n\n"


def _own_headers(message: Message) -> Headers:
    """What the properties tell, in the form that headers have."""
    sent = message.moment(_mapi.SUBMITTED, _mapi.DELIVERED)
    told = {
        "subject": message.text(_mapi.SUBJECT),
        "from": _sender(message),
        "date": format_datetime(sent) if sent else "",
        "message-id": message.text(_mapi.MESSAGE_ID),
        "in-reply-to": message.text(_mapi.IN_REPLY_TO),
        "references": message.text(_mapi.REFERENCES),
    }
    people: Headers = {}
    for who in message.recipients:
        role, name = who.get(_mapi.ROLE), _mapi.text(who, _mapi.NAME)
        address = _address(_mapi.text(who, _mapi.SMTP), _mapi.text(who, _mapi.ADDRESS), name)
        if name or address:
            people.setdefault(_ROLES.get(role if isinstance(role, int) else 1, "to"), []).append(
                _mailbox(name, address)
            )
    return {name: [value] for name, value in told.items() if value} | people


def _sender(message: Message) -> str:
    name = message.text(_mapi.SENT_FOR_NAME, _mapi.SENDER_NAME)
    addresses = (_mapi.SENT_FOR_SMTP, _mapi.SENDER_SMTP, _mapi.SENT_FOR_ADDRESS, _mapi.SENDER_ADDRESS)
    address = _address(*(message.text(id) for id in addresses), name)
    return _mailbox(name, address) if name or address else ""


def _mailbox(name: str, address: str) -> str:
    """As headers have it; the library's own way refuses what is no ASCII."""
    words = " ".join(name.replace("\\", " ").replace('"', " ").split())
    return f'"{words}" <{address}>' if words != address else address


def _address(*candidates: str) -> str:
    """The first that is an internet address: inside a company Outlook has paths instead."""
    return next((one for one in candidates if "@" in one and not one.startswith("/")), "")


def _words(message: Message, links: list[str]) -> str:
    """Plain text where it says anything, else the page, else the rich text."""
    plain = message.text(_mapi.BODY)
    if any(map(str.isalnum, plain)):
        return tidy(plain)
    page: object = message.properties.get(_mapi.HTML, "")
    if isinstance(page, bytes):
        page = decode(page, _mapi.charset(message.properties.get(_mapi.INTERNET_CODE_PAGE)))
    if isinstance(page, str) and page.strip():
        return tidy(_mime.words_of_page(page, links))
    rtf = message.rtf()
    return _rtf.text(rtf) if _rtf.is_rtf(rtf) else tidy(plain)


def attached(file: File) -> list[_mime.Attached]:
    """A file, or a mail followed by what is attached to it."""
    if file.message is not None:
        inner = content(file.message)
        part = _parts.Part({"content-type": ["message/rfc822"]}, b"")
        return [_mime.as_attached(part, inner.headers, inner.text, file.name), *inner.attached]
    name = _headers.text(file.name)
    kind = file.content_type.strip().lower() or _mime.type_of(name)
    return [_mime.file(name, kind, file.data)]


def unpack(found: _mime.Content) -> list[str]:
    """Put what lies in a winmail.dat or an attached .msg in its place; why one could not be read."""
    faults: list[str] = []
    kept: list[_mime.Attached] = []
    for one in found.attached:
        try:
            kept += _unpacked(one, found) if is_packed(one) else [one]
        except Unreadable as error:
            faults.append(f"attachment “{one.name or 'winmail.dat'}”: {error}")
    found.attached = kept
    return faults


def is_packed(one: _mime.Attached) -> bool:
    return one.content_type in _TNEF or one.name.lower().endswith(("winmail.dat", ".msg"))


def _unpacked(one: _mime.Attached, found: _mime.Content) -> list[_mime.Attached]:
    data = _mime.payload_of(one.part) if one.text is None else b""
    if data.startswith(_msg.SIGNATURE):
        inner = read(data)
        part = _parts.Part({"content-type": ["message/rfc822"]}, b"")
        return [_mime.as_attached(part, inner.headers, inner.text, one.name), *inner.attached]
    if not data.startswith(_tnef.SIGNATURE):
        return [one]
    inner = read(data)
    if not found.text:
        found.text, found.links = inner.text, found.links + inner.links
    return inner.attached
