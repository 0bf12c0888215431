"""Act: words become one fully typed proposal, or nothing.

The model only chooses the action and copies words of the request into slots. Code throws away a
slot the person did not say, turns times, names and places into typed arguments, looks into the
calendar for conflicts, and proposes. Nothing happens before the proposal is approved.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.actions import registry
from app.core.errors import UsageFault
from app.core.types import Nothing, Proposal, Thinking
from app.flows import slots
from app.flows.context import Home
from app.flows.deeds import keep, world
from app.flows.wear import quietly


def act(home: Home, *, text: str) -> Iterator[Thinking | Proposal | Nothing]:
    """Raises UsageFault for an empty request; ends with a Proposal or with Nothing and why."""
    if not text.strip():
        raise UsageFault("what should be done?", remedy='for example "dentist on Tuesday at 9"')
    done = yield from quietly(home, "act", {"request": text})
    plan = slots.read(done.text, text)
    if plan is None:
        yield Nothing(reason="The model gave no usable plan; please say it in other words.")
        return
    if plan.action == "none":
        yield Nothing(reason="That does not ask for an event, a mail, a note or a reminder.")
        return
    filled = slots.fill(home, plan, text)
    if isinstance(filled, Nothing):
        yield filled
        return
    arguments, origins = filled
    yield keep(home, registry.propose(plan.action, arguments, world(home), origins))
