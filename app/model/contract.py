"""What the specialist processes can do, as protocols a caller imports without a model library."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from app.core.types import Record, Step, TaskState, Thinking, Token


class Finished(Step, frozen=True, kw_only=True):
    """The end of a generation. ``stop`` is end | length | cancelled; times in seconds."""

    text: str
    stop: str
    prompt_tokens: int
    tokens: int
    prefill_s: float
    decode_s: float
    switch_s: float
    cached_tokens: int = 0  # of the prompt, restored from the task's saved state


class ModelInfo(Record, frozen=True, kw_only=True):
    """``context`` in tokens; ``sha256`` identifies the base that adapters are bound to."""

    name: str
    path: str
    sha256: str
    context: int
    parameters: int
    tasks: tuple[TaskState, ...]


class Logits(Record, frozen=True, kw_only=True):
    """float32 little-endian logits of the next token, one per vocabulary entry."""

    data: bytes


class Vectors(Record, frozen=True, kw_only=True):
    """``count`` × ``dim`` unit vectors, float32 little-endian, row after row."""

    count: int
    dim: int
    data: bytes


class LanguageModel(Protocol):
    """One frozen base with every task's adapter resident; strictly one call at a time."""

    def generate(
        self, *, task: str, fields: dict[str, str], max_tokens: int = 0, adapter: bool = True, seed: int = 0
    ) -> Iterator[Thinking | Token | Finished]:
        """Wear the hat ``task``: fill its template with ``fields`` and stream the completion.

        ``max_tokens`` 0 takes the task's own limit; ``adapter=False`` runs the bare base with the
        same prompt and grammar. Fields too long for the context are shortened from their end,
        the longest first. Raises NotFound for an unknown task, BadModel for a refused one.
        """
        ...

    def logits(self, *, task: str, text: str, adapter: bool = True) -> Logits:
        """After a cold prefill of ``text`` with the task's adapter on or off."""
        ...

    def count(self, *, text: str) -> int:
        """The number of tokens of ``text``."""
        ...

    def info(self) -> ModelInfo: ...


class Embedder(Protocol):
    def embed(self, *, texts: tuple[str, ...]) -> Vectors: ...

    def name(self) -> str:
        """The embedding model's identity; vectors of different names never mix."""
        ...


class TextReader(Protocol):
    """Optical character recognition."""

    def read(self, *, path: str) -> str:
        """The legible text of an image, in reading order; empty when there is none.

        Raises HomebodyError where the file is not an image that can be opened within the caps.
        """
        ...
