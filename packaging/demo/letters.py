"""The demo's mails: read from ``mail/*.txt`` and written as RFC 5322 messages, the same bytes every time.

A content file holds letters, each opened by ``---- <name>``, then a few fields, an empty line and the text:
``Date`` (the sender's local clock), ``From``, ``To``, ``Cc`` (names of ``people.toml``), ``Subject``,
``Re`` (the name of the letter it answers: gives recipient, subject, references and the quotation),
``Quote`` (no: without the quotation), ``Style``, ``Attach`` (names under ``attachments/``), ``List``.
"""

from __future__ import annotations

import hashlib
import html
import re
import textwrap
import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import default as email_policy
from email.utils import format_datetime, formataddr
from pathlib import Path
from zoneinfo import ZoneInfo

import documents

HERE = Path(__file__).parent
OWNER = "Vera Almlöf"
POLICY = email_policy.clone(linesep="\n", max_line_length=78)
PREFIXES = {"en": "Re", "de": "AW", "sv": "SV", "pt": "Re"}
WROTE = {
    "en": "On {when:%d %b %Y at %H:%M}, {name} wrote:",
    "de": "Am {when:%d.%m.%Y um %H:%M} schrieb {name}:",
    "sv": "{when:%Y-%m-%d %H:%M} skrev {name}:",
    "pt": "Em {when:%d/%m/%Y %H:%M}, {name} escreveu:",
}
TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".ics": "text/calendar",
    ".txt": "text/plain",
}


@dataclass(frozen=True)
class Person:
    name: str
    address: str
    zone: str = "Europe/Lisbon"
    style: str = "plain"
    lang: str = "en"
    charset: str = "utf-8"
    signature: str = ""
    wrap: int = 0

    @property
    def mailbox(self) -> str:
        return formataddr((self.name, self.address))


@dataclass(frozen=True)
class Letter:
    """One mail as written down, with everything that its file leaves out filled in."""

    name: str
    when: datetime
    sender: Person
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    subject: str
    text: str
    parent: Letter | None = None
    quote: bool = True
    style: str = "plain"
    attachments: tuple[str, ...] = ()
    list_name: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def message_id(self) -> str:
        """Without angle brackets; looks as if the sender's own system had made it."""
        digest = hashlib.sha256(self.name.encode()).hexdigest()[:10]
        return f"{self.when:%Y%m%d%H%M}.{digest}@{self.sender.address.partition('@')[2]}"

    @property
    def mine(self) -> bool:
        return self.sender.name == OWNER

    @property
    def thread(self) -> str:
        return self.parent.thread if self.parent else self.name

    @property
    def references(self) -> list[str]:
        return [*self.parent.references, self.parent.message_id] if self.parent else []


def read_people() -> dict[str, Person]:
    table = tomllib.loads((HERE / "people.toml").read_text("utf-8"))
    return {key: Person(**values) for key, values in table.items()}


def read_letters() -> list[Letter]:
    """Every letter of ``mail/*.txt``, oldest first; a letter answers one above it or in an earlier file."""
    people, known = read_people(), dict[str, Letter]()
    for path in sorted((HERE / "mail").glob("*.txt")):
        for block in re.split(r"^---- ", path.read_text("utf-8"), flags=re.M)[1:]:
            letter = _letter(block, people, known)
            if letter.name in known:
                raise ValueError(f"{path.name}: two letters are called {letter.name}")
            known[letter.name] = letter
    return sorted(known.values(), key=lambda letter: (letter.when, letter.name))


