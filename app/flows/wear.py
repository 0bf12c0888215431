"""Wearing a hat: one call of the language model, its words passed on, its end handed back."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from typing import TypeVar

import msgspec

from app.core.errors import WorkerDied
from app.core.types import Proposal, Text, Thinking, Token
from app.flows.context import Home
from app.flows.traces import Trace
from app.model.contract import Finished, LanguageModel

T = TypeVar("T")


def wear(
    home: Home, task: str, fields: dict[str, str], *, max_tokens: int = 0
) -> Generator[Thinking | Token, None, Finished]:
    """Stream ``task`` over ``fields``; closing this closes the generation. Returns its end."""
    with closing(
        home.specialists.llm().stream(LanguageModel.generate, task=task, fields=fields, max_tokens=max_tokens)
    ) as steps:
        for step in steps:
            if isinstance(step, Finished):
                if home.worn is not None:
                    home.worn.append(Trace(task, dict(fields), step.text))
                return step
            yield step
    raise WorkerDied("the language model ended without finishing", remedy="try again")


def quietly(
    home: Home, task: str, fields: dict[str, str], *, max_tokens: int = 0
) -> Generator[Thinking, None, Finished]:
    """The same without its words: for answers that are data, and parts of a longer work."""
    words = wear(home, task, fields, max_tokens=max_tokens)
    with closing(words):
        while True:
            try:
                step = next(words)
            except StopIteration as end:
                done: Finished = end.value
                return done
            if isinstance(step, Thinking):
                yield step


def followed(home: Home, flow: Callable[[Home], Iterator[T]], *, uri: str = "") -> Iterator[T]:
    """The steps of ``flow``; a text or proposal made of one completion can be corrected later.

    What was put together from several cannot: none of them said it.
    """
    worn: list[Trace] = []
    steps = flow(replace(home, worn=worn))
    try:
        for step in steps:
            yield _traced(home, step, replace(worn[0], uri=uri)) if len(worn) == 1 else step
    finally:
        if isinstance(steps, Generator):
            steps.close()


def _traced(home: Home, step: T, trace: Trace) -> T:
    if isinstance(step, Proposal):
        home.traces.link(step.sha256, trace)
    return msgspec.structs.replace(step, trace=home.traces.keep(trace)) if isinstance(step, Text) else step
