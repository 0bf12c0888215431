"""What act is measured on: its own cases, and held-back commands of three public sets.

Home: commands to a home assistant (Liu et al. 2019, "Benchmarking Natural Language Understanding
Services"), the fifth whose digest says so. Clinc: the validation part of Larson et al. 2019 with its
out-of-scope queries. Workbench: office requests (Styles et al. 2024). Their intents become our four
actions or none; what cannot be told (a room, a timer, a list of songs, adding and removing at once)
is left out. A wish to be reminded is a reminder wherever it stands; a removal, a change, a question
and whatever there is no action for are none.
"""

from __future__ import annotations

import csv
import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from app.core.tasks import Task
from app.core.types import Record
from app.flows import slots
from app.flows.measures.contract import OWN, Case, Score, score

MAIN = "action"
NONE = "none"
SLOTS = ("title", "when", "where", "who", "text")
HOME, CLINC, WORKBENCH = "nlu_home", "clinc150", "workbench"
OUT_OF_SCOPE = 300  # utterances a set, drawn with a fixed seed

_REMINDS = re.compile(
    r"\b(remind\w*|remember|forget|notif\w+|notice|alert\w*|alarm|let me know|tell me|wake)\b"
)
_ADDS = re.compile(r"\b(add\w*|put\w*|include\w*|insert)\b")
_TAKES_AWAY = re.compile(
    r"\b(remove\w*|removal|delet\w+|clear\w*|cancel\w*|eras\w+|rid|undo|no longer|(do not|don't) need|strike|"
    r"drop|empty|blank|wipe\w*|scratch|free|open|edit|mov\w+|reschedul\w+|chang\w+|cross|trash|eliminate|"
    r"discard|(tak|check|mark|knock)\w*\b.* off|take away|no more|already|done|finished|completed)\b"
)
_ROOMS = re.compile(r"\b(availab\w+|how|process|what|are there|is there|any|rooms?)\b")
_TEXTS = re.compile(r"\b(text\w*|sms)\b")
_WHO = ("person", "relation", "email_address", "business_name")
_WHEN = ("date", "time", "timeofday", "general_frequency")
_UNTOLD = ("timer", "schedule_maintenance", "travel_notification")  # a reminder, an event, a mail, or not


class Said(Record, frozen=True, kw_only=True):
    """One utterance of a corpus; ``spans`` are its annotated entities as (entity, start, end)."""

    text: str
    intent: str
    action: str
    spans: tuple[tuple[str, int, int], ...] = ()


def held_back(text: str) -> bool:
    """Whether an utterance is for measuring only: a fifth, the same for the same words."""
    words = " ".join(re.findall(r"\w+", text.lower()))
    return hashlib.sha256(words.encode()).digest()[0] % 5 == 0


def home(folder: Path) -> list[Said]:
    """The utterances of act_nlu_home with our actions."""
    data = json.loads((folder / "nlu_train_rasa.json").read_text(encoding="utf-8"))
    found: dict[str, Said] = {}
    for example in data["rasa_nlu_data"]["common_examples"]:
        text, intent = str(example["text"]), str(example["intent"])
        action = _home_action(intent, text.lower())
        spans = tuple((str(e["entity"]), int(e["start"]), int(e["end"])) for e in example["entities"])
        if action:
            found.setdefault(text.lower(), Said(text=text, intent=intent, action=action, spans=spans))
    return list(found.values())


def _home_action(intent: str, text: str) -> str:
    """Empty: it cannot be told."""
    match intent:
        case "email_sendemail":
            return "draft_mail"
        case "alarm_set":
            return "reminder"
        case "calendar_set":
            return "reminder" if _REMINDS.search(text) else "create_event"
        case "lists_createoradd" if "playlist" in text or "song" in text:
            return ""
        case "lists_createoradd":
            return "reminder" if "remind" in text else "create_note"
    return NONE


def clinc(folder: Path, part: str) -> list[Said]:
    """The utterances of act_clinc150 with our actions; ``part`` is train or val."""
    data = json.loads((folder / "clinc_train_val.json").read_text(encoding="utf-8"))
    return [
        Said(text=text, intent=intent, action=action)
        for text, intent in (*data[part], *data[f"oos_{part}"])
        if (action := _clinc_action(intent, text.lower()))
    ]


def _clinc_action(intent: str, text: str) -> str:
    """Empty: it cannot be told."""
    match intent:
        case "alarm" | "reminder_update":
            return "reminder"
        case "calendar_update" | "todo_list_update" | "shopping_list_update":
            if _TAKES_AWAY.search(text):
                return "" if _ADDS.search(text) else NONE
            return "create_event" if intent == "calendar_update" else "create_note"
        case "schedule_meeting":
            return "" if _ROOMS.search(text) else "create_event"
        case "text":
            return NONE if _TEXTS.search(text) else ""
    return "" if intent in _UNTOLD else NONE


def workbench(folder: Path) -> list[Said]:
    """Requests of act_workbench that name one deed; deleting, renaming and forwarding are none of ours."""
    found = []
    for name in ("calendar", "email"):
        path = folder / "queries_and_answers" / f"{name}_queries_and_answers.csv"
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                template = row["base_template"].lower()
                if re.match(r"(have i met|i think i might)", template) or "if not" in template:
                    continue
                mails = "send an email" in template or template.startswith("reply")
                action = "draft_mail" if mails or "reply to" in template else NONE
                found.append(Said(text=row["query"].strip(), intent=name, action=action))
    return found


