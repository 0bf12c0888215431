"""How good drafts are: every fact that was said stands in them, nothing else does, and they read as written.

Replies are the set the gate wants to see rise; new mails and subject lines are sets of their own. A fact
is a number or a name of what a person wrote for the case that was also said (of a subject line: that
stands in its mail). Invented is a number or a name that stands neither in what was given nor in what the
person wrote. "raw" is what the model wrote, everything else what the person gets after the check of
app.flows.draft; "long" is a subject line of more characters than that lets through.
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
NEW, SUBJECTS = "new mails", "subject lines"
_SETS = {draft.REPLY: OWN, draft.NEW: NEW, draft.SUBJECT: SUBJECTS}


def cases(task: Task, corpora: Path | None) -> Iterator[Case]:
    """The task's own; no public set has a few words and the mail that was meant."""
    for line in (task.folder / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        form = _SETS[row["fields"]["form"]]
        yield Case(set=form, fields=row["fields"], expected=row["completion"])


def scores(cases: Sequence[Case], answers: Sequence[str]) -> tuple[Score, ...]:
    pairs = [(case, answer.strip()) for case, answer in zip(cases, answers, strict=True)]
    return tuple(
        each
        for name in dict.fromkeys(case.set for case in cases)
        for each in _of_set(name, [pair for pair in pairs if pair[0].set == name])
    )


def _of_set(name: str, raw: Sequence[tuple[Case, str]]) -> Iterator[Score]:
    shown = [(case, _checked(case, text)) for case, text in raw]
    own_words = [said != text for (_, text), (_, said) in zip(raw, shown, strict=True)]
    yield from _of(name, shown, "")
    yield score(name, "own_words", own_words, better=-1)
    yield from _of(name, raw, "_raw")
    if name == SUBJECTS:
        yield score(name, "long_raw", [len(text) > draft.LINE_CHARS for _, text in raw], better=0)


def _of(name: str, pairs: Sequence[tuple[Case, str]], mark: str) -> Iterator[Score]:
    kept = [facts_kept(case, text) for case, text in pairs]
    told = 0 if mark else 1
    yield score(name, f"{MAIN}{mark}", [rouge_l(c.expected, t) for c, t in pairs], better=told)
    yield score(name, f"facts{mark}", [fact for of_case in kept for fact in of_case], better=told)
    yield score(name, f"all_facts{mark}", [all(of_case) for of_case in kept], better=told)
    yield score(name, f"invented{mark}", [invents(c, t) for c, t in pairs], better=-told)


def _checked(case: Case, text: str) -> str:
    fields = case.fields
    if fields["form"] == draft.SUBJECT:  # its own words are the mail's, as nothing else is given
        return draft.titled(text, fields["mail"], fields["mail"])
    source = "\n".join((*_given(case), draft.COURTESY))
    return draft.faithful(text, fields["say"], fields["me"], source)


def facts_kept(case: Case, text: str) -> list[bool]:
    """Of each fact, whether the text has it."""
    said = case.fields["mail" if case.fields["form"] == draft.SUBJECT else "say"]
    facts = (grounding.figures(case.expected) & grounding.figures(said)) | (
        grounding.names(case.expected) & grounding.content_words(said)
    )
    there = grounding.figures(text) | grounding.content_words(text)
    return [fact in there for fact in sorted(facts)]


def invents(case: Case, text: str) -> bool:
    """Whether it has a number or a name that stands nowhere; lines by themselves, as a greeting is one."""
    source = "\n".join((*_given(case), case.expected, draft.COURTESY))
    return any(grounding.loose(line, source) for line in text.splitlines())


def _given(case: Case) -> Iterator[str]:
    return (value for name, value in case.fields.items() if name != "form")
