"""Several files tell of the same event: the highest edition is shown, in whatever order they come and go."""

from __future__ import annotations

import hashlib
import itertools

import pytest

from app.store.index import Batch, Index, Portion
from indexers.item import Item, Unit


def told(title: str, edition: int) -> Item:
    digest = hashlib.sha256(title.encode()).hexdigest()
    return Item(
        uri="event:1",
        source="calendar",
        kind="event",
        title=title,
        text=title,
        digest=digest,
        edition=edition,
    )


def put(index: Index, source: int, path: str, *items: Item) -> None:
    index.put(source, Unit(path=path, stamp="1"), items, [])


def title(index: Index) -> str:
    return index.item("event:1").title


@pytest.mark.parametrize("order", list(itertools.permutations(("asked", "mine", "off"))))
def test_the_highest_is_shown_and_the_next_when_it_goes(
    index: Index, source: int, order: tuple[str, ...]
) -> None:
    editions = {"asked": 1, "mine": 2, "off": 9}
    for name in order:
        put(index, source, name, told(name, editions[name]))
    assert title(index) == "off"
    index.drop_units(source, ["off"])
    stale = [path for path, stamp in index.stamps(source).items() if not stamp]
    for name in stale:
        put(index, source, name, told(name, editions[name]))
    assert title(index) == "mine"
    assert index.counts().items == 1


def test_a_file_that_falls_behind_gives_way(index: Index, source: int) -> None:
    put(index, source, "mine", told("mine", 5))
    put(index, source, "other", told("other", 2))
    put(index, source, "mine", told("mine before", 1))
    assert not index.stamps(source)["other"]
    put(index, source, "other", told("other", 2))
    assert title(index) == "other"


def test_within_one_file_and_over_its_portions(index: Index, source: int) -> None:
    put(index, source, "box", told("asked", 1), told("off", 9), told("asked again", 3))
    assert title(index) == "off"
    unit = Unit(path="large", stamp="1")
    asked, off = told("asked", 11), told("off for good", 19)
    for _ in range(2):  # and read once more
        index.put_many(source, [Batch(unit, [asked], portion=Portion("1", first=True))])
        index.put_many(source, [Batch(unit, [off], portion=Portion("2"))])
        index.put_many(source, [Batch(unit, [asked], portion=Portion("3", last=True))])
        assert title(index) == "off for good"
    assert index.counts().items == 1
