"""The store's exact lists: every condition by itself, nothing left out, any text a valid word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.store.db import Database
from app.store.index import Batch, Index
from app.store.inventory import Inventory, Query, says
from app.store.occasions import occasions
from app.store.people import People
from indexers.item import Item, Person, Skipped, Unit

ANA = Person("Ana Lindström", "ana@example.org", "from")
BEN = Person("Ben Okafor", "ben@example.org", "to")
FROM_BEN, TO_ANA = Person(BEN.name, BEN.address, "from"), Person(ANA.name, ANA.address, "to")


@pytest.fixture
def inventory(
    index: Index, index_db: Database, source: int, make: Callable[..., Item], tmp_path: Path
) -> Inventory:
    items = [
        make(1, "Row F, seats 7 and 8", title="Cinema", people=(ANA, BEN)),
        make(2, "We go rowing on the Spree", title="Rowing", people=(FROM_BEN, TO_ANA)),
        make(3, "The flat needs oars", title="Flats", people=(ANA,)),
        make(4, "soup", uri="mid:3@example.org#1", kind="attachment", title="Recipe.PDF", people=(ANA,),
             links=("mid:3@example.org",)),
    ]  # fmt: skip
    unread = Skipped(uri="mid:2@example.org#1", reason="attachment: not readable")
    index.put(source, Unit(path=str(tmp_path / "mbox"), stamp="1"), items, [unread])
    return Inventory(index_db)


def uris(inventory: Inventory, query: Query, **more: int) -> list[str]:
    return [item.uri.removesuffix("@example.org") for item in inventory.items(query, **more)]


def test_newest_first_as_many_as_asked_for_and_counted_in_full(inventory: Inventory) -> None:
    mails = Query(kinds=("mail",))
    assert uris(inventory, mails) == ["mid:3", "mid:2", "mid:1"]
    assert uris(inventory, mails, limit=2) == ["mid:3", "mid:2"]
    assert uris(inventory, mails, limit=1, oldest=True) == ["mid:1"]
    assert inventory.count(mails) == 3
    assert inventory.any(("mail",)) and not inventory.any(("photo",))


def test_a_word_counts_as_itself_and_in_its_plural_not_as_its_stem(inventory: Inventory) -> None:
    assert uris(inventory, Query(words=("rowing",))) == ["mid:2"]
    assert uris(inventory, Query(words=("row",))) == ["mid:1"]
    assert uris(inventory, Query(words=("seat", "row"))) == ["mid:1"]
    assert uris(inventory, Query(words=("seat", "oars"))) == []
    assert uris(inventory, Query(titled=("flats",))) == ["mid:3"]
    assert inventory.count(Query(words=("oar",))) == 1


def test_people_by_what_they_are_in_the_mail(inventory: Inventory, index_db: Database) -> None:
    ana, ben = People(index_db).one("Ana"), People(index_db).one("ben okafor")
    assert uris(inventory, Query(kinds=("mail",), sender=ana)) == ["mid:3", "mid:1"]
    assert uris(inventory, Query(receiver=ben)) == ["mid:1"]
    assert uris(inventory, Query(kinds=("mail",), but_from=ana)) == ["mid:2"]
    assert uris(inventory, Query(party=ben, words=("rowing",))) == ["mid:2"]
    assert (
        People(index_db).one("Ana Okafor") is People(index_db).one("An") is People(index_db).one("") is None
    )


def test_time_attachments_and_what_could_not_be_read(inventory: Inventory) -> None:
    second = inventory.items(Query(words=("rowing",)))[0].when or datetime.now(UTC)
    assert uris(inventory, Query(after=second, before=second + timedelta(hours=1))) == ["mid:2"]
    assert uris(inventory, Query(attached=True)) == ["mid:3"]
    assert inventory.count(Query(kinds=("attachment",), suffixes=(".pdf",))) == 1
    assert inventory.count(Query(kinds=("attachment",), suffixes=(".df",))) == 0
    assert inventory.unread(Query(kinds=("attachment",)))
    assert not inventory.unread(Query(kinds=("attachment",), words=("oars",)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(st.text(max_size=40))
def test_no_text_is_an_invalid_condition(inventory: Inventory, index_db: Database, text: str) -> None:
    inventory.items(Query(words=(text,), titled=(text,), place=text))
    People(index_db).one(text)


@pytest.mark.parametrize(
    ("word", "held"), [("oak", "oaks"), ("oaks", "oak"), ("box", "boxes"), ("cities", "city"), ("oak", "oak")]
)
def test_singular_and_plural_are_the_same_word(word: str, held: str) -> None:
    assert says(word, frozenset((held,)))


@pytest.mark.parametrize(("word", "held"), [("row", "rowing"), ("s", "as"), ("oak", "soak")])
def test_other_words_are_not(word: str, held: str) -> None:
    assert not says(word, frozenset((held,)))


@pytest.mark.parametrize(
    ("begins", "until", "zone"),
    [
        (datetime(9999, 12, 31, 23, 30, tzinfo=UTC), None, "Europe/Berlin"),
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, tzinfo=UTC), "Europe/Berlin"),
        (datetime(1, 1, 1, tzinfo=UTC), None, "America/New_York"),
    ],
)
def test_an_event_at_the_end_of_all_dates_does_no_harm(
    index: Index, begins: datetime, until: datetime | None, zone: str
) -> None:
    meta = {"until": until.isoformat()} if until else {}
    event = Item(
        uri="event:1", source="calendar", kind="event", title="E", text="", digest="1", when=begins, meta=meta
    )
    index.put_many(index.add_source("calendar", "/c").id, [Batch(Unit(path="/c/1", stamp="1"), [event])])
    [one] = occasions(Inventory(index.db).events(), ZoneInfo(zone))
    assert one.begins < one.ends and not one.within(
        None, begins - timedelta(days=3) if begins.year > 1 else begins
    )
