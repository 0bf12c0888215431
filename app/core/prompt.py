"""Prompt templates in our own code: fixed text, named fields, and marks that no field can imitate.

A ``prompt.txt`` is a sequence of turns, each opened by a line ``[system]``, ``[user]`` or
``[assistant]``; ``{name}`` stands for a field. Earlier ``[assistant]`` turns are worked examples.
A template is rendered to pieces that are tokenised one by one: only a ``control`` piece may become
special tokens of the model, so whatever a field holds stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from app.core.errors import BadModel, UsageFault

Kind = Literal["control", "text", "field"]

TURN_START, TURN_END = "<|im_start|>", "<|im_end|>"  # ChatML, which SmolLM2 and Qwen were trained on
_TURN = re.compile(r"^\[(system|user|assistant)\][ \t]*$", re.MULTILINE)
_FIELD = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True)
class Piece:
    """One run of a prompt; ``name`` is set for fields."""

    text: str
    kind: Kind
    name: str = ""


@dataclass(frozen=True)
class Template:
    """A parsed ``prompt.txt``; ``pieces`` of kind ``field`` have empty text until rendered."""

    pieces: tuple[Piece, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(p.name for p in self.pieces if p.kind == "field"))

    @property
    def static(self) -> tuple[Piece, ...]:
        """The pieces before the first field: the same for every request of the task."""
        for at, piece in enumerate(self.pieces):
            if piece.kind == "field":
                return self.pieces[:at]
        return self.pieces

    def render(self, fields: Mapping[str, str]) -> tuple[Piece, ...]:
        """Raises UsageFault where ``fields`` are not exactly the template's."""
        if wrong := set(fields) ^ set(self.fields):
            raise UsageFault(
                f"the prompt's fields are {', '.join(self.fields) or 'none'}",
                where=f"missing or unknown: {', '.join(sorted(wrong))}",
            )
        return tuple(_filled(p, fields) for p in self.pieces)


def _filled(piece: Piece, fields: Mapping[str, str]) -> Piece:
    return Piece(piece.text + fields[piece.name], "field", piece.name) if piece.kind == "field" else piece


def parse(text: str) -> Template:
    """Raises BadModel where ``text`` has no turns or does not end with a user's."""
    parts = _TURN.split(text.replace("\r\n", "\n"))
    turns = [(role, body.strip("\n")) for role, body in zip(parts[1::2], parts[2::2], strict=True)]
    if parts[0].strip() or not turns:
        raise BadModel("a prompt starts with a line [system] or [user]", where=parts[0].strip()[:60])
    if turns[-1][0] != "user":
        raise BadModel("a prompt ends with the user's turn", where=f"[{turns[-1][0]}]")
    pieces: list[Piece] = []
    for role, body in turns:
        pieces += [Piece(TURN_START, "control"), *_body(f"{role}\n{body}"), Piece(TURN_END, "control")]
        pieces.append(Piece("\n", "text"))
    return Template((*pieces, Piece(TURN_START, "control"), Piece("assistant\n", "text")))


def _body(text: str) -> Iterator[Piece]:
    """A space before a field belongs to the field's first word, as the model's tokens have it."""
    at = 0
    for match in _FIELD.finditer(text):
        space = " " if text[at : match.start()].endswith(" ") else ""
        before = text[at : match.start() - len(space)]
        if before:
            yield Piece(before, "text")
        yield Piece(space, "field", match[1])
        at = match.end()
    if at < len(text):
        yield Piece(text[at:], "text")
