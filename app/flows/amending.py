"""Amending: the person puts a proposal into other words before saying yes, which is a correction."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator

from app.actions import registry
from app.core.errors import UsageFault
from app.core.policy import EDITABLE
from app.core.types import Answer, Fetching, Proposal, Receipt, Token
from app.flows import deeds, teach
from app.flows.context import Home
from app.flows.grounding import content_words
from app.flows.traces import Trace

_AMENDED = "amended "
_SLOTS = {"title": "title", "subject": "title", "text": "text", "body": "text", "location": "where"}


def amend(home: Home, *, sha256: str, arguments: dict[str, str]) -> Proposal:
    """The proposal ``sha256`` with other words, which is to be approved in its place.

    Raises NotFound for an unknown proposal, UsageFault for an argument that cannot be edited or does
    not fit.
    """
    old = home.user.proposal(sha256)
    if wrong := set(arguments) - (EDITABLE & set(old.arguments)):
        raise UsageFault("that cannot be edited", where=", ".join(sorted(wrong)), remedy="say it anew")
    changed = {name: value for name, value in arguments.items() if value != (old.arguments[name] or "")}
    origins = {name: shown.origin for name, shown in zip(old.arguments, old.preview, strict=True)}
    raw: dict[str, object] = old.arguments | changed
    new = registry.propose(old.action, raw, deeds.world(home), origins | dict.fromkeys(changed, "you"))
    deeds.keep(home, new)
    if changed and (trace := home.traces.find(sha256)) is not None:
        home.traces.link(new.sha256, trace)
        # of a draft the model has written the body alone; and what was amended stays so
        if trace.task != "draft" or "body" in changed or home.traces.find(_AMENDED + sha256) is not None:
            home.traces.link(_AMENDED + new.sha256, trace)
    return new


def perform(home: Home, *, token: str) -> Iterator[Token | Fetching | Receipt | Answer]:
    """Do what was approved; what was amended before is a correction, where the person wants that."""
    for step in deeds.perform(home, token=token):
        if isinstance(step, Receipt):
            _learn(home, home.user.proposal(step.sha256))
        yield step


def _learn(home: Home, proposal: Proposal) -> None:
    trace = home.traces.find(_AMENDED + proposal.sha256)
    accepted = _accepted(trace, proposal) if trace is not None else ""
    if trace is None or not accepted or home.setting(teach.SETTING) != "yes":
        return
    with contextlib.suppress(UsageFault):  # the same as the model said, in the end
        home.corrections.add(
            task=trace.task, fields=trace.fields, said=trace.said, accepted=accepted, uri=trace.uri
        )


def _accepted(trace: Trace, proposal: Proposal) -> str:
    """What the model should have said; empty where that cannot be told."""
    if trace.task == "draft":
        return str(proposal.arguments["body"])
    return _plan(trace, proposal) if trace.task == "act" else ""


def _plan(trace: Trace, proposal: Proposal) -> str:
    """The plan with the person's words, as far as they are words of the request: it only copies."""
    request, plan = trace.fields["request"], json.loads(trace.said)
    for name, usual in _SLOTS.items():
        value = str(proposal.arguments.get(name) or "").strip()
        slot = usual if usual in plan or proposal.action != "reminder" else "title"
        if not value or content_words(value) == content_words(str(plan.get(slot, ""))):
            continue
        if not content_words(value) <= content_words(request):
            return ""
        at = request.lower().find(value.lower())
        plan[slot] = request[at : at + len(value)] if at >= 0 else value
    return json.dumps(plan, ensure_ascii=False)
