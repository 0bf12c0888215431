"""Own adapters and corrections: worn and gone back from, held back by a stable hash, really forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import NotFound, UsageFault
from app.core.paths import Paths
from app.store.db import Database, open_user
from app.store.hats import KEPT, Corrections, New, OwnAdapters

BASE, OTHER = "a" * 64, "b" * 64
CANARY = "zebra-canary-4711"


def new(n: int = 0, **fields: Any) -> New:
    values: dict[str, Any] = {
        "task": "draft",
        "base": "small",
        "base_sha256": BASE,
        "origin": "taught",
        "peft": b"peft %d" % n,
        "config": b"{}",
        "gguf": b"GGUF %d" % n + CANARY.encode(),
        "rank": 8,
        "alpha": 16.0,
        "targets": ("q_proj", "v_proj"),
    }
    return New(**(values | fields))


@pytest.fixture
def adapters(user_db: Database) -> OwnAdapters:
    return OwnAdapters(user_db)


@pytest.fixture
def corrections(user_db: Database) -> Corrections:
    return Corrections(user_db)


def test_an_adapter_comes_back_as_it_was(adapters: OwnAdapters) -> None:
    id = adapters.add(new(7, learned=(1, 2), scores="[]", scale=0.5, prompt_sha256=OTHER))
    own = adapters.get(id)
    assert own.prompt_sha256 == OTHER
    assert (own.state, own.targets, own.learned, own.scale) == ("kept", ("q_proj", "v_proj"), (1, 2), 0.5)
    assert own.bytes == len(new(7).gguf)
    file = adapters.file(id)
    assert (file.gguf, file.gguf_sha256, file.scale) == (new(7).gguf, own.gguf_sha256, 0.5)
    assert adapters.peft(id) == (b"peft 7", b"{}")


def test_worn_one_after_another_and_gone_back_from_in_that_order(adapters: OwnAdapters) -> None:
    first, second, third = (adapters.activate(adapters.add(new(n))).id for n in range(3))
    assert [o.state for o in adapters.list("draft", BASE)] == ["active", "kept", "kept"]
    assert adapters.back("draft", BASE) == adapters.get(second)
    assert adapters.active("draft", BASE) == adapters.get(second)
    adapters.activate(third)
    assert adapters.back("draft", BASE) == adapters.get(second)
    assert adapters.back("draft", BASE) == adapters.get(first)
    assert adapters.back("draft", BASE) is None
    assert adapters.active("draft", BASE) is None
    with pytest.raises(NotFound, match="nothing to go back from"):
        adapters.back("draft", BASE)
    assert len(adapters.list("draft")) == KEPT


def test_tasks_and_bases_do_not_disturb_one_another(adapters: OwnAdapters) -> None:
    ids = [
        adapters.activate(adapters.add(new(n, **other))).id
        for n, other in enumerate(({}, {"task": "act"}, {"base_sha256": OTHER}))
    ]
    adapters.back("draft", BASE)
    assert [adapters.get(id).state for id in ids] == ["kept", "active", "active"]
    assert [o.id for o in adapters.list(base_sha256=OTHER)] == [ids[2]]


def test_one_never_worn_is_not_gone_back_to(adapters: OwnAdapters) -> None:
    adapters.add(new(1))
    adapters.activate(adapters.add(new(2)))
    assert adapters.back("draft", BASE) is None


def test_the_last_ones_are_kept_and_the_active_one_always(adapters: OwnAdapters) -> None:
    worn = adapters.activate(adapters.add(new(0))).id
    for n in range(1, 6):
        adapters.add(new(n))
    kept = adapters.list("draft", BASE)
    assert len(kept) == KEPT
    assert kept[-1].id == worn
    assert kept[-1].state == "active"


def test_what_was_gone_back_from_takes_no_place_of_what_can_be_gone_back_to(adapters: OwnAdapters) -> None:
    def wear(n: int) -> int:
        return adapters.activate(adapters.add(new(n))).id

    first = wear(1)
    for n in (2, 3):
        wear(n)
        assert adapters.back("draft", BASE) == adapters.get(first)
    fourth = wear(4)
    wear(5)
    assert adapters.back("draft", BASE) == adapters.get(fourth)
    assert adapters.back("draft", BASE) == adapters.get(first)
    assert len(adapters.list("draft")) == KEPT


def test_one_that_was_refused_is_never_worn_and_pushes_no_other_out(adapters: OwnAdapters) -> None:
    worn = [adapters.activate(adapters.add(new(n))).id for n in range(KEPT)]
    refused = [adapters.add(new(n), refused=True) for n in range(4)]
    assert [o.id for o in adapters.list()] == [refused[-1], *reversed(worn)]
    with pytest.raises(UsageFault, match="refused"):
        adapters.activate(refused[-1])
    with pytest.raises(NotFound):
        adapters.activate(refused[0])


def test_a_deleted_adapter_is_gone(adapters: OwnAdapters) -> None:
    id = adapters.activate(adapters.add(new())).id
    adapters.delete([id])
    assert adapters.active("draft", BASE) is None
    for use in (adapters.get, adapters.file, adapters.peft, adapters.activate):
        with pytest.raises(NotFound):
            use(id)


def test_corrections_are_listed_and_made_again(corrections: Corrections) -> None:
    one = corrections.add(
        task="draft", fields={"say": "yes"}, said="Yes.", accepted="Moin! Yes.", uri="mid:1"
    )
    two = corrections.add(task="draft", fields={"say": "no"}, said="No.", accepted="Moin! No.")
    act = corrections.add(task="act", fields={"request": "x"}, said="{}", accepted='{"action": "none"}')
    same = corrections.add(
        task="draft", fields={"say": "yes"}, said="Ja.", accepted="Moin! Yes.", uri="mid:2"
    )
    assert (same.id, same.said, same.uri) == (one.id, "Ja.", "mid:2")
    again = corrections.add(task="draft", fields={"say": "yes"}, said="Yes.", accepted="Moin! Sure.")
    assert again.id > act.id  # what has learned from the one before has not learned from this
    assert again.held_back == one.held_back
    assert [(c.id, c.accepted) for c in corrections.list("draft")] == [
        (again.id, "Moin! Sure."),
        (two.id, "Moin! No."),
    ]
    assert corrections.delete(again.id).accepted == "Moin! Sure."
    assert corrections.list() == (act, two)
    for gone in (one, again):
        with pytest.raises(NotFound):
            corrections.delete(gone.id)


@pytest.mark.parametrize("accepted", ["", "  ", "Yes.", " Yes.\n", "x" * 50_000])
def test_what_cannot_be_learned_from_is_said(corrections: Corrections, accepted: str) -> None:
    with pytest.raises(UsageFault):
        corrections.add(task="draft", fields={"say": "yes"}, said="Yes.", accepted=accepted)
    assert corrections.list() == ()


def test_about_one_in_four_is_held_back_and_always_the_same(corrections: Corrections) -> None:
    for n in range(200):
        corrections.add(task="draft", fields={"say": f"number {n}", "me": "V"}, said="x", accepted=f"y {n}")
    held = {c.fields["say"]: c.held_back for c in corrections.list()}
    assert 30 <= sum(held.values()) <= 70
    for n in range(200):
        corrections.add(task="draft", fields={"me": "V", "say": f"number {n}"}, said="z", accepted=f"w {n}")
    assert {c.fields["say"]: c.held_back for c in corrections.list()} == held


def test_nothing_of_it_stands_in_the_clear(
    adapters: OwnAdapters, corrections: Corrections, user_db: Database, paths: Paths, key: bytes
) -> None:
    adapters.add(new())
    corrections.add(task="draft", fields={"say": CANARY}, said="x", accepted=CANARY)
    user_db.checkpoint()
    written = b"".join(p.read_bytes() for p in paths.data.glob("user.db*"))
    assert len(written) > 10_000
    assert CANARY.encode() not in written
    user_db.close()
    again = open_user(paths, key)
    assert Corrections(again).list()[0].accepted == CANARY
    assert CANARY.encode() in OwnAdapters(again).file(1).gguf
    again.close()
