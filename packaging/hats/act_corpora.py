"""Requests with slots made of the training parts of act_nlu_home (CC BY 4.0) and act_clinc150 (CC BY 3.0).

Only what maps cleanly is taken: the words of every slot stand in the utterance, and what is left
over is filler. What the measure holds back is never read.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from app.flows.measures import act as measure
from app.flows.measures.act import NONE, Said

Piece = tuple[str, str]
Spans = dict[str, tuple[int, int]]

NONE_AN_INTENT = {"home": 10, "clinc": 4}  # examples of each intent that asks for nothing we do
NEAR_AN_INTENT = {"home": 36, "clinc": 14}  # of those that sound alike
_NEAR = re.compile(
    r"^(calendar|alarm|email|lists|reminder|todo_list|shopping_list|text|make_call|meeting_schedule|"
    r"social_post|transport_ticket|transport_taxi|update_playlist|schedule_meeting|datetime|pto_request|"
    r"restaurant_reservation|general_quirky|recommendation_events|oos|iot_coffee|takeaway_order)"
)
_FILE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _whole(pattern: str) -> str:
    """With the named parts put in; <WHO> stays for who is written to."""
    parts: dict[str, str] = _FILE["parts"]
    while (once := re.sub(r"<([A-Z]+)>", lambda m: parts.get(m[1], "\1WHO\1"), pattern)) != pattern:
        pattern = once
    return pattern.replace("\1", "\2")


FORMS: dict[str, list[str]] = {name: [_whole(p) for p in forms] for name, forms in _FILE["forms"].items()}
WHO = "\2WHO\2"
_WHEN = re.compile(_whole(_FILE["parts"]["WHEN"]))
_LEAD = re.compile(r"^(?:at|on|for|in the|the(?= \w+day)) ")
_FILLER = frozenset(
    """a add an and appointment at calendar can could create event for hey i in is make meeting my new next
    of on please plan put schedule set the to up with you will would it its called this book enter mark that
    have need want i'd like arrange organize there am going me do note down date hi just us block
    off""".split()
)


def requests(corpora: Path, seed: int = 3) -> Iterator[tuple[str, list[Piece]]]:
    """Action and pieces of every utterance taken."""
    chance = random.Random(seed)
    home = [s for s in measure.home(corpora / "act_nlu_home") if not measure.held_back(s.text)]
    clinc = measure.clinc(corpora / "act_clinc150", "train")
    for name, said in (("home", home), ("clinc", clinc)):
        for one in said:
            spans = None if one.action == NONE else _spans(one)
            if spans is not None:
                yield one.action, _cut(one.text, spans)
        yield from (("none", [("", one.text)]) for one in _nones(chance, name, said))


def _nones(chance: random.Random, name: str, said: list[Said]) -> Iterator[Said]:
    by_intent: dict[str, list[Said]] = {}
    for one in said:
        if one.action == NONE:
            by_intent.setdefault(one.intent, []).append(one)
    for intent, listed in sorted(by_intent.items()):
        most = (NEAR_AN_INTENT if _NEAR.match(intent) else NONE_AN_INTENT)[name]
        yield from chance.sample(listed, min(most if intent != "oos" else 100, len(listed)))


def _spans(said: Said) -> Spans | None:
    """Where each slot stands in the utterance; None where it cannot be told."""
    text = said.text.lower()
    match said.action:
        case "create_note":
            return _first(FORMS["list"], text)
        case "draft_mail":
            return _mail(said, text)
        case "reminder":
            return _timed(text, _reminder)
    return _timed(text, lambda rest: _event(said, rest))


def _first(patterns: Sequence[str], text: str) -> Spans | None:
    for pattern in patterns:
        if match := re.fullmatch(pattern, text):
            named = {name: match.span(name) for name, words in match.groupdict().items() if words}
            if "title" in named and text[slice(*named["title"])] not in ("new", "whole", "same"):
                first, last = named["title"]
                named["title"] = (first, last + (5 if text[last:].startswith(" list") else 0))
            for other in ("of", "alarm"):
                if other in named:
                    named["title"] = named.pop(other)
            return named
    return None


def _timed(text: str, find: Callable[[str], Spans | None]) -> Spans | None:
    """The time apart, and the slots of what is left; positions stay, as the time is blanked out."""
    whens = list(_WHEN.finditer(text))
    if len(whens) > 1:
        return None
    blanked = text
    spans: Spans = {}
    if whens:
        first, last = whens[0].span()
        if lead := _LEAD.match(text[first:last]):
            first += lead.end()
        spans["when"] = (first, last)
        before = re.search(r"(?:\b(?:at|on|for|by|from|in the|the) )*$", text[:first])
        start = before.start() if before else first
        blanked = text[:start] + "\0" * (last - start) + text[last:]
    found = find(blanked)
    return None if found is None else {**found, **spans}


def _reminder(blanked: str) -> Spans | None:
    inner = re.sub(r" ?\0+,?", lambda m: "\0" * len(m[0]), blanked)
    kept = [at for at, char in enumerate(inner) if char != "\0"]
    plain = "".join(inner[at] for at in kept).strip()
    offset = len("".join(inner[at] for at in kept)) - len("".join(inner[at] for at in kept).lstrip())
    found = _first(FORMS["reminder"], plain)
    if found is None:
        return None
    spans: Spans = {}
    for name, (first, last) in found.items():
        a, b = kept[first + offset], kept[last - 1 + offset] + 1
        if "\0" in inner[a:b]:
            return None  # the time stands in the middle of what is to be done
        spans[name] = (a, b)
    return spans


def _mail(said: Said, text: str) -> Spans | None:
    people = [(a, b) for entity, a, b in said.spans if entity in ("person", "relation", "email_address")]
    if re.fullmatch(FORMS["bare_mail"][0], text):
        return {} if not people else None
    if not people:
        return None
    first, last = people[0]
    for lead in ("my ", "the ", "our "):
        if text[:first].endswith(lead):
            first -= len(lead)
    who = re.escape(text[first:last])
    for pattern in FORMS["mail"]:
        match = re.fullmatch(pattern.replace(WHO, who), text)
        if match is None:
            continue
        spans: Spans = {"who": match.span("who")}
        if "text" in match.groupdict():
            return {**spans, "text": match.span("text")}
        for rest in FORMS["rest"]:
            if tail := re.fullmatch(rest, match["rest"]):
                base = match.start("rest")
                return spans | {n: (base + tail.start(n), base + tail.end(n)) for n in tail.groupdict()}
    return None


def _event(said: Said, blanked: str) -> Spans | None:
    spans = _annotated(said) if said.spans else _first(FORMS["event"], blanked)
    if spans is None or not {"title", "who"} & set(spans):
        return None
    taken = {at for first, last in spans.values() for at in range(first, last)}
    if any(blanked[at] == "\0" for at in taken):
        return None
    left = "".join(" " if at in taken or char == "\0" else char for at, char in enumerate(blanked))
    if set(re.findall(r"[\w']+", left)) - _FILLER:
        return None
    if "title" not in spans and (match := re.search(r"\b(meeting|appointment)\b", blanked)):
        spans["title"] = match.span()
    return spans


_ENTITIES = {"title": ("event_name", "meal_type"), "who": ("person", "relation"), "where": ("place_name",)}


def _annotated(said: Said) -> Spans | None:
    """Of the corpus's own entities; None where a slot would have two."""
    spans: Spans = {}
    for slot, entities in _ENTITIES.items():
        found = [(first, last) for entity, first, last in said.spans if entity in entities]
        if len(found) > 1:
            return None
        if found:
            spans[slot] = found[0]
    return spans


def _cut(text: str, spans: Spans) -> list[Piece]:
    pieces: list[Piece] = []
    at = 0
    for slot, (first, last) in sorted(spans.items(), key=lambda item: item[1]):
        pieces += [("", text[at:first]), (slot, text[first:last])]
        at = last
    return [piece for piece in (*pieces, ("", text[at:])) if piece[1]]
