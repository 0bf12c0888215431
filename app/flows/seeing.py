"""See: look at the pictures that were read: the text in them, and what tells those that look alike.

A document's scanned pages are pictures too; their text goes where the pages are. What is attached to a mail
is taken out of it once more. The same bytes are looked at once, wherever they lie.

Newest first. One that cannot be looked at is said once and tried again at the next two runs: a specialist
may have ended for want of memory, a disk may have been away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from app.core.errors import HomebodyError, NotFound
from app.core.types import ItemView, Skipped
from app.flows import showing
from app.flows.context import Home
from app.model.contract import TextReader
from app.workers.reader import Reader

PORTION = 50
MOST_PAGES = 300  # of a document that are looked at


def see(home: Home) -> Iterator[Skipped | None]:
    """After each picture None, or that it could not be looked at."""
    again = home.index.failed_ocr()  # those that fail in this run wait for another one
    while wanting := home.index.wanting_ocr(limit=PORTION):
        for uri, path in wanting:
            yield from _through(home, uri, path, tell=True)
    for uri, path in again:
        yield from _through(home, uri, path, tell=False)
    yield from showing.embed(home)


def legible(home: Home, data: bytes) -> str:
    """The text in a picture of the screen, which stays in memory. Raises HomebodyError for no picture."""
    return home.specialists.ocr().call(TextReader.legible, data=data)


def _through(home: Home, uri: str, path: str, *, tell: bool) -> Iterator[Skipped | None]:
    try:
        item = home.index.item(uri)
    except NotFound:  # its source was removed meanwhile
        return
    if (known := home.index.seen(item.meta.get("content", ""))) is not None:
        with suppress(NotFound):
            home.index.set_text(uri, *known)
        yield None
        return
    try:
        data = _attached(home, item) if item.kind == "attachment" else b""
    except HomebodyError as error:
        yield _failed(home, uri, error, tell=tell)
        return
    if scanned := item.meta.get("scanned", ""):
        numbers = [int(number) for number in scanned.split()]
        yield from _pages(home, uri, path, numbers, data, tell=tell)
    else:
        yield _look(home, uri, path, data, tell=tell)


def _attached(home: Home, item: ItemView) -> bytes:
    """What is attached to a mail, from the mail's file. Raises HomebodyError where it is not as it was."""
    if kept := home.index.unseen(item.uri):
        return kept
    if not Path(item.path).is_absolute():
        raise HomebodyError("too much was waiting to be looked at when it came", where=item.path)
    mail, number = home.index.item(item.uri.rpartition("#")[0]), item.uri.rpartition("#")[2]
    data = home.reader.call(
        Reader.attached,
        path=mail.path,
        offset=int(mail.meta["offset"]),
        size=int(mail.meta["size"]),
        number=int(number),
    )
    if hashlib.sha256(data).hexdigest() != item.meta["content"]:
        raise HomebodyError("the mail has changed since it was read", where=mail.path, remedy="index again")
    return data


def _failed(home: Home, uri: str, error: HomebodyError, *, tell: bool) -> Skipped | None:
    home.index.set_ocr_failed(uri)
    return Skipped(uri=uri, reason=f"its text could not be read: {error.message}") if tell else None


def _pages(
    home: Home, uri: str, path: str, numbers: list[int], data: bytes, *, tell: bool
) -> Iterator[Skipped | None]:
    """After each page None; or that the document cannot be looked at, or which of its pages."""
    bad: list[str] = []
    texts = [""] * (numbers[min(len(numbers), MOST_PAGES) - 1])
    for number in numbers[:MOST_PAGES]:
        try:
            texts[number - 1] = home.specialists.ocr().call(
                TextReader.page, path=path, number=number, data=data
            )
        except HomebodyError as error:
            bad.append(str(number))
            if type(error) is not HomebodyError or len(bad) == len(numbers[:MOST_PAGES]):  # more than a page
                yield _failed(home, uri, error, tell=tell)
                return
        yield None
    if bad:
        yield Skipped(uri=uri, reason=f"pages that could not be read: {', '.join(bad)}")
    with suppress(NotFound):
        home.index.set_text(uri, "\n\f".join(texts))


def _look(home: Home, uri: str, path: str, data: bytes, *, tell: bool) -> Skipped | None:
    try:
        seen = home.specialists.ocr().call(TextReader.see, path=path, data=data)
    except HomebodyError as error:
        return _failed(home, uri, error, tell=tell)
    with suppress(NotFound):  # its source was removed meanwhile
        home.index.set_text(uri, seen.text, seen.look)
    return None
