"""Draft and rewrite: the reply a person means, from the thread and a few words; text made better.

A draft is never sent. It ends as the proposal to keep it where the mail program finds it, with the
recipients taken by code from the mail that is answered and named as such.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.actions import registry
from app.core.errors import UsageFault
from app.core.types import ItemView, Proposal, Text, Thinking, Token
from app.flows import grounding
from app.flows.context import Home
from app.flows.deeds import keep, world
from app.flows.wear import wear

STYLES = {
    "proofread": "free of spelling and grammar mistakes",
    "shorter": "shorter",
    "friendlier": "friendlier",
    "formal": "more formal",
}
THREAD_CHARS = 3000


def draft(home: Home, *, reply_to: str, say: str) -> Iterator[Thinking | Token | Text | Proposal]:
    """Raises NotFound for an unknown uri and UsageFault where it is not a mail."""
    mail = home.index.item(reply_to)
    if mail.kind != "mail":
        raise UsageFault(f"that is a {mail.kind}, not a mail", where=reply_to, remedy="give a mail's uri")
    if not say.strip():
        raise UsageFault("what should the reply say?", remedy='for example --say "yes, Thursday works"')
    me, sender = home.setting("you.name"), _sender(mail)
    fields = {
        "mail": _context(home, mail),
        "sender": _first_name(sender) or "the sender",
        "say": say,
        "me": me or "me",
    }
    done = yield from wear(home, "draft", fields)
    body = done.text.strip()
    source = f"{fields['mail']}\n{say}\n{me}"
    yield Text(text=body, title=_subject(mail), tokens=done.tokens, unsupported=grounding.loose(body, source))
    yield _proposal(home, mail, sender, body)


def rewrite(home: Home, *, text: str, style: str) -> Iterator[Thinking | Token | Text]:
    """Raises UsageFault for an unknown style or an empty text."""
    if style not in STYLES:
        raise UsageFault(f"no such style: {style}", remedy=f"one of: {', '.join(STYLES)}")
    if not text.strip():
        raise UsageFault("there is no text to rewrite", remedy="give a file or a selection")
    done = yield from wear(home, "rewrite", {"text": text, "style": STYLES[style]})
    yield Text(text=done.text.strip(), tokens=done.tokens, unsupported=grounding.loose(done.text, text))


def _proposal(home: Home, mail: ItemView, sender: str, body: str) -> Proposal:
    arguments: dict[str, object] = {
        "to": [mail.meta.get("reply-to") or sender],
        "subject": _subject(mail),
        "body": body,
        "in_reply_to": mail.meta.get("message-id", ""),
        "references": mail.meta.get("references", "").split(),
    }
    origin = f"from the mail by {sender}"
    origins = dict.fromkeys(("to", "subject", "in_reply_to", "references"), origin) | {"body": "assistant"}
    return keep(home, registry.propose("draft_mail", arguments, world(home), origins))


def _subject(mail: ItemView) -> str:
    return mail.title if mail.title.lower().startswith("re:") else f"Re: {mail.title}"


def _sender(mail: ItemView) -> str:
    return mail.people[0] if mail.people else ""


def _first_name(person: str) -> str:
    name = person.partition("<")[0].strip().strip('"')
    return name.split()[0].rstrip(",") if name else ""


def _context(home: Home, mail: ItemView) -> str:
    """The thread up to this mail, its newest part whole and the older ones as far as there is room."""
    parts: list[str] = []
    room = THREAD_CHARS
    for item in reversed(
        [i for i in home.index.thread(mail.uri) if not i.when or not mail.when or i.when <= mail.when]
    ):
        part = f"{_sender(item)}: {grounding.without_signature(item.text)}"[:room]
        parts.append(part)
        room -= len(part)
        if room <= 0:
            break
    return grounding.without_marks("\n\n".join(reversed(parts)))