def _letter(block: str, people: dict[str, Person], known: dict[str, Letter]) -> Letter:
    head, _, text = block.partition("\n\n")
    name, _, lines = head.partition("\n")
    fields = dict(line.split(": ", 1) for line in lines.split("\n"))
    sender = people[fields.pop("From")]
    parent = known[fields.pop("Re")] if "Re" in fields else None
    when = datetime.strptime(fields.pop("Date"), "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(sender.zone))
    if parent and when <= parent.when:
        raise ValueError(f"{name} answers {parent.name}, which is later")
    to = tuple(people[key] for key in fields.pop("To", "").split())
    if not to and parent:
        to = parent.to if parent.sender == sender else (parent.sender,)
    subject = fields.pop("Subject", "")
    if not subject and parent:
        subject = f"{PREFIXES[sender.lang]}: {re.sub(r'^((Re|AW|SV): )+', '', parent.subject)}"
    letter = Letter(
        name=name,
        when=when,
        sender=sender,
        to=to,
        cc=tuple(people[key] for key in fields.pop("Cc", "").split()),
        subject=subject,
        text=text.strip("\n"),
        parent=parent,
        quote=fields.pop("Quote", "yes") == "yes",
        style=fields.pop("Style", sender.style),
        attachments=tuple(fields.pop("Attach", "").split()),
        list_name=fields.pop("List", ""),
        extra=fields,
    )
    if not (letter.to and letter.subject and letter.text):
        raise ValueError(f"{name} lacks a recipient, a subject or a text")
    return letter


def plain(letter: Letter) -> str:
    """The text a reader sees: what was written, the signature, the quotation."""
    parts = [wrapped(letter.text, letter.sender.wrap)]
    if letter.sender.signature:
        parts.append(f"-- \n{letter.sender.signature}")
    if letter.parent and letter.quote:
        quoted = "\n".join(
            f"> {line}".rstrip() if line[:1] != ">" else f">{line}" for line in _quotable(letter)
        )
        parts.append(f"{_wrote(letter)}\n{quoted}")
    return "\n\n".join(parts) + "\n"


def wrapped(text: str, column: int) -> str:
    """``text`` as a program sends it that breaks lines at ``column``; lists and quotations stay."""
    if not column:
        return text
    lines = text.split("\n")
    return "\n".join(line if line[:1] in ("", "-", ">") else textwrap.fill(line, column) for line in lines)


def _wrote(letter: Letter) -> str:
    assert letter.parent
    return WROTE[letter.sender.lang].format(when=letter.parent.when, name=letter.parent.sender.name)


def _quotable(letter: Letter) -> list[str]:
    assert letter.parent
    return plain(letter.parent).rstrip("\n").split("\n")


def page(letter: Letter) -> str:
    """The HTML part; shops and newsletters get a table layout, people a plain one."""
    body = "\n".join(_blocks(letter.text))
    if letter.sender.signature:
        body += f'\n<p style="color:#777">{_inline(letter.sender.signature)}</p>'
    if letter.parent and letter.quote:
        quoted = "<br>\n".join(html.escape(line) for line in _quotable(letter))
        body += f"\n<p>{html.escape(_wrote(letter))}</p>\n<blockquote>{quoted}</blockquote>"
    if letter.style == "html":
        domain = letter.sender.address.partition("@")[2]
        body = (
            '<table width="600" cellpadding="0" cellspacing="0" align="center"><tr><td>\n'
            f'<div style="font-size:22px;color:#20504f"><b>{html.escape(letter.sender.name)}</b></div>\n'
            f"{body}\n"
            f'<p style="font-size:11px;color:#999"><a href="https://{domain}/privacy">Privacy</a> '
            f'<a href="https://{domain}/preferences">Preferences</a></p>\n'
            f'<img src="https://{domain}/o/{letter.message_id[:12]}.gif" width="1" height="1" alt="">\n'
            "</td></tr></table>"
        )
    style = "<style>td{padding:4px 8px} .sum{font-weight:bold}</style>" if letter.style == "html" else ""
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8">{style}</head>\n'
        f'<body style="font-family:sans-serif">\n{body}\n</body></html>\n'
    )


def _blocks(text: str) -> list[str]:
    """Paragraphs, ``# `` headings, ``- `` lists and ``a | b`` table rows as HTML."""
    out = []
    for block in text.split("\n\n"):
        lines = block.split("\n")
        if block.startswith("# "):
            out.append(f"<h2>{_inline(lines[0][2:])}</h2>")
            lines = lines[1:]
        if not lines:
            continue
        if all(" | " in line for line in lines):
            rows = "\n".join(
                "<tr>" + "".join(f"<td>{_inline(cell)}</td>" for cell in line.split(" | ")) + "</tr>"
                for line in lines
            )
            out.append(f"<table>\n{rows}\n</table>")
        elif all(line.startswith("- ") for line in lines):
            out.append("<ul>\n" + "\n".join(f"<li>{_inline(line[2:])}</li>" for line in lines) + "\n</ul>")
        else:
            out.append(f"<p>{_inline(chr(10).join(lines))}</p>")
    return out


def _inline(text: str) -> str:
    escaped = html.escape(text, quote=False).replace("\n", "<br>\n")
    escaped = re.sub(r"\[([^\]]+)\]\((https://[^)\s]+)\)", r'<a href="\2">\1</a>', escaped)
    return re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", escaped)


def message(letter: Letter) -> EmailMessage:
    """The letter as a message: headers, alternatives and attachments."""
    mail = EmailMessage(policy=POLICY)
    mail["Message-ID"] = f"<{letter.message_id}>"
    mail["Date"] = format_datetime(letter.when)
    mail["From"] = letter.sender.mailbox
    mail["To"] = ", ".join(person.mailbox for person in letter.to)
    if letter.cc:
        mail["Cc"] = ", ".join(person.mailbox for person in letter.cc)
    mail["Subject"] = letter.subject
    if letter.parent:
        mail["In-Reply-To"] = f"<{letter.parent.message_id}>"
        mail["References"] = " ".join(f"<{ref}>" for ref in letter.references)
    if letter.list_name:
        mail["List-Id"] = f"<{letter.list_name}>"
        mail["List-Unsubscribe"] = f"<https://{letter.list_name}/unsubscribe>"
    for key, value in letter.extra.items():
        mail[key] = value
    if letter.style == "html":
        mail.set_content(page(letter), subtype="html", cte="quoted-printable")
    else:
        mail.set_content(plain(letter), charset=letter.sender.charset, cte="quoted-printable")
        if letter.style == "alternative":
            mail.add_alternative(page(letter), subtype="html", cte="quoted-printable")
    for name in letter.attachments:
        _attach(mail, name)
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"=_{number}_{hashlib.sha256(letter.name.encode()).hexdigest()[:20]}")
    return mail


def _attach(mail: EmailMessage, name: str) -> None:
    """``x.pdf`` and ``x.docx`` are made from ``attachments/<name>.txt``, the rest is taken as it is."""
    suffix = Path(name).suffix
    if suffix in (".pdf", ".docx"):
        text = (HERE / "attachments" / f"{name}.txt").read_text("utf-8")
        data = documents.pdf(text) if suffix == ".pdf" else documents.word(text)
    else:
        data = (HERE / "attachments" / name).read_bytes()
    main, _, sub = TYPES[suffix].partition("/")
    mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
