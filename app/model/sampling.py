"""From logits to text: sampler chain, grammar, stop strings, loop guard and whole UTF-8 characters."""

from __future__ import annotations

import codecs
import ctypes
from typing import Any

import llama_cpp
import numpy as np
import numpy.typing as npt

from app.core.errors import BadModel
from app.core.tasks import Decoding
from app.model.runtime import Vocabulary, last_error

PENALTY_WINDOW = 64
LONGEST_LOOP, LOOP_REPEATS, LOOP_TOKENS = 48, 4, 24
MOST_ODDS = 50.0
_CLOSERS = ('"', "]", "}")
_NEVER = -float("inf")
# In a JSON string a line break is written as an escape; the converter's strings take it as it is.
_ANY, _NO_CONTROL = r'[^"\\]', r'[^"\\\x7F\x00-\x1F]'
_TOKEN = np.dtype([("id", "<i4"), ("logit", "<f4"), ("p", "<f4")], align=True)


def gbnf(schema: str) -> str:
    """The grammar of the JSON that ``schema`` describes. Raises BadModel where it is no schema."""
    from llama_cpp.llama_grammar import json_schema_to_gbnf

    try:
        return str(json_schema_to_gbnf(schema)).replace(_ANY, _NO_CONTROL)
    except Exception as error:  # the converter raises whatever its recursion trips over
        raise BadModel("schema.json is not a JSON schema we can use", where=str(error)) from error


class Sampler:
    """Chooses tokens for one completion; ``grammar`` is GBNF, or empty for free text."""

    def __init__(self, base: Vocabulary, decoding: Decoding, *, grammar: str, seed: int) -> None:
        self._base = base
        self._candidates = np.zeros(base.size, _TOKEN)
        self._ids = np.arange(base.size, dtype=np.int32)
        self._chain = _chain(base, decoding, seed)
        self._grammar = _grammar(base, grammar) if grammar else None
        opening = base.tokens(decoding.refusal)[:1] if decoding.refusal else []
        self._lean = dict.fromkeys(opening, decoding.refusal_bias)
        self.refusal = 0.0  # log-odds that the answer is the task's refusal, once the first token is chosen
        self._closers = [t[0] for c in _CLOSERS if len(t := base.tokens(c)) == 1]

    @property
    def constrained(self) -> bool:
        return self._grammar is not None

    def next(self, logits: npt.NDArray[np.float32]) -> int:
        """The grammar sees all the vocabulary only where it forbids the likeliest choice."""
        for token, bias in self._lean.items():
            logits = logits.copy()
            logits[token] += bias
            self.refusal = _log_odds(logits, token)
        self._lean = {}  # the first token decides whether there is anything to say
        token = self._choose(logits, with_grammar=False)
        if self._grammar is not None and not self._allows(token):
            token = self._choose(logits, with_grammar=True)
        return self._take(token)

    def next_closing(self, logits: npt.NDArray[np.float32]) -> int:
        """The token that ends the JSON soonest: close the string, the list, the object."""
        for token in self._closers:
            if self._allows(token):
                return self._take(token)
        return self._take(self._choose(logits, with_grammar=True))

    def close(self) -> None:
        llama_cpp.llama_sampler_free(self._chain)
        if self._grammar is not None:
            llama_cpp.llama_sampler_free(self._grammar)

    def _take(self, token: int) -> int:
        llama_cpp.llama_sampler_accept(self._chain, token)
        if self._grammar is not None:
            llama_cpp.llama_sampler_accept(self._grammar, token)
        return token

    def _choose(self, logits: npt.NDArray[np.float32], *, with_grammar: bool) -> int:
        self._candidates["id"], self._candidates["logit"] = self._ids, logits
        array = _array(self._candidates)
        if with_grammar:
            llama_cpp.llama_sampler_apply(self._grammar, ctypes.byref(array))
        llama_cpp.llama_sampler_apply(self._chain, ctypes.byref(array))
        return int(array.data[array.selected].id)

    def _allows(self, token: int) -> bool:
        one = np.zeros(1, _TOKEN)
        one["id"] = token
        llama_cpp.llama_sampler_apply(self._grammar, ctypes.byref(_array(one)))
        return bool(one["logit"][0] != _NEVER)


def _log_odds(logits: npt.NDArray[np.float32], token: int) -> float:
    """Of ``token`` against all others together, within ±MOST_ODDS."""
    weights = np.exp(logits.astype(np.float64) - logits.max())
    rest = weights.sum() - weights[token]
    with np.errstate(divide="ignore"):
        odds = np.log(weights[token]) - np.log(max(rest, 0.0))
    return float(np.clip(odds, -MOST_ODDS, MOST_ODDS))


def _array(candidates: npt.NDArray[Any]) -> Any:
    data = candidates.ctypes.data_as(llama_cpp.llama_token_data_p)
    return llama_cpp.llama_token_data_array(data=data, size=len(candidates), selected=-1, sorted=False)


def _chain(base: Vocabulary, decoding: Decoding, seed: int) -> Any:
    chain = llama_cpp.llama_sampler_chain_init(llama_cpp.llama_sampler_chain_default_params())
    links = []
    if decoding.repeat_penalty > 1:
        links.append(
            llama_cpp.llama_sampler_init_penalties(
                base.size, PENALTY_WINDOW, decoding.repeat_penalty, 0.0, 0.0
            )
        )
    if decoding.temperature:
        links += [
            llama_cpp.llama_sampler_init_top_k(40),
            llama_cpp.llama_sampler_init_top_p(decoding.top_p, 1),
            llama_cpp.llama_sampler_init_temp(decoding.temperature),
            llama_cpp.llama_sampler_init_dist(seed),
        ]
    else:
        links.append(llama_cpp.llama_sampler_init_greedy())
    for link in links:
        llama_cpp.llama_sampler_chain_add(chain, link)
    return chain


def _grammar(base: Vocabulary, text: str) -> Any:
    sampler = llama_cpp.llama_sampler_init_grammar(base.vocab, text.encode(), b"root")
    if not sampler:
        raise BadModel("the grammar of schema.json is not usable", where=last_error())
    return sampler


class Text:
    """Collects token bytes into text and says what may be shown: never half a character or stop mark."""

    def __init__(self, stop: tuple[str, ...]) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stop = stop
        self._shown = 0
        self.text = ""
        self.stopped = False

    def add(self, data: bytes, *, final: bool = False) -> str:
        """What of the text is new and can be shown."""
        self.text += self._decoder.decode(data, final)
        found = [at for mark in self._stop if (at := self.text.find(mark)) >= 0]
        if found:
            self.text, self.stopped = self.text[: min(found)], True
        end = len(self.text) if final or self.stopped else len(self.text) - self._held()
        new = self.text[self._shown : end]
        self._shown = max(end, self._shown)
        return new

    def _held(self) -> int:
        """Length of the longest end of the text that may be the beginning of a stop mark."""
        return max(
            (n for mark in self._stop for n in range(1, len(mark)) if self.text.endswith(mark[:n])), default=0
        )


def looping(tokens: list[int]) -> int:
    """The length of what the last tokens repeat over and over, or 0."""
    for period in range(1, LONGEST_LOOP + 1):
        span = max(period * LOOP_REPEATS, LOOP_TOKENS)
        if len(tokens) < span:
            return 0
        tail = tokens[-span:]
        if tail[period:] == tail[:-period]:
            return period
    return 0
