"""What the specialist processes can do, as protocols a caller imports without a model library."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Protocol

from msgspec import Meta

from app.core.models import AdapterFile, TaskState
from app.core.types import Record, Step, Thinking, Token

BATCH = 128  # tokens decoded at once while a prompt is read


class Finished(Step, frozen=True, kw_only=True):
    """The end of a generation. ``stop`` is end | length | cancelled; times in seconds.

    ``switch_s`` went into putting on the adapters, ``restore_s`` into bringing back the saved state of
    the task's fixed prompt (``cached_tokens``), ``prefill_s`` into reading the rest of the prompt.
    ``refusal``: the log-odds, at its first token, that the task has nothing to say (Decoding.refusal,
    with its bias); 0 for tasks without one.
    """

    text: str
    stop: str
    prompt_tokens: int
    tokens: int
    prefill_s: float
    decode_s: float
    switch_s: float
    restore_s: float = 0.0
    cached_tokens: int = 0
    refusal: float = 0.0


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


class Loading(Record, frozen=True, kw_only=True):
    """How a base is loaded: its context in tokens, its key-value cache, its weights in the file's pages."""

    context: int = 4096
    kv_cache: Literal["f16", "q8_0", "q4_0"] = "f16"
    mmap: bool = True


class Message(Record, frozen=True, kw_only=True):
    """One turn of a conversation; ``role`` is system | user | assistant."""

    role: str
    content: str


class Blend(Record, frozen=True, kw_only=True):
    """The adapter of ``task`` at ``scale`` times its own; 0 leaves it out."""

    task: str
    scale: Annotated[float, Meta(ge=0, le=4)]


class Vectors(Record, frozen=True, kw_only=True):
    """``count`` × ``dim`` unit vectors, float32 little-endian, row after row."""

    count: int
    dim: int
    data: bytes


class LanguageModel(Protocol):
    """One frozen base with every task's adapter resident; strictly one call at a time."""

    def generate(
        self,
        *,
        task: str,
        fields: dict[str, str],
        max_tokens: int = 0,
        adapter: bool = True,
        seed: int = 0,
        blend: tuple[Blend, ...] = (),
    ) -> Iterator[Thinking | Token | Finished]:
        """Wear the hat ``task``: fill its template with ``fields`` and stream the completion.

        ``max_tokens`` 0 takes the task's own limit; ``adapter=False`` runs the bare base with the
        same prompt and grammar; ``blend`` wears those adapters together in place of the task's own
        (their low-rank products are added up). Fields too long for the context are shortened from
        their end, the longest first. Raises NotFound for an unknown task, BadModel for a refused
        one, UsageFault for fields that are not the prompt's and a blend that cannot be.
        """
        ...

    def chat(
        self,
        *,
        task: str = "",
        messages: tuple[Message, ...],
        max_tokens: int = 0,
        temperature: float = 0.0,
        seed: int = 0,
        stop: tuple[str, ...] = (),
        adapter: bool = True,
    ) -> Iterator[Thinking | Token | Finished]:
        """Go on with a conversation under the adapter of ``task``; ``""`` is the bare base.

        The messages are taken as they are, in the model's chat format: neither the task's prompt
        nor its grammar is put to them, and nothing they say can become one of the format's marks.
        Limits, shortening and errors are those of :meth:`generate`.
        """
        ...

    def adopt(self, *, task: str, adapter: AdapterFile | None) -> TaskState:
        """Wear ``adapter`` for the task from now on, or with None the shipped one again.

        Raises NotFound for an unknown task, and BadModel naming every fault of an adapter that
        cannot be worn; the one that is worn then stays, and the task's state says so.
        """
        ...

    def logits(self, *, task: str, text: str, adapter: bool = True, blend: tuple[Blend, ...] = ()) -> Logits:
        """After a cold prefill of ``text`` with the task's adapter on or off, or with ``blend``."""
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


class Seen(Record, frozen=True, kw_only=True):
    """What looking at a picture gave: the legible text, and :func:`indexers.pixels.look`."""

    text: str
    look: str


class TextReader(Protocol):
    """Optical character recognition."""

    def read(self, *, path: str) -> str:
        """The legible text of an image, in reading order; empty when there is none.

        Raises HomebodyError where the file is not an image that can be opened within the caps.
        """
        ...

    def see(self, *, path: str, data: bytes = b"") -> Seen:
        """The same, with what tells pictures that look alike.

        ``data``: the picture, where the file at ``path`` only holds it.
        """
        ...

    def legible(self, *, data: bytes) -> str:
        """The legible text of a picture that is in no file; raises as :meth:`read`."""
        ...

    def page(self, *, path: str, number: int, data: bytes = b"") -> str:
        """The legible text of a page (from 1) of a PDF that is only scanned; otherwise as :meth:`see`."""
        ...


class Gallery(Protocol):
    """Pictures and words in one space, where a picture lies near what describes it."""

    def words(self, *, texts: tuple[str, ...]) -> Vectors: ...

    def pictures(self, *, paths: tuple[str, ...]) -> tuple[Vectors, tuple[int, ...]]:
        """Vectors of those that can be opened, and which of ``paths`` these are."""
        ...
