"""Mail in Maildirs is not looked through while its folders are as they were, for a day at most."""

from __future__ import annotations

import time
from pathlib import Path

from app.core.types import SourceState
from app.flows import mounts
from app.flows.context import Home
from app.store import still
from indexers import _maildir

_DAY_S = 86_400.0  # after which all is looked at anyway


def unchanged(home: Home, source: SourceState) -> int | None:
    """How many files there are, none of which has changed; None where that is to be found out."""
    if source.kind != "mail":
        return None
    known = still.known(home.index.db, source.id)
    if known is None or not 0 <= time.time() - known.at < _DAY_S or not _maildir.same(known.folders):
        return None
    return known.files


def before(source: SourceState) -> dict[str, str] | None:
    """What tells it the next time; to be taken before the files are listed."""
    if source.kind != "mail" or not mounts.steady(Path(source.path)):
        return None
    found = _maildir.folders(source.path)
    return found if found and _maildir.settled(found) else None


def remember(home: Home, source: SourceState, folders: dict[str, str] | None) -> None:
    if source.kind == "mail":
        still.remember(home.index.db, source.id, folders, time.time())
