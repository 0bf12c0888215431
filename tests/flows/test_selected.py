"""Words selected elsewhere: each task on them, with the real models, and what the person's words choose."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from app.core import when
from app.core.errors import HomebodyError, UsageFault
from app.core.types import Answer, Found, Nothing, Proposal, Text
from app.flows import seeing
from app.flows.context import Home
from app.flows.selected import URI, _dated, pieces, selected

MESSAGE = (
    "Hello Mara,\n\nthe spring meeting of the allotment society moves to Thursday 21 May at 19:00 in the "
    "parish hall, because the school needs its gym. The fee is 12 euros. Please bring the signed water "
    "agreement.\n\n"
    "Kind regards\nHenrik Voss"
)


def last(home: Home, **what: str) -> object:
    steps = list(selected(home, text=what.pop("text", MESSAGE), **what))
    return steps[-1]


def test_a_question_is_answered_from_the_text_alone(mine: Home) -> None:
    steps = list(selected(mine, text=MESSAGE, task="ask", say="How much is the fee?"))
    assert isinstance(steps[0], Found) and {hit.uri for hit in steps[0].passages} == {URI}
    answer = steps[-1]
    assert isinstance(answer, Answer) and "12 euros" in answer.text
    [citation, *_] = answer.citations
    assert MESSAGE[citation.start : citation.end] == citation.quote and "12 euros" in citation.quote
    absent = last(mine, task="ask", say="Who painted the Mona Lisa?")
    assert isinstance(absent, Answer) and absent.text == "Not found in the selected text."


def test_an_event_a_note_a_reply_and_a_rewrite_are_made_of_it(mine: Home) -> None:
    event = last(mine, task="event", origin="Firefox")
    assert isinstance(event, Proposal) and event.action == "create_event"
    assert str(event.arguments["start"]).startswith("2026-05-21T19:00")
    assert any("selected in Firefox" in field.origin for field in event.preview)
    note = last(mine, task="note")
    assert isinstance(note, Proposal) and note.arguments["text"] == MESSAGE
    reply = last(mine, say="reply that I will be there on Thursday")
    assert isinstance(reply, Text) and "Thursday" in reply.text and "Henrik" in reply.text
    shorter = last(
        mine, text="I would like to kindly ask you whether you could come.", say="make it friendlier"
    )
    assert isinstance(shorter, Text) and shorter.text


@pytest.mark.parametrize(
    ("say", "kind"),
    [("summarize this", Text), ("put this in my calendar", Proposal), ("take a note of this", Proposal)],
)
def test_the_persons_own_words_choose_the_task(mine: Home, say: str, kind: type) -> None:
    assert isinstance(last(mine, say=say), kind)


def test_no_day_no_event_and_nothing_to_say_is_said(mine: Home) -> None:
    assert isinstance(last(mine, text="The blue pot is broken.", task="event"), Nothing)
    for what in ({"task": "reply"}, {"task": "ask"}, {"say": " "}, {"task": "dance"}):
        with pytest.raises(UsageFault):
            last(mine, **what)
    with pytest.raises(UsageFault):
        last(mine, text="  ", task="note")


def test_pieces_are_whole_sentences_at_their_place() -> None:
    text = " ".join(f"Sentence number {n} says something about the garden." for n in range(60))
    cut = pieces(text)
    assert len(cut) > 3 and all(text[hit.start : hit.end] == hit.text for hit in cut)


def test_text_on_the_screen_is_read_from_memory(mine: Home) -> None:
    picture = Image.new("RGB", (620, 120), "white")
    font = ImageFont.truetype("DejaVuSans.ttf", 15)
    ImageDraw.Draw(picture).text((20, 40), "The ferry leaves Den Helder at 14:30 on Friday", "black", font)
    file = io.BytesIO()
    picture.save(file, "PNG")
    before = {path for path in mine.paths.data.rglob("*") if path.suffix in (".png", ".jpg")}
    assert "ferry leaves Den Helder at 14:30" in seeing.legible(mine, file.getvalue())
    assert {path for path in Path(mine.paths.data).rglob("*") if path.suffix in (".png", ".jpg")} == before
    with pytest.raises(HomebodyError):
        seeing.legible(mine, b"no picture")


def test_a_title_is_made_where_no_spaces_are_put(mine: Home) -> None:
    for word in ("\u4f1a\u8bae" * 100, "https://example.org/" + "a" * 200):
        note = last(mine, text=word, task="note")
        assert isinstance(note, Proposal) and str(note.arguments["title"]).startswith(word[:20])


def test_the_first_sentence_with_an_hour_is_enough(mine: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    point = when.point
    monkeypatch.setattr(when, "point", lambda text, now: asked.append(text) or point(text, now))
    text = "On Friday it rains. Dinner on Thursday at 19:00! " + "Nothing else is said here. " * 2_000
    assert _dated(mine, text) == "Dinner on Thursday at 19:00!" and len(asked) == 2
    assert _dated(mine, "Nothing is said here. " * 20_000) is None and len(asked) < 1_000
