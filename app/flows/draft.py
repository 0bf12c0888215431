"""Draft: the reply or the new mail a person means, from a few words; a new mail with its subject line.

A draft is never sent. It ends as the proposal to keep it where the mail program finds it. The recipients
of a reply are taken by code from the mail that is answered and named as such; those of a new mail are the
person's own, as an address or as a name that the index knows. Where the model lost what the person said,
or added a number or a name, the mail says it in the person's own words, and so does its subject line.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from app.actions import registry
from app.actions.contract import address_of
from app.core import when_words
from app.core.errors import UsageFault
from app.core.types import ItemView, Proposal, Text, Thinking, Token
from app.flows import grounding
from app.flows.context import Home
from app.flows.deeds import keep, world
from app.flows.recipients import addressees, others, recipients
from app.flows.wear import quietly, wear
from app.store.passages import fold

NEW, REPLY, SUBJECT = "New mail to", "Reply to the mail from", "Subject line for the mail to"  # prompt forms
MAIL_CHARS = 300  # of the mail that is answered, as the adapter was trained
COURTESY = (  # capitalised inside sentences, and yet no names
    "Grüße Grüßen Tag Dank Sie Ihnen Ihr Ihre Ihrem Ihren Ihrer"
)
SAID = 0.7  # of the words that the person said, in their order, a mail must have
SUBJECT_CHARS = 300  # what a draft takes
LINE_CHARS = 70  # of a subject line that is written here
LINE_TOKENS = 40
_SURE = 4  # letters of a word that is a day or a month and nothing else, unlike "sun" and "may"
ABOUT = 0.5  # of a subject line's content words must be the mail's

_WORD = re.compile(r"\w+(?:[.,:'’]\w+)*")


def draft(
    home: Home, *, say: str, reply_to: str = "", to: Sequence[str] = (), subject: str = ""
) -> Iterator[Thinking | Token | Text | Proposal]:
    """The reply to the mail ``reply_to``, or a new mail to each of ``to``: an address or a known name.

    Raises NotFound for an unknown uri or name, and UsageFault where the uri is no mail, a name means
    several people, there is nothing to say, or it is neither a reply nor a new mail.
    """
    if bool(reply_to) == bool(to):
        raise UsageFault(
            "is it a reply or a new mail?", remedy="name the mail it answers, or whom it goes to"
        )
    if reply_to and subject:
        raise UsageFault("a reply keeps the subject of its mail", remedy="leave the subject out")
    if not say.strip():
        raise UsageFault("what should the mail say?", remedy='for example "yes, Thursday works"')
    if reply_to:
        yield from _reply(home, reply_to, say.strip())
    else:
        yield from _new(home, to, say.strip(), " ".join(subject.split()))


def _reply(home: Home, uri: str, say: str) -> Iterator[Thinking | Token | Text | Proposal]:
    mail = home.index.item(uri)
    if mail.kind != "mail":
        raise UsageFault(f"that is a {mail.kind}, not a mail", where=uri, remedy="give a mail's uri")
    to, origin = _recipients(home, mail)
    fields = {
        "form": REPLY,
        "sender": _name(_greeted(home, mail, to)),
        "mail": _opening(mail.text),
        "say": say,
        "me": home.setting("you.name"),
    }
    body, by, tokens, loose = yield from _written(home, fields, mail.text)
    yield Text(text=body, title=_subject(mail), tokens=tokens, unsupported=loose)
    yield _proposal(home, mail, body, to, {"to": origin, "body": by})


def _new(
    home: Home, to: Sequence[str], say: str, subject: str
) -> Iterator[Thinking | Token | Text | Proposal]:
    people, origin = addressees(home.people, to)
    nameless = [who for who in people if "<" not in who]  # who is greeted without a name then
    greeted = nameless[0] if nameless else " and ".join(map(_name, people))
    fields = {"form": NEW, "sender": greeted, "mail": "", "say": say, "me": home.setting("you.name")}
    body, by, tokens, loose = yield from _written(home, fields)
    line, line_by = subject, "you"
    if not line:
        line, line_by = yield from _titled(home, greeted, body, say)
    yield Text(text=body, title=line, tokens=tokens, unsupported=loose)
    arguments: dict[str, object] = {"to": people, "subject": line, "body": body}
    origins = {"to": origin, "subject": line_by, "body": by}
    yield keep(home, registry.propose("draft_mail", arguments, world(home), origins))


def answered(home: Home, *, text: str, sender: str, say: str) -> Iterator[Thinking | Token | Text]:
    """The body of a reply to a message that no mailbox holds; ``sender`` may be empty."""
    fields = {
        "form": REPLY,
        "sender": sender,
        "mail": _opening(text),
        "say": say,
        "me": home.setting("you.name"),
    }
    body, _, tokens, loose = yield from _written(home, fields, text)
    yield Text(text=body, tokens=tokens, unsupported=loose)


def _written(
    home: Home, fields: dict[str, str], mail: str = ""
) -> Generator[Thinking | Token, None, tuple[str, str, int, tuple[str, ...]]]:
    """The checked body, who its words are by, how many tokens it took, and what stands nowhere."""
    done = yield from wear(home, "draft", fields)
    source = "\n".join((fields["sender"], mail, fields["say"], fields["me"], COURTESY))
    body = faithful(done.text.strip(), fields["say"], fields["me"], source)
    by = "assistant" if body == done.text.strip() else "you"
    return body, by, done.tokens, _loose(body, source)


def _titled(home: Home, to: str, body: str, say: str) -> Generator[Thinking, None, tuple[str, str]]:
    """A new mail's subject line and who it is by; no correction of the mail is one of its subject."""
    fields = {"form": SUBJECT, "sender": to, "mail": _opening(_parts(body)[1]), "say": "", "me": ""}
    done = yield from quietly(replace(home, worn=None), "draft", fields, max_tokens=LINE_TOKENS)
    line = titled(done.text.strip(), body, say)
    return line, "assistant" if line == done.text.strip() else "you"


