"""Conversations as items: one for each day, a line for each message with its time and writer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from indexers import _files, _pulse
from indexers._content import Unreadable
from indexers._text import clean, one_line, seal, urls
from indexers.item import Item, Person

ME = "Me"  # who writes from the phone that was exported, where the export gives no name
MAX_DAY = 400_000  # characters of one item; a longer day is several
MAX_MESSAGE = 20_000  # characters
_MOST_PEOPLE = 200


class Partly(Unreadable):
    """Some of an export is damaged; all else was given before this was raised."""


class Message(NamedTuple):
    """``who`` is empty for what the program itself says; ``address`` is a number or the like."""

    when: datetime
    who: str
    text: str
    address: str = ""
    indent: bool = False  # an answer in a thread, under what it answers


class Conversation(NamedTuple):
    """``key`` tells it from others of the same file; ``app`` is the messenger's name."""

    key: str
    name: str
    app: str


def local(seconds: float) -> datetime | None:
    """A moment by the clock of 1970 in this computer's zone, or None where it is no honest one."""
    try:
        found = datetime.fromtimestamp(seconds, UTC)
        return found.astimezone() if 1990 < found.year < 2200 else None
    except (ValueError, OverflowError, OSError):
        return None


def items(path: Path, conversation: Conversation, messages: Iterable[Message]) -> Iterator[Item]:
    """The days of a conversation, in order; messages of the same minute stay in the order they came."""
    days: dict[date, list[Message]] = {}
    for message in messages:
        days.setdefault(message.when.date(), []).append(message)
    for day in sorted(days):
        _pulse.beat()
        ordered = days[day]
        if not any(message.indent for message in ordered):
            ordered.sort(key=lambda message: message.when)
        for number, part in enumerate(_parts(ordered), start=1):
            yield _item(path, conversation, day, part, number)


def _parts(messages: list[Message]) -> Iterator[list[Message]]:
    part: list[Message] = []
    chars = 0
    for message in messages:
        if chars > MAX_DAY:
            yield part
            part, chars = [], 0
        part.append(message)
        chars += min(len(message.text), MAX_MESSAGE) + 20
    if part:
        yield part


def _item(path: Path, conversation: Conversation, day: date, messages: list[Message], number: int) -> Item:
    writers = Counter((message.who, message.address) for message in messages if message.who)
    people = tuple(
        Person(name=one_line(name, 200), address=one_line(address, 100).lower(), role="from")
        for name, address in list(writers)[:_MOST_PEOPLE]
    )
    text = "\n".join(map(_line, messages))
    place = f"{quote(conversation.key, safe='')}/{day}" if conversation.key else str(day)
    return seal(
        Item(
            uri=f"{_files.uri(path)}#{place}" + (f".{number}" if number > 1 else ""),
            source="messages",
            kind="message",
            title=one_line(conversation.name, 200) or conversation.app,
            text=text,
            digest="",
            when=min(message.when for message in messages),
            until=max(message.when for message in messages),
            people=people,
            links=urls(text),
            thread=f"chat:{conversation.app}/{conversation.key or conversation.name}",
            path=_files.absolute(path),
            meta={
                "category": conversation.app,
                "messages": str(len(messages)),
                "said": " ".join(
                    str(writers[one]) for one in list(writers)[:_MOST_PEOPLE]
                ),  # by each of people
            },
        )
    )


def _line(message: Message) -> str:
    text = clean(message.text[:MAX_MESSAGE]).strip()
    begin = f"{'  ↳ ' if message.indent else ''}[{message.when:%H:%M}]"
    return f"{begin} {one_line(message.who, 200)}: {text}" if message.who else f"{begin} * {text}"
