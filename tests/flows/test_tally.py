"""Questions that the store answers: exact on the demo, nothing where there is a doubt, never the model."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.core.paths import Paths
from app.core.types import Answer, Scope
from app.flows import ask, opening
from app.flows.context import Home
from app.flows.tally import tally
from app.workers.worker import Worker
from indexers.item import Item, Person, Unit
from tests.flows.mails import ANA, ME, mail, put

PASSPHRASE = "correct horse battery staple"
ROOT = Path(__file__).parents[2]
DEMO = ROOT / "resources" / "demo"
ROWS = [json.loads(line) for line in (DEMO / "structured.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def vera(engine: Worker, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The demo as the session's engine indexed it, copied, on 20 November 2026 in Lisbon."""
    place = tmp_path_factory.mktemp("vera") / "data"
    shutil.copytree(folder / "data", place, ignore=shutil.ignore_patterns("*.lock", "*-shm", "models"))
    paths = Paths(place)
    paths.make()
    home = opening.unlock(paths, PASSPHRASE, -1, asked=True)
    noon = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    yield replace(home, zone=ZoneInfo("Europe/Lisbon"), clock=lambda: noon)
    opening.close(home)


def recount() -> ModuleType:
    spec = importlib.util.spec_from_file_location("structured", ROOT / "tests" / "quality" / "structured.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["structured"] = module
    spec.loader.exec_module(module)
    return module


def test_the_gold_is_what_other_code_counts_in_the_raw_files() -> None:
    rows = [json.loads(json.dumps(row, ensure_ascii=False)) for row in recount().rows()]
    assert rows == ROWS
    assert sum(bool(row["asks"]) for row in rows) >= 60
    assert sum(not row["asks"] for row in rows) >= 20


def listed(answer: Answer) -> list[tuple[str, str]]:
    """What is cited, with the date it stands for; a note has none that is its own."""
    return sorted(
        (c.uri, f"{c.when:%Y-%m-%d %H:%M}" if c.when and "/notes/" not in c.uri else "")
        for c in answer.citations
    )


def right(row: dict[str, Any], answer: Answer | None) -> bool:
    if not row["asks"] or answer is None:
        return answer is None and not row["asks"]
    gold = sorted(
        ((DEMO / uri.removeprefix("demo:")).as_uri() if uri.startswith("demo:") else uri, at)
        for uri, at in row["gold"]
    )
    said = answer.text.replace("\N{NO-BREAK SPACE}", " ").split()
    figures = [word.strip(".,:") for word in said]
    return listed(answer) == gold and (not row["figure"] or row["figure"] in figures)


def test_every_structured_question_of_the_demo_is_answered_exactly(vera: Home) -> None:
    wrong = [row["question"] for row in ROWS if not right(row, tally(vera, row["question"], Scope()))]
    assert wrong == []


def test_a_wrong_figure_or_list_is_noticed(vera: Home) -> None:
    row = next(row for row in ROWS if row["id"] == "s14")
    answer = tally(vera, row["question"], Scope())
    assert right(row, answer)
    assert not right(row | {"figure": "5"}, answer)
    assert not right(row | {"gold": row["gold"][1:]}, answer)
    assert not right(row | {"asks": ""}, answer)
    assert not right(row, None)


def test_the_questions_the_model_is_for_go_to_the_model(vera: Home) -> None:
    asked = [json.loads(line) for line in (DEMO / "questions.jsonl").read_text("utf-8").splitlines()]
    assert [row["question"] for row in asked if tally(vera, row["question"], Scope())] == []


def test_asking_starts_no_model_and_keeps_the_conversation(vera: Home) -> None:
    steps = list(ask.ask(vera, question="How many mails did Noor send me in June?", scope=Scope()))
    assert [type(step) for step in steps] == [Answer]
    (answer,) = steps
    assert isinstance(answer, Answer)
    assert answer.text == "2 mails from Noor Haddad, June 2026."
    assert answer.supported
    assert [process.pid for process in vera.specialists.processes()] == [0] * len(
        vera.specialists.processes()
    )
    for cited in answer.citations:
        assert vera.index.item(cited.uri).text[cited.start : cited.end] == cited.quote
    turn = vera.conversations.turns(answer.conversation)[-1]
    assert turn.citations == answer.citations


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("When did I last meet Beatriz?",
         "By your calendar: the last: “Beatriz, two of us”, 18 November 2026, 16:00 [1]."),
        ("Wann habe ich Beatriz zuletzt getroffen?",
         "Laut Kalender: zuletzt: „Beatriz, two of us“, 18. November 2026, 16:00 [1]."),
        ("Which invoices are over 60 €?", "2 invoices over 60 EUR (mails and attachments called that)."),
        ("Combien de photos ai-je prises à Porto ?", "5 photos de Porto."),
        ("¿Cuántos correos recibí de Noor en agosto?", "0 correos de Noor Haddad, agosto de 2026."),
        ("How many mails from Noor in August?", "No mails from Noor Haddad, August 2026."),
        ("What do the invoices from Luz Clara add up to?",
         "2 invoices from Luz Clara Energia: 132.55 EUR in total (mails and attachments called that)."),
    ],
)  # fmt: skip
def test_answers_are_said_in_the_language_of_the_question(vera: Home, question: str, text: str) -> None:
    answer = tally(vera, question, Scope())
    assert answer is not None
    assert answer.text == text


