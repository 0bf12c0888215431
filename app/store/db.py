"""One encrypted SQLite file: opened with every safeguard asserted, one writer, a reader per thread.

The rules come from what goes wrong silently. A wrong key answers "ok" until the first read; no
key at all makes a plaintext file; ``synchronous=NORMAL`` loses acknowledged rows in a power cut;
temporary tables may spill to disk unencrypted. So all of it is asserted each time a connection
opens, and a new file is made under another name and renamed when it is complete: a file that is
empty or has the wrong header is therefore always damage, never a beginning.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import sqlite_utils
from sqlcipher3 import dbapi2 as sqlcipher

from app.core.errors import Bug, Damaged, HomebodyError, NoSpace, Unsupported
from app.core.paths import Paths
from app.store import pages
from app.store.files import sync_folder
from app.store.frozen import Frozen
from app.store.migrations import INDEX, USER, Migrations

APPLICATION_ID = 0x484D4259  # "HMBY": how we know a database of ours
PLAINTEXT = b"SQLite format 3\0"
PAGE = 4096
MIN_SQLITE = (3, 51, 3)  # earlier ones can corrupt the file when a write-ahead log is reset

_ASSERTED = {
    "temp_store": 2,  # temporary tables stay in memory; in files they would be plaintext
    "synchronous": 2,  # FULL: what was acknowledged survives a power cut
    "secure_delete": 1,
    "trusted_schema": 0,
    "recursive_triggers": 1,
    "foreign_keys": 1,
    "mmap_size": 0,
    "cipher_memory_security": 0,  # on, it makes every query 27 times slower
}
_LITTLE = 65_536  # bytes free with which the log's index, of half that, may not find room
_BUSY_MS = 5_000


class Database:
    """An open store file. Any thread may call; writes queue up behind one lock."""

    def __init__(self, path: Path, key: bytes, migrations: Migrations) -> None:
        self.path, self._key, self._migrations = path, key, migrations
        self._lock = threading.RLock()
        self._readers: dict[int, tuple[threading.Thread, sqlite_utils.Database]] = {}
        self._closed = False
        self._frozen: Frozen | None = None
        try:
            self._writer = connected(path, key)
        except sqlcipher.Error as error:
            if not isinstance(translate_sqlite(error, path), NoSpace):
                raise
            self._frozen = Frozen(path)  # one can still read, and make room
            try:
                self._writer = self._connected()
            except BaseException:
                self._frozen.close()
                raise

    @property
    def writable(self) -> bool:
        """False while the disk is full or read-only, and the file is open for reading alone."""
        return self._frozen is None

    @property
    def key(self) -> bytes:
        """For another file of this store; empty once this one is closed."""
        return self._key

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite_utils.Database]:
        """A transaction: committed and on disk when the block ends, undone when it raises.

        A block inside a block of the same thread joins the outer transaction.
        """
        with self._lock, translated(self.path):
            if self._closed:
                raise HomebodyError("the store is closed", where=str(self.path), remedy="unlock it again")
            if self._writer.conn.in_transaction:
                yield self._writer
                return
            if self._frozen is not None:
                self._thaw()
            self._writer.conn.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.conn.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlcipher.Error):
                    self._writer.conn.execute("ROLLBACK")
                raise

    def read(self) -> sqlite_utils.Database:
        """This thread's own connection; it sees what was committed before its query began."""
        thread = threading.current_thread()
        known = self._readers.get(thread.ident or 0)
        if known is not None and known[0] is thread:
            return known[1]
        with self._lock, translated(self.path):
            if self._closed:
                raise HomebodyError("the store is closed", where=str(self.path), remedy="unlock it again")
            self._forget_dead()
            reader = self._connected()
            reader.conn.execute("PRAGMA query_only=1")
            self._readers[thread.ident or 0] = (thread, reader)
            return reader

    def rows(self, sql: str, parameters: Any = ()) -> list[dict[str, Any]]:
        """All rows of one query, with foreign errors translated."""
        with translated(self.path):
            return list(self.read().query(sql, parameters))

    def tuples(self, sql: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        """The same, without the names of the columns: for many small rows."""
        with translated(self.path):
            return list(self.read().conn.execute(sql, parameters))

    def value(self, sql: str, parameters: Any = ()) -> Any:
        """The first column of the first row, None where there is no row."""
        with translated(self.path):
            row = self.read().conn.execute(sql, parameters).fetchone()
            return row[0] if row else None

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file and empty it."""
        with self._lock, translated(self.path):
            if self._frozen is not None:
                return
            self._writer.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def copy_to(self, target: Path) -> None:
        """A compact, encrypted copy under the same key; ``target`` must not exist."""
        with self._lock, translated(self.path):
            self._writer.conn.execute("VACUUM INTO ?", (str(target),))

    def sibling(self, path: Path) -> Database:
        """Another file of the same kind, under the same key; it must be there."""
        check_header(path)
        return open_database(path, self._key, self._migrations)

    def renew(self) -> Path:
        """Set the damaged file aside under another name and begin an empty one; returns that name."""
        with self._lock, translated(self.path):
            self._disconnect()
            aside = set_aside(self.path)
            _make(self.path, self._key, self._migrations)
            self._writer = connected(self.path, self._key)
            return aside

    def close(self) -> None:
        """Close every connection; nothing of the key stays reachable from here."""
        with self._lock:
            if not self._closed:
                self._closed = True
                with contextlib.suppress(sqlcipher.Error):
                    self._writer.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                self._disconnect()
                if self._frozen is not None:
                    self._frozen.close()
                self._key = b""

    def _connected(self) -> sqlite_utils.Database:
        return connected(self.path, self._key, frozen=self._frozen)

    def _thaw(self) -> None:
        """The disk may be writable again. Raises NoSpace where it is not."""
        writer = connected(self.path, self._key)
        frozen, self._frozen = self._frozen, None
        self._readers = {}  # other threads may be reading from theirs: they close with their last query
        self._writer = writer
        if frozen is not None:
            frozen.close()

    def _disconnect(self) -> None:
        for _, reader in self._readers.values():
            reader.close()
        self._readers.clear()
        self._writer.close()

    def _forget_dead(self) -> None:
        for ident, (thread, reader) in list(self._readers.items()):
            if not thread.is_alive():
                reader.close()
                del self._readers[ident]


def open_database(path: Path, key: bytes, migrations: Migrations) -> Database:
    """Open ``path`` with the raw 32-byte ``key``, making or migrating it where needed.

    Raises Damaged for a file that is not an intact database of this key, Unsupported for one that
    a newer version wrote; neither is touched. Where the disk is full or read-only it can only be
    read: ``write`` raises NoSpace then, until there is room. Raises NoSpace where it had to be made.
    """
    if len(key) != 32:
        raise Bug("the store's key must be 32 bytes")
    with translated(path):
        if not path.exists():
            _make(path, key, migrations)
        check_header(path)
        try:
            database = Database(path, key, migrations)
        except sqlcipher.DatabaseError as error:
            told = translate_sqlite(error, path)
            raise (
                _damaged(path, pages.described(path, key)) if isinstance(told, Damaged) else told
            ) from error
        try:
            _check_schema(database, migrations)
            if database.writable or migrations.pending(database._writer):
                with database.write():
                    pass  # proves that the file can be written before anything relies on it
                migrations.apply(database._writer)
        except BaseException:
            database.close()
            raise
    return database


def open_index(paths: Paths, key: bytes) -> Database:
    """index.db. One that is damaged is set aside and begun anew: the sources hold all of it."""
    try:
        return open_database(paths.index_db, key, INDEX)
    except Damaged:
        set_aside(paths.index_db)
        return open_database(paths.index_db, key, INDEX)


def open_user(paths: Paths, key: bytes) -> Database:
    """user.db. One that is damaged stays as it is, and the error names the way back.

    One that is gone is damage too: where there is an index or a snapshot, there was one.
    """
    if not paths.user_db.exists() and (paths.index_db.exists() or any(paths.snapshots.glob("user-*.db"))):
        raise _damaged(paths.user_db, "the file is missing")
    return open_database(paths.user_db, key, USER)


def set_aside(path: Path) -> Path:
    """Rename a database that cannot be used, with its log; what was set aside before is replaced."""
    aside = path.with_name(path.name + ".damaged")
    for suffix in ("", "-wal", "-shm"):
        old = path.with_name(path.name + suffix)
        if old.exists():
            old.replace(aside.with_name(aside.name + suffix))
    return aside


def check_header(path: Path) -> None:
    """Raise Damaged for a file that cannot be an encrypted database, before SQLite sees it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(len(PLAINTEXT))
    if head == PLAINTEXT:
        raise _damaged(path, "the file is not encrypted, so it is not one of ours")
    if size < PAGE:
        raise _damaged(path, "the file is empty" if size == 0 else "the file is cut off")


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours; the only place where that happens."""
    try:
        yield
    except sqlcipher.Error as error:
        raise translate_sqlite(error, path) from error


def translate_sqlite(error: Exception, path: Path) -> HomebodyError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary code of an extended one
    where = str(path)
    if code == _code("FULL") or (code == _code("IOERR") and _is_full(path.parent)):
        return NoSpace("the disk is full", where=where, remedy="free some space and try again")
    if code in (_code("READONLY"), _code("CANTOPEN"), _code("PERM")):
        return NoSpace("the store cannot be written", where=where, remedy="check the folder's permissions")
    if code in (_code("CORRUPT"), _code("NOTADB")):
        return _damaged(path, "the file is damaged, or was written with another key")
    if code in (_code("BUSY"), _code("LOCKED")):
        return HomebodyError("the store is busy", where=where, remedy="try again in a moment")
    if code == _code("IOERR"):
        return HomebodyError("the disk could not be read or written", where=where, remedy="check the disk")
    return Bug(f"internal error: {type(error).__name__}: {error}", where=where, remedy="please report this")


def _is_full(folder: Path) -> bool:
    """What cannot be allocated in a file that is mapped is told as an input or output error."""
    with contextlib.suppress(OSError):
        return shutil.disk_usage(folder).free < _LITTLE
    return False


def _code(name: str) -> int:
    return cast(int, getattr(sqlite3, f"SQLITE_{name}"))  # the standard library has the names


def _damaged(path: Path, what: str) -> Damaged:
    """The remedy differs: the index can be rebuilt, what the person wrote cannot."""
    remedy = (
        "run `homebody doctor`: it finds the newest good copy and puts it back where you say yes"
        if path.name == "user.db"
        else "run `homebody doctor`: it sets the file aside and builds a new one from your sources"
    )
    return Damaged(what, where=str(path), remedy=remedy)


def _make(path: Path, key: bytes, migrations: Migrations) -> None:
    """Complete under another name first, so that no crash leaves a half-made store."""
    fresh = path.with_name(path.name + ".new")
    for leftover in (fresh, *(fresh.with_name(fresh.name + s) for s in ("-wal", "-shm", "-journal"))):
        leftover.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_CREAT | os.O_WRONLY, 0o600))
    db = connected(fresh, key)
    try:
        db.conn.execute(f"PRAGMA application_id={APPLICATION_ID}")
        migrations.apply(db)
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        db.close()
    fresh.replace(path)
    sync_folder(path.parent)


def connected(path: Path, key: bytes, *, frozen: Frozen | None = None) -> sqlite_utils.Database:
    """A connection with every safeguard asserted. Raises SQLite's own errors."""
    conn = sqlcipher.connect(
        frozen.address if frozen else str(path),
        uri=frozen is not None,
        isolation_level=None,
        check_same_thread=False,
        timeout=_BUSY_MS / 1000,
    )
    try:
        conn.execute("PRAGMA cipher_log_level=NONE").fetchone()  # it would write to standard error
        # A raw key in this form is used as it is; a wrong form would be taken for a passphrase.
        conn.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        _assert_safe(conn)
        conn.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the first read tests the key
        if frozen is None:
            conn.execute("PRAGMA journal_mode=WAL").fetchone()
            conn.execute("PRAGMA journal_size_limit=67108864")
        conn.execute("PRAGMA cache_size=-32768")  # KiB, of each thread: a quarter costs a third more time
    except BaseException:
        conn.close()
        raise
    return sqlite_utils.Database(cast(sqlite3.Connection, conn), execute_plugins=False)


def _assert_safe(conn: Any) -> None:
    if sqlcipher.sqlite_version_info < MIN_SQLITE:
        raise Unsupported(
            f"SQLite {sqlcipher.sqlite_version} can damage the store", remedy="update the package sqlcipher3"
        )
    if not conn.execute("PRAGMA cipher_version").fetchone():
        raise Unsupported("this SQLite cannot encrypt", remedy="reinstall the package sqlcipher3")
    for name, wanted in _ASSERTED.items():
        conn.execute(f"PRAGMA {name}={wanted}").fetchone()
        row = conn.execute(f"PRAGMA {name}").fetchone()
        if row is None or int(row[0]) != wanted:
            raise Unsupported(
                f"SQLite does not accept {name}={wanted}", remedy="reinstall the package sqlcipher3"
            )
    conn.enable_load_extension(False)


def _check_schema(database: Database, migrations: Migrations) -> None:
    found = database.value("PRAGMA application_id")
    if found != APPLICATION_ID:
        raise _damaged(database.path, "the database is not one of Homebody's")
    unknown = migrations.unknown(database.read())
    if unknown:
        raise Unsupported(
            "the store was written by a newer Homebody",
            where=f"{database.path}: {', '.join(unknown)}",
            remedy="install that version again",
        )
