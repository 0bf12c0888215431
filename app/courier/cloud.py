"""What a courier can be asked for, and how replies of an OpenAI-compatible endpoint are read.

The reply is text of a stranger: it is decoded, never trusted. No network library is imported here,
so that those who call a courier need none.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Protocol

import msgspec

from app.core.errors import HomebodyError
from app.core.policy import visible
from app.core.types import Step, Token


class CloudEnd(Step, frozen=True, kw_only=True):
    """The end of a reply. ``bytes_out`` counts request bodies (``attempts`` × its size), ``bytes_in``
    the reply's; tokens are as the endpoint counts them, 0 where it does not."""

    stop: str  # stop | length | whatever the endpoint says
    bytes_out: int
    bytes_in: int
    attempts: int = 1
    model: str = ""
    prompt_tokens: int = 0
    tokens: int = 0
    seconds: float = 0.0


class Cloud(Protocol):
    def complete(self, *, url: str, body: str, key: str) -> Iterator[Token | CloudEnd]:
        """POST ``body``, byte for byte as UTF-8, to ``url``; tokens as they arrive, then the end.

        ``key`` goes into the Authorization header, or with an empty one there is none. Raises
        HomebodyError with one clear reason; Refused for http to another computer, or a redirect.
        """
        ...


# --- replies -------------------------------------------------------------------------------------


class _Piece(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    delta: _Piece | None = None
    message: _Piece | None = None
    finish_reason: str | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Fault(msgspec.Struct):
    message: str = ""


class Chunk(msgspec.Struct):
    """A whole reply, or one event of a streamed one; unknown fields are ignored."""

    choices: tuple[_Choice, ...] = ()
    model: str | None = None
    usage: _Usage | None = None
    error: _Fault | str | None = None


class Reply:
    """Collects what the endpoint says besides text: why it stopped, its counts."""

    def __init__(self, host: str) -> None:
        self.host, self.stop, self.model = host, "", ""
        self.prompt_tokens = self.tokens = 0

    def take(self, data: bytes | str) -> str:
        """The text in one JSON reply or event. Raises HomebodyError where it is none, or reports one."""
        try:
            chunk = msgspec.json.decode(data, type=Chunk)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise malformed(self.host, str(error)) from error
        if chunk.error is not None:
            said = chunk.error if isinstance(chunk.error, str) else chunk.error.message
            raise HomebodyError(
                "the endpoint gave up", where=f"{self.host}: {quoted(said)}", remedy="try later"
            )
        if chunk.usage is not None:
            self.prompt_tokens, self.tokens = chunk.usage.prompt_tokens, chunk.usage.completion_tokens
        self.model = (chunk.model or self.model)[:200]
        if not chunk.choices:
            return ""
        choice = chunk.choices[0]
        self.stop = (choice.finish_reason or self.stop)[:40]
        piece = choice.delta or choice.message
        return (piece and piece.content) or ""


def _said(error: _Fault | str) -> str:
    return error if isinstance(error, str) else error.message


def fault(data: bytes) -> str:
    """The reason an error reply gives, empty where it has none that can be read."""
    try:
        error = msgspec.json.decode(data, type=Chunk).error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    return _said(error) if error else ""


def events(pieces: Iterator[bytes]) -> Iterator[str]:
    """The data of each server-sent event (WHATWG HTML, section 9.2.6), as the bytes arrive."""
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    rest, data = "", list[str]()
    for piece in pieces:
        *lines, rest = (rest + decode(piece)).replace("\r\n", "\n").split("\n")
        for line in lines:
            if line.startswith("data:"):
                data.append(line[5:].removeprefix(" "))
            elif not line and data:
                yield "\n".join(data)
                data.clear()
    if rest.startswith("data:"):
        data.append(rest[5:].removeprefix(" "))
    if data:  # an event without the empty line that ends it
        yield "\n".join(data)


def quoted(said: str) -> str:
    """A stranger's own words inside a message of ours: one short line that hides nothing."""
    words = " ".join(visible(said[:400]).split())
    return f"“{words[:160]}{'…' if len(words) > 160 else ''}”" if words else "no reason given"


def malformed(host: str, why: str) -> HomebodyError:
    return HomebodyError(
        "the reply is not that of a chat endpoint",
        where=f"{host}: {visible(why[:200])}",
        remedy="check the address; it usually ends in /v1/chat/completions",
    )
