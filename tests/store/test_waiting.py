"""Mails that wait for an answer: what counts as one, and that a busy mailbox is looked through at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.core.paths import Paths
from app.store.db import open_index
from app.store.index import Batch, Index
from app.store.people import Known
from app.store.waiting import unanswered
from indexers.item import Item, Person, Unit

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    paths = Paths(tmp_path / "data")
    paths.make()
    made = Index(open_index(paths, bytes(32)))
    yield made
    made.close()


def mail(name: str, minutes: int, *, mine: bool = False, links: tuple[str, ...] = ()) -> Item:
    me, other = ("Me", "me@x.example"), ("Other", "other@y.example")
    sender, receiver = (me, other) if mine else (other, me)
    return Item(
        uri=f"mid:{name}",
        digest=name,
        source="mail",
        kind="mail",
        title=name,
        text="Hello.",
        when=NOW - timedelta(minutes=minutes),
        people=(Person(*sender, role="from"), Person(*receiver, role="to")),
        thread=name,
        links=links,
    )


def put(index: Index, *mails: Item) -> None:
    index.put_many(index.add_source("mail", "/mail").id, [Batch(Unit(path="/mail/all", stamp="1"), mails)])


def waiting(index: Index) -> list[str]:
    ids = index.db.tuples("SELECT id FROM people WHERE address = 'me@x.example'")
    me = Known(name="Me", ids=tuple(id for (id,) in ids))
    return [one.uri for one in unanswered(index.db, me, NOW - timedelta(days=45), NOW)]


def test_an_answer_names_its_mail_and_no_other(index: Index) -> None:
    links = ("https://x.example", "mid:b@x", "mid:a@x.example")
    put(index, mail("a@x", 30), mail("b@x", 20), mail("answer@x", 10, mine=True, links=links))
    assert waiting(index) == ["mid:a@x"]


def test_a_busy_mailbox_is_looked_through_at_once(index: Index) -> None:
    many = 4_000
    mails = [mail(f"{n}@x", 10 * n) for n in range(many)]
    sent = [mail(f"s{n}@x", 10 * n + 5, mine=True, links=("mid:else@x",) * 10) for n in range(many)]
    began = time.process_time()
    put(index, *mails, *sent)
    stored = time.process_time() - began
    began = time.process_time()
    assert len(waiting(index)) == many
    assert time.process_time() - began < stored  # it took three times as long: each mail against each sent
