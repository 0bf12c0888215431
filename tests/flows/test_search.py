"""What is read out of a question, and what it does to the order of a real store's passages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.core.errors import UsageFault
from app.core.types import Scope
from app.flows import asked, search
from app.flows.context import Home
from app.store.wishes import Wish
from indexers.item import Item, Person, Unit

NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
ANA, BEN = Person("Ana Lindström", "ana@example.org", "from"), Person("Ben Ek", "ben@example.org", "from")
Put = Callable[..., None]


class Known:
    """A store that knows Ana and Ben Ek, and when the move was."""

    def someone(self, words: tuple[str, ...]) -> bool:
        return words in (("ana",), ("ben", "ek"), ("ek",))

    def addresses(self, words: tuple[str, ...]) -> tuple[str, ...]:
        return ("ana@work.example.net",) if words == ("ana",) else ()

    def occasion(self, words: tuple[str, ...]) -> tuple[datetime, datetime] | None:
        begins = datetime(2026, 2, 10, 9, tzinfo=UTC)
        return (begins, begins + timedelta(hours=8)) if words[0] in ("move", "umzug", "mudanza") else None


def read(question: str) -> tuple[Wish, ...]:
    return asked.wishes(question, NOW, Known())


@pytest.mark.parametrize(
    ("question", "month", "day"),
    [
        ("what was in the post last week?", 3, 9),
        ("invoices in February", 2, 1),
        ("was kam letzte Woche?", 3, 9),
        ("Rechnungen im Februar", 2, 1),
        ("les factures de février", 2, 1),
        ("qué llegó la semana pasada", 3, 9),
        ("the bills of Q1 2026", 1, 1),
    ],
)
def test_a_time_is_read(question: str, month: int, day: int) -> None:
    wish = read(question)[0]
    assert wish.after is not None
    assert (wish.after.month, wish.after.day) == (month, day)


@pytest.mark.parametrize(
    ("question", "before", "after"),
    [
        ("what did we pay before the move", True, False),
        ("was haben wir vor dem Umzug bezahlt", True, False),
        ("que pagamos antes de la mudanza", True, False),
        ("who wrote after the move", False, True),
        ("who helped during the move", False, False),
    ],
)
def test_an_event_of_the_store_names_a_time(question: str, before: bool, after: bool) -> None:
    wish = read(question)[0]
    assert wish.after is not None
    assert wish.before is not None
    day = datetime(2026, 2, 10, 9, tzinfo=UTC)
    assert (wish.before <= day, wish.after > day) == (before, after)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("photos from Lisbon", "photo"),
        ("Fotos aus Lissabon", "photo"),
        ("images de Lisbonne", "photo"),
        ("fotos de Lisboa", "photo"),
        ("videos of the regatta", "video"),
        ("the attachment about rent", "attachment"),
        ("meine Notizen zum Garten", "note"),
        ("correos sobre el piso", "mail"),
    ],
)
def test_a_kind_is_read(question: str, kind: str) -> None:
    assert any(kind in wish.kinds for wish in read(question))


@pytest.mark.parametrize(
    ("question", "person"),
    [
        ("mails from Ana about the boat", ("ana",)),
        ("what did Ben Ek write about the boat", ("ben", "ek")),
        ("was hat Ana geschrieben", ("ana",)),
        ("les mails de Ana", ("ana",)),
        ("lo que Ana escribió", ("ana",)),
        ("Mail von Herrn Ek", ("ek",)),
    ],
)
def test_an_author_is_read(question: str, person: tuple[str, ...]) -> None:
    addresses = ("ana@work.example.net",) if person == ("ana",) else ()
    assert Wish(person=person, addresses=addresses) in read(question)


@pytest.mark.parametrize(
    "question", ["", "what is the door code", "a letter from the bank", "wie hoch ist der Turm"]
)
def test_what_says_nothing_of_it_wishes_nothing(question: str) -> None:
    assert read(question) == ()


def test_of_a_pasted_text_only_the_beginning_is_read() -> None:
    pasted = "The boat needs a sail. " * 30
    assert read(f"mails from Ana last week: {pasted}") == read("mails from Ana last week: the boat")
    assert read(f"{pasted} mails from Ana last week") == ()
    assert read("did ab " * 4_000) == ()  # else as many names to try as pairs of words


@pytest.mark.parametrize("question", ["who wrote after the fair", "before the fair", "during the fair"])
@pytest.mark.parametrize(
    "time",
    [
        (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)),
        (datetime(9999, 12, 31, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)),
        (datetime(2026, 2, 10, tzinfo=UTC), datetime(2026, 2, 11)),
    ],
)
def test_an_event_at_the_end_of_the_calendar_is_no_fault(
    question: str, time: tuple[datetime, datetime]
) -> None:
    class Odd(Known):
        def occasion(self, words: tuple[str, ...]) -> tuple[datetime, datetime] | None:
            return time

    assert all(wish.person == () for wish in asked.wishes(question, NOW, Odd()))


# --- on a store --------------------------------------------------------------------------------


@pytest.fixture
def put(mine: Home, tmp_path: Path) -> Put:
    source = mine.index.add_source(kind="mail", path=tmp_path)

    def one(name: str, text: str, **fields: object) -> None:
        values: dict[str, object] = {
            "uri": f"mid:{name}",
            "source": "mail",
            "kind": "mail",
            "title": "Boat",
            "text": text,
            "digest": name,
            "when": NOW - timedelta(days=300),
            "people": (BEN,),
        }
        mine.index.put(source.id, Unit(path=f"/{name}", stamp="1"), [Item(**(values | fields))], [])

    return one


def found(home: Home, question: str) -> list[str]:
    hits = home.searcher.finish(search.begin(home.searcher, question, scope=Scope(), now=NOW), k=9)
    return [hit.uri.removeprefix("mid:") for hit in hits]


def test_who_and_when_and_what_raise_but_hide_nothing(mine: Home, put: Put) -> None:
    put("other", "The boat needs a new sail, said the yard.")
    put("ana", "The boat needs a new mast, said the yard.", people=(ANA, BEN))
    put("to-ana", "The boat needs a new keel, said the yard.", people=(BEN, ANA))
    put("week", "The boat needs a new rope, said the yard.", when=NOW - timedelta(days=7))
    put("note", "The boat needs a new flag, said the yard.", kind="note", people=())
    assert found(mine, "mail about the boat from Ana")[:2] == ["ana", "to-ana"]
    assert found(mine, "the boat last week")[0] == "week"
    assert found(mine, "my notes on the boat")[0] == "note"
    assert set(found(mine, "the boat last week")) == {"other", "ana", "to-ana", "week", "note"}


def test_what_fulfils_all_wishes_is_found_however_common_its_words(mine: Home, put: Put) -> None:
    for n in range(230):
        put(f"n{n}", "boat boat boat boat", title="boat boat")
    put(
        "one",
        f"There is a long story of some harbour and {'plenty of other things ' * 20} and a boat.",
        people=(ANA,),
    )
    assert found(mine, "mail from Ana about the boat")[0] == "one"
    assert "one" not in found(mine, "something about the boat")


def test_who_writes_from_elsewhere_under_no_name_is_found_too(mine: Home, put: Put) -> None:
    for n in range(230):
        put(f"n{n}", "boat boat boat boat", title="boat boat")
    elsewhere = Person("", "castle@work.example.net", "from")
    text = f"There is a long story of some harbour and {'plenty of other things ' * 20} and a boat."
    put("one", text, people=(elsewhere,))
    put("by ana", "Hello", people=(ANA,))
    assert "one" not in found(mine, "mail from Ana about the boat")
    card = tuple(Person(ANA.name, address, "contact") for address in (ANA.address, elsewhere.address))
    put("card", "Ana", people=card, kind="contact", source="contacts")
    assert "one" in found(mine, "mail from Ana about the boat")


def test_the_same_for_a_time(mine: Home, put: Put) -> None:
    for n in range(230):
        put(f"n{n}", "A boat.")
    put("one", "A boat and a sail.", when=NOW - timedelta(days=7))
    assert "one" in found(mine, "the boat last week")
    assert "one" not in found(mine, "the boat")


def test_a_folder_is_read(mine: Home, put: Put) -> None:
    put("boats", "The boat needs a new sail, said the yard.", path="/home/me/Boats/yard.eml")
    put("other", "The boat needs a new sail, said the mate.", path="/home/me/Mail/mate.eml")
    for question in (
        "the new sail in my Boats folder",
        "das neue sail im Ordner Boats",
        "sail, dossier Boats",
    ):
        assert found(mine, question)[0] == "boats"


def test_the_bill_for_a_month_comes_after_it(mine: Home, put: Put) -> None:
    for name, days in (("february", -30), ("march", -10), ("long-ago", -200)):
        put(name, "Power used: 288 kWh", when=NOW + timedelta(days=days))
    assert found(mine, "power used in February") == ["february", "march", "long-ago"]


def test_an_event_is_looked_up_in_the_store(mine: Home, put: Put) -> None:
    put("event", "Moving", kind="event", title="Move to Porto", when=NOW - timedelta(days=100))
    put("before", "We paid for the boxes.", when=NOW - timedelta(days=120))
    put("after", "We paid for the boxes.  Again, dearly.", when=NOW - timedelta(days=20))
    put("long-ago", "We paid for the boxes: never.", when=NOW - timedelta(days=600))

    def first(question: str) -> str:
        return next(name for name in found(mine, question) if name != "event")

    assert first("what did we pay for boxes before the move") == "before"
    assert first("what did we pay for boxes after the move") == "after"


def test_an_unknown_source_is_not_an_empty_result(mine: Home) -> None:
    with pytest.raises(UsageFault) as fault:
        search.search(mine, query="bicycle", scope=Scope(sources=("fax",)))
    assert "notes" in fault.value.remedy
