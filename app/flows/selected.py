"""Selected: do with words from another program what a button or the person's own request says.

The words are material, never a request: what is done with them is chosen by the button or by routing what
the person said about them. A proposal names them as the origin of all it takes from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from app.actions import registry
from app.core import when
from app.core.errors import UsageFault
from app.core.types import Answer, Found, Hit, Nothing, Proposal, Text, Thinking, Token
from app.flows import act as acting
from app.flows import ask, draft, grounding, intent, slots, summarize
from app.flows import rewrite as rewriting
from app.flows.context import Home
from app.flows.deeds import keep, world
from app.flows.dictation import figured
from app.flows.route import routed
from app.flows.wear import quietly

URI = "selection:"
PIECE_CHARS = 700  # of a text that is asked something: about what a passage of the store has
PIECES = 60  # that are looked at; a longer text is asked about its beginning
DATED_CHARS = 20_000  # of a text in which a day or hour is looked for, a hundredth of a second a sentence
LINE_CHARS = 90  # of the words that stand for a text in a request or a title
NOT_THERE = "Not found in the selected text."

Step = Thinking | Token | Text | Found | Answer | Proposal | Nothing

_STYLES = (
    (rewriting.SHORTER, re.compile(r"\bshort|\bhalf\b|\bcut\b|\bbrief|\bkürz|\btoo long\b|\bconcise", re.I)),
    (
        rewriting.FRIENDLIER,
        re.compile(r"friendl|polite|\bnice|\bsoft|\bwarm|\brude\b|\bharsh\b|freundlich|höflich|kind", re.I),
    ),
    (rewriting.FORMAL, re.compile(r"formal|formell|förmlich|professional|business", re.I)),
)
_SAY = re.compile(
    r"""^(?:(?:please|can\s+you|could\s+you|bitte)[ ,]+)*
    (?:(?:draft|write|send|prepare)\s+(?:me\s+)?(?:an?\s+)?(?:\w+\s+)?(?:reply|answer|response)
    |reply|answer|respond|write\s+back|antworte|schreib(?:\s+zurück)?)
    (?:\s+to\s+(?:this|that|it|him|her|them))?\s*(?:[:,]|\b(?:that|saying|says?|with|dass)\b)?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_THIS = re.compile(
    r"\b(?:about|of|from|for|an|davon|daran)?\s*\b(?:this|that|it|das|dies(?:es)?)\b[ ,:]*", re.I
)
_NAME = re.compile(r"[A-ZÄÖÜÉ][\w'’-]+(?: [A-ZÄÖÜÉ][\w'’.-]*){0,2}")


def selected(home: Home, *, text: str, task: str = "", say: str = "", origin: str = "") -> Iterator[Step]:
    """See :class:`app.core.api.Verbs`."""
    if not text.strip():
        raise UsageFault("there is no text", remedy="select some, or write it into the box")
    if not task:
        task, say = _asked_for(home, say)
    if task in rewriting.STYLES:
        return rewriting.rewrite(home, text=text, style=task)
    match task:
        case "summarize":
            return summarize.summarize(home, text=text)
        case "reply":
            return _reply(home, text, say)
        case "note":
            return _note(home, text, origin)
        case "event":
            return _event(home, text, say, origin)
        case "act":
            return acting.act(home, text=_with(say, text))
        case "ask":
            return _ask(home, text, say)
    raise UsageFault(f"no such task: {task}", remedy="ask | summarize | reply | note | event | act | a style")


def _asked_for(home: Home, say: str) -> tuple[str, str]:
    """The task that ``say`` asks for, and what of its words the task needs."""
    words = " ".join(say.split())
    if not words:
        raise UsageFault("what should be done with it?", remedy='for example "make it friendlier"')
    verb = routed(words, home.now()).verb
    if verb == "rewrite":
        return next((style for style, sign in _STYLES if sign.search(words)), rewriting.PROOFREAD), words
    if verb == "draft":
        return "reply", _SAY.sub("", words, count=1)
    if verb == "act":
        named = intent.plain(words)
        return {"create_note": "note", "create_event": "event"}.get(named or "", "act"), words
    return verb, words


def _reply(home: Home, text: str, say: str) -> Iterator[Step]:
    """A reply in the person's words; whom it goes to only the other program knows."""
    if not say.strip():
        raise UsageFault("what should the reply say?", remedy='for example "yes, Thursday works"')
    yield from draft.answered(home, text=text, sender=_writer(text), say=say.strip())


