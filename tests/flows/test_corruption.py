"""Random damage to the files of a store: a named error or healed, and nothing of the person's is lost."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import Damaged, HomebodyError, NotFound
from app.core.paths import Paths
from app.core.types import Turn
from app.flows import opening
from app.flows.context import Home
from app.store import doctor, rescue
from app.store.db import Database
from app.store.user import snapshot
from indexers.item import Unit
from tests.flows.mails import mail

MAILS = 60
FILES = ("index.db", "user.db", "user.db", "key.json")
_MINE = ("settings", "sources", "conversations", "turns", "corrections", "proposals", "drafts", "exclusions")


def _user_hash(user: Database) -> str:
    """Of all that is the person's; the journal's own first entries with it (each opening adds one)."""
    rows = {table: [list(row.values()) for row in user.rows(f"SELECT * FROM {table}")] for table in _MINE}
    rows["journal"] = [[r["hash"]] for r in user.rows("SELECT hash FROM journal ORDER BY id LIMIT 3")]
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


def _index(home: Home, folder: Path) -> None:
    source = home.index.sources()[0].id
    texts = [f"whale number {n} " + f"word{n % 7} " * 120 for n in range(MAILS)]
    home.index.put(
        source, Unit(path=str(folder / "box"), stamp="1"), [mail(n, t) for n, t in enumerate(texts)], []
    )
    while pending := home.vectors.pending():
        matrix = np.random.default_rng(0).normal(size=(len(pending), 64)).astype(np.float32)
        home.vectors.add([id for id, _ in pending], matrix, model="m")


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, str]]:
    """The folder of a sound store, its recovery code, and the hash of the person's own data."""
    folder = tmp_path_factory.mktemp("golden")
    paths = Paths(folder / "data")
    paths.make()
    code, home = opening.create(paths, "correct horse battery", -1)
    (folder / "mail").mkdir()
    home.index.add_source(kind="mail", path=folder / "mail")
    _index(home, folder / "mail")
    for n in range(40):
        id = home.conversations.create(f"Question {n}")
        home.conversations.add_turn(id, Turn(role="user", text="why " * 200, when=home.now()))
        home.corrections.add(task="draft", fields={"mail": f"{n}"}, said="a", accepted="b" * 500)
    home.user.set("you.name", "Vera Moss")
    home.journal.add("note", "something was done")
    home.journal.add("note", "something else was done")
    snapshot(paths, home.user)
    digest = _user_hash(home.user.db)
    opening.close(home)
    yield paths.data, code, digest


