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
    people, found = _people(home, plan.who)
    arguments: Arguments = {"title": title, "start": point.at.isoformat(), "all_day": not point.has_clock}
    if point.has_clock and length is not None:
        arguments["end"] = (point.at + length).isoformat()
    if plan.where:
        arguments["location"] = plan.where
    if people:
        arguments["attendees"] = people
    return arguments, found


def _mail(home: Home, plan: Plan, request: str) -> Filled:
    people, found = _people(home, plan.who)
    if not people:
        who = plan.who or "nobody"
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


def _people(home: Home, who: str) -> tuple[list[str], Origins]:
    """Addresses written out, else the address the store knows for a name; unknown ones are left out."""
    addresses = _ADDRESS.findall(who)
    rest = [name for name in _NAMES.split(_ADDRESS.sub("", who)) if name.strip()]
    known = [person for name in rest if (person := home.people.address(name.strip()))]
    origins = {"attendees": "from your mails and events"} if known else {}
    return [*addresses, *known], origins
