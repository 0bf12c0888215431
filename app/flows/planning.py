"""From a question in parts to a typed query: each name, place, amount and time known beyond doubt."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import msgspec

from app.core import when
from app.core.types import ItemView, Record
from app.flows import questions
from app.flows.amounts import Amount, amounts
from app.flows.context import Home
from app.flows.questions import Asked
from app.store.inventory import Inventory, Query, in_place, says, words_of
from app.store.passages import fold
from app.store.people import Known

CONCEPTS = frozenset(("invoice", "quote", "booking", "order", "ticket"))  # documents known by their titles
_FILES = {  # things that are files of one sort, attached or by themselves
    "pdf": (".pdf",),
    "docx": (".docx",),
    "spreadsheet": (".xlsx", ".xls", ".xlsm", ".ods"),
    "slides": (".pptx", ".ppt", ".odp"),
}
_APPS = ("whatsapp", "telegram", "signal", "slack", "sms")
_AS = {**dict.fromkeys(_FILES, "file"), **dict.fromkeys(_APPS, "message")}
_KINDS = {"file": ("attachment", "document"), "bookmark": ("webpage",)}  # of items; others are called so
_COMPARE = {"over": operator.gt, "under": operator.lt, "least": operator.ge, "most": operator.le}
_TAKES: dict[str, frozenset[str]] = {  # the parts that say something of a kind; any other is for the model
    "mail": frozenset(("from", "to", "party", "topic", "amount", "sent", "got", "attached")),
    "attachment": frozenset(("from", "to", "sent", "got")),
    "note": frozenset(("topic",)),
    "photo": frozenset(("place", "past")),
    "video": frozenset(("place", "past")),
    "file": frozenset(("from", "to", "topic", "sent", "got")),
    "document": frozenset(("from", "topic")),
    "message": frozenset(("from", "topic", *_APPS)),
    "bookmark": frozenset(("topic",)),
    "contact": frozenset(("place", "topic")),
    "event": frozenset(("with", "doing", "past", "future")),
    "flight": frozenset(("past", "future")),
    "concept": frozenset(("from", "to", "amount", "sent", "got")),
}


class Event(Record, frozen=True, kw_only=True):
    """Which events are asked for."""

    titled: tuple[str, ...] = ()  # words that stand in the title
    met: str = ""  # who is named in it, or takes part
    person: Known | None = None

    def mentions(self, event: ItemView) -> bool:
        """Whether it names the person anywhere, if only in its description."""
        return bool(self.met) and words_of(self.met) <= words_of(event.text)

    def takes(self, event: ItemView) -> bool:
        title = words_of(event.title)
        return all(says(word, title) for word in self.titled) and (not self.met or self._meets(event, title))

    def _meets(self, event: ItemView, title: frozenset[str]) -> bool:
        """Whether the person takes part, or the title names them as someone who is there."""
        addresses = self.person.addresses if self.person else ()
        if any(address and address in who.lower() for who in event.people for address in addresses):
            return True
        if title & _unmet():
            return False
        names = {self.met, self.person.name.split()[0] if self.person else self.met}
        return any(_names(name, event.title) for name in names)


class Plan(Record, frozen=True, kw_only=True):
    """A question whose every part is known: what the store is asked, and what is said back."""

    asks: str  # count | list | sum | first | last | next
    language: str
    kind: str  # mail | attachment | note | photo | event | flight …, or one of CONCEPTS; file: of one sort
    thing: str = ""  # as it was called: pdf
    query: Query
    timed: bool = False
    compares: str = ""
    amount: Amount | None = None
    event: Event = Event()
    told: tuple[tuple[str, str], ...] = ()  # the conditions, to be said back

    def fits(self, value: Decimal) -> bool:
        """Whether an amount fulfils the comparison."""
        return self.amount is not None and bool(_COMPARE[self.compares](value, self.amount.value))

    def takes(self, event: ItemView) -> bool:
        """Whether it is an event of the kind that is asked for, whenever it takes place."""
        if self.kind == "flight":
            return bool(_titles("flight") & words_of(event.title)) or bool(
                _shape("flight").search(event.title)
            )
        return self.event.takes(event)


_UNDATED = ("note", "document", "bookmark", "contact")  # its date may be that of its last change, or visit


def plans(home: Home, asked: Asked, question: str) -> Iterator[Plan]:
    """Every typed query that ``asked`` can mean: none where a part is not known, two for two times."""
    kind = _AS.get(asked.thing.kind, asked.thing.kind)
    parts = set(asked.slots) | asked.flags
    if kind == "message" and "topic" in parts and asked.asks == "count":
        return  # it is known on which days something was said, not in how many messages
    takes = _TAKES.get("concept" if kind in CONCEPTS else kind)
    if takes is None or not parts <= takes or asked.asks in ("mean", "tell"):
        return
    if kind == "file" and asked.timed and Inventory(home.index.db).any(("document",)):
        return  # an attachment has the date of its mail, a document that of its last change
    amount = _amount(asked)
    if (asked.compares and amount is None) or (asked.asks == "sum" and kind not in CONCEPTS):
        return
    query = _query(home, asked, kind)
    event = _event(home, asked) if kind == "event" else Event()
    if query is None or event is None:
        return
    for after, before in _times(home, asked, kind, question):
        yield Plan(
            asks=asked.asks,
            language=asked.language,
            kind=kind,
            thing=asked.thing.kind,
            query=msgspec.structs.replace(query, after=after, before=before),
            timed=asked.timed,
            compares=asked.compares,
            amount=amount,
            event=event,
            told=_told(asked, query, amount, event.titled),
        )


def is_document(item: ItemView) -> bool:
    """No answer to a mail about it, and not that mail sent on."""
    return re.search(questions.data()["replies"]["title"], item.title, re.IGNORECASE) is None


# --- what the store is asked -------------------------------------------------------------------


def _query(home: Home, asked: Asked, kind: str) -> Query | None:
    people: dict[str, Known] = {}
    for slot, name in (("from", "sender"), ("to", "receiver"), ("party", "party")):
        if slot in asked.slots:
            person = home.people.one(named(asked.slots[slot]))
            if person is None:
                return None
            people[name] = person
    if asked.flags & {"sent", "got"} and "sender" not in people and kind != "message":
        me = home.people.me()
        if me is None:
            return None
        people["sender" if "sent" in asked.flags else "but_from"] = me
    elif "sent" in asked.flags:
        return None  # sent by me and by someone else
    place = asked.slots.get("place", "")
    kinds = ("mail", "attachment") if kind in CONCEPTS else _KINDS.get(kind, (kind,))
    if place and not any(in_place(place, one) for one in Inventory(home.index.db).places(kinds)):
        return None
    app = [name for name in _APPS if name in (asked.thing.kind, *asked.flags)]
    if len(app) > 1:
        return None
    if kind == "file" and people:
        kinds = ("attachment",)  # a document has an author, and nobody who sent it
    return Query(
        kinds=kinds,
        titled=tuple(sorted(_titles(kind))) if kind in CONCEPTS else (),
        words=_content(asked, "topic"),
        place=place,
        suffixes=_FILES.get(asked.thing.kind, ()),
        category="bookmark" if kind == "bookmark" else "".join(app),
        attached="attached" in asked.flags,
        sender=people.get("sender"),
        receiver=people.get("receiver"),
        party=people.get("party"),
        but_from=people.get("but_from"),
    )


def _event(home: Home, asked: Asked) -> Event | None:
    """The conditions on an event's title and people; None where no event is known by them."""
    met = named(asked.slots.get("with", ""))
    person = home.people.one(met) if met else None
    if met and person is None and home.people.called(met):
        return None  # several are called that
    doing = _content(asked, "doing")
    wanted = [(*asked.thing.words, asked.thing.noun)] if asked.thing.noun else [doing]
    if met and asked.thing.droppable and not asked.thing.words:
        wanted.append(())  # "meetings with Ana" need not be called that
    if asked.thing.noun and not asked.thing.words and not met:
        return None  # "meetings" alone: every event, or those with the word in the title?
    titles = [words_of(event.title) for event in Inventory(home.index.db).events()]
    if doing and frozenset(doing) not in titles:
        return None  # "rowing" is known where an event is called just that
    for words in wanted:
        if not words or any(all(says(word, title) for word in words) for title in titles):
            return Event(titled=tuple(words), met=met, person=person)
    return None


