"""What is read of a long text, and that no name or number is shown which the text does not have."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import UsageFault
from app.core.types import Text, Token
from app.flows import grounding, reading, summarize
from app.flows.context import Home
from app.flows.reading import Message
from tests.flows.mails import mail, put

READING = (
    "From: Ana Lindström\nSubject: Boiler\n\nThe boiler failed on Tuesday. The repair costs 340 euros.\nAna"
)
MAIL = """\
From: Ana Lindström
Subject: Boiler

Hi all,
the boiler in the basement failed on Tuesday. A technician comes on Friday at 9:30.
The repair costs 340 euros.
Ana
"""


def test_a_thread_is_read_without_attachments_and_an_attachment_alone(mine: Home, tmp_path: Path) -> None:
    put(
        mine,
        tmp_path / "mail",
        mail(1, "The first mail."),
        mail(1, "The paper.", uri="mid:1@example.org#1", kind="attachment", title="paper.pdf"),
        mail(2, "The second mail."),
    )
    assert summarize._stored(mine, "mid:2@example.org") == (
        "Plans",
        [Message("Ana Lindström", "The first mail."), Message("Ana Lindström", "The second mail.")],
    )
    assert summarize._stored(mine, "mid:1@example.org#1") == ("paper.pdf", [Message("", "The paper.")])


@pytest.mark.parametrize("text", ["word " * 200_000, "x" * 1_000_000, "short", "From: a\n" * 50_000 + "b"])
def test_a_text_of_any_length_is_a_few_readings(text: str) -> None:
    parts = reading.readings(*reading.messages(text))
    assert 0 < len(parts) <= reading.MOST_READINGS
    assert max(map(len, parts)) <= reading.READING_CHARS


def test_a_thread_is_cut_between_its_messages_and_every_part_names_its_writer() -> None:
    said = [Message(who, f"I am {who}. " + "We talked about it. " * 40) for who in ("Ana", "Ben", "Cleo")]
    parts = reading.readings("Plans", said)
    assert [part.splitlines()[0] for part in parts] == ["From: Ana", "From: Ben", "From: Cleo"]
    assert parts[0].splitlines()[1] == "Subject: Plans"


def test_quoted_lines_and_signatures_are_not_read() -> None:
    text = "Friday suits me.\n\nOn Tue, Ben wrote:\n> Does Friday suit you?\n> Ben\n\n-- \nAna\nphone 0555"
    assert reading.cleaned(text) == "Friday suits me."
    assert reading.cleaned("> only a quote") == "> only a quote"


@pytest.mark.parametrize(
    "wrong",
    [
        "The repair costs 430 euros.",  # a number that stands nowhere
        "The repair is paid by Marcus.",  # a name that stands nowhere
        "Marcus says the repair costs 340 euros.",  # which may also open the sentence
    ],
)
def test_a_sentence_that_invents_gives_way_to_the_texts_own(wrong: str) -> None:
    right = "The boiler failed on Tuesday."
    assert reading.checked(f"{right} {wrong}", READING) == [
        right,
        "Ana Lindström: “The repair costs 340 euros.”",
    ]
    assert reading.checked(right, READING) == [right]


def test_who_said_what_is_not_mixed_up() -> None:
    thread = (
        "From: Ana Reis\n\nI need the medical forms by June.\n\nFrom: Ben Holm\n\nBoth of mine come along."
    )
    assert reading.checked("Ana needs the medical forms by June. Ben comes along with both.", thread) == [
        "Ana needs the medical forms by June.",
        "Ben comes along with both.",
    ]
    assert reading.checked("Ben needs the medical forms by June.", thread) == [
        "Ana Reis: “I need the medical forms by June.”"
    ]


def test_where_nothing_is_left_the_text_speaks_for_itself() -> None:
    assert reading.checked("Marcus flew to Rome.", READING) == [
        "Ana Lindström: “The boiler failed on Tuesday.”"
    ]
    assert reading.checked("", "ok") == []


def test_of_many_sentences_those_that_say_most_are_kept_in_their_order() -> None:
    source = "It rained. The bridge is closed. Bread is dear. The old bridge opens in May. We went home."
    parts = [[s] for s in grounding.sentences(source)]
    assert reading.together(parts, source, most=4) == "The bridge is closed."
    assert reading.together(parts, source) == source


def test_what_is_streamed_is_what_stands_at_the_end(mine: Home) -> None:
    steps = list(summarize.summarize(mine, text=MAIL))
    end = steps[-1]
    assert isinstance(end, Text)
    assert "".join(step.text for step in steps if isinstance(step, Token)) == end.text
    assert end.text
    assert end.unsupported == ()


def test_an_empty_text_is_refused(mine: Home) -> None:
    with pytest.raises(UsageFault):
        list(summarize.summarize(mine, text=" \n"))
