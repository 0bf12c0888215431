"""The doctor: finds what SQLite's own check passes over, and mends what can be derived again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from app.core.types import Check
from app.store.doctor import check
from app.store.index import Index
from app.store.search import Searcher
from app.store.user import User
from app.store.vectors import VectorIndex
from indexers.item import Item, Unit

Make = Callable[..., Item]


@pytest.fixture
def filled(index: Index, user: User, vectors: VectorIndex, source: int, make: Make) -> Index:
    index.put(source, Unit(path="/a", stamp="1"), [make(n, f"whale number {n}") for n in range(10)], [])
    ids = [id for id, _ in vectors.pending()]
    vectors.add(ids, np.eye(10, 64, dtype=np.float32), model="m")
    return index


def _checks(index: Index, user: User, vectors: VectorIndex) -> dict[str, Check]:
    return {found.name: found for found in check(index, user, vectors)}


def test_a_sound_store_is_ok(filled: Index, user: User, vectors: VectorIndex) -> None:
    found = _checks(filled, user, vectors)
    assert {c.state for c in found.values()} == {"ok"}
    assert {"index.db", "user.db", "journal", "words", "passages", "vectors"} <= found.keys()


@pytest.mark.parametrize(
    ("damage", "name"),
    [
        ("INSERT INTO fts (fts) VALUES ('delete-all')", "words"),
        ("DELETE FROM fts WHERE rowid = 3", "words"),
        ("UPDATE items SET text = replace(text, 'whale', 'otter') WHERE id = 4", "words"),
        ("DELETE FROM passages WHERE id = 5", "passages"),
        ('UPDATE passages SET "end" = 500 WHERE id = 5', "passages"),
        ("DELETE FROM holds WHERE item_id = 5", "passages"),
        ("DELETE FROM vectors WHERE id > 7", "vectors"),
        ("UPDATE vectors SET data = x'00' WHERE id = 2", "vectors"),
    ],
)
def test_what_can_be_derived_is_mended(
    filled: Index, user: User, vectors: VectorIndex, damage: str, name: str
) -> None:
    with filled.db.write() as db:
        db.execute(damage)
    assert filled.db.value("PRAGMA quick_check") is not None
    assert _checks(filled, user, vectors)[name].state == "healed"
    after = _checks(filled, user, vectors)
    assert {c.state for c in after.values()} == {"ok"}
    assert Searcher(filled.db, vectors).search("whale")


def test_a_damaged_page_sets_the_index_aside_and_keeps_the_sources(
    filled: Index, user: User, vectors: VectorIndex
) -> None:
    path = filled.db.path
    filled.db.checkpoint()
    data = bytearray(path.read_bytes())
    for at in range(9 * 4096, len(data), 4096):
        data[at + 100] ^= 0xFF
    path.write_bytes(data)
    found = _checks(filled, user, vectors)["index.db"]
    assert found.state == "healed"
    assert "homebody index" in found.remedy
    assert path.with_name("index.db.damaged").exists()
    assert len(filled.sources()) == 1
    assert filled.counts().items == 0
    assert vectors.search(np.ones(64, np.float32)) == []
    assert {c.state for c in _checks(filled, user, vectors).values()} == {"ok"}


def test_a_damaged_user_db_is_only_reported(filled: Index, user: User, vectors: VectorIndex) -> None:
    path = user.db.path
    user.db.checkpoint()
    data = bytearray(path.read_bytes())
    data[-100] ^= 0xFF
    path.write_bytes(data)
    found = _checks(filled, user, vectors)["user.db"]
    assert found.state == "bad"
    assert "homebody doctor --restore" in found.remedy
    assert path.read_bytes() == bytes(data)


def test_files_others_may_read_are_closed(filled: Index, user: User, vectors: VectorIndex) -> None:
    filled.db.path.chmod(0o644)
    assert _checks(filled, user, vectors)["permissions"].state == "healed"
    assert filled.db.path.stat().st_mode & 0o077 == 0