def _times(
    home: Home, asked: Asked, kind: str, question: str
) -> Iterator[tuple[datetime | None, datetime | None]]:
    """The range to look at, in each sense that a month or weekday without a year can have."""
    now, event = home.now(), kind in ("event", "flight")
    past = "past" in asked.flags or asked.asks in ("last", "first")
    future = "future" in asked.flags or asked.asks == "next"
    directions = (-1,) if past or not event else (1,) if future else (-1, 1)
    seen = set()
    for direction in directions:
        after: datetime | None = None
        before: datetime | None = None
        if asked.timed:
            span = when.parse(question, now, direction=direction)
            if kind in _UNDATED or span is None or span.is_point:
                return
            after, before = span.after, span.before
        if past and (event or asked.asks in ("last", "first")):
            before = min(before or now, now)
        if event and future:
            after = max(after or now, now)
        if (after, before) not in seen and (after is None or before is None or after < before):
            seen.add((after, before))
            yield after, before


def _amount(asked: Asked) -> Amount | None:
    """The one amount that was named, with its currency."""
    words = asked.slots.get("amount", "")
    found = list(amounts(words))
    if len(found) != 1 or found[0].start or found[0].end != len(words):
        return None
    return Amount(value=found[0].value, currency=found[0].currency)


def _content(asked: Asked, slot: str) -> tuple[str, ...]:
    """The words of a slot as they are compared, in their order, without articles."""
    return tuple(dict.fromkeys(word for said in _bare(asked, slot) for word in words_of(said)))


