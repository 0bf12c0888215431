"""The one door out: a heavy question becomes a proposal of exact bytes, and only a yes sends them.

The envelope holds the question and the passages chosen for it, nothing else: no history, no names
of files, no identifiers. What tells who somebody is can be kept back word by word, and sources can be
kept out for good; each such wish makes another request, with other bytes to say yes to. The courier
process exists for this one request.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from app.actions import registry
from app.actions.ask_cloud import encode
from app.core.errors import Refused, UsageFault
from app.core.types import Envelope, Given, Hit, Nothing, Proposal, Scope, Withheld
from app.flows import withheld
from app.flows.ask import passage
from app.flows.context import Home
from app.flows.deeds import keep, world
from app.flows.search import search

GIVEN, BACK = 8, 512  # passages; tokens that may come back
NEVER = "cloud.never"
_MORE = 4  # times as many are looked at where some may not leave
_TOKEN_BYTES = 4  # of usual text, for usual tokenizers; dense scripts have fewer
_ROLE = (
    "Answer the question from the numbered passages only. Be brief. "
    "If they do not hold the answer, say that it was not found."
)
_STANDS = " Words in square brackets such as {stands} stand for something kept back: repeat them as they are."


def heavy(home: Home, *, question: str, scope: Scope) -> Iterator[Proposal | Nothing]:
    """The proposal to ask the endpoint of the settings; raises Refused while that is off."""
    _endpoint(home)
    never = unsent(home.setting(NEVER))
    found = search(home, query=question, scope=scope, k=GIVEN * _MORE if never else GIVEN)
    read_from = home.index.read_from([hit.uri for hit in found])
    hits = [hit for hit in found if never.isdisjoint(read_from.get(hit.uri, ()))][:GIVEN]
    if not hits:
        yield Nothing(
            reason="All that was found is from sources of which nothing may be sent."
            if found
            else "Nothing was found that could be sent along with this question."
        )
        return
    passages = tuple(_given(hit, read_from.get(hit.uri, ())) for hit in hits)
    yield _proposal(
        home, question, passages, withheld.find(_words(question, passages), *_names(home, passages))
    )


def withhold(home: Home, *, sha256: str, words: tuple[str, ...]) -> Proposal:
    """The same request with exactly these words kept back.

    Raises NotFound for an unknown proposal, UsageFault for one without an envelope and for other words.
    """
    was = _envelope(home, sha256)
    if unknown := set(words) - {word.text for word in was.words}:
        raise UsageFault("that is not in the request", where=", ".join(sorted(unknown))[:200])
    return _proposal(home, was.question, was.passages, withheld.choose(was.words, words))


def never(home: Home, *, sha256: str, source: str) -> Proposal | Nothing:
    """The same request without what is read from ``source``, of which nothing is sent from now on.

    Raises as :func:`withhold`.
    """
    was = _envelope(home, sha256)
    if not any(source in passage.sources for passage in was.passages):
        raise UsageFault("nothing of that source is in the request", where=source)
    kept = unsent(home.setting(NEVER)) | {source}
    home.user.set(NEVER, "; ".join(_quoted(path) for path in sorted(kept)))
    left = tuple(passage for passage in was.passages if source not in passage.sources)
    if not left:
        return Nothing(reason="Nothing else was found that could be sent along with this question.")
    held = [word.text for word in was.words if word.held]
    free = [word.text for word in was.words if not word.held]
    found = withheld.find(_words(was.question, left), *_names(home, left))
    words = withheld.choose(
        found, [w.text for w in found if w.text in held or (w.held and w.text not in free)]
    )
    return _proposal(home, was.question, left, words)


def unsent(setting: str) -> frozenset[str]:
    """The paths of a value of ``cloud.never``."""
    parts = (part.strip().replace("%3B", ";").replace("%25", "%") for part in setting.split(";"))
    return frozenset(part for part in parts if part)


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace(";", "%3B")


def _envelope(home: Home, sha256: str) -> Envelope:
    envelope = home.user.proposal(sha256).envelope
    if envelope is None:
        raise UsageFault("this proposal sends no passages", where=sha256, remedy="ask for it again")
    return envelope


def _proposal(home: Home, question: str, passages: Sequence[Given], words: tuple[Withheld, ...]) -> Proposal:
    """Kept, so that a yes can name it."""
    url, model = _endpoint(home)
    stands = next((word.stands for word in words if word.held), "")
    request = {
        "model": model,
        "messages": [
            {"role": "system", "content": _ROLE + (_STANDS.format(stands=stands) if stands else "")},
            {"role": "user", "content": withheld.held_back(_words(question, passages), words)},
        ],
        "stream": True,
        "max_tokens": BACK,
        "temperature": 0.0,
    }
    body = encode(request)
    arguments: dict[str, object] = {"url": f"{url.rstrip('/')}/chat/completions", "body": body}
    origins = {"url": "your settings", "body": "your question and passages of your data"}
    made = registry.propose("ask_cloud", arguments, world(home), origins)
    tokens = -(-len(body.encode()) // _TOKEN_BYTES)
    prices = int(home.setting("cloud.price_in")), int(home.setting("cloud.price_out"))
    envelope = Envelope(
        question=question,
        passages=tuple(passages),
        words=words,
        tokens=tokens,
        back=BACK,
        cents=(tokens * prices[0] + BACK * prices[1]) / 1e6,
    )
    return keep(home, msgspec.structs.replace(made, envelope=envelope))


def _words(question: str, passages: Sequence[Given]) -> str:
    numbered = "\n\n".join(f"({n}) {passage.text}" for n, passage in enumerate(passages, 1))
    return f"{numbered}\n\nQuestion: {question}"


def _given(hit: Hit, sources: tuple[str, ...]) -> Given:
    return Given(text=passage(hit), sources=sources, people=hit.people)


def _names(home: Home, passages: Sequence[Given]) -> tuple[list[str], list[str]]:
    """Of the people of the passages, and the person's own."""
    people = [person for passage in passages for person in passage.people]
    names = [person.partition("<")[0].strip('" ') for person in people]
    return [name for name in names if "@" not in name], [home.setting("you.name")]


def _endpoint(home: Home) -> tuple[str, str]:
    url, model = home.setting("cloud.url"), home.setting("cloud.model")
    if not home.flag("cloud.enabled"):
        raise Refused("asking elsewhere is switched off", remedy="Settings, cloud.enabled")
    if not url or not model:
        raise Refused("no endpoint is set", remedy="set cloud.url and cloud.model")
    return url, model
