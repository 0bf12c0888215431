"""From the words a person used to typed arguments: times, durations, people, places."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

import msgspec

from app.core import when
from app.core.types import Nothing, Record
from app.flows.context import Home
from app.flows.grounding import content_words
from app.flows.recipients import recipients

Arguments = dict[str, object]
Origins = dict[str, str]
Filled = tuple[Arguments, Origins] | Nothing

_NAMES = re.compile(r"\s*(?:,|&|\band\b|\bund\b|\be\b|\by\b|\bet\b)\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class Plan(Record, frozen=True, kw_only=True):
    """What the model may say: an action's name and pieces of the request."""

    action: Literal["create_event", "draft_mail", "create_note", "reminder", "none"]
    title: str = ""
    when: str = ""
    where: str = ""
    who: str = ""
    text: str = ""


def said(plan: Plan, request: str) -> Plan:
    """The plan without the slots whose words the person never said: a model makes things up."""
    words = content_words(request)
    kept = {
        name: value if content_words(value) <= words else ""
        for name, value in msgspec.structs.asdict(plan).items()
        if name != "action"
    }
    return msgspec.structs.replace(plan, **kept)


def fill(home: Home, plan: Plan, request: str) -> Filled:
    """Typed arguments with their origins, or Nothing that asks for what is missing."""
    fillers: dict[str, Callable[[Home, Plan, str], Filled]] = {
        "create_event": _event,
        "draft_mail": _mail,
        "create_note": _note,
        "reminder": _reminder,
    }
    return fillers[plan.action](home, plan, request)


def _event(home: Home, plan: Plan, request: str) -> Filled:
    point = _point(home, plan, request)
    if point is None:
        return Nothing(reason="When should it be? Please say a day or a time.")
    title = _title(plan.title or plan.text, request)
    length = when.duration(request)
    people, found, _ = _people(home, plan.who)
    # a day has no offset: written with one it would not end at midnight where clocks change on it
    start = point.at if point.has_clock else point.at.replace(tzinfo=None)
    arguments: Arguments = {"title": title, "start": start.isoformat(), "all_day": not point.has_clock}
    if point.has_clock and length is not None:
        arguments["end"] = (point.at + length).isoformat()
    if plan.where:
        arguments["location"] = plan.where
    if people:
        arguments["attendees"] = people
    return arguments, found


def _mail(home: Home, plan: Plan, request: str) -> Filled:
    people, found, unknown = _people(home, plan.who)
    if unknown or not people:
        who = ", ".join(unknown) or "nobody"
        return Nothing(reason=f"Whom to? No mail address is known for {who}; please write the address.")
    body = plan.text or plan.title or request
    arguments: Arguments = {"to": people, "subject": _title(plan.title or plan.text, request), "body": body}
    return arguments, {"to": found.get("attendees", "you")}


def _note(home: Home, plan: Plan, request: str) -> Filled:
    text = plan.text or request
    return {"title": _title(plan.title or text, request), "text": text}, {}


def _reminder(home: Home, plan: Plan, request: str) -> Filled:
    point = _point(home, plan, request)
    if point is None:
        return Nothing(reason="When should I remind you? Please say a day or a time.")
    due = point.at if point.has_clock else point.at.replace(hour=9, minute=0)
    origins = {} if point.has_clock else {"due": "assistant: nine in the morning"}
    return {"text": _title(plan.text or plan.title, request), "due": due.isoformat()}, origins


def _point(home: Home, plan: Plan, request: str) -> when.Point | None:
    """The time of the slot; the request's own where the slot is only a part of what was said there."""
    slot, whole = when.point(plan.when, home.now()), when.point(request, home.now())
    if slot is None or whole is None:
        return slot or whole
    said = content_words(request[whole.start : whole.end])
    return whole if content_words(plan.when) <= said else slot


def _title(words: str, request: str) -> str:
    line = " ".join((words or request).split())
    line = line if len(line) <= 80 else line[:77].rsplit(" ", 1)[0] + "…"
    return line[:1].upper() + line[1:]


def _people(home: Home, who: str) -> tuple[list[str], Origins, list[str]]:
    """Addresses that were written out, and those the store knows for names; last the unknown names."""
    addresses = _ADDRESS.findall(who)
    names = [name for part in _NAMES.split(_ADDRESS.sub("", who)) if (name := part.strip(" <>()"))]
    known = {name: home.people.address(name) for name in names}
    people = recipients("; ".join([*addresses, *filter(None, known.values())]))
    unknown = [name for name, address in known.items() if not address]
    if not any(known.values()):
        return people, {}, unknown
    missing = f"; no address is known for {', '.join(unknown)}" if unknown else ""
    return people, {"attendees": f"from your mails and events{missing}"}, unknown
