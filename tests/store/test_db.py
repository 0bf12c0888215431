"""The encrypted file: safeguards, wrong keys, damaged and foreign files, crashes, full disks."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from app.core.errors import Damaged, HomebodyError, NoSpace, Unsupported
from app.core.paths import Paths
from app.store.db import PLAINTEXT, Database, open_database, open_index, open_user, translate_sqlite
from app.store.migrations import INDEX, USER, Migrations


def test_every_connection_has_the_safeguards(index_db: Database) -> None:
    with index_db.write() as writer:
        for db in (writer, index_db.read()):

            def value(pragma: str, db: object = db) -> object:
                return db.conn.execute(f"PRAGMA {pragma}").fetchone()[0]

            assert sqlcipher.sqlite_version_info >= (3, 51, 3)
            assert value("journal_mode") == "wal"
            assert (value("temp_store"), value("synchronous"), value("secure_delete")) == (2, 2, 1)
            assert (value("trusted_schema"), value("recursive_triggers"), value("mmap_size")) == (0, 1, 0)
            with pytest.raises(sqlcipher.Error):
                db.conn.load_extension("nothing")
        assert writer.conn.execute("SELECT v FROM fts_config WHERE k = 'secure-delete'").fetchone()[0] == 1


def test_a_wrong_key_is_refused_and_changes_nothing(paths: Paths, key: bytes) -> None:
    open_user(paths, key).close()
    before = paths.user_db.read_bytes()
    with pytest.raises(Damaged, match="another key"):
        open_user(paths, os.urandom(32))
    assert paths.user_db.read_bytes() == before
    open_user(paths, key).close()  # control: the right key still opens it


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_that_is_no_key_opens_nothing(paths: Paths, length: int) -> None:
    with pytest.raises(HomebodyError):
        open_user(paths, b"x" * length)
    assert not paths.user_db.exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"short", "cut off"),
        (PLAINTEXT + b"\0" * 8192, "not encrypted"),
        (b"%PDF-1.7 " * 2000, "damaged"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_untouched(
    paths: Paths, key: bytes, content: bytes, says: str
) -> None:
    paths.user_db.write_bytes(content)
    with pytest.raises(Damaged, match=says) as refused:
        open_user(paths, key)
    assert refused.value.remedy
    assert paths.user_db.read_bytes() == content


@pytest.mark.parametrize("at", [100, 5000, -100])
def test_a_flipped_bit_is_damage(paths: Paths, key: bytes, at: int) -> None:
    database = open_user(paths, key)
    with database.write() as db:
        db.conn.executemany(
            "INSERT INTO settings VALUES (?, ?)", [(f"k{n}", os.urandom(500).hex()) for n in range(100)]
        )
    database.close()
    data = bytearray(paths.user_db.read_bytes())
    data[at] ^= 1
    paths.user_db.write_bytes(data)
    with pytest.raises(Damaged):
        database = open_user(paths, key)
        try:
            faults = database.rows("PRAGMA cipher_integrity_check")
            assert faults  # a page no query has needed yet
            raise Damaged("found by the checksum")
        finally:
            database.close()


def test_a_truncated_file_is_damage(paths: Paths, key: bytes) -> None:
    open_user(paths, key).close()
    os.truncate(paths.user_db, paths.user_db.stat().st_size - 8192)
    with pytest.raises(Damaged):
        open_user(paths, key)


def test_a_damaged_index_is_set_aside_and_begun_anew(paths: Paths, key: bytes) -> None:
    open_index(paths, key).close()
    paths.index_db.write_bytes(b"nonsense" * 4096)
    database = open_index(paths, key)
    assert database.value("SELECT count(*) FROM items") == 0
    database.close()
    assert paths.index_db.with_name("index.db.damaged").read_bytes().startswith(b"nonsense")


def test_a_newer_schema_is_refused(paths: Paths, key: bytes) -> None:
    newer = Migrations("user")
    for migration in USER._migrations:
        newer(name=migration.name)(migration.fn)

    @newer()
    def from_the_future(db: object) -> None:
        db.conn.execute("CREATE TABLE future (id INTEGER)")

    open_database(paths.user_db, key, newer).close()
    with pytest.raises(Unsupported, match="newer Homebody"):
        open_user(paths, key)
    open_database(paths.user_db, key, newer).close()


def test_a_database_of_another_kind_is_refused(paths: Paths, key: bytes) -> None:
    open_index(paths, key).close()
    with pytest.raises(Unsupported):
        open_database(paths.index_db, key, USER)


def test_a_failed_migration_leaves_nothing(paths: Paths, key: bytes) -> None:
    broken = Migrations("index")

    @broken()
    def half(db: object) -> None:
        db.conn.execute("CREATE TABLE half (id INTEGER)")
        db.conn.execute("CREATE TABLE half (id INTEGER)")

    with pytest.raises(HomebodyError):
        open_database(paths.index_db, key, broken)
    assert not paths.index_db.exists()
    open_database(paths.index_db, key, INDEX).close()


def test_a_transaction_that_raises_is_undone(user_db: Database) -> None:
    with pytest.raises(RuntimeError), user_db.write() as db:
        db.execute("INSERT INTO settings VALUES ('a', 'b')")
        raise RuntimeError
    assert user_db.value("SELECT count(*) FROM settings") == 0


def test_threads_write_and_read_at_once(user_db: Database) -> None:
    failed: list[BaseException] = []

    def work(n: int) -> None:
        try:
            for m in range(25):
                with user_db.write() as db:
                    db.execute("INSERT INTO settings VALUES (?, '')", [f"{n}-{m}"])
                assert user_db.value("SELECT 1 FROM settings WHERE key = ?", [f"{n}-{m}"]) == 1
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert user_db.value("SELECT count(*) FROM settings") == 150


def test_after_closing_there_is_one_clear_error(paths: Paths, key: bytes) -> None:
    database = open_user(paths, key)
    database.read()
    database.close()
    for use in (database.read, lambda: database.write().__enter__()):
        with pytest.raises(HomebodyError, match="closed"):
            use()


def test_errors_of_the_file_system_are_translated(tmp_path: Path) -> None:
    error = sqlcipher.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    assert isinstance(translate_sqlite(error, tmp_path), NoSpace)


FULL = """
import os, resource, sys
from pathlib import Path
from app.core.errors import HomebodyError
from app.core.paths import Paths
from app.store.db import open_user
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
paths, key = Paths(Path(sys.argv[1])), bytes.fromhex(sys.argv[2])
database = open_user(paths, key)
with database.write() as db:
    db.execute("INSERT INTO settings VALUES ('before', 'kept')")
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    with database.write() as db:
        db.execute("INSERT INTO settings VALUES ('big', ?)", [os.urandom(2_000_000).hex()])