def titled(line: str, body: str, say: str) -> str:
    """``line``, or the person's own words shortened where it is too long or not about ``body``."""
    words = grounding.content_words(line)
    about = len(words & grounding.content_words(f"{_parts(body)[1]}\n{say}")) >= ABOUT * len(words)
    fits = 0 < len(line) <= LINE_CHARS and "\n" not in line
    if fits and about and not _loose(line, f"{body}\n{say}\n{COURTESY}"):
        return line
    own = " ".join(say.split())
    if len(own) > LINE_CHARS:
        cut = own[: LINE_CHARS - 1]
        own = (cut.rpartition(" ")[0] or cut).rstrip(" ,;:-") + "…"
    return own[0].upper() + own[1:]


def faithful(body: str, say: str, me: str, source: str) -> str:
    """``body``, or its greeting and closing around ``say`` where its middle is not what was said."""
    greeting, middle, closing = _parts(body, me)
    greets = greeting.endswith((",", "!")) and "\n" not in greeting and not _loose(greeting, source)
    closes = closing.endswith((me, *me.split()[:1])) and not _loose(closing, source)
    if greets and closes and _says(middle, say):
        return body
    own = say[0].upper() + say[1:] + ("." if say[-1].isalnum() else "")
    return "\n\n".join(part for part in (greeting if greets else "", own, closing if closes else me) if part)


def _parts(body: str, me: str = "") -> tuple[str, str, str]:
    """Greeting, middle and closing; all of it is the middle where it has not the form of a mail."""
    parts = body.split("\n\n")
    return (parts[0], " ".join(parts[1:-1]), parts[-1]) if len(parts) > 2 else ("", " ".join(parts), me)


def _says(text: str, say: str) -> bool:
    """Whether ``text`` has every number, name, weekday and month of ``say``, most of its words in order,
    and no others."""
    facts = grounding.figures(say) | grounding.names(say)
    if not facts <= grounding.content_words(text) | grounding.figures(text):
        return False
    if not _days(say, _SURE) <= _days(text):
        return False
    if _loose(text, f"{say}\n{COURTESY}"):  # the mail's day or price is not what the person said
        return False
    words, there = _words(say), _words(text)
    blocks = SequenceMatcher(None, words, there, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) >= SAID * len(words)


def _days(text: str, least: int = 0) -> set[tuple[str, int]]:
    """The weekdays and months that are named, in words of at least so many letters."""
    words = [word for word in _WORD.findall(fold(text)) if len(word) >= least]
    weekdays = {("weekday", when_words.WEEKDAYS[word]) for word in words if word in when_words.WEEKDAYS}
    return weekdays | {("month", when_words.MONTHS[word]) for word in words if word in when_words.MONTHS}


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
