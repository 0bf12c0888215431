"""Calls of a task that need no more than its name, and whether switching leaves anything behind."""

from __future__ import annotations

import random
from collections.abc import Sequence

from app.model.contract import Blend, Finished
from app.model.llamacpp import LlamaCpp

TEXT = "The boiler failed. A technician comes on Thursday between 9 and 11, and the key hangs at Mila's."
FIELDS = {  # any other field is a text
    "request": "schedule a call with Ben about the budget next Tuesday at 3pm",
    "question": "When does the technician come?",
    "passages": f"(1) note · Boiler\n{TEXT}",
    "style": "shorter",
    "say": "thanks, I will be there",
}


def asked(model: LlamaCpp, task: str, text: str = TEXT) -> dict[str, str]:
    """A value for every field of the task's prompt."""
    _, known = model._hats.ready(task)
    return {name: FIELDS.get(name, text) for name in known.template.fields}


def finished(
    model: LlamaCpp, task: str, *, adapter: bool = True, max_tokens: int = 6, blend: tuple[Blend, ...] = ()
) -> Finished:
    *_, last = model.generate(
        task=task, fields=asked(model, task), max_tokens=max_tokens, adapter=adapter, blend=blend
    )
    assert isinstance(last, Finished)
    return last


def said(model: LlamaCpp, task: str, adapter: bool) -> tuple[str, bytes]:
    """The words, and bit for bit what the model would say next."""
    return finished(model, task, adapter=adapter).text, model._base.logits().tobytes()


def cold(model: LlamaCpp) -> None:
    """As if nothing had been asked yet."""
    model._states.clear()
    model._held = None
    model._base.clear()


def differences(model: LlamaCpp, calls: Sequence[tuple[str, bool]], rounds: int) -> int:
    """How many of ``rounds`` random switches between ``calls`` (task, adapter) differ from a cold run.

    In words or in logits.
    """
    right = {}
    for call in calls:
        cold(model)
        right[call] = said(model, *call)
    cold(model)
    chance = random.Random(7)
    return sum(said(model, *(call := chance.choice(calls))) != right[call] for _ in range(rounds))