def _bare(asked: Asked, slot: str) -> list[str]:
    articles = questions.data()[asked.language]["articles"].split()
    return [
        word for word in re.findall(r"[^\W_]+", asked.slots.get(slot, "")) if word.lower() not in articles
    ]


# --- what is said back -------------------------------------------------------------------------


_APP_NAMES = dict(zip(_APPS, ("WhatsApp", "Telegram", "Signal", "Slack", "SMS"), strict=True))


def _told(
    asked: Asked, query: Query, amount: Amount | None, titled: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    said = {
        "file": asked.thing.kind.upper() if asked.thing.kind in ("pdf", "docx") else "",
        "from": query.sender.name if query.sender and "sent" not in asked.flags else "",
        "to": query.receiver.name if query.receiver else "",
        "party": query.party.name if query.party else "",
        "with": asked.slots.get("with", ""),
        "words": " ".join(_bare(asked, "topic") or titled),
        "place": query.place,
        "app": _APP_NAMES.get(query.category, ""),
    }
    told = [(name, words) for name, words in said.items() if words]
    told += [(flag, "") for flag in ("sent", "got", "attached") if flag in asked.flags]
    if query.sender and "sent" not in asked.flags:
        told = [one for one in told if one[0] != "got"]
    if amount is not None:
        told += [] if asked.thing.kind in CONCEPTS else [("naming", "")]
        told.append((asked.compares, f"{amount.value:,} {amount.currency}"))
    return tuple(told)


def named(said: str) -> str:
    """A name without "Mr" before it."""
    salutations = questions.data()["salutations"]["words"].split()
    first, _, rest = said.partition(" ")
    return rest if rest and fold(first).strip(".") in salutations else said


# --- words of the data file --------------------------------------------------------------------


@functools.cache
def _titles(concept: str) -> frozenset[str]:
    return frozenset(questions.data()["concepts"][concept].split())


@functools.cache
def _shape(concept: str) -> re.Pattern[str]:
    return re.compile(questions.data()["shapes"][concept])


@functools.cache
def _unmet() -> frozenset[str]:
    return frozenset(questions.data()["unmet"]["words"].split())


def _names(name: str, title: str) -> bool:
    """Whether ``title`` names someone, and not what is theirs ("Duarte's colleague")."""
    own = re.sub(r"[^\W_]+['’]s?(?!\w)", " ", title)
    return bool(words_of(name)) and words_of(name) <= words_of(own)
