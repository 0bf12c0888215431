"""One call under way: the prompt is read, then token after token is chosen and shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from app.core.errors import BadModel
from app.core.tasks import Decoding
from app.core.types import Token
from app.model.contract import BATCH, Finished
from app.model.runtime import Runtime
from app.model.sampling import Sampler, Text, looping

CLOSING_TOKENS = 256  # beyond max_tokens, to end JSON that was cut short


class Run:
    """``fixed`` are the prompt's first tokens, all of them in the context already where ``cached``.

    ``switch_s`` and ``restore_s`` are what putting on the adapters and bringing those tokens took.
    """

    def __init__(
        self,
        base: Runtime,
        fixed: list[int],
        rest: list[int],
        *,
        cached: int,
        switch_s: float = 0.0,
        restore_s: float = 0.0,
    ):
        self._base, self._began = base, time.perf_counter()
        self._switch_s, self._restore_s = switch_s, restore_s
        self.cached, self.total = cached, len(fixed) + len(rest)
        self._read = list(chunks(fixed)) if cached else []
        self._todo = list(chunks(rest)) if cached else [*chunks(fixed), *chunks(rest)]
        self._first = 0.0
        self._tokens: list[int] = []

    def prompt(self) -> Iterator[int]:
        """Read what is not in the context yet; yields the number of tokens that are."""
        for chunk in self._todo:
            self._take(chunk)
            yield self._base.used

    def complete(self, sampler: Sampler, decoding: Decoding) -> Iterator[Token | Finished]:
        shown = Text(decoding.stop)
        self._first = time.perf_counter()
        stop = "length"
        try:
            for token in self._sampled(sampler, decoding):
                if self._base.is_end(token):
                    stop = "end"
                    break
                if new := shown.add(self._base.piece(token)):
                    yield Token(text=new)
                if shown.stopped:
                    stop = "end"
                    break
            if new := shown.add(b"", final=True):
                yield Token(text=new)
        finally:
            sampler.close()
        whole = stop if len(self._tokens) <= decoding.max_tokens else "length"
        yield self._finished(shown.text, whole, sampler.refusal)

    def _take(self, tokens: list[int]) -> None:
        """Read ``tokens``; all over again where what earlier calls left in the context spoils them.

        A masked cell counts for nothing, except that nothing times infinity is not a number: an
        adapter that computes such values would speak through the hats worn after it.
        """
        self._read.append(tokens)
        self._base.decode(tokens)
        if self._finite():
            return
        self._base.clear()
        for chunk in self._read:
            self._base.decode(chunk)
        if not self._finite():
            raise BadModel("the adapter computes values that are not finite", remedy="do not wear it")

    def _finite(self) -> bool:
        return bool(np.isfinite(self._base.logits().sum()))

    def _sampled(self, sampler: Sampler, decoding: Decoding) -> Iterator[int]:
        """Tokens up to the limit or a loop; where a grammar must be satisfied, on to its nearest end."""
        while len(self._tokens) < decoding.max_tokens and not looping(self._tokens):
            yield self._next(sampler.next)
        if not sampler.constrained:
            return
        for _ in range(CLOSING_TOKENS):
            yield self._next(sampler.next_closing)
        raise BadModel("the answer could not be completed to valid JSON", where="schema.json")

    def _next(self, choose: Callable[[npt.NDArray[np.float32]], int]) -> int:
        """The former token is read only now: its words were shown meanwhile, and the last is never read."""
        if self._tokens:
            self._take(self._tokens[-1:])
        token = choose(self._base.logits())
        self._tokens.append(token)
        return token

    def _finished(self, text: str, stop: str, refusal: float) -> Finished:
        now = time.perf_counter()
        return Finished(
            text=text,
            stop=stop,
            prompt_tokens=self.total,
            tokens=len(self._tokens),
            prefill_s=self._first - self._began,
            decode_s=now - self._first,
            switch_s=self._switch_s,
            restore_s=self._restore_s,
            cached_tokens=self.cached,
            refusal=refusal,
        )


def chunks(tokens: list[int]) -> Iterator[list[int]]:
    for at in range(0, len(tokens), BATCH):
        yield tokens[at : at + BATCH]


def shares(lengths: list[int], room: int) -> list[int]:
    """How much of each to keep so that all fit ``room``: the longest are shortened first."""
    kept = list(lengths)
    limit = max(lengths, default=0)
    while sum(kept) > room:
        longest = [n for n, size in enumerate(kept) if size == limit]
        below = max((size for size in kept if size < limit), default=0)
        excess = sum(kept) - room
        limit = max(below, limit - -(-excess // len(longest)))
        for n in longest:
            kept[n] = limit
    return kept
