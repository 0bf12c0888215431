"""A person's own adapters and the corrections they learn from: in user.db, encrypted like the rest."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import sqlite_utils

from app.core.errors import NotFound, UsageFault
from app.core.models import AdapterFile, Correction
from app.core.types import Record
from app.store.db import Database, translated

KEPT = 3  # adapters of a task on one base that can be gone back to
ORIGINS = ("taught", "imported", "ported", "trained")
MOST_CHARS = 40_000  # of one correction's text
_HELD_BACK = 4  # one in so many corrections is never learned from, so that what was learned can be measured

_META = (
    "id, task, base, base_sha256, origin, at, gguf_sha256, length(gguf) AS bytes, rank, alpha, targets, "
    "scale, scores, learned, state, coalesce(activated, 0) AS worn, prompt_sha256"
)


class Own(Record, frozen=True, kw_only=True):
    """An adapter without its bytes. ``scores`` is the table it was accepted or refused with, as JSON."""

    id: int
    task: str
    base: str  # the catalog key of its base, or the name of its file
    base_sha256: str
    origin: str  # taught | imported | ported | trained
    when: datetime
    gguf_sha256: str
    bytes: int
    rank: int
    alpha: float
    targets: tuple[str, ...]
    scale: float
    scores: str
    learned: tuple[int, ...]  # ids of the corrections it has seen, also through those it began from
    state: str  # active | kept | refused
    worn: int  # orders those worn so far; 0: never, or gone back from
    prompt_sha256: str  # of the prompt.txt it was trained with; empty: not known


class New(Record, frozen=True, kw_only=True):
    """An adapter to keep: PEFT's own two files, and the GGUF file made of them."""

    task: str
    base: str
    base_sha256: str
    origin: str
    peft: bytes
    config: bytes
    gguf: bytes
    rank: int
    alpha: float
    targets: tuple[str, ...]
    scale: float = 1.0
    scores: str = ""
    learned: tuple[int, ...] = ()
    prompt_sha256: str = ""