def test_limits_set_beside_the_question(vera: Home) -> None:
    question = "How many mails from Noor in May?"
    assert tally(vera, question, Scope(sources=("mail",))) is not None
    assert tally(vera, question, Scope(sources=("notes",))) is None
    assert tally(vera, question, Scope(people=("Rui",))) is None
    assert tally(vera, question, Scope(after=datetime(2026, 1, 1, tzinfo=UTC))) is None


def said(home: Home, question: str) -> str:
    answer = tally(home, question, Scope())
    return answer.text if answer else ""


def test_one_person_with_two_addresses_and_two_people_with_one_name(mine: Home, tmp_path: Path) -> None:
    work = Person("Ana Lindström", "ana@work.example.com", "from")
    bare = Person("", "ana@example.org", "from")
    put(
        mine,
        tmp_path / "mail",
        mail(1),
        mail(2, people=(work, ME)),
        mail(3, people=(bare, ME)),
        mail(4, people=(Person("Petra Moss", "petra@example.org", "from"), ME)),
    )
    assert said(mine, "How many mails from Ana?") == ""  # there may be two of that name
    assert said(mine, "How many mails from ana@example.org?") == "2 mails from Ana Lindström."
    both = tuple(Person("Ana Lindström", address, "contact") for address in (ANA.address, work.address))
    put(mine, tmp_path / "cards", mail(9, kind="contact", source="contacts", people=both))
    assert said(mine, "How many mails from Ana?") == "3 mails from Ana Lindström."
    assert said(mine, "How many mails from ana@work.example.com?") == "3 mails from Ana Lindström."
    assert said(mine, "How many mails from Moss?") == ""  # Petra, or Vera herself
    put(mine, tmp_path / "more", mail(5, people=(Person("Ana Prado", "prado@example.org", "from"), ME)))
    assert said(mine, "How many mails from Ana?") == ""
    assert said(mine, "How many mails from Ana Prado?") == "1 mail from Ana Prado."


def test_an_address_that_writes_for_many_makes_nobody_the_same(mine: Home, tmp_path: Path) -> None:
    through = [Person(f"{name} via Club", "club@example.org", "from") for name in ("Ana", "Bo", "Cy", "Dee")]
    put(mine, tmp_path / "mail", *(mail(n, people=(who, ME)) for n, who in enumerate(through)))
    assert said(mine, "How many mails from Bo?") == "1 mail from Bo via Club."


def test_sent_needs_to_know_whose_mailbox_it_is(mine: Home, tmp_path: Path) -> None:
    vera = Person("Vera Moss", "vera@example.org", "from")
    put(mine, tmp_path / "mail", mail(1), mail(2, people=(vera, Person("Ana Lindström", ANA.address, "to"))))
    assert said(mine, "How many mails did I send?") == "1 mail from you."
    strangers = (Person("A B", "a@example.com", "from"), Person("C D", "c@example.com", "to"))
    put(mine, tmp_path / "list", *(mail(n, people=strangers) for n in range(10, 20)))
    assert said(mine, "How many mails did I send?") == ""


def event(uid: str, title: str, when: datetime, **fields: Any) -> Item:
    values: dict[str, Any] = {
        "uri": f"event:{uid}",
        "source": "calendar",
        "kind": "event",
        "title": title,
        "text": "",
        "digest": uid,
        "when": when,
        "until": when + timedelta(hours=1),
        "thread": f"event:{uid}",
    }
    return Item(**(values | fields))


def calendar(home: Home, folder: Path, *events: Item) -> None:
    folder.mkdir()
    source = home.index.add_source(kind="calendar", path=folder)
    home.index.put(source.id, Unit(path=str(folder / "a.ics"), stamp="1"), list(events), [])