except HomebodyError as error:
    print(type(error).__name__, error.remedy)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_disk_that_takes_no_more_loses_nothing(paths: Paths, key: bytes) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(paths.data), key.hex()], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(("NoSpace", "HomebodyError"))
    database = open_user(paths, key)
    assert database.rows("SELECT key, value FROM settings") == [{"key": "before", "value": "kept"}]
    database.close()


CANARY = "Zinnoberroter Papagei besucht Tante Hedwig im Oktober"


def _found_in(folder: Path) -> list[str]:
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file()
        and any(part.encode() in path.read_bytes() for part in (CANARY, "Papagei", "papagei"))
    ]


def test_nothing_that_was_stored_is_readable_in_the_files(paths: Paths, key: bytes) -> None:
    databases = (open_user(paths, key), open_index(paths, key))
    with databases[0].write() as db:
        db.execute("INSERT INTO settings VALUES ('canary', ?)", [CANARY])
    with databases[1].write() as db:
        db.execute("INSERT INTO sources (kind, path) VALUES ('notes', ?)", [CANARY])
    databases[0].copy_to(paths.snapshots / "copy.db")
    open_now = _found_in(paths.data)  # with write-ahead logs beside the files
    for database in databases:
        database.close()
    assert open_now == _found_in(paths.data) == []
    assert not any(p.read_bytes().startswith(PLAINTEXT) for p in paths.data.rglob("*.db"))


def test_control_the_same_search_finds_it_in_a_plain_database(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "plain.db") as plain:
        plain.execute("CREATE TABLE t (x)")
        plain.execute("INSERT INTO t VALUES (?)", [CANARY])
    plain.close()
    assert _found_in(tmp_path) == ["plain.db"]


def test_a_snapshot_opens_with_the_same_key_only(paths: Paths, key: bytes, tmp_path: Path) -> None:
    database = open_user(paths, key)
    database.copy_to(tmp_path / "copy.db")
    database.close()
    other = Paths(tmp_path / "other")
    other.make()
    shutil.copy(tmp_path / "copy.db", other.user_db)
    with pytest.raises(Damaged):
        open_user(other, os.urandom(32))
    open_user(other, key).close()
