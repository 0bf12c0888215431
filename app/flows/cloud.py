"""The one door out: a heavy question becomes a proposal of exact bytes, and only a yes sends them.

The envelope holds the question and the passages chosen for it, nothing else: no history, no names
of files, no identifiers. The courier process exists for this one request.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.actions import registry
from app.actions.ask_cloud import encode
from app.core.errors import Refused
from app.core.types import Nothing, Proposal, Scope
from app.flows.ask import passage
from app.flows.context import Home
from app.flows.deeds import keep, world
from app.flows.search import search

GIVEN = 8
_ROLE = (
    "Answer the question from the numbered passages only. Be brief. "
    "If they do not hold the answer, say that it was not found."
)


def heavy(home: Home, *, question: str, scope: Scope) -> Iterator[Proposal | Nothing]:
    """The proposal to ask the endpoint of the settings; raises Refused while that is off."""
    url, model = _endpoint(home)
    hits = search(home, query=question, scope=scope, k=GIVEN)
    if not hits:
        yield Nothing(reason="Nothing was found that could be sent along with this question.")
        return
    passages = "\n\n".join(f"({n}) {passage(hit)}" for n, hit in enumerate(hits, 1))
    request = {
        "model": model,
        "messages": [
            {"role": "system", "content": _ROLE},
            {"role": "user", "content": f"{passages}\n\nQuestion: {question}"},
        ],
        "stream": True,
        "max_tokens": 512,
        "temperature": 0.0,
    }
    arguments: dict[str, object] = {"url": f"{url.rstrip('/')}/chat/completions", "body": encode(request)}
    origins = {"url": "your settings", "body": "your question and passages of your data"}
    yield keep(home, registry.propose("ask_cloud", arguments, world(home), origins))


def _endpoint(home: Home) -> tuple[str, str]:
    url, model = home.setting("cloud.url"), home.setting("cloud.model")
    if not home.flag("cloud.enabled"):
        raise Refused("asking elsewhere is switched off", remedy="Settings, cloud.enabled")
    if not url or not model:
        raise Refused("no endpoint is set", remedy="set cloud.url and cloud.model")
    return url, model
