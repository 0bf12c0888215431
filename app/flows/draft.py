"""Draft: the reply a person means, from the mail and a few words.

A draft is never sent. It ends as the proposal to keep it where the mail program finds it, with the
recipients taken by code from the mail that is answered and named as such. Where the model lost what
the person said, or added a number or a name, the reply says it in the person's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from app.actions import registry
from app.actions.contract import address_of
from app.core.errors import UsageFault
from app.core.types import ItemView, Proposal, Text, Thinking, Token
from app.flows import grounding
from app.flows.context import Home
from app.flows.deeds import keep, world
from app.flows.recipients import others, recipients
from app.flows.wear import wear

MAIL_CHARS = 300  # of the mail that is answered, as the adapter was trained
COURTESY = "Grüße Grüßen Tag Dank"  # capitalised inside sentences, and yet no names
SAID = 0.7  # of the words that the person said, in their order, a reply must have
SUBJECT_CHARS = 300  # what a draft takes

_WORD = re.compile(r"\w+(?:[.,:'’]\w+)*")


def draft(home: Home, *, reply_to: str, say: str) -> Iterator[Thinking | Token | Text | Proposal]:
    """Raises NotFound for an unknown uri and UsageFault where it is not a mail."""
    mail = home.index.item(reply_to)
    if mail.kind != "mail":
        raise UsageFault(f"that is a {mail.kind}, not a mail", where=reply_to, remedy="give a mail's uri")
    if not say.strip():
        raise UsageFault("what should the reply say?", remedy='for example --say "yes, Thursday works"')
    to, origin = _recipients(home, mail)
    me = home.setting("you.name")
    fields = {
        "mail": _opening(mail.text),
        "sender": _name(_greeted(home, mail, to)),
        "say": say.strip(),
        "me": me,
    }
    done = yield from wear(home, "draft", fields)
    source = f"{fields['sender']}\n{mail.text}\n{say}\n{me}\n{COURTESY}"
    body = faithful(done.text.strip(), say.strip(), me, source)
    words = "assistant" if body == done.text.strip() else "you"
    yield Text(text=body, title=_subject(mail), tokens=done.tokens, unsupported=_loose(body, source))
    yield _proposal(home, mail, body, to, {"to": origin, "body": words})


def faithful(body: str, say: str, me: str, source: str) -> str:
    """``body``, or its greeting and closing around ``say`` where its middle is not what was said."""
    parts = body.split("\n\n")
    greeting, middle, closing = (parts[0], parts[1:-1], parts[-1]) if len(parts) > 2 else ("", parts, me)
    greets = greeting.endswith((",", "!")) and "\n" not in greeting and not _loose(greeting, source)
    closes = closing.endswith((me, *me.split()[:1])) and not _loose(closing, source)
    if greets and closes and _says(" ".join(middle), say):
        return body
    own = say[0].upper() + say[1:] + ("." if say[-1].isalnum() else "")
    return "\n\n".join(part for part in (greeting if greets else "", own, closing if closes else me) if part)


def _says(text: str, say: str) -> bool:
    """Whether ``text`` has every number and name of ``say``, most of its words in order, and no others."""
    facts = grounding.figures(say) | grounding.names(say)
    if not facts <= grounding.content_words(text) | grounding.figures(text):
        return False
    if _loose(text, f"{say}\n{COURTESY}"):  # the mail's day or price is not what the person said
        return False
    words, there = _words(say), _words(text)
    blocks = SequenceMatcher(None, words, there, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) >= SAID * len(words)


def _words(text: str) -> list[str]:
    known = grounding.content_words(text)
    return [word for word in map(grounding.stem, _WORD.findall(text)) if word in known]


def _loose(text: str, source: str) -> tuple[str, ...]:
    """As each line stands: a greeting or a closing is no part of the sentence beside it."""
    return tuple(sentence for line in text.splitlines() for sentence in grounding.loose(line, source))


def _recipients(home: Home, mail: ItemView) -> tuple[list[str], str]:
    """Whom a reply goes to, and where that is from; to one's own mail the others it went to.

    Raises UsageFault where the mail names nobody.
    """
    sender, mine = recipients(_sender(mail)), home.setting("you.address")
    origin = f"from the mail by {_sender(mail) or 'nobody'}"
    if mine and sender and address_of(sender[0]).lower() == mine.lower():
        return others(mail.people, mine) or sender, origin
    asked = recipients(mail.meta.get("reply-to", ""))
    if asked and {address_of(who).lower() for who in asked} != {address_of(who).lower() for who in sender}:
        return asked, f"{origin}, which wants its replies sent here"
    if not sender:
        raise UsageFault(
            "the mail does not say whom to reply to", where=mail.uri, remedy="choose another mail"
        )
    return sender, origin


def _proposal(home: Home, mail: ItemView, body: str, to: list[str], origins: dict[str, str]) -> Proposal:
    """``origins`` of the body and of the recipients, which the subject and the thread share."""
    arguments: dict[str, object] = {
        "to": to,
        "subject": _subject(mail),
        "body": body,
        "in_reply_to": mail.meta.get("message-id", ""),
        "references": mail.meta.get("references", "").split(),
    }
    origins |= dict.fromkeys(("subject", "in_reply_to", "references"), origins["to"])
    return keep(home, registry.propose("draft_mail", arguments, world(home), origins))


def _subject(mail: ItemView) -> str:
    subject = mail.title if mail.title.lower().startswith("re:") else f"Re: {mail.title}"
    return subject if len(subject) <= SUBJECT_CHARS else subject[: SUBJECT_CHARS - 1] + "…"


def _sender(mail: ItemView) -> str:
    return mail.people[0] if mail.people else ""


def _greeted(home: Home, mail: ItemView, to: list[str]) -> str:
    """Who wrote the mail, or whom one's own went to."""
    mine, sender = home.setting("you.address").lower(), _sender(mail)
    return to[0] if mine and mine in sender.lower() else sender


def _name(person: str) -> str:
    """``"Lovelace, Ada" <ada@example.org>`` as ``Ada Lovelace``; an address alone stays one."""
    name = person.partition("<")[0].strip().strip('"')
    family, comma, given = name.partition(",")
    return f"{given} {family}".strip() if comma else name or person.strip("<> ")


def _opening(text: str) -> str:
    """How the mail begins, without its signature and in one line, up to a whole word."""
    line = " ".join(grounding.without_marks(grounding.without_signature(text)).split())
    cut = line[:MAIL_CHARS]
    return line if line == cut else cut.rpartition(" ")[0] or cut
