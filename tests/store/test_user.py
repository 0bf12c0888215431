"""user.db: approvals that work once, a journal that shows tampering, conversations, snapshots."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from app.core.errors import NotFound, Refused
from app.core.paths import Paths
from app.core.types import Citation, Field, Proposal, Turn
from app.store.conversations import Conversations
from app.store.db import Database, open_user
from app.store.journal import Journal
from app.store.user import SNAPSHOTS, User, snapshot

PROPOSAL = Proposal(
    action="create_note",
    arguments={"title": "Milk", "tags": ["shop"], "n": 2},
    title="Create a note",
    preview=(Field(label="Title", value="Milk"),),
    sha256="a1" * 32,
    warnings=("a warning",),
)


def test_settings_are_kept_as_they_are(user: User) -> None:
    assert user.get("theme") is None
    user.set("theme", "dark")
    user.set("theme", "")
    assert user.get("theme") == ""
    user.unset("theme")
    assert user.get("theme") is None


def test_an_approval_performs_exactly_its_proposal_once(user: User) -> None:
    user.keep_proposal(PROPOSAL)
    assert user.proposal(PROPOSAL.sha256) == PROPOSAL
    approval = user.approve(PROPOSAL.sha256)
    assert approval.expires > datetime.now(UTC) + timedelta(minutes=9)
    assert user.consume(approval.token) == PROPOSAL
    with pytest.raises(Refused, match="used already"):
        user.consume(approval.token)


def test_what_was_not_shown_cannot_be_approved(user: User) -> None:
    with pytest.raises(NotFound):
        user.approve("0" * 64)
    for token in ("", "guess", PROPOSAL.sha256):
        with pytest.raises(Refused, match="not approved"):
            user.consume(token)


def test_an_approval_expires(user: User) -> None:
    user.keep_proposal(PROPOSAL)
    late = user.approve(PROPOSAL.sha256, minutes=0)
    with pytest.raises(Refused, match="expired"):
        user.consume(late.token)


def test_of_many_threads_one_gets_the_approval(user: User) -> None:
    user.keep_proposal(PROPOSAL)
    token = user.approve(PROPOSAL.sha256).token
    won: list[Proposal] = []
    refused: list[Refused] = []

    def take() -> None:
        try:
            won.append(user.consume(token))
        except Refused as error:
            refused.append(error)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(refused)) == (1, 7)


def test_the_token_itself_is_not_stored(user: User) -> None:
    user.keep_proposal(PROPOSAL)
    token = user.approve(PROPOSAL.sha256).token
    assert token not in str(user.db.rows("SELECT * FROM approvals"))


def test_drafts_are_kept(user: User) -> None:
    user.keep_draft(title="Re: trip", text="Dear Ana", about="mid:1@x")
    assert [(d.title, d.text, d.about) for d in user.drafts()] == [("Re: trip", "Dear Ana", "mid:1@x")]


# --- journal -----------------------------------------------------------------------------------------


@pytest.fixture
def journal(user_db: Database) -> Journal:
    journal = Journal(user_db)
    journal.add("unlock", "opened")
    journal.add("action:create_note", "note Milk", undo=b"path")
    journal.add("cloud", "one question", bytes_out=2048)
    return journal


def test_a_deed_is_undone_without_being_forgotten(journal: Journal) -> None:
    newest = journal.list()
    assert [(e.id, e.what, e.bytes_out, e.undoable) for e in newest] == [
        (3, "cloud", 2048, False),
        (2, "action:create_note", 0, True),
        (1, "unlock", 0, False),
    ]
    assert journal.undo_data(2) == b"path"
    assert journal.undo_data(1) == b""
    journal.mark(2, "undone")
    assert (journal.entry(2).state, journal.entry(2).undoable) == ("undone", False)
    assert len(journal.list(limit=2)) == 2
    assert journal.verify() == ""
    with pytest.raises(NotFound):
        journal.mark(99, "undone")


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE journal SET bytes_out = 0 WHERE id = 3",
        "UPDATE journal SET summary = 'nothing' WHERE id = 1",
        "DELETE FROM journal WHERE id = 3",
        "DELETE FROM journal WHERE id = 1",
        "UPDATE journal SET state = 'failed' WHERE id = 2",
    ],
)
def test_tampering_shows(journal: Journal, user_db: Database, tampering: str) -> None:
    assert journal.verify() == ""  # control
    with user_db.write() as db:
        db.execute(tampering)
    assert journal.verify() != ""


# --- conversations -----------------------------------------------------------------------------------


def test_a_conversation_is_read_again_as_it_was(user_db: Database) -> None:
    conversations = Conversations(user_db)
    id = conversations.create("Trip")
    turns = (
        Turn(role="user", text="When do I land?", when=datetime.now(UTC)),
        Turn(
            role="assistant",
            text="At noon [1]",
            when=datetime.now(UTC),
            citations=(Citation(n=1, uri="mid:1@x", start=3, end=9),),
        ),
    )
    for turn in turns:
        conversations.add_turn(id, turn)
    assert conversations.turns(id) == turns


def test_conversations_are_found_renamed_and_deleted(user_db: Database) -> None:
    conversations = Conversations(user_db)
    one, two = conversations.create("Trip"), conversations.create("100% wool")
    conversations.add_turn(one, Turn(role="user", text="Where is the boat_house?", when=datetime.now(UTC)))
    assert [c.id for c in conversations.list()] == [one, two]  # the one spoken in last is first
    assert [c.id for c in conversations.list("BOAT_")] == [one]
    assert [c.id for c in conversations.list("100%")] == [two]
    assert conversations.list("boat%house") == ()
    conversations.rename(two, "Wool")
    assert conversations.list("wool")[0].title == "Wool"
    was = conversations.delete(one)
    assert (was.id, was.title, len(was.turns)) == (one, "Trip", 1)
    assert [c.id for c in conversations.list()] == [two]
    for use in (conversations.turns, conversations.delete, lambda id: conversations.rename(id, "x")):
        with pytest.raises(NotFound):
            use(one)
    assert user_db.value("SELECT count(*) FROM turns") == 0


def test_a_conversation_is_cut_and_put_back_as_it_was(user_db: Database) -> None:
    conversations = Conversations(user_db)
    id, other = conversations.create("Trip"), conversations.create("Other")
    for n in range(6):
        conversations.add_turn(id, Turn(role="user", text=f"{n}", when=datetime.now(UTC)))
        conversations.add_turn(other, Turn(role="user", text=f"{n}", when=datetime.now(UTC)))
    before = conversations.turns(id)
    was = conversations.cut(id, 2)
    assert was.turns == before and conversations.turns(id) == before[:2]
    conversations.add_turn(id, Turn(role="user", text="anew", when=datetime.now(UTC)))
    for _ in range(2):
        conversations.put_back(was)
        assert conversations.turns(id) == before and len(conversations.turns(other)) == 6
    gone = conversations.delete(id)
    conversations.put_back(gone)
    assert conversations.turns(id) == before and {c.title for c in conversations.list()} == {"Trip", "Other"}
    with pytest.raises(NotFound):
        conversations.cut(99, 0)


# --- snapshots ---------------------------------------------------------------------------------------


def test_one_snapshot_a_day_and_the_last_seven(user: User, paths: Paths, key: bytes) -> None:
    user.set("theme", "dark")
    paths.key_file.write_text("{}")
    for day in range(1, 10):
        (paths.snapshots / f"user-2020-01-0{day}.db").write_bytes(b"old")
    made = snapshot(paths, user)
    assert made is not None
    assert snapshot(paths, user) is None
    kept = sorted(p.name for p in paths.snapshots.glob("*.db"))
    assert len(kept) == SNAPSHOTS
    assert kept[-1] == made.name
    assert (paths.snapshots / "key.json").exists()
    user.close()
    made.replace(paths.user_db)
    restored = open_user(paths, key)
    assert User(restored).get("theme") == "dark"
    restored.close()