class OwnAdapters:
    """Of each task and base at most one is active; the last :data:`KEPT` can be gone back to."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, new: New, *, refused: bool = False) -> int:
        """Keep ``new`` without wearing it; ``refused``: the gate has said no, and it never is worn."""
        if new.origin not in ORIGINS:
            raise ValueError(f"{new.origin} is no origin of an adapter")
        row = msgspec.structs.asdict(new) | {
            "at": _now(),
            "gguf_sha256": hashlib.sha256(new.gguf).hexdigest(),
            "targets": json.dumps(new.targets),
            "learned": json.dumps(new.learned),
            "state": "refused" if refused else "kept",
        }
        with self._db.write() as db:
            names = ", ".join(row)
            cursor = db.execute(
                f"INSERT INTO own_adapters ({names}) VALUES ({', '.join('?' * len(row))})", [*row.values()]
            )
            id = int(cursor.lastrowid or 0)
            _prune(db, new.task, new.base_sha256, id)
        return id

    def activate(self, id: int) -> Own:
        """From now on the task wears it on its base. Raises NotFound, and UsageFault for a refused one."""
        with self._db.write() as db:
            own = _one(db, id)
            if own.state == "refused":
                raise UsageFault(
                    "that adapter was refused", where=f"{own.task}: {id}", remedy="train another"
                )
            _rest(db, own.task, own.base_sha256)
            db.execute(
                "UPDATE own_adapters SET state = 'active', activated = "
                "(SELECT coalesce(max(activated), 0) + 1 FROM own_adapters) WHERE id = ?",
                [id],
            )
            _prune(db, own.task, own.base_sha256, id)
            return _one(db, id)

    def back(self, task: str, base_sha256: str) -> Own | None:
        """Wear the one that was worn before; None: what came with the task. Raises NotFound without one."""
        with self._db.write() as db:
            current = _active(db, task, base_sha256)
            if current is None:
                raise NotFound(
                    "there is nothing to go back from", where=task, remedy="the task wears what it came with"
                )
            _rest(db, task, base_sha256)
            db.execute("UPDATE own_adapters SET activated = NULL WHERE id = ?", [current.id])
            db.execute(
                "UPDATE own_adapters SET state = 'active' WHERE id = (SELECT id FROM own_adapters WHERE "
                "task = ? AND base_sha256 = ? AND activated IS NOT NULL ORDER BY activated DESC LIMIT 1)",
                [task, base_sha256],
            )
            return _active(db, task, base_sha256)

    def active(self, task: str, base_sha256: str) -> Own | None:
        with translated(self._db.path):
            return _active(self._db.read(), task, base_sha256)

    def worn(self, base_sha256: str) -> tuple[AdapterFile, ...]:
        """All that are active on a base, as the model process loads them."""
        return tuple(self.file(own.id) for own in self.list("", base_sha256) if own.state == "active")

    def list(self, task: str = "", base_sha256: str = "") -> tuple[Own, ...]:
        """Newest first; of one task or base only where it is named."""
        return self._select(
            "WHERE ?1 IN ('', task) AND ?2 IN ('', base_sha256) ORDER BY id DESC", [task, base_sha256]
        )

    def get(self, id: int) -> Own:
        with translated(self._db.path):
            return _one(self._db.read(), id)

    def file(self, id: int) -> AdapterFile:
        """As the model process loads it."""
        own = self.get(id)
        data = self._db.value("SELECT gguf FROM own_adapters WHERE id = ?", [id])
        return AdapterFile(
            task=own.task,
            base_sha256=own.base_sha256,
            gguf=bytes(data),
            gguf_sha256=own.gguf_sha256,
            rank=own.rank,
            alpha=own.alpha,
            targets=own.targets,
            scale=own.scale,
        )

    def peft(self, id: int) -> tuple[bytes, bytes]:
        """``adapter_model.safetensors`` and ``adapter_config.json``."""
        self.get(id)
        row = self._db.rows("SELECT peft, config FROM own_adapters WHERE id = ?", [id])[0]
        return bytes(row["peft"]), bytes(row["config"])

    def delete(self, ids: Iterable[int]) -> None:
        """For good. One that is active leaves its task with what came with it."""
        with self._db.write() as db:
            for id in ids:
                db.execute("DELETE FROM own_adapters WHERE id = ?", [id])

    def _select(self, where: str, parameters: Sequence[object]) -> tuple[Own, ...]:
        return tuple(map(_own, self._db.rows(f"SELECT {_META} FROM own_adapters {where}", parameters)))


class Corrections:
    """What the person made of the model's words. One in four is held back, by a hash of what was asked."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(
        self, *, task: str, fields: dict[str, str], said: str, accepted: str, uri: str = ""
    ) -> Correction:
        """The same thing corrected in other words is a correction of its own, and the earlier one is gone.

        Raises UsageFault where ``accepted`` is empty, too long, or what the model said anyway.
        """
        if not accepted.strip() or accepted.strip() == said.strip():
            raise UsageFault(
                "there is nothing to learn from that", where=task, remedy="change the text first"
            )
        if len(accepted) > MOST_CHARS or sum(map(len, fields.values())) > MOST_CHARS:
            raise UsageFault("that text is too long to learn from", where=f"over {MOST_CHARS:,} characters")
        digest = _digest(task, fields)
        with self._db.write() as db:
            db.execute(
                "DELETE FROM corrections WHERE task = ? AND digest = ? AND accepted <> ?",
                [task, digest, accepted],
            )
            db.execute(
                """INSERT INTO corrections (task, digest, fields, said, accepted, at, uri, held_back)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                   ON CONFLICT (task, digest) DO UPDATE SET said = excluded.said, at = excluded.at,
                   uri = excluded.uri""",
                [task, digest, json.dumps(fields), said, accepted, _now(), uri, _is_held_back(digest)],
            )
        return self._select("WHERE task = ? AND digest = ?", [task, digest])[0]

    def list(self, task: str = "") -> tuple[Correction, ...]:
        """Newest first."""
        return self._select("WHERE ?1 IN ('', task) ORDER BY id DESC", [task])

    def delete(self, id: int) -> Correction:
        """The person's own wish: it is really gone from the file."""
        found = self._select("WHERE id = ?", [id])
        if not found:
            raise NotFound(
                "no such correction", where=str(id), remedy="homebody teach TASK --list shows those there are"
            )
        with self._db.write() as db:
            db.execute("DELETE FROM corrections WHERE id = ?", [id])
        return found[0]

    def seal(self) -> bytes:
        """The key (32 bytes) of the checkpoints of trainings; made when it is first asked for."""
        with self._db.write() as db:
            row = db.conn.execute("SELECT value FROM secrets WHERE name = 'training'").fetchone()
            value = row[0] if row else secrets.token_hex(32)
            if not row:
                db.execute("INSERT INTO secrets VALUES ('training', ?)", [value])
        return bytes.fromhex(value)

    def _select(self, where: str, parameters: Sequence[object]) -> tuple[Correction, ...]:
        return tuple(map(_correction, self._db.rows(f"SELECT * FROM corrections {where}", parameters)))


