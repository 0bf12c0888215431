"""Tally: questions of how many, which, when last and how much are answered by the store, not by the model.

A question is read by its words (app.flows.questions); its names, places and amounts must be known beyond
doubt (app.flows.planning). Then the store gives every item that fulfils the conditions, and code says the
figure and lists the items. Whatever is not certain is not answered here: no figure is better than a wrong
one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from app.core.types import Answer, Citation, ItemView, Scope
from app.flows import cards, figures, phrasing, questions
from app.flows.amounts import amounts, total
from app.flows.context import Home
from app.flows.phrasing import Counted, Result
from app.flows.planning import CONCEPTS, Plan, is_document, plans
from app.flows.questions import Asked
from app.store.inventory import Inventory, Query
from app.store.occasions import Occasion, known, occasions

LISTED = 500  # items that an answer lists
QUOTE = 200  # characters
_SOURCE = {  # all others: mail
    "note": "notes",
    "photo": "photos",
    "video": "photos",
    "event": "calendar",
    "flight": "calendar",
    "message": "messages",
    "document": "documents",
    "bookmark": "browser",
    "contact": "contacts",
    "health": "health",
}


def tally(home: Home, question: str, scope: Scope) -> Answer | None:
    """The exact answer, or None where the question is no such question or leaves a doubt."""
    if scope.people or scope.kinds or scope.after or scope.before:
        return None  # limits set beside the question: search knows them all
    found: dict[Plan, Result] = {}
    told: dict[Answer, None] = {}
    for asked in _widest(questions.read(question, home.now())):
        for source, answers in (("health", figures.answers), ("contacts", cards.answers)):
            if not scope.sources or source in scope.sources:
                told |= dict.fromkeys(answers(home, asked, question))
        for plan in plans(home, asked, question):
            if scope.sources and _SOURCE.get(plan.kind, "mail") not in scope.sources:
                continue
            if plan not in found and (result := _result(home, plan)) is not None:
                found[plan] = result
    if len(found) > 1:  # a month may be the last or the next one: it is the one that holds something
        found = {plan: result for plan, result in found.items() if result.total}
    if len(found) + len(told) != 1:
        return None
    if told:
        return next(iter(told))
    ((plan, result),) = found.items()
    return _answer(home, plan, result)


def _widest(readings: Sequence[Asked]) -> list[Asked]:
    """Without those that another reading says too, and more."""
    return [
        one
        for one in readings
        if not any(one.flags < other.flags and replace(one, flags=other.flags) == other for other in readings)
    ]


def _result(home: Home, plan: Plan) -> Result | None:
    """What is asked for; None where the store cannot tell all of it, or knows nothing of the kind."""
    if plan.kind in ("event", "flight"):
        return _events(home, plan)
    inventory = Inventory(home.index.db)
    if not inventory.any(plan.query.kinds):
        return None
    if plan.kind == "message":
        return _messages(inventory, plan)
    if plan.kind == "mail" and plan.asks in ("first", "last") and _also_messages(inventory, plan):
        return None
    attached = plan.kind in ("attachment", "file") or plan.query.attached
    if attached and inventory.unread(plan.query):
        return None
    if plan.kind in CONCEPTS or plan.amount is not None:
        return _documents(inventory, plan)
    oldest = plan.asks == "first"
    single = plan.asks in ("first", "last")
    items = inventory.items(plan.query, limit=1 if single else LISTED, oldest=oldest)
    if single or (plan.query.words and not items):
        return Result(total=1, found=(Counted(item=items[0], at=items[0].when),)) if items else None
    listed = tuple(Counted(item=item, at=item.when) for item in items)
    total = len(items) if len(items) < LISTED else inventory.count(plan.query)
    unplaced = msgspec.structs.replace(plan.query, place="", placeless=True)
    return Result(total=total, found=listed, placeless=inventory.count(unplaced) if plan.query.place else 0)


def _messages(inventory: Inventory, plan: Plan) -> Result | None:
    """Single messages are counted, the days on which they were written are listed."""
    found = inventory.messages(plan.query)
    if found is None or (plan.query.words and not found[1]):
        return None
    count, days = found
    if plan.asks in ("first", "last"):
        days = days[-1:] if plan.asks == "first" else days[:1]
        return Result(total=1, found=(Counted(item=days[0], at=days[0].when),)) if days else None
    listed = tuple(Counted(item=day, at=day.when) for day in days[:LISTED])
    if plan.query.words:  # said on these days: in which of their messages is not known
        return Result(total=len(days), found=listed)
    return Result(total=count, days=len(days), found=listed)


def _also_messages(inventory: Inventory, plan: Plan) -> bool:
    """Whether who is asked for writes messages too, so that a mail need not be the first or last word."""
    query = Query(kinds=("message",), party=plan.query.sender or plan.query.receiver or plan.query.party)
    return query.party is not None and inventory.count(query) > 0


def _events(home: Home, plan: Plan) -> Result | None:
    everything = Inventory(home.index.db).events()
    chosen = {event.uri: event for event in everything if plan.takes(event)}
    after, before = plan.query.after, plan.query.before
    within = [
        one
        for one in occasions(everything, home.zone)
        if (one.within(after, before) if plan.timed else _begins(one, plan.query))
    ]
    dates = [one for one in within if one.item.uri in chosen]
    if not chosen or (not dates and plan.asks in ("first", "last", "next")):
        return None
    if plan.asks == "last":
        dates, after = dates[-1:], dates[-1].begins
    elif plan.asks in ("first", "next"):
        dates, before = dates[:1], dates[0].begins
    if not all(known(event, after, before, home.zone) for event in chosen.values()):
        return None
    listed = tuple(Counted(item=one.item, at=one.begins) for one in dates[:LISTED])
    others = [one for one in within if one.item.uri not in chosen and plan.event.mentions(one.item)]
    if plan.asks == "last":
        others = [one for one in others if one.begins > dates[0].begins]
    elif plan.asks in ("first", "next"):
        others = [one for one in others if one.begins < dates[0].begins]
    return Result(total=len(dates), found=listed, mentioned=len(others))


def _begins(one: Occasion, query: Query) -> bool:
    """Where no time was named what counts is whether it has begun."""
    return (query.after is None or one.begins >= query.after) and (
        query.before is None or one.begins < query.before
    )


def _documents(inventory: Inventory, plan: Plan) -> Result | None:
    """Mails and attachments with what they come to; an attachment belongs to its mail."""
    items = inventory.items(plan.query)
    if plan.kind in CONCEPTS:
        items = tuple(item for item in items if is_document(item))
    mails = {item.uri: item for item in items if item.kind == "mail"}
    attached = {item.uri: item for item in items if item.kind == "attachment"}
    parts = {uri: [a for a in attached.values() if a.links[:1] == (uri,)] for uri in mails}
    alone = [a for a in attached.values() if a.links[:1] and a.links[0] not in mails]
    found: list[Counted] = []
    others = 0
    for item in sorted([*mails.values(), *alone], key=lambda i: -(i.when.timestamp() if i.when else 0)):
        one = _priced(plan, item, parts.get(item.uri, []))
        if one is None:
            return None
        if isinstance(one, bool):
            others += one
        else:
            found.append(one)
    if plan.asks in ("first", "last"):
        found = found[-1:] if plan.asks == "first" else found[:1]
    if not found:
        return None  # a bill that is not called one cannot be told from none
    return Result(total=len(found), found=tuple(found[:LISTED]), others=others)


def _priced(plan: Plan, item: ItemView, parts: Sequence[ItemView]) -> Counted | bool | None:
    """The document, when it counts; False: it does not, True: for its currency alone; None: not certain."""
    texts = [*(part for part in parts if list(amounts(part.text))), item]
    holder = texts[0]
    said = list(amounts(holder.text))
    if plan.asks == "sum":
        sure = total(holder.text)
        return Counted(item=holder, at=item.when, amount=sure) if sure else None
    if plan.amount is None:
        return Counted(item=item, at=item.when)
    same = [one for one in said if one.currency == plan.amount.currency]
    if not same:
        return bool(said)
    hits = [one for one in same if plan.fits(one.value)]
    if plan.kind not in CONCEPTS:  # a mail that mentions such an amount
        return Counted(item=holder, at=item.when, amount=hits[0]) if hits else False
    sure = total(holder.text)
    if sure is None and hits and len(hits) < len(same):
        return None
    if sure is not None and sure.currency != plan.amount.currency:
        return True
    counts = plan.fits(sure.value) if sure else bool(hits)
    return Counted(item=holder, at=item.when, amount=sure or hits[0]) if counts else False


def _answer(home: Home, plan: Plan, result: Result) -> Answer | None:
    text = phrasing.sentence(plan, result, now=home.now(), indexing=home.indexing.locked())
    if not text:
        return None
    return Answer(
        text=text,
        citations=tuple(_citation(n, one, home) for n, one in enumerate(result.found, 1)),
        supported=True,
    )


def _citation(n: int, found: Counted, home: Home) -> Citation:
    """The line of the amount, or how the item begins."""
    text = found.item.text
    start, end = 0, min(len(text), QUOTE)
    if found.amount is not None:
        start = max(text.rfind("\n", 0, found.amount.start) + 1, found.amount.start - QUOTE // 2)
        line = text.find("\n", found.amount.end)
        end = min(line if line >= 0 else len(text), found.amount.end + QUOTE // 2)
    return Citation(
        n=n,
        uri=found.item.uri,
        start=start,
        end=end,
        title=found.item.title,
        quote=text[start:end],
        kind=found.item.kind,
        when=found.at.astimezone(home.zone) if found.at else None,
    )
