"""Questions that make no sense are told so before anything is searched or kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import msgspec
import pytest

from app.core.errors import NotFound, UsageFault
from app.core.types import Hit, Scope
from app.flows import ask, evidence, index
from app.flows.context import Home
from app.model.contract import Finished
from app.model.supervisor import Specialists
from indexers.item import Item, Unit


def hit(text: str) -> Hit:
    return Hit(
        rank=1,
        uri="file:///a.md",
        source="notes",
        kind="note",
        title="Bicycle",
        when=None,
        people=(),
        snippet=text,
        score=1.0,
        text=text,
        start=0,
        end=len(text),
    )


def finished(words: str) -> Finished:
    times = {"prefill_s": 0.1, "decode_s": 0.1, "switch_s": 0.0}
    return Finished(text=words, stop="end", prompt_tokens=90, tokens=9, **times)


@pytest.mark.parametrize("question", ["", "  \n"])
def test_an_empty_question_is_refused_and_not_kept(mine: Home, question: str) -> None:
    with pytest.raises(UsageFault):
        next(iter(ask.ask(mine, question=question, scope=Scope())))
    assert mine.conversations.list() == ()


def test_an_unknown_conversation_is_told_before_the_answer(mine: Home) -> None:
    with pytest.raises(NotFound):
        next(iter(ask.ask(mine, question="when?", scope=Scope(), conversation=4711)))


def test_what_was_searched_counts_the_sources_asked(mine: Home, tmp_path: Path) -> None:
    for kind in ("mail", "notes"):
        (tmp_path / kind).mkdir()
        source = index.add_source(mine, kind=kind, path=str(tmp_path / kind))
        item = Item(uri=f"file:///{kind}", source=kind, kind=kind, title="A", text="b", digest=kind)
        mine.index.put(source.id, Unit(path=f"/{kind}", stamp="1"), [item], [])
    assert ask._searched(mine, Scope()) == "Searched 2 items in all sources."
    assert ask._searched(mine, Scope(sources=("mail",))) == "Searched 1 items in mail."
    assert "1 items" in ask._searched(mine, Scope(sources=(str(tmp_path / "notes"),)))


WEIGHTS = {"frame": 2.0, "number": 1.0}
BICYCLE = "Bought in May. The frame number is WX4411. The lock is new."


@pytest.mark.parametrize("words", ["", " ", "[1]", "[1] [2]\n", "Not", "Not found.", "[1] not found in them"])
def test_a_model_that_says_nothing_has_found_nothing(words: str) -> None:
    answer = ask._checked(finished(words), "frame number?", hit(BICYCLE), "Searched.")
    assert answer.text == "Not found in your data. Searched."
    assert not answer.citations
    assert not answer.supported


def test_an_answer_may_begin_like_a_refusal() -> None:
    assert not any(ask._refuses(words) for words in ("N", "No", "Nothing", "Noor has the key."))


def test_the_control_what_is_there_is_cited() -> None:
    answer = ask._checked(finished("The lock is new."), "frame number?", hit(BICYCLE), "Searched.")
    assert answer.text == "The lock is new. [1]"
    assert answer.supported


def test_words_that_say_nothing_are_no_supported_answer() -> None:
    answer = ask._checked(finished("It is this: …"), "frame number?", hit("It is WX4411."), "Searched.")
    assert not answer.supported


def test_the_model_reads_where_a_passage_is_from_and_its_words_without_the_signature() -> None:
    fields = ask._fields("What is the frame number?", hit(f"{BICYCLE}\n\n\n  New tyres.\n-- \nAda"))
    header, _, text = fields["passages"].partition("\n")
    assert header == "note · Bicycle"
    assert text == f"{BICYCLE}\nNew tyres."


class Told:
    """In place of the specialists: a language model that refuses each passage as surely as it is told."""

    def __init__(self, refusals: dict[str, float]) -> None:
        self.refusals = refusals

    def llm(self) -> Told:
        return self

    def stream(self, _: object, *, fields: dict[str, str], **__: object) -> Iterator[Finished]:
        refusal = self.refusals[fields["passages"].partition("\n")[0].removeprefix("note · ")]
        yield msgspec.structs.replace(finished("Not" if refusal > 0 else "The"), refusal=refusal)


def answering(home: Home, refusals: dict[str, float]) -> str:
    found = [
        msgspec.structs.replace(hit(BICYCLE), title=title, uri=title, similarity=0.5) for title in refusals
    ]
    told = dataclasses.replace(home, specialists=cast(Specialists, Told(refusals)))
    steps = ask._answering(told, "frame number?", WEIGHTS, found)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return "".join(hit.uri for hit in end.value)


def test_the_passage_the_model_refuses_least_answers_and_none_where_it_refuses_all(mine: Home) -> None:
    assert answering(mine, {"a": -1.0, "b": -3.0, "c": 0.5}) == "b"
    assert answering(mine, {"a": -2.0, "b": -3.0, "c": 0.5}) == "ba"
    assert answering(mine, {"a": 3.0, "b": 0.1}) == ""


BRIDGE = (
    "The council met on Monday in the old school. Coffee was cold again. The footbridge over the mill "
    "stream stays closed, because two of its beams are rotten. New oak for it costs 3,450 euros. Work begins "
    "on 9 May, when the water is low. Frida asked for better chairs. Next meeting in June. Minutes: Ole."
)


@pytest.mark.parametrize(
    ("question", "said", "sentence"),
    [
        (
            "Why can nobody cross the mill stream?",
            "Two of its beams are rotten.",
            "two of its beams are rotten.",
        ),
        (
            "What does the wood for the repair cost?",
            "It costs 3,450 euros.",
            "New oak for it costs 3,450 euros.",
        ),
        ("who wants new seats", "Frida asked for better chairs.", "Frida asked for better chairs."),
    ],
)
def test_a_citation_is_of_the_sentences_an_answer_stands_on(
    mine: Home, question: str, said: str, sentence: str
) -> None:
    found = msgspec.structs.replace(hit(BRIDGE), start=100, end=100 + len(BRIDGE))
    answer = ask._checked(finished(said), question, found, "Searched.")
    words = mine.rarity.of(evidence.telling(question))
    [citation] = ask._located(mine, question, words, found, answer).citations
    assert sentence in citation.quote
    assert len(citation.quote) < len(BRIDGE) / 2 + 60
    assert citation.quote == BRIDGE[citation.start - 100 : citation.end - 100]


def test_of_one_sentence_all_is_cited_and_of_none_nothing(mine: Home) -> None:
    one = hit("The key is under the blue pot")
    answer = ask._checked(finished("The key is under the blue pot."), "where is the key", one, "Searched.")
    assert ask._located(mine, "where is the key", {"key": 1.0}, one, answer).citations[0].quote == one.text
    nothing = ask._not_found("Searched.")
    assert ask._located(mine, "where is the key", {"key": 1.0}, hit(BRIDGE), nothing) == nothing


@pytest.mark.parametrize(
    ("said", "days", "expected"),
    [
        (
            "The bus leaves at 8:40.",
            (3, 9),
            "A later source, of 09 May 2026, says otherwise: The bus leaves at 8:40. [2]",
        ),
        (
            "The bus leaves at 8:40.",
            (9, 3),
            "An earlier source, of 03 May 2026, says otherwise: The bus leaves",
        ),
        ("The bus leaves at 8:40.", (3, 3), "Another source says otherwise: The bus leaves at 8:40. [2]"),
        ("The bus leaves at 7:15.", (3, 9), ""),  # the same
        ("Tickets are 12 euros.", (3, 9), ""),  # something else
        ("The bus leaves at 9:30.", (3, 9), ""),  # not what it says
        ("Not found.", (3, 9), ""),
    ],
)
def test_a_source_that_says_otherwise_is_shown_with_its_date(
    mine: Home, said: str, days: tuple[int, int], expected: str
) -> None:
    question, first = "When does the bus leave?", "The bus leaves at 7:15."
    one, other = (
        msgspec.structs.replace(hit(text), uri=uri, when=datetime(2026, 5, day, tzinfo=UTC))
        for text, uri, day in (
            (first, "a", days[0]),
            ("The bus leaves at 8:40 or 7:15. Tickets are 12 euros.", "b", days[1]),
        )
    )
    answer = ask._checked(finished(first), question, one, "Searched.")
    told = dataclasses.replace(mine, specialists=cast(Specialists, Saying(mine, said)))
    steps = ask._compared(told, question, {"bus": 1.0}, answer, one, other)
    with pytest.raises(StopIteration) as end:
        next(steps)
    compared = end.value.value
    if expected:
        assert expected in compared.text
        assert [(c.n, c.uri) for c in compared.citations] == [(1, "a"), (2, "b")]
    else:
        assert compared == answer


class Saying:
    """In place of the language model alone: it says the same of every passage."""

    def __init__(self, home: Home, said: str) -> None:
        self.embedder, self.said = home.specialists.embedder, said

    def llm(self) -> Saying:
        return self

    def stream(self, _: object, **__: object) -> Iterator[Finished]:
        yield finished(self.said)
