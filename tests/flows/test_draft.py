"""What a draft is made of beside the model's words: whom it goes to, what it answers, how it is checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.actions import registry
from app.core.errors import NotFound, UsageFault
from app.core.types import Proposal, Text, Thinking, Token
from app.flows import deeds, draft
from app.flows.context import Home
from app.flows.wear import followed
from indexers.item import Person
from tests.flows.mails import ANA, BEN, ME, mail, put


def test_a_reply_goes_to_the_sender(mine: Home, tmp_path: Path) -> None:
    (view,) = put(mine, tmp_path / "mail", mail(1))
    assert draft._recipients(mine, view) == (
        ["Ana Lindström <ana@example.org>"],
        "from the mail by Ana Lindström <ana@example.org>",
    )


def test_another_reply_address_is_named_as_such(mine: Home, tmp_path: Path) -> None:
    meta = {"reply-to": "List, The <list@example.com>, other@example.com"}
    (view,) = put(mine, tmp_path / "mail", mail(1, meta=meta))
    to, origin = draft._recipients(mine, view)
    assert to == ["List, The <list@example.com>", "other@example.com"]
    assert origin.startswith("from the mail by Ana Lindström")
    assert origin.endswith("wants its replies sent here")


def test_to_my_own_mail_the_reply_goes_to_those_it_went_to(mine: Home, tmp_path: Path) -> None:
    mine.user.set("you.address", "Vera@Example.org")
    (view,) = put(mine, tmp_path / "mail", mail(1, people=(ME, ANA, BEN)))
    assert draft._recipients(mine, view)[0] == ["Ana Lindström <ana@example.org>", "ben@example.org"]


def test_a_mail_by_nobody_is_refused_before_the_model_writes(mine: Home, tmp_path: Path) -> None:
    put(mine, tmp_path / "mail", mail(1, people=(Person("Only A Name", "", "from"),)))
    with pytest.raises(UsageFault):
        next(iter(draft.draft(mine, reply_to="mid:1@example.org", say="yes")))


def test_what_strangers_put_into_headers_does_not_stop_a_reply(mine: Home, tmp_path: Path) -> None:
    wild = Person('A "b\\c" ' + "n" * 200, "wild@example.org", "from")
    (view,) = put(mine, tmp_path / "mail", mail(1, people=(wild,), title="long " * 200))
    to, origin = draft._recipients(mine, view)
    proposal = draft._proposal(mine, view, "Hello", to, {"to": origin, "body": "assistant"})
    assert proposal.sha256
    assert len(str(proposal.arguments["subject"])) <= draft.SUBJECT_CHARS


def test_what_is_answered_is_the_beginning_of_the_mail_itself() -> None:
    assert draft._opening("Dear Vera,\n\nat  9? [1]\n-- \nAna Lindström\nOffice 4") == "Dear Vera, at 9?"
    opening = draft._opening("word " * 1000)
    assert len(opening) <= draft.MAIL_CHARS
    assert opening.endswith("word")
    assert draft._opening("x" * 1000) == "x" * draft.MAIL_CHARS


SAID = "8 March, between 12:00 and 15:00, ask Phoebe Marsh"
SOURCE = f"Sylvia Hartmann\nDear Mr Pike, 7 or 8 March?\n{SAID}\nRoland Pike"


def _reply(middle: str, greeting: str = "Dear Sylvia Hartmann,", closing: str = "Kind regards") -> str:
    return f"{greeting}\n\n{middle}\n\n{closing}\nRoland Pike"


def test_a_reply_that_says_what_was_said_stays() -> None:
    body = _reply("8 March suits me between 12:00 and 15:00. Please ask Phoebe Marsh.")
    assert draft.faithful(body, SAID, "Roland Pike", SOURCE) == body


@pytest.mark.parametrize(
    "middle",
    [
        "We will come on 8 March between 12:00 and 15:00.",  # the name is lost
        "8 March suits me after 12:00. Please ask Phoebe Marsh.",  # an hour is lost
        "8 March, 12:00 to 15:00, or at 17:30. Please ask Phoebe Marsh.",  # an hour is added
        "8 March, 12:00 to 15:00. Please ask Phoebe Marsh or Desmond.",  # a name is added
        "7 or 8 March, 12:00 to 15:00. Please ask Phoebe Marsh.",  # the mail's day, not the person's
    ],
)
def test_a_reply_that_says_something_else_gets_the_persons_own_words(middle: str) -> None:
    assert draft.faithful(_reply(middle), SAID, "Roland Pike", SOURCE) == _reply(f"{SAID}.")


@pytest.mark.parametrize(
    ("say", "middle", "kept"),
    [
        (
            "swap shifts? my thursday for your monday",
            "Can we swap shifts, my Thursday for your Monday?",
            True,
        ),
        ("swap shifts? my thursday for your monday", "Can we swap shifts, my Thursday for yours?", False),
        ("come on friday", "Komm am Freitag.", False),  # another tongue keeps the day, but not the words
        ("the sun is out, come over", "The sun is out, come over.", True),
    ],
)
def test_a_day_or_a_month_in_small_letters_is_kept_too(say: str, middle: str, kept: bool) -> None:
    body = _reply(middle)
    assert (draft.faithful(body, say, "Roland Pike", f"Sylvia Hartmann\n{say}\nRoland Pike") == body) == kept


def test_a_made_up_greeting_or_signature_goes() -> None:
    assert (
        draft.faithful(_reply("Yes.", "Dear Uncle Bob,"), "yes", "", SOURCE)
        == "Yes.\n\nKind regards\nRoland Pike"
    )
    wrong = _reply("Yes.").replace("Roland", "Ronald")
    assert (
        draft.faithful(wrong, "yes", "Roland Pike", SOURCE) == "Dear Sylvia Hartmann,\n\nYes.\n\nRoland Pike"
    )
    assert draft.faithful("", "yes", "Roland Pike", SOURCE) == "Yes.\n\nRoland Pike"


def test_one_greets_the_sender_and_in_ones_own_mail_whom_it_went_to(mine: Home, tmp_path: Path) -> None:
    mine.user.set("you.address", "vera@example.org")
    theirs, own = put(mine, tmp_path / "mail", mail(1), mail(2, people=(ME, ANA, BEN)))
    for view in (theirs, own):
        assert draft._name(draft._greeted(mine, view, draft._recipients(mine, view)[0])) == "Ana Lindström"
    assert draft._name('"Lindström, Ana" <ana@example.org>') == "Ana Lindström"
    assert draft._name("<ben@example.org>") == "ben@example.org"


def test_a_new_mail_goes_to_whom_the_name_means(mine: Home, tmp_path: Path) -> None:
    put(mine, tmp_path / "mail", mail(1))
    mine.user.set("you.name", "Vera Moss")
    say = "running late, start dinner without me, there by 20:30"
    steps = list(followed(mine, lambda home: draft.draft(home, to=("ana",), say=say)))
    *words, text, proposal = steps
    assert {type(step) for step in words} <= {Thinking, Token}
    assert isinstance(text, Text)
    assert isinstance(proposal, Proposal)
    shown = {field.label: field for field in proposal.preview}
    assert proposal.action == "draft_mail"
    assert proposal.arguments["to"] == ["Ana Lindström <ana@example.org>"]
    assert shown["To"].origin == "from your mails and events"
    assert "20:30" in text.text
    assert proposal.arguments["body"] == text.text
    assert 0 < len(text.title) <= draft.LINE_CHARS
    assert proposal.arguments["subject"] == text.title
    trace = mine.traces.find(text.trace)
    assert trace is not None
    assert trace.fields["form"] == draft.NEW  # what is corrected is the mail, not its subject line


def test_a_subject_of_ones_own_stays_and_an_address_is_ones_own(mine: Home) -> None:
    to = ("zed@example.com", "Ina Holm <ina@example.org>")
    *_, proposal = draft.draft(mine, to=to, say="lunch at 12:30?", subject="Food,\n soon")
    assert isinstance(proposal, Proposal)
    assert proposal.arguments["to"] == list(to)
    assert proposal.arguments["subject"] == "Food, soon"
    shown = {field.label: field for field in proposal.preview}
    assert (shown["To"].origin, shown["Subject"].origin) == ("you", "you")


def test_a_name_of_several_or_of_nobody_is_told_before_the_model_writes(mine: Home, tmp_path: Path) -> None:
    other = Person("Ana Berg", "berg@example.org", "from")
    begins = Person("Anabel Cole", "cole@example.org", "from")
    put(mine, tmp_path / "mail", mail(1), mail(2, people=(other,)), mail(3, people=(begins,)))
    with pytest.raises(UsageFault) as several:
        next(iter(draft.draft(mine, to=("Ana",), say="hello")))
    assert "Ana Lindström <ana@example.org>; Ana Berg <berg@example.org>" in str(several.value)
    assert "Anabel" not in str(several.value)
    assert mine.people.called("Ana B") == ("Ana Berg <berg@example.org>",)
    for unknown in ("Zed", "  "):
        with pytest.raises(NotFound):
            next(iter(draft.draft(mine, to=("ana@example.org", unknown), say="hello")))


@pytest.mark.parametrize(
    "wrong",
    [
        {"say": "yes"},
        {"say": "yes", "reply_to": "mid:1@example.org", "to": ("ana@example.org",)},
        {"say": "yes", "reply_to": "mid:1@example.org", "subject": "Mine"},
        {"say": " ", "to": ("ana@example.org",)},
    ],
)
def test_a_draft_is_a_reply_or_a_new_mail_and_says_something(mine: Home, wrong: dict[str, object]) -> None:
    with pytest.raises(UsageFault) as fault:
        next(iter(draft.draft(mine, **wrong)))
    assert "\n" not in str(fault.value)


BODY = "Hi Ana,\n\nThe piano comes on 14 June. Can Felix help us carry it?\n\nBest wishes\nVera"
SAY = "piano comes 14 june, can felix carry"


@pytest.mark.parametrize("line", ["Piano on 14 June", "Can Felix help us?", "The piano comes"])
def test_a_subject_line_about_the_mail_stays(line: str) -> None:
    assert draft.titled(line, BODY, SAY) == line


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Piano on 15 June",  # another day
        "Piano with Desmond",  # somebody else
        "Best regards from all of them",  # about nothing of it
        "Piano\n14 June",
        "Piano " * 20,
    ],
)
def test_another_subject_line_gives_way_to_the_own_words(line: str) -> None:
    assert draft.titled(line, BODY, SAY) == "Piano comes 14 june, can felix carry"
    assert draft.titled(line, BODY, f"{SAY} {'word ' * 30}").endswith("word…")


def test_nothing_is_written_for_a_proposal(mine: Home) -> None:
    registry.propose("create_note", {"title": "A", "text": "b"}, deeds.world(mine))
    assert not (mine.paths.data / "notes").exists()
