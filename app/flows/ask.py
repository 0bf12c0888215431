"""Ask: find passages, show them, let the model find the one that answers, check what it says, cite it.

What asks to be counted or listed is answered by the store (app.flows.tally); all else is read.
The sources appear before the first word. A small model that reads several passages at once mixes
them up, so it reads them one by one, and how much its first token leans to "not found" tells which
of them answers (app.flows.evidence). When none does the answer is "not found" with what was searched.
What the model writes is checked sentence by sentence against the passage it is from: a sentence that
is not supported gives way to the passage's own, and what nothing supports is marked. A citation is not
of the whole passage but of the sentences in it that the answer stands on.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import suppress

import msgspec

from app.core.accounts import READS
from app.core.errors import HomebodyError, NoSpace, UsageFault
from app.core.types import Answer, Citation, Found, Hit, Scope, Thinking, Token, Turn
from app.flows import evidence, grounding, tally
from app.flows.context import Home
from app.flows.search import search
from app.flows.wear import quietly, wear
from app.model.contract import Finished, LanguageModel
from app.model.supervisor import LLM

SHOWN = 8  # passages that are shown as sources
READ = 4  # passages the model reads, one after the other
NOT_FOUND = "Not found in your data."
_GAPS = re.compile(r"\s*\n\s*")


def ask(
    home: Home, *, question: str, scope: Scope, conversation: int = 0
) -> Iterator[Found | Thinking | Token | Answer]:
    """Answer from the store; what can be counted or listed exactly is answered so, without the model.

    Raises UsageFault for an empty question, NotFound for a conversation that is not there, and
    WorkerDied when the model ends before it has finished.
    """
    if not question.strip():
        raise UsageFault("what is the question?", remedy='for example "when is my flight?"')
    if conversation:
        home.conversations.turns(conversation)  # says now, not after the answer, that there is none
    if counted := tally.tally(home, question, scope):
        yield _kept(home, question, counted, conversation)
        return
    _wake(home)
    started = time.monotonic()
    hits = search(home, query=question, scope=scope, k=SHOWN)
    searched = _searched(home, scope)
    took = (time.monotonic() - started) * 1000
    yield Found(passages=hits, searched=searched, took_ms=round(took, 1))
    answer = yield from read(home, question, hits[:READ], searched)
    yield _kept(home, question, answer, conversation)


def read(
    home: Home, question: str, hits: Sequence[Hit], searched: str
) -> Generator[Thinking | Token, None, Answer]:
    """The checked answer that ``hits`` hold, or "not found" with what was ``searched``."""
    weights = home.rarity.of(evidence.telling(question))
    answering = yield from _answering(home, question, weights, hits)
    if not answering:
        return _not_found(searched)
    done = yield from wear(home, "answer", _fields(question, answering[0]))
    answer = _checked(done, question, answering[0], searched)
    answer = _located(home, question, weights, answering[0], answer)
    for other in answering[1:]:
        answer = yield from _compared(home, question, weights, answer, answering[0], other)
    return answer


def _wake(home: Home) -> None:
    """The language model loads while the first search waits for the embedder, which both take a second."""
    llm = home.specialists.keeper.all[LLM]

    def load() -> None:
        with suppress(HomebodyError):  # whoever asks it next is told
            llm.call(LanguageModel.count, text="")

    if not llm.pid:
        threading.Thread(target=load, name="wake", daemon=True).start()


def _answering(
    home: Home, question: str, weights: Mapping[str, float], hits: Sequence[Hit]
) -> Generator[Thinking, None, tuple[Hit, ...]]:
    """Read one by one: the passages that the model does not refuse, that which answers most surely first.

    Those after it are only such as answer nearly as surely, each of another item.
    """
    if evidence.score(weights, hits) < evidence.ENOUGH:
        return ()
    surely: dict[int, float] = {}
    for number, hit in enumerate(hits):
        reading = quietly(home, "answer", _fields(question, hit), max_tokens=1)
        done = yield from _part(reading, number, len(hits))
        if not _refuses(done.text):
            surely[number] = evidence.judged(done.refusal, evidence.score(weights, (hit,)))
    best = sorted(surely, key=lambda number: -surely[number])
    near: dict[str, Hit] = {}
    for number in best:
        if surely[number] > surely[best[0]] - evidence.NEARLY:
            near.setdefault(hits[number].uri, hits[number])
    return tuple(near.values())


def _compared(
    home: Home, question: str, weights: Mapping[str, float], answer: Answer, hit: Hit, other: Hit
) -> Generator[Thinking, None, Answer]:
    """``answer``, and beside it what ``other`` says where it says the same with other figures."""
    done = yield from quietly(home, "answer", _fields(question, other))
    second = _located(home, question, weights, other, _checked(done, question, other, ""))
    said, otherwise = (grounding.without_marks(one.text.partition("\n")[0]) for one in (answer, second))
    if not (answer.supported and second.supported and grounding.differ(said, otherwise, question)):
        return answer
    [cited] = second.citations
    cited = msgspec.structs.replace(cited, n=len(answer.citations) + 1)
    said = f"{_dated(other, hit)}: {otherwise} [{cited.n}]"
    return msgspec.structs.replace(
        answer, text=f"{answer.text}\n\n{said}", citations=(*answer.citations, cited)
    )


def _dated(other: Hit, hit: Hit) -> str:
    """How the source of the other answer is introduced, by the dates of both."""
    if other.when is None or hit.when is None or other.when == hit.when:
        return "Another source says otherwise"
    which = "A later" if other.when > hit.when else "An earlier"
    return f"{which} source, of {other.when:%d %B %Y}, says otherwise"


def _refuses(text: str) -> bool:
    """Whether it is "Not found." or its first token, or nothing."""
    said = text.strip().lower()
    return said in ("", "not") or said.startswith("not found")


def _part(
    reading: Generator[Thinking, None, Finished], number: int, of: int
) -> Generator[Thinking, None, Finished]:
    """One reading's progress as that of all of them, which are about as long."""
    while True:
        try:
            step = next(reading)
        except StopIteration as end:
            done: Finished = end.value
            return done
        yield Thinking(done=number * step.total + step.done, total=of * step.total)


