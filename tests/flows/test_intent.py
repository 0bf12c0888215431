"""What is said plainly decides the action and shows its slots; what is not plain is left to the model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.flows import slots
from app.flows.intent import plain, worded
from app.flows.measures import act


@pytest.mark.parametrize(
    ("request_", "action"),
    [
        ("set an alarm for six", "reminder"),
        ("please wake me at 7", "reminder"),
        ("can you remind me to call Ana on Friday?", "reminder"),
        ("remind me what we said", None),
        ("add eggs to my grocery list", "create_note"),
        ("note: the code is 4471", "create_note"),
        ("I put milk on the list", None),
        ("take milk off the list", "none"),
        ("email Tom that I am late", "draft_mail"),
        ("reply to Ana", "draft_mail"),
        ("email from Tom", None),
        ("put yoga in my calendar on Monday", "create_event"),
        ("what is in my calendar on Monday", "none"),
        ("delete the meeting on Friday", "none"),
        ("do I have milk on the list? if not, please add it", "create_note"),
        ("play my running playlist", "none"),
        ("text Ana that I am late", "none"),
        ("dentist next Tuesday at 9", None),
        ("", None),
        (" \n ", None),
    ],
)
def test_what_is_plain(request_: str, action: str | None) -> None:
    assert plain(request_) == action


@pytest.mark.parametrize(
    ("action", "request_", "found"),
    [
        ("create_note", "add rice to my shopping list please", {"text": "rice", "title": "shopping list"}),
        (
            "create_note",
            "put brush the pony on my list of chores",
            {"text": "brush the pony", "title": "chores"},
        ),
        ("create_note", "make a note: Fiona takes oat milk", {"text": "Fiona takes oat milk"}),
        ("create_note", "new note called soup: less salt", {"title": "soup", "text": "less salt"}),
        ("create_note", "the blue door", {}),
        ("draft_mail", "email Tom that the lift is stuck", {"who": "Tom", "text": "the lift is stuck"}),
        (
            "draft_mail",
            "let my cousin know that we land at noon",
            {"who": "my cousin", "text": "we land at noon"},
        ),
        ("draft_mail", "send an email to Nina about the rent", {"who": "Nina", "title": "the rent"}),
        ("draft_mail", "mail dad", {"who": "dad"}),
        ("reminder", "wake me", {}),
    ],
)
def test_slots_that_the_words_show(action: str, request_: str, found: dict[str, str]) -> None:
    assert worded(action, request_) == found


def test_plain_words_go_before_the_model() -> None:
    none, note = '{"action": "none"}', '{"action": "create_note", "title": "eggs"}'
    assert slots.read(none, "add eggs to my grocery list") == slots.Plan(
        action="create_note", title="grocery list", text="eggs"
    )
    assert slots.read(none, "set an alarm for 6:30") == slots.Plan(
        action="reminder", title="alarm", when="6:30"
    )
    assert slots.read(note, "take the eggs off my list") == slots.Plan(action="none")
    assert slots.read(note, "the eggs were good") == slots.Plan(action="create_note", title="eggs")


def test_requests_of_others(corpus: Callable[[str], Path]) -> None:
    """Where it decides it is right; the rest it leaves alone."""
    held_back = [s for s in act.home(corpus("act_nlu_home")) if act.held_back(s.text)]
    said = [*held_back, *act.clinc(corpus("act_clinc150"), "val")]
    decided = [(s.action, action) for s in said if (action := plain(s.text)) is not None]
    wrong = [pair for pair in decided if pair[0] == "none" != pair[1]]
    assert len(decided) > len(said) / 2
    assert len(wrong) < len(decided) / 100
    assert sum(a == b for a, b in decided) > 0.97 * len(decided)
