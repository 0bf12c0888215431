"""Pictures that show the same: copies by their content, bursts by their looks and the time between them.

All of them stay in the store; a search shows one of them and says how many more there are. Looks are
64-bit difference hashes (:func:`indexers.pixels.look`), of which two views of one scene share most bits.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from app.store.db import Database
from app.store.passages import fold

BURST_S = 10.0  # between two pictures of one moment
BITS = 10  # of 64 that may differ then
COPY_BITS = 3  # where a copy has lost its time
_SAYS, _SAME = 6, 0.4  # words from which a picture says something; share of them two of one moment have
_MOST = 500  # pictures of one moment that are compared
_AROUND = """
    SELECT id AS item_id, kind, at, look, written, meta ->> '$.content' AS content FROM items
    WHERE at BETWEEN ? AND ? AND +kind = ? AND id <> ? ORDER BY at LIMIT ?
"""


def alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two rows (item_id, kind, at, look, written, content) are pictures, or videos, of the same."""
    if one["item_id"] == other["item_id"] or one["kind"] != other["kind"]:
        return False
    if one["content"] and one["content"] == other["content"]:
        return True
    if not one["look"] or not other["look"] or _other_words(one["written"], other["written"]):
        return False
    apart = (int(one["look"], 16) ^ int(other["look"], 16)).bit_count()
    if one["at"] is None or other["at"] is None:
        return apart <= COPY_BITS
    return apart <= BITS and abs(one["at"] - other["at"]) <= BURST_S


def _other_words(one: str, other: str) -> bool:
    """Whether what was read in two pictures tells them apart: pages and receipts all look much the same."""
    these, those = (set(re.findall(r"\w{2,}", fold(text))) for text in (one, other))
    return min(len(these), len(those)) >= _SAYS and len(these & those) < _SAME * len(these | those)


def more(db: Database, row: dict[str, Any], folded: Collection[int]) -> int:
    """How many others show the same as this picture; ``folded`` are items already known to."""
    others = set(folded)
    if row["at"] is not None:
        around = [row["at"] - BURST_S, row["at"] + BURST_S, row["kind"], row["item_id"], _MOST]
        others |= {other["item_id"] for other in db.rows(_AROUND, around) if alike(row, other)}
    return len(others)
