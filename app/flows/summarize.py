"""Summarize: a selection, a file, a stored item, or a whole thread in its order.

A text longer than one reading is read part by part, a thread by its messages, and what the parts
say is put together (:mod:`app.flows.reading`). A sentence that names or counts what its part does
not have is never shown: the part's own sentence stands in its place, in quotation marks.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing

from app.core.errors import UsageFault
from app.core.types import ItemView, Text, Thinking, Token
from app.flows import grounding, reading
from app.flows.context import Home
from app.flows.reading import Checked, Message
from app.flows.wear import quietly, wear
from app.model.contract import Finished

PART_TOKENS = 100  # of one of several readings

Step = Thinking | Token | Text


def summarize(home: Home, *, text: str = "", uri: str = "") -> Iterator[Step]:
    """Raises UsageFault for an empty text and NotFound for an unknown uri."""
    title, said = reading.messages(text) if not uri else _stored(home, uri)
    if not any(message.text.strip() for message in said):
        raise UsageFault("there is no text to summarize", remedy="give a file, a selection or an item's uri")
    parts = reading.readings(title, said)
    if len(parts) == 1:
        summary, tokens = yield from _read(home, parts[0])
    else:
        summary, tokens = yield from _read_all(home, parts)
    yield Text(
        text=summary,
        title=title,
        tokens=tokens,
        unsupported=grounding.loose(summary, "\n".join(parts)),
    )


def _read(home: Home, part: str) -> Generator[Thinking | Token, None, tuple[str, int]]:
    """One reading; its words are passed on by sentences, each of them checked before."""
    text, kept = "", Checked(part)
    steps = wear(home, "summarize", {"text": part})
    with closing(steps):
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                done: Finished = end.value
                break
            if isinstance(step, Token):
                text += step.text
                yield from _tokens(kept, text, whole=False)
            else:
                yield step
    yield from _tokens(kept, done.text, whole=True)
    return " ".join(kept.kept), done.tokens


def _tokens(kept: Checked, text: str, *, whole: bool) -> Iterator[Token]:
    for sentence in kept.add(text, whole=whole):
        yield Token(text=sentence if sentence is kept.kept[0] else f" {sentence}")


def _read_all(home: Home, parts: list[str]) -> Generator[Thinking | Token, None, tuple[str, int]]:
    kept, tokens = list[list[str]](), 0
    for n, part in enumerate(parts, 1):
        yield Thinking(done=n - 1, total=len(parts))
        done = yield from quietly(home, "summarize", {"text": part}, max_tokens=PART_TOKENS)
        kept.append(reading.checked(done.text, part))
        tokens += done.tokens
    summary = reading.together(kept, "\n".join(parts))
    yield Token(text=summary)
    return summary, tokens


def _stored(home: Home, uri: str) -> tuple[str, list[Message]]:
    """Title and text: of an attachment its own, of anything else those of its kind in the thread."""
    item = home.index.item(uri)
    thread = [each for each in home.index.thread(uri) if each.kind == item.kind]
    if item.kind == "attachment" or len(thread) < 2:
        thread = [item]
    return thread[0].title, [Message(_who(each), each.text) for each in thread]


def _who(item: ItemView) -> str:
    """The name, not the address, of who wrote a mail; nobody for other kinds."""
    if item.kind != "mail" or not item.people:
        return ""
    name = item.people[0].partition("<")[0].strip().strip('"')
    return name or item.people[0].strip("<> ")
