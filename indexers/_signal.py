"""Signal's chats in JSON: the plain-text export of the apps (``main.jsonl``), and what exporters write.

The apps write one frame of their backup a line: recipients, chats and messages that refer to one another by
number. signal-export writes one message a line (``date``, ``sender``, ``body``); sigtop and others write the
messages as Signal Desktop keeps them (``sent_at``, ``type``, ``body``).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from indexers import _pulse
from indexers._chat import ME, Conversation, Message, Partly, local

Found = Iterator[tuple[Conversation, list[Message]]]
_APP = "Signal"
_OFTEN = 10_000  # messages between two signs of life


def conversations(data: bytes, name: str) -> Found:
    """Every conversation; ``name`` is that of the file, for one of a single chat. ValueError for others.

    Raises Partly where some of its lines are damaged, when all others were given.
    """
    faults: list[int] = []
    rows = list(_rows(data, faults))
    if any("chatItem" in row or "recipient" in row for row in rows[:2_000]):
        yield from _frames(rows)
    elif any(
        "body" in row and ("sent_at" in row or "conversationId" in row or "timestamp" in row) for row in rows
    ):
        yield from _desktop(rows, name)
    elif any("body" in row and "date" in row for row in rows):
        yield from _exported(rows, name)
    else:
        raise ValueError("no messages of Signal")
    if faults:
        raise Partly(f"{len(faults):,} of its lines are damaged, the first of them line {faults[0]:,}")


def _rows(data: bytes, faults: list[int]) -> Iterator[dict[str, Any]]:
    """The objects of a file: one a line, a list of them, or a list under a name."""
    for line in _lines(data, faults):
        if isinstance(line, dict):
            inside = line.get("messages", line.get("messsages"))
            names = {"_names": line.get("conversations")} if "conversations" in line else {}
            if isinstance(inside, list):
                yield from ({**names, **row} for row in inside if isinstance(row, dict))
            else:
                yield line
        elif isinstance(line, list):
            yield from (row for row in line if isinstance(row, dict))


def _lines(data: bytes, faults: list[int]) -> Iterator[Any]:
    """What each line holds, or the whole where a line alone is nothing; numbers of damaged lines."""
    decoder = msgspec.json.Decoder()
    try:
        decoder.decode(data.lstrip().partition(b"\n")[0])
    except msgspec.DecodeError:
        yield decoder.decode(data)
        return
    for number, line in enumerate(io.BytesIO(data), start=1):
        if number % _OFTEN == 0:
            _pulse.beat()
        if line.strip():
            try:
                found = decoder.decode(line)
            except (msgspec.DecodeError, RecursionError):
                faults.append(number)
            else:
                yield found


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _inner(row: object, *names: str) -> Any:
    """The value under ``names``, one inside the other, or None."""
    for name in names:
        row = row.get(name) if isinstance(row, dict) else None
    return row


def _moment(value: object) -> datetime | None:
    """Milliseconds, as a number or in digits."""
    text = _text(value)
    return local(int(text) / 1000) if text.isdecimal() and len(text) < 16 else None


# --- the apps' own export ------------------------------------------------------------------------


def _frames(rows: Iterable[dict[str, Any]]) -> Found:
    people: dict[str, str] = {}
    chats: dict[str, str] = {}
    said: dict[str, list[Message]] = {}
    for number, row in enumerate(rows):
        if number % _OFTEN == 0:
            _pulse.beat()
        if isinstance(recipient := row.get("recipient"), dict):
            people[_text(recipient.get("id"))] = _recipient(recipient)
        elif isinstance(chat := row.get("chat"), dict):
            chats[_text(chat.get("id"))] = _text(chat.get("recipientId"))
        elif isinstance(item := row.get("chatItem"), dict):
            message = _frame(item, people)
            if message is not None:
                said.setdefault(_text(item.get("chatId")), []).append(message)
    for chat_id, messages in said.items():
        name = people.get(chats.get(chat_id, ""), "") or _APP
        yield Conversation(chat_id, "Note to self" if name == ME else name, _APP), messages


def _recipient(recipient: dict[str, Any]) -> str:
    if "self" in recipient:
        return ME
    if title := _inner(recipient, "group", "snapshot", "title", "title"):
        return _text(title)
    contact = recipient.get("contact")
    if not isinstance(contact, dict):
        return ""
    for kind in ("nickname", "system", "profile"):
        holder = contact.get("nickname") if kind == "nickname" else contact
        first = _text(_inner(holder, "given" if kind == "nickname" else f"{kind}GivenName"))
        last = _text(_inner(holder, "family" if kind == "nickname" else f"{kind}FamilyName"))
        if name := f"{first} {last}".strip():
            return name
    number = _text(contact.get("e164"))
    return _text(contact.get("username")) or (f"+{number.lstrip('+')}" if number else "")


def _frame(item: dict[str, Any], people: dict[str, str]) -> Message | None:
    when = _moment(item.get("dateSent"))
    if when is None:
        return None
    who = ME if "outgoing" in item else people.get(_text(item.get("authorId")), "") or "Unknown"
    standard = item.get("standardMessage")
    parts = [_text(_inner(standard, "text", "body"))]
    for attached in _list(_inner(standard, "attachments")):
        parts.append(f"(file {_text(_inner(attached, 'pointer', 'fileName')) or 'attached'})")
    if emoji := _inner(item, "stickerMessage", "sticker", "emoji"):
        parts.append(f"(sticker {_text(emoji)})")
    if question := _inner(item, "poll", "question"):
        parts.append(f"(poll: {_text(question)})")
    words = " ".join(part for part in parts if part)
    return Message(when, who, words) if words else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


# --- what exporters write ------------------------------------------------------------------------


def _exported(rows: Iterable[dict[str, Any]], name: str) -> Found:
    messages = []
    for row in rows:
        try:
            when = datetime.fromisoformat(_text(row.get("date"))).astimezone()
        except (ValueError, OverflowError, OSError):
            continue
        files = [f"(file {_text(_inner(one, 'name'))})" for one in _list(row.get("attachments"))]
        words = " ".join(part for part in (_text(row.get("body")).strip(), *files) if part)
        if words:
            messages.append(Message(when, _text(row.get("sender")) or "Unknown", words))
    yield Conversation("", name, _APP), messages


def _desktop(rows: Iterable[dict[str, Any]], name: str) -> Found:
    said: dict[str, list[Message]] = {}
    names: dict[str, str] = {}
    for row in rows:
        for known in _list(row.get("_names")):
            names[_text(_inner(known, "id"))] = _text(_inner(known, "name") or _inner(known, "profileName"))
        when = _moment(row.get("sent_at") or row.get("timestamp"))
        files = [
            f"(file {_text(_inner(one, 'fileName')) or 'attached'})" for one in _list(row.get("attachments"))
        ]
        words = " ".join(part for part in (_text(row.get("body")).strip(), *files) if part)
        if when is None or not words:
            continue
        key = _text(row.get("conversationId"))
        names.setdefault(key, _text(row.get("conversationName")))
        number = _text(row.get("source"))
        who = (
            ME
            if row.get("type") == "outgoing"
            else _text(row.get("sourceName")) or number or names[key] or name
        )
        said.setdefault(key, []).append(Message(when, who, words, number if number.startswith("+") else ""))
    for key, messages in said.items():
        yield Conversation(key, names.get(key) or name, _APP), messages
