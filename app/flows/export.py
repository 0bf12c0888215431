"""Export: everything the store holds in open formats: mbox, Markdown, iCalendar, JSON, safetensors."""

from __future__ import annotations

import json
import mailbox
import re
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.utils import format_datetime
from pathlib import Path

import msgspec
from icalendar import Calendar, Event

from app.core.errors import UsageFault, translate
from app.core.private import folder_beside
from app.core.types import ItemView, Written
from app.flows.context import Home
from app.store import export as store
from app.store.export import Whole

_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP
_WHO = {"user": "You", "assistant": "Homebody"}
_UNSAFE = re.compile(r"[^\w .,()-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def export(home: Home, *, folder: str) -> Written:
    """``folder`` appears when it is complete. Raises UsageFault where there is one, NotFound, NoSpace."""
    target = Path(folder).expanduser().absolute()
    if target.exists():
        raise UsageFault("there is such a folder already", where=str(target), remedy="choose another name")
    try:
        with folder_beside(target) as making:
            part = making / target.name
            part.mkdir(mode=0o700)
            _items(home, part)
            _own(home, part)
            part.rename(target)
    except OSError as error:
        raise translate(error, str(target)) from error
    files = [path for path in target.rglob("*") if path.is_file()]
    home.journal.add("export", f"{len(files):,} files were written in the clear")
    return Written(path=str(target), files=len(files), bytes=sum(path.stat().st_size for path in files))


def _items(home: Home, part: Path) -> None:
    """Mails in one mbox, notes as Markdown, events in one calendar; and every item as a line of JSON."""
    calendar = Calendar()
    calendar.add("prodid", "-//Homebody//export//EN")
    calendar.add("version", "2.0")
    (part / "notes").mkdir()
    box = mailbox.mbox(part / "mail.mbox")
    try:
        with (part / "items.jsonl").open("w", encoding="utf-8") as lines:
            for n, whole in enumerate(store.items(home.index.db), 1):
                lines.write(msgspec.json.encode(whole.item).decode() + "\n")
                match whole.item.kind:
                    case "mail":
                        box.add(_mail(whole))
                    case "note":
                        name = _name(whole.item.title, n)
                        (part / "notes" / f"{name}.md").write_text(whole.item.text, encoding="utf-8")
                    case "event":
                        calendar.add_component(_event(whole.item))
    finally:
        box.close()
    (part / "calendar.ics").write_bytes(calendar.to_ical())


def _mail(whole: Whole) -> Message:
    """As the store knows it: the text of the message, not the message as it was sent."""
    message, item = Message(), whole.item
    for role in ("from", "to", "cc"):
        people = [
            f"{name} <{address}>" if name else address for r, name, address in whole.people if r == role
        ]
        if people:
            message[role.capitalize()] = _header(", ".join(people))
    message["Subject"] = _header(item.title)
    if item.uri.startswith("mid:"):
        message["Message-ID"] = _CONTROL.sub("", f"<{item.uri[4:]}>")
    if item.when is not None:
        message["Date"] = format_datetime(item.when)
    message.set_payload(item.text.encode("utf-8", "replace").decode(), _UTF8)
    return message


def _header(text: str) -> str:
    return Header(_CONTROL.sub(" ", text), "us-ascii" if text.isascii() else "utf-8").encode()


def _event(item: ItemView) -> Event:
    event = Event()
    event.add("uid", item.uri.removeprefix("event:"))
    event.add("summary", item.title)
    if item.when is not None:
        event.add("dtstart", item.when)
    if item.place:
        event.add("location", item.place)
    event.add("description", item.text)
    return event


def _own(home: Home, part: Path) -> None:
    """What the person made: conversations also to be read, and their own adapters as PEFT has them."""
    for table in store.TABLES:
        text = json.dumps(store.rows(home.user.db, table), indent=1, ensure_ascii=False)
        (part / f"{table}.json").write_text(text, encoding="utf-8")
    (part / "conversations").mkdir()
    for state in home.conversations.list():
        said = [
            f"**{_WHO.get(turn.role, turn.role)}** ({turn.when:%Y-%m-%d %H:%M})\n\n{turn.text}\n"
            for turn in home.conversations.turns(state.id)
        ]
        path = part / "conversations" / f"{_name(state.title, state.id)}.md"
        path.write_text("\n".join([f"# {state.title}\n", *said]), encoding="utf-8")
    for own in home.adapters.list():
        folder = part / "adapters" / f"{own.task}-{own.id}"
        folder.mkdir(parents=True)
        weights, config = home.adapters.peft(own.id)
        (folder / "adapter_model.safetensors").write_bytes(weights)
        (folder / "adapter_config.json").write_bytes(config)


def _name(title: str, n: int) -> str:
    return f"{n:05} {_UNSAFE.sub(' ', title).strip()[:60]}".strip()
