"""Summarize: a selection, a file, a stored item, or a whole thread in its order.

A text longer than one reading is summarized part by part and the parts' summaries once more. What
the summary names or counts must stand in the source; sentences where it does not are reported.
"""

from __future__ import annotations

from collections.abc import Iterator

from semchunk.semchunk import chunk

from app.core.errors import UsageFault
from app.core.types import ItemView, Text, Thinking, Token
from app.flows import grounding
from app.flows.context import Home
from app.flows.wear import quietly, wear

PART_CHARS = 6000  # about 1,500 tokens: what one reading holds with room for the answer
PART_TOKENS = 80
MOST_PARTS, LAST_PARTS = 24, 4

Step = Thinking | Token | Text


def summarize(home: Home, *, text: str = "", uri: str = "") -> Iterator[Step]:
    """Raises UsageFault for an empty text and NotFound for an unknown uri."""
    title, source = ("", text) if not uri else _stored(home, uri)
    if not source.strip():
        raise UsageFault("there is no text to summarize", remedy="give a file, a selection or an item's uri")
    parts = _parts(source)
    if len(parts) > 1:
        heads = []
        for n, part in enumerate(parts, 1):
            yield Thinking(done=n - 1, total=len(parts))
            head = yield from quietly(home, "summarize", _fields(title, part), max_tokens=PART_TOKENS)
            heads.append(head.text.strip())
        parts = ["\n".join(heads)]
    done = yield from wear(home, "summarize", _fields(title, parts[0]))
    yield Text(
        text=done.text.strip(),
        title=title,
        tokens=done.tokens,
        unsupported=grounding.loose(done.text, source),
    )


def _parts(source: str) -> list[str]:
    if len(source) <= PART_CHARS:
        return [source]
    most, tail = MOST_PARTS * PART_CHARS, LAST_PARTS * PART_CHARS
    if len(source) > most:  # the beginning and the end carry what a long text is about
        source = f"{source[: most - tail]}\n\n{source[-tail:]}"
    return list(map(str, chunk(source, chunk_size=PART_CHARS, token_counter=len)))


def _stored(home: Home, uri: str) -> tuple[str, str]:
    """Title and text: of an attachment its own, of anything else those of its kind in the thread."""
    item = home.index.item(uri)
    thread = [each for each in home.index.thread(uri) if each.kind == item.kind]
    if len(thread) > 1 and item.kind != "attachment":
        return thread[0].title, "\n\n".join(map(_message, thread))
    return item.title, item.text


def _message(item: ItemView) -> str:
    who = item.people[0] if item.people else ""
    when = f"{item.when:%d %b %H:%M}" if item.when else ""
    return f"{who} {when}\n{grounding.without_signature(item.text)}".strip()


def _fields(title: str, text: str) -> dict[str, str]:
    return {"text": grounding.without_marks(f"{title}\n\n{text}" if title else text)}