def _damage(path: Path, r: random.Random) -> str:
    """One of the ways files go bad; returns which."""
    data = bytearray(path.read_bytes())
    at, n = r.randrange(len(data)), min(len(data), r.choice([1, 16, 512, 4096, 20_000]))
    kind = r.choice(["flip", "noise", "zero", "cut", "empty", "gone", "swap", "shift"])
    match kind:
        case "flip":
            data[at] ^= 1 << r.randrange(8)
        case "noise":
            data[at : at + n] = r.randbytes(len(data[at : at + n]))
        case "zero":
            data[at : at + n] = bytes(len(data[at : at + n]))
        case "cut":
            del data[at:]
        case "empty":
            data.clear()
        case "swap" if len(data) >= 8192:
            a, b = (r.randrange(len(data) // 4096) * 4096 for _ in range(2))
            data[a : a + 4096], data[b : b + 4096] = data[b : b + 4096], data[a : a + 4096]
        case "shift":
            data[at:at] = r.randbytes(n)
    path.unlink()
    if kind != "gone":
        path.write_bytes(data)
    return kind


def _opened(paths: Paths, code: str) -> tuple[Home, bool]:
    """As the command line does it: open; where that fails, put back what is good, and open again."""
    try:
        return opening.unlock(paths, code, -1, asked=True), False
    except HomebodyError as error:
        assert isinstance(error, Damaged), f"not named as damage: {error}"
        assert error.where
        assert error.remedy
    untouched = {path: path.read_bytes() for path in (paths.user_db, paths.key_file) if path.exists()}
    found = list(rescue.examine(paths, code))
    assert any(check.state == "bad" for check in found)
    assert all(path.read_bytes() == data for path, data in untouched.items())  # nothing without a yes
    list(rescue.put_back(paths, code))
    return opening.unlock(paths, code, -1, asked=True), True


def test_random_damage(golden: tuple[Path, str, str], tmp_path: Path, full: bool) -> None:
    """26 times, or 200 with HOMEBODY_FULL=1, which prints how long the slowest took."""
    place, code, digest = golden
    slowest = 0.0
    for n in range(200) if full else (*range(25), 28):  # 28 shows only at the first rows that are read
        r = random.Random(n)
        paths = Paths(tmp_path / "data")
        shutil.copytree(place, paths.data)
        name = r.choice(FILES)
        kind = _damage(paths.data / name, r)
        begun = time.monotonic()
        home, restored = _opened(paths, code)
        checks = list(doctor.check(home.index, home.user, home.vectors))
        slowest = max(slowest, time.monotonic() - begun)
        if any(check.name == "user.db" and check.state == "bad" for check in checks):
            opening.close(home)
            list(rescue.put_back(paths, code))
            home, restored = opening.unlock(paths, code, -1, asked=True), True
        assert _user_hash(home.user.db) == digest, (n, name, kind)
        if home.index.counts().items < MAILS:
            _index(home, Path(home.index.sources()[0].path))
        again = list(doctor.check(home.index, home.user, home.vectors))
        assert {check.state for check in again} == {"ok"}, (n, name, kind, again)
        assert home.index.counts().items == MAILS, (n, name, kind)
        assert home.searcher.search("whale number"), (n, name, kind)
        if restored and name == "user.db" and kind != "gone":
            assert list(paths.data.glob("user.db.damaged-*")), (n, kind)
        opening.close(home)
        shutil.rmtree(paths.data)
    print(f"slowest: {slowest:.2f} s")


def test_a_lost_user_db_without_a_good_copy_stays_lost_and_says_so(
    golden: tuple[Path, str, str], tmp_path: Path
) -> None:
    place, code, _ = golden
    paths = Paths(tmp_path / "data")
    shutil.copytree(place, paths.data)
    paths.user_db.unlink()
    for copy in paths.snapshots.glob("user-*.db"):
        copy.write_bytes(b"noise" * 4096)
    with pytest.raises(Damaged, match="missing"):
        opening.unlock(paths, code, -1, asked=True)
    assert "no snapshot" in list(rescue.examine(paths, code))[-1].detail
    with pytest.raises(NotFound, match="no snapshot"):
        list(rescue.put_back(paths, code))
    assert not paths.user_db.exists()


def test_the_file_of_another_store_is_told_from_a_damaged_one(
    golden: tuple[Path, str, str], tmp_path: Path
) -> None:
    place, code, _ = golden
    paths, other = Paths(tmp_path / "data"), Paths(tmp_path / "other")
    shutil.copytree(place, paths.data)
    other.make()
    _, home = opening.create(other, "another passphrase", -1)
    opening.close(home)
    shutil.copyfile(other.user_db, paths.user_db)
    with pytest.raises(Damaged, match="another key"):
        opening.unlock(paths, code, -1, asked=True)
    data = bytearray((place / "user.db").read_bytes())
    data[100] ^= 1
    paths.user_db.write_bytes(data)
    with pytest.raises(Damaged, match=r"damaged: 1 of"):
        opening.unlock(paths, code, -1, asked=True)
    shutil.copyfile(other.key_file, paths.key_file)  # and the key file of another store
    with pytest.raises(HomebodyError, match="wrong"):
        opening.unlock(paths, code, -1, asked=True)
