"""Approve, perform once, undo: also not the last deed, and not what cannot be undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.actions import registry
from app.core.errors import NotFound, Refused
from app.core.types import Receipt
from app.flows import deeds
from app.flows.context import Home


def note(home: Home, title: str) -> Receipt:
    proposal = deeds.keep(
        home, registry.propose("create_note", {"title": title, "text": title}, deeds.world(home))
    )
    (receipt,) = deeds.perform(home, token=deeds.approve(home, sha256=proposal.sha256).token)
    assert isinstance(receipt, Receipt)
    return receipt


def test_any_deed_can_be_undone_once(mine: Home) -> None:
    first, second, third = (note(mine, title) for title in ("One", "Two", "Three"))
    for _ in range(3):
        mine.journal.add("unlock", "opened", "done")
    assert deeds.undo(mine, journal_id=first.journal_id).state == "undone"
    assert not Path(first.path).exists()
    assert Path(second.path).exists()
    with pytest.raises(Refused):
        deeds.undo(mine, journal_id=first.journal_id)
    assert deeds.undo(mine).id == third.journal_id
    assert deeds.undo(mine).id == second.journal_id
    with pytest.raises(NotFound):
        deeds.undo(mine)
    assert mine.journal.verify() == ""


def test_what_is_no_deed_cannot_be_undone(mine: Home) -> None:
    with pytest.raises(NotFound):
        deeds.undo(mine, journal_id=4711)
    with pytest.raises(Refused):
        deeds.undo(mine, journal_id=mine.journal.add("unlock", "opened", "done"))


def test_what_was_changed_since_is_left_alone_and_the_journal_says_the_same(mine: Home) -> None:
    receipt = note(mine, "One")
    Path(receipt.path).write_text("mine now")
    with pytest.raises(Refused):
        deeds.undo(mine, journal_id=receipt.journal_id)
    assert Path(receipt.path).read_text() == "mine now"
    assert mine.journal.entry(receipt.journal_id).state == "done"


def test_a_deed_that_fails_is_in_the_journal_as_failed(mine: Home, tmp_path: Path) -> None:
    mine.user.set("actions.notes", str(tmp_path / "unplugged" / "notes"))
    with pytest.raises(NotFound):
        note(mine, "One")
    assert mine.journal.list(limit=1)[0].state == "failed"
    assert not (tmp_path / "unplugged").exists()


def test_what_a_deed_carried_out_can_be_read_again_until_it_is_forgotten(mine: Home) -> None:
    receipt = note(mine, "One")
    line = mine.journal.entry(receipt.journal_id)
    assert line.shown and deeds.shown(mine, journal_id=receipt.journal_id).sha256 == receipt.sha256
    bare = mine.journal.add("unlock", "opened", "done")
    assert not mine.journal.entry(bare).shown
    with pytest.raises(NotFound):
        deeds.shown(mine, journal_id=bare)
    with mine.user.db.write() as db:  # as forgetting does
        db.execute("DELETE FROM approvals")
        db.execute("DELETE FROM proposals WHERE sha256 = ?", [receipt.sha256])
    assert not mine.journal.entry(receipt.journal_id).shown
    with pytest.raises(NotFound):
        deeds.shown(mine, journal_id=receipt.journal_id)
    assert mine.journal.verify() == ""
