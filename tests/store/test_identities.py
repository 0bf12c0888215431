"""One person under many names and addresses, and two people under one name."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable

import pytest

from app.core.types import Scope
from app.store import identities
from app.store.db import Database
from app.store.filters import Filter
from app.store.identities import address_key, name_key
from app.store.index import Index
from app.store.people import People
from indexers.item import Item, Person, Unit

Make = Callable[..., Item]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Castro, Ana", "ana castro"),
        ("Dr. Ána  CASTRO", "ana castro"),
        ('"Ana Castro" (Hospital)', "ana castro"),
        ("Doe, John, Jr.", "doe john"),
        ("Dr.", "dr"),
        ("", ""),
    ],
)
def test_names_as_they_are_compared(written: str, key: str) -> None:
    assert name_key(written) == key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Ana+lists@Example.org", "ana@example.org"),
        ("a.n.a+x@googlemail.com", "ana@gmail.com"),
        ("+1@example.org", "+1@example.org"),
        ("nobody", ""),
    ],
)
def test_addresses_as_they_are_compared(written: str, key: str) -> None:
    assert address_key(written) == key


def groups(index: Index) -> list[list[str]]:
    """Who is the same, as ``name <address>``."""
    found = defaultdict(list)
    sql = "SELECT identity, name, address FROM (SELECT d.identity, p.name, p.address FROM people p "
    for row in index.db.rows(f"{sql} JOIN identities d ON d.person_id = p.id)"):
        found[row["identity"]].append(f"{row['name']} <{row['address']}>")
    assert sum(map(len, found.values())) == index.db.value("SELECT count(*) FROM people")
    assert index.db.value("SELECT count(*) FROM stale_identities") == 0
    return sorted(sorted(those) for those in found.values())


def card(make: Make, n: int, *people: tuple[str, str]) -> Item:
    named = tuple(Person(name, address, "contact") for name, address in people)
    return make(n, f"card {n} {people}", kind="contact", source="contacts", people=named, uri=f"contact:{n}")


def sent(make: Make, n: int, *people: tuple[str, str]) -> Item:
    return make(
        n, f"mail {n} {people}", people=tuple(Person(name, address, "from") for name, address in people)
    )


def put(index: Index, source: int, path: str, *items: Item, stamp: str = "1") -> None:
    index.put(source, Unit(path=path, stamp=stamp), items, [])


def test_who_is_one_and_who_is_not(index: Index, source: int, make: Make) -> None:
    people = (
        ("Ana Castro", "ana@example.org"),
        ("", "ana+news@example.org"),  # the same mailbox
        ("Castro, Ana", "ana@mail.example.org"),  # below the same domain
        ("Ana Castro", "castro@work.example.com"),  # may be another Ana Castro
        ("Ana", "ana@elsewhere.example.net"),
        ("Max Kraus", "mkraus84@example.org"),
        ("Max Kraus", "mkraus84@example.net"),  # the number is his
        ("Eva Lund", ""),
        ("Lund, Eva", "eva@example.org"),
    )
    put(index, source, "/mails", *(sent(make, n, who) for n, who in enumerate(people)))
    assert groups(index) == [
        [" <ana+news@example.org>", "Ana Castro <ana@example.org>", "Castro, Ana <ana@mail.example.org>"],
        ["Ana <ana@elsewhere.example.net>"],
        ["Ana Castro <castro@work.example.com>"],
        ["Eva Lund <>", "Lund, Eva <eva@example.org>"],
        ["Max Kraus <mkraus84@example.net>", "Max Kraus <mkraus84@example.org>"],
    ]
    assert People(index.db).one("Ana Castro") is None


def test_a_contact_card_makes_one_and_its_end_makes_two(index: Index, source: int, make: Make) -> None:
    home, work = ("Ana Castro", "ana@example.org"), ("A. Castro", "castro@work.example.com")
    put(index, source, "/mails", sent(make, 1, home), sent(make, 2, work))
    known = People(index.db)
    assert len(groups(index)) == 2
    nick = ("Annie", home[1])
    put(index, source, "/cards", card(make, 3, home, ("Ana Castro", work[1]), nick))
    assert len(groups(index)) == 1
    person = known.one("Annie")
    assert person is not None
    assert set(person.addresses) == {home[1], work[1]}
    for asked in ("annie", "castro@work.example.com", "ana castro"):
        where, values = Filter.of(Scope(people=(asked,))).test()
        found = index.db.tuples(f"SELECT i.kind FROM items i WHERE {where} ORDER BY i.id", values)
        assert [kind for (kind,) in found] == ["mail", "mail", "contact"], asked
    index.drop_units(source, ["/cards"])
    assert len(groups(index)) == 2
    assert known.one("Annie") is None


def test_a_list_that_writes_for_many_is_nobody(index: Index, source: int, make: Make) -> None:
    names = ["Ana A", "Bo B", "Cy C", "Di D", "Ed E"]
    for count, name in enumerate(names, start=1):
        put(index, source, f"/{count}", sent(make, count, (name, "club@example.org")))
        assert len(groups(index)) == (1 if count <= identities.SHARED else count)
    index.drop_units(source, ["/5", "/4"])
    assert len(groups(index)) == 1


def anew(db: Database) -> None:
    with db.write() as writer:
        for table in ("identities", "shared_addresses", "stale_identities"):
            writer.conn.execute(f"DELETE FROM {table}")
        writer.conn.execute("INSERT INTO stale_identities SELECT id FROM people")
        identities.refresh(writer)


@pytest.mark.parametrize("seed", range(4))
def test_step_by_step_is_the_same_as_at_once(
    index: Index, source: int, make: Make, seed: int, full: bool
) -> None:
    chance = random.Random(seed)
    names = ["", "Ana Castro", "Castro, Ana", "Annie", "Bo Lund", "Lund, Bo", "Cy"]
    places = [
        "",
        "ana@x.org",
        "ana+1@x.org",
        "ana@y.x.org",
        "ana77@x.org",
        "ana77@z.org",
        "bo@x.org",
        "cy@z.org",
    ]
    for step in range(600 if full else 60):
        path = f"/{chance.randrange(12)}"
        if chance.random() < 0.3:
            index.drop_units(source, [path])
        else:
            made = []
            for n in range(chance.randint(1, 3)):
                whom = [(chance.choice(names), chance.choice(places)) for _ in range(chance.randint(1, 3))]
                whom = [who for who in whom if any(who)] or [("Cy", "")]
                make_one = card if chance.random() < 0.25 else sent
                made.append(make_one(make, 10 * int(path[1:]) + n, *whom))
            put(index, source, path, *made, stamp=str(step))
        if step % 5 == 0:
            kept = groups(index)
            anew(index.db)
            assert groups(index) == kept, f"after step {step}"


def test_the_control_without_triggers_is_noticed(index: Index, source: int, make: Make) -> None:
    with index.db.write() as db:
        db.conn.execute("DROP TRIGGER contact_came")
    home, work = ("Ana Castro", "ana@example.org"), ("A. Castro", "castro@work.example.com")
    put(index, source, "/mails", sent(make, 1, home), sent(make, 2, work))
    put(index, source, "/cards", card(make, 3, home, work))
    kept = groups(index)
    anew(index.db)
    assert groups(index) != kept