def _rest(db: sqlite_utils.Database, task: str, base_sha256: str) -> None:
    """Nothing of the person's own is worn now."""
    db.execute(
        "UPDATE own_adapters SET state = 'kept' WHERE task = ? AND base_sha256 = ? AND state = 'active'",
        [task, base_sha256],
    )


def _prune(db: sqlite_utils.Database, task: str, base_sha256: str, new: int) -> None:
    """What remains: ``new``, the active one, and before others those that can be gone back to; and the
    last one refused."""
    for states, most in (("('active', 'kept')", KEPT), ("('refused')", 1)):
        db.execute(
            f"""DELETE FROM own_adapters WHERE id IN (
                    SELECT id FROM own_adapters WHERE task = ? AND base_sha256 = ? AND state IN {states}
                    ORDER BY id = ? DESC, state = 'active' DESC, activated DESC NULLS LAST, id DESC
                    LIMIT -1 OFFSET ?)""",
            [task, base_sha256, new, most],
        )


def _active(db: sqlite_utils.Database, task: str, base_sha256: str) -> Own | None:
    found = db.query(
        f"SELECT {_META} FROM own_adapters WHERE task = ? AND base_sha256 = ? AND state = 'active'",
        [task, base_sha256],
    )
    return next(map(_own, [*found]), None)


def _one(db: sqlite_utils.Database, id: int) -> Own:
    found = [*db.query(f"SELECT {_META} FROM own_adapters WHERE id = ?", [id])]
    if not found:
        raise NotFound("no such adapter", where=str(id), remedy="homebody tasks list shows those there are")
    return _own(found[0])


def _own(row: dict[str, Any]) -> Own:
    return msgspec.convert(
        row
        | {
            "when": datetime.fromisoformat(row["at"]),
            "targets": json.loads(row["targets"]),
            "learned": json.loads(row["learned"]),
        },
        Own,
    )


def _correction(row: dict[str, Any]) -> Correction:
    return Correction(
        id=row["id"],
        task=row["task"],
        fields=json.loads(row["fields"]),
        said=row["said"],
        accepted=row["accepted"],
        when=datetime.fromisoformat(row["at"]),
        uri=row["uri"],
        held_back=bool(row["held_back"]),
    )


def _digest(task: str, fields: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps([task, sorted(fields.items())]).encode()).hexdigest()


def _is_held_back(digest: str) -> bool:
    return int(digest[:8], 16) % _HELD_BACK == 0


def _now() -> str:
    return datetime.now(UTC).isoformat()