def _fields(question: str, hit: Hit) -> dict[str, str]:
    return {"question": question, "passages": passage(hit)}


def _checked(done: Finished, question: str, hit: Hit, searched: str) -> Answer:
    """The model's words with citations put in by code; saying nothing means not found."""
    text = grounding.without_marks(done.text).strip()
    if _refuses(text):
        return _not_found(searched)
    marked, citations, bare = grounding.cite(text, (hit,), question)
    return Answer(
        text=marked,
        citations=citations or grounding.used((hit,)),
        supported=bool(citations) and not bare,
        unsupported=bare,
        heavy="parts of this answer could not be tied to a source" if bare else "",
    )


def _located(home: Home, question: str, weights: Mapping[str, float], hit: Hit, answer: Answer) -> Answer:
    """``answer`` with citations of the sentences of ``hit`` nearest to it and the question."""
    if not answer.citations:
        return answer
    where = grounding.spans(grounding.without_signature(hit.text))
    if len(where) <= 1:
        return answer
    parts = [hit.text[start:end] for start, end in where]
    said = grounding.without_marks(answer.text)
    words = {**home.rarity.of(set(evidence.telling(said)) - weights.keys()), **weights}
    try:
        asked, *vectors = home.embed((f"{question} {said}", *(f"{hit.title}\n{part}" for part in parts)))
    except HomebodyError:  # what has been answered is not lost with the embedder: all of the passage is cited
        return answer
    start, end = evidence.around(where, evidence.closeness(words, parts, [float(asked @ v) for v in vectors]))
    place = Citation(
        n=1,
        uri=hit.uri,
        start=hit.start + start,
        end=hit.start + end,
        title=hit.title,
        quote=hit.text[start:end],
        page=hit.page_at(start),
    )
    return msgspec.structs.replace(answer, citations=(place,))


def _not_found(searched: str) -> Answer:
    return Answer(text=f"{NOT_FOUND} {searched}", citations=(), supported=False)


def _kept(home: Home, question: str, answer: Answer, conversation: int) -> Answer:
    """Answer and question are in the store before the answer counts as given.

    On a disk that takes no writes it is given all the same: it was said that nothing new is kept.
    """
    try:
        return _stored(home, question, answer, conversation)
    except NoSpace:
        return answer


def _stored(home: Home, question: str, answer: Answer, conversation: int) -> Answer:
    id = conversation or home.conversations.create(_title(question))
    now = home.now()
    home.conversations.add_turn(id, Turn(role="user", text=question, when=now))
    home.conversations.add_turn(
        id,
        Turn(
            role="assistant",
            text=answer.text,
            when=now,
            citations=answer.citations,
            made=answer.made,
            supported=answer.supported,
        ),
    )
    return msgspec.structs.replace(answer, conversation=id)


def _title(question: str) -> str:
    words = " ".join(question.split())
    return words if len(words) <= 60 else words[:57].rsplit(" ", 1)[0] + "…"


def passage(hit: Hit) -> str:
    """A passage as the model reads it: where it is from in one line, then its words, close together.

    Addresses, signatures, empty lines and the hour of what is no event only cost reading time.
    """
    about = [hit.kind, hit.title]
    if hit.people:
        about.append(", ".join(_name(person) for person in hit.people[:3]))
    if hit.when:
        about.append(f"{hit.when:%a %d %b %Y %H:%M}" if hit.kind == "event" else f"{hit.when:%a %d %b %Y}")
    if hit.place:
        about.append(hit.place)
    words = grounding.without_signature(grounding.without_marks(hit.text))
    text = _GAPS.sub("\n", words.strip() or hit.text.strip())
    return f"{' · '.join(about)}\n{text}"


def _name(person: str) -> str:
    """``Ada Lovelace <ada@example.org>`` without the address, an address alone as it is."""
    return person.partition(" <")[0].strip('" ') or person


def _searched(home: Home, scope: Scope) -> str:
    within = [
        source.items
        for source in home.index.sources()
        if {READS.get(source.kind, source.kind), source.path} & set(scope.sources)
    ]
    items = sum(within) if scope.sources else home.index.counts().items
    parts = [f"Searched {items:,} items in {', '.join(scope.sources) or 'all sources'}"]
    if scope.people:
        parts.append(f"with {', '.join(scope.people)}")
    if scope.after:
        parts.append(f"from {scope.after:%d %B %Y}")
    if scope.before:
        parts.append(f"before {scope.before:%d %B %Y}")
    return " ".join(parts) + "."
