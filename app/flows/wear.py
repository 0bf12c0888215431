"""Wearing a hat: one call of the language model, its words passed on, its end handed back."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

from app.core.errors import WorkerDied
from app.core.types import Thinking, Token
from app.flows.context import Home
from app.model.contract import Finished, LanguageModel


def wear(
    home: Home, task: str, fields: dict[str, str], *, max_tokens: int = 0
) -> Generator[Thinking | Token, None, Finished]:
    """Stream ``task`` over ``fields``; closing this closes the generation. Returns its end."""
    with closing(
        home.specialists.llm().stream(LanguageModel.generate, task=task, fields=fields, max_tokens=max_tokens)
    ) as steps:
        for step in steps:
            if isinstance(step, Finished):
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
