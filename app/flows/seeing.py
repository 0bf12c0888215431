"""See: look at the pictures that were read: the text in them, and what tells those that look alike.

Newest first. One that cannot be looked at is said once and tried again at the next two runs: a specialist
may have ended for want of memory, a disk may have been away.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from app.core.errors import HomebodyError, NotFound
from app.core.types import Skipped
from app.flows.context import Home
from app.model.contract import TextReader

PORTION = 50


def see(home: Home) -> Iterator[Skipped | None]:
    """After each picture None, or that it could not be looked at."""
    again = home.index.failed_ocr()  # those that fail in this run wait for another one
    while wanting := home.index.wanting_ocr(limit=PORTION):
        for uri, path in wanting:
            yield _look(home, uri, path, tell=True)
    for uri, path in again:
        yield _look(home, uri, path, tell=False)


def _look(home: Home, uri: str, path: str, *, tell: bool) -> Skipped | None:
    try:
        seen = home.specialists.ocr().call(TextReader.see, path=path)
    except HomebodyError as error:
        home.index.set_ocr_failed(uri)
        return Skipped(uri=uri, reason=f"its text could not be read: {error.message}") if tell else None
    with suppress(NotFound):  # its source was removed meanwhile
        home.index.set_text(uri, seen.text, seen.look)
    return None
