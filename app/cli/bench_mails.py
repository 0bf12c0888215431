"""Mails to measure with: the demo person's, copied as often as needed with other words, ids and days.

A copy keeps its form (parts, charsets, attachments, who answers whom); three in ten of its words are
others, some of which stand nowhere else, so that the words of many mails are as many as in real ones.
The same number of mails is the same mails wherever it is made.
"""

from __future__ import annotations

import mailbox
import random
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from email import message_from_bytes
from email.charset import QP, Charset
from email.message import Message
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

from app.core.paths import resources

_CHANGED, _NEW = 0.3, 0.2  # share of a copy's words that are others, and of those that are new ones
_WORD = re.compile(r"<[^>]*>|&\w+;|[^\W\d_]{4,}")
_ID = re.compile(r"<(?=[^<>@\s]+@)")
_SYLLABLES = [c + v for c in "b d f g k l m n p r s t v z br st tr".split() for v in "aeiou"]
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP


def maildir(folder: Path, count: int) -> Path:
    """A Maildir of ``count`` mails at ``folder``, which it returns."""
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for n, data in enumerate(mails(count)):
        (folder / "cur" / f"{1_700_000_000 + n}.{n}.bench:2,S").write_bytes(data)
    return folder


def mbox(file: Path, folder: Path) -> Path:
    """The mails of a Maildir in one mailbox file, which it returns."""
    with file.open("wb") as box:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            data = re.sub(rb"\AFrom [^\n]*\n", b"", path.read_bytes())  # of the mailbox that it was in
            data = re.sub(rb"^(>*From )", rb">\1", data, flags=re.M)
            box.write(b"From bench@example.org Sat Jan  3 01:05:34 2026\n" + data.rstrip(b"\n") + b"\n\n")
    return file


def mails(count: int) -> Iterator[bytes]:
    """``count`` mails, the demo mails themselves first."""
    originals = list(_originals())
    words = _words(originals)
    for n in range(count):
        copy, which = divmod(n, len(originals))
        yield originals[which] if not copy else _varied(originals[which], copy, words)


def _originals() -> Iterator[bytes]:
    root = resources() / "demo" / "mail"
    for path in sorted(root.glob("Maildir/*/*")):
        if path.is_file():
            yield path.read_bytes()
    box = mailbox.mbox(root / "archive.mbox", create=False)
    try:
        for key in box.keys():  # noqa: SIM118 - a mailbox is no dict: it iterates over messages
            yield box.get_bytes(key)
    finally:
        box.close()


def _words(originals: Sequence[bytes]) -> list[str]:
    text = "\n".join(
        part.get_payload(decode=True).decode("utf-8", "replace")  # type: ignore[union-attr]
        for data in originals
        for part in message_from_bytes(data).walk()
        if part.get_content_type() == "text/plain"
    )
    return [word for word in _WORD.findall(text) if word.isalpha()]


def _varied(data: bytes, copy: int, words: Sequence[str]) -> bytes:
    message = message_from_bytes(data)
    chance = random.Random(f"{copy} {message['message-id']}")
    for name in ("Message-ID", "In-Reply-To", "References"):
        if name in message:
            message.replace_header(name, _ID.sub(f"<{copy}.", str(message[name])))
    if "Date" in message:
        day = parsedate_to_datetime(str(message["Date"])) - timedelta(days=copy)
        message.replace_header("Date", format_datetime(day))
    for part in message.walk():
        if part.get_content_maintype() == "text":
            _reword(part, chance, words)
    return message.as_bytes()


def _reword(part: Message, chance: random.Random, words: Sequence[str]) -> None:
    payload = part.get_payload(decode=True)
    text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""

    def other(match: re.Match[str]) -> str:
        if not match[0].isalpha() or chance.random() >= _CHANGED:
            return match[0]
        if chance.random() >= _NEW:
            return chance.choice(words)
        return "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(2, 4)))

    del part["Content-Transfer-Encoding"]
    part.set_payload(_WORD.sub(other, text), _UTF8)
