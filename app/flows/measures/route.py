"""What route is measured on: its own cases, and utterances of two public sets whose verb is plain.

An answer is JSON with verb, sources and heavy. Of the two sets those intents count that belong to one
verb: setting dates, alarms and lists is act, sending mail is draft, asking about the person's own
mail, dates and lists is ask of that source, and asking about the world is ask.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from app.core.tasks import Task
from app.flows.measures import act
from app.flows.measures.contract import OWN, Case, Score, score

MAIN = "verb"
HOME, CLINC = "nlu_home", "clinc150"
AN_INTENT = 12  # utterances, drawn with a fixed seed
_VERBS = {
    **dict.fromkeys(("calendar_set", "alarm_set", "lists_createoradd"), "act"),
    "email_sendemail": "draft",
    **dict.fromkeys(("calendar_query", "email_query", "lists_query", "email_querycontact"), "ask"),
    **dict.fromkeys(("qa_factoid", "qa_definition", "weather_query", "news_query", "datetime_query"), "ask"),
    **dict.fromkeys(("transport_query", "cooking_recipe", "recommendation_events", "alarm_query"), "ask"),
}
_CLINC_VERBS = {
    **dict.fromkeys(("alarm", "reminder_update", "calendar_update", "todo_list_update"), "act"),
    **dict.fromkeys(("calendar", "meeting_schedule", "todo_list", "shopping_list", "reminder"), "ask"),
    **dict.fromkeys(
        ("definition", "weather", "time", "fun_fact", "nutrition_info", "oil_change_when"), "ask"
    ),
}
_SOURCES = {"calendar_query": "calendar", "email_query": "mail", "lists_query": "notes"} | {
    "calendar": "calendar",
    "meeting_schedule": "calendar",
    "todo_list": "notes",
    "shopping_list": "notes",
}


def cases(task: Task, corpora: Path | None) -> Iterator[Case]:
    yield from own(task.folder)
    if corpora is not None and (corpora / "act_nlu_home").is_dir():
        yield from home(corpora / "act_nlu_home")
    if corpora is not None and (corpora / "act_clinc150").is_dir():
        yield from clinc(corpora / "act_clinc150")


def own(folder: Path) -> Iterator[Case]:
    """Those of ``cases.jsonl``."""
    for line in (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Case(set=OWN, fields=row["fields"], expected=row["completion"])


def home(folder: Path) -> Iterator[Case]:
    """Held-back utterances of act_nlu_home."""
    yield from _drawn(HOME, _VERBS, [s for s in act.home(folder) if act.held_back(s.text)])


def clinc(folder: Path) -> Iterator[Case]:
    """Utterances of the validation part of act_clinc150; removals are no verb of ours."""
    said = act.clinc(folder, "val")
    deeds = [s for s in said if _CLINC_VERBS.get(s.intent) != "act" or s.action != act.NONE]
    yield from _drawn(CLINC, _CLINC_VERBS, deeds)


def _drawn(name: str, verbs: dict[str, str], said: Sequence[act.Said]) -> Iterator[Case]:
    by_intent: dict[str, list[str]] = {}
    for one in said:
        if one.intent in verbs:
            by_intent.setdefault(one.intent, []).append(one.text)
    chance = random.Random(5)
    for intent, texts in sorted(by_intent.items()):
        right = {"verb": verbs[intent]} | ({"source": _SOURCES[intent]} if intent in _SOURCES else {})
        for text in chance.sample(texts, min(AN_INTENT, len(texts))):
            yield Case(set=name, fields={"request": text}, expected=json.dumps(right))


def scores(cases: Sequence[Case], answers: Sequence[str]) -> tuple[Score, ...]:
    """Own cases: verb, sources and heaviness right; the corpus: verb, and the source named where one is."""
    found: list[Score] = []
    for name in dict.fromkeys(case.set for case in cases):
        pairs = [
            (json.loads(case.expected), _object(answer))
            for case, answer in zip(cases, answers, strict=True)
            if case.set == name
        ]
        found.append(score(name, "verb", [float(a["verb"] == b.get("verb")) for a, b in pairs]))
        if name == OWN:
            same = [set(a["sources"]) == set(b.get("sources", ())) for a, b in pairs]
            found.append(score(name, "sources", [float(s) for s in same]))
            found.append(score(name, "heavy", [float(a["heavy"] == b.get("heavy")) for a, b in pairs]))
        named = [float(a["source"] in b.get("sources", ())) for a, b in pairs if "source" in a]
        if named:
            found.append(score(name, "source named", named))
    return tuple(found)


def _object(answer: str) -> dict[str, Any]:
    try:
        found = json.loads(answer)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
