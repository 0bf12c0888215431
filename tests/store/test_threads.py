"""Conversations: by the mails that are named, and by subject where a reply names none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from app.store.index import Index
from indexers.item import Item, Person, Unit

ANN, BOB, EVE = (Person(name, f"{name.lower()}@x.org", "from") for name in ("Ann", "Bob", "Eve"))
BEGAN = datetime(2026, 6, 1, tzinfo=UTC)


def test_replies_without_references_are_joined_by_subject(
    index: Index, source: int, make: Callable[..., Item]
) -> None:
    def mail(number: int, title: str, thread: str, day: int, *people: Person) -> Item:
        when = BEGAN + timedelta(days=day)
        return make(number, f"words {number}", title=title, thread=thread, when=when, people=people)

    first = mail(1, "The walk on Sunday", "mid:1@x", 0, ANN, BOB)
    named = mail(2, "Re: The walk on Sunday", "mid:1@x", 1, BOB, ANN)
    lone = mail(3, "AW: the walk on  Sunday", "subject:the walk on sunday", 2, EVE, BOB, ANN)
    stranger = mail(
        4, "Re: The walk on Sunday", "subject:the walk on sunday", 2, Person("", "z@y.org", "from")
    )
    later = mail(5, "Re: The walk on Sunday", "subject:the walk on sunday", 300, BOB, ANN)
    other = mail(6, "The walk on Sunday and more", "mid:6@x", 2, ANN, BOB)
    index.put(source, Unit(path="/box", stamp="1"), [first, named, lone, stranger, later, other], [])
    together = [first.uri, named.uri, lone.uri]
    for mail_ in (first, named, lone):
        assert [view.uri for view in index.thread(mail_.uri)] == together, mail_.title
    for mail_ in (stranger, later, other):
        assert [view.uri for view in index.thread(mail_.uri)] == [mail_.uri]


def test_two_conversations_of_one_subject_stay_two(
    index: Index, source: int, make: Callable[..., Item]
) -> None:
    """All of them name whose mailbox it is, which tells nothing."""

    def mail(number: int, title: str, thread: str, day: int, *people: Person, **fields: object) -> Item:
        when = BEGAN + timedelta(days=day)
        item = {"title": title, "thread": thread, "when": when, "people": people} | fields
        return make(number, f"words {number}", **item)

    mails = [
        mail(1, "Hello", "mid:1@x", 0, BOB, ANN),
        mail(2, "Re: Hello", "subject:hello", 1, ANN, BOB),
        mail(3, "Hello", "mid:3@x", 2, EVE, ANN),
        mail(4, "Re: Hello", "subject:hello", 3, ANN, EVE),
    ]
    everyone = Person("Everyone", "all@lists.x.org", "to")
    listed = [
        mail(5, "The plan", "mid:5@x", 0, BOB, everyone, meta={"bulk": "list"}),
        mail(6, "Re: The plan", "subject:the plan", 1, EVE, everyone, meta={"bulk": "list"}),
    ]
    index.put(source, Unit(path="/box", stamp="1"), [*mails, *listed], [])
    for pair in (mails[:2], mails[2:], listed):
        for one in pair:
            assert [view.uri for view in index.thread(one.uri)] == [each.uri for each in pair]


def test_of_a_subject_that_comes_again_and_again_the_nearest_are_looked_at(
    index: Index, source: int, make: Callable[..., Item]
) -> None:
    def mail(number: int, title: str, thread: str, day: int, *people: Person) -> Item:
        when = BEGAN + timedelta(days=day)
        return make(number, f"words {number}", title=title, thread=thread, when=when, people=people)

    title, thread = "Plan of the week", "subject:plan of the week"
    old = [mail(n, title, f"mid:{n}@x", -3_000 + n, EVE, ANN) for n in range(250)]
    olds = [mail(300 + n, f"Re: {title}", thread, -3_000 + n, EVE, ANN) for n in range(250)]
    pair = [mail(901, title, "mid:901@x", 0, BOB, ANN), mail(902, f"Re: {title}", thread, 1, ANN, BOB)]
    index.put(source, Unit(path="/box", stamp="1"), [*old, *olds, *pair], [])
    for one in pair:
        assert [view.uri for view in index.thread(one.uri)] == [each.uri for each in pair]
