"""Send one question to the endpoint the person chose: exactly the bytes that were shown."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError, model_validator

from app.actions.contract import YOURS, Done, Line, Model, Origins, World
from app.core.errors import HomebodyError, Refused
from app.core.policy import endpoint, escaped, visible

LARGEST = 400_000  # characters of a request: more than a person reads before saying yes
HEADERS = "Content-Type, Accept, Accept-Encoding, User-Agent (homebody), and your key as Authorization"


class _Message(Model):
    role: Literal["system", "user", "assistant"]
    content: Annotated[str, StringConstraints(max_length=LARGEST)]


class _Request(Model):
    """What an OpenAI-compatible chat request may hold here: nothing that names or tracks the person."""

    model: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    messages: Annotated[tuple[_Message, ...], Field(min_length=1, max_length=100)]
    stream: bool = False
    max_tokens: Annotated[int, Field(ge=1, le=100_000)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    seed: int | None = None


_requests = TypeAdapter(_Request)


class Arguments(Model):
    """``body`` is the request itself; what stands before it is read from it and must agree."""

    provider: Line = Field(title="Goes to")
    url: Annotated[str, StringConstraints(max_length=2200)] = Field(title="Address")
    model: Line = Field(title="Model")
    size: int = Field(title="Bytes")
    headers: Line = Field(title="Sent beside it")
    body: Annotated[str, StringConstraints(min_length=2, max_length=LARGEST)] = Field(
        title="The whole request"
    )

    @model_validator(mode="after")
    def _agree(self) -> Self:
        try:
            host = endpoint(self.url).host
            request = _requests.validate_json(self.body)
        except HomebodyError as error:
            raise ValueError(f"url: {error}") from error
        except ValidationError as error:
            raise ValueError(f"body: not a chat request ({error.errors()[0]['msg']})") from error
        if self.body != encode(json.loads(self.body)):
            raise ValueError("body: must be in its canonical form")
        told = (self.provider, self.model, self.size, self.headers)
        if told != (host, request.model, len(self.body.encode()), HEADERS):
            raise ValueError("provider, model, size and headers must be those of url and body")
        return self


def encode(request: Mapping[str, Any]) -> str:
    """The canonical text of a request: one field a line and readable; what would not show is escaped.

    Everything of it can be seen, so a confirmation shows these very bytes.
    """
    text = json.dumps(request, ensure_ascii=False, indent=1, allow_nan=False)
    return escaped(text.replace("\\\\u{", "\\u005cu{"), _escape)


def _escape(char: str) -> str:
    return json.dumps(char)[1:-1] if char > "\x7f" else f"\\u{ord(char):04x}"


def complete(raw: dict[str, object], world: World) -> dict[str, object]:
    """Brings ``body`` into its canonical form and adds what is read from it."""
    filled = dict(raw)
    try:
        request = json.loads(str(filled.get("body", "")))
        filled["body"] = body = encode(request)
        filled |= {"model": request["model"], "size": len(body.encode()), "headers": HEADERS}
        filled["provider"] = endpoint(str(filled.get("url", ""))).host
    except (ValueError, KeyError, TypeError):
        pass  # the model says what is wrong with it
    return filled


def title(args: Arguments) -> str:
    return f"Send {args.size:,} bytes to {args.provider}"


def warnings(args: Arguments, origins: Origins, world: World) -> tuple[str, ...]:
    found = [f"This leaves your computer: {args.provider} reads all of it."]
    if (origin := origins.get("url", "you")) not in YOURS:
        found.append(f"The address was not written by you: {visible(origin)}.")
    return tuple(found)


def perform(args: Arguments, world: World) -> Generator[str, None, Done]:
    pieces: list[str] = []
    for piece in world.send(args.url, args.body):
        pieces.append(piece)
        yield piece
    return Done(f"Sent {args.size:,} bytes to {args.provider}", text="".join(pieces))


def undo(data: bytes, world: World) -> str:
    raise Refused("what was sent cannot be taken back", remedy="ask the provider to delete it")
