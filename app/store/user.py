"""user.db: settings, proposals and their approvals, kept texts, secrets; never deleted by code."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from app.core.errors import NotFound, Refused, translate
from app.core.paths import Paths
from app.core.types import Approval, Proposal
from app.store.db import Database
from app.store.files import sync_folder, write_atomically

SNAPSHOTS = 7


@dataclass(frozen=True)
class Draft:
    """A text the person kept; ``about`` is the uri it answers, or empty."""

    id: int
    when: datetime
    title: str
    text: str
    about: str


class User:
    """What one person decided. Each method returns after its change is on disk."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def close(self) -> None:
        self.db.close()

    def together(self) -> AbstractContextManager[object]:
        """What this block writes to user.db, through any of its parts, is written all or not at all."""
        return self.db.write()

    # --- settings: raw strings; what they mean is declared in app.core.settings

    def get(self, key: str) -> str | None:
        value = self.db.value("SELECT value FROM settings WHERE key = ?", [key])
        return None if value is None else str(value)

    def set(self, key: str, value: str) -> None:
        with self.db.write() as db:
            db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [key, value])

    def unset(self, key: str) -> None:
        """Back to the default."""
        with self.db.write() as db:
            db.execute("DELETE FROM settings WHERE key = ?", [key])

    def drop_secrets(self, names: Sequence[str]) -> None:
        """They are kept elsewhere now."""
        with self.db.write() as db:
            for name in names:
                db.execute("DELETE FROM secrets WHERE name = ?", [name])

    # --- proposals and approvals

    def keep_proposal(self, proposal: Proposal) -> None:
        """Remember exactly what was shown; only a kept proposal can be approved."""
        body = msgspec.json.encode(proposal).decode()
        with self.db.write() as db:
            db.execute(
                "INSERT OR REPLACE INTO proposals VALUES (?, ?, ?)", [proposal.sha256, time.time(), body]
            )

    def proposal(self, sha256: str) -> Proposal:
        body = self.db.value("SELECT body FROM proposals WHERE sha256 = ?", [sha256])
        if body is None:
            raise NotFound("no such proposal", where=sha256, remedy="ask for it again")
        return msgspec.json.decode(body, type=Proposal)

    def approve(self, sha256: str, minutes: float = 10) -> Approval:
        """The person's yes: a token that performs exactly this proposal, once, for ``minutes``."""
        self.proposal(sha256)
        token = secrets.token_urlsafe(24)
        expires = datetime.now(UTC) + timedelta(minutes=minutes)
        with self.db.write() as db:
            db.execute(
                "INSERT INTO approvals VALUES (?, ?, ?, NULL)", [_hash(token), sha256, expires.timestamp()]
            )
        return Approval(sha256=sha256, token=token, expires=expires)

    def consume(self, token: str) -> Proposal:
        """The proposal a token stands for. The token is used up; Refused where it is not good.

        Used up means on disk: a crash right after leaves a deed undone rather than done twice.
        """
        with self.db.write() as db:
            row = db.conn.execute(
                "SELECT sha256, expires, used FROM approvals WHERE token_sha256 = ?", (_hash(token),)
            ).fetchone()
            if row is None:
                raise Refused("this was not approved", remedy="read the proposal and approve it")
            sha256, expires, used = row
            if used is not None:
                raise Refused("this approval was used already", remedy="ask for the action again")
            if time.time() >= expires:
                raise Refused("this approval has expired", remedy="read the proposal and approve it again")
            db.execute("UPDATE approvals SET used = ? WHERE token_sha256 = ?", [time.time(), _hash(token)])
            body = db.conn.execute("SELECT body FROM proposals WHERE sha256 = ?", (sha256,)).fetchone()[0]
        return msgspec.json.decode(body, type=Proposal)

    # --- kept texts

    def keep_draft(self, *, title: str, text: str, about: str = "") -> int:
        now = datetime.now(UTC).isoformat()
        with self.db.write() as db:
            cursor = db.execute(
                "INSERT INTO drafts (at, title, text, about) VALUES (?, ?, ?, ?)", [now, title, text, about]
            )
            return int(cursor.lastrowid or 0)

    def drafts(self, limit: int = 100) -> tuple[Draft, ...]:
        """Newest first."""
        rows = self.db.rows("SELECT * FROM drafts ORDER BY id DESC LIMIT ?", [limit])
        return tuple(
            Draft(r["id"], datetime.fromisoformat(r["at"]), r["title"], r["text"], r["about"]) for r in rows
        )


def snapshot(paths: Paths, user: User) -> Path | None:
    """Keep an encrypted copy of user.db, one a day and the last seven; None when today has one.

    key.json goes with them: without it a copy cannot be opened on another machine.
    """
    target = paths.snapshots / f"user-{datetime.now(UTC):%Y-%m-%d}.db"
    try:
        paths.snapshots.mkdir(parents=True, exist_ok=True, mode=0o700)
        if paths.key_file.exists():
            write_atomically(paths.snapshots / paths.key_file.name, paths.key_file.read_bytes())
        if target.exists():
            return None
        fresh = target.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        user.db.copy_to(fresh)
        fresh.chmod(0o600)
        fresh.replace(target)
        sync_folder(paths.snapshots)
        for old in sorted(paths.snapshots.glob("user-*.db"))[:-SNAPSHOTS]:
            old.unlink()
    except OSError as error:
        raise translate(error, str(target)) from error
    return target


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
