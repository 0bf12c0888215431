"""Which embedding model answers, which is to follow it, and how one takes the other's place.

A question can only be compared with vectors of the model that embedded it. So while another model embeds
everything anew, the one before answers, and what comes meanwhile is embedded by both; the change itself is
one transaction. Whatever ends the process in between, the roles in the file say how far it was.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlite_utils

from app.store.db import Database

LEAVING, SERVING, COMING = 0, 1, 2  # embedders.role
PENDING, DONE, OLDER = 0, 1, 2  # passages.embedded: by none, by the newest, only by the one that answers
_IN_USE = f"SELECT role, id, name FROM embedders WHERE role IN ({SERVING}, {COMING})"
_UNDONE = f"""
    SELECT EXISTS (SELECT 1 FROM passages WHERE embedded = {PENDING})
        OR EXISTS (SELECT 1 FROM passages WHERE embedded = {OLDER})
"""
_MOST_SERVED = f"""
    SELECT 2 * (SELECT count(*) FROM passages WHERE embedded = {OLDER}) >= (SELECT count(*) FROM passages)
"""
_AS_SERVED = """
    UPDATE passages SET embedded = CASE WHEN EXISTS (
        SELECT 1 FROM vectors v WHERE v.passage_id = passages.id AND v.embedder_id = ?
    ) THEN ? ELSE 0 END
"""


@dataclass(frozen=True)
class Model:
    """``id`` 0 and no name: there is none."""

    id: int = 0
    name: str = ""


@dataclass(frozen=True)
class Models:
    """The one that answers, and the one that is to follow it, if any."""

    serving: Model = Model()
    coming: Model | None = None

    @property
    def newest(self) -> Model:
        return self.coming or self.serving

    def all(self) -> list[Model]:
        return [one for one in (self.serving, self.coming) if one is not None and one.id]


def of(db: Database | sqlite_utils.Database) -> Models:
    rows = db.tuples(_IN_USE) if isinstance(db, Database) else db.conn.execute(_IN_USE).fetchall()
    found = {role: Model(int(id), str(name)) for role, id, name in rows}
    return Models(found.get(SERVING, Model()), found.get(COMING))


def complete(db: Database | sqlite_utils.Database) -> bool:
    """Whether the newest model has embedded all there is."""
    if isinstance(db, Database):
        return not db.value(_UNDONE)
    return not db.conn.execute(_UNDONE).fetchone()[0]


def follow(db: sqlite_utils.Database, model: str) -> bool:
    """Vectors are made with ``model`` from now on; whether that is a change.

    The one before answers meanwhile, unless it has not embedded half of the passages itself.
    """
    models = of(db)
    if models.newest.name == model:  # another thread was as quick
        return False
    if models.coming:
        _leave(db, models.coming)
    if models.serving.name == model:  # back to the one that answers
        db.conn.execute(_AS_SERVED, (models.serving.id, DONE))
        return True
    leaving = db.conn.execute("SELECT id FROM embedders WHERE name = ?", (model,)).fetchone()
    if leaving:  # it is on its way out, and comes back
        db.conn.execute("DELETE FROM vectors WHERE embedder_id = ?", leaving)
        db.conn.execute("DELETE FROM embedders WHERE id = ?", leaving)
    db.conn.execute("INSERT INTO embedders (name, role) VALUES (?, ?)", (model, COMING))
    db.conn.execute(_AS_SERVED, (models.serving.id, OLDER))
    if not models.serving.id or not db.conn.execute(_MOST_SERVED).fetchone()[0]:
        take_place(db)
    return bool(models.serving.id)


def take_place(db: sqlite_utils.Database) -> bool:
    """The model that is to follow answers now; whether there is one. What it has not embedded is pending."""
    models = of(db)
    if not models.coming:
        return False
    _leave(db, models.serving)  # or nobody, where it is the first
    db.conn.execute("UPDATE embedders SET role = ? WHERE id = ?", (SERVING, models.coming.id))
    db.conn.execute("UPDATE passages SET embedded = ? WHERE embedded = ?", (PENDING, OLDER))
    return True


def remark(db: sqlite_utils.Database) -> tuple[int, int]:
    """Passages whose mark says other than their vectors: how many had none, how many were not marked."""
    models = of(db)
    having = "SELECT passage_id FROM vectors WHERE embedder_id = ?"
    missing = unmarked = 0
    states = (
        ((DONE, models.newest),) if not models.coming else ((OLDER, models.serving), (DONE, models.coming))
    )
    for state, model in states:
        missing += db.conn.execute(
            f"UPDATE passages SET embedded = {PENDING} WHERE embedded = {state} AND id NOT IN ({having})",
            (model.id,),
        ).rowcount
    for state, model in states:  # what the newest has embedded is marked so, whoever else has
        unmarked += db.conn.execute(
            f"UPDATE passages SET embedded = {state} WHERE embedded NOT IN ({DONE}, {state}) "
            f"AND id IN ({having})",
            (model.id,),
        ).rowcount
    return missing, unmarked


def _leave(db: sqlite_utils.Database, model: Model) -> None:
    db.conn.execute("UPDATE embedders SET role = ? WHERE id = ?", (LEAVING, model.id))
