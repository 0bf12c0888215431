"""Writes adapters/act/train.jsonl: requests put together from phrases written for this project."""

from __future__ import annotations

import json
import random
import tomllib
from pathlib import Path

COUNT = {"create_event": 320, "reminder": 250, "draft_mail": 280, "create_note": 220}
SLOTS = ("title", "when", "where", "who", "text")

PHRASES: dict[str, list[str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
POLITE = [
    "",
    "",
    "",
    "",
    "",
    "please ",
    "hey, ",
    "hi, can you ",
    "ok ",
    "could you please ",
    "I'd like you to ",
]


def rows(seed: int = 7) -> list[dict[str, object]]:
    chance = random.Random(seed)
    made = [
        row
        for action, forms in (
            ("create_event", PHRASES["event_forms"]),
            ("reminder", PHRASES["reminder_forms"]),
            ("draft_mail", PHRASES["mail_forms"]),
            ("create_note", PHRASES["note_forms"]),
        )
        for row in _requests(chance, action, forms, COUNT[action])
    ]
    for sentence in PHRASES["none"]:
        for form in chance.sample(PHRASES["none_forms"], 2):
            made.append(_row(_dressed(chance, form.format(sentence), {})[0], "none", {}))
    unique = {json.dumps(row["fields"]): row for row in made}
    found = list(unique.values())
    chance.shuffle(found)
    return found


def _requests(chance: random.Random, action: str, forms: list[str], count: int) -> list[dict[str, object]]:
    found = []
    for number in range(count):
        form = forms[number % len(forms)]
        slots = {name: value for name, value in _slots(chance, action).items() if "{" + name + "}" in form}
        request, slots = _dressed(chance, form.format(**slots), slots)
        if "where" in slots:  # "at home" is said, "home" is the place
            slots["where"] = slots["where"].split(" ", 1)[1]
        if "when" in slots:
            slots["when"] = slots["when"].removeprefix("on ").removeprefix("at ").removeprefix("On ")
        found.append(_row(request, action, slots))
    return found


def _slots(chance: random.Random, action: str) -> dict[str, str]:
    titles = {"create_event": "events", "reminder": "chores", "draft_mail": "topics"}.get(
        action, "note_titles"
    )
    texts = PHRASES["notes"] if action == "create_note" else PHRASES["says"]
    return {
        "title": chance.choice(PHRASES[titles]),
        "when": chance.choice(PHRASES["whens"]),
        "where": chance.choice(PHRASES["places"]),
        "who": chance.choice(PHRASES["people"]),
        "text": chance.choice(texts),
    }


def _dressed(chance: random.Random, request: str, slots: dict[str, str]) -> tuple[str, dict[str, str]]:
    """As people type: a capital or none, a full stop or none, polite or not."""
    opening = request.split(" ", 1)[0]
    if opening in (
        "put",
        "add",
        "schedule",
        "book",
        "set",
        "make",
        "remind",
        "write",
        "email",
        "tell",
        "draft",
    ):
        request = chance.choice(POLITE) + request
    if chance.random() < 0.5 and not any(request.startswith(v) for v in slots.values()):
        request = request[0].upper() + request[1:]
    if chance.random() < 0.12:
        request, slots = request.lower(), {name: value.lower() for name, value in slots.items()}
    if chance.random() < 0.35 and request[-1].isalnum():
        request += chance.choice([".", ".", "!", " please", ", thanks"])
    return request, slots


def _row(request: str, action: str, slots: dict[str, str]) -> dict[str, object]:
    assert all(value in request for value in slots.values()), (request, slots)
    answer = {"action": action, **{name: slots[name] for name in SLOTS if name in slots}}
    return {"fields": {"request": request}, "completion": json.dumps(answer, ensure_ascii=False)}


if __name__ == "__main__":
    out = Path(__file__).parents[2] / "adapters/act/train.jsonl"
    out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows()), encoding="utf-8")
