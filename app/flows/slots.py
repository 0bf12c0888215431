"""From the words a person used to typed arguments: times, durations, people, places."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import msgspec

from app.core import when
from app.core.types import Nothing, Record
from app.flows.context import Home
from app.flows.copying import as_said
from app.flows.dictation import figured
from app.flows.grounding import content_words
from app.flows.intent import Action, plain, worded
from app.flows.recipients import recipients

Arguments = dict[str, object]
Origins = dict[str, str]
Filled = tuple[Arguments, Origins] | Nothing

_NAMES = re.compile(r"\s*(?:,|&|\band\b|\bund\b|\be\b|\by\b|\bet\b)\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


_MARKS = " ,;:.!?\n\t"
_LEADS = {
    "when": re.compile(r"^(?:on|at|um|am|le|el|à)\s+(?=\S)", re.IGNORECASE),
    "where": re.compile(r"^(?:at|in|im|à|en)\s+(?=\S)", re.IGNORECASE),
    "who": re.compile(r"^(?:with|to|mit|avec|con)\s+(?=\S)", re.IGNORECASE),
}
# what asks for a deed, and is no part of its title
_ASKING = re.compile(
    r"^(?:(?:please|hey|hi|ok|can|could|would|will|you|i|i'd|i'm|i've|want|need|have|got|like|set|up|put|add|"
    r"enter|book|make|create|schedule|plan|arrange|mark|note|remind|me|about|that|to|of|a|an|the|my|new|"
    r"reminder|event|for|in|down)\b[ ,:]*)+|"
    r"[ ,]*\b(?:(?:in|to|into|on) (?:my|the|our) (?:calendar|diary|agenda|schedule)|please|thanks|"
    r"(?:put|add|enter) (?:it|that)(?: in| down)?|remind me)\b",
    re.IGNORECASE,
)


class Plan(Record, frozen=True, kw_only=True):
    """What the model may say: an action's name and pieces of the request."""

    action: Action
    title: str = ""
    when: str = ""
    where: str = ""
    who: str = ""
    text: str = ""


def read(answer: str, request: str) -> Plan | None:
    """What of the model's answer is kept. None: it is no plan.

    Its slots are kept in the words of the request; an action the request names in so many words
    goes before the model's.
    """
    try:
        plan = said(msgspec.json.decode(answer, type=Plan), request)
    except msgspec.DecodeError:
        return None
    named = plain(request)
    return plan if named in (None, plan.action) else _turned(plan, named, request)


def _turned(plan: Plan, action: Action, request: str) -> Plan:
    """Another action with what the words show, and what the model had found for its own."""
    found = worded(action, request)
    text, title = found.get("text", plan.text), found.get("title", plan.title)
    if action == "none":
        return Plan(action=action)
    if action in ("create_event", "reminder"):
        time = plan.when or _time(request)
        named = title or text or _rest(request, time, plan.where)
        return Plan(action=action, title=named, when=time, where=plan.where, who=plan.who)
    if action == "create_note":
        return Plan(action=action, title=title if text else "", text=text or title)
    return Plan(action=action, title=title, who=found.get("who", plan.who), text=text)


def said(plan: Plan, request: str) -> Plan:
    """The plan with each slot as the person said it, and without those nobody said.

    A model makes things up, changes words while it copies them, and takes along what leads up to
    them ("with Ana", "on Friday").
    """
    words = content_words(request)
    kept = {}
    for name, value in msgspec.structs.asdict(plan).items():
        if name == "action":
            continue
        copied = as_said(value, request) if plan.action != "none" else ""
        bare = _LEADS[name].sub("", copied) if name in _LEADS else copied
        kept[name] = bare.strip(_MARKS) if content_words(bare) <= words else ""
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
    title = _named(plan, request)
    length = when.duration(figured(request))
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
    return {"text": _named(plan, request), "due": due.isoformat()}, origins


def _point(home: Home, plan: Plan, request: str) -> when.Point | None:
    """The time of the slot; the request's own where the slot is only a part of what was said there."""
    named, asked = figured(plan.when), figured(request)
    slot, whole = when.point(named, home.now()), when.point(asked, home.now())
    if slot is None or whole is None:
        return slot or whole
    return whole if content_words(named) <= content_words(asked[whole.start : whole.end]) else slot


def _named(plan: Plan, request: str) -> str:
    """The title; without one, who is met, or the request without its time and what only asks."""
    if plan.title or plan.text:
        return _title(plan.title or plan.text, request)
    if plan.action == "create_event" and plan.who:
        return _title(f"Meeting with {plan.who}", request)
    return _title(_rest(request, plan.when, plan.where), request)


def _rest(request: str, *said: str) -> str:
    """The request without what was ``said`` and what only asks; all of it where nothing is left."""
    rest = request
    for words in filter(None, said):
        rest = re.sub(rf"(?:\b(?:on|at|for|by|in)\s+)?{re.escape(words)}", " ", rest)
    rest = " ".join(_ASKING.sub(" ", rest).split()).strip(_MARKS)
    return rest if content_words(rest) else request


def _time(request: str) -> str:
    """The words of ``request`` that name a moment, whichever that is."""
    point = when.point(request, datetime(2000, 1, 1))
    return _LEADS["when"].sub("", request[point.start : point.end].strip()) if point else ""


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
