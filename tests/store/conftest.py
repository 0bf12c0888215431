"""A real encrypted store in a temporary folder, and items to put into it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.core.paths import Paths
from app.store.db import Database, open_index, open_user
from app.store.index import Index
from app.store.user import User
from app.store.vectors import VectorIndex
from indexers.item import Item, Person

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def key() -> bytes:
    return os.urandom(32)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path / "data")
    paths.make()
    return paths


@pytest.fixture
def index_db(paths: Paths, key: bytes, user_db: Database) -> Iterator[Database]:
    database = open_index(paths, key)
    yield database
    database.close()


@pytest.fixture
def user_db(paths: Paths, key: bytes) -> Iterator[Database]:
    database = open_user(paths, key)
    yield database
    database.close()


@pytest.fixture
def index(index_db: Database, user_db: Database) -> Index:
    return Index(index_db, user_db)


@pytest.fixture
def user(user_db: Database) -> User:
    return User(user_db)


@pytest.fixture
def vectors(index_db: Database) -> VectorIndex:
    return VectorIndex(index_db)


@pytest.fixture
def source(index: Index, tmp_path: Path) -> int:
    folder = tmp_path / "mail"
    folder.mkdir()
    return index.add_source(kind="mail", path=folder).id


@pytest.fixture
def make() -> Callable[..., Item]:
    """``make(n, text, …)``: mail number ``n``, an hour after the one before."""

    def one(n: int, text: str, *, person: Person | None = None, **fields: object) -> Item:
        values: dict[str, object] = {
            "uri": f"mid:{n}@example.org",
            "source": "mail",
            "kind": "mail",
            "title": f"Mail {n}",
            "text": text,
            "digest": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            "when": START + timedelta(hours=n),
            "people": (person or Person("Ana Lindström", "ana@example.org", "from"),),
            "path": f"/mail/{n}.eml",
        }
        return Item(**(values | fields))

    return one