def cases(task: Task, corpora: Path | None) -> Iterator[Case]:
    """The own ones, then those of the corpora that are there."""
    for line in (task.folder / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Case(set=OWN, fields=row["fields"], expected=row["completion"])
    if corpora is None:
        return
    if (corpora / "act_nlu_home").is_dir():
        yield from _sample(HOME, [s for s in home(corpora / "act_nlu_home") if held_back(s.text)])
    if (corpora / "act_clinc150").is_dir():
        yield from _sample(CLINC, clinc(corpora / "act_clinc150", "val"))
    if (corpora / "act_workbench").is_dir():
        yield from _sample(WORKBENCH, workbench(corpora / "act_workbench"))


def _sample(name: str, said: list[Said]) -> Iterator[Case]:
    """All that ask for one of our actions, every utterance called out of scope, and some of the rest."""
    never = [s for s in said if s.action == NONE and s.intent == "oos"]
    rest = [s for s in said if s.action == NONE and s.intent != "oos"]
    chosen = random.Random(5).sample(rest, min(len(rest), OUT_OF_SCOPE - len(never)))
    for one in (*(s for s in said if s.action != NONE), *never, *chosen):
        notes = {"intent": one.intent, "who": _spoken(one, _WHO), "when": _spoken(one, _WHEN)}
        yield Case(
            set=name,
            fields={"request": one.text},
            expected=json.dumps({"action": one.action}),
            notes={key: value for key, value in notes.items() if value},
        )


def _spoken(said: Said, entities: Sequence[str]) -> str:
    if said.action == NONE or (entities is _WHO and said.action != "draft_mail"):
        return ""
    return " ".join(said.text[start:end] for entity, start, end in said.spans if entity in entities)


# --- scores ----------------------------------------------------------------------------------------


def scores(cases: Sequence[Case], answers: Sequence[str]) -> tuple[Score, ...]:
    """Of the model's bare words, then (``kept``) of what the checks of app.flows.slots leave of them."""
    found: list[Score] = []
    for name in dict.fromkeys(case.set for case in cases):
        pairs = [(case, answer) for case, answer in zip(cases, answers, strict=True) if case.set == name]
        raw = [(case, _object(answer)) for case, answer in pairs]
        kept = [(case, _kept(case, answer)) for case, answer in pairs]
        found += [*_of_set(name, raw, ""), *_of_set(name, kept, ", kept")]
        found.append(score(name, "valid", [float(bool(plan)) for _, plan in raw]))
    return tuple(found)


_Plans = Sequence[tuple[Case, dict[str, str]]]


def _of_set(name: str, plans: _Plans, suffix: str) -> Iterator[Score]:
    wanted = [json.loads(case.expected)["action"] for case, _ in plans]
    done = [plan.get("action", "") for _, plan in plans]
    right = [float(a == b) for a, b in zip(wanted, done, strict=True)]
    asked = [r for a, r in zip(wanted, right, strict=True) if a != NONE]
    wrong = [float(b != NONE) for a, b in zip(wanted, done, strict=True) if a == NONE]
    yield score(name, "action" + suffix, right)
    yield score(name, "action where one is asked" + suffix, asked)
    yield score(name, "false actions" + suffix, wrong, better=-1)
    if name == OWN:
        own = [(json.loads(case.expected), plan) for case, plan in plans]
        yield score(name, "all slots exact" + suffix, [float(_same(a, b)) for a, b in own])
        filled = [(a, b) for a, b in own if a["action"] != NONE]
        yield score(name, "slots F1" + suffix, [_overlap(a, b) for a, b in filled])
        exact = [float(_same(a, b)) for a, b in filled]
        yield score(name, "all slots exact where an action is asked" + suffix, exact)
    for slot in ("who", "when"):
        spans = [(case.notes[slot], plan.get(slot, "")) for case, plan in plans if slot in case.notes]
        if spans:
            yield score(name, f"words of {slot}" + suffix, [_recall(a, b) for a, b in spans])


def _object(answer: str) -> dict[str, str]:
    """The answer's JSON object, or an empty one."""
    try:
        found: Any = json.loads(answer)
    except ValueError:
        return {}
    return {k: str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _kept(case: Case, answer: str) -> dict[str, str]:
    plan = slots.read(answer, case.fields["request"])
    return {} if plan is None else {k: v for k, v in msgspec.structs.asdict(plan).items() if v}


def _plain(value: str) -> str:
    return value.strip(" .,!?\"'").lower()


def _filled(plan: dict[str, str]) -> set[tuple[str, str]]:
    return {(name, _plain(plan[name])) for name in SLOTS if plan.get(name)}


def _same(wanted: dict[str, str], found: dict[str, str]) -> bool:
    return wanted["action"] == found.get("action") and _filled(wanted) == _filled(found)


def _overlap(wanted: dict[str, str], found: dict[str, str]) -> float:
    """F1 of the filled slots; none of them counts under another action."""
    if wanted["action"] != found.get("action"):
        return 0.0
    a, b = _filled(wanted), _filled(found)
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0


def _recall(wanted: str, found: str) -> float:
    words = set(re.findall(r"\w+", wanted.lower()))
    return len(words & set(re.findall(r"\w+", found.lower()))) / len(words) if words else 1.0