def test_what_is_known_of_a_series_is_counted_and_nothing_beyond(mine: Home, tmp_path: Path) -> None:
    first = datetime(2024, 1, 3, 18, 0, tzinfo=UTC)  # weekly without an end; the last 60 dates are kept
    weeks = [first + timedelta(weeks=n) for n in range(50, 130)]
    meta = {
        "repeats": "Every week",
        "rrule": "FREQ=WEEKLY",
        "instances": " ".join(w.isoformat() for w in weeks),
    }
    calendar(mine, tmp_path / "calendar", event("choir", "Choir session", first, meta=meta))
    assert said(mine, "How many choir sessions did I have in February 2026?") == (
        "By your calendar: 4 events mentioning “choir sessions”, February 2026."
    )
    assert said(mine, "How many choir sessions did I have in February 2024?") == ""
    assert said(mine, "How many choir sessions are there?") == ""
    assert said(mine, "When was the last choir session?").endswith("11 March 2026, 19:00 [1].")
    assert said(mine, "When is the next choir session?").endswith("18 March 2026, 19:00 [1].")
    assert said(mine, "When was the first choir session?") == ""


def test_who_was_met_is_an_attendee_or_named_as_being_there(mine: Home, tmp_path: Path) -> None:
    def at(day: int) -> datetime:
        return datetime(2026, 3, day, 9, 0, tzinfo=UTC)

    put(mine, tmp_path / "mail", mail(1))
    calendar(
        mine,
        tmp_path / "calendar",
        event("lunch", "Lunch", at(2), people=(Person("Ana Lindström", "ana@example.org", "attendee"),)),
        event("ana", "Coffee with Ana", at(5)),
        event("birthday", "Ana birthday", at(8)),
        event("car", "Ana's car is inspected", at(9)),
        event("visit", "Visit of the site", at(12), text="Visit of the site\nWith Ana, bring the laser"),
        event("off", "Walk with Ana", at(10), meta={"status": "CANCELLED"}),
        event("soon", "Dinner with Ana", at(25)),
    )
    assert said(mine, "When did I last meet Ana?").endswith(
        "“Coffee with Ana”, 5 March 2026, 10:00 [1]. 1 more name Ana only in their description."
    )
    assert said(mine, "How often did I meet Ana in March?") == (
        "By your calendar: 2 events with Ana, 1 March 2026 – 18 March 2026. "
        "1 more name Ana only in their description."
    )
    assert said(mine, "When will I next meet Ana?").endswith("“Dinner with Ana”, 25 March 2026, 10:00 [1].")
    assert said(mine, "When did I last meet Bo?") == ""


def test_an_all_day_event_belongs_to_its_day_in_any_zone(mine: Home, tmp_path: Path) -> None:
    day = datetime(2026, 3, 1, tzinfo=ZoneInfo("Pacific/Auckland"))  # in Berlin still the day before
    fair = event("fair", "Book talk", day, until=day + timedelta(days=1), meta={"all-day": "2026-03-01"})
    calendar(mine, tmp_path / "calendar", fair)
    assert said(mine, "How many book talks did I have in March?").startswith("By your calendar: 1 event")
    assert said(mine, "How many book talks did I have in February?").startswith("By your calendar: no events")


def test_amounts_decide_only_where_they_are_plain(mine: Home, tmp_path: Path) -> None:
    put(
        mine,
        tmp_path / "mail",
        mail(1, "Item 150.00 EUR\nItem 90.00 EUR\nTotal 240.00 EUR", title="Invoice 1"),
        mail(2, "Please pay 80 €.", title="Invoice 2"),
        mail(3, "Total: 3,000 SEK", title="Invoice 3"),
        mail(4, "I paid 900 EUR.", title="Re: Invoice 2"),
    )
    assert said(mine, "Which invoices are over 200 €?") == (
        "1 invoice over 200 EUR (mails and attachments called that). "
        "1 more name amounts in other currencies, which are not compared."
    )
    assert said(mine, "Which mails are over 500 €?").startswith("1 mail naming an amount over 500 EUR.")
    assert said(mine, "What do my invoices add up to?") == ""  # in two currencies
    put(mine, tmp_path / "vague", mail(5, "150 EUR now or 250 EUR later", title="Invoice 5"))
    assert said(mine, "Which invoices are over 200 €?") == ""
    assert said(mine, "Which invoices are over 300 €?") == ""


def test_photos_without_a_place_are_told(mine: Home, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    source = mine.index.add_source(kind="photos", path=folder)
    photos = [
        mail(n, "", uri=f"file:///{n}.jpg", source="photos", kind="photo", people=(), place=place)
        for n, place in enumerate(("Lisbon, Portugal", "near Lisbon, Portugal", ""))
    ]
    mine.index.put(source.id, Unit(path=str(folder), stamp="1"), photos, [])
    assert said(mine, "How many photos from Lisbon?") == (
        "1 photo from Lisbon. Of 2 photos it is not known where they were taken."
    )
    assert said(mine, "How many photos from Madrid?") == ""
