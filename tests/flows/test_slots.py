"""From a request's words to typed arguments: times, people of the index, and nothing that was not said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from app.actions import registry
from app.core.types import Nothing
from app.flows import deeds, slots
from app.flows.context import Home
from app.flows.slots import Arguments, Plan
from indexers.item import Person
from tests.flows.mails import ANA, mail, put

BEN = Person("Ben Okafor", "ben@example.org", "to")


@pytest.fixture
def knowing(mine: Home, tmp_path: Path) -> Home:
    """A home whose index holds one mail, from Ana to Ben."""
    put(mine, tmp_path / "mail", mail(1, people=(ANA, BEN)))
    return mine


def filled(home: Home, plan: Plan, request: str) -> Arguments:
    """The arguments; the action itself must take them."""
    result = slots.fill(home, plan, request)
    assert not isinstance(result, Nothing), result
    arguments, origins = result
    registry.propose(plan.action, arguments, deeds.world(home), origins)
    return arguments


def test_a_slot_whose_words_were_not_said_is_dropped() -> None:
    request = "Lunch with Ana on Friday at noon"
    plan = Plan(action="create_event", title="Lunch", when="Friday at noon", who="Ana", where="Luigi's")
    assert slots.said(plan, request) == replace_slots(plan, where="")
    assert slots.said(replace_slots(plan, who="Ana and Zed"), request).who == ""
    assert slots.said(replace_slots(plan, title="LUNCH"), request).title == "Lunch"  # as it was said


def replace_slots(plan: Plan, **slots: str) -> Plan:
    return Plan(**{name: slots.get(name, getattr(plan, name)) for name in Plan.__struct_fields__})


@pytest.mark.parametrize(
    ("when", "request_", "start"),
    [
        ("Friday at noon", "Lunch on Friday at noon", "2026-03-20T12:00:00+01:00"),
        ("tomorrow at 9:30", "Dentist tomorrow at 9:30", "2026-03-19T09:30:00+01:00"),
        ("", "Dentist tomorrow at 9:30", "2026-03-19T09:30:00+01:00"),  # the model left it out
        ("9:30", "Dentist tomorrow at 9:30", "2026-03-19T09:30:00+01:00"),  # or took a part
        ("1 April at 8", "Call on 1 April at 8", "2026-04-01T08:00:00+02:00"),
    ],
)
def test_times_in_words(mine: Home, when: str, request_: str, start: str) -> None:
    arguments = filled(mine, Plan(action="create_event", title="It", when=when), request_)
    assert arguments["start"] == start
    assert arguments["all_day"] is False


def test_a_length_in_words(mine: Home) -> None:
    request = "Meeting tomorrow from 3 to 5pm"
    arguments = filled(mine, Plan(action="create_event", title="Meeting", when="tomorrow"), request)
    assert (arguments["start"], arguments["end"]) == (
        "2026-03-19T15:00:00+01:00",
        "2026-03-19T17:00:00+01:00",
    )


def test_slots_are_in_the_words_of_the_request() -> None:
    request = "Dinner with Ana Lindström at the Crown on Friday at 8, please"
    answer = (
        '{"action": "create_event", "title": "Dinner", "when": "on Friday at 8,", "where": "at the Crown",'
        ' "who": "with Ana Lindstrom"}'
    )
    plan = slots.read(answer, request)
    assert plan == Plan(
        action="create_event", title="Dinner", when="Friday at 8", where="the Crown", who="Ana Lindström"
    )


def test_an_answer_that_is_no_plan() -> None:
    for answer in ("", "{", '{"action": "delete_everything"}', '{"action": "reminder", "title": 7}'):
        assert slots.read(answer, "remind me") is None
    assert slots.read('{"action": "none", "title": "hello"}', "hello") == Plan(action="none")


@pytest.mark.parametrize(
    ("plan", "request_", "title"),
    [
        (Plan(action="create_event", who="Dr. Stein", when="Friday at 9"), "Dr. Stein Friday at 9",
         "Meeting with Dr. Stein"),
        (Plan(action="create_event", when="next Tuesday at 9"), "dentist next Tuesday at 9", "Dentist"),
        (Plan(action="create_event", when="Friday at 9", where="the park"),
         "please put yoga in the park on Friday at 9 in my calendar", "Yoga"),
        (Plan(action="reminder", when="six am"), "wake me up at six am", "Wake me up"),
        (Plan(action="reminder", when="tomorrow"), "remind me tomorrow", "Remind me tomorrow"),
    ],
)  # fmt: skip
def test_a_title_that_was_not_named(mine: Home, plan: Plan, request_: str, title: str) -> None:
    arguments = filled(mine, plan, request_)
    assert (arguments.get("title") or arguments["text"]) == title


def test_times_that_were_dictated(mine: Home) -> None:
    request = "set an alarm for six thirty a m on march twenty first"
    arguments = filled(mine, Plan(action="reminder", title="alarm", when="six thirty a m"), request)
    assert arguments["due"] == "2026-03-21T06:30:00+01:00"


@pytest.mark.parametrize("day", ["27 March 2026", "29 March 2026", "25 October 2026"])
def test_a_whole_day_also_where_clocks_change(mine: Home, day: str) -> None:
    arguments = filled(mine, Plan(action="create_event", title="Fair", when=day), f"Fair on {day}")
    assert arguments["all_day"] is True
    assert str(arguments["start"]).endswith("T00:00:00")


def test_a_missing_time_asks_back(mine: Home) -> None:
    for action in ("create_event", "reminder"):
        result = slots.fill(mine, Plan(action=action, title="Dentist"), "dentist please")
        assert isinstance(result, Nothing)
        assert result.reason.endswith("Please say a day or a time.")


def test_a_reminder_for_a_day_is_for_nine_and_says_so(mine: Home) -> None:
    request = "Remind me tomorrow to water the plants"
    result = slots.fill(mine, Plan(action="reminder", text="water the plants", when="tomorrow"), request)
    assert not isinstance(result, Nothing)
    assert result[0] == {"text": "Water the plants", "due": "2026-03-19T09:00:00+01:00"}
    assert result[1]["due"].startswith("assistant")


def test_people_are_looked_up_in_the_index(knowing: Home) -> None:
    plan = Plan(action="create_event", title="Lunch", when="tomorrow at noon", who="ana and Ben Okafor")
    result = slots.fill(knowing, plan, "Lunch tomorrow at noon with ana and Ben Okafor")
    assert not isinstance(result, Nothing)
    assert result[0]["attendees"] == ["Ana Lindström <ana@example.org>", "Ben Okafor <ben@example.org>"]
    assert result[1]["attendees"] == "from your mails and events"
    proposal = registry.propose("create_event", *(result[0], deeds.world(knowing), result[1]))
    assert sum("was not written by you" in warning for warning in proposal.warnings) == 2


def test_who_is_unknown_is_named(knowing: Home) -> None:
    plan = Plan(action="create_event", title="Lunch", when="tomorrow at noon", who="Ana, Zed")
    result = slots.fill(knowing, plan, "Lunch tomorrow at noon with Ana, Zed")
    assert not isinstance(result, Nothing)
    assert result[0]["attendees"] == ["Ana Lindström <ana@example.org>"]
    assert "Zed" in result[1]["attendees"]


def test_a_mail_to_somebody_unknown_asks_for_the_address(knowing: Home) -> None:
    for who in ("Zed", "Ana and Zed", ""):
        plan = Plan(action="draft_mail", text="I am late", who=who)
        result = slots.fill(knowing, plan, f"mail {who} that I am late")
        assert isinstance(result, Nothing)
        assert ("Zed" if who else "nobody") in result.reason
        assert "Ana" not in result.reason


def test_an_address_that_was_written_out_is_taken_as_it_is(knowing: Home) -> None:
    plan = Plan(action="draft_mail", text="I am late", who="Ana Lindström <ana@example.org>, zed@example.com")
    result = slots.fill(knowing, plan, "mail Ana Lindström <ana@example.org>, zed@example.com that I am late")
    assert not isinstance(result, Nothing)
    assert {str(who).rpartition("<")[2].rstrip(">") for who in result[0]["to"]} == {
        "ana@example.org",
        "zed@example.com",
    }


def test_a_computer_whose_zone_has_no_name(mine: Home) -> None:
    bare = replace(mine, zone=UTC)
    arguments = filled(bare, Plan(action="create_event", title="Fair", when="27 March"), "Fair on 27 March")
    assert arguments["start"] == "2026-03-27T00:00:00"
