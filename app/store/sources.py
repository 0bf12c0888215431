"""The list of what is read: in index.db with what came of it, and in user.db so that it is never lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from app.core.accounts import READS, parse
from app.core.errors import NotFound, UsageFault
from app.core.paths import there
from app.core.types import SkippedFile, SourceState
from app.store import holdings
from app.store.db import Database
from indexers.item import Skipped

_LIST = """
    SELECT s.id, s.kind, s.path, s.last_indexed, s.fault,
           (SELECT count(DISTINCT h.item_id) FROM units u JOIN holds h ON h.unit_id = u.id
             WHERE u.source_id = s.id) AS items,
           (SELECT count(*) FROM units u WHERE u.source_id = s.id) AS files,
           (SELECT count(*) FROM skipped k WHERE k.source_id = s.id) AS skipped
    FROM sources s
"""


class Sources:
    """``user`` is user.db, which outlives the index; without it the list lives in ``db`` alone."""

    def __init__(self, db: Database, user: Database | None = None) -> None:
        self._db, self._user = db, user
        self.restore()

    def list(self) -> tuple[SourceState, ...]:
        return tuple(
            SourceState(
                id=row["id"],
                kind=row["kind"],
                path=row["path"],
                items=row["items"],
                files=row["files"],
                skipped=row["skipped"],
                last_indexed=datetime.fromtimestamp(row["last_indexed"], UTC)
                if row["last_indexed"]
                else None,
                missing=row["kind"] not in READS and not there(row["path"]),
                fault=row["fault"],
            )
            for row in self._db.rows(_LIST + " ORDER BY s.id")
        )

    def add(self, kind: str, path: str | Path) -> SourceState:
        """Raises UsageFault where it is read already, by itself or inside another of its kind."""
        if kind in READS:
            return self._new(kind, self._account(kind, str(path)))
        place = Path(path).expanduser().resolve()
        for known in self.list():
            root = Path(known.path)
            if known.kind == kind and (root == place or root in place.parents):
                raise UsageFault(
                    f"{kind} is read from there already",
                    where=known.path,
                    remedy="nothing to do" if root == place else "the folder above it includes this one",
                )
            if known.kind == kind and place in root.parents:
                raise UsageFault(
                    f"{kind} is read from a folder inside this one",
                    where=known.path,
                    remedy=f"remove that first: homebody sources remove {kind} {known.path}",
                )
        return self._new(kind, str(place))

    def _account(self, kind: str, url: str) -> str:
        """Its address as it is kept. Raises UsageFault where all or some of the account is read already."""
        account = parse(kind, url)
        for known in self.list():
            there = parse(kind, known.path) if known.kind == kind else account
            same = there.root == account.root and there.place == account.place
            inside = there.root == account.root and not (there.place.strip("/") and account.place.strip("/"))
            if known.kind == kind and (same or inside):
                raise UsageFault(
                    "this account is read already",
                    where=known.path,
                    remedy=f"to change what is read: homebody sources remove {kind} {known.path}",
                )
        return account.url

    def _new(self, kind: str, place: str) -> SourceState:
        self._remember(kind, place)
        with self._db.write() as db:
            db.execute("INSERT INTO sources (kind, path) VALUES (?, ?)", [kind, place])
        return next(s for s in self.list() if s.kind == kind and s.path == place)

    def remove(self, kind: str, path: str | Path) -> int:
        """Forget a source and what only it held; returns how many items went."""
        place = {str(path)} if kind in READS else {str(path), str(Path(path).expanduser().resolve())}
        known = next((s for s in self.list() if s.kind == kind and s.path in place), None)
        if known is None:
            raise NotFound(
                f"no {kind} is read from there", where=str(path), remedy="see `homebody sources list`"
            )
        if self._user is not None:
            with self._user.write() as user:
                user.execute("DELETE FROM sources WHERE kind = ? AND path = ?", [kind, known.path])
        return self._drop(known.id)

    def finish(
        self, source_id: int, bad: Sequence[Skipped] = (), *, below: Sequence[Path] | None = None
    ) -> None:
        """A run over this source ended now; ``bad`` is what its scan, or that ``below``, could not read."""
        where = "source_id = ?1 AND unit_id IS NULL"
        part = " AND (uri = ?2 OR substr(uri, 1, length(?2) + 1) = ?2 || '/')"
        with self._db.write() as db:
            if below is None:
                db.execute(f"DELETE FROM skipped WHERE {where}", [source_id])
            for place in below or ():
                db.execute(f"DELETE FROM skipped WHERE {where}{part}", [source_id, place.as_uri()])
            db.conn.executemany(
                "INSERT INTO skipped (source_id, unit_id, uri, reason) VALUES (?, NULL, ?, ?)",
                [(source_id, s.uri, s.reason) for s in bad],
            )
            now = datetime.now(UTC).timestamp()
            db.execute("UPDATE sources SET last_indexed = ? WHERE id = ?", [now, source_id])

    def retry(self, uri: str = "") -> int:
        """Files that were skipped, wholly or in part, are read again; returns how many."""
        of = "FROM skipped WHERE unit_id IS NOT NULL AND (?1 = '' OR uri = ?1)"
        with self._db.write() as db:
            sql = f"UPDATE units SET stamp = '', reading = '', cursor = '' WHERE id IN (SELECT unit_id {of})"
            return int(db.execute(sql, [uri]).rowcount)

    def skipped(self) -> tuple[SkippedFile, ...]:
        rows = self._db.rows(
            "SELECT k.uri, k.reason, s.kind FROM skipped k JOIN sources s ON s.id = k.source_id ORDER BY k.id"
        )
        return tuple(SkippedFile(uri=r["uri"], reason=r["reason"], source=r["kind"]) for r in rows)

    def read_from(self, uris: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """uri → the paths of the sources that hold the item."""
        found: dict[str, list[str]] = {}
        for uri, path in self._db.tuples(
            "SELECT DISTINCT i.uri, s.path FROM items i JOIN holds h ON h.item_id = i.id "
            "JOIN units u ON u.id = h.unit_id JOIN sources s ON s.id = u.source_id "
            f"WHERE i.uri IN ({', '.join('?' * len(uris))}) ORDER BY s.id",
            list(uris),
        ):
            found.setdefault(uri, []).append(path)
        return {uri: tuple(paths) for uri, paths in found.items()}

    def _drop(self, source_id: int) -> int:
        with self._db.write() as db:
            units = [row[0] for row in db.execute("SELECT id FROM units WHERE source_id = ?", [source_id])]
            gone = holdings.release(db, units)
            db.execute("DELETE FROM sources WHERE id = ?", [source_id])
        return len(gone)

    def _remember(self, kind: str, path: str) -> None:
        if self._user is not None:
            with self._user.write() as user:
                user.execute("INSERT OR IGNORE INTO sources (kind, path) VALUES (?, ?)", [kind, path])

    def restore(self) -> None:
        """After index.db was rebuilt, or a crash between the two files: user.db is right."""
        if self._user is None:
            return
        wanted = {(r["kind"], r["path"]) for r in self._user.rows("SELECT kind, path FROM sources")}
        here = {(r["kind"], r["path"]): r["id"] for r in self._db.rows("SELECT id, kind, path FROM sources")}
        for kind, path in sorted(wanted - here.keys()):
            with self._db.write() as db:
                db.execute("INSERT INTO sources (kind, path) VALUES (?, ?)", [kind, path])
        for known in here.keys() - wanted:
            self._drop(here[known])