def _note(home: Home, text: str, origin: str) -> Iterator[Step]:
    """As it stands: there is nothing in it to be thought about."""
    arguments: dict[str, object] = {"title": _line(text), "text": text.strip()}
    yield keep(home, registry.propose("create_note", arguments, world(home), _origins(arguments, origin)))


def _event(home: Home, text: str, say: str, origin: str) -> Iterator[Step]:
    """Of the sentence that says when, or of the time that the person named."""
    if when.point(figured(say), home.now()):
        request = _with(say, text)
    elif (said := _dated(home, text)) is not None:
        request = f"add to my calendar: {said}"
    else:
        yield Nothing(reason="No day or time is said in these words.")
        return
    done = yield from quietly(home, "act", {"request": request})
    plan = slots.read(done.text, request)
    if plan is None or plan.action != "create_event":
        plan = slots.Plan(action="create_event", title=_line(text), when=request)
    filled = slots.fill(home, plan, request)
    if isinstance(filled, Nothing):
        yield filled
        return
    arguments, found = filled
    yield keep(
        home, registry.propose("create_event", arguments, world(home), _origins(arguments, origin) | found)
    )


def _dated(home: Home, text: str) -> str | None:
    """The first sentence with an hour, else the first with a day."""
    day = None
    for sentence in grounding.sentences(text[:DATED_CHARS]):
        point = when.point(figured(sentence), home.now())
        if point is not None and point.has_clock:
            return sentence
        day = day or (sentence if point is not None else None)
    return day


def _ask(home: Home, text: str, question: str) -> Iterator[Step]:
    if not question.strip():
        raise UsageFault("what is the question?", remedy='for example "when does it begin?"')
    hits = _closest(home, pieces(text), question)
    searched = "Read all of it." if len(hits) <= ask.READ else "Read what comes nearest to the question."
    yield Found(passages=hits, searched=searched)
    answer = yield from ask.read(home, question, hits[: ask.READ], searched)
    yield answer if answer.citations else Answer(text=NOT_THERE, citations=(), supported=False)


def _closest(home: Home, cut: list[Hit], question: str) -> tuple[Hit, ...]:
    asked, *vectors = home.embed((question, *(hit.text for hit in cut)))
    near = [
        msgspec.structs.replace(hit, similarity=float(asked @ vector))
        for hit, vector in zip(cut, vectors, strict=True)
    ]
    return tuple(sorted(near, key=lambda hit: -hit.similarity))


def pieces(text: str) -> list[Hit]:
    """``text`` in passages of whole sentences."""
    cut: list[tuple[int, int]] = []
    for start, end in grounding.spans(text) or [(0, len(text))]:
        if cut and end - cut[-1][0] <= PIECE_CHARS:
            cut[-1] = (cut[-1][0], end)
        else:
            cut.append((start, end))
    return [
        Hit(
            rank=rank,
            uri=URI,
            source="selection",
            kind="selection",
            title="Selected text",
            when=None,
            people=(),
            snippet=text[start:end],
            score=0.0,
            text=text[start:end],
            start=start,
            end=end,
        )
        for rank, (start, end) in enumerate(cut[:PIECES], 1)
    ]


def _with(say: str, text: str) -> str:
    """The request with what "this" stands for."""
    rest = _THIS.sub(" ", say).strip(" ,:")
    return f"{rest}: {_line(text)}"


def _line(text: str) -> str:
    """The first words, as a title."""
    first = " ".join(next((line for line in text.splitlines() if line.strip()), text).split())
    if len(first) <= LINE_CHARS:
        return first.rstrip(".:;,")
    begun = first[:LINE_CHARS]
    return (begun.rpartition(" ")[0] or begun).rstrip(" .:;,") + " …"  # not every script puts spaces


def _writer(text: str) -> str:
    """Who wrote a message that ends with a name; empty where it does not."""
    lines = [line.strip(" ,.") for line in text.strip().splitlines() if line.strip()]
    return lines[-1] if len(lines) > 1 and _NAME.fullmatch(lines[-1]) else ""


def _origins(arguments: dict[str, object], origin: str) -> dict[str, str]:
    said = f"from the text selected in {origin}" if origin else "from the selected text"
    return dict.fromkeys(arguments, said)
