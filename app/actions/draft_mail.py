"""Keep a mail as a draft: an .eml file that mail programs open for editing. Nothing is sent."""

from __future__ import annotations

import re
from collections.abc import Generator
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Annotated
from uuid import uuid4

from pydantic import Field, StringConstraints

from app.actions import files
from app.actions.contract import (
    Block,
    Done,
    Line,
    Model,
    Origins,
    Recipient,
    World,
    address_of,
    links,
    name_of,
    strangers,
)
from app.core.errors import Refused
from app.core.policy import visible

_ID = re.compile(r"<[!-;=?-~]{1,900}>")  # RFC 5322 message identifier, leniently: printable ASCII

MessageId = Annotated[str, StringConstraints(pattern=r"^<[!-;=?-~]{1,900}>$")]


class Arguments(Model):
    to: Annotated[tuple[Recipient, ...], Field(min_length=1, max_length=100)] = Field(title="To")
    cc: Annotated[tuple[Recipient, ...], Field(max_length=100)] = Field(default=(), title="Copy to")
    subject: Line = Field(default="", title="Subject")
    body: Block = Field(title="Text")
    in_reply_to: MessageId | None = Field(default=None, title="Answer to")
    references: Annotated[tuple[MessageId, ...], Field(max_length=50)] = Field(
        default=(), title="In the thread"
    )


def complete(raw: dict[str, object], world: World) -> dict[str, object]:
    """Repairs the threading of a reply: identifiers get their brackets, broken ones are left out."""
    filled = dict(raw)
    parent = _ids(str(filled.get("in_reply_to") or ""))
    chain = filled.get("references")
    ids = _ids(" ".join(map(str, chain)) if isinstance(chain, list | tuple) else str(chain or ""))
    chain_ids = list(dict.fromkeys([*ids, *parent]))
    for name, value in (("in_reply_to", parent[0] if parent else None), ("references", _short(chain_ids))):
        if value:
            filled[name] = value
        else:
            filled.pop(name, None)
    return filled


def _ids(text: str) -> list[str]:
    if "<" not in text:
        text = " ".join(f"<{word}>" for word in text.split())
    return _ID.findall(text)


def _short(ids: list[str]) -> list[str]:
    """The first and the newest: what RFC 5322 advises for long threads."""
    return ids if len(ids) <= 20 else [ids[0], *ids[-19:]]


def title(args: Arguments) -> str:
    more = f" and {len(args.to) - 1} more" if len(args.to) > 1 else ""
    return f"Keep a draft to {visible(args.to[0])}{more}: “{visible(args.subject)}”"


def warnings(args: Arguments, origins: Origins, world: World) -> tuple[str, ...]:
    found = strangers("The recipient", args.to, origins.get("to", "you"))
    found += strangers("The recipient", args.cc, origins.get("cc", "you"))
    found += links(args.body, origins.get("body", "you"))
    if not world.me[1]:
        found.append("Your own address is not set; the draft has no sender yet.")
    return tuple(dict.fromkeys(found))


def perform(args: Arguments, world: World) -> Generator[str, None, Done]:
    data = _mail(args, world)
    written = files.create(world.drafts_dir, files.slug(args.subject, "draft"), ".eml", data)
    yield from ()
    return Done(f"Kept a draft to {visible(args.to[0])}", path=written.path, undo=files.pack(written))


def undo(data: bytes, world: World) -> str:
    return files.undo(data)


def _mail(args: Arguments, world: World) -> bytes:
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    name, address = world.me
    if address:
        mail["From"] = _header(name, address)
    mail["To"] = ", ".join(_header(name_of(who), address_of(who)) for who in args.to)
    if args.cc:
        mail["Cc"] = ", ".join(_header(name_of(who), address_of(who)) for who in args.cc)
    mail["Subject"] = args.subject
    mail["Date"] = format_datetime(world.now())
    domain = address.rpartition("@")[2] or "homebody.invalid"
    mail["Message-ID"] = f"<{uuid4()}@{domain}>"
    mail["X-Unsent"] = "1"
    mail.set_content(args.body, charset="utf-8", cte="quoted-printable")
    # Written by hand: the library encodes identifiers longer than a line, and then they match nothing.
    threading = f"In-Reply-To: {args.in_reply_to}\r\n" if args.in_reply_to else ""
    if args.references:
        threading += "References: " + "\r\n ".join(args.references) + "\r\n"
    return threading.encode("ascii") + mail.as_bytes()


def _header(name: str, address: str) -> str:
    if re.search(r"[\x00-\x1f\x7f<>\"\\]", name + address):
        raise Refused(
            "a name or address has characters a mail cannot carry", where=visible(f"{name} {address}")
        )
    return f'"{name}" <{address}>' if name else address
