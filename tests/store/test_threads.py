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
    lone = mail(3, "AW: the walk on  Sunday", "subject:the walk on sunday", 2, EVE, BOB)
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
