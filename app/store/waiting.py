"""Mails that may wait for an answer: the last word of their thread, from somebody else, to the person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from app.core.types import ItemView
from app.store.db import Database
from app.store.holdings import epoch
from app.store.index import view
from app.store.people import Known

_MACHINES = re.compile(
    r"(?:^|[._+-])(?:no[._-]?reply|do[._-]?not[._-]?reply|mailer-daemon|postmaster|bounces?|notifications?"
    r"|newsletter|nicht[._-]?antworten)(?:$|[._+-])",
    re.I,
)
_ADDRESS = re.compile(r"([^\s<>]+)@[^\s<>]+")
_LAST = """
    SELECT i.* FROM items i INDEXED BY items_shown
    WHERE i.at >= ?1 AND i.at <= ?2 AND i.kind = 'mail' AND coalesce(i.meta ->> '$.bulk', '') = ''
    AND EXISTS (
        SELECT 1 FROM item_people t WHERE t.item_id = i.id AND t.role = 'to' AND t.person_id IN ({me}))
    AND NOT EXISTS (
        SELECT 1 FROM item_people f WHERE f.item_id = i.id AND f.role = 'from' AND f.person_id IN ({me}))
    AND NOT EXISTS (
        SELECT 1 FROM items j INDEXED BY items_threads
        WHERE i.thread <> '' AND j.thread = i.thread AND j.at > i.at AND j.kind = 'mail')
    AND i.uri NOT IN (
        SELECT l.value FROM items a INDEXED BY items_shown
        JOIN item_people w ON w.item_id = a.id AND w.role = 'from' AND w.person_id IN ({me})
        JOIN json_each(a.links) l
        WHERE a.at >= ?1 AND a.kind = 'mail')
    ORDER BY i.at DESC, i.id DESC
"""


def unanswered(db: Database, me: Known, after: datetime, now: datetime) -> Iterator[ItemView]:
    """Newest first; what machines and lists send is left out, and what came with an answer given since.

    An answer is a later mail of the thread, or one that names it. ``me`` is whose mailbox it is.
    """
    rows = db.rows(_LAST.format(me=",".join(map(str, me.ids))), [epoch(after), epoch(now)])
    for row in rows:
        mail = view(row)
        sender = _ADDRESS.search(mail.people[0]) if mail.people else None
        if sender is None or not _MACHINES.search(sender[1]):
            yield mail
