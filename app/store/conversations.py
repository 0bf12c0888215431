"""Conversations: what was asked and answered, so that it can be read again."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from app.core.errors import NotFound
from app.core.types import ConversationState, Talk, Turn
from app.store.db import Database


class Conversations:
    """Newest first; a conversation is as old as its last turn."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def create(self, title: str) -> int:
        with self._db.write() as db:
            cursor = db.execute("INSERT INTO conversations (title, at) VALUES (?, ?)", [title, _now()])
            return int(cursor.lastrowid or 0)

    def add_turn(self, id: int, turn: Turn) -> None:
        """Raises NotFound when the conversation was deleted meanwhile."""
        with self._db.write() as db:
            self._change(id, "UPDATE conversations SET at = ? WHERE id = ?", _now())
            body = msgspec.json.encode(turn).decode()
            db.execute("INSERT INTO turns (conversation_id, body) VALUES (?, ?)", [id, body])

    def turns(self, id: int) -> tuple[Turn, ...]:
        """Oldest first."""
        if not self._db.value("SELECT 1 FROM conversations WHERE id = ?", [id]):
            raise _unknown(id)
        rows = self._db.rows("SELECT body FROM turns WHERE conversation_id = ? ORDER BY id", [id])
        return tuple(msgspec.json.decode(row["body"], type=Turn) for row in rows)

    def list(self, find: str = "") -> tuple[ConversationState, ...]:
        """All, or those with ``find`` in their title or in what was said."""
        rows = self._db.rows(
            """SELECT c.id, c.title, c.at FROM conversations c
               WHERE ?1 = '' OR c.title LIKE ?2 ESCAPE '\\' OR EXISTS (
                   SELECT 1 FROM turns t WHERE t.conversation_id = c.id
                   AND json_extract(t.body, '$.text') LIKE ?2 ESCAPE '\\')
               ORDER BY c.at DESC, c.id DESC""",
            [find, f"%{_escaped(find)}%"],
        )
        return tuple(
            ConversationState(id=r["id"], title=r["title"], when=datetime.fromisoformat(r["at"]))
            for r in rows
        )

    def rename(self, id: int, title: str) -> None:
        self._change(id, "UPDATE conversations SET title = ? WHERE id = ?", title)

    def delete(self, id: int) -> Talk:
        """The person's own wish: it is really gone from the file. Returns it as it was."""
        with self._db.write():
            was = self._talk(id)
            self._change(id, "DELETE FROM conversations WHERE id = ?")
        return was

    def cut(self, id: int, turns: int) -> Talk:
        """Keep the first ``turns``; returns the conversation as it was."""
        with self._db.write() as db:
            was = self._talk(id)
            db.execute(
                "DELETE FROM turns WHERE conversation_id = ?1 AND id NOT IN "
                "(SELECT id FROM turns WHERE conversation_id = ?1 ORDER BY id LIMIT ?2)",
                [id, max(turns, 0)],
            )
        return was

    def put_back(self, talk: Talk) -> None:
        """As it was, in place of what is there under its id."""
        with self._db.write() as db:
            db.execute("DELETE FROM conversations WHERE id = ?", [talk.id])
            db.execute(
                "INSERT INTO conversations (id, title, at) VALUES (?, ?, ?)",
                [talk.id, talk.title, talk.when.isoformat()],
            )
            bodies = [(talk.id, msgspec.json.encode(turn).decode()) for turn in talk.turns]
            db.conn.executemany("INSERT INTO turns (conversation_id, body) VALUES (?, ?)", bodies)

    def _talk(self, id: int) -> Talk:
        rows = self._db.rows("SELECT title, at FROM conversations WHERE id = ?", [id])
        if not rows:
            raise _unknown(id)
        title, at = rows[0]["title"], datetime.fromisoformat(rows[0]["at"])
        return Talk(id=id, title=title, when=at, turns=self.turns(id))

    def _change(self, id: int, sql: str, *values: str) -> None:
        with self._db.write() as db:
            if not db.execute(sql, [*values, id]).rowcount:
                raise _unknown(id)


def _unknown(id: int) -> NotFound:
    return NotFound("no such conversation", where=str(id), remedy="it may have been deleted")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _now() -> str:
    return datetime.now(UTC).isoformat()
