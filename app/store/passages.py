"""Items become passages: pieces of about a paragraph with exact offsets, each found by itself."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import filterfalse, islice
from typing import Any

MAX_CHARS = 480  # about 128 tokens of Latin text, where embedding is fastest and no worse
PAGE = "\f"  # what a page of a document begins with, but for the first
MAX_PASSAGES = 4_000  # of one item: what lies beyond (2 MB of text) is stored but not searched

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # SQLite cuts text at NUL; UTF-8 has no surrogates


def storable(text: str) -> str:
    """``text`` with what SQLite cannot hold replaced one for one, so that offsets stay true."""
    if "\0" not in text:
        if text.isascii():
            return text
        try:
            text.encode()
        except UnicodeEncodeError:  # lone surrogates
            pass
        else:
            return text
    return _UNSTORABLE.sub("\ufffd", text)


def fold(text: str) -> str:
    """Lower case without accents, for comparing names and words."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(filterfalse(unicodedata.combining, decomposed))


def chunk(text: str) -> list[tuple[int, int]]:
    """Offsets of the passages of ``text``, in order; one empty passage when it has no words.

    The empty one lets an item without text (a photo) still be found by title, people and place.
    """
    if not text.strip():
        return [(0, 0)]
    if PAGE in text:
        return list(islice(_paged(text), MAX_PASSAGES))
    if len(text) <= MAX_CHARS:
        return [(0, len(text))]
    _, offsets = _chunker()(text, offsets=True)
    return [(start, end) for start, end in offsets[:MAX_PASSAGES] if text[start:end].strip()]


def _paged(text: str) -> Iterator[tuple[int, int]]:
    """No passage goes over the end of a page, so that each is on one."""
    begin = 0
    for page in text.split(PAGE):
        if page.strip():
            yield from ((begin + start, begin + end) for start, end in chunk(page))
        begin += len(page) + len(PAGE)


def to_embed(title: str, text: str) -> str:
    """What an embedding is made of: the passage with the title before it."""
    return f"{title}\n{text}" if title and text else title or text


@functools.cache
def _chunker() -> Callable[..., Any]:
    from semchunk.semchunk import chunkerify as _chunkerify

    return _chunkerify(len, MAX_CHARS, memoize=False)
