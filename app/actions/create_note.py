"""Write a Markdown note with front matter into the notes folder, or add to one that is there."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Self

import frontmatter
from pydantic import Field, StringConstraints, model_validator

from app.actions import files
from app.actions.contract import Block, Done, Line, Model, Origins, World, links
from app.core.errors import NotFound, Refused
from app.core.policy import visible

LARGEST = 5 * 1024 * 1024
SUFFIXES = (".md", ".markdown", ".txt")

Tag = Annotated[str, StringConstraints(pattern=r"^[\w/-]{1,50}$")]


class Arguments(Model):
    """``append_to`` is the path of an existing note inside the notes folder; empty makes a new note."""

    title: Line = Field(default="", title="Title")
    text: Annotated[Block, StringConstraints(min_length=1)] = Field(title="Text")
    tags: Annotated[tuple[Tag, ...], Field(max_length=30)] = Field(default=(), title="Tags")
    append_to: Line = Field(default="", title="Add to the note")

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if self.append_to and (self.title or self.tags):
            raise ValueError("a note that is added to keeps its own title and tags")
        if not self.append_to and not self.title:
            raise ValueError("a new note needs a title")
        return self


def complete(raw: dict[str, object], world: World) -> dict[str, object]:
    return raw


def title(args: Arguments) -> str:
    if args.append_to:
        return f"Add to the note {visible(args.append_to)}"
    return f"Create the note “{visible(args.title)}”"


def warnings(args: Arguments, origins: Origins, world: World) -> tuple[str, ...]:
    found = links(args.text, origins.get("text", "you"))
    if args.append_to:
        _existing(args.append_to, world.notes_dir)  # says now, not after the yes, that there is no such note
    return tuple(found)


def perform(args: Arguments, world: World) -> Generator[str, None, Done]:
    yield from ()
    if args.append_to:
        written = _append(_existing(args.append_to, world.notes_dir), args.text)
        return Done(
            f"Added to the note {visible(Path(written.path).name)}",
            path=written.path,
            undo=files.pack(written),
        )
    meta: dict[str, Any] = {"title": args.title, "created": world.now().isoformat(timespec="seconds")}
    if args.tags:
        meta["tags"] = list(args.tags)
    data = frontmatter.dumps(frontmatter.Post(args.text, None, **meta)).encode() + b"\n"
    written = files.create(world.notes_dir, files.slug(args.title, "note"), ".md", data)
    return Done(f"Created the note “{visible(args.title)}”", path=written.path, undo=files.pack(written))


def undo(data: bytes, world: World) -> str:
    return files.undo(data)


def _existing(name: str, folder: Path) -> Path:
    """The note ``name`` inside ``folder``; nothing outside it, however it is written or linked."""
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts or "\\" in name or relative.suffix not in SUFFIXES:
        raise Refused(
            "only notes of the notes folder can be added to", where=visible(name), remedy="name one of them"
        )
    path = (folder / relative).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Refused("that note lies outside the notes folder", where=visible(name), remedy="name another")
    if not path.is_file():
        raise NotFound("no such note", where=visible(name), remedy="check the name, or make a new note")
    return path


def _append(path: Path, text: str) -> files.Written:
    before = path.read_bytes()
    if len(before) > LARGEST:
        raise Refused("the note is too large to add to", where=path.name, remedy="make a new note")
    try:
        old = before.decode()
    except UnicodeDecodeError as error:
        raise Refused("the note is not UTF-8 text", where=path.name, remedy="make a new note") from error
    newline = "\r\n" if "\r\n" in old else "\n"
    gap = "" if not old else newline if old.endswith("\n") else newline * 2
    added = gap + text.rstrip("\n").replace("\n", newline) + newline
    return files.replace(path, before, before + added.encode())
