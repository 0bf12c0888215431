"""Telegram Desktop's export in JSON (``result.json``): one chat, or all of an account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from indexers import _pulse
from indexers._chat import Conversation, Message, local

_OFTEN = 10_000  # messages between two signs of life
_KINDS = {"saved_messages": "Saved messages"}


class _Message(msgspec.Struct):
    type: str = ""
    date: str = ""
    date_unixtime: str = ""
    who: str | None = msgspec.field(name="from", default=None)
    text: Any = ""
    file: str | None = None
    file_name: str | None = None
    photo: str | None = None
    media_type: str | None = None
    sticker_emoji: str | None = None
    forwarded_from: str | None = None
    action: str | None = None
    actor: str | None = None
    title: str | None = None
    poll: Any = None
    location_information: Any = None


class _Chat(msgspec.Struct):
    name: str | None = None
    type: str = ""
    id: int | str = ""
    messages: list[_Message] = []


class _Chats(msgspec.Struct):
    all: list[_Chat] = msgspec.field(name="list", default=[])


class _Export(msgspec.Struct):
    name: str | None = None
    type: str = ""
    id: int | str = ""
    messages: list[_Message] = []
    chats: _Chats | None = None
    left_chats: _Chats | None = None


def conversations(data: bytes) -> Iterator[tuple[Conversation, list[Message]]]:
    """Every chat with its messages. Raises msgspec.MsgspecError, or RecursionError, for anything else."""
    export = msgspec.json.decode(data, type=_Export)
    chats = [_Chat(name=export.name, type=export.type, id=export.id, messages=export.messages)]
    for more in (export.chats, export.left_chats):
        chats += more.all if more else []
    for chat in chats:
        name = chat.name or _KINDS.get(chat.type, "Telegram")
        found: list[Message] = []
        for number, message in enumerate(chat.messages):
            if number % _OFTEN == 0:
                _pulse.beat()
            if said := _said(message):
                found.append(said)
        if found:
            yield Conversation(str(chat.id), name, "Telegram"), found


def _said(message: _Message) -> Message | None:
    when = _when(message)
    if when is None:
        return None
    if message.type == "service":
        about = f": {message.title}" if message.title else ""
        words = f"{message.actor or ''} {(message.action or '').replace('_', ' ')}{about}".strip()
        return Message(when, "", words) if words else None
    parts = [f"(forwarded from {message.forwarded_from})"] if message.forwarded_from else []
    if media := _media(message):
        parts.append(f"({media})")
    if text := _text(message.text).strip():
        parts.append(text)
    return Message(when, message.who or "Deleted account", " ".join(parts)) if parts else None


def _media(message: _Message) -> str:
    if message.sticker_emoji:
        return f"sticker {message.sticker_emoji}"
    if isinstance(message.poll, dict):
        return f"poll: {message.poll.get('question', '')}"
    if isinstance(message.location_information, dict):
        where = message.location_information
        return f"location {where.get('latitude', '')}, {where.get('longitude', '')}"
    if message.photo:
        return "photo"
    name = message.file_name or (message.file or "").rpartition("/")[2]
    known = (message.media_type or "").replace("_", " ")
    return " ".join(part for part in (known or ("file" if message.file else ""), name) if part)


def _text(text: object) -> str:
    """Plain text, or pieces of which some are links, mentions and the like."""
    if isinstance(text, str):
        return text
    pieces = text if isinstance(text, list) else []
    return "".join(piece if isinstance(piece, str) else _piece(piece) for piece in pieces)


def _piece(piece: object) -> str:
    if not isinstance(piece, dict):
        return ""
    said, href = str(piece.get("text", "")), str(piece.get("href", ""))
    return f"{said} ({href})" if href and href != said else said


def _when(message: _Message) -> datetime | None:
    if message.date_unixtime.isdecimal() and len(message.date_unixtime) < 13:
        return local(int(message.date_unixtime))
    try:
        return datetime.fromisoformat(message.date).astimezone()
    except (ValueError, OverflowError, OSError):
        return None
