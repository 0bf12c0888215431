"""How good replies are: every fact that was said stands in them, nothing else does, and they read as written.

A fact is a number or a name of the reply a person wrote that was also said. Invented is a number or a
name that stands neither in the mail nor in what was said nor in the written reply. "raw" is what the
model wrote, everything else what the person gets after the check of app.flows.draft.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.core.tasks import Task
from app.flows import draft, grounding
from app.flows.measures.contract import OWN, Case, Score, score
from app.training.evaluate import rouge_l

MAIN = "rouge_l"


def cases(task: Task, corpora: Path | None) -> Iterator[Case]:
    """The task's own; no public set has a few words, a mail and the reply that was meant."""
    for line in (task.folder / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Case(set=OWN, fields=row["fields"], expected=row["completion"])


def scores(cases: Sequence[Case], answers: Sequence[str]) -> tuple[Score, ...]:
    raw = [answer.strip() for answer in answers]
    shown = [_checked(case, reply) for case, reply in zip(cases, raw, strict=True)]
    own_words = [reply != said for reply, said in zip(raw, shown, strict=True)]
    return (
        *_of(cases, shown, ""),
        score(OWN, "own_words", own_words, better=-1),
        *_of(cases, raw, "_raw"),
    )


def _of(cases: Sequence[Case], replies: Sequence[str], mark: str) -> Iterator[Score]:
    pairs = list(zip(cases, replies, strict=True))
    kept = [facts_kept(case, reply) for case, reply in pairs]
    told = 0 if mark else 1
    yield score(OWN, f"{MAIN}{mark}", [rouge_l(c.expected, r) for c, r in pairs], better=told)
    yield score(OWN, f"facts{mark}", [fact for of_case in kept for fact in of_case], better=told)
    yield score(OWN, f"all_facts{mark}", [all(of_case) for of_case in kept], better=told)
    yield score(OWN, f"invented{mark}", [invents(c, r) for c, r in pairs], better=-told)


def _checked(case: Case, reply: str) -> str:
    fields = case.fields
    return draft.faithful(reply, fields["say"], fields["me"], "\n".join((*fields.values(), draft.COURTESY)))


def facts_kept(case: Case, reply: str) -> list[bool]:
    """Of each fact, whether the reply has it."""
    said = case.fields["say"]
    facts = (grounding.figures(case.expected) & grounding.figures(said)) | (
        grounding.names(case.expected) & grounding.content_words(said)
    )
    there = grounding.figures(reply) | grounding.content_words(reply)
    return [fact in there for fact in sorted(facts)]


def invents(case: Case, reply: str) -> bool:
    """Whether it has a number or a name that stands nowhere; lines by themselves, as a greeting is one."""
    source = "\n".join((*case.fields.values(), case.expected, draft.COURTESY))
    return any(grounding.loose(line, source) for line in reply.splitlines())
