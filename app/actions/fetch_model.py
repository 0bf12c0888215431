"""Fetch a base model: one file, from the hub of the settings, into the data folder."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from app.actions.contract import Done, Line, Model, Origins, World
from app.core.errors import HomebodyError, Refused
from app.core.policy import endpoint
from app.core.types import Fetching

SENT = "The request for this file: its address, nothing about you"
HUB_ONLY = "none here: it will be checked against what the hub declares"


class Arguments(Model):
    """``checksum`` is the SHA-256 the catalog knows, or says that it knows none."""

    model: Line = Field(title="Model")
    url: Annotated[str, StringConstraints(max_length=1000)] = Field(title="From")
    host: Line = Field(title="Goes to")
    sent: Line = Field(title="What is sent")
    size: Annotated[int, Field(ge=1)] = Field(title="Bytes")
    checksum: Line = Field(title="Checksum (SHA-256)")
    beside: tuple[Line, ...] = Field(title="With the small files", default=(), max_length=20)
    licence: Line = Field(title="Licence")
    agree: bool = Field(title="Licence to agree to")
    path: Annotated[str, StringConstraints(max_length=1000)] = Field(title="Kept in")

    @model_validator(mode="after")
    def _agree(self) -> Self:
        try:
            host = endpoint(self.url).host
        except HomebodyError as error:
            raise ValueError(f"url: {error}") from error
        if (self.host, self.sent) != (host, SENT):
            raise ValueError("host and what is sent must be those of url")
        return self


def complete(raw: dict[str, object], world: World) -> dict[str, object]:
    return dict(raw) | {"sent": SENT}


def title(args: Arguments) -> str:
    return f"Fetch {args.model} ({args.size / 1e6:,.0f} MB) from {args.host}"


def warnings(args: Arguments, origins: Origins, world: World) -> tuple[str, ...]:
    found = [f"{args.host} sees this computer's address and which file is asked for."]
    if args.checksum == HUB_ONLY:
        found.append(f"Its checksum is not known here: only {args.host} vouches for what comes.")
    if args.agree:
        found.append(f"It has a licence of its own; your yes agrees to it: {args.licence}")
    return tuple(found)


def perform(args: Arguments, world: World) -> Generator[Fetching, None, Done]:
    path, base = Path(args.path), args.url.rpartition("/")[0]
    for name in args.beside:
        yield from world.fetch(f"{base}/{name}", str(path.with_name(name)))
    yield from world.fetch(args.url, args.path)
    made = {"path": args.path, "size": path.stat().st_size, "beside": args.beside}
    return Done(f"Fetched {args.model}", path=args.path, undo=json.dumps(made).encode())


def undo(data: bytes, world: World) -> str:
    what = json.loads(data)
    path = Path(what["path"])
    if not path.is_file() or path.stat().st_size != what["size"]:
        raise Refused("the file is not the one that was fetched", where=str(path), remedy="remove it by hand")
    path.unlink()
    for name in what.get("beside", ()):
        path.with_name(name).unlink(missing_ok=True)
    return f"Removed {path.name}"
