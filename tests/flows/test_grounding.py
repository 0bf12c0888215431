"""Support, citations, names and numbers are judged by code, and judged right."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import msgspec
import pytest

from app.core.types import Hit
from app.flows import evidence, grounding


def hit(text: str, *, uri: str = "mid:a", title: str = "Flight", start: int = 0) -> Hit:
    return Hit(
        rank=1,
        uri=uri,
        source="mail",
        kind="mail",
        title=title,
        when=datetime(2026, 6, 3, 9, 30, tzinfo=UTC),
        people=("Ana Reis <ana@example.org>",),
        snippet=text,
        score=1.0,
        text=text,
        start=start,
        end=start + len(text),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. We left.", ["It rained.", "We left."]),
        ("Dr. Silva called. He is late.", ["Dr. Silva called.", "He is late."]),
        ("am 3. Juni um 9. Dann weiter.", ["am 3. Juni um 9. Dann weiter."]),
        ("- one\n- two", ["- one", "- two"]),
        (
            "- at 9.\n- She said “no.” Then: (why?) So.",
            ["- at 9.", "- She said “no.”", "Then: (why?)", "So."],
        ),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert grounding.sentences(text) == expected


def test_a_text_of_abbreviations_is_read_once() -> None:
    began = time.process_time()
    assert len(grounding.spans("Dr. " * 20_000)) == 1
    assert time.process_time() - began < 10  # it was minutes: each was looked for from the beginning


def test_every_supported_sentence_is_cited_and_numbered_by_first_mention() -> None:
    hits = [
        hit("The flight TP780 leaves at 14:05."),
        hit("The hotel costs 320 euros.", uri="mid:b", title="Hotel"),
    ]
    text, citations, bare = grounding.cite("The hotel costs 320 euros. The flight leaves at 14:05.", hits)
    assert text == "The hotel costs 320 euros. [1] The flight leaves at 14:05. [2]"
    assert [c.uri for c in citations] == ["mid:b", "mid:a"]
    assert bare == ()


def test_what_the_passage_does_not_say_is_marked() -> None:
    claim = "Please pay by credit card before boarding the ship."
    text, citations, bare = grounding.cite(claim, [hit("The flight TP780 leaves at 14:05.")])
    assert (text, citations, bare) == (claim, (), (claim,))


@pytest.mark.parametrize(
    "claim",
    [
        "The flight TP780 leaves at 15:05.",  # a number that stands nowhere
        "The flight TP780 leaves with Marcus at 14:05.",  # a name that stands nowhere
    ],
)
def test_what_the_passage_says_otherwise_gives_way_to_its_own_sentence(claim: str) -> None:
    text, citations, bare = grounding.cite(claim, [hit("Bring a coat. The flight TP780 leaves at 14:05.")])
    assert text == "“The flight TP780 leaves at 14:05.” [1]"
    assert [c.uri for c in citations] == ["mid:a"]
    assert bare == ()


def test_an_answer_may_repeat_the_question_but_what_it_adds_must_be_there() -> None:
    hotel = [hit("Three nights, single room. The code at the gate after 22:00 is 4419.", title="Booking")]
    question = "What is the door code of the hotel in Stockholm?"
    assert grounding.supporting("The door code of the hotel in Stockholm is 4419.", hotel) is None
    assert grounding.supporting("The door code of the hotel in Stockholm is 4419.", hotel, question)
    assert grounding.supporting("The door code of the hotel in Stockholm is 4418.", hotel, question) is None
    assert grounding.supporting("The hotel in Stockholm belongs to Marcus.", hotel, question) is None


def test_marks_in_a_source_cannot_pass_as_citations() -> None:
    assert grounding.without_marks("Paid already [1], see [12].") == "Paid already, see."


def test_dates_and_people_beside_the_text_count_as_evidence() -> None:
    assert grounding.supporting("Ana wrote on 3 June 2026 about the flight.", [hit("The flight is booked.")])


def test_a_summary_with_an_invented_number_is_reported() -> None:
    source = "The rent is 1,200.50 euros, due on Friday, says Marta."
    assert grounding.loose("Marta says the rent is 1200.50 euros.", source) == ()
    assert grounding.loose("The rent is 1300 euros.", source) == ("The rent is 1300 euros.",)


def test_evidence_needs_closeness_and_telling_words() -> None:
    words = {"passport": 5.0, "number": 1.5, "mara": 0.7}
    answers = msgspec.structs.replace(hit("Mara's passport number is 123."), similarity=0.7)
    about_her = msgspec.structs.replace(hit("Mara has a phone number."), similarity=0.7)
    unrelated = msgspec.structs.replace(hit("A passport."), similarity=0.0)
    assert evidence.score(words, [answers]) > evidence.ENOUGH
    assert evidence.score(words, [about_her]) < evidence.score(words, [answers]) / 2
    assert evidence.score(words, [unrelated]) == 0.0
    assert evidence.score(words, []) == 0.0


def test_a_number_is_the_same_whatever_ends_it() -> None:
    assert grounding.figures("Order 55120: 14 boxes, 8:30/9:15.") == {"55120", "14", "8:30/9:15"}
    assert not grounding.unfounded("We want 14 boxes for 55120.", "order 55120: 14 boxes")


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("The bus leaves at 7:15.", "The bus leaves at 8:40.", True),
        ("The party is on 5 March 2026.", "The party is on 12 March 2026.", True),
        ("The bridge costs 412,000 euros.", "The bridge costs 390,000 euros.", True),
        ("The bus leaves at 9:00.", "The bus leaves at 9 am.", False),
        ("The party is on 05.03.2026.", "The party is on 5 March 2026.", False),
        ("It costs 1.200 euros.", "It costs 1,200 euros.", False),
        ("It costs 950 EUR.", "It costs 950.00 EUR.", False),
        ("42", "17", False),
        ("The bus leaves at 7:15.", "Tickets are 12 euros.", False),
    ],
)
def test_the_same_with_other_figures(one: str, other: str, differ: bool) -> None:
    assert grounding.differ(one, other, "when and how much?") == differ
